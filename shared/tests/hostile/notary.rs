//! A relay that lies about its own log: caught by a receipt, kept as evidence, and nobody's work stops.

use shared::identity::DeviceKey;
use shared::role::Role;

use super::phone::{Device, Phone, ROSTER, VILLAGE, entry};

/// A phone that holds a receipt for two entries, and three entries of another history with the same beginning.
fn lied_to() -> (Phone, Vec<Vec<u8>>) {
    let mut phone = Phone::enrolled_as(Role::TownshipOffice);
    let mut honest = Device::new(2, &[Role::Scribe]);
    let first = honest.record(ROSTER, b"first");
    phone.give(VILLAGE, vec![honest.certificate(), entry(&first)]);
    let mut other = Device::new(3, &[Role::Scribe]);
    let history = vec![honest.certificate(), other.certificate(), entry(&other.record(ROSTER, b"put in later"))];
    for _ in 0..2 {
        // The first time the relay is shown its own receipt and may own up to having lost its log.
        phone.rewrite(VILLAGE, &history[..2]);
        phone.give(VILLAGE, history[2..].to_vec());
    }
    assert_eq!(phone.status().contradictions, [], "a page that does not hold accuses nobody yet");
    phone.pushes();
    assert_eq!(phone.cursors[&VILLAGE.parse().unwrap()], 0, "the log is asked for from its beginning");
    (phone, history)
}

#[test]
fn a_relay_that_signs_two_histories() {
    let (mut phone, history) = lied_to();
    phone.rewrite(VILLAGE, &[]);
    phone.give(VILLAGE, history);
    let [proved] = phone.status().contradictions.clone().try_into().expect("it is proved");
    assert_eq!((proved.scope.to_string().as_str(), proved.position), (VILLAGE, 2));
    assert_ne!(proved.ours, proved.theirs);
    assert!(phone.has(ROSTER, "D2-1") && !phone.has(ROSTER, "D3-1"), "what it has it keeps, and takes nothing more");
    assert_eq!(phone.adopts(1), ["D1-1"], "and it goes on");
    phone.pushes();
    assert!(!phone.cursors.contains_key(&VILLAGE.parse().unwrap()), "it asks no more of that log");
    assert!(phone.cursors.contains_key(&"township".parse().unwrap()), "but of the others");
    assert_eq!(phone.restarted().status().contradictions, [proved], "a start forgets nothing");
}

#[test]
fn a_log_that_agrees_after_all() {
    let (mut phone, _) = lied_to();
    let mut honest = Device::new(2, &[Role::Scribe]);
    let (first, second) = (honest.record(ROSTER, b"first"), honest.record(ROSTER, b"second"));
    phone.rewrite(VILLAGE, &[]);
    phone.give(VILLAGE, vec![honest.certificate(), entry(&first)]);
    assert_eq!(phone.status().contradictions, []);
    phone.give(VILLAGE, vec![entry(&second)]);
    assert!(phone.has(ROSTER, "D2-2"), "a page that was damaged on its way costs a repeat");
}

#[test]
fn another_s_signature_accuses_nobody() {
    let (mut phone, history) = lied_to();
    phone.rewrite(VILLAGE, &[]);
    phone.give_signed(VILLAGE, history, &DeviceKey::from_seed([66; 32]));
    assert_eq!(phone.status().contradictions, []);
    phone.pushes();
    assert_eq!(phone.cursors[&VILLAGE.parse().unwrap()], 2, "and the log is not read again and again");
}
