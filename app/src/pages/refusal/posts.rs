//! Why something about posts was refused, and what to do next.

use leptos_i18n::t_string;
use shared::domain::command::PostRefusal;

use crate::pages::blocker::{Names, Told};
use crate::pages::posts::words::{quarter, stage};
use crate::pages::words::Words;

/// Tells why a wish about posts was refused.
pub(super) fn posts(i18n: Words, names: Names<'_>, refusal: &PostRefusal) -> Told {
    match refusal {
        PostRefusal::Rule(_) => told!(i18n, posts_rule, posts_rule_next),
        PostRefusal::AlreadyOpen => told!(i18n, posts_open, posts_open_next),
        PostRefusal::NotOneOfTheRules => told!(i18n, posts_not_one, posts_not_one_next),
        PostRefusal::NotOpen(of) => {
            told!(i18n, posts_not_open[quarter = quarter(i18n, *of)], posts_not_open_next)
        }
        PostRefusal::NoSuchPost(post) => told!(i18n, posts_no_post[post = names.post(post)], posts_no_post_next),
        PostRefusal::NotHeld { person, post } => {
            told!(i18n, posts_not_held_by [name = names.person(person), post = names.post(post)], posts_not_held_next)
        }
        PostRefusal::NoEntry(number) => {
            told!(i18n, posts_no_entry[number = number.to_string()], posts_no_entry_next)
        }
        PostRefusal::ForOthers => told!(i18n, posts_for_others, posts_for_others_next),
        PostRefusal::OwnMonth => told!(i18n, posts_own_month, posts_own_month_next),
        PostRefusal::Excused(person) => {
            told!(i18n, posts_excused[name = names.person(person)], posts_excused_next)
        }
        PostRefusal::NoFacts(person) => {
            told!(i18n, posts_no_facts[name = names.person(person)], posts_no_facts_next)
        }
        PostRefusal::Stage { person, is, needs } => told!(
            i18n,
            posts_stage [name = names.person(person), is = stage(i18n, *is)],
            posts_stage_next [needs = stage(i18n, *needs)]
        ),
        PostRefusal::Divided(person) => {
            told!(i18n, posts_divided[name = names.person(person)], posts_divided_next)
        }
        PostRefusal::Confirmed(person) => {
            told!(i18n, posts_confirmed[name = names.person(person)], posts_confirmed_next)
        }
        PostRefusal::Range { max } => told!(i18n, posts_range[max = *max], posts_range_next),
    }
}
