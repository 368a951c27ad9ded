//! Reconciling sheets: what was counted by hand beside what the records say, and what does not add up.

use std::collections::BTreeMap;

use shared::domain::meeting::{BallotCount, GroupCount, Meeting, Reconciliation};
use shared::id::GroupId;

/// The four figures of one group, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedCount {
    /// Handed out.
    pub issued: String,
    /// Came back.
    pub returned: String,
    /// Of those, spoiled.
    pub spoiled: String,
    /// Of those, blank.
    pub abstained: String,
}

/// What is typed so far, for all groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosingDraft {
    /// The figures per group.
    pub groups: BTreeMap<GroupId, TypedCount>,
    /// Why numbers differ.
    pub note: String,
}

/// How one group's figures stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Some figure is missing or no whole number.
    Unreadable,
    /// More spoiled and blank than came back.
    KindsExceedReturned,
    /// More came back than were handed out: the round is void (E5).
    TooMany(u32),
    /// The records hold another number than was counted.
    Differs {
        /// Agreed ballots in the records.
        entered: u32,
        /// Sheets counted by hand.
        counted: u32,
    },
    /// So many did not come back.
    Unreturned(u32),
    /// Everything agrees.
    Even,
}

impl ClosingDraft {
    /// Starts from what stands: an earlier hand count, else what the records say.
    pub fn of(meeting: &Meeting) -> Self {
        let standing = meeting.reconciled.standing().first().map(|said| &said.value);
        let figure = |number: u32| number.to_string();
        let groups = meeting.counts.iter().map(|(group, count)| {
            let typed = match standing.and_then(|standing| standing.groups.get(group)) {
                Some(hand) => TypedCount {
                    issued: figure(hand.issued),
                    returned: figure(hand.returned),
                    spoiled: figure(hand.spoiled),
                    abstained: figure(hand.abstained),
                },
                // What came back is left open: it must be counted on the table, not copied from the screen.
                None => TypedCount {
                    issued: figure(count.issued),
                    spoiled: figure(count.spoiled),
                    abstained: figure(count.abstained),
                    ..TypedCount::default()
                },
            };
            (group.clone(), typed)
        });
        let note = standing.map(|standing| standing.note.clone()).unwrap_or_default();
        Self { groups: groups.collect(), note }
    }

    /// Returns the draft of an urn, which counts itself.
    pub fn of_urn(meeting: &Meeting) -> Self {
        let mut draft = Self::of(meeting);
        for (group, count) in &meeting.counts {
            let typed = draft.groups.entry(group.clone()).or_default();
            typed.returned = count.returned.to_string();
        }
        draft
    }

    /// Returns how a group stands.
    pub fn balance(&self, group: &GroupId, records: &GroupCount) -> Balance {
        let Some(hand) = self.groups.get(group).and_then(TypedCount::read) else { return Balance::Unreadable };
        if hand.spoiled.checked_add(hand.abstained).is_none_or(|apart| apart > hand.returned) {
            Balance::KindsExceedReturned
        } else if records.is_void(&hand) {
            Balance::TooMany(hand.returned - hand.issued.min(records.issued))
        } else if hand.returned != records.returned {
            Balance::Differs { entered: records.returned, counted: hand.returned }
        } else if hand.returned < hand.issued {
            Balance::Unreturned(hand.issued - hand.returned)
        } else if records.needs_note(&hand) {
            Balance::Differs { entered: records.issued, counted: hand.issued }
        } else {
            Balance::Even
        }
    }

    /// Returns whether some group's numbers differ, so that a note must say why (W3).
    pub fn needs_note(&self, counts: &BTreeMap<GroupId, GroupCount>) -> bool {
        let differs = |(group, records): (&GroupId, &GroupCount)| {
            let hand = self.groups.get(group).and_then(TypedCount::read);
            hand.is_some_and(|hand| records.needs_note(&hand))
        };
        counts.iter().any(differs)
    }

    /// Returns what is recorded, once every figure can be read and nothing is without its note.
    pub fn reconciliation(&self, counts: &BTreeMap<GroupId, GroupCount>) -> Option<Reconciliation> {
        let read = |group: &GroupId| Some((group.clone(), self.groups.get(group)?.read()?));
        let groups: BTreeMap<GroupId, BallotCount> = counts.keys().map(read).collect::<Option<_>>()?;
        let sound = groups
            .values()
            .all(|hand| hand.spoiled.checked_add(hand.abstained).is_some_and(|apart| apart <= hand.returned));
        let noted = !self.note.trim().is_empty() || !self.needs_note(counts);
        (sound && noted).then(|| Reconciliation { groups, note: self.note.trim().to_owned(), replaces: Vec::new() })
    }
}

impl TypedCount {
    /// Reads the four figures; an empty one is not a nought.
    pub fn read(&self) -> Option<BallotCount> {
        let figure = |text: &String| text.trim().parse::<u32>().ok();
        Some(BallotCount {
            issued: figure(&self.issued)?,
            returned: figure(&self.returned)?,
            spoiled: figure(&self.spoiled)?,
            abstained: figure(&self.abstained)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_does_not_add_up() {
        check("30 30 1 0", Balance::Even);
        check("30 29 1 0", Balance::Differs { entered: 30, counted: 29 });
        check("30 31 1 0", Balance::TooMany(1));
        check("30 1 1 1", Balance::KindsExceedReturned);
        check("30  1 0", Balance::Unreadable);
        check("30 x 1 0", Balance::Unreadable);
        check("31 30 1 0", Balance::Unreturned(1));
    }

    #[test]
    fn a_difference_needs_a_note() {
        let (counts, mut draft) = sample("30 28 1 0");
        assert_eq!(draft.reconciliation(&counts), None);
        draft.note = "两张没有交回".into();
        let recorded = draft.reconciliation(&counts).unwrap();
        assert_eq!((recorded.note.as_str(), recorded.groups[&group()].returned), ("两张没有交回", 28));
    }

    #[track_caller]
    fn check(figures: &str, expected: Balance) {
        let (counts, draft) = sample(figures);
        assert_eq!(draft.balance(&group(), &counts[&group()]), expected, "{figures}");
    }

    /// A group of 30 sheets, all entered, one of them spoiled; and four figures as typed.
    fn sample(figures: &str) -> (BTreeMap<GroupId, GroupCount>, ClosingDraft) {
        let records = GroupCount { issued: 30, returned: 30, valid: 29, spoiled: 1, ..GroupCount::default() };
        let typed: Vec<String> = figures.split(' ').map(str::to_owned).collect();
        let [issued, returned, spoiled, abstained] = <[String; 4]>::try_from(typed).unwrap();
        let typed = TypedCount { issued, returned, spoiled, abstained };
        let draft = ClosingDraft { groups: [(group(), typed)].into(), note: String::new() };
        ([(group(), records)].into(), draft)
    }

    fn group() -> GroupId {
        GroupId::new("members").unwrap()
    }
}
