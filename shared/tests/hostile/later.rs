//! A phone beside one of a later version: what it does not understand it keeps, notes and passes on.

use shared::document::{Change, Document, Entry, FieldValue, fact};
use shared::domain::meeting::{MeetingFact, RollMark, RollStatus};
use shared::id::{Actor, DeviceNumber, DocumentKind};
use shared::identity::{Batch, LaterEntry};
use shared::replica::Note;
use shared::role::Role;
use shared::time::Instant;
use shared::wire::Refusal;

use super::phone::{Device, MEETING, Phone, ROSTER, VILLAGE, entry};

/// A kind of fact that no version has.
const LATER_KIND: [u8; 8] = [0xa2, 0x00, 0x19, 0x27, 0x0f, 0x01, 0x61, b'x'];
/// A field that no fact has: number 60 with the value 1.
const LATER_FIELD: [u8; 3] = [0x18, 60, 1];

#[test]
fn facts_of_a_later_version_are_kept_as_they_came() {
    let mut later = Device::new(2, &[Role::Scribe]);
    let mark =
        MeetingFact::Roll(RollMark { person: "p1".parse().unwrap(), status: RollStatus::Late, replaces: Vec::new() });
    let mut longer = fact::pack_meeting(&mark);
    longer[0] += 1;
    longer.extend(LATER_FIELD);
    assert_eq!(fact::read_meeting(&longer), Ok(mark), "what is known of it is read");

    let mut phone = Phone::enrolled();
    let batches = [later.record(MEETING, &LATER_KIND), later.record(MEETING, &longer), later.record(ROSTER, b"more")];
    let entries = batches.iter().map(entry);
    phone.give(VILLAGE, [later.certificate()].into_iter().chain(entries).collect());
    let unknown = Note::UnknownFact(MEETING.parse().unwrap(), "D2-1".to_owned());
    for phone in [&phone, &phone.restarted()] {
        assert!(phone.status().notes.contains(&unknown), "{:?}", phone.status().notes);
        assert!(phone.has(ROSTER, "D2-3"), "the rest of the page is taken");
        let kept = |id: &str| phone.replica.values_of(&MEETING.parse().unwrap(), &id.parse().unwrap());
        assert_eq!((kept("D2-1"), kept("D2-2")), (vec![LATER_KIND.to_vec()], vec![longer.clone()]));
    }
    phone.give(VILLAGE, vec![entry(&later.record(ROSTER, b"and more"))]);
    assert!(phone.has(ROSTER, "D2-4"), "and the next page");
}

#[test]
fn fields_of_a_later_version_survive_an_edit_beside_them() {
    let actor = |device| Actor { device: DeviceNumber(device), session: 1 };
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let (mut new, mut old) =
        (Document::genesis(DocumentKind::Roster).unwrap(), Document::genesis(DocumentKind::Roster).unwrap());
    let later = Entry::Field("person:p1.of-a-later-version".to_owned(), text("kept"));
    let written = new.write(actor(1), Instant(0), &[later]).unwrap().unwrap();
    old.apply(&[Change::read(&written.bytes).unwrap()]);
    let name = Entry::Field("person:p1.name".to_owned(), text("李娜"));
    let written = old.write(actor(2), Instant(0), &[name]).unwrap().unwrap();
    new.apply(&[Change::read(&written.bytes).unwrap()]);
    let old = Document::load(DocumentKind::Roster, &old.save()).unwrap();
    assert_eq!(new.fields(), old.fields(), "neither hides what the other wrote");
    let value = |key: &str| new.fields().get(key).map(|field| field.value.clone());
    assert_eq!(value("person:p1.of-a-later-version"), Some(text("kept")));
    assert_eq!(value("person:p1.name"), Some(text("李娜")));
}

