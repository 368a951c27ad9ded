//! How much of each writer the relay holds of a document, by which phones and a restored relay find what either lacks.

use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::DocumentId;
use crate::identity::batch::PAYLOAD_CHANGES;

/// The bytes of one writer's row at most, on the wire.
const WRITER_BYTES: usize = 8 + 9;

/// What the relay holds of one document: of every writer all changes up to a place, since it takes none after a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// The document.
    pub document: DocumentId,
    /// Each writer's eight bytes and the place of its last change, from 1.
    pub writers: Vec<([u8; 8], u64)>,
}

impl Holdings {
    /// Returns how many bytes of a message it takes at most, its document's name aside.
    pub fn size(&self) -> usize {
        self.writers.len() * WRITER_BYTES
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.array(1 + 2 * self.writers.len()).document(&self.document);
        for (actor, seq) in &self.writers {
            writer.bytes(actor).uint(*seq);
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // No document has more writers than changes.
        let values = reader.list(1 + 2 * PAYLOAD_CHANGES)?;
        if values % 2 == 0 {
            return Err(DecodeError::Shape);
        }
        let document = reader.document()?;
        let mut writers = Vec::new();
        for _ in 0..values / 2 {
            writers.push((reader.fixed()?, reader.uint()?));
        }
        Ok(Self { document, writers })
    }
}
