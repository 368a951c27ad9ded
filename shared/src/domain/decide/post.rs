//! Posts: opening a quarter, holding, logging, excusing, stating, reviewing, scoring, showing and confirming.

mod list;
mod month;

use super::{Edit, Fact, Refusal, limit};
use crate::domain::command::{PostCommand, PostRefusal};
use crate::domain::meeting::Author;
use crate::domain::post::{
    ENTRY_BYTES, EntryStrike, PersonMonth, PostDenied, PostDuty, PostFact, PostHeld, PostOpening, Posts, WORDS_BYTES,
    WorkLogEntry, may,
};
use crate::domain::register::Powers;
use crate::domain::rulebook::post::PostRule;
use crate::domain::{Acting, Village, Workspace};
use crate::id::{Address, CategoryId, DocumentId, FactId, PersonId, ScopeId, UnitCode};
use crate::time::{Date, Quarter};

pub(super) fn decide(
    workspace: &Workspace,
    acting: &Acting,
    village: &UnitCode,
    command: &PostCommand,
) -> Result<Vec<Edit>, Refusal> {
    let empty = Village::default();
    let records = workspace.villages.get(village).unwrap_or(&empty);
    let desk = Desk { workspace, acting, code: village, records, posts: &records.posts };
    match command {
        PostCommand::Open { quarter, rule } => desk.open(*quarter, rule),
        PostCommand::Hold { quarter, person, post, from, until } => desk.hold(*quarter, person, post, *from, *until),
        PostCommand::Log { person, post, date, words } => desk.log(person, post, *date, words),
        PostCommand::Strike { entry, reason } => desk.strike(entry, reason),
        PostCommand::Excuse { person, month, decision } => desk.excuse(person, *month, decision, false),
        PostCommand::Recall { person, month, reason } => desk.excuse(person, *month, reason, true),
        PostCommand::State { person, month, words } => desk.state(person, *month, words),
        PostCommand::Review { person, month, words } => desk.review(person, *month, words),
        PostCommand::Score { person, month, post, points } => desk.score(person, *month, post, *points),
        PostCommand::Show { month, date, people } => desk.show(*month, *date, people),
        PostCommand::Confirm { month, people } => desk.confirm(*month, people),
    }
}

impl PostCommand {
    /// Returns the document that it writes; nothing for the strike of an entry that is not here.
    pub fn address(&self, village: &UnitCode, posts: &Posts) -> Option<Address> {
        let quarter = match self {
            Self::Open { quarter, .. } | Self::Hold { quarter, .. } => *quarter,
            Self::Log { date, .. } => date.quarter(),
            Self::Strike { entry, .. } => entry_of(posts, entry)?.0,
            Self::Excuse { month, .. }
            | Self::Recall { month, .. }
            | Self::State { month, .. }
            | Self::Review { month, .. }
            | Self::Score { month, .. }
            | Self::Show { month, .. }
            | Self::Confirm { month, .. } => month.quarter(),
        };
        Some(address(village, quarter))
    }
}

/// Returns where a quarter's posts are kept.
fn address(village: &UnitCode, quarter: Quarter) -> Address {
    Address { scope: ScopeId::Village(village.clone()), document: DocumentId::Posts(quarter) }
}

/// Returns an entry of the log and the quarter in which it lies.
fn entry_of<'a>(posts: &'a Posts, entry: &FactId) -> Option<(Quarter, &'a PersonMonth)> {
    posts.quarters.iter().find_map(|(quarter, posts)| {
        let month = posts.months.values().find(|month| month.entries.contains_key(entry))?;
        Some((*quarter, month))
    })
}

/// Who asks, and the village's records before them.
struct Desk<'a> {
    workspace: &'a Workspace,
    acting: &'a Acting,
    code: &'a UnitCode,
    records: &'a Village,
    posts: &'a Posts,
}

