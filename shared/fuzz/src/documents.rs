//! Changes, with their checksums put right so that what lies behind them is reached, and what is written and kept on a disk.

use sha2::{Digest, Sha256};
use shared::document::read::Skipped;
use shared::document::{Change, Document, Entry, FieldValue};
use shared::id::{Actor, DeviceNumber, DocumentKind, FactId};
use shared::identity::Payload;
use shared::identity::batch::EXPANDED_BYTES;
use shared::time::Instant;

const KINDS: [DocumentKind; 4] =
    [DocumentKind::Registry, DocumentKind::Rulebooks, DocumentKind::Roster, DocumentKind::Meeting];

/// The most things that two phones write into one document.
const PIECES: usize = 24;
/// A mark of four bytes, a checksum of four, a type and a length stand before each chunk's content.
pub(crate) const MARK: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

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

/// The first byte chooses the kind, and whether the rest is a document that nobody saved, or what two phones write and
/// what then becomes of it on a disk.
///
/// A whole document is read from the device's own disk alone, so that it is damaged and never forged: its checksum does
/// not hold. What comes from elsewhere comes as changes.
pub fn document(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let kind = DocumentKind::ALL[usize::from(choice & 0x7f) % DocumentKind::ALL.len()];
    if choice & 0x80 == 0 {
        assert!(Document::load(kind, &damaged_at_least(rest)).is_err(), "nobody saved this");
        return;
    }
    let pieces = super::pieces(rest, PIECES);
    let Some((damage, wishes)) = pieces.split_first() else { return };
    let document = written(kind, wishes);
    is_readable(&document);
    let saved = document.save();
    let mut damaged = saved.clone();
    for (at, [high, low, flips]) in damage.as_chunks::<3>().0.iter().enumerate() {
        let place = usize::from(u16::from_be_bytes([*high, *low])) % saved.len();
        match (at, flips) {
            (0, 0) => damaged.truncate(place),
            _ => damaged.get_mut(place).into_iter().for_each(|byte| *byte ^= flips),
        }
    }
    if damaged != saved {
        assert!(Document::load(kind, &damaged_at_least(&damaged)).is_err(), "the damage shows");
    }
}

/// Breaks the checksum where it holds: whoever makes one that does has not damaged anything.
pub(crate) fn damaged_at_least(bytes: &[u8]) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    if with_checksums(bytes) == bytes && bytes.starts_with(&MARK) {
        damaged.get_mut(MARK.len()).into_iter().for_each(|byte| *byte ^= 1);
    }
    damaged
}

/// Two phones write what the pieces say, and hear of each other where a piece says so and at the end.
fn written(kind: DocumentKind, wishes: &[&[u8]]) -> Document {
    let mut phones = [Document::genesis(kind).unwrap(), Document::genesis(kind).unwrap()];
    let mut changes = Vec::new();
    for (place, wish) in wishes.iter().enumerate() {
        let Some((&choice, value)) = wish.split_first() else { continue };
        let who = usize::from(choice & 1);
        let key = format!("person:p-{}.name", choice >> 5);
        let entry = match choice >> 1 & 7 {
            0 => Entry::Fact(format!("SH{who}-{}", choice >> 5).parse().unwrap_or_else(|_| first()), value.to_vec()),
            1 | 2 => Entry::Fact(format!("SH{who}-{}", place + 1).parse().unwrap(), value.to_vec()),
            3 => Entry::Field(String::from_utf8_lossy(value).into_owned(), FieldValue::Flag(true)),
            4 => Entry::Field(key, FieldValue::Nothing),
            5 => Entry::Field(key, FieldValue::Number(value.iter().fold(0, |sum, byte| sum << 8 | i64::from(*byte)))),
            _ => Entry::Field(key, FieldValue::Text(String::from_utf8_lossy(value).into_owned())),
        };
        let actor = Actor { device: DeviceNumber(who as u32 + 1), session: 1 };
        let written = phones[who].write(actor, Instant(place as u64 * 1000), &[entry]).unwrap();
        changes.extend(written.map(|written| Change::read(&written.bytes).unwrap()));
        if choice & 0x10 != 0 {
            phones.iter_mut().for_each(|phone| _ = phone.apply(&changes));
        }
    }
    let [mut one, mut other] = phones;
    one.apply(&changes);
    changes.reverse();
    other.apply(&changes);
    assert_eq!((one.heads(), one.fields()), (other.heads(), other.fields()), "the order of arrival shows");
    one
}

fn first() -> FactId {
    "SH1-1".parse().unwrap()
}

/// Reading never fails, never changes anything, and gives the same after the document was saved and loaded.
pub(crate) fn is_readable(document: &Document) {
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