/// A batch about a document of a kind that no version has; what is in it could be anything.
fn of_later_kind(later: &mut Device) -> Vec<u8> {
    let address = "village.420529202209/comets-2031-4".parse().unwrap();
    let batch = later.record(ROSTER, b"in a later document");
    let hashes: Vec<_> = Change::open(&batch.payload).unwrap().iter().map(Change::hash).collect();
    entry(&Batch::sign(&later.key, address, batch.device, batch.number, &hashes, batch.payload))
}

#[test]
fn entries_and_documents_of_a_later_version_hold_nobody_up() {
    let mut phone = Phone::enrolled();
    let mut later = Device::new(2, &[Role::Scribe]);
    let mut honest = Device::new(3, &[Role::Scribe]);
    let unread = shared::identity::Entry::Later(LaterEntry { kind: 7, body: b"unread".to_vec() }).encode();
    let page = vec![later.certificate(), of_later_kind(&mut later), unread.clone(), honest.certificate()];
    phone.give(VILLAGE, [page, vec![entry(&honest.record(ROSTER, b"known"))]].concat());
    assert_eq!((phone.status().later, phone.notes()), (2, vec![]));
    assert!(phone.has(ROSTER, "D3-1"), "the rest of the page is taken");
    phone.give(VILLAGE, vec![entry(&honest.record(ROSTER, b"the next page")), unread]);
    assert!(phone.has(ROSTER, "D3-2"), "and the next page");
    assert_eq!(phone.status().later, 2, "what comes again is kept once");
    let restarted = phone.restarted();
    assert_eq!(restarted.status().later, 2, "nothing is lost by a start");
    assert_eq!(restarted.disk, phone.disk, "and nothing is guessed at");
}

#[test]
fn an_update_reads_what_was_kept() {
    let mut phone = Phone::enrolled().restarted_without(&[DocumentKind::Meeting]);
    let (mut scribe, mut office) = (Device::new(2, &[Role::Scribe]), Device::new(4, &[Role::TownshipOffice]));
    let (first, second) = (scribe.record(MEETING, b"first"), scribe.record(MEETING, b"second"));
    let (roster, late) = (scribe.record(ROSTER, b"known"), scribe.record(MEETING, b"after the revocation"));
    let page = vec![scribe.certificate(), entry(&first), entry(&roster), entry(&second)];
    phone.give(VILLAGE, page);
    phone.give(VILLAGE, vec![office.revokes(&scribe), entry(&late)]);
    let refused = Note::BadBatch(MEETING.parse().unwrap(), Refusal::Revoked);
    assert_eq!(
        (phone.status().later, phone.notes()),
        (2, vec![refused]),
        "what stands behind a revocation is not kept"
    );
    assert!(!phone.has(MEETING, "D2-1") && phone.has(ROSTER, "D2-3"));

    let updated = phone.restarted();
    assert_eq!((updated.status().later, updated.notes()), (0, vec![]));
    assert!(updated.has(MEETING, "D2-1") && updated.has(MEETING, "D2-2"), "what stood before the revocation counts");
    assert!(!updated.has(MEETING, "D2-4"));
    assert!(updated.disk.keys().all(|key| !key.starts_with("later/")), "it lies in the journal alone");
    let mut again = updated.restarted();
    assert!(again.has(MEETING, "D2-2"));
    again.follow(VILLAGE, 6);
    again.give(VILLAGE, vec![entry(&office.record(ROSTER, b"and goes on"))]);
    assert_eq!(again.notes().len(), 1, "an office that the log has not introduced");
}

#[test]
fn a_kept_row_that_is_torn_is_named() {
    let mut phone = Phone::enrolled();
    let mut later = Device::new(2, &[Role::Scribe]);
    phone.give(VILLAGE, vec![later.certificate(), of_later_kind(&mut later)]);
    let key = "later/village.420529202209/000000000001";
    phone.disk.insert(key.to_owned(), shared::store::frame(b"torn"));
    let restarted = phone.restarted();
    assert_eq!((restarted.status().later, restarted.notes()), (0, vec![Note::BadRow(key.to_owned())]));
    assert!(restarted.disk.contains_key(key), "and left where it lies");
}