impl Desk<'_> {
    /// Refuses what the fold would not believe, by the same answer.
    fn may(&self, duty: PostDuty, of: Option<&PersonId>, apart: &[&Author]) -> Result<(), Refusal> {
        let Acting { device, holder, roles, villages, .. } = self.acting;
        let powers = Powers { roles: *roles, villages: villages.clone() };
        let author = Author { device: *device, holder: Some(holder.clone()) };
        may(duty, Some(&powers), self.code, &author, of, apart).map_err(|denied| match denied {
            PostDenied::Role(needs) => Refusal::Role { needs },
            PostDenied::OtherVillage => Refusal::OtherVillage,
            PostDenied::ForOthers => Refusal::Posts(PostRefusal::ForOthers),
            PostDenied::OwnMonth => Refusal::Posts(PostRefusal::OwnMonth),
            PostDenied::SamePerson => Refusal::SamePerson,
        })
    }

    fn write(&self, quarter: Quarter, fact: PostFact) -> Vec<Edit> {
        vec![Edit::Fact { address: address(self.code, quarter), fact: Fact::Post(Box::new(fact)) }]
    }

    fn rule(&self, quarter: Quarter) -> Result<&PostRule, Refusal> {
        let rule = self.posts.rule(quarter).map(AsRef::as_ref);
        rule.ok_or(Refusal::Posts(PostRefusal::NotOpen(quarter)))
    }

    fn known(&self, person: &PersonId) -> Result<(), Refusal> {
        let known = self.records.roster.people.contains_key(person);
        if known { Ok(()) } else { Err(Refusal::NotOnRoster { field: None }) }
    }

    fn open(&self, quarter: Quarter, rule: &PostRule) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Open, None, &[])?;
        rule.check().map_err(|faults| Refusal::Posts(PostRefusal::Rule(faults)))?;
        let standing = self.posts.quarters.get(&quarter).map(|quarter| &quarter.rule);
        let replaces = match standing {
            Some(settled) if settled.is_divergence() => {
                if !settled.standing().iter().any(|said| *said.value == *rule) {
                    return Err(Refusal::Posts(PostRefusal::NotOneOfTheRules));
                }
                settled.facts()
            }
            Some(settled) if settled.agreed().is_some() => {
                return Err(Refusal::Posts(PostRefusal::AlreadyOpen));
            }
            _ => Vec::new(),
        };
        let opening = PostOpening { rule: rule.clone(), replaces };
        Ok(self.write(quarter, PostFact::Opened(Box::new(opening))))
    }

    fn hold(
        &self,
        quarter: Quarter,
        person: &PersonId,
        post: &CategoryId,
        from: Date,
        until: Option<Date>,
    ) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Hold, None, &[])?;
        self.known(person)?;
        let rule = self.rule(quarter)?;
        let holdings = self.posts.holdings();
        let said = holdings.get(&(person.clone(), post.clone(), from));
        // A post that a later rule does not have can still end.
        if rule.category(post).is_none() && said.is_none() {
            return Err(Refusal::Posts(PostRefusal::NoSuchPost(post.clone())));
        }
        if said.is_some_and(|said| said.agreed() == Some(&until)) {
            return Err(Refusal::NothingToChange);
        }
        let replaces = said.map(|said| said.facts()).unwrap_or_default();
        let held = PostHeld { person: person.clone(), post: post.clone(), from, until, replaces };
        Ok(self.write(quarter, PostFact::Held(held)))
    }

    /// Takes entries of a confirmed month as well: they are listed as late and change nothing (E26).
    fn log(&self, person: &PersonId, post: &CategoryId, date: Date, words: &str) -> Result<Vec<Edit>, Refusal> {
        self.may(PostDuty::Log, Some(person), &[])?;
        self.known(person)?;
        let rule = self.rule(date.quarter())?;
        if rule.category(post).is_none() {
            return Err(Refusal::Posts(PostRefusal::NoSuchPost(post.clone())));
        }
        if !self.posts.holds(person, post, date) {
            let (person, post) = (person.clone(), post.clone());
            return Err(Refusal::Posts(PostRefusal::NotHeld { person, post }));
        }
        let words = said(words, ENTRY_BYTES)?;
        let entry = WorkLogEntry { person: person.clone(), post: post.clone(), date, words };
        Ok(self.write(date.quarter(), PostFact::Logged(entry)))
    }

    fn strike(&self, entry: &FactId, reason: &str) -> Result<Vec<Edit>, Refusal> {
        let no_entry = || Refusal::Posts(PostRefusal::NoEntry(entry.clone()));
        let (quarter, month) = entry_of(self.posts, entry).ok_or_else(no_entry)?;
        let line = month.entries.get(entry).ok_or_else(no_entry)?;
        let person = &line.entry.person;
        self.may(PostDuty::Log, Some(person), &[])?;
        if month.confirmed.voices().next().is_some() {
            return Err(Refusal::Posts(PostRefusal::Confirmed(person.clone())));
        }
        if !line.strikes.is_empty() {
            return Err(Refusal::NothingToChange);
        }
        let reason = said(reason, WORDS_BYTES)?;
        Ok(self.write(quarter, PostFact::Struck(EntryStrike { entry: entry.clone(), reason })))
    }
}

/// Returns words without the space around them; refuses none and too many.
fn said(words: &str, bytes: usize) -> Result<String, Refusal> {
    limit(words, bytes)?;
    match words.trim() {
        "" => Err(Refusal::ReasonNeeded),
        words => Ok(words.to_owned()),
    }
}
