//! A month as it is put up in the hall: everybody in a post with scores, number and stars, in the order of households.

use shared::domain::Workspace;
use shared::domain::post::{PersonMonth, drawn_of_all};
use shared::domain::rulebook::post::PostStars;
use shared::id::UnitCode;
use shared::time::Month;

use super::{Word, named, people_of, post_name, word};

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WallRow {
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The posts held, each with its score where one stands alone.
    pub posts: Vec<(String, Option<String>)>,
    /// What the scores come to.
    pub stars: Option<PostStars>,
    /// Where the month stands.
    pub word: Word,
}

/// Returns the lines of a month; never ordered by what somebody scored.
pub fn rows(workspace: &Workspace, code: &UnitCode, month: Month) -> Vec<WallRow> {
    let Some(village) = workspace.villages.get(code) else { return Vec::new() };
    let held = village.posts.held_in(month, &village.roster);
    let drawn = drawn_of_all(workspace, code, month);
    let nobody = PersonMonth::default();
    let row = |person| {
        let of = village.posts.month(&person, month).unwrap_or(&nobody);
        // Whoever left keeps the posts that were scored.
        let posts = held.get(&person).into_iter().flatten().chain(of.scores.keys());
        let posts: std::collections::BTreeSet<_> = posts.collect();
        let score = |post| of.scores.get(post).and_then(|score| score.agreed()).map(ToString::to_string);
        let (name, note) = named(&village.roster, &person);
        WallRow {
            name,
            note,
            posts: posts.into_iter().map(|post| (post_name(workspace, post), score(post))).collect(),
            stars: of.result.as_ref().filter(|_| !of.is_excused()).map(|result| result.stars),
            word: word(of, drawn.get(&person).map_or(0, Vec::len)),
        }
    };
    people_of(village, month).into_iter().map(row).collect()
}
