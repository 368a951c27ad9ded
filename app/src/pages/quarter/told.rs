//! A quarter in words: its stages, what stands in its way, why something was refused, and what to do next.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::assessment::{Blocker, Posted, SettingsFault, SettingsPart, Stage};
use shared::domain::command::{AssessmentRefusal, Refusal};
use shared::domain::ranking::TieStep;
use shared::id::{CriterionId, UnitCode};
use shared::number::Decimal;
use shared::replica::Refused;
use shared::time::Quarter;

use crate::pages::blocker::{Names, Told};
use crate::pages::refusal::tell;
use crate::pages::words::{self, Words};
use crate::shell::Phone;
use crate::state::home;
use crate::state::quarter::card::ScoreFault;
use crate::state::quarter::ranking::RankRow;
use crate::state::quarter::{Deed, criterion_name};

/// Names a stage.
pub fn stage(i18n: Words, stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => t_string!(i18n, quarter.stage_planned),
        Stage::Open => t_string!(i18n, quarter.stage_open),
        Stage::Scored => t_string!(i18n, quarter.stage_scored),
        Stage::Frozen => t_string!(i18n, quarter.stage_frozen),
        Stage::Noticed => t_string!(i18n, quarter.stage_noticed),
        Stage::Confirmed => t_string!(i18n, quarter.stage_confirmed),
        Stage::Archived => t_string!(i18n, quarter.stage_archived),
        Stage::Cancelled => t_string!(i18n, quarter.stage_cancelled),
    }
}

/// Names a quarter.
pub fn quarter(i18n: Words, quarter: Quarter) -> String {
    let (year, number) = quarter.parts();
    t_string!(i18n, quarter.quarter, year = year, number = number)
}

/// Names a deed, as its button does.
pub fn deed(i18n: Words, deed: Deed, again: bool) -> &'static str {
    match deed {
        Deed::Begin => t_string!(i18n, quarter.begin),
        Deed::EndScoring => t_string!(i18n, quarter.end_scoring),
        Deed::Propose if again => t_string!(i18n, quarter.propose_again),
        Deed::Propose => t_string!(i18n, quarter.propose),
        Deed::Sign => t_string!(i18n, quarter.sign),
        Deed::Post => t_string!(i18n, quarter.post),
        Deed::Confirm => t_string!(i18n, quarter.confirm),
        Deed::LayBy => t_string!(i18n, quarter.lay_by),
        Deed::Cancel => t_string!(i18n, quarter.cancel),
    }
}

/// Says what becomes of a score beside the cards.
pub fn posted(i18n: Words, posted: Posted) -> String {
    match posted {
        Posted::Bonus(points) => t_string!(i18n, quarter.bonus_points, points = points.to_string()),
        Posted::Deduction(points) => t_string!(i18n, quarter.deduction_points, points = points.to_string()),
        Posted::Veto => t_string!(i18n, quarter.veto).to_owned(),
    }
}

/// Says a cap, or that there is none.
pub fn cap(i18n: Words, cap: Option<Decimal>) -> String {
    cap.map_or_else(|| t_string!(i18n, quarter.no_cap).to_owned(), |cap| cap.to_string())
}

/// Says why a text is no score.
pub fn score_fault(i18n: Words, fault: ScoreFault) -> String {
    match fault {
        ScoreFault::Shape => t_string!(i18n, quarter.score_shape).to_owned(),
        ScoreFault::TooFine => t_string!(i18n, quarter.score_fine).to_owned(),
        ScoreFault::Above(max) => t_string!(i18n, quarter.score_above, max = max),
    }
}

/// Says a village's rank, and what placed it below an equal one.
pub fn place(i18n: Words, row: &RankRow) -> String {
    let rank = match (row.rank, row.vetoed) {
        (Some(rank), _) => t_string!(i18n, quarter.rank, rank = rank),
        (None, true) => t_string!(i18n, quarter.vetoed).to_owned(),
        (None, false) => t_string!(i18n, quarter.no_score).to_owned(),
    };
    match row.below.and_then(|step| below(i18n, step)) {
        Some(below) => format!("{rank} · {below}"),
        None => rank,
    }
}

/// Says beside a printed rank what its number does not: why there is none, or what placed it below an equal one.
pub fn beside_rank(i18n: Words, row: &RankRow) -> &'static str {
    match (row.rank, row.vetoed) {
        (Some(_), _) => row.below.and_then(|step| below(i18n, step)).unwrap_or_default(),
        (None, true) => t_string!(i18n, quarter.vetoed),
        (None, false) => t_string!(i18n, quarter.no_score),
    }
}

fn below(i18n: Words, step: TieStep) -> Option<&'static str> {
    match step {
        TieStep::Score => None,
        TieStep::Deductions => Some(t_string!(i18n, quarter.below_deductions)),
        TieStep::HeaviestCriterion => Some(t_string!(i18n, quarter.below_heaviest)),
        TieStep::Gain => Some(t_string!(i18n, quarter.below_gain)),
        TieStep::Decision => Some(t_string!(i18n, quarter.below_decision)),
        TieStep::Shared => Some(t_string!(i18n, quarter.below_shared)),
    }
}

