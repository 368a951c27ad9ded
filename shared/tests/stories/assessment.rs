//! A quarter from its opening to its end, on phones that meet when they can.

use shared::domain::assessment::{
    Adjusted, AssessmentFact, AssessmentSettings, Blocker, Move, Posted, SettingsFault, SettingsPart, Stage,
    TieDecision,
};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Refusal};
use shared::domain::rulebook::assessment::Source;
use shared::role::Role;

use super::township::{Land, adjust, criterion, person, points, refused, village};

#[test]
fn a_whole_quarter() {
    let mut land = Land::new();
    land.begins();
    land.check("SJ2", "Open");
    land.scores_all();
    land.does("OF1", adjust("2", Posted::Bonus(points("7")), "市级表彰"));
    land.does("LD1", adjust("3", Posted::Deduction(points("1.5")), "逾期"));
    land.meet_all();
    assert_eq!(
        land.is_refused("LD1", AssessmentCommand::Freeze),
        refused(AssessmentRefusal::Stage { is: Stage::Open })
    );
    land.freezes();
    land.check(
        "SJ3",
        "Frozen
        1 village 1 90.00 of 3 cards
        2 village 2 85.00 of 3 cards, below by Score
        3 village 3 68.50 of 3 cards, below by Score",
    );
    assert_eq!(land.moves("OF1", Stage::Confirmed), Err(refused(AssessmentRefusal::Stage { is: Stage::Frozen })));
    land.confirms();
    assert_eq!(land.assessment("SJ1").stage, Stage::Confirmed);
    land.moves("OF2", Stage::Archived).unwrap();
    land.meet_all();
    assert_eq!(land.assessment("AS2").stage, Stage::Archived);
}

/// Two at the office open one quarter without having heard of each other.
#[test]
fn two_phones_that_open_one_quarter_make_one_e1() {
    let mut land = Land::new();
    land.does("OF1", AssessmentCommand::Open(Box::new(land.settings.clone())));
    land.does("OF2", AssessmentCommand::Open(Box::new(land.settings.clone())));
    land.meet_all();
    land.check("LD1", "Planned");

    let mut land = Land::new();
    let mut other = land.settings.clone();
    other.rule.trim_min = 3;
    other.lead = person("two");
    land.does("OF1", AssessmentCommand::Open(Box::new(land.settings.clone())));
    land.moves("OF1", Stage::Open).unwrap();
    land.does("OF2", AssessmentCommand::Open(Box::new(other.clone())));
    land.meet_all();
    let differ = Blocker::SettingsDiffer([SettingsPart::Rule, SettingsPart::Lead].into());
    land.check("SJ1", &format!("Planned\nblocked: {differ:?}"));
    assert_eq!(land.moves("LD1", Stage::Open), Err(refused(AssessmentRefusal::Blocked(vec![differ]))));
    let third = Box::new(AssessmentSettings { title: "x".to_owned(), ..other.clone() });
    let refusal = land.is_refused("OF1", AssessmentCommand::Open(third));
    assert_eq!(refusal, refused(AssessmentRefusal::NotOneOfTheSettings));
    land.does("OF1", AssessmentCommand::Open(Box::new(land.settings.clone())));
    land.meet_all();
    land.check("SJ1", "Open");
}

#[test]
fn what_a_quarter_cannot_be_opened_with() {
    let mut land = Land::new();
    let check = |land: &mut Land, spoil: &dyn Fn(&mut Land), expected: AssessmentRefusal| {
        let kept = land.settings.clone();
        spoil(land);
        let settings = Box::new(std::mem::replace(&mut land.settings, kept));
        assert_eq!(land.is_refused("OF1", AssessmentCommand::Open(settings)), refused(expected));
    };
    let fault = AssessmentRefusal::Settings;
    check(&mut land, &|land| land.settings.rule.version = 0, fault(SettingsFault::Rule));
    check(&mut land, &|land| land.settings.villages.clear(), fault(SettingsFault::VillageCount));
    check(&mut land, &|land| land.settings.assessors.clear(), fault(SettingsFault::AssessorCount));
    let twice = |land: &mut Land| land.settings.assessors.push(land.assessor("one"));
    check(&mut land, &twice, fault(SettingsFault::AssessorTwice(person("one"))));
    let partial = |land: &mut Land| _ = land.settings.assessors[1].criteria.pop_first();
    check(&mut land, &partial, fault(SettingsFault::PartialCard(person("one"))));
    let nobody = |land: &mut Land| {
        land.settings.assessors.iter_mut().for_each(|assessor| _ = assessor.recused.insert(village("2")));
    };
    check(&mut land, &nobody, fault(SettingsFault::Unassessed(village("2"))));
    let office = |land: &mut Land| _ = land.settings.rule.sources.insert(criterion("economy"), Source::Office);
    check(&mut land, &office, fault(SettingsFault::OfficeNotOne(criterion("economy"), village("1"))));
    let elsewhere = |land: &mut Land| land.settings.villages[0].precinct = "南片".to_owned();
    check(&mut land, &elsewhere, AssessmentRefusal::NotInRegistry(village("1")));
    land.phone("AD1", "two", &[Role::Advisor], &["3"]);
    check(&mut land, &|_| {}, AssessmentRefusal::NotRecused(person("two"), village("3")));
    let settings = Box::new(land.settings.clone());
    assert!(matches!(land.is_refused("LD1", AssessmentCommand::Open(settings)), Refusal::Role { .. }));
}

