//! Reading: never fails, never writes, and gives the same on every device that holds the same changes.

use std::collections::BTreeMap;

use automerge::{ObjId, ReadDoc, ScalarValue};

use super::write::from_value;
use super::{Document, schema};
use crate::domain::record::FieldValue;
use crate::id::{Actor, DeviceCode, DeviceNumber, FactId, PersonId};
use crate::identity::batch::ChangeHash;
use crate::time::Instant;

/// What certificates say of a device whose number stands in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAuthor {
    /// Its short name, which begins the number of each of its facts.
    pub code: DeviceCode,
    /// Who holds it.
    pub person: PersonId,
}

/// Every device whose certificate has arrived, by number.
pub type Authors = BTreeMap<DeviceNumber, KnownAuthor>;

/// One value that stands under a fact's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFact {
    /// The number.
    pub id: FactId,
    /// Who wrote the value.
    pub actor: Actor,
    /// What the writer's clock said, to the second.
    pub at: Instant,
    /// The change that holds it.
    pub change: ChangeHash,
    /// The packed value.
    pub bytes: Vec<u8>,
}

/// A key of the facts that is passed over, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// The key is not a fact's number, its value not bytes, or its writer not a device.
    Malformed(String),
    /// The number belongs to another device than the one that wrote it.
    ForeignNumber(FactId),
}

/// Everything the facts of a document say, and what was passed over; both in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawFacts {
    /// Facts by number; concurrent values of one number stand beside each other.
    pub facts: Vec<RawFact>,
    /// What was passed over.
    pub skipped: Vec<Skipped>,
}

/// One field of a mutable record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The value that every device shows: the same one everywhere.
    pub value: FieldValue,
    /// Other values that were written at the same time; empty where nobody disagreed.
    pub others: Vec<FieldValue>,
}

impl Document {
    /// Reads every fact, with its author checked against the number it wrote under.
    ///
    /// A device whose certificate has not arrived is believed for the time being: its signature is not.
    pub fn facts(&self, authors: &Authors) -> RawFacts {
        let clock = Clock::of(self);
        let mut read = RawFacts::default();
        let Ok(map) = self.map(schema::FACTS) else { return read };
        for item in self.inner.map_range(&map, ..) {
            let key = item.key.as_ref().to_owned();
            let id = key.parse::<FactId>();
            // Looking a key up costs as much as all the rest, and a number that was given once has one value: this one.
            let values = match item.conflict {
                true => self.inner.get_all(&map, key.as_str()).unwrap_or_default(),
                false => vec![(item.value.clone().into(), item.id())],
            };
            for (value, op) in values {
                let bytes = match value.as_scalar() {
                    Some(ScalarValue::Bytes(bytes)) => bytes.clone(),
                    _ => {
                        read.skipped.push(Skipped::Malformed(key.clone()));
                        continue;
                    }
                };
                let (Ok(id), Some((actor, at, change))) = (&id, clock.read(&op)) else {
                    read.skipped.push(Skipped::Malformed(key.clone()));
                    continue;
                };
                if authors.get(&actor.device).is_some_and(|author| author.code != id.device) {
                    read.skipped.push(Skipped::ForeignNumber(id.clone()));
                    continue;
                }
                read.facts.push(RawFact { id: id.clone(), actor, at, change, bytes });
            }
        }
        // Keys order as text, `SH3-10` before `SH3-9`; numbers order as numbers.
        read.facts.sort_by(|a, b| (&a.id, a.actor, &a.bytes).cmp(&(&b.id, b.actor, &b.bytes)));
        read
    }

    /// Tells whether a value stands under a fact's number.
    pub fn has_fact(&self, id: &FactId) -> bool {
        let map = self.map(schema::FACTS);
        map.is_ok_and(|map| matches!(self.inner.get(&map, id.to_string()), Ok(Some(_))))
    }

    /// Returns the packed values that stand under a fact's number; several only where it was given twice.
    pub fn values_of(&self, id: &FactId) -> Vec<Vec<u8>> {
        let Ok(map) = self.map(schema::FACTS) else { return Vec::new() };
        let values = self.inner.get_all(&map, id.to_string()).unwrap_or_default();
        let bytes = |value: &automerge::Value<'_>| value.as_scalar().and_then(|value| value.as_bytes().map(Vec::from));
        values.iter().filter_map(|(value, _)| bytes(value)).collect()
    }

    /// Reads every field of every mutable record by its flat key; values of kinds that fields never have are left out.
    pub fn fields(&self) -> BTreeMap<String, Field> {
        let mut fields = BTreeMap::new();
        let Ok(map) = self.map(schema::FIELDS) else { return fields };
        for item in self.inner.map_range(&map, ..) {
            let key = item.key.into_owned();
            let Some(value) = from_value(&item.value.into()) else { continue };
            let mut others = Vec::new();
            if item.conflict {
                let values = self.inner.get_all(&map, key.as_str()).unwrap_or_default();
                others.extend(values.iter().filter_map(|(other, _)| from_value(other)).filter(|other| *other != value));
                others.sort();
                others.dedup();
            }
            fields.insert(key, Field { value, others });
        }
        fields
    }
}

/// Each writer's changes by their last operation, with what its clock said.
struct Clock(BTreeMap<Vec<u8>, Vec<(u64, i64, ChangeHash)>>);

impl Clock {
    fn of(document: &Document) -> Self {
        let mut rows: BTreeMap<Vec<u8>, Vec<(u64, i64, ChangeHash)>> = BTreeMap::new();
        for change in document.inner.get_changes_meta(&[]) {
            rows.entry(change.actor.to_bytes().to_vec()).or_default().push((
                change.max_op,
                change.timestamp,
                change.hash.0,
            ));
        }
        rows.values_mut().for_each(|row| row.sort_unstable());
        Self(rows)
    }

    /// Returns who made an operation, when, and in which change.
    fn read(&self, op: &ObjId) -> Option<(Actor, Instant, ChangeHash)> {
        let ObjId::Id(counter, actor, _) = op else { return None };
        let row = self.0.get(actor.to_bytes())?;
        let at = row.partition_point(|(max_op, ..)| max_op < counter);
        let (_, seconds, change) = row.get(at)?;
        let at = Instant(u64::try_from(*seconds).unwrap_or(0).saturating_mul(1000));
        Some((Actor::from_bytes(actor.to_bytes())?, at, *change))
    }
}
