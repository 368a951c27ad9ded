//! Freezing takes two people and what everybody can compute again.

use shared::domain::assessment::{AssessmentFact, Blocker, Freeze, Posted, Signature, Stage};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Refusal};
use shared::id::FactId;
use shared::role::Role;

use super::township::{Land, adjust, criterion, person, points, refused, village};

/// Nobody but the lead is on the group; and with others on it the lead alone freezes nothing.
#[test]
fn one_person_alone_cannot_freeze_e48() {
    let mut land = Land::new();
    land.settings.assessors.truncate(1);
    land.begins();
    for at in ["1", "2", "3"] {
        land.scores("LD1", at, "30", "50");
    }
    land.moves("LD1", Stage::Scored).unwrap();
    let alone = Blocker::OneAssessor(person("lead"));
    assert_eq!(land.is_refused("LD1", AssessmentCommand::Freeze), refused(AssessmentRefusal::Blocked(vec![alone])));

    let mut land = Land::new();
    land.phone("LD9", "lead", &[Role::Assessor], &[]);
    land.begins();
    land.scores_all();
    land.moves("LD1", Stage::Scored).unwrap();
    let proposal = land.does("LD1", AssessmentCommand::Freeze).remove(0);
    land.meet_all();
    for code in ["LD1", "LD9"] {
        assert_eq!(land.is_refused(code, AssessmentCommand::Sign), Refusal::SamePerson, "by command on {code}");
        let digest = land.assessment(code).proposals[0].freeze.digest;
        land.forge(code, AssessmentFact::Signed(Signature { proposal: proposal.clone(), digest }));
    }
    assert!(matches!(land.is_refused("OF1", AssessmentCommand::Sign), Refusal::Role { .. }));
    land.meet_all();
    land.check("SJ1", "Scored\nnote: LD1-9 SamePerson\nnote: LD9-1 SamePerson");
    land.does("AS2", AssessmentCommand::Sign);
    land.meet_all();
    assert_eq!(land.assessment("SJ1").stage, Stage::Frozen);
}

#[test]
fn who_signs_says_that_the_own_card_is_right() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    land.scores("AS1", "2", "40", "50");
    land.meet_all();
    let differs = AssessmentRefusal::CardDiffers(village("2"), criterion("economy"));
    assert_eq!(land.is_refused("AS1", AssessmentCommand::Sign), refused(differs));
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet_all();
    land.does("AS1", AssessmentCommand::Sign);
    land.meet_all();
    let result = land.assessment("SJ1").result.clone().unwrap();
    assert_eq!(result.standing(&village("2")).unwrap().exact.unwrap().to_string(), "250/3");
}

/// A lead with a faulty phone writes cards that nobody gave, or a digest of something else.
#[test]
fn nobody_believes_a_freeze_that_cannot_be_computed() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    let honest = land.assessment("LD1").proposals[0].freeze.clone();
    let spoil = |spoil: &dyn Fn(&mut Freeze)| {
        let mut freeze = honest.clone();
        spoil(&mut freeze);
        AssessmentFact::Proposed(Box::new(freeze))
    };
    let more = spoil(&|freeze| _ = freeze.cards.entry((person("nobody"), village("1"))).or_default());
    let fewer = spoil(&|freeze| _ = freeze.cards.pop_first());
    let otherwise = spoil(&|freeze| {
        freeze.cards.get_mut(&(person("one"), village("3"))).unwrap().insert(criterion("order"), points("60"));
    });
    let earlier = spoil(&|freeze| freeze.up_to.clear());
    for fact in [more, fewer, otherwise, earlier] {
        land.forge("LD1", fact);
    }
    land.meet_all();
    let flaws: Vec<_> =
        land.assessment("SJ1").proposals.iter().map(|proposal| format!("{:?}", proposal.flaw)).collect();
    assert_eq!(flaws, ["None", "Some(Cards)", "Some(Cards)", "Some(OtherResult)", "Some(Stage)"]);
}

