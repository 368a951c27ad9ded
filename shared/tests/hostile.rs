//! Hostile input at a phone: each kind has a refusal by name, nothing panics, and nobody else's work waits for it.
//!
//! A relay that is honest refuses all of this before it reaches a phone; here the relay passes everything on.
//!
//! | What comes | What the phone says | Test |
//! |---|---|---|
//! | a batch in another device's name | `BadBatch`, `Signature` | `a_forged_author` |
//! | changes under another device's actor id | `BadBatch`, `ForeignActor` | `a_foreign_actor` |
//! | a batch again | nothing, nothing twice | `a_replay` |
//! | two changes at one place of a writer's row | `ForkedHistory`, the second kept as evidence | `an_equivocation` |
//! | a change without the one before it | `BadBatch`, `MissingDependency`, kept until that comes | `a_gap` |
//! | a batch moved to another document or scope | `BadBatch`, `Signature` or `MayNotWrite` | `another_place` |
//! | a kind of document that the role may not write | `BadBatch`, `MayNotWrite` | `a_role_that_may_not` |
//! | a batch of an unknown device, or of none of its changes | `BadBatch`, `Certificate` or `Envelope` | `nobody_and_nothing` |
//! | an invitation that has ended, or is forged | `ExpiredLink`, `ForgedLink` | `an_invitation_that_does_not_hold` |
//! | an invitation used twice | `BadCertificate`, the first device stays | `an_invitation_used_twice` |
//! | a batch of a device that was revoked before it in the log | `BadBatch`, `Revoked`, until it is accepted | `a_revoked_device` |
//! | a device enrolled by one that was revoked before | `BadCertificate`, then `BadBatch` | `an_enrolment_by_a_revoked_device` |
//! | a decision by somebody who may not, or whose signature does not hold | `BadAct`, nothing is believed | `a_decision_that_is_none` |
//! | a certificate that was renewed, when it comes again | nothing, and `BadBatch` for what only it allowed | `a_certificate_that_was_renewed` |
//! | a renewal for another key, or a second one of the same count | `BadCertificate` | `a_renewal_that_is_none` |
//! | an own device that was revoked, or took an invitation up second | `Standing`, records stay and wait | `who_is_told_of_being_revoked` |
//! | changes dated years ahead or before all time | `WrongClock`; they count, and nothing is ordered by them (E38) | `changes_dated_wildly` |
//! | changes dated after their certificate's end | `BadBatch`, `Certificate` | `a_certificate_that_had_ended` |
//! | a document without end | `BadBatch`, `TooLarge`; `DocumentFull` to the holder | `a_document_without_end`, `a_full_document_takes_no_command` |
//! | a batch of this phone that the relay refuses for itself | `RelayStatus::Refusing`; it rests, and nothing else waits for it | `resting.rs` |
//! | an oversized batch, a decompression bomb, malformed CBOR or Automerge | `RelayTrouble::Answer` | `a_page_that_cannot_be_read` |
//! | a change that is not counted on from what it rests on, or follows what is not there | `BadBatch`, `Envelope` | `document/change/taking.rs` |
//! | a kind of fact, or a field, of a later version | `UnknownFact`, kept as it came | `later.rs` |
//! | a document or an entry of a kind that a later version has | `Status::later`, kept until an update reads it | `later.rs` |
//! | own records that the phone lost with its storage | `RolledBack`, `NumberTwice` | `an_old_profile_copied_back` |
//! | a log that contradicts a receipt of the same relay | `Contradiction`, with both digests; work goes on | `notary::a_relay_that_signs_two_histories` |
//! | a page that the relay did not sign | `RelayTrouble::Receipt` | `a_page_that_is_not_the_relays` |
//!
//! What cannot be read at all cannot be counted into the log's digest either: such a page is refused as a whole, the
//! phone stays where it was and goes on working, and the next page that can be read is taken.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

#[path = "hostile/later.rs"]
mod later;
#[path = "hostile/notary.rs"]
mod notary;
#[path = "hostile/parts.rs"]
mod parts;
#[path = "hostile/phone.rs"]
mod phone;
#[path = "hostile/renewed.rs"]
mod renewed;
#[path = "hostile/resting.rs"]
mod resting;
#[path = "hostile/revoked.rs"]
mod revoked;

