//! Others' signatures, kept so that this phone can hand their changes on: of each writer the one over its last change.

use std::collections::{BTreeMap, BTreeSet};

use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::Change;
use crate::id::{Actor, Address, DeviceNumber};
use crate::identity::Vouch;

/// Signed heads of batches by document and writer, packed as they lie on disk: few are ever looked at.
#[derive(Debug, Default)]
pub(super) struct Vouches(BTreeMap<(Address, Actor), Vec<u8>>);

fn key(address: &Address, actor: Actor) -> String {
    format!("vouch/{address}/{:016x}", u64::from_be_bytes(actor.to_bytes()))
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
            let place = (address.clone(), actor);
            let known = self.0.get(&place).and_then(|bytes| read(bytes).ok());
            if known.is_some_and(|known| known.number >= vouch.number) {
                return None;
            }
            self.0.insert(place, bytes.clone());
            Some((key(address, actor), bytes.clone()))
        };
        actors.into_iter().filter_map(row).collect()
    }

    /// Reads a row back, without its key's beginning.
    pub(super) fn load(&mut self, key: &str, value: &[u8]) -> Option<()> {
        let (address, actor) = key.rsplit_once('/')?;
        let actor = Actor::from_bytes(&u64::from_str_radix(actor, 16).ok()?.to_be_bytes())?;
        self.0.insert((address.parse().ok()?, actor), value.to_vec());
        Some(())
    }

    /// Returns what vouches for the changes that these devices made in a document; what cannot be read is left out.
    pub(super) fn of(&self, address: &Address, devices: &BTreeSet<DeviceNumber>) -> Vec<Vouch> {
        let rows = self.0.iter().filter(|((of, actor), _)| of == address && devices.contains(&actor.device));
        let mut vouches: Vec<Vouch> = rows.filter_map(|(_, bytes)| read(bytes).ok()).collect();
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