/// Says in one paragraph why somebody may not, and who may or what would help.
pub fn why(i18n: Words, phone: Phone, refusal: &Refusal) -> String {
    phone.workspace.with(|workspace| {
        let told = tell(i18n, Names::new(i18n, workspace, None), None, &Refused::Rule(refusal.clone()));
        match refusal {
            // Who may says it all.
            Refusal::Role { .. } => told.next,
            _ => t_string!(i18n, words.reason_and_next, what = told.what, next = told.next),
        }
    })
}

/// Tells what stands in a quarter's way and what settles it.
pub fn blocker(i18n: Words, names: Names<'_>, blocker: &Blocker) -> Told {
    let village = |code: &UnitCode| home::name(names.workspace(), code);
    let criteria = |ids: &[CriterionId]| criteria(i18n, names, ids);
    match blocker {
        Blocker::SettingsDiffer(parts) => {
            let parts: Vec<String> = parts.iter().map(|one| part(i18n, *one).to_owned()).collect();
            let what = t_string!(i18n, quarter.b_settings, parts = words::list(i18n, &parts));
            Told::new(what, t_string!(i18n, quarter.b_settings_next))
        }
        Blocker::OneAssessor(person) => Told::new(
            t_string!(i18n, quarter.b_alone, name = names.person(person)),
            t_string!(i18n, quarter.b_alone_next),
        ),
        Blocker::Missing { assessor, village: at, criteria: ids } => {
            let (name, village, criteria) = (names.person(assessor), village(at), criteria(ids));
            let what = t_string!(i18n, quarter.b_missing, name = name, village = village, criteria = criteria);
            Told::new(what, t_string!(i18n, quarter.b_missing_next))
        }
        Blocker::ScoresDiffer { assessor, village: at, criteria: ids } => {
            let (name, village, criteria) = (names.person(assessor), village(at), criteria(ids));
            let what = t_string!(i18n, quarter.b_differs, name = name, village = village, criteria = criteria);
            Told::new(what, t_string!(i18n, quarter.b_differs_next))
        }
        Blocker::OutOfRange { assessor, village: at, criteria: ids } => {
            let (name, village, criteria) = (names.person(assessor), village(at), criteria(ids));
            let what = t_string!(i18n, quarter.b_range, name = name, village = village, criteria = criteria);
            Told::new(what, t_string!(i18n, quarter.b_range_next))
        }
        Blocker::VisitedAfterAll { assessor, village: at } => {
            let (name, village) = (names.person(assessor), village(at));
            let what = t_string!(i18n, quarter.b_visited, name = name, village = village);
            Told::new(what, t_string!(i18n, quarter.b_visited_next))
        }
        Blocker::VisitDiffers { assessor, village: at } => {
            let (name, village) = (names.person(assessor), village(at));
            let what = t_string!(i18n, quarter.b_visit, name = name, village = village);
            Told::new(what, t_string!(i18n, quarter.b_visit_next))
        }
        Blocker::FreezesDiffer => {
            Told::new(t_string!(i18n, quarter.b_freezes), t_string!(i18n, quarter.b_freezes_next))
        }
        Blocker::TiesDiffer(codes) => {
            let villages: Vec<String> = codes.iter().map(village).collect();
            let what = t_string!(i18n, quarter.b_ties, villages = words::list(i18n, &villages));
            Told::new(what, t_string!(i18n, quarter.b_ties_next))
        }
        Blocker::Arithmetic => {
            Told::new(t_string!(i18n, quarter.b_arithmetic), t_string!(i18n, quarter.b_arithmetic_next))
        }
    }
}

fn criteria(i18n: Words, names: Names<'_>, ids: &[CriterionId]) -> String {
    let criteria: Vec<String> = ids.iter().map(|id| criterion_name(names.workspace(), id)).collect();
    words::list(i18n, &criteria)
}

fn part(i18n: Words, part: SettingsPart) -> &'static str {
    match part {
        SettingsPart::Title => t_string!(i18n, quarter.part_title),
        SettingsPart::Rule => t_string!(i18n, quarter.part_rule),
        SettingsPart::Villages => t_string!(i18n, quarter.part_villages),
        SettingsPart::Assessors => t_string!(i18n, quarter.part_assessors),
        SettingsPart::Lead => t_string!(i18n, quarter.part_lead),
    }
}

