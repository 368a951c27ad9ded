//! Documents of every released schema stay readable: what an earlier version wrote means the same for ever.
//!
//! A golden file is never written again. A later schema adds a file of its own beside the earlier ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

#[path = "compatibility/posts.rs"]
mod posts;
#[path = "compatibility/quarter.rs"]
mod quarter;

use shared::document::{Authors, Document, Entry, FieldValue, KnownAuthor, fact};
use shared::domain::Adoption;
use shared::domain::ballot::{BallotContent, BallotMode, HandCount, Mark, PaperBallot, Serial, UrnTally};
use shared::domain::meeting::{
    Attendee, BallotCount, BallotsIssued, CountCheck, Decision, MeetingFact, MeetingSettings, Opening, Reconciliation,
    RollMark, RollStatus, Seal, Stage, StageChange,
};
use shared::domain::person::{MemberClass, Standing};
use shared::domain::rulebook::Rulebook;
use shared::id::{Actor, DeviceNumber, DocumentKind, FactId, GroupId, PersonId};
use shared::time::Instant;

const MEETING_1: &[u8] = include_bytes!("golden/meeting-1.automerge");
const RULEBOOKS_1: &[u8] = include_bytes!("golden/rulebooks-1.automerge");
const ROSTER_1: &[u8] = include_bytes!("golden/roster-1.automerge");

fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

fn group(id: &str) -> GroupId {
    id.parse().unwrap()
}

fn replaces() -> Vec<FactId> {
    vec!["SH3-1".parse().unwrap()]
}

/// One fact of every kind of the first schema, with every field in use.
fn every_fact() -> Vec<MeetingFact> {
    let attendee = Attendee {
        person: person("p-1"),
        name: "㵘三".to_owned(),
        household: "2·7".to_owned(),
        standing: Some(Standing::Probationary),
        class: MemberClass::Migrant,
        body: Some(group("members")),
        subject: true,
    };
    let settings = MeetingSettings {
        title: "评议会".to_owned(),
        place: "村委会".to_owned(),
        mode: BallotMode::SecretPaper,
        rulebook: Rulebook::standard_review(),
        people: vec![attendee],
        teller: person("p-2"),
        scrutineer: person("p-3"),
        chair: person("p-4"),
    };
    let marks = vec![Mark::Scores(vec![16; 5]), Mark::Scores(vec![20, 16, 12, 8, 0]), Mark::Abstained];
    let paper = |serial, content| {
        MeetingFact::Paper(PaperBallot {
            serial: Serial(serial),
            group: group("members"),
            content,
            replaces: replaces(),
        })
    };
    let count = BallotCount { issued: 30, returned: 29, spoiled: 2, abstained: 1 };
    let seal = Seal { up_to: [("SH3".parse().unwrap(), 16)].into(), heads: vec![[1; 32], [2; 32]], digest: [3; 32] };
    vec![
        MeetingFact::Opened(Box::new(Opening { settings, replaces: replaces() })),
        MeetingFact::Roll(RollMark { person: person("p-1"), status: RollStatus::Exempt, replaces: replaces() }),
        MeetingFact::Stage(StageChange { to: Stage::Void, reason: "票箱遗失".to_owned() }),
        MeetingFact::Issued(BallotsIssued {
            group: group("members"),
            first: Serial(1),
            last: Serial(30),
            replaces: replaces(),
        }),
        paper(1, BallotContent::Valid(marks.clone())),
        paper(2, BallotContent::Spoiled),
        paper(3, BallotContent::Abstained),
        paper(4, BallotContent::Valid(vec![Mark::Scores(vec![300, 1]), Mark::Scores(vec![7])])),
        MeetingFact::Hands(HandCount {
            subject: person("p-1"),
            group: group("representatives"),
            hands: vec![3, 0, 1, 0],
            abstained: 2,
            replaces: replaces(),
        }),
        MeetingFact::UrnPlaced,
        MeetingFact::Voted(person("p-1")),
        MeetingFact::Urn(UrnTally {
            dropped: [(group("members"), 3)].into(),
            marks: [(group("members"), vec![marks])].into(),
        }),
        MeetingFact::Reconciled(Reconciliation {
            groups: [(group("members"), count)].into(),
            note: "一张未收回".to_owned(),
            replaces: replaces(),
        }),
        MeetingFact::Checked(CountCheck { digest: [4; 32] }),
        MeetingFact::Decided(Decision {
            subject: person("p-1"),
            stars: Some(3),
            reason: "支部讨论".to_owned(),
            replaces: replaces(),
        }),
        MeetingFact::Sealed(seal),
    ]
}

