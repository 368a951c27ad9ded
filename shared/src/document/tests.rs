//! Two phones that never met agree, in any order and however often they are told.

use super::*;
use crate::id::{Actor, DeviceCode, DeviceNumber, FactId, PersonId};
use crate::identity::Payload;
use crate::time::Instant;
use read::Skipped;

fn actor(device: u32) -> Actor {
    Actor { device: DeviceNumber(device), session: 7 }
}

fn fact(id: &str, text: &str) -> Entry {
    Entry::Fact(id.parse().unwrap(), text.as_bytes().to_vec())
}

fn field(key: &str, text: &str) -> Entry {
    Entry::Field(key.to_owned(), FieldValue::Text(text.to_owned()))
}

fn meeting() -> Document {
    Document::genesis(DocumentKind::Meeting).unwrap()
}

fn opened(written: &Option<Written>) -> Change {
    Change::read(&written.as_ref().unwrap().bytes).unwrap()
}

#[test]
fn what_two_phones_record_apart_meets_in_one_history() {
    let (mut a, mut b) = (meeting(), meeting());
    let one = a.write(actor(1), Instant(5_999), &[fact("A-1", "one"), field("person:p.name", "张")]).unwrap();
    let two = b.write(actor(2), Instant(9_000), &[fact("B-1", "two"), field("person:p.name", "章")]).unwrap();
    let (one, two) = (opened(&one), opened(&two));
    assert!(a.apply(&[two.clone(), two]).changed);
    assert!(b.apply(&[one]).changed);
    assert_eq!((a.heads(), a.facts(&Authors::new()), a.fields()), (b.heads(), b.facts(&Authors::new()), b.fields()));
    let facts = a.facts(&Authors::new()).facts;
    let shown: Vec<_> = facts.iter().map(|fact| (fact.id.to_string(), fact.at.0, fact.actor.device.0)).collect();
    assert_eq!(shown, [("A-1".to_owned(), 5000, 1), ("B-1".to_owned(), 9000, 2)]);
    let name = &a.fields()["person:p.name"];
    assert_eq!(name.others.len(), 1, "both names are reachable: {name:?}");
}

#[test]
fn changes_wait_for_what_they_rest_on() {
    let (mut a, mut b) = (meeting(), meeting());
    let one = opened(&a.write(actor(1), Instant(0), &[fact("A-1", "one")]).unwrap());
    let two = opened(&a.write(actor(1), Instant(0), &[fact("A-2", "two")]).unwrap());
    let early = b.apply(std::slice::from_ref(&two));
    assert_eq!((early.changed, early.waiting), (false, vec![two.hash()]));
    assert!(!b.holds(&two.hash()));
    assert!(b.has_waiting());
    assert!(b.apply(&[one]).changed);
    assert_eq!((b.heads(), b.has_waiting()), (a.heads(), false), "what waited followed");
}

#[test]
fn a_fork_of_one_writer_is_named_and_the_rest_is_taken() {
    let (mut a, mut rolled_back, mut b) = (meeting(), meeting(), meeting());
    let one = opened(&a.write(actor(1), Instant(0), &[fact("A-1", "one")]).unwrap());
    let other = opened(&rolled_back.write(actor(1), Instant(0), &[fact("A-1", "other")]).unwrap());
    let fine = opened(&meeting().write(actor(2), Instant(0), &[fact("B-1", "fine")]).unwrap());
    assert!(b.apply(std::slice::from_ref(&one)).changed);
    let applied = b.apply(&[other.clone(), fine.clone()]);
    assert_eq!((applied.forked, applied.changed), (vec![other.hash()], true));
    assert!(b.holds(&one.hash()) && b.holds(&fine.hash()) && !b.holds(&other.hash()));
}

#[test]
fn a_number_belongs_to_its_device() {
    let mut a = meeting();
    a.write(actor(1), Instant(0), &[fact("A-1", "own"), fact("B-1", "foreign")]).unwrap();
    let known = KnownAuthor { code: DeviceCode::new("A").unwrap(), person: PersonId::new("p").unwrap() };
    let read = a.facts(&Authors::from([(DeviceNumber(1), known)]));
    let ids: Vec<FactId> = read.facts.into_iter().map(|fact| fact.id).collect();
    assert_eq!(ids, ["A-1".parse().unwrap()]);
    assert_eq!(read.skipped, [Skipped::ForeignNumber("B-1".parse().unwrap())]);
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let mut a = meeting();
    let fields = [field("person:p.name", "张"), Entry::Field("person:p.hidden".to_owned(), FieldValue::Nothing)];
    assert!(a.write(actor(1), Instant(0), &fields).unwrap().is_some());
    assert_eq!(a.write(actor(1), Instant(0), &fields), Ok(None));
    assert_eq!(a.changes(), 2);
}

#[test]
fn a_hundred_small_changes_travel_as_a_bundle() {
    let mut a = meeting();
    let hashes: Vec<_> = (1..=100)
        .map(|n| a.write(actor(1), Instant(n * 60_000), &[fact(&format!("SH3-{n}"), "0123456789012345")]))
        .map(|written| written.unwrap().unwrap().hash)
        .collect();
    let (order, payload) = a.pack(&hashes).unwrap();
    assert!(matches!(payload, Payload::Bundle(_)));
    assert!(payload.len() < 1200, "{} bytes", payload.len());
    let mut b = meeting();
    let changes = Change::open(&payload).unwrap();
    assert_eq!(changes.iter().map(Change::hash).collect::<Vec<_>>(), order);
    assert!(b.apply(&changes).changed);
    assert_eq!(b.heads(), a.heads());
    let (order, one) = a.pack(&hashes[..1]).unwrap();
    assert_eq!(order, hashes[..1]);
    assert!(one.len() <= 140, "{} bytes for one", one.len());
}

#[test]
fn a_document_of_another_kind_is_refused() {
    let roster = Document::genesis(DocumentKind::Roster).unwrap();
    assert!(matches!(Document::load(DocumentKind::Meeting, &roster.save()), Err(DocumentError::Genesis)));
    assert!(matches!(Document::load(DocumentKind::Meeting, b"no"), Err(DocumentError::Bytes)));
}

#[test]
fn the_ballots_of_a_hall_travel_small() {
    use crate::domain::ballot::{BallotContent, Mark, PaperBallot, Serial};
    use crate::domain::meeting::MeetingFact;

    // Thirty raters, forty subjects, ten of them with five scores of their own; a bundle packs what is alike.
    let mark = |rater: u32, subject: u32| match (rater + subject) % 4 {
        0 => Mark::Scores((0..5).map(|aspect| 20 - (subject * 5 + rater * 11 + aspect * 3) % 12).collect()),
        _ => Mark::Scores(vec![[20, 16, 16, 12][((subject * 7 + rater * 3) % 4) as usize]; 5]),
    };
    let mut document = meeting();
    let hashes: Vec<_> = (1..=30)
        .map(|rater| {
            let content = BallotContent::Valid((0..40).map(|subject| mark(rater, subject)).collect());
            let (serial, group) = (Serial(rater), "members".parse().unwrap());
            let fact = MeetingFact::Paper(PaperBallot { serial, group, content, replaces: vec![] });
            let id = format!("SH3-{rater}").parse().unwrap();
            let entry = Entry::Fact(id, fact::pack_meeting(&fact));
            document.write(actor(1), Instant(u64::from(rater) * 61_000), &[entry]).unwrap().unwrap().hash
        })
        .collect();
    let (_, payload) = document.pack(&hashes).unwrap();
    assert!(payload.len() <= 2500, "{} bytes; two people enter them, and the budget of all is 8,000", payload.len());
}