/// Two proposals were signed apart, and differ in a score that came in between.
#[test]
fn two_freezes_that_differ_are_settled_by_a_third() {
    let mut land = Land::new();
    land.phone("LD2", "deputy", &[Role::AssessmentLead], &[]);
    land.begins();
    land.scores_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.meet_all();
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet(&["LD1", "AS1"]);
    land.does("AS1", AssessmentCommand::Sign);
    land.scores("AS2", "3", "40", "60");
    land.meet(&["LD2", "AS2"]);
    land.does("LD2", AssessmentCommand::Freeze);
    land.meet(&["LD2", "AS2"]);
    land.does("AS2", AssessmentCommand::Sign);
    assert_eq!([land.assessment("AS1").stage, land.assessment("AS2").stage], [Stage::Frozen; 2]);
    land.meet_all();
    land.check("SJ1", "Scored\nblocked: FreezesDiffer");
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet_all();
    land.does("AS1", AssessmentCommand::Sign);
    land.meet_all();
    assert_eq!(land.assessment("SJ1").stage, Stage::Frozen);
    // What is frozen is final: a further proposal is refused, and passed over where a faulty phone makes one.
    assert_eq!(
        land.is_refused("LD2", AssessmentCommand::Freeze),
        refused(AssessmentRefusal::Stage { is: Stage::Frozen })
    );
    let shown = land.assessment("SJ1");
    let frozen = shown.frozen.as_ref().unwrap();
    let again = Freeze {
        up_to: shown.up_to.clone(),
        replaces: frozen.proposals.iter().cloned().collect(),
        ..frozen.freeze.clone()
    };
    let digest = again.digest;
    let proposal = land.forge("LD2", AssessmentFact::Proposed(Box::new(again)));
    land.meet_all();
    land.forge("AS2", AssessmentFact::Signed(Signature { proposal: proposal.clone(), digest }));
    land.meet_all();
    let shown = land.assessment("SJ1");
    let flaw = shown.proposals.iter().find(|other| other.voice.fact == proposal).unwrap().flaw;
    assert_eq!(format!("{flaw:?}"), "Some(Frozen)");
    assert_eq!(shown.stage, Stage::Frozen);
}

/// The office deducts points with no signal, while lead and assessor freeze.
#[test]
fn what_comes_late_changes_nothing_frozen() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    let late = land.does("OF2", adjust("1", Posted::Deduction(points("10")), "离线记录")).remove(0);
    land.does("OF2", AssessmentCommand::Move { to: Stage::Cancelled, reason: "离线".to_owned() });
    let rest = ["OF1", "LD1", "AS1", "AS2", "SJ1"];
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet(&rest);
    land.does("AS1", AssessmentCommand::Sign);
    land.meet(&rest);
    let shown = land.assessment("SJ1");
    land.meet_all();
    let after = land.assessment("SJ1");
    assert_eq!((&after.result, after.stage), (&shown.result, Stage::Frozen));
    assert_eq!(after.late, [late, "OF2-2".parse::<FactId>().unwrap()]);
}

/// Villages 1 and 2 tie, and village 2 gained more on the quarter before, which is confirmed.
#[test]
fn last_quarters_numbers_are_those_that_were_confirmed() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    land.freezes();
    land.confirms();
    land.quarter = land.quarter.after().unwrap();
    land.begins();
    for code in ["LD1", "AS1", "AS2"] {
        land.scores(code, "1", "40", "55");
        land.scores(code, "2", "40", "55");
        land.scores(code, "3", "25", "45");
    }
    land.meet_all();
    land.moves("LD1", Stage::Scored).unwrap();
    land.does("LD1", AssessmentCommand::Freeze);
    let mut forged = land.assessment("LD1").proposals[0].freeze.clone();
    assert_eq!(forged.last[&village("1")].to_string(), "90.00");
    // Whoever writes other numbers, and computes with them, finds nobody's signature under it.
    forged.last.insert(village("1"), "10.00".parse().unwrap());
    forged.digest = land.assessment("LD1").preview(&forged).unwrap().digest;
    land.forge("LD1", AssessmentFact::Proposed(Box::new(forged)));
    land.meet_all();
    let confirmed = "90.00".parse().ok();
    let differs = AssessmentRefusal::LastDiffers { village: village("1"), confirmed };
    assert_eq!(land.is_refused("AS1", AssessmentCommand::Sign), refused(differs));
    land.does("LD1", AssessmentCommand::Freeze);
    land.meet_all();
    land.does("AS1", AssessmentCommand::Sign);
    land.meet_all();
    land.check(
        "SJ1",
        "Frozen
        1 village 2 95.00 of 3 cards
        2 village 1 95.00 of 3 cards, below by Gain
        3 village 3 70.00 of 3 cards, below by Score",
    );
}