fn authors() -> Authors {
    Authors::from([(DeviceNumber(7), KnownAuthor { code: "SH3".parse().unwrap(), person: person("li-na") })])
}

fn write(kind: DocumentKind, commands: Vec<Vec<Entry>>) -> Document {
    let mut document = Document::genesis(kind).unwrap();
    for (minute, entries) in (0..).zip(commands) {
        let actor = Actor { device: DeviceNumber(7), session: 0xdead_beef };
        document.write(actor, Instant(1_795_399_200_000 + minute * 60_000), &entries).unwrap();
    }
    document
}

fn one_each(facts: Vec<Vec<u8>>) -> Vec<Vec<Entry>> {
    let number = |place: usize| format!("SH3-{}", place + 1).parse().unwrap();
    facts.into_iter().enumerate().map(|(place, bytes)| vec![Entry::Fact(number(place), bytes)]).collect()
}

/// What an earlier version wrote is read, and this version, asked for the same, makes the very same history.
fn check(kind: DocumentKind, golden: &[u8], commands: Vec<Vec<Entry>>) -> Document {
    let document = Document::load(kind, golden).unwrap();
    assert_eq!(document.heads(), write(kind, commands).heads(), "the same commands make the same changes");
    document
}

fn adoption() -> Adoption {
    Adoption { rulebook: Rulebook::standard_review(), adopted_at: "党员大会".to_owned() }
}

fn fields() -> Vec<(&'static str, FieldValue)> {
    vec![
        ("person:p-1.hidden", FieldValue::Flag(true)),
        ("person:p-1.birth", FieldValue::Number(1950)),
        ("person:p-1.name", FieldValue::Text("㵘三".to_owned())),
        ("person:p-1.standing", FieldValue::Number(1)),
    ]
}

fn field_commands() -> Vec<Vec<Entry>> {
    let entries = fields().into_iter().map(|(key, value)| Entry::Field(key.to_owned(), value));
    vec![entries.collect(), vec![Entry::Field("person:p-1.standing".to_owned(), FieldValue::Nothing)]]
}

#[test]
fn a_meeting_of_the_first_schema() {
    let packed = every_fact().iter().map(fact::pack_meeting).collect();
    let read = check(DocumentKind::Meeting, MEETING_1, one_each(packed)).facts(&authors());
    assert_eq!(read.skipped, []);
    let facts: Vec<MeetingFact> = read.facts.iter().map(|raw| fact::read_meeting(&raw.bytes).unwrap()).collect();
    assert_eq!(facts, every_fact());
    assert_eq!(read.facts[2].at, Instant(1_795_399_320_000));
}

#[test]
fn an_adopted_rulebook_of_the_first_schema() {
    let document = check(DocumentKind::Rulebooks, RULEBOOKS_1, one_each(vec![fact::pack_adopted(&adoption())]));
    assert_eq!(fact::read_adopted(&document.facts(&authors()).facts[0].bytes), Ok(adoption()));
}

#[test]
fn a_roster_of_the_first_schema() {
    let document = check(DocumentKind::Roster, ROSTER_1, field_commands());
    let read = document.fields();
    for (key, value) in fields().into_iter().filter(|(key, _)| *key != "person:p-1.standing") {
        assert_eq!(read[key].value, value, "{key}");
    }
    assert_eq!(read["person:p-1.standing"].value, FieldValue::Nothing);
}