/// Tells why a wish about a quarter was refused.
// One table without a catch-all: a refusal that is added cannot stay without words.
pub fn refusal(i18n: Words, names: Names<'_>, refusal: &AssessmentRefusal) -> Told {
    let village = |code: &UnitCode| home::name(names.workspace(), code);
    let criterion = |id: &CriterionId| criterion_name(names.workspace(), id);
    let (what, next) = match refusal {
        AssessmentRefusal::NotOpened => {
            (t_string!(i18n, quarter.r_not_opened).to_owned(), t_string!(i18n, quarter.r_not_opened_next))
        }
        AssessmentRefusal::Settings(wrong) => {
            let fault = fault(i18n, names, wrong);
            (t_string!(i18n, quarter.r_settings, fault = fault), t_string!(i18n, quarter.r_settings_next))
        }
        AssessmentRefusal::NotInRegistry(code) => {
            (t_string!(i18n, quarter.r_registry, village = village(code)), t_string!(i18n, quarter.r_registry_next))
        }
        AssessmentRefusal::NotRecused(person, code) => (
            t_string!(i18n, quarter.r_recused, name = names.person(person), village = village(code)),
            t_string!(i18n, quarter.r_recused_next),
        ),
        AssessmentRefusal::FrameFixed => {
            (t_string!(i18n, quarter.r_frame).to_owned(), t_string!(i18n, quarter.r_frame_next))
        }
        AssessmentRefusal::NotOneOfTheSettings => {
            (t_string!(i18n, quarter.r_not_one).to_owned(), t_string!(i18n, quarter.r_not_one_next))
        }
        AssessmentRefusal::Stage { is } => {
            (t_string!(i18n, quarter.r_stage, stage = stage(i18n, *is)), t_string!(i18n, quarter.r_stage_next))
        }
        AssessmentRefusal::Blocked(blockers) => {
            return blockers.first().map(|first| blocker(i18n, names, first)).unwrap_or_default();
        }
        AssessmentRefusal::NoVillage(code) => {
            (t_string!(i18n, quarter.r_no_village, village = village(code)), t_string!(i18n, quarter.r_no_village_next))
        }
        AssessmentRefusal::NotAssessor => {
            (t_string!(i18n, quarter.r_not_assessor).to_owned(), t_string!(i18n, quarter.r_not_assessor_next))
        }
        AssessmentRefusal::NotAssigned(code) => (
            t_string!(i18n, quarter.r_not_assigned, village = village(code)),
            t_string!(i18n, quarter.r_not_assigned_next),
        ),
        AssessmentRefusal::OutOfRange { criterion: id, max } => (
            t_string!(i18n, quarter.r_range, criterion = criterion(id), max = *max),
            t_string!(i18n, quarter.r_range_next),
        ),
        AssessmentRefusal::Visited => {
            (t_string!(i18n, quarter.r_visited).to_owned(), t_string!(i18n, quarter.r_visited_next))
        }
        AssessmentRefusal::NoAdjustment(id) => (
            t_string!(i18n, quarter.r_no_adjustment, number = id.to_string()),
            t_string!(i18n, quarter.r_no_adjustment_next),
        ),
        AssessmentRefusal::NoProposal => {
            (t_string!(i18n, quarter.r_no_proposal).to_owned(), t_string!(i18n, quarter.r_no_proposal_next))
        }
        AssessmentRefusal::CardDiffers(code, id) => (
            t_string!(i18n, quarter.r_card_differs, village = village(code), criterion = criterion(id)),
            t_string!(i18n, quarter.r_card_differs_next),
        ),
        AssessmentRefusal::LastDiffers { village: code, .. } => {
            (t_string!(i18n, quarter.r_last, village = village(code)), t_string!(i18n, quarter.r_last_next))
        }
        AssessmentRefusal::NotTied => {
            (t_string!(i18n, quarter.r_not_tied).to_owned(), t_string!(i18n, quarter.r_not_tied_next))
        }
    };
    Told::new(what, next)
}

/// Says what is wrong with settings.
pub fn fault(i18n: Words, names: Names<'_>, fault: &SettingsFault) -> String {
    let village = |code: &UnitCode| home::name(names.workspace(), code);
    match fault {
        SettingsFault::Rule => t_string!(i18n, quarter.f_rule).to_owned(),
        SettingsFault::VillageCount => t_string!(i18n, quarter.f_villages).to_owned(),
        SettingsFault::VillageTwice(code) => t_string!(i18n, quarter.f_village_twice, village = village(code)),
        SettingsFault::AssessorCount => t_string!(i18n, quarter.f_assessors).to_owned(),
        SettingsFault::AssessorTwice(person) => {
            t_string!(i18n, quarter.f_assessor_twice, name = names.person(person))
        }
        SettingsFault::ScoreCount => t_string!(i18n, quarter.f_scores).to_owned(),
        SettingsFault::UnknownVillage(person, _) => t_string!(i18n, quarter.f_unknown, name = names.person(person)),
        SettingsFault::UnknownCriterion(person, _) => {
            t_string!(i18n, quarter.f_unknown_criterion, name = names.person(person))
        }
        SettingsFault::PartialCard(person) => t_string!(i18n, quarter.f_partial, name = names.person(person)),
        SettingsFault::OfficeNotOne(id, code) => {
            let criterion = criterion_name(names.workspace(), id);
            t_string!(i18n, quarter.f_office, village = village(code), criterion = criterion)
        }
        SettingsFault::Unassessed(code) => t_string!(i18n, quarter.f_unassessed, village = village(code)),
    }
}
