//! Writing an entry of the work log: whose and in which post is one tap, then a line of words.

use shared::domain::Workspace;
use shared::domain::command::{PostCommand, Refusal};
use shared::id::{CategoryId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::Date;

use super::sheet::UNTYPED;
use super::{may, named, post_name};
use crate::state::people::Wanted;

/// The most that are offered at once: what a thumb scrolls through; a search finds the others.
pub const OFFERED: usize = 24;

/// Somebody in a post that they hold on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InPost {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: CategoryId,
    /// The name.
    pub name: String,
    /// Group and household, where two people bear the name.
    pub note: String,
    /// The post's name.
    pub post_name: String,
}

/// For whom the viewer may log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Those whom the search finds, the viewer's own posts first.
    pub found: Vec<InPost>,
    /// How many there are without a search.
    pub all: usize,
    /// Why there is nobody.
    pub why: Option<Refusal>,
}

/// Returns for whom and in which posts the viewer may log on a day.
pub fn offer(workspace: &Workspace, me: &Holder, code: &UnitCode, date: Date, search: &str) -> Offer {
    let Some(village) = workspace.villages.get(code) else { return Offer { found: Vec::new(), all: 0, why: None } };
    let wish = |person: &PersonId, post: &CategoryId| entry(person.clone(), post.clone(), date, UNTYPED);
    let held = village.posts.held_in(date.month(), &village.roster);
    let pairs = held.iter().flat_map(|(person, posts)| posts.iter().map(move |post| (person, post)));
    let (mut found, mut why) = (Vec::new(), None);
    for (person, post) in pairs {
        match may(workspace, me, code, wish(person, post)) {
            Ok(()) => {
                let (name, note) = named(&village.roster, person);
                let (person, post, post_name) = (person.clone(), post.clone(), post_name(workspace, post));
                found.push(InPost { person, post, name, note, post_name });
            }
            Err(refusal) => why = why.or(Some(refusal)),
        }
    }
    found.sort_by_key(|pair| pair.person != me.person);
    let (all, wanted) = (found.len(), Wanted::new(search));
    found.retain(|pair| {
        let person = village.roster.people.get(&pair.person);
        let pinyin = person.map(|person| person.pinyin.as_str()).unwrap_or_default();
        let household = person.and_then(|person| village.roster.households.get(&person.household));
        wanted.is_met_by(&pair.name, pinyin, household) || pair.post_name.contains(search.trim())
    });
    found.truncate(OFFERED);
    // Who has nobody to log for hears why; without anybody in a post it is asked of the viewer themselves.
    let why = match (all, why) {
        (0, None) => {
            CategoryId::new("post").ok().and_then(|post| may(workspace, me, code, wish(&me.person, &post)).err())
        }
        (0, why) => why,
        _ => None,
    };
    Offer { found, all, why }
}

/// Returns the wish for an entry.
pub fn entry(person: PersonId, post: CategoryId, date: Date, words: &str) -> PostCommand {
    PostCommand::Log { person, post, date, words: words.to_owned() }
}

#[cfg(test)]
mod tests;
