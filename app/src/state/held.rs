//! What waits for the office's decision and what was decided, as the page lists it.

use shared::domain::Workspace;
use shared::id::{Address, DocumentId, ScopeId};
use shared::replica::HeldBatch;

/// What a held batch is about, as people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The township's villages and name.
    Registry,
    /// The rulebooks.
    Rulebooks,
    /// A village's roster.
    Roster(String),
    /// A meeting of a village, with its day.
    Meeting(String, String),
    /// A document that this version gives no meaning.
    Other(String),
}

/// Tells what a document is about; a village that the registry does not name stands with its code.
pub fn about(address: &Address, workspace: &Workspace) -> About {
    let village = match &address.scope {
        ScopeId::Village(code) => {
            let unit = workspace.township.units.get(code);
            unit.map_or_else(|| code.to_string(), |unit| unit.name.clone())
        }
        other => other.to_string(),
    };
    match (&address.document, address.as_meeting()) {
        (DocumentId::Registry, _) => About::Registry,
        (DocumentId::Rulebooks, _) => About::Rulebooks,
        (DocumentId::Roster, _) => About::Roster(village),
        (_, Some(meeting)) => About::Meeting(village, meeting.date.to_string()),
        _ => About::Other(address.to_string()),
    }
}

/// Parts what waits, the oldest first, from what was decided, the newest first.
///
/// What was decided on this device and is not in the log yet still waits, so that it is seen until it counts.
pub fn parted(held: &[HeldBatch]) -> (Vec<HeldBatch>, Vec<HeldBatch>) {
    let (waiting, mut decided): (Vec<_>, Vec<_>) = held.iter().cloned().partition(|held| held.verdict.is_none());
    decided.reverse();
    (waiting, decided)
}

#[cfg(test)]
mod tests {
    use shared::id::{DeviceCode, DeviceNumber};
    use shared::identity::{Digest, HeldFor, PublicKey};
    use shared::time::Instant;

    use super::*;

    fn held(number: u32, verdict: Option<bool>) -> HeldBatch {
        HeldBatch {
            batch: Digest([number as u8; 32]),
            device: DeviceNumber(1),
            key: PublicKey([0; 32]),
            code: DeviceCode::new("SH1").unwrap(),
            name: "x".to_owned(),
            number,
            address: "village.42/roster".parse().unwrap(),
            changes: 1,
            written: (Instant(1), Instant(2)),
            arrived: Instant(u64::from(number)),
            reason: HeldFor::Revoked,
            verdict,
            wished: None,
        }
    }

    #[test]
    fn what_waits_comes_first_and_in_its_order() {
        let list = [held(1, Some(true)), held(2, None), held(3, Some(false)), held(4, None)];
        let (waiting, decided) = parted(&list);
        let numbers = |list: &[HeldBatch]| list.iter().map(|held| held.number).collect::<Vec<_>>();
        assert_eq!((numbers(&waiting), numbers(&decided)), (vec![2, 4], vec![3, 1]));
    }

    #[test]
    fn a_document_has_a_name_that_people_know() {
        let workspace = Workspace::default();
        let of = |text: &str| about(&text.parse().unwrap(), &workspace);
        assert_eq!(of("township/registry"), About::Registry);
        assert_eq!(of("village.42/roster"), About::Roster("42".to_owned()));
        let meeting = About::Meeting("42".to_owned(), "2026-11-23".to_owned());
        assert_eq!(of("village.42/meeting-2026-11-23-1"), meeting);
    }
}
