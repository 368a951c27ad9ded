//! From facts to a quarter: total, layer by layer, and a function of the set of facts alone.
//!
//! Statements come first, then reviews, scores, lists that were shown and confirmations: each is believed only if what
//! it names of the layer before counts, so that no order of arrival can matter and nothing runs in a ring.

mod build;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    EntryStrike, Excuse, MonthConfirmed, MonthResult, PostDenied, PostDuty, PostFact, PostFlaw, PostHeld, PostNote,
    PostOpening, PostReview, PostScore, QuarterPosts, ScoresShown, SelfStatement, WorkLogEntry, digest, may, rate,
    shortest,
};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::register::Powers;
use crate::id::{CategoryId, DeviceNumber, FactId, PersonId, UnitCode};
use crate::number::Decimal;
use crate::time::{Month, Quarter};

/// Facts by number.
type Facts = BTreeMap<FactId, Recorded<PostFact>>;
/// The facts of one sort that count, by number.
type Of<'f, T> = BTreeMap<&'f FactId, (&'f Recorded<PostFact>, &'f T)>;

/// Everything that counts, by sort.
struct Sheets<'f> {
    openings: Of<'f, PostOpening>,
    held: Of<'f, PostHeld>,
    entries: Of<'f, WorkLogEntry>,
    strikes: Of<'f, EntryStrike>,
    excuses: Of<'f, Excuse>,
    statements: Of<'f, SelfStatement>,
    reviews: Of<'f, PostReview>,
    scores: Of<'f, PostScore>,
    /// The numbers of all scores on some list that was shown.
    shown: BTreeSet<&'f FactId>,
    confirmations: Vec<(&'f Recorded<PostFact>, &'f MonthConfirmed, BTreeMap<PersonId, MonthResult>)>,
}

impl QuarterPosts {
    /// Folds the facts of one quarter's document; never fails, and their order does not matter.
    ///
    /// `powers` tells what each author might do when it was recorded; where it tells nothing the certificate has not
    /// arrived, and the author is believed until it has.
    pub fn fold_of(
        village: &UnitCode,
        quarter: Quarter,
        facts: Vec<Recorded<PostFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Self {
        let mut folding = Folding { village, quarter, powers, notes: Vec::new() };
        let facts = folding.by_number(facts);
        let sheets = folding.believe(&facts);
        let mut quarter = build::build(&sheets);
        quarter.notes = folding.notes;
        quarter.notes.sort();
        quarter
    }

    /// Folds facts under powers that never changed.
    pub fn fold(
        village: &UnitCode,
        quarter: Quarter,
        facts: Vec<Recorded<PostFact>>,
        powers: &BTreeMap<DeviceNumber, Powers>,
    ) -> Self {
        Self::fold_of(village, quarter, facts, &|_, device| powers.get(&device).cloned())
    }
}

struct Folding<'a> {
    village: &'a UnitCode,
    quarter: Quarter,
    powers: &'a dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    notes: Vec<PostNote>,
}

/// What a check says of one fact.
type Counts = Result<(), PostFlaw>;

