//! The glossary's words for posts and months, in the person's language.

use leptos_i18n::t_string;
use shared::domain::post::MonthStage;
use shared::domain::rulebook::post::PostStars;
use shared::time::{Month, Quarter};

use crate::pages::words::{self, Words};
use crate::state::posts::Word;
use crate::state::posts::stars::Rated;
use crate::ui::badge::BadgeKind;

/// The stages of a month, in order (W4).
pub const STAGES: [MonthStage; 6] = [
    MonthStage::LogOpen,
    MonthStage::SelfStated,
    MonthStage::Reviewed,
    MonthStage::Scored,
    MonthStage::Shown,
    MonthStage::Confirmed,
];

/// Names how far a month has come.
pub fn stage(i18n: Words, stage: MonthStage) -> &'static str {
    match stage {
        MonthStage::LogOpen => t_string!(i18n, posts.stage_log_open),
        MonthStage::SelfStated => t_string!(i18n, posts.stage_stated),
        MonthStage::Reviewed => t_string!(i18n, posts.stage_reviewed),
        MonthStage::Scored => t_string!(i18n, posts.stage_scored),
        MonthStage::Shown => t_string!(i18n, posts.stage_shown),
        MonthStage::Confirmed => t_string!(i18n, posts.stage_confirmed),
    }
}

/// Says a month in one word.
pub fn word(i18n: Words, word: Word) -> &'static str {
    match word {
        Word::NoRecord => t_string!(i18n, posts.no_record),
        Word::Excused => t_string!(i18n, posts.excused),
        Word::Divided => t_string!(i18n, posts.divided),
        Word::At(at) => stage(i18n, at),
    }
}

/// Returns what the badge of a month claims.
pub fn badge(word: Word) -> BadgeKind {
    match word {
        Word::NoRecord | Word::Excused | Word::At(MonthStage::LogOpen) => BadgeKind::Plain,
        Word::Divided => BadgeKind::Bad,
        Word::At(MonthStage::Confirmed) => BadgeKind::Good,
        Word::At(_) => BadgeKind::Attention,
    }
}

/// Writes a month.
pub fn month(i18n: Words, month: Month) -> String {
    let (year, number) = month.parts();
    t_string!(i18n, posts.month, year = year, month = number, iso = month.to_string())
}

/// Writes a quarter.
pub fn quarter(i18n: Words, quarter: Quarter) -> String {
    let (year, number) = quarter.parts();
    t_string!(i18n, posts.quarter, year = year, number = number)
}

/// Says stars with the number from which they were read.
pub fn stars(i18n: Words, stars: PostStars) -> String {
    let said = words::stars(i18n, Some(stars.stars));
    t_string!(i18n, words.aside, what = said, inside = stars.published.to_string())
}

/// Says what a month, a quarter or a year comes to.
pub fn rated(i18n: Words, rated: Rated) -> String {
    match rated {
        Rated::NoRecord => t_string!(i18n, posts.no_record).to_owned(),
        Rated::Excused => t_string!(i18n, posts.excused).to_owned(),
        Rated::Open => t_string!(i18n, posts.not_confirmed).to_owned(),
        Rated::Divided => t_string!(i18n, posts.divided).to_owned(),
        Rated::TooFew { have, need } => t_string!(i18n, posts.too_few, have = have, need = need),
        Rated::Scales => t_string!(i18n, posts.scales).to_owned(),
        Rated::Stars(of, _) => stars(i18n, of),
    }
}
