//! Facts read back as they were packed, stay small, and never panic.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::domain::ballot::{BallotContent, BallotMode, HandCount, Mark, PaperBallot, Serial, UrnTally};
use crate::domain::meeting::*;
use crate::domain::person::{MemberClass, Standing};
use crate::domain::rulebook::Rulebook;
use crate::id::{CriterionId, FactId, GroupId, PersonId, RulebookId};

fn person() -> impl Strategy<Value = PersonId> {
    "[a-z0-9-]{1,12}".prop_map(|text| text.parse().unwrap())
}

fn group() -> impl Strategy<Value = GroupId> {
    "[a-zA-Z_-]{1,12}".prop_map(|text| text.parse().unwrap())
}

fn replaces() -> impl Strategy<Value = Vec<FactId>> {
    vec(("[A-Z0-9]{1,6}", any::<u32>()), 0..3).prop_map(|ids| {
        ids.into_iter().map(|(code, counter)| FactId { device: code.parse().unwrap(), counter }).collect()
    })
}

fn mark() -> impl Strategy<Value = Mark> {
    prop_oneof![
        Just(Mark::Abstained),
        (0_u32..=20, 0_usize..6).prop_map(|(score, count)| Mark::Scores(vec![score; count])),
        vec(0_u32..=20, 5).prop_map(Mark::Scores),
        vec(any::<u32>(), 0..7).prop_map(Mark::Scores),
    ]
}

fn content() -> impl Strategy<Value = BallotContent> {
    prop_oneof![
        vec(mark(), 0..50).prop_map(BallotContent::Valid),
        vec(vec(0_u32..=20, 5).prop_map(Mark::Scores), 0..50).prop_map(BallotContent::Valid),
        Just(BallotContent::Spoiled),
        Just(BallotContent::Abstained),
    ]
}

fn rulebook() -> impl Strategy<Value = Rulebook> {
    ("[a-z0-9-]{1,12}", any::<u32>(), ".{0,12}", any::<bool>(), "[a-z]{1,9}", 0_u32..30).prop_map(
        |(id, version, title, other, criterion, level)| {
            let mut rulebook = Rulebook::standard_review();
            rulebook.id = RulebookId::new(&id).unwrap();
            (rulebook.version, rulebook.title, rulebook.probationary_rated) = (version, title, other);
            if other {
                rulebook.rounding = crate::number::Rounding::HalfEven;
                rulebook.empty_group = crate::domain::rulebook::EmptyGroup::Renormalise;
                rulebook.groups[0].quorum.strict = true;
                rulebook.bands[0].from = "60.50".parse().unwrap();
            }
            rulebook.criteria[1].id = CriterionId::new(&criterion).unwrap();
            rulebook.levels = vec![level];
            rulebook
        },
    )
}

fn attendee() -> impl Strategy<Value = Attendee> {
    let standing = option::of(prop_oneof![Just(Standing::Full), Just(Standing::Probationary)]);
    let class = prop_oneof![Just(MemberClass::Ordinary), Just(MemberClass::Frail), Just(MemberClass::InService)];
    (person(), ".{0,6}", ".{0,6}", standing, class, option::of(group()), any::<bool>()).prop_map(
        |(person, name, household, standing, class, body, subject)| Attendee {
            person,
            name,
            household,
            standing,
            class,
            body,
            subject,
        },
    )
}

fn settings() -> impl Strategy<Value = MeetingSettings> {
    let mode =
        prop_oneof![Just(BallotMode::ShowOfHands), Just(BallotMode::SecretPaper), Just(BallotMode::SecretDevice)];
    let people = vec(attendee(), 0..6);
    (".{0,9}", ".{0,9}", mode, rulebook(), people, person(), person(), person()).prop_map(
        |(title, place, mode, rulebook, people, teller, scrutineer, chair)| MeetingSettings {
            title,
            place,
            mode,
            rulebook,
            people,
            teller,
            scrutineer,
            chair,
        },
    )
}