impl Folding<'_> {
    fn note(&mut self, fact: &FactId, flaw: PostFlaw) {
        self.notes.push(PostNote { fact: fact.clone(), flaw });
    }

    /// Leaves out numbers that two different facts bear, so that no order decides.
    fn by_number(&mut self, facts: Vec<Recorded<PostFact>>) -> Facts {
        let (mut sorted, mut twice) = (Facts::new(), BTreeSet::new());
        for fact in facts {
            match sorted.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = sorted.insert(fact.id.clone(), fact),
            }
        }
        for id in twice {
            sorted.remove(&id);
            self.note(&id, PostFlaw::NumberTwice);
        }
        sorted
    }

    /// Returns the facts of one sort that a check lets count, and notes the others.
    fn take<'f, T>(
        &mut self,
        facts: &'f Facts,
        pick: fn(&PostFact) -> Option<&T>,
        check: impl Fn(&Self, &'f Recorded<PostFact>, &'f T) -> Counts,
    ) -> Of<'f, T> {
        let mut counted = Of::new();
        for (id, fact) in facts {
            let Some(value) = pick(&fact.value) else { continue };
            match check(self, fact, value) {
                Ok(()) => _ = counted.insert(id, (fact, value)),
                Err(flaw) => self.note(id, flaw),
            }
        }
        counted
    }

    fn may(&self, duty: PostDuty, fact: &Recorded<PostFact>, of: Option<&PersonId>, apart: &[&Author]) -> Counts {
        let powers = (self.powers)(&fact.id, fact.author.device);
        may(duty, powers.as_ref(), self.village, &fact.author, of, apart).map_err(|denied| match denied {
            PostDenied::Role(_) | PostDenied::OtherVillage => PostFlaw::Role,
            PostDenied::ForOthers => PostFlaw::ForOthers,
            PostDenied::OwnMonth => PostFlaw::OwnMonth,
            PostDenied::SamePerson => PostFlaw::SamePerson,
        })
    }

    fn within(&self, month: Month) -> Counts {
        if self.quarter.months().contains(&month) { Ok(()) } else { Err(PostFlaw::Quarter) }
    }

    fn believe<'f>(&mut self, facts: &'f Facts) -> Sheets<'f> {
        let openings = self.take(facts, opened, |this, fact, opening| {
            opening.rule.check().map_err(|_| PostFlaw::Rule)?;
            this.may(PostDuty::Open, fact, None, &[])
        });
        let held = self.take(facts, held, |this, fact, _| this.may(PostDuty::Hold, fact, None, &[]));
        let entries = self.take(facts, logged, |this, fact, entry| {
            this.within(entry.date.month())?;
            this.may(PostDuty::Log, fact, Some(&entry.person), &[])
        });
        let strikes = self.take(facts, struck, |this, fact, strike| {
            let (_, entry) = entries.get(&strike.entry).ok_or(PostFlaw::Unfounded)?;
            this.may(PostDuty::Log, fact, Some(&entry.person), &[])
        });
        let excuses = self.take(facts, excused, |this, fact, excuse| {
            this.within(excuse.month)?;
            this.may(PostDuty::Excuse, fact, Some(&excuse.person), &[])
        });
        let statements = self.take(facts, stated, |this, fact, statement| {
            this.within(statement.month)?;
            this.may(PostDuty::State, fact, Some(&statement.person), &[])
        });
        let reviews = self.take(facts, reviewed, |this, fact, review| {
            this.within(review.month)?;
            let followed = |id| statements.get(id).map(|(_, stated)| (&stated.person, stated.month));
            follows(&review.follows, followed, (&review.person, review.month))?;
            if review.facts.is_empty() {
                return Err(PostFlaw::NoFacts);
            }
            // Numbers that are no entries of the log are those of rolls and records, which lie in other documents.
            let logged: Vec<_> = review.facts.iter().filter_map(|id| entries.get(id)).collect();
            if logged.iter().any(|(_, line)| (&line.person, line.date.month()) != (&review.person, review.month)) {
                return Err(PostFlaw::Unfounded);
            }
            let loggers: Vec<&Author> = logged.iter().map(|(fact, _)| &fact.author).collect();
            this.may(PostDuty::Review, fact, Some(&review.person), &loggers)
        });
        let scores = self.take(facts, scored, |this, fact, score| {
            this.within(score.month)?;
            let followed = |id| reviews.get(id).map(|(_, review)| (&review.person, review.month));
            follows(&score.follows, followed, (&score.person, score.month))?;
            let taken = |opening: &PostOpening| {
                opening.rule.category(&score.post).is_some() && opening.rule.takes(score.points)
            };
            if !openings.values().any(|(_, opening)| taken(opening)) {
                return Err(PostFlaw::Range);
            }
            this.may(PostDuty::Score, fact, Some(&score.person), &[])
        });
        let lists = self.take(facts, shown, |this, fact, list| {
            this.within(list.month)?;
            let counted = |id| scores.get(id).is_some_and(|(_, score)| score.month == list.month);
            if list.scores.is_empty() || !list.scores.iter().all(counted) {
                return Err(PostFlaw::Unfounded);
            }
            this.may(PostDuty::Show, fact, None, &[])
        });
        let shown = lists.values().flat_map(|(_, list)| &list.scores).collect();
        let mut sheets = Sheets {
            openings,
            held,
            entries,
            strikes,
            excuses,
            statements,
            reviews,
            scores,
            shown,
            confirmations: Vec::new(),
        };
        for (id, fact) in facts {
            let PostFact::Confirmed(confirmed) = &fact.value else { continue };
            match self.confirm(&sheets, fact, confirmed) {
                Ok(results) => sheets.confirmations.push((fact, confirmed, results)),
                Err(flaw) => self.note(id, flaw),
            }
        }
        sheets
    }

    /// Computes again what a confirmation confirms.
    fn confirm(
        &self,
        sheets: &Sheets<'_>,
        fact: &Recorded<PostFact>,
        confirmed: &MonthConfirmed,
    ) -> Result<BTreeMap<PersonId, MonthResult>, PostFlaw> {
        self.within(confirmed.month)?;
        let (_, opening) = sheets.openings.get(&confirmed.rule).ok_or(PostFlaw::Unfounded)?;
        let mut posts: BTreeMap<PersonId, BTreeMap<CategoryId, Decimal>> = BTreeMap::new();
        for id in &confirmed.scores {
            let (scored, score) = sheets.scores.get(id).ok_or(PostFlaw::Unfounded)?;
            if score.month != confirmed.month || !sheets.shown.contains(id) {
                return Err(PostFlaw::Unfounded);
            }
            self.may(PostDuty::Confirm, fact, Some(&score.person), &[&scored.author])?;
            let points = shortest(score.points);
            let other = posts.entry(score.person.clone()).or_default().insert(score.post.clone(), points);
            if other.is_some_and(|other| other != points) {
                return Err(PostFlaw::Unfounded);
            }
        }
        let rule = Arc::new(opening.rule.clone());
        let rated = posts.into_iter().map(|(person, posts)| Some((person, rate(&rule, posts)?)));
        let results = rated.collect::<Option<BTreeMap<_, _>>>().ok_or(PostFlaw::Range)?;
        if results.is_empty() {
            return Err(PostFlaw::Unfounded);
        }
        if digest(self.village, confirmed.month, &results) != confirmed.digest {
            return Err(PostFlaw::Digest);
        }
        Ok(results)
    }
}

/// Checks that everything that is followed counts and is about the same month of the same person.
fn follows<'f>(
    ids: &'f [FactId],
    find: impl Fn(&'f FactId) -> Option<(&'f PersonId, Month)>,
    about: (&PersonId, Month),
) -> Counts {
    let same = ids.iter().all(|id| find(id) == Some(about));
    if same && !ids.is_empty() { Ok(()) } else { Err(PostFlaw::Unfounded) }
}

macro_rules! picks {
    ($($name:ident: $variant:ident -> $of:ty),+) => {
        $(fn $name(fact: &PostFact) -> Option<&$of> {
            match fact {
                PostFact::$variant(value) => Some(value),
                _ => None,
            }
        })+
    };
}

picks!(
    opened: Opened -> PostOpening,
    held: Held -> PostHeld,
    logged: Logged -> WorkLogEntry,
    struck: Struck -> EntryStrike,
    excused: Excused -> Excuse,
    stated: Stated -> SelfStatement,
    reviewed: Reviewed -> PostReview,
    scored: Scored -> PostScore,
    shown: Shown -> ScoresShown
);
