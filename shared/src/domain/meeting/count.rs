//! Counting sheets: what was issued, what was entered, and whether that is what came back.

use std::collections::{BTreeMap, BTreeSet};

use super::paper::{PaperState, Sheet};
use super::{BallotCount, MeetingSettings};
use crate::domain::ballot::{BallotContent, Serial};
use crate::id::{FactId, GroupId};

/// The largest serial: printed with three digits, a fourth to spare.
pub const SERIAL_LIMIT: u32 = 9999;
/// The most serials of one meeting, so that a mistyped run does not list thousands of missing ballots.
pub const SERIALS_LIMIT: usize = 1200;

/// What was handed out to one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issued {
    /// Runs of serials, first and last included, with the facts that say so; equal runs are one.
    pub runs: BTreeMap<(Serial, Serial), Vec<FactId>>,
    /// Every serial handed out.
    pub serials: BTreeSet<Serial>,
}

/// Why a serial does not fit what was handed out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SerialClash {
    /// It was entered and never handed out.
    NotIssued,
    /// It stands in two runs that differ; the groups, one or several.
    IssuedTwice(BTreeSet<GroupId>),
    /// It was entered for another group than it was handed out to.
    OtherGroup {
        /// The group it was handed out to.
        issued_to: GroupId,
    },
}

/// Sheets of one group as the records count them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupCount {
    /// Sheets handed out, turns taken at the urn; hands have no sheets.
    pub issued: u32,
    /// Ballots that count as returned: agreed, or dropped into the urn.
    pub returned: u32,
    /// Of those, valid.
    pub valid: u32,
    /// Of those, spoiled.
    pub spoiled: u32,
    /// Of those, blank.
    pub abstained: u32,
    /// Serials that nobody entered.
    pub missing: u32,
    /// Serials that only one person entered.
    pub one_sided: u32,
    /// Serials whose entries differ.
    pub differing: u32,
}

impl GroupCount {
    /// Returns whether the hand count needs a note: something is missing, or differs from the records (W3).
    pub fn needs_note(&self, hand: &BallotCount) -> bool {
        let (issued, returned) = (hand.issued != self.issued, hand.returned != self.returned);
        let kinds = hand.spoiled != self.spoiled || hand.abstained != self.abstained;
        issued || returned || kinds || hand.returned != hand.issued
    }

    /// Returns whether more sheets came back than were handed out, so that the round is void (E5).
    pub fn is_void(&self, hand: &BallotCount) -> bool {
        hand.returned > hand.issued || hand.returned > self.issued
    }
}

/// Finds serials that do not fit what was handed out.
pub(super) fn clashes(
    issued: &BTreeMap<GroupId, Issued>,
    paper: &BTreeMap<Serial, PaperState>,
) -> BTreeMap<Serial, SerialClash> {
    let mut holders: BTreeMap<Serial, Vec<&GroupId>> = BTreeMap::new();
    for (group, issued) in issued {
        for (first, last) in issued.runs.keys() {
            for serial in first.0..=last.0 {
                holders.entry(Serial(serial)).or_default().push(group);
            }
        }
    }
    let mut clashes = BTreeMap::new();
    for (serial, groups) in &holders {
        if groups.len() > 1 {
            clashes.insert(*serial, SerialClash::IssuedTwice(groups.iter().map(|group| (*group).clone()).collect()));
        }
    }
    for (serial, state) in paper {
        let Some(Sheet { group, .. }) = state.sheet() else { continue };
        match holders.get(serial).map(Vec::as_slice) {
            None => _ = clashes.insert(*serial, SerialClash::NotIssued),
            Some([to]) if *to != group => {
                clashes.insert(*serial, SerialClash::OtherGroup { issued_to: (*to).clone() });
            }
            Some(_) => {}
        }
    }
    // Entries that differ are a clash of their own kind, and may be of a serial that nobody received as well.
    let unissued = paper
        .iter()
        .filter(|(serial, state)| matches!(state, PaperState::Differs { .. }) && !holders.contains_key(*serial));
    clashes.extend(unissued.map(|(serial, _)| (*serial, SerialClash::NotIssued)));
    clashes
}

/// Counts paper per group, in the rulebook's groups.
pub(super) fn count_paper(
    settings: &MeetingSettings,
    issued: &BTreeMap<GroupId, Issued>,
    paper: &BTreeMap<Serial, PaperState>,
) -> BTreeMap<GroupId, GroupCount> {
    let mut counts: BTreeMap<GroupId, GroupCount> =
        settings.rulebook.groups.iter().map(|group| (group.id.clone(), GroupCount::default())).collect();
    for (group, issued) in issued {
        let count = counts.entry(group.clone()).or_default();
        count.issued = u32::try_from(issued.serials.len()).unwrap_or(u32::MAX);
        for serial in &issued.serials {
            match paper.get(serial) {
                None | Some(PaperState::Missing) => count.missing += 1,
                Some(PaperState::OneSided { .. }) => count.one_sided += 1,
                Some(PaperState::Differs { .. }) => count.differing += 1,
                Some(PaperState::Agreed { .. }) => {}
            }
        }
    }
    for state in paper.values() {
        let PaperState::Agreed { sheet, .. } = state else { continue };
        let count = counts.entry(sheet.group.clone()).or_default();
        count.returned += 1;
        match sheet.content {
            BallotContent::Valid(_) => count.valid += 1,
            BallotContent::Spoiled => count.spoiled += 1,
            BallotContent::Abstained => count.abstained += 1,
        }
    }
    counts
}