use phone::{Device, MEETING, Phone, ROSTER, ROSTER_FACTS, VILLAGE, entry, invitation};
use sha2::{Digest, Sha256};
use shared::document::{Change, Document, Entry};
use shared::domain::command::Command;
use shared::domain::rulebook::Rulebook;
use shared::id::{Actor, DeviceNumber, DocumentKind};
use shared::identity::batch::{BATCH_CHANGES, ENTRY_BYTES, EXPANDED_BYTES};
use shared::identity::{Batch, Context, DeviceKey, Grant, Payload};
use shared::replica::{Input, Note, Outcome, Refused, RelayStatus, RelayTrouble};
use shared::role::Role;
use shared::time::Instant;
use shared::wire::{DOCUMENT_CHANGES, Refusal};

const RULEBOOKS: &str = "township/rulebooks";

/// Gives a phone a bad batch between two good ones; what it says must be this, and the good ones must be there.
#[track_caller]
fn check(hostile: &Device, bad: Batch, address: &str, reason: Refusal) {
    let mut phone = Phone::enrolled();
    let mut honest = Device::new(2, &[Role::Scribe]);
    let (first, second) = (honest.record(ROSTER, b"first"), honest.record(ROSTER, b"second"));
    let page = vec![honest.certificate(), hostile.certificate(), entry(&first), entry(&bad), entry(&second)];
    phone.give(VILLAGE, page);
    assert_eq!(phone.notes(), [Note::BadBatch(address.parse().unwrap(), reason)]);
    assert!(phone.has(ROSTER, "D2-1") && phone.has(ROSTER, "D2-2"), "others' work does not wait");
    assert!(!phone.has(address, "D3-1"), "what was refused is not there");
    assert!(matches!(phone.status().relay, RelayStatus::UpToDate { .. }));
}

#[test]
fn a_forged_author() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let batch = hostile.record_as(Actor { device: DeviceNumber(2), session: 9 }, ROSTER, b"forged");
    check(&hostile, Batch { device: DeviceNumber(2), ..batch }, ROSTER, Refusal::Signature);
}

#[test]
fn a_foreign_actor() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let batch = hostile.record_as(Actor { device: DeviceNumber(2), session: 9 }, ROSTER, b"as another");
    check(&hostile, batch, ROSTER, Refusal::ForeignActor);
}

#[test]
fn a_replay() {
    let mut phone = Phone::enrolled();
    let mut honest = Device::new(2, &[Role::Scribe]);
    let batch = honest.record(ROSTER, b"once");
    phone.give(VILLAGE, vec![honest.certificate(), entry(&batch)]);
    let heads = phone.replica.heads();
    phone.give(VILLAGE, vec![honest.certificate(), entry(&batch), entry(&batch)]);
    assert_eq!((phone.replica.heads(), phone.notes()), (heads, vec![]));
}

#[test]
fn an_equivocation() {
    let mut phone = Phone::enrolled();
    let (mut one, mut other) = (Device::new(3, &[Role::Scribe]), Device::new(3, &[Role::Scribe]));
    let (first, second) = (one.record(ROSTER, b"to one village"), other.record(ROSTER, b"to another"));
    let forked = Change::open(&second.payload).unwrap().remove(0);
    let mut honest = Device::new(2, &[Role::Scribe]);
    let page = vec![one.certificate(), entry(&first), entry(&second), honest.certificate()];
    phone.give(VILLAGE, [page, vec![entry(&honest.record(ROSTER, b"honest"))]].concat());
    assert_eq!(phone.notes(), [Note::ForkedHistory(ROSTER.parse().unwrap())]);
    let evidence: Vec<_> = phone.disk.iter().filter(|(key, _)| key.starts_with("evidence/")).collect();
    assert_eq!(evidence.len(), 1, "the second is kept");
    assert_eq!(shared::store::unframe(evidence[0].1), Ok(forked.bytes()));
    assert_eq!(phone.replica.values_of(&ROSTER.parse().unwrap(), &"D3-1".parse().unwrap()), [b"to one village"]);
    assert!(phone.has(ROSTER, "D2-1"));
    assert!(phone.restarted().has(ROSTER, "D2-1"), "and a start from what was kept is no worse");
}

#[test]
fn a_gap() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let (first, second) = (hostile.record(ROSTER, b"1"), hostile.record(ROSTER, b"2"));
    check(&hostile, second.clone(), ROSTER, Refusal::MissingDependency);
    let mut phone = Phone::enrolled();
    phone.give(VILLAGE, vec![hostile.certificate(), entry(&second)]);
    assert!(!phone.has(ROSTER, "D3-2"), "it counts for nothing");
    phone.give(VILLAGE, vec![entry(&first)]);
    assert!(phone.has(ROSTER, "D3-1") && phone.has(ROSTER, "D3-2"), "and is not lost");
}