#[test]
fn a_cancelled_quarter_needs_a_reason_and_goes_nowhere() {
    let mut land = Land::new();
    land.begins();
    assert_eq!(land.moves("OF1", Stage::Cancelled), Err(Refusal::ReasonNeeded));
    land.does("OF1", AssessmentCommand::Move { to: Stage::Cancelled, reason: "洪灾".to_owned() });
    land.meet_all();
    land.check("SJ1", "Cancelled");
    let cancelled = refused(AssessmentRefusal::Stage { is: Stage::Cancelled });
    assert_eq!(land.moves("LD1", Stage::Scored), Err(cancelled.clone()));
    assert_eq!(land.is_refused("LD1", AssessmentCommand::Freeze), cancelled);
    assert_eq!(land.is_refused("OF1", adjust("1", Posted::Veto, "x")), cancelled);
}

/// The registry moves village 1 into another precinct after the quarter was opened.
#[test]
fn a_precinct_regrouped_later_changes_no_quarter_e45() {
    let mut land = Land::new();
    land.begins();
    land.township.units.get_mut(&village("1")).unwrap().precinct = "南片".to_owned();
    land.scores_all();
    land.freezes();
    land.confirms();
    let precinct = |land: &Land, at: &str| {
        land.assessment("SJ1").settings.as_ref().unwrap().village(&village(at)).unwrap().precinct.clone()
    };
    assert_eq!(precinct(&land, "1"), "东片");
    land.quarter = land.quarter.after().unwrap();
    let stale = Box::new(land.settings.clone());
    let refusal = land.is_refused("OF1", AssessmentCommand::Open(stale));
    assert_eq!(refusal, refused(AssessmentRefusal::NotInRegistry(village("1"))));
    land.settings.villages = AssessmentSettings::villages_of(&land.township);
    land.begins();
    assert_eq!(precinct(&land, "1"), "南片");
}

/// What a role may not do does not count on any phone, though a faulty one recorded it.
#[test]
fn roles_hold_in_the_fold() {
    let mut land = Land::new();
    land.begins();
    land.scores_all();
    let adjusted = Adjusted { village: village("1"), posted: Posted::Veto, reason: "x".to_owned(), after: None };
    land.forge("AS1", AssessmentFact::Adjusted(adjusted));
    land.forge("AS1", AssessmentFact::Moved(Move { to: Stage::Cancelled, digest: [0; 32], reason: "x".to_owned() }));
    land.forge("OF1", AssessmentFact::Moved(Move { to: Stage::Frozen, digest: [0; 32], reason: String::new() }));
    land.meet_all();
    land.check("SJ1", "Open\nnote: AS1-7 Role\nnote: AS1-8 Role\nnote: OF1-3 Role");
    land.freezes();
    let frozen = land.assessment("SJ1").frozen.as_ref().unwrap().by.fact.clone();
    let villages = ["2", "1"].map(village).into();
    let decision = TieDecision { after: frozen, villages, shared: false, reason: "x".to_owned(), replaces: Vec::new() };
    land.forge("OF1", AssessmentFact::TieDecided(decision));
    land.meet_all();
    assert!(land.assessment("SJ1").ties.is_empty());
}

#[test]
fn once_open_only_the_group_can_be_corrected() {
    let mut land = Land::new();
    land.begins();
    let mut other = land.settings.clone();
    other.rule.decimals = 1;
    assert_eq!(
        land.is_refused("OF1", AssessmentCommand::Open(Box::new(other))),
        refused(AssessmentRefusal::FrameFixed)
    );
    let mut fewer = land.settings.clone();
    fewer.assessors.pop();
    land.does("OF1", AssessmentCommand::Open(Box::new(fewer)));
    land.meet_all();
    land.check("AS1", "Open");
    let village_1 = AssessmentCommand::FinishVillage(village("1"));
    assert_eq!(land.is_refused("AS2", village_1.clone()), refused(AssessmentRefusal::NotAssessor));
    land.does("AS1", village_1.clone());
    assert_eq!(land.is_refused("AS1", village_1), Refusal::NothingToChange);
    assert!(land.workspace("AS1").cards_of(land.quarter, &person("one")).unwrap().done.contains(&village("1")));
}
