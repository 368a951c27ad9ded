//! One explicit transaction per command.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::{Document, DocumentError, schema};
use crate::domain::record::FieldValue;
use crate::id::{Actor, FactId};
use crate::identity::batch::ChangeHash;
use crate::time::Instant;

/// One thing to put into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An immutable fact under its number.
    Fact(FactId, Vec<u8>),
    /// A field of a mutable record under its flat key; the value it has already is not written again.
    Field(String, FieldValue),
}

/// One transaction that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The change's hash.
    pub hash: ChangeHash,
    /// The change as it is stored.
    pub bytes: Vec<u8>,
}

impl Document {
    /// Writes everything in one transaction; nothing comes back if the document holds all of it already.
    ///
    /// `at` is kept to the second, which is what people are shown.
    pub fn write(&mut self, actor: Actor, at: Instant, entries: &[Entry]) -> Result<Option<Written>, DocumentError> {
        let (facts, fields) = (self.map(schema::FACTS)?, self.map(schema::FIELDS)?);
        self.inner.set_actor(ActorId::from(actor.to_bytes().as_slice()));
        let mut transaction = self.inner.transaction();
        for entry in entries {
            let put = match entry {
                Entry::Fact(id, bytes) => transaction.put(&facts, id.to_string(), ScalarValue::Bytes(bytes.clone())),
                Entry::Field(key, value) => match transaction.get_all(&fields, key.as_str()) {
                    Ok(values) if holds(&values, value) => Ok(()),
                    Ok(_) => transaction.put(&fields, key.as_str(), scalar(value)),
                    Err(error) => Err(error),
                },
            };
            if put.is_err() {
                transaction.rollback();
                return Err(DocumentError::Transaction);
            }
        }
        let seconds = i64::try_from(at.0 / 1000).unwrap_or(i64::MAX);
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(seconds));
        let Some(hash) = hash else { return Ok(None) };
        let change = self.change(&hash.0)?;
        if let Some(rows) = &mut self.rows {
            let last = self.inner.get_change_meta_by_hash(&hash).map_or(0, |change| change.max_op);
            rows.insert(actor.to_bytes().to_vec(), (change.seq(), last));
        }
        Ok(Some(Written { hash: hash.0, bytes: change.bytes().to_vec() }))
    }

    /// Returns one of the two maps that the genesis made.
    pub(super) fn map(&self, name: &str) -> Result<ObjId, DocumentError> {
        match self.inner.get(ROOT, name) {
            Ok(Some((Value::Object(ObjType::Map), id))) => Ok(id),
            _ => Err(DocumentError::Genesis),
        }
    }
}

/// Tells whether the field has this one value and no other beside it.
fn holds(values: &[(Value<'_>, ObjId)], wanted: &FieldValue) -> bool {
    match values {
        [] => *wanted == FieldValue::Nothing,
        [(value, _)] => from_value(value).as_ref() == Some(wanted),
        _ => false,
    }
}

fn scalar(value: &FieldValue) -> ScalarValue {
    match value {
        FieldValue::Nothing => ScalarValue::Null,
        FieldValue::Flag(value) => ScalarValue::Boolean(*value),
        FieldValue::Number(value) => ScalarValue::Int(*value),
        FieldValue::Text(value) => ScalarValue::Str(value.as_str().into()),
    }
}

/// Reads a value as a field's, if it is of a kind that fields have.
pub(super) fn from_value(value: &Value<'_>) -> Option<FieldValue> {
    match value.as_scalar()? {
        ScalarValue::Null => Some(FieldValue::Nothing),
        ScalarValue::Boolean(value) => Some(FieldValue::Flag(*value)),
        ScalarValue::Int(value) => Some(FieldValue::Number(*value)),
        ScalarValue::Uint(value) => i64::try_from(*value).ok().map(FieldValue::Number),
        ScalarValue::Str(value) => Some(FieldValue::Text(value.to_string())),
        _ => None,
    }
}
