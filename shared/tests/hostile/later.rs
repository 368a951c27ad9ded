//! A phone beside one of a later version: what it does not understand it keeps, notes and passes on.

use shared::document::{Change, Document, Entry, FieldValue, fact};
use shared::domain::meeting::{MeetingFact, RollMark, RollStatus};
use shared::id::{Actor, DeviceNumber, DocumentKind};
use shared::replica::Note;
use shared::role::Role;
use shared::time::Instant;

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
