//! Which of the changes that arrive a document takes.
//!
//! Automerge takes it for granted that a change is what its own writer makes: that its operations are counted on from
//! those it rests on, that it follows values that stand where it writes, and that it names nobody it has not met. A
//! document into which something else gets cannot be read back from its own bytes. What is looked at is a change and
//! what it rests on, so that every device decides alike.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, ChangeHash as Hash, ObjId, ObjType, ReadDoc};

use super::super::{Document, schema};
use super::Change;
use crate::identity::batch::ChangeHash;

/// For each writer the number of changes that a document holds, and the last operation of the last one.
pub(in crate::document) type Rows = BTreeMap<Vec<u8>, (u64, u64)>;

/// The operations of the genesis: one for each of its two maps.
const GENESIS_OPERATIONS: u64 = 2;

/// What became of changes that rest on nothing that is missing and are not part of the document.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub forked: Vec<ChangeHash>,
    pub refused: Vec<ChangeHash>,
}

/// Takes changes, and those that wait, as far as nothing is missing that they rest on.
pub(super) fn take(document: &mut Document, changes: &[Change]) -> Taken {
    let rows = document.rows.take().unwrap_or_else(|| rows_of(document));
    let waiting: Vec<Change> = document.waiting.values().cloned().collect();
    let mut taking = Taking { document, rows, pending: Vec::new(), last: BTreeMap::new(), taken: Taken::default() };
    let mut open: Vec<&Change> = changes.iter().chain(&waiting).collect();
    // Batches come in an order in which the second round finds nothing.
    loop {
        let before = open.len();
        open.retain(|change| !taking.settle(change));
        if open.len() == before {
            break;
        }
    }
    taking.flush();
    let Taking { rows, taken, .. } = taking;
    document.rows = Some(rows);
    taken
}

fn rows_of(document: &Document) -> Rows {
    let mut rows = Rows::new();
    for change in document.inner.get_changes_meta(&[]) {
        let row = rows.entry(change.actor.to_bytes().to_vec()).or_default();
        *row = (*row).max((change.seq, change.max_op));
    }
    rows
}

struct Taking<'a> {
    document: &'a mut Document,
    rows: Rows,
    /// Changes that are to be applied together.
    pending: Vec<Change>,
    /// The last operation of each of those.
    last: BTreeMap<ChangeHash, u64>,
    taken: Taken,
}

impl Taking<'_> {
    /// Takes or refuses a change; tells whether it is dealt with and does not wait.
    fn settle(&mut self, change: &Change) -> bool {
        let hash = change.hash();
        if self.last.contains_key(&hash) || self.taken.refused.contains(&hash) || self.document.holds(&hash) {
            return true;
        }
        let mut counted = Some(0);
        for dependency in change.dependencies() {
            let Some(last) = self.last_operation(&dependency) else { return false };
            counted = counted.max(Some(last));
        }
        let writer = change.0.actor_id().to_bytes();
        let (seq, last) = self.rows.get(writer).copied().unwrap_or_default();
        if change.seq() <= seq {
            // Another change stands there, which Automerge is left to say.
            self.flush();
            self.pending.push(change.clone());
            self.flush();
            return true;
        }
        let first = change.0.start_op().get();
        let continues = change.seq() == seq + 1 && first > last && Some(first - 1) == counted;
        if continues && self.knows_others(change) && self.follows(change) {
            let last = first.saturating_add(change.0.len() as u64).saturating_sub(1);
            self.rows.insert(writer.to_vec(), (change.seq(), last));
            self.last.insert(hash, last);
            self.pending.push(change.clone());
        } else {
            self.taken.refused.push(hash);
        }
        true
    }

    fn last_operation(&self, hash: &ChangeHash) -> Option<u64> {
        let known = || self.document.inner.get_change_meta_by_hash(&Hash(*hash)).map(|change| change.max_op);
        self.last.get(hash).copied().or_else(known)
    }

    fn knows_others(&self, change: &Change) -> bool {
        let others = change.0.other_actor_ids().iter();
        others.map(ActorId::to_bytes).all(|other| self.rows.contains_key(other))
    }

    /// Tells whether a change writes into maps that there are and follows values that stand under its keys.
    fn follows(&mut self, change: &Change) -> bool {
        let operations = change.0.decode().operations;
        let genesis = schema::genesis_actor(self.document.kind);
        let mut own: BTreeMap<(ObjectId, String), OpId> = BTreeMap::new();
        let mut made = BTreeSet::new();
        for (counter, operation) in (change.0.start_op().get()..).zip(operations) {
            let id = OpId(counter, change.0.actor_id().clone());
            let Key::Map(key) = &operation.key else { return false };
            let place = (operation.obj.clone(), key.to_string());
            let ours = match &operation.obj {
                ObjectId::Id(OpId(counter, actor)) => {
                    actor.to_bytes() == genesis && (1..=GENESIS_OPERATIONS).contains(counter)
                }
                ObjectId::Root => true,
            };
            if !ours && !made.contains(&operation.obj) && !self.is_map(&operation.obj) {
                return false;
            }
            let followed: Vec<&OpId> = operation.pred.iter().collect();
            let removes = matches!(operation.action, OpType::Delete);
            let follows = match own.get(&place) {
                Some(last) => followed == [last] && !removes,
                None if removes => !followed.is_empty() && self.stand_at(change, &place, &followed),
                None => followed.is_empty() || self.stand_at(change, &place, &followed),
            };
            if !follows {
                return false;
            }
            if matches!(operation.action, OpType::Make(_)) {
                made.insert(ObjectId::Id(id.clone()));
            }
            if !removes {
                own.insert(place, id);
            }
        }
        true
    }

    fn is_map(&mut self, object: &ObjectId) -> bool {
        self.flush();
        matches!(self.document.inner.object_type(exported(object)), Ok(ObjType::Map))
    }

    /// Tells whether values stood in a place when a change was made that follows them.
    fn stand_at(&mut self, change: &Change, (object, key): &(ObjectId, String), followed: &[&OpId]) -> bool {
        self.flush();
        let values =
            self.document.inner.get_all_at(exported(object), key.as_str(), change.0.deps()).unwrap_or_default();
        let stands = |id: &OpId| {
            values
                .iter()
                .any(|(_, value)| matches!(value, ObjId::Id(counter, actor, _) if (*counter, actor) == (id.0, &id.1)))
        };
        followed.iter().all(|id| stands(id))
    }

    /// Applies what is pending.
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.last.clear();
        if self.document.inner.apply_changes(pending.iter().map(|change| change.0.clone())).is_ok() {
            return;
        }
        // One change of the batch cannot be taken; one at a time tells which. What rests on it waits.
        for change in pending {
            let rests = change.dependencies().iter().all(|hash| self.document.holds(hash));
            if rests && self.document.inner.apply_changes([change.0.clone()]).is_err() {
                self.taken.forked.push(change.hash());
            }
        }
        self.rows = rows_of(self.document);
    }
}

