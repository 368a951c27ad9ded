//! Others' signatures, kept so that this phone can hand their changes on: those over each writer's last changes, and some
//! on the way there, so that what does not fit one snapshot can be brought in parts.

use std::collections::{BTreeMap, BTreeSet};

use super::journal::Shelf;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::{Chains, Change};
use crate::id::{Actor, Address, DeviceNumber};
use crate::identity::Vouch;
use crate::identity::batch::ChangeHash;

/// How many changes of a document lie between two signatures of one writer that are kept though later ones cover them:
/// so many fit a snapshot several times over.
const PART_CHANGES: usize = 1024;

/// Signed heads of batches by document, writer and number, packed as they lie on disk: few are ever looked at.
#[derive(Debug, Default)]
pub(super) struct Vouches(BTreeMap<(Address, Actor, u32), Kept>);

#[derive(Debug)]
struct Kept {
    key: String,
    bytes: Vec<u8>,
}

fn key(address: &Address, actor: Actor, number: u32) -> String {
    format!("vouch/{address}/{:016x}.{number:08x}", u64::from_be_bytes(actor.to_bytes()))
}

impl Vouches {
    /// Takes in a signature over some of these changes; returns the rows to keep.
    ///
    /// A later batch of a writer vouches for the earlier ones, which may come again from a log that was cut short.
    pub(super) fn insert(&mut self, address: &Address, vouch: &Vouch, changes: &[Change]) -> Vec<(String, Vec<u8>)> {
        let signed = changes.iter().filter(|change| vouch.hashes.contains(&change.hash()));
        let actors: BTreeSet<Actor> = signed.filter_map(Change::actor).collect();
        let mut writer = Writer::new();
        vouch.write(&mut writer);
        let bytes = writer.finish();
        let row = |actor| {
            let from = (address.clone(), actor, vouch.number);
            if self.0.range(from.clone()..=(address.clone(), actor, u32::MAX)).next().is_some() {
                return None;
            }
            let key = key(address, actor, vouch.number);
            self.0.insert(from, Kept { key: key.clone(), bytes: bytes.clone() });
            Some((key, bytes.clone()))
        };
        actors.into_iter().filter_map(row).collect()
    }

    /// Reads a row back, without its key's beginning.
    ///
    /// The first version kept one signature of each writer, under a key without a number.
    pub(super) fn load(&mut self, place: &str, value: &[u8]) -> Option<()> {
        let (address, actor) = place.rsplit_once('/')?;
        let actor = actor.split_once('.').map_or(actor, |(actor, _)| actor);
        let actor = Actor::from_bytes(&u64::from_str_radix(actor, 16).ok()?.to_be_bytes())?;
        let number = read(value).ok()?.number;
        let kept = Kept { key: format!("vouch/{place}"), bytes: value.to_vec() };
        self.0.insert((address.parse().ok()?, actor, number), kept);
        Some(())
    }

    /// Forgets the signatures of a document that add nothing to the others; returns the keys of their rows.
    pub(super) fn thin(&mut self, address: &Address, shelf: &Shelf) -> Vec<String> {
        let of_document = || self.0.iter().filter(|((of, ..), _)| of == address);
        if of_document().nth(1).is_none() {
            return Vec::new();
        }
        let order: BTreeMap<ChangeHash, usize> =
            shelf.document.history().into_iter().enumerate().map(|(place, (hash, ..))| (hash, place)).collect();
        let mut vouches: Vec<(usize, Vouch)> = Vec::new();
        for vouch in of_document().filter_map(|(_, kept)| read(&kept.bytes).ok()) {
            // What is not here yet may be vouched for by nothing else.
            let place = vouch.hashes.iter().map(|hash| order.get(hash).copied()).max().flatten().unwrap_or(usize::MAX);
            vouches.push((place, vouch));
        }
        vouches.sort_by_key(|(place, _)| *place);
        let needed =
            Chains::of_document(&shelf.document).sparing(vouches.iter().map(|(_, vouch)| vouch.clone()).collect());
        let needed: BTreeSet<(DeviceNumber, u32)> = needed.iter().map(|vouch| (vouch.device, vouch.number)).collect();
        // Of each writer some on the way: a part needs a signature of everybody who wrote in it.
        let mut last: BTreeMap<DeviceNumber, usize> = BTreeMap::new();
        let mut kept: BTreeSet<(DeviceNumber, u32)> = BTreeSet::new();
        for (place, vouch) in vouches {
            let before = last.entry(vouch.device).or_insert(0);
            let is_far = place.saturating_sub(*before) >= PART_CHANGES;
            if is_far || needed.contains(&(vouch.device, vouch.number)) {
                kept.insert((vouch.device, vouch.number));
                *before = place;
            }
        }
        let mut superfluous = Vec::new();
        self.0.retain(|(of, actor, number), row| {
            let stays = of != address || kept.contains(&(actor.device, *number));
            if !stays {
                superfluous.push(std::mem::take(&mut row.key));
            }
            stays
        });
        superfluous
    }

    /// Returns what vouches for the changes that these devices made in a document; what cannot be read is left out.
    pub(super) fn of(&self, address: &Address, devices: &BTreeSet<DeviceNumber>) -> Vec<Vouch> {
        let rows = self.0.iter().filter(|((of, actor, _), _)| of == address && devices.contains(&actor.device));
        let mut vouches: Vec<Vouch> = rows.filter_map(|(_, kept)| read(&kept.bytes).ok()).collect();
        vouches.sort_by_key(|vouch| (vouch.device, vouch.number));
        vouches.dedup();
        vouches
    }
}

fn read(bytes: &[u8]) -> Result<Vouch, DecodeError> {
    let mut reader = Reader::new(bytes);
    let vouch = Vouch::read(&mut reader)?;
    reader.end()?;
    Ok(vouch)
}
