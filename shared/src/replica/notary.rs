//! Holding the relay to its receipts: a log that contradicts one that this device holds is shown and kept as evidence.
//!
//! A receipt names a digest of everything before its position, so a page that does not follow it fails its signature.
//! That alone accuses nobody: a page may be damaged, or another's. So the log is asked for once more from its beginning,
//! and only where the relay's own signature covers another digest at the position of the receipt has it signed two
//! histories. The scope is then left as it is, and the device goes on without that log until a new epoch begins.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::{Cursor, hash_of};
use super::queue::Pending;
use super::status::{Contradiction, RelayTrouble};
use super::{After, Replica};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::ScopeId;
use crate::identity::{Digest, Receipt, Signature};
use crate::wire::{Answered, ScopeAnswer};

const EVIDENCE_ROWS: &str = "contradiction/";

/// What is under way with the relay's word.
#[derive(Debug, Default)]
pub(super) struct Notary {
    /// How far a log that seems to contradict a receipt was read again, and what it says at the receipt's position.
    audits: BTreeMap<ScopeId, (Cursor, Option<Digest>)>,
    /// Scopes that were read again once; a relay that never signs what it shows costs no more than that.
    audited: BTreeSet<ScopeId>,
    /// What was proved.
    contradictions: BTreeMap<ScopeId, (u32, Contradiction)>,
}

impl Notary {
    /// Returns where a scope is to be read from, if it is being read again.
    pub(super) fn cursor(&self, scope: &ScopeId) -> Option<Cursor> {
        self.audits.get(scope).map(|(cursor, _)| *cursor)
    }

    /// Tells whether the relay contradicted itself about a scope in this epoch.
    pub(super) fn is_contradicted(&self, scope: &ScopeId) -> bool {
        self.contradictions.contains_key(scope)
    }

    /// Returns everything that was proved.
    pub(super) fn contradictions(&self) -> Vec<Contradiction> {
        self.contradictions.values().map(|(_, proved)| proved.clone()).collect()
    }

    /// Begins to read a scope again from its beginning, once.
    pub(super) fn doubt(&mut self, scope: &ScopeId, held: Cursor) {
        if held.position > 0 && self.audited.insert(scope.clone()) {
            let cursor = Cursor { epoch: held.epoch, ..Cursor::default() };
            self.audits.insert(scope.clone(), (cursor, None));
        }
    }
}

impl Replica {
    /// Takes a page of a scope that is read again; tells whether nothing more waits at the relay.
    pub(super) fn audit(&mut self, answer: &ScopeAnswer) -> Result<bool, RelayTrouble> {
        let (relay, _) = self.link.relay.ok_or(RelayTrouble::Receipt)?;
        let held = self.cursors.get(&answer.scope).copied().unwrap_or_default();
        let Some((cursor, found)) = self.notary.audits.get(&answer.scope).copied() else { return Ok(false) };
        if answer.epoch != cursor.epoch {
            self.notary.audits.remove(&answer.scope);
            return Ok(false);
        }
        if answer.from != cursor.position {
            return Ok(false);
        }
        let (mut cursor, mut found) = (cursor, found);
        for entry in &answer.entries {
            let hash = match entry {
                Answered::Own(_) => return Ok(false),
                Answered::Theirs(bytes) => hash_of(&answer.scope, bytes)?,
            };
            cursor.position += 1;
            cursor.digest = cursor.digest.then(hash);
            if cursor.position == held.position {
                found = Some(cursor.digest);
            }
        }
        let receipt = Receipt {
            scope: answer.scope.clone(),
            epoch: cursor.epoch,
            position: cursor.position,
            digest: cursor.digest,
        };
        let signed = answer.signature.filter(|signature| receipt.verify(&relay, signature).is_ok());
        match (signed, found) {
            (Some(signature), Some(theirs)) => {
                self.notary.audits.remove(&answer.scope);
                if theirs == held.digest {
                    return Ok(false);
                }
                let proved =
                    Contradiction { scope: answer.scope.clone(), position: held.position, ours: held.digest, theirs };
                self.keep_contradiction(proved, held, &receipt, signature);
                Ok(true)
            }
            (Some(_), None) => {
                self.notary.audits.insert(answer.scope.clone(), (cursor, None));
                Ok(false)
            }
            (None, _) => {
                self.notary.audits.remove(&answer.scope);
                Err(RelayTrouble::Receipt)
            }
        }
    }

    fn keep_contradiction(&mut self, proved: Contradiction, held: Cursor, receipt: &Receipt, signature: Signature) {
        let mut writer = Writer::new();
        writer.array(7).uint(held.epoch.into()).uint(held.position).bytes(&held.digest.0);
        match held.receipt {
            Some(signature) => writer.bytes(&signature.0),
            None => writer.null(),
        };
        // Both signatures are the relay's own: together they prove that it signed two histories.
        writer
            .bytes(&proved.theirs.0)
            .uint(receipt.position)
            .bytes(&[receipt.digest.0.as_slice(), &signature.0].concat());
        let row = (format!("{EVIDENCE_ROWS}{}", proved.scope), writer.finish());
        self.queue.push(Pending::<After> { puts: vec![row], ..Pending::default() });
        self.notary.contradictions.insert(proved.scope.clone(), (held.epoch, proved));
        self.changed = true;
    }

    /// Reads a row of evidence back; nothing comes back for another's.
    pub(super) fn load_contradiction(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        let scope: ScopeId = key.strip_prefix(EVIDENCE_ROWS)?.parse().ok()?;
        let read = (|| {
            let mut reader = Reader::new(value);
            reader.array(7)?;
            let (epoch, position, ours) = (reader.uint()?, reader.uint()?, Digest(reader.fixed()?));
            reader.skip()?;
            let theirs = Digest(reader.fixed()?);
            Ok::<_, DecodeError>((epoch, Contradiction { scope: scope.clone(), position, ours, theirs }))
        })();
        let is_read = read.is_ok();
        self.notary.contradictions.extend(read.ok().map(|proved| (scope, proved)));
        Some(is_read)
    }

    /// Trusts a relay anew whose epoch is another: it says itself that its log is not the one before.
    pub(super) fn begin_epoch(&mut self, epoch: u32) {
        self.notary.contradictions.retain(|_, (of, _)| *of == epoch);
        self.notary.audits.retain(|_, (cursor, _)| cursor.epoch == epoch);
    }
}