fn exported(object: &ObjectId) -> ObjId {
    match object {
        ObjectId::Root => ObjId::Root,
        ObjectId::Id(OpId(counter, actor)) => ObjId::Id(*counter, actor.clone(), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Entry, FieldValue};
    use crate::id::{Actor, DeviceNumber, DocumentKind};
    use crate::time::Instant;

    const KIND: DocumentKind = DocumentKind::Meeting;

    type Edit = Box<dyn Fn(&mut automerge::ExpandedChange)>;

    fn name(document: &mut Document, name: &str) -> Change {
        let actor = Actor { device: DeviceNumber(1), session: 7 };
        let entry = Entry::Field("person:p.name".to_owned(), FieldValue::Text(name.to_owned()));
        Change::read(&document.write(actor, Instant(0), &[entry]).unwrap().unwrap().bytes).unwrap()
    }

    fn follows(id: OpId) -> Edit {
        Box::new(move |change| change.operations[0].pred = vec![id.clone()].into())
    }

    /// Fuzzing made changes that Automerge reads and applies, and a document with one of them in it could not be read back
    /// from its own bytes: the program ended at its next start, on every phone that had taken it.
    #[test]
    fn a_change_that_claims_what_is_not_so_is_left_out() {
        let (genesis, mut a) = (ActorId::from(schema::genesis_actor(KIND)), Document::genesis(KIND).unwrap());
        let one = name(&mut a, "李");
        let two = name(&mut a, "王");
        let (own, stranger) = (one.0.actor_id().clone(), ActorId::from([9; 8].as_slice()));
        let forgeries: [(&str, Edit); 7] = [
            ("counted on from elsewhere", Box::new(|change| change.start_op = 90.try_into().unwrap())),
            ("counted over what there is", Box::new(|change| change.start_op = 3.try_into().unwrap())),
            ("not the next in its row", Box::new(|change| change.seq = 3)),
            ("follows what stands elsewhere", follows(OpId(1, genesis))),
            ("follows what is not there", follows(OpId(70, own.clone()))),
            ("follows somebody unknown", follows(OpId(3, stranger))),
            (
                "writes into what is no map",
                Box::new(move |change| change.operations[0].obj = ObjectId::Id(OpId(3, own.clone()))),
            ),
        ];
        for (what, edit) in forgeries {
            let mut b = Document::genesis(KIND).unwrap();
            b.apply(std::slice::from_ref(&one));
            let mut forged = two.0.decode();
            edit(&mut forged);
            let forged = Change(automerge::Change::from(forged));
            let applied = b.apply(std::slice::from_ref(&forged));
            assert_eq!((applied.changed, applied.refused), (false, vec![forged.hash()]), "{what}");
            assert!(b.apply(std::slice::from_ref(&two)).changed, "{what}: the honest one is taken");
            let again = Document::load(KIND, &b.save()).unwrap();
            assert_eq!((again.heads(), again.fields()), (a.heads(), a.fields()), "{what}");
        }
    }
}
