//! What must hold at the end of every run.

use std::collections::{BTreeMap, BTreeSet};

use super::Violation;
use super::phone::Phone;
use super::world::World;
use crate::document::change::genesis_hash;
use crate::document::fact::{pack_meeting, read_meeting};
use crate::domain::Workspace;
use crate::domain::ballot::BallotMode;
use crate::domain::meeting::MeetingNote;
use crate::id::{Address, DeviceCode, FactId, ScopeId};

impl World {
    /// Checks histories, workspaces, ticked records and the urn.
    pub(super) fn judge(&self) -> Result<(), Violation> {
        let first = &self.phones[0];
        let said: BTreeMap<usize, Said> = self.living().map(|(number, phone)| (number, said_by(phone))).collect();
        let says = |number: &usize, at: &(Address, FactId), content: &[u8]| {
            said[number].get(&(at.0.clone(), at.1.device.clone())).is_some_and(|all| all.contains(content))
        };
        for (number, phone) in self.living() {
            if phone.replica.heads() != first.replica.heads() {
                return Err(Violation::Heads(0, number));
            }
            if shared_part(phone.replica.workspace()) != shared_part(first.replica.workspace()) {
                return Err(Violation::Workspaces(0, number));
            }
            // What went with a phone's disk, and then with the relay's, nobody owes unless another phone has it.
            let held = |at: &(Address, FactId), content: &[u8]| {
                self.report.relay_losses == 0 || said.keys().any(|other| says(other, at, content))
            };
            let owed = phone.owed.iter().map(|(at, content)| (at, content)).filter(|(at, content)| held(at, content));
            for (at @ (address, fact), content) in phone.ticked.iter().chain(owed) {
                if !says(&number, at, content) {
                    return Err(Violation::Changed(number, address.clone(), fact.clone()));
                }
                if !phone.is_proved(address, &fact.device, content) {
                    return Err(Violation::Unproved(number, address.clone(), fact.clone()));
                }
                if let Some(other) = said.keys().find(|other| !says(other, at, content)) {
                    return Err(Violation::Missing(*other, address.clone(), fact.clone()));
                }
            }
            let meeting = phone.replica.workspace().meeting(&self.story.meeting);
            for note in meeting.iter().flat_map(|meeting| &meeting.notes) {
                // A number that was given twice is told apart by the device that gave it, and stands so where that broke.
                let gave = |fact: &FactId| {
                    self.living().any(|(_, other)| other.replica.me().is_some_and(|me| me.code == fact.device))
                };
                if let MeetingNote::OneNumberTwice(fact) = note
                    && gave(fact)
                {
                    return Err(Violation::NumberTwice(number, fact.clone()));
                }
            }
            for (address, heads) in phone.replica.heads() {
                let genesis = genesis_hash(address.document.kind());
                let heads = heads.into_iter().filter(|head| Some(*head) != genesis);
                if !self.relay.holds(&address.scope, heads) {
                    return Err(Violation::RelayLacks(number, address));
                }
            }
            if phone.replica.status().later < self.later_entries() {
                return Err(Violation::LaterLost(number));
            }
            self.judge_urn(phone)?;
        }
        Ok(())
    }

    /// Counts what a later version put into the logs that every phone reads.
    pub(super) fn later_entries(&self) -> usize {
        let scopes = [ScopeId::Township, ScopeId::Village(self.story.village.clone())];
        scopes.iter().map(|scope| self.relay.later(scope)).sum()
    }

    /// Checks that no drop that was ticked is gone, and that nothing of a ballot is at the relay before closing.
    fn judge_urn(&self, phone: &Phone) -> Result<(), Violation> {
        let workspace = phone.replica.workspace();
        let Some(meeting) = workspace.meeting(&self.story.meeting) else { return Ok(()) };
        let in_urn = workspace.urns.get(&self.story.meeting).map_or(0, |urn| urn.len());
        let tallied = meeting.urn.tally.standing().first().map(|said| said.value.dropped.values().sum::<u32>());
        let ended = meeting.end_reason().is_some();
        if phone.dropped > in_urn.max(tallied.unwrap_or(0) as usize) && !ended {
            return Err(Violation::UrnShort);
        }
        let is_open = self.story.mode == BallotMode::SecretDevice && tallied.is_none();
        let leaks = |bytes: &[u8]| bytes.windows(4).any(|window| window == [20, 19, 18, 17]);
        if is_open && self.relay.bytes().any(leaks) { Err(Violation::Leaked) } else { Ok(()) }
    }
}

/// What devices say in documents, under whatever numbers.
type Said = BTreeMap<(Address, DeviceCode), BTreeSet<Vec<u8>>>;

/// Returns what a phone holds of what every device says.
fn said_by(phone: &Phone) -> Said {
    let mut said = Said::new();
    for address in phone.replica.heads().into_keys() {
        for (fact, bytes) in phone.replica.facts_of(&address) {
            said.entry((address.clone(), fact.device)).or_default().insert(content(&bytes));
        }
    }
    said
}

/// Returns what a fact says without the numbers that it corrects, which may be told apart after a rollback.
pub(super) fn content(bytes: &[u8]) -> Vec<u8> {
    let Ok(mut fact) = read_meeting(bytes) else { return bytes.to_vec() };
    if let Some(replaces) = fact.replaces_mut() {
        replaces.clear();
    }
    pack_meeting(&fact)
}

/// Returns what equal histories must show alike: an urn is one phone's own, and so is knowing oneself.
fn shared_part(workspace: &Workspace) -> Workspace {
    Workspace { urns: BTreeMap::new(), holders: BTreeMap::new(), ..workspace.clone() }
}
