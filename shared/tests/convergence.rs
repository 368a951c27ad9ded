//! Equal changes, equal records: whatever the order, the grouping and the repetitions in which they arrived.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

use proptest::collection::vec;
use proptest::prelude::*;
use shared::document::{Authors, Change, Document, Entry, FieldValue};
use shared::id::{Actor, DeviceNumber, DocumentKind, FactId};
use shared::time::Instant;

/// What one device does next.
#[derive(Clone, Debug)]
enum Step {
    /// It records a fact.
    Fact(u8),
    /// It writes one of a few fields, so that devices meet in them.
    Field(u8, u8),
    /// It hears everything that another device has said so far.
    Hear(usize),
}

const DEVICES: usize = 3;

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        any::<u8>().prop_map(Step::Fact),
        (0_u8..4, 0_u8..3).prop_map(|(field, value)| Step::Field(field, value)),
        (0..DEVICES).prop_map(Step::Hear),
    ];
    vec((0..DEVICES, step), 1..40)
}

/// Lets devices work apart and now and then hear each other; returns every change that was made.
fn work(steps: &[(usize, Step)]) -> Vec<Change> {
    let mut devices: Vec<Document> = (0..DEVICES).map(|_| Document::genesis(DocumentKind::Roster).unwrap()).collect();
    let mut said: Vec<Vec<Change>> = vec![Vec::new(); DEVICES];
    for (time, (device, step)) in (0..).zip(steps) {
        let entry = match step {
            Step::Hear(other) => {
                let heard = said[*other].clone();
                devices[*device].apply(&heard);
                said[*device].extend(heard);
                continue;
            }
            Step::Fact(value) => {
                let id: FactId = format!("D{device}-{}", time + 1).parse().unwrap();
                Entry::Fact(id, vec![*value])
            }
            Step::Field(field, value) => {
                Entry::Field(format!("person:p{field}.name"), FieldValue::Text(value.to_string()))
            }
        };
        let actor = Actor { device: DeviceNumber(*device as u32), session: 1 };
        if let Some(written) = devices[*device].write(actor, Instant(time * 1000), &[entry]).unwrap() {
            said[*device].push(Change::read(&written.bytes).unwrap());
        }
    }
    said.concat()
}

fn read_all(changes: &[Change]) -> Document {
    let mut document = Document::genesis(DocumentKind::Roster).unwrap();
    document.apply(changes);
    document
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_show(steps in steps(), order in vec(any::<usize>(), 80), parts in 1_usize..6) {
        let changes = work(&steps);
        let at_once = read_all(&changes);
        let mut shuffled = changes.clone();
        for (at, other) in order.iter().enumerate().take(shuffled.len()) {
            let other = other % shuffled.len();
            shuffled.swap(at, other);
        }
        let mut in_parts = Document::genesis(DocumentKind::Roster).unwrap();
        for part in shuffled.chunks(parts).chain(changes.chunks(7)) {
            in_parts.apply(part);
        }
        let restarted = Document::load(DocumentKind::Roster, &in_parts.save()).unwrap();
        for other in [&in_parts, &restarted] {
            prop_assert_eq!(other.heads(), at_once.heads());
            prop_assert_eq!(other.facts(&Authors::new()), at_once.facts(&Authors::new()));
            prop_assert_eq!(other.fields(), at_once.fields());
        }
    }

    #[test]
    fn every_way_to_pack_unfolds_to_the_same_changes(steps in steps()) {
        let document = read_all(&work(&steps));
        for device in 0..DEVICES as u32 {
            let own = document.changes_of(DeviceNumber(device));
            if own.is_empty() {
                continue;
            }
            let (order, payload) = document.pack(&own).unwrap();
            let opened: Vec<_> = Change::open(&payload).unwrap().iter().map(Change::hash).collect();
            prop_assert_eq!(&opened, &order);
            prop_assert_eq!(opened.len(), own.len());
        }
    }
}

/// Two phones without a signal correct the same person: one the name, one hides the record. Neither may vanish.
#[test]
fn deleting_hides_and_a_correction_beside_it_survives() {
    let name = |text: &str| Entry::Field("person:p1.name".to_owned(), FieldValue::Text(text.to_owned()));
    let actor = |device| Actor { device: DeviceNumber(device), session: 1 };
    let mut one = Document::genesis(DocumentKind::Roster).unwrap();
    let first = one.write(actor(1), Instant(0), &[name("张三")]).unwrap().unwrap();
    let mut other = read_all(&[Change::read(&first.bytes).unwrap()]);
    let corrected = one.write(actor(1), Instant(1), &[name("章三")]).unwrap().unwrap();
    let hidden = Entry::Field("person:p1.hidden".to_owned(), FieldValue::Flag(true));
    let hidden = other.write(actor(2), Instant(1), &[hidden]).unwrap().unwrap();
    one.apply(&[Change::read(&hidden.bytes).unwrap()]);
    other.apply(&[Change::read(&corrected.bytes).unwrap()]);
    assert_eq!(one.fields(), other.fields());
    let fields = one.fields();
    assert_eq!(fields["person:p1.name"].value, FieldValue::Text("章三".to_owned()));
    assert_eq!(fields["person:p1.hidden"].value, FieldValue::Flag(true));
}