#[test]
fn another_place() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let batch = hostile.record(ROSTER, b"a roster's");
    check(&hostile, Batch { address: MEETING.parse().unwrap(), ..batch.clone() }, MEETING, Refusal::Signature);
    let mut phone = Phone::enrolled();
    phone.give("township", vec![hostile.certificate(), entry(&batch)]);
    assert_eq!(phone.notes(), [Note::BadBatch("township/roster".parse().unwrap(), Refusal::MayNotWrite)]);
}

#[test]
fn a_role_that_may_not() {
    for role in [Role::Auditor, Role::Teller, Role::SupervisionCommittee, Role::PartyMember] {
        let mut hostile = Device::new(3, &[role]);
        let batch = hostile.record(ROSTER, b"corrected");
        check(&hostile, batch, ROSTER, Refusal::MayNotWrite);
    }
}

#[test]
fn nobody_and_nothing() {
    let mut phone = Phone::enrolled();
    let mut stranger = Device::new(3, &[Role::Scribe]);
    let batch = stranger.record(ROSTER, b"who is this");
    phone.give(VILLAGE, vec![entry(&batch)]);
    assert_eq!(phone.notes(), [Note::BadBatch(ROSTER.parse().unwrap(), Refusal::Certificate)]);
    let hostile = Device::new(3, &[Role::Scribe]);
    let address = ROSTER.parse().unwrap();
    let empty = Batch::sign(&hostile.key, address, DeviceNumber(3), 1, &[], Payload::Raw(Vec::new()));
    check(&hostile, empty, ROSTER, Refusal::Envelope);
}

#[test]
fn an_invitation_that_does_not_hold() {
    let mut phone = Phone::new();
    let ended = invitation(2, &[Role::Scribe], Instant(1));
    assert_eq!(phone.enrol(&ended.to_link()), Err(Refused::ExpiredLink));
    let mut late = invitation(2, &[Role::Scribe], Instant(u64::MAX));
    late.grant = Grant { take_by: Instant(1), ..late.terms().unwrap() }.encode();
    late.given = phone::authority().sign(Context::Grant, &late.grant);
    assert_eq!(phone.enrol(&late.to_link()), Err(Refused::ExpiredLink), "its certificate would hold for years");
    let mut forged = invitation(2, &[Role::Scribe], Instant(u64::MAX));
    forged.authority = DeviceKey::from_seed([66; 32]).public();
    assert_eq!(phone.enrol(&forged.to_link()), Err(Refused::ForgedLink));
    assert_eq!(phone.enrol("AAAA"), Err(Refused::NotALink));
    let held = invitation(2, &[Role::Scribe], Instant(u64::MAX));
    assert_eq!(phone.enrol(&held.to_link()), Ok(Outcome::Enrolled), "and the phone can still be enrolled");
}

#[test]
fn an_invitation_used_twice() {
    let mut phone = Phone::enrolled();
    let mut first = Device::new(3, &[Role::Scribe]);
    let mut second = Device::with_key(3, &[Role::Scribe], 77);
    let (one, two) = (first.record(ROSTER, b"first"), second.record(ROSTER, b"second"));
    phone.give(VILLAGE, vec![first.certificate(), second.certificate(), entry(&two), entry(&one)]);
    let bad = Note::BadBatch(ROSTER.parse().unwrap(), Refusal::Signature);
    assert_eq!(phone.notes(), [Note::BadCertificate, bad]);
    assert_eq!(phone.replica.values_of(&ROSTER.parse().unwrap(), &"D3-1".parse().unwrap()), [b"first"]);
}

#[test]
fn changes_dated_wildly() {
    for clock in [0, 1_000, 4_102_444_800_000, i64::MAX as u64, u64::MAX] {
        let mut phone = Phone::enrolled();
        let (mut wild, mut honest) = (Device::new(3, &[Role::Scribe]), Device::new(2, &[Role::Scribe]));
        wild.clock = Instant(clock);
        let page = vec![wild.certificate(), entry(&wild.record(ROSTER, b"1")), entry(&wild.record(ROSTER, b"2"))];
        phone.give(VILLAGE, [page, vec![honest.certificate(), entry(&honest.record(ROSTER, b"honest"))]].concat());
        let noted = Note::WrongClock(ROSTER.parse().unwrap(), DeviceNumber(3));
        assert_eq!(phone.notes(), if clock > phone.now.0 { vec![noted] } else { vec![] }, "dated {clock}");
        let facts = phone.replica.facts_of(&ROSTER.parse().unwrap());
        let facts: Vec<String> = facts.iter().map(|(id, _)| id.to_string()).collect();
        assert_eq!(facts, ["D2-1", "D3-1", "D3-2"], "dated {clock}: order and count are as ever");
    }
}

