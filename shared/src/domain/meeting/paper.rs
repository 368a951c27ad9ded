//! Paper ballots: two people enter the pile independently, and every serial is agreed, one-sided or different.

use std::collections::BTreeSet;

use super::{Author, MeetingSettings};
use crate::domain::ballot::{BallotContent, Mark};
use crate::domain::divergence::{Claim, Voice, standing};
use crate::id::{CriterionId, GroupId, PersonId};

/// What one entry says of a paper ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The rater group it was entered for.
    pub group: GroupId,
    /// What stands on it.
    pub content: BallotContent,
}

/// One person's standing entry of a serial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperEntry {
    /// Who entered it, and under which number.
    pub voice: Voice,
    /// What they entered.
    pub sheet: Sheet,
}

/// What is known of one serial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaperState {
    /// Handed out; nobody entered it.
    Missing,
    /// Only one person entered it; that person's further devices confirm nothing.
    OneSided {
        /// What that person entered.
        sheet: Sheet,
        /// The entry, or equal ones from one person's devices.
        by: Vec<Voice>,
    },
    /// At least two people entered it, all the same (E2).
    Agreed {
        /// What they entered.
        sheet: Sheet,
        /// Every entry.
        by: Vec<Voice>,
    },
    /// Entries differ: to be read again from the paper (E3).
    Differs {
        /// Every standing entry, by fact number.
        entries: Vec<PaperEntry>,
        /// Where they differ.
        differences: Vec<PaperDifference>,
    },
}

/// Where entries of one serial differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaperDifference {
    /// For which group it was issued.
    Group,
    /// Whether it is valid, spoiled or blank.
    Kind,
    /// What it says of this subject.
    Subject {
        /// Who is rated.
        subject: PersonId,
        /// The criteria with different scores; empty where only some entries abstain.
        criteria: Vec<CriterionId>,
    },
}

impl PaperState {
    /// Returns the one content that nobody contradicts.
    pub fn sheet(&self) -> Option<&Sheet> {
        match self {
            Self::OneSided { sheet, .. } | Self::Agreed { sheet, .. } => Some(sheet),
            Self::Missing | Self::Differs { .. } => None,
        }
    }

    /// Returns every voice that stands.
    pub fn voices(&self) -> Vec<&Voice> {
        match self {
            Self::Missing => Vec::new(),
            Self::OneSided { by, .. } | Self::Agreed { by, .. } => by.iter().collect(),
            Self::Differs { entries, .. } => entries.iter().map(|entry| &entry.voice).collect(),
        }
    }

    /// Returns what a person entered, where it stands; several values only from several devices.
    pub fn entered_by(&self, person: &PersonId) -> Vec<(&Voice, &Sheet)> {
        let all: Vec<(&Voice, &Sheet)> = match self {
            Self::Missing => Vec::new(),
            Self::OneSided { sheet, by } | Self::Agreed { sheet, by } => {
                by.iter().map(|voice| (voice, sheet)).collect()
            }
            Self::Differs { entries, .. } => entries.iter().map(|entry| (&entry.voice, &entry.sheet)).collect(),
        };
        all.into_iter().filter(|(voice, _)| voice.author.holder.as_ref() == Some(person)).collect()
    }
}

/// Returns whether two facts come from one person; devices of unknown holders are told apart by device.
pub(super) fn same_person(a: &Author, b: &Author) -> bool {
    match (&a.holder, &b.holder) {
        (Some(a), Some(b)) => a == b,
        _ => a.device == b.device,
    }
}

/// Returns the entries that stand: those that the same person did not correct later, by fact number.
pub(super) fn standing_entries(claims: Vec<Claim<'_, Sheet>>) -> Vec<PaperEntry> {
    let entry = |claim: Claim<'_, Sheet>| PaperEntry { voice: claim.voice, sheet: claim.value };
    standing(claims, same_person).into_iter().map(entry).collect()
}

/// Compares the standing entries of one serial.
pub(super) fn compare(settings: &MeetingSettings, entries: Vec<PaperEntry>) -> PaperState {
    let Some(first) = entries.first() else { return PaperState::Missing };
    if entries.iter().any(|entry| entry.sheet != first.sheet) {
        let differences = differences(settings, &entries);
        return PaperState::Differs { entries, differences };
    }
    // A device whose certificate has not arrived belongs to nobody yet, so that it confirms nothing.
    let people: BTreeSet<&PersonId> = entries.iter().filter_map(|entry| entry.voice.author.holder.as_ref()).collect();
    let confirmed = people.len() >= 2;
    let sheet = first.sheet.clone();
    let by = entries.into_iter().map(|entry| entry.voice).collect();
    if confirmed { PaperState::Agreed { sheet, by } } else { PaperState::OneSided { sheet, by } }
}

fn differences(settings: &MeetingSettings, entries: &[PaperEntry]) -> Vec<PaperDifference> {
    let mut found = BTreeSet::new();
    for pair in entries.windows(2) {
        let (a, b) = (&pair[0].sheet, &pair[1].sheet);
        if a.group != b.group {
            found.insert(PaperDifference::Group);
        }
        match (&a.content, &b.content) {
            (BallotContent::Valid(a), BallotContent::Valid(b)) => {
                let rows = settings.subjects().zip(a.iter().zip(b)).filter(|(_, (a, b))| a != b);
                found.extend(rows.map(|(subject, (a, b))| PaperDifference::Subject {
                    subject: subject.person.clone(),
                    criteria: differing_criteria(settings, a, b),
                }));
            }
            (a, b) if a != b => _ = found.insert(PaperDifference::Kind),
            _ => {}
        }
    }
    found.into_iter().collect()
}

fn differing_criteria(settings: &MeetingSettings, a: &Mark, b: &Mark) -> Vec<CriterionId> {
    match (a, b) {
        (Mark::Scores(a), Mark::Scores(b)) => {
            let rows = settings.rulebook.criteria.iter().zip(a.iter().zip(b));
            rows.filter(|(_, (a, b))| a != b).map(|(criterion, _)| criterion.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}
