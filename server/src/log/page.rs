//! One page of a log: as many entries after a position as fit.

use shared::id::{DeviceNumber, ScopeId};
use shared::wire::PAGE_ENTRIES;

use super::Kept;
use super::store::Store;
use crate::error::LogError;

/// Entries that are read without asking for their sizes first.
const FEW_ENTRIES: usize = 8;

/// What stands around an entry in an answer, in bytes: the head of a byte string.
const AROUND_ENTRY: usize = 5;

/// Returns how many bytes of an answer an entry of so many bytes takes, at most.
pub fn taken(entry: usize) -> usize {
    entry + AROUND_ENTRY
}

/// What a page still takes.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// How many bytes.
    pub left: usize,
    /// Whether the next entry is taken whatever its size.
    pub at_least_one: bool,
}

impl Room {
    /// Takes an entry of so many bytes, none for an own one, of which a number is given back, if it fits or is the first of a page that must not be empty.
    pub fn takes(&mut self, size: usize) -> bool {
        let size = if size == 0 { 0 } else { taken(size) };
        let fits = size <= self.left || self.at_least_one;
        self.left = self.left.saturating_sub(size);
        self.at_least_one = false;
        fits
    }
}

/// How large an entry is, and whose.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How many bytes.
    pub bytes: usize,
    /// The device that pushed it.
    pub device: DeviceNumber,
    /// The device's number of the batch; 0 for a certificate.
    pub number: u32,
}

/// Returns the entries after a position while they fit; those that are `own` take no room.
///
/// Most phones are a few entries behind: those are read at once. A phone that is far behind is told their sizes first,
/// since an entry may be large and only what fits is to be held in memory.
pub async fn read(
    store: &Store,
    scope: &ScopeId,
    after: u64,
    room: Room,
    own: impl Fn(DeviceNumber, u32) -> bool,
) -> Result<Vec<Kept>, LogError> {
    let mut found = store.entries(scope, after, FEW_ENTRIES).await?;
    if found.len() == FEW_ENTRIES {
        let sizes = store.sizes(scope, after, PAGE_ENTRIES).await?;
        let mut room = room;
        let fits = |size: &&Size| room.takes(if own(size.device, size.number) { 0 } else { size.bytes });
        let count = sizes.iter().take_while(fits).count();
        found = store.entries(scope, after, count).await?;
    }
    let mut room = room;
    let fits = |kept: &Kept| room.takes(if own(kept.device, kept.number) { 0 } else { kept.bytes.len() });
    Ok(found.into_iter().take_while(fits).collect())
}