#[test]
fn a_certificate_that_had_ended() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let ended = phone::invitation(3, &[Role::Scribe], Instant(1_795_000_000_000));
    hostile.certificate = ended.accept(&hostile.key.public());
    hostile.clock = Instant(1_795_399_000_000);
    let batch = hostile.record(ROSTER, b"after the end");
    check(&hostile, batch, ROSTER, Refusal::Certificate);
    let mut phone = Phone::enrolled();
    hostile.clock = Instant(1_794_999_000_000);
    let mut in_time = Device::new(3, &[Role::Scribe]);
    in_time.certificate = hostile.certificate.clone();
    let batch = in_time.record(ROSTER, b"in time");
    phone.give(VILLAGE, vec![in_time.certificate(), entry(&batch)]);
    assert!(phone.has(ROSTER, "D3-1"), "records outlive the certificate they were made under");
}

#[test]
fn a_document_without_end() {
    let mut phone = Phone::enrolled();
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let mut given = 0;
    while phone.notes().is_empty() {
        let batch = hostile.record_many(ROSTER, BATCH_CHANGES);
        phone.give(VILLAGE, vec![hostile.certificate(), entry(&batch)]);
        given += BATCH_CHANGES as u64;
        assert!(given <= 2 * ROSTER_FACTS, "it ends somewhere");
    }
    assert_eq!(phone.notes(), [Note::BadBatch(ROSTER.parse().unwrap(), Refusal::TooLarge)]);
    let mut honest = Device::new(2, &[Role::Scribe]);
    let meeting = honest.record(MEETING, b"another document");
    phone.give(VILLAGE, vec![honest.certificate(), entry(&meeting)]);
    assert!(phone.has(MEETING, "D2-1"));
}

#[test]
fn a_full_document_takes_no_command() {
    let mut phone = Phone::enrolled_as(Role::TownshipOffice);
    let mut hostile = Device::new(3, &[Role::TownshipOffice]);
    let mut left = usize::try_from(DOCUMENT_CHANGES).unwrap() - 2;
    while left > 0 {
        let count = left.min(BATCH_CHANGES);
        phone.give("township", vec![hostile.certificate(), entry(&hostile.record_many(RULEBOOKS, count))]);
        left -= count;
    }
    phone.adopts(1);
    let heads = phone.replica.heads();
    let command = Command::AdoptRulebook {
        rulebook: Box::new(Rulebook { version: 2, ..Rulebook::standard_review() }),
        adopted_at: "党员大会".to_owned(),
    };
    assert_eq!(phone.wish(|ticket| Input::Command { ticket, command }), Err(Refused::DocumentFull));
    assert_eq!(phone.replica.heads(), heads, "nothing is recorded that could never arrive");
    let late = hostile.record(RULEBOOKS, b"as full as it may be, for the log does not hold the own one");
    phone.give("township", vec![entry(&late)]);
    assert!(phone.has(RULEBOOKS, &format!("D3-{}", DOCUMENT_CHANGES - 1)), "every phone takes what the log took");
    assert_eq!(phone.notes(), []);
}

