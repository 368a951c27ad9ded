//! The beginning of a township that was built elsewhere, such as the sample's, to be laid into an empty log.

use std::collections::BTreeMap;

use shared::id::{ScopeId, UnitCode};
use shared::identity::{Entry, Holder, PublicKey};
use shared::time::Instant;
use shared::wire::Refusal;

use crate::admit;
use crate::error::ServerError;
use crate::log::{Certified, Push};

/// The beginning of a township.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The township's authority.
    pub authority: PublicKey,
    /// The township's division code.
    pub code: UnitCode,
    /// The township's name.
    pub name: String,
    /// The first entries of each scope, in order; a device's certificate stands before its first batch anywhere.
    pub entries: Vec<(ScopeId, Entry)>,
    /// An enrolment link per role: a short name such as `scribe`, and the fragment after `#/enrol/`.
    pub links: Vec<(String, String)>,
}

impl Seed {
    /// Passes every entry through the checks that a phone's pushes pass.
    pub fn admit(self, now: Instant) -> Result<Vec<Push>, ServerError> {
        let mut holders: BTreeMap<_, (Holder, Certified)> = BTreeMap::new();
        let mut pushes: Vec<Push> = Vec::new();
        for (scope, entry) in self.entries {
            match entry {
                Entry::Certificate(certificate) => {
                    let holder = certificate.verify(&self.authority, now);
                    let holder = holder.map_err(|_| ServerError::Entry(Refusal::Certificate))?;
                    let certified = admit::certify(&holder, certificate);
                    holders.insert(holder.device, (holder, certified));
                }
                // A township that begins has decided nothing about anybody yet.
                Entry::Act(_) | Entry::Later(_) => return Err(ServerError::Entry(Refusal::Envelope)),
                // What was built elsewhere brings its own batches.
                Entry::Snapshot(_) => return Err(ServerError::Entry(Refusal::Envelope)),
                Entry::Batch(batch) => {
                    let holder = holders.get(&batch.device).ok_or(ServerError::Entry(Refusal::Certificate))?;
                    let (holder, certificate) = holder;
                    let bytes = Entry::Batch(batch).encode();
                    let prepared =
                        admit::admit(&self.authority, holder, &scope, &bytes, now).map_err(ServerError::Entry)?;
                    pushes.push(Push { certificate: certificate.clone(), batches: vec![prepared], acts: Vec::new() });
                }
            }
        }
        Ok(pushes)
    }

    /// Returns the links as they are kept: one line each, role and link parted by a tab.
    pub fn links_text(&self) -> String {
        self.links.iter().map(|(role, link)| format!("{role}\t{link}\n")).collect()
    }
}
