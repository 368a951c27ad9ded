//! Refusals of points in words: what keeps a claim, a step, a closing or goods, and what to do next.

use leptos_i18n::t_string;
use shared::domain::command::PointsRefusal;
use shared::domain::points::flow::{Stage, State};
use shared::domain::rulebook::points::PointsFault;

use crate::pages::blocker::{Names, Told};
use crate::pages::points::{fault, lint};
use crate::pages::words::{self, Words};

macro_rules! told {
    ($i18n:expr, $what:ident $([$($said:tt)*])?, $next:ident $([$($done:tt)*])?) => {
        Told::new(
            t_string!($i18n, refused_points.$what $(, $($said)*)?).to_string(),
            t_string!($i18n, refused_points.$next $(, $($done)*)?).to_string(),
        )
    };
}

/// Tells why a rule of points cannot be used as it is.
pub(super) fn faults(i18n: Words, found: &[PointsFault]) -> Told {
    let said: Vec<String> = found.iter().map(|found| fault(i18n, *found).to_owned()).collect();
    told!(i18n, faults, faults_next[faults = words::list(i18n, &said)])
}

// One table without a catch-all: a refusal that is added cannot stay without words.
/// Tells why a wish about points accounts was refused.
pub(super) fn tell(i18n: Words, names: Names<'_>, refusal: &PointsRefusal) -> Told {
    match refusal {
        PointsRefusal::NoRule(month) => told!(i18n, no_rule[month = month.to_string()], no_rule_next),
        PointsRefusal::NoItem(item) => told!(i18n, no_item[item = item.to_string()], no_item_next),
        PointsRefusal::Points { item } => told!(i18n, points, points_next[points = format!("{item:+}")]),
        PointsRefusal::NoAccount(account) => told!(i18n, no_account[account = account.to_string()], no_account_next),
        PointsRefusal::OtherHousehold(person) => {
            told!(i18n, other_household[name = names.person(person)], other_household_next)
        }
        PointsRefusal::Minor(person) => told!(i18n, minor[name = names.person(person)], minor_next),
        PointsRefusal::NoteNeeded => told!(i18n, note_needed, note_needed_next),
        PointsRefusal::NotYet(date) => told!(i18n, not_yet[date = words::date(i18n, *date)], not_yet_next),
        PointsRefusal::OtherGroup => told!(i18n, other_group, other_group_next),
        PointsRefusal::Duplicate { of: Some(entry) } => {
            told!(i18n, duplicate[number = entry.to_string()], duplicate_next)
        }
        PointsRefusal::Duplicate { of: None } => told!(i18n, twice, twice_next),
        PointsRefusal::NothingChosen => told!(i18n, nothing_chosen, nothing_chosen_next),
        PointsRefusal::NoEntry(entry) => told!(i18n, no_entry[number = entry.to_string()], no_entry_next),
        PointsRefusal::NoSuchStep { entry, is } => {
            told!(i18n, no_such_step [number = entry.to_string(), is = state(i18n, *is)], no_such_step_next)
        }
        PointsRefusal::Held(entry) => told!(i18n, held[number = entry.to_string()], held_next),
        PointsRefusal::SamePerson(entry) => told!(i18n, same_person[number = entry.to_string()], same_person_next),
        PointsRefusal::SameHousehold(entry) => {
            told!(i18n, same_household[number = entry.to_string()], same_household_next)
        }
        PointsRefusal::OwnHousehold(entry) => {
            told!(i18n, own_household[number = entry.to_string()], own_household_next)
        }
        PointsRefusal::Vetoed(entry) => told!(i18n, vetoed[number = entry.to_string()], vetoed_next),
        PointsRefusal::NotTold(entry) => told!(i18n, not_told[number = entry.to_string()], not_told_next),
        PointsRefusal::NoDeduction(entry) => told!(i18n, no_deduction[number = entry.to_string()], no_deduction_next),
        PointsRefusal::MonthClosed(month) => told!(i18n, month_closed[month = month.to_string()], month_closed_next),
        PointsRefusal::MonthNotOver(month) => {
            told!(i18n, month_not_over[month = month.to_string()], month_not_over_next)
        }
        PointsRefusal::Divided(entries) => {
            let numbers: Vec<String> = entries.iter().map(ToString::to_string).collect();
            told!(i18n, divided[numbers = words::list(i18n, &numbers)], divided_next)
        }
        PointsRefusal::SameAccount => told!(i18n, same_account, same_account_next),
        PointsRefusal::NotEnough { has } => told!(i18n, not_enough[has = *has], not_enough_next),
        PointsRefusal::RedemptionOff => told!(i18n, redemption_off, redemption_off_next),
        PointsRefusal::Cadre => told!(i18n, cadre, cadre_next),
        PointsRefusal::NoKeeper => told!(i18n, no_keeper, no_keeper_next),
        PointsRefusal::KeeperElsewhere(_) => told!(i18n, keeper_elsewhere, keeper_elsewhere_next),
        PointsRefusal::Objected { entry, notice } => {
            told!(i18n, objected[number = entry.to_string()], objected_next[notice = notice.to_string()])
        }
        PointsRefusal::Linted(findings) => {
            let found: Vec<String> = findings.iter().map(|finding| lint(i18n, finding.lint).to_owned()).collect();
            told!(i18n, linted[found = words::list(i18n, &found)], linted_next)
        }
        PointsRefusal::NoRedemption(id) => told!(i18n, no_redemption[number = id.to_string()], no_redemption_next),
        PointsRefusal::RedemptionDone(id) => {
            told!(i18n, redemption_done[number = id.to_string()], redemption_done_next)
        }
    }
}

fn state(i18n: Words, state: State) -> &'static str {
    match state {
        State::At(Stage::Claimed) => t_string!(i18n, points.at_claimed),
        State::At(Stage::Verified) => t_string!(i18n, points.at_verified),
        State::At(Stage::Deliberated) => t_string!(i18n, points.at_deliberated),
        State::At(Stage::Noticed) => t_string!(i18n, points.at_noticed),
        State::At(Stage::Booked) => t_string!(i18n, points.at_booked),
        State::At(Stage::Rejected) => t_string!(i18n, points.at_rejected),
        State::Held => t_string!(i18n, points.at_held),
        State::Reversed => t_string!(i18n, points.at_reversed),
        State::Divided => t_string!(i18n, points.at_divided),
    }
}
