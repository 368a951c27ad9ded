//! Why something about the flag was refused, and what to do next.

use leptos_i18n::t_string;
use shared::domain::command::FlagRefusal;

use crate::pages::blocker::{Names, Told};
use crate::pages::words::{self, Words};
use crate::state::home;

/// Tells why a wish about the flag was refused.
// One table without a catch-all: a refusal that is added cannot stay without words.
pub fn refusal(i18n: Words, names: Names<'_>, refusal: &FlagRefusal) -> Told {
    let (what, next) = match refusal {
        FlagRefusal::NotConfirmed { .. } => {
            (t_string!(i18n, flag.r_not_confirmed).to_owned(), t_string!(i18n, flag.r_not_confirmed_next))
        }
        FlagRefusal::NotEligible => {
            (t_string!(i18n, flag.r_not_eligible).to_owned(), t_string!(i18n, flag.r_not_eligible_next))
        }
        FlagRefusal::NoAward => (t_string!(i18n, flag.r_no_award).to_owned(), t_string!(i18n, flag.r_no_award_next)),
        FlagRefusal::Overturned => {
            (t_string!(i18n, flag.r_overturned).to_owned(), t_string!(i18n, flag.r_overturned_next))
        }
        FlagRefusal::NotAwarded(code) => {
            let village = home::name(names.workspace(), code);
            (t_string!(i18n, flag.r_not_awarded, village = village), t_string!(i18n, flag.r_not_awarded_next))
        }
        FlagRefusal::Before(date) => {
            (t_string!(i18n, flag.r_before, date = words::date(i18n, *date)), t_string!(i18n, flag.r_before_next))
        }
        FlagRefusal::NoHandover(id) => {
            (t_string!(i18n, flag.r_no_handover, number = id.to_string()), t_string!(i18n, flag.r_no_handover_next))
        }
    };
    Told::new(what, next)
}
