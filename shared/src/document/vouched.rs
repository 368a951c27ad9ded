//! What signatures over the last changes say of those before: every change of the same device from which they follow.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Document};
use crate::id::{Actor, DeviceNumber};
use crate::identity::Vouch;
use crate::identity::batch::ChangeHash;

/// How changes follow from each other, and who made them.
#[derive(Debug)]
pub struct Chains {
    changes: BTreeMap<ChangeHash, (Vec<ChangeHash>, Option<DeviceNumber>)>,
}

impl Chains {
    /// Takes in changes.
    ///
    /// Nothing may follow from one of them by way of a change that is not among them: whoever holds a change holds
    /// all it rests on, so what somebody lacks is always such a set.
    pub fn of(changes: &[Change]) -> Self {
        let device = |change: &Change| change.actor().map(|actor| actor.device);
        let link = |change: &Change| (change.hash(), (change.dependencies(), device(change)));
        Self { changes: changes.iter().map(link).collect() }
    }

    /// Takes in everything that a document holds.
    pub fn of_document(document: &Document) -> Self {
        let changes = document.inner.get_changes_meta(&[]).into_iter();
        let link = |change: automerge::ChangeMetadata<'_>| {
            let device = Actor::from_bytes(change.actor.to_bytes()).map(|actor| actor.device);
            (change.hash.0, (change.deps.iter().map(|hash| hash.0).collect(), device))
        };
        Self { changes: changes.map(link).collect() }
    }

    /// Returns the changes for which these signatures vouch, whose own truth is not checked here.
    pub fn vouched(&self, vouches: &[Vouch]) -> BTreeSet<ChangeHash> {
        let mut seen = BTreeMap::new();
        vouches.iter().flat_map(|vouch| self.follow(vouch, &mut seen)).collect()
    }

    /// Leaves out the signatures without which everything is vouched for all the same.
    pub fn sparing(&self, mut vouches: Vec<Vouch>) -> Vec<Vouch> {
        // Later batches follow from earlier ones.
        vouches.sort_by_key(|vouch| std::cmp::Reverse((vouch.device, vouch.number)));
        let mut seen = BTreeMap::new();
        vouches.retain(|vouch| !self.follow(vouch, &mut seen).is_empty());
        vouches
    }

    /// Walks back from a signature's changes over everything not seen for its device; returns those of the device.
    fn follow(&self, vouch: &Vouch, seen: &mut BTreeMap<DeviceNumber, BTreeSet<ChangeHash>>) -> Vec<ChangeHash> {
        let seen = seen.entry(vouch.device).or_default();
        let mut vouched = Vec::new();
        let mut open: Vec<ChangeHash> = vouch.hashes.clone();
        while let Some(hash) = open.pop() {
            let Some((dependencies, device)) = self.changes.get(&hash) else { continue };
            if !seen.insert(hash) {
                continue;
            }
            if *device == Some(vouch.device) {
                vouched.push(hash);
            }
            open.extend(dependencies);
        }
        vouched
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Entry};
    use crate::id::{Actor, DocumentKind};
    use crate::identity::Signature;
    use crate::time::Instant;

    /// Writes changes of these devices, each after all before; returns them with a signature over each.
    fn history(devices: &[u32]) -> (Vec<Change>, Vec<Vouch>) {
        let mut document = Document::genesis(DocumentKind::Roster).unwrap();
        let (mut changes, mut vouches) = (Vec::new(), Vec::new());
        for (number, device) in (1..).zip(devices) {
            let device = DeviceNumber(*device);
            let fact = Entry::Fact(format!("D{}-{number}", device.0).parse().unwrap(), b"x".to_vec());
            let written = document.write(Actor { device, session: 1 }, Instant(0), &[fact]).unwrap().unwrap();
            changes.push(Change::read(&written.bytes).unwrap());
            vouches.push(Vouch { device, number, hashes: vec![written.hash], signature: Signature([0; 64]) });
        }
        (changes, vouches)
    }

    /// Draws for which of a history's changes these of its signatures vouch.
    fn check(devices: &[u32], signatures: &[usize], expected: &str) {
        let (changes, vouches) = history(devices);
        let chosen: Vec<Vouch> = signatures.iter().map(|place| vouches[*place].clone()).collect();
        let vouched = Chains::of(&changes).vouched(&chosen);
        let drawn: String =
            changes.iter().map(|change| if vouched.contains(&change.hash()) { '+' } else { '-' }).collect();
        assert_eq!(drawn, expected);
    }

    #[test]
    fn a_signature_vouches_for_what_its_device_did_before() {
        check(&[1, 1, 1], &[2], "+++");
        check(&[1, 1, 1], &[1], "++-");
        check(&[1, 2, 1, 2], &[2], "+-+-");
        check(&[1, 2, 1, 2], &[2, 3], "++++");
        check(&[1, 2], &[], "--");
    }

    #[test]
    fn only_what_is_needed_is_kept() {
        let (changes, vouches) = history(&[1, 2, 1, 2, 1]);
        let chains = Chains::of(&changes);
        let sparing = chains.sparing(vouches.clone());
        assert_eq!(chains.vouched(&sparing), chains.vouched(&vouches));
        let numbers: BTreeSet<u32> = sparing.iter().map(|vouch| vouch.number).collect();
        assert_eq!(numbers, [4, 5].into());
    }
}
