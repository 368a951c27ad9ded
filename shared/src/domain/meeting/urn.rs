//! The urn: ballots in one phone's own store until closing, and what the records say about it.

use std::collections::{BTreeMap, BTreeSet};

use super::MeetingSettings;
use crate::domain::ballot::{Mark, UrnTally};
use crate::domain::divergence::Settled;
use crate::id::{DeviceNumber, GroupId, PersonId};

/// What one device's urn holds; never in a document, never sent.
///
/// Ballots are kept sorted, so that neither memory nor disk holds the order in which they were dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urn {
    ballots: Vec<UrnBallot>,
}

/// One ballot in the urn; it names no voter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UrnBallot {
    /// The body it was given in.
    pub group: GroupId,
    /// A mark per subject, in printed order.
    pub marks: Vec<Mark>,
}

/// What the records say about the urn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrnState {
    /// The device that serves as the urn; a divergence where two do.
    pub placed: Settled<DeviceNumber>,
    /// Who took a turn.
    pub voted: BTreeSet<PersonId>,
    /// Those of them who took more than one, on phones that did not know of each other.
    pub voted_twice: BTreeSet<PersonId>,
    /// What came out of it at closing.
    pub tally: Settled<UrnTally>,
}

impl Urn {
    /// Returns an urn with these ballots, whatever their order was.
    pub fn new(mut ballots: Vec<UrnBallot>) -> Self {
        ballots.sort_unstable();
        Self { ballots }
    }

    /// Returns the urn with one more ballot.
    pub fn with(&self, ballot: UrnBallot) -> Self {
        let mut ballots = self.ballots.clone();
        let place = ballots.partition_point(|other| *other < ballot);
        ballots.insert(place, ballot);
        Self { ballots }
    }

    /// Returns the ballots, sorted by what they say.
    pub fn ballots(&self) -> &[UrnBallot] {
        &self.ballots
    }

    /// Returns how many ballots were dropped.
    pub fn len(&self) -> usize {
        self.ballots.len()
    }

    /// Returns whether nothing was dropped.
    pub fn is_empty(&self) -> bool {
        self.ballots.is_empty()
    }

    /// Takes the ballots apart: per group and subject a sorted list of marks, from which no ballot can be rebuilt.
    pub fn tally(&self, settings: &MeetingSettings) -> UrnTally {
        let subjects = settings.subject_count();
        let mut tally = UrnTally::default();
        for ballot in &self.ballots {
            *tally.dropped.entry(ballot.group.clone()).or_default() += 1;
            let lists = tally.marks.entry(ballot.group.clone()).or_insert_with(|| vec![Vec::new(); subjects]);
            for (list, mark) in lists.iter_mut().zip(&ballot.marks) {
                list.push(mark.clone());
            }
        }
        tally.marks.values_mut().flatten().for_each(|list| list.sort_unstable());
        tally
    }
}

/// Returns whether a tally could have come from this meeting's urn.
pub(super) fn is_well_formed(settings: &MeetingSettings, tally: &UrnTally) -> bool {
    let subjects = settings.subject_count();
    let known = |group: &GroupId| settings.rulebook.group(group).is_some();
    let counted: BTreeMap<&GroupId, usize> = tally.dropped.iter().map(|(group, n)| (group, *n as usize)).collect();
    tally.dropped.keys().chain(tally.marks.keys()).all(known)
        && tally.dropped.iter().all(|(group, n)| *n == 0 || tally.marks.contains_key(group))
        && tally.marks.iter().all(|(group, lists)| {
            let dropped = counted.get(group).copied().unwrap_or(0);
            lists.len() == subjects
                && lists.iter().all(|list| list.len() == dropped && list.iter().all(|mark| settings.fits(mark)))
        })
}

impl MeetingSettings {
    /// Returns whether a mark has one score per criterion, each within its maximum (E15).
    pub fn fits(&self, mark: &Mark) -> bool {
        match mark {
            Mark::Abstained => true,
            Mark::Scores(scores) => {
                let criteria = &self.rulebook.criteria;
                scores.len() == criteria.len() && scores.iter().zip(criteria).all(|(score, c)| *score <= c.max)
            }
        }
    }
}
