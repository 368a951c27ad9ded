//! Attested snapshots: what somebody brings of a document that others wrote, in parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use shared::attestation;
use shared::document::{Change, Document, Entry as Put};
use shared::id::{Actor, Address, DeviceNumber};
use shared::identity::batch::ChangeHash;
use shared::identity::{Batch, DeviceKey, Entry, Holder, Payload, Snapshot, Vouch};
use shared::role::Role;
use shared::time::Instant;

/// The most parts that somebody brings.
const PARTS: usize = 8;
/// How many changes there are, and as many signatures: each device signs each of its own.
const CHANGES: usize = 12;
const WRITERS: u32 = 3;
const ADDRESS: &str = "village.420529202209/roster";

struct World {
    changes: Vec<Change>,
    vouches: Vec<Vouch>,
    holders: BTreeMap<DeviceNumber, Holder>,
}

/// What three devices wrote and signed, each after all before.
static WORLD: LazyLock<World> = LazyLock::new(|| {
    let address: Address = ADDRESS.parse().unwrap();
    let mut document = Document::genesis(address.document.kind()).unwrap();
    let (mut changes, mut vouches) = (Vec::new(), Vec::new());
    for place in 0..CHANGES as u32 {
        let device = DeviceNumber(1 + place % WRITERS);
        let fact = Put::Fact(format!("SH{}-{}", device.0, place + 1).parse().unwrap(), vec![place as u8; 20]);
        let written = document.write(Actor { device, session: 1 }, Instant(0), &[fact]).unwrap().unwrap();
        let (number, hashes) = (place / WRITERS + 1, vec![written.hash]);
        let batch = Batch::sign(&key(device), address.clone(), device, number, &hashes, Payload::Raw(Vec::new()));
        vouches.push(Vouch { device, number, hashes, signature: batch.signature });
        changes.push(Change::read(&written.bytes).unwrap());
    }
    let holders = (1..=WRITERS).map(DeviceNumber).map(|device| (device, holder(device))).collect();
    World { changes, vouches, holders }
});

/// Each piece is a part, and each two bytes of it say what is put into it: a change or a signature as it was made, or
/// with one bit of it turned.
pub fn snapshot(bytes: &[u8]) {
    let World { changes, holders, .. } = &*WORLD;
    let made: BTreeSet<ChangeHash> = changes.iter().map(Change::hash).collect();
    let address: Address = ADDRESS.parse().unwrap();
    let mut document = Document::genesis(address.document.kind()).unwrap();
    for piece in super::pieces(bytes, PARTS) {
        let snapshot = part(&address, piece);
        let bytes = Entry::Snapshot(snapshot.clone()).encode();
        assert_eq!(Entry::decode(&address.scope, &bytes), Ok(Entry::Snapshot(snapshot.clone())));
        let Ok(brought) = Change::open(&snapshot.payload) else { continue };
        let Ok(writers) = attestation::check(&snapshot, &brought, |device| holders.get(&device)) else { continue };
        for (change, writer) in brought.iter().zip(&writers) {
            assert!(made.contains(&change.hash()), "nobody made this");
            assert_eq!(change.actor().as_ref(), Some(writer));
        }
        let applied = document.apply(&brought);
        assert_eq!((applied.forked, applied.refused), (Vec::new(), Vec::new()), "its writer made it so");
    }
    let held: BTreeSet<ChangeHash> = document.history().into_iter().skip(1).map(|(hash, ..)| hash).collect();
    assert!(held.is_subset(&made));
    super::documents::is_readable(&document);
}

fn part(address: &Address, piece: &[u8]) -> Snapshot {
    let World { changes, vouches, .. } = &*WORLD;
    let (mut payload, mut said) = (Vec::new(), Vec::new());
    for [choice, turned] in piece.as_chunks::<2>().0 {
        let at = usize::from(choice & 0x3f) % CHANGES;
        if choice & 0x40 == 0 {
            let mut change = changes[at].bytes().to_vec();
            if choice & 0x80 != 0 {
                let place = usize::from(*turned) % change.len();
                change[place] ^= 1 << (choice & 7);
            }
            payload.push(super::documents::with_checksums(&change));
        } else {
            let mut vouch = vouches[at].clone();
            if choice & 0x80 != 0 {
                match turned & 3 {
                    0 => vouch.device = DeviceNumber(u32::from(turned >> 2)),
                    1 => vouch.number ^= u32::from(turned >> 2),
                    2 => vouch.hashes.push(changes[usize::from(turned >> 2) % CHANGES].hash()),
                    _ => vouch.signature.0[usize::from(turned >> 2)] ^= 1 << (choice & 7),
                }
            }
            said.push(vouch);
        }
    }
    let payload = if piece.len().is_multiple_of(2) { Payload::Raw(payload) } else { Payload::pack(payload) };
    Snapshot { address: address.clone(), certificates: Vec::new(), vouches: said, payload }
}

fn key(device: DeviceNumber) -> DeviceKey {
    DeviceKey::from_seed([device.0 as u8; 32])
}

fn holder(device: DeviceNumber) -> Holder {
    Holder {
        device,
        code: format!("SH{}", device.0).parse().unwrap(),
        person: "li-na".parse().unwrap(),
        name: "李娜".to_owned(),
        roles: Role::Scribe.into(),
        villages: ["420529202209".parse().unwrap()].into(),
        may_enrol: false,
        expires: Instant(u64::MAX),
        key: key(device).public(),
        renewal: 0,
    }
}
