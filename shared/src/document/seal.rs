//! What a sealed result rests on: the heads of its document at that moment.

use super::Document;
use crate::domain::meeting::Seal;

impl Document {
    /// Returns the seal with the heads of the document as it stands; the rules leave them open.
    pub fn seal(&self, seal: &Seal) -> Seal {
        Seal { heads: self.heads(), ..seal.clone() }
    }

    /// Tells whether everything that a seal rests on has arrived here.
    pub fn has_what_was_sealed(&self, seal: &Seal) -> bool {
        seal.heads.iter().all(|head| self.holds(head))
    }
}
