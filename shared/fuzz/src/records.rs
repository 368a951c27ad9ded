//! Packed facts, and what follows from them.

use shared::cbor::{Reader, Writer};
use shared::document::fact::{
    Adopted, FACT_BYTES, pack_adopted, pack_affair, pack_assessment, pack_card, pack_flag, pack_meeting, pack_points,
    pack_points_adopted, pack_post, read_adopted, read_affair, read_any_adopted, read_assessment, read_card, read_flag,
    read_marks, read_meeting, read_points, read_post, renumber, write_marks,
};
use shared::domain::meeting::{Author, Meeting, MeetingFact, Recorded};
use shared::id::{DeviceNumber, FactId, MeetingId, PersonId};
use shared::time::Instant;

/// The most facts of one meeting that the fuzzer writes; what goes wrong among more goes wrong among so many.
const FACTS: usize = 48;

pub fn fact(bytes: &[u8]) {
    if let Ok(fact) = read_meeting(bytes) {
        assert!(bytes.len() <= FACT_BYTES);
        assert_eq!(read_meeting(&pack_meeting(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(adopted) = read_adopted(bytes) {
        assert!(bytes.len() <= FACT_BYTES);
        assert_eq!(read_adopted(&pack_adopted(&adopted)).as_ref(), Ok(&adopted));
    }
    if let Ok(fact) = read_assessment(bytes) {
        assert_eq!(read_assessment(&pack_assessment(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(fact) = read_card(bytes) {
        assert_eq!(read_card(&pack_card(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(fact) = read_flag(bytes) {
        assert_eq!(read_flag(&pack_flag(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(fact) = read_affair(bytes) {
        assert_eq!(read_affair(&pack_affair(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(fact) = read_points(bytes) {
        assert_eq!(read_points(&pack_points(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(fact) = read_post(bytes) {
        assert_eq!(read_post(&pack_post(&fact)).as_ref(), Ok(&fact));
    }
    if let Ok(Adopted::Points(adopted)) = read_any_adopted(bytes) {
        let again = read_any_adopted(&pack_points_adopted(&adopted));
        assert_eq!(again, Ok(Adopted::Points(adopted)));
    }
    if let Ok(Some(other)) = renumber(bytes, |old| Some(FactId { counter: old.counter ^ 1, ..old.clone() })) {
        let back = renumber(&other, |new| Some(FactId { counter: new.counter ^ 1, ..new.clone() }));
        assert_eq!(read_meeting(&back.unwrap().unwrap()), read_meeting(bytes), "other numbers and back");
    }
    if let Ok(marks) = read_marks(&mut Reader::new(bytes)) {
        let mut writer = Writer::new();
        write_marks(&marks, &mut writer);
        assert_eq!(read_marks(&mut Reader::new(&writer.finish())).as_ref(), Ok(&marks));
    }
}

/// Each piece is a device, a holder and a fact; its number follows from its place.
pub fn fold(bytes: &[u8]) {
    let pieces = super::pieces(bytes, FACTS);
    let facts = pieces.iter().enumerate().filter_map(|(place, piece)| {
        let (by, fact) = piece.split_first()?;
        Some(recorded(u32::from(*by), place as u32 + 1, read_meeting(fact).ok()?))
    });
    let facts: Vec<Recorded<MeetingFact>> = facts.collect();
    let id: MeetingId = "420529202209-2026-11-23-1".parse().unwrap();
    let meeting = Meeting::fold(id.clone(), facts.clone());
    let mut turned: Vec<_> = facts.iter().rev().cloned().collect();
    turned.extend(facts.iter().take(3).cloned());
    assert_eq!(Meeting::fold(id.clone(), turned), meeting, "the order of arrival shows");
    if let (Some(result), Some(settings)) = (&meeting.result, &meeting.settings) {
        assert!(!result.canonical(&id, settings).is_empty());
    }
}

/// Four devices: of two persons, of one of them again, and of somebody whose certificate has not arrived.
fn recorded(by: u32, counter: u32, value: MeetingFact) -> Recorded<MeetingFact> {
    let device = by % 4;
    let holder = ["li-na", "wang-wu", "li-na"].get(device as usize).map(|name| name.parse::<PersonId>().unwrap());
    Recorded {
        id: FactId { device: format!("SH{}", device + 3).parse().unwrap(), counter: counter.saturating_sub(by >> 6) },
        author: Author { device: DeviceNumber(device), holder },
        at: Instant(1_795_399_200_000),
        value,
    }
}