#[test]
fn a_page_that_cannot_be_read() {
    let mut hostile = Device::new(3, &[Role::Scribe]);
    let good = hostile.record(ROSTER, b"good");
    let with = |payload: Payload| entry(&Batch { payload, ..good.clone() });
    let mut compressed = Change::open(&good.payload).unwrap()[0].bytes().to_vec();
    compressed[8] = 2;
    let mut flipped = entry(&good);
    *flipped.last_mut().unwrap() ^= 1;
    let cases = [
        ("an oversized batch", vec![0x58; ENTRY_BYTES + 1]),
        ("a decompression bomb", with(Payload::pack(vec![vec![0; EXPANDED_BYTES]]))),
        ("a bomb inside a change", with(Payload::Raw(vec![compressed]))),
        ("a bundle that is none", with(Payload::Bundle(vec![7; 40]))),
        ("a bundle on which Automerge's decoder stops", with(Payload::Bundle(unsound_bundle()))),
        ("malformed Automerge", with(Payload::Raw(vec![vec![7; 40]]))),
        ("a change that is not what its sum says", flipped),
        ("malformed CBOR", vec![0xff; 40]),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in cases {
        let mut phone = Phone::enrolled();
        phone.give(VILLAGE, vec![hostile.certificate(), bytes]);
        let refusing = RelayStatus::Refusing { trouble: RelayTrouble::Answer, retry_at: phone.retry_at() };
        assert_eq!(phone.status().relay, refusing, "{what}");
        assert!(phone.replica.heads().is_empty(), "{what}: nothing of the page is used");
        phone.give(VILLAGE, vec![hostile.certificate(), entry(&good)]);
        assert!(phone.has(ROSTER, "D3-1"), "{what}: the next page is taken");
    }
}

/// What a fuzzer made, under a checksum that holds: whatever is signed for it must be looked at before it is opened.
fn unsound_bundle() -> Vec<u8> {
    let mut bundle = include_bytes!("../src/document/whole/bundle").to_vec();
    let sum = Sha256::digest(&bundle[8..]);
    bundle[4..8].copy_from_slice(&sum[..4]);
    bundle
}

#[test]
fn a_page_that_is_not_the_relays() {
    let mut phone = Phone::enrolled();
    let mut honest = Device::new(2, &[Role::Scribe]);
    let batch = honest.record(ROSTER, b"good");
    phone.give_signed(VILLAGE, vec![honest.certificate(), entry(&batch)], &DeviceKey::from_seed([66; 32]));
    let refusing = RelayStatus::Refusing { trouble: RelayTrouble::Receipt, retry_at: phone.retry_at() };
    assert_eq!(phone.status().relay, refusing);
    assert!(phone.replica.heads().is_empty());
}

/// A browser profile was copied back to its state of the morning. The phone recorded again before it met the relay,
/// and gave out a number that stood on paper already, over another record.
#[test]
fn an_old_profile_copied_back() {
    let rulebooks = "township/rulebooks".parse().unwrap();
    let mut phone = Phone::enrolled_as(Role::TownshipOffice);
    phone.give("township", Vec::new());
    let morning = phone.disk.clone();
    assert_eq!(phone.adopts(1), ["D1-1"]);
    let [batch] = phone.pushed.clone().try_into().expect("one batch is on its way");

    let mut again = Phone::of(morning.clone(), 2);
    again.now = again.now.plus_millis(3_600_000);
    assert_eq!(again.adopts(2), ["D1-1"], "nothing tells the phone that it was rolled back");
    again.give("township", vec![batch.clone()]);
    let (first, second) = ("D1-1".parse().unwrap(), "D1-2001".parse().unwrap());
    assert_eq!(again.notes(), [Note::RolledBack, Note::NumberTwice(first, second)]);
    let facts = again.replica.facts_of(&rulebooks);
    assert_eq!(facts.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>(), ["D1-1", "D1-2001"]);
    assert_eq!(facts[0].1, phone.replica.facts_of(&rulebooks)[0].1, "the earlier record keeps the number");
    assert_eq!(again.replica.workspace().rulebooks.len(), 2, "and both count");
    assert_eq!(again.restarted().adopts(3), ["D1-2002"]);

    let mut idle = Phone::of(morning, 4);
    idle.give("township", vec![batch]);
    assert_eq!(idle.restarted().adopts(2), ["D1-2001"], "numbers that may stand on paper are passed over");
}

/// Noise of every length where a document, a change or a batch should be: an error each time, and no panic.
#[test]
fn noise_is_an_error() {
    let mut state = 1_u32;
    for length in 0..400 {
        let noise: Vec<u8> = (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        assert!(Change::read(&noise).is_err() && Document::load(DocumentKind::Roster, &noise).is_err());
        assert!(shared::identity::Entry::decode(&VILLAGE.parse().unwrap(), &noise).is_err());
    }
    let document = Document::genesis(DocumentKind::Roster).unwrap();
    let mut writer = document.clone();
    let fact = Entry::Fact("D3-1".parse().unwrap(), vec![1; 40]);
    let actor = Actor { device: DeviceNumber(3), session: 1 };
    let bytes = writer.write(actor, Instant(1), &[fact]).unwrap().unwrap().bytes;
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x41;
        assert!(Change::read(&damaged).is_err(), "byte {at} is covered by the change's own sum");
        assert!(Change::read(&bytes[..at]).is_err());
    }
}