fn fact() -> impl Strategy<Value = MeetingFact> {
    let roll = prop_oneof![Just(RollStatus::Present), Just(RollStatus::Left), Just(RollStatus::Exempt)];
    let stage = prop_oneof![Just(Stage::Draft), Just(Stage::Void), Just(Stage::Counted)];
    let number = any::<u32>();
    let counts = (number, number, number, number).prop_map(|(issued, returned, spoiled, abstained)| BallotCount {
        issued,
        returned,
        spoiled,
        abstained,
    });
    prop_oneof![
        (settings(), replaces())
            .prop_map(|(settings, replaces)| MeetingFact::Opened(Box::new(Opening { settings, replaces }))),
        (person(), roll, replaces()).prop_map(|(person, status, replaces)| MeetingFact::Roll(RollMark {
            person,
            status,
            replaces
        })),
        (stage, ".{0,20}").prop_map(|(to, reason)| MeetingFact::Stage(StageChange { to, reason })),
        (group(), number, number, replaces()).prop_map(|(group, first, last, replaces)| {
            MeetingFact::Issued(BallotsIssued { group, first: Serial(first), last: Serial(last), replaces })
        }),
        (number, group(), content(), replaces()).prop_map(|(serial, group, content, replaces)| {
            MeetingFact::Paper(PaperBallot { serial: Serial(serial), group, content, replaces })
        }),
        (person(), group(), vec(number, 0..6), number, replaces()).prop_map(
            |(subject, group, hands, abstained, replaces)| {
                MeetingFact::Hands(HandCount { subject, group, hands, abstained, replaces })
            }
        ),
        Just(MeetingFact::UrnPlaced),
        person().prop_map(MeetingFact::Voted),
        (btree_map(group(), number, 0..3), btree_map(group(), vec(vec(mark(), 0..9), 0..9), 0..3))
            .prop_map(|(dropped, marks)| MeetingFact::Urn(UrnTally { dropped, marks })),
        (btree_map(group(), counts, 0..3), ".{0,20}", replaces())
            .prop_map(|(groups, note, replaces)| MeetingFact::Reconciled(Reconciliation { groups, note, replaces })),
        any::<[u8; 32]>().prop_map(|digest| MeetingFact::Checked(CountCheck { digest })),
        (person(), option::of(any::<u8>()), ".{0,20}", replaces()).prop_map(|(subject, stars, reason, replaces)| {
            MeetingFact::Decided(Decision { subject, stars, reason, replaces })
        }),
        (replaces(), vec(any::<[u8; 32]>(), 0..3), any::<[u8; 32]>()).prop_map(|(ids, heads, digest)| {
            let up_to = ids.into_iter().map(|id| (id.device, id.counter)).collect();
            MeetingFact::Sealed(Seal { up_to, heads, digest })
        }),
    ]
}

proptest! {
    #[test]
    fn every_fact_reads_back(fact in fact()) {
        prop_assert_eq!(read_meeting(&pack_meeting(&fact)), Ok(fact));
    }

    #[test]
    fn a_damaged_fact_is_an_error_or_another_fact(fact in fact(), cut in 0_usize..400, flip in any::<u8>()) {
        let mut bytes = pack_meeting(&fact);
        let at = cut % bytes.len();
        prop_assert!(read_meeting(&bytes[..at]).is_err());
        bytes[at] ^= flip;
        let _ = read_meeting(&bytes);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..300)) {
        let _ = read_meeting(&bytes);
        let _ = read_adopted(&bytes);
        let _ = read_affair(&bytes);
        let _ = read_post(&bytes);
    }

    #[test]
    fn an_adopted_rulebook_reads_back(rulebook in rulebook(), adopted_at in ".{0,30}") {
        let adopted = Adoption { rulebook, adopted_at };
        prop_assert_eq!(read_adopted(&pack_adopted(&adopted)), Ok(adopted));
    }
}

#[test]
fn a_field_of_a_later_version_is_passed_over() {
    let fact = MeetingFact::Voted("p-1".parse().unwrap());
    let mut pack = meeting::pack(&fact);
    pack.text(40, "what a later version adds");
    assert_eq!(read_meeting(&pack.finish()), Ok(fact));
    let mut pack = Pack::new();
    pack.uint(KIND, 99);
    assert!(read_meeting(&pack.finish()).is_err(), "a kind of a later version is no fact of this one");
}

#[test]
fn a_subject_of_equal_scores_is_one_byte() {
    let ballot = |marks| {
        let content = BallotContent::Valid(marks);
        pack_meeting(&MeetingFact::Paper(PaperBallot {
            serial: Serial(30),
            group: GroupId::new("members").unwrap(),
            content,
            replaces: vec![],
        }))
        .len()
    };
    let equal = Mark::Scores(vec![16; 5]);
    assert_eq!(ballot(vec![equal.clone(); 40]) - ballot(vec![equal.clone(); 30]), 10);
    assert_eq!(ballot(vec![equal; 40]), 59);
}

#[test]
fn a_renumbered_correction_keeps_what_a_later_version_put_there() {
    let id = |text: &str| -> FactId { text.parse().unwrap() };
    let mark = |replaces| {
        let status = RollStatus::Late;
        MeetingFact::Roll(RollMark { person: "p1".parse().unwrap(), status, replaces })
    };
    // Field 60 with the value 1, in a map of one field more.
    let longer = |fact: &MeetingFact| {
        let mut bytes = pack_meeting(fact);
        bytes[0] += 1;
        bytes.extend([0x18, 60, 1]);
        bytes
    };
    let moved = |from: &FactId| (*from == id("SH3-1")).then(|| id("SH3-1001"));
    let before = longer(&mark(vec![id("SH3-1"), id("SH3-2")]));
    let after = longer(&mark(vec![id("SH3-1001"), id("SH3-2")]));
    assert_eq!(renumber(&before, moved), Ok(Some(after)));
    assert_eq!(renumber(&longer(&mark(vec![id("SH3-2")])), moved), Ok(None), "nothing that it names was moved");
    assert_eq!(renumber(&pack_meeting(&MeetingFact::UrnPlaced), moved), Ok(None));
    (0..before.len()).for_each(|end| assert!(renumber(&before[..end], moved).is_err()));
}
