//! A document of a writer who is gone, larger than one entry of a log, brought to a relay that lost it.

use std::collections::BTreeMap;

use shared::attestation;
use shared::document::{Change, Document};
use shared::id::{Address, DeviceNumber, DocumentKind};
use shared::identity::batch::ENTRY_BYTES;
use shared::identity::{Entry, Holder, Snapshot};
use shared::replica::Note;
use shared::role::Role;
use shared::wire::{Holdings, ScopeAnswer};

use super::phone::{Device, Phone, ROSTER, VILLAGE, authority, entry};

/// As many changes as do not fit one entry, in batches of a long day each.
const BATCHES: usize = 12;
const CHANGES: usize = 1_200;
/// Longer than others are given to bring what they wrote.
const A_WHILE: u64 = 600_000;

/// The relay's log is empty, under another epoch, and it holds this of the document.
fn empty(writers: Vec<([u8; 8], u64)>) -> ScopeAnswer {
    let address: Address = ROSTER.parse().unwrap();
    let holdings = vec![Holdings { document: address.document, writers }];
    ScopeAnswer { holdings, ..ScopeAnswer::nothing(VILLAGE.parse().unwrap(), 2, 0) }
}

fn filled(writers: &mut [Device]) -> Phone {
    let mut phone = Phone::enrolled();
    for round in 0..BATCHES {
        let writer = &mut writers[round % writers.len()];
        let batch = writer.record_many(ROSTER, CHANGES);
        phone.give(VILLAGE, vec![writer.certificate(), entry(&batch)]);
    }
    phone
}

/// Lets the relay lose everything, and returns what the phone then brings, one answer after another.
fn brought(phone: &mut Phone) -> Vec<Snapshot> {
    phone.answer(ScopeAnswer::nothing(VILLAGE.parse().unwrap(), 2, 0));
    phone.answer(empty(Vec::new()));
    phone.wait(A_WHILE);
    phone.answer(empty(Vec::new()));
    let mut brought = Vec::new();
    for _ in 0..BATCHES {
        let Some((scope, bytes)) = phone.pushes().into_iter().next() else { break };
        assert!(bytes.len() <= ENTRY_BYTES);
        let Ok(Entry::Snapshot(snapshot)) = Entry::decode(&scope, &bytes) else { panic!("only snapshots are brought") };
        brought.push(snapshot);
        phone.answer(ScopeAnswer::nothing(scope, 2, 0));
    }
    brought
}

/// Takes snapshots in as a relay does that trusts nobody but the writers.
fn take_in(snapshots: &[Snapshot]) -> Document {
    let mut document = Document::genesis(DocumentKind::Roster).unwrap();
    let mut holders: BTreeMap<DeviceNumber, Holder> = BTreeMap::new();
    for snapshot in snapshots {
        let known = snapshot.certificates.iter().map(|certificate| certificate.holder(&authority().public()).unwrap());
        holders.extend(known.map(|holder| (holder.device, holder)));
        let changes = Change::open(&snapshot.payload).unwrap();
        assert!(attestation::check(snapshot, &changes, |device| holders.get(&device)).is_ok());
        let applied = document.apply(&changes);
        assert!(applied.waiting.is_empty(), "each part rests on the parts before it alone");
    }
    document
}

#[test]
fn a_document_larger_than_an_entry_is_brought_in_parts() {
    for writers in [vec![3], vec![3, 4, 5]] {
        let mut writers: Vec<Device> = writers.into_iter().map(|number| Device::new(number, &[Role::Scribe])).collect();
        let mut phone = filled(&mut writers);
        let snapshots = brought(&mut phone);
        assert!(snapshots.len() > 1, "{} snapshots", snapshots.len());
        let document = take_in(&snapshots);
        assert_eq!(document.heads(), phone.replica.heads()[&ROSTER.parse().unwrap()]);
        let note = Note::Brought(ROSTER.parse().unwrap(), BATCHES * CHANGES);
        assert!(phone.notes().contains(&note), "{:?}", phone.notes());
        let mut restarted = phone.restarted();
        assert_eq!(brought(&mut restarted).len(), snapshots.len(), "a start loses none of the signatures");
    }
}

#[test]
fn what_cannot_be_proved_is_said() {
    let mut writers = [Device::new(3, &[Role::Scribe])];
    let mut phone = filled(&mut writers);
    phone.disk.retain(|key, _| !key.starts_with("vouch/"));
    let mut phone = phone.restarted();
    assert_eq!(brought(&mut phone).len(), 0);
    let note = Note::NotBrought(ROSTER.parse().unwrap(), BATCHES * CHANGES);
    assert!(phone.notes().contains(&note), "{:?}", phone.notes());
}

#[test]
fn signatures_that_add_nothing_are_forgotten() {
    let mut phone = Phone::enrolled();
    let mut writer = Device::new(3, &[Role::Scribe]);
    let rows = |phone: &Phone| phone.disk.keys().filter(|key| key.starts_with("vouch/")).count();
    let mut most = 0;
    for _ in 0..200 {
        let batch = writer.record(ROSTER, b"one of many");
        phone.give(VILLAGE, vec![writer.certificate(), entry(&batch)]);
        most = most.max(rows(&phone));
    }
    assert!(most <= 66, "{most} rows for a document that is written whole every 64");
    assert!(phone.restarted().has(ROSTER, "D3-200"));
    let snapshots = brought(&mut phone);
    assert_eq!(take_in(&snapshots).heads(), phone.replica.heads()[&ROSTER.parse().unwrap()]);
}
