//! Changes, with their checksums put right so that what lies behind them is reached, and whole documents.

use sha2::{Digest, Sha256};
use shared::document::read::Skipped;
use shared::document::{Change, Document};
use shared::id::DocumentKind;
use shared::identity::Payload;
use shared::identity::batch::EXPANDED_BYTES;

const KINDS: [DocumentKind; 4] =
    [DocumentKind::Registry, DocumentKind::Rulebooks, DocumentKind::Roster, DocumentKind::Meeting];

/// A mark of four bytes, a checksum of four, a type and a length stand before each chunk's content.
const MARK: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The first byte chooses what kind of document it is, and whether the rest is a bundle or pieces of one change each.
pub fn change(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let payload = match choice & 4 {
        0 => Payload::Raw(super::pieces(rest, 8).into_iter().map(with_checksums).collect()),
        _ => Payload::Bundle(with_checksums(rest)),
    };
    let Ok(changes) = Change::open(&payload) else { return };
    assert!(changes.iter().map(|change| change.bytes().len()).sum::<usize>() <= EXPANDED_BYTES);
    for change in &changes {
        assert_eq!(Change::read(change.bytes()).as_ref(), Ok(change), "what was opened is read again");
    }
    let mut document = Document::genesis(KINDS[usize::from(choice & 3)]).unwrap();
    document.apply(&changes);
    let heads = document.heads();
    assert!(!document.apply(&changes).changed, "applying twice equals applying once");
    assert_eq!(document.heads(), heads);
    is_readable(&document);
}

/// The first byte chooses the kind. A whole document is read from the device's own disk alone, so that it is damaged and
/// never forged: its checksum is left as it is. What comes from elsewhere comes as changes.
pub fn document(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let Ok(document) = Document::load(KINDS[usize::from(choice & 3)], rest) else { return };
    is_readable(&document);
}

/// Reading never fails, never changes anything, and gives the same after the document was saved and loaded.
fn is_readable(document: &Document) {
    let (facts, fields) = (document.facts(&Default::default()), document.fields());
    let keys = facts.skipped.iter().filter_map(|skipped| match skipped {
        Skipped::Malformed(key) => Some(key),
        Skipped::ForeignNumber(_) => None,
    });
    assert!(keys.chain(fields.keys()).all(|key| str::from_utf8(key.as_bytes()).is_ok()), "a key is no text");
    assert!(facts.facts.iter().all(|fact| document.has_fact(&fact.id) && document.holds(&fact.change)));
    let again = Document::load(document.kind(), &document.save()).unwrap();
    assert_eq!(again.heads(), document.heads());
    assert_eq!((again.facts(&Default::default()), again.fields()), (facts, fields));
}

/// Puts the checksum of every chunk right.
pub(crate) fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut mended = bytes.to_vec();
    let mut at = 0;
    while let Some(head) = mended.get(at..).filter(|rest| rest.len() > 10 && rest.starts_with(&MARK)) {
        let (mut length, mut digits) = (0_u64, 9);
        for (place, byte) in head[9..].iter().take(9).enumerate() {
            length |= u64::from(byte & 0x7f) << (7 * place);
            digits += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let end = usize::try_from(length).unwrap_or(usize::MAX).saturating_add(at + digits);
        let Some(content) = mended.get(at + 8..end) else { break };
        let sum = Sha256::digest(content);
        mended[at + 4..at + 8].copy_from_slice(&sum[..4]);
        at = end;
    }
    mended
}
