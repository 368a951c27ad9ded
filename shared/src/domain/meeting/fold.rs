//! From facts to a meeting: total, and a function of the set of facts alone.

use std::collections::{BTreeMap, BTreeSet};

use super::compute::compute;
use super::{Meeting, MeetingFact, MeetingNote, Recorded, Seal, SealState, Stage};
use crate::domain::divergence::Voice;
use crate::id::{FactId, MeetingId};
use crate::role::Roles;

/// Facts by number.
pub(super) type Facts = BTreeMap<FactId, Recorded<MeetingFact>>;

impl Meeting {
    /// Folds facts into a meeting; never fails, and the order of the facts does not matter.
    ///
    /// A seal counts only if its digest is found again from the facts it names. What lies beyond it is late.
    pub fn fold(id: MeetingId, facts: Vec<Recorded<MeetingFact>>) -> Self {
        Self::fold_of(id, facts, |_| None)
    }

    /// Folds facts, believing each author only in what their roles in the meeting's village let them do.
    ///
    /// `roles` tells the roles under which a fact was recorded. Where it tells nothing the author is somebody whose
    /// certificate has not arrived: they are believed until it has.
    pub fn fold_of(
        id: MeetingId,
        facts: Vec<Recorded<MeetingFact>>,
        roles: impl Fn(&Recorded<MeetingFact>) -> Option<Roles>,
    ) -> Self {
        let may = |fact: &Recorded<MeetingFact>| roles(fact).is_none_or(|roles| roles.any(fact.value.duty().roles()));
        let (facts, others): (Vec<_>, Vec<_>) = facts.into_iter().partition(may);
        let mut meeting = Self::fold_believed(id, facts);
        meeting.notes.extend(others.into_iter().map(|fact| MeetingNote::Role(fact.id)));
        meeting.notes.sort();
        meeting
    }

    fn fold_believed(id: MeetingId, facts: Vec<Recorded<MeetingFact>>) -> Self {
        let (facts, twice) = by_number(facts);
        let (seals, facts): (Facts, Facts) =
            facts.into_iter().partition(|(_, fact)| matches!(fact.value, MeetingFact::Sealed(_)));
        let mut sealed: Option<Meeting> = None;
        let mut notes: Vec<MeetingNote> = twice.into_iter().map(MeetingNote::OneNumberTwice).collect();
        for fact in seals.values() {
            let MeetingFact::Sealed(seal) = &fact.value else { continue };
            let base = base_of(seal, &facts);
            let meeting = compute(id.clone(), &base);
            if meeting.stage != Stage::Decided || meeting.seal_digest() != Some(seal.digest) {
                notes.push(MeetingNote::Seal(fact.id.clone()));
                continue;
            }
            match &sealed {
                None => {
                    let late = facts.keys().filter(|id| !base.contains_key(*id)).cloned().collect();
                    let seal = Some(SealState { voice: Voice::of(fact), seal: seal.clone() });
                    sealed = Some(Meeting { seal, late, ..meeting });
                }
                // The same result sealed twice is sealed.
                Some(first) if first.seal_digest() == Some(seal.digest) => {}
                Some(_) => notes.push(MeetingNote::SecondSeal(fact.id.clone())),
            }
        }
        let mut meeting = sealed.unwrap_or_else(|| compute(id, &facts));
        for fact in facts.keys().chain(seals.keys()) {
            let last = meeting.up_to.entry(fact.device.clone()).or_default();
            *last = fact.counter.max(*last);
        }
        meeting.notes.extend(notes);
        meeting.notes.sort();
        meeting
    }
}

/// Returns the facts that a seal rests on.
fn base_of(seal: &Seal, facts: &Facts) -> Facts {
    let within = |id: &FactId| seal.up_to.get(&id.device).is_some_and(|last| id.counter <= *last);
    facts.iter().filter(|(id, _)| within(id)).map(|(id, fact)| (id.clone(), fact.clone())).collect()
}

/// Sorts facts by number. Where two different ones bear one number neither counts, so that no order decides.
fn by_number(facts: Vec<Recorded<MeetingFact>>) -> (Facts, BTreeSet<FactId>) {
    let mut sorted = Facts::new();
    let mut twice = BTreeSet::new();
    for fact in facts {
        match sorted.get(&fact.id) {
            Some(other) if *other != fact => _ = twice.insert(fact.id),
            Some(_) => {}
            None => _ = sorted.insert(fact.id.clone(), fact),
        }
    }
    sorted.retain(|id, _| !twice.contains(id));
    (sorted, twice)
}
