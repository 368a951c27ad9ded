//! Renewed certificates at a phone: what stands before one in the log is judged by the one before, and nobody goes back.

use shared::identity::DeviceKey;
use shared::replica::{Input, Note, Outcome, Refused};
use shared::role::{Role, Roles};
use shared::time::Instant;
use shared::wire::Refusal;

use super::phone::{Device, Phone, ROSTER, VILLAGE, entry, renewal_of};

const LATER: Instant = Instant(u64::MAX);

fn bad(reason: Refusal) -> Note {
    Note::BadBatch(ROSTER.parse().unwrap(), reason)
}

#[test]
fn a_certificate_that_was_renewed() {
    let mut phone = Phone::enrolled();
    let mut device = Device::new(3, &[Role::Scribe]);
    let first = device.certificate();
    let (one, two) = (device.record(ROSTER, b"as a scribe"), device.record(ROSTER, b"as a member"));
    let renewed = device.renewed(1, &[Role::PartyMember], LATER);
    phone.give(VILLAGE, vec![first.clone(), entry(&one), renewed, entry(&two)]);
    assert_eq!(phone.notes(), [bad(Refusal::MayNotWrite)]);
    assert!(phone.has(ROSTER, "D3-1") && !phone.has(ROSTER, "D3-2"));

    let mut phone = phone.restarted();
    phone.follow(VILLAGE, 4);
    phone.give(VILLAGE, vec![first, entry(&two)]);
    assert_eq!(phone.notes(), [bad(Refusal::MayNotWrite)], "the certificate before does not come back into force");
    let again = device.renewed(2, &[Role::Scribe], LATER);
    phone.give(VILLAGE, vec![again, entry(&two)]);
    assert!(phone.has(ROSTER, "D3-2"), "the next one does what it says");
}

#[test]
fn a_certificate_that_ended_and_was_renewed() {
    let ended = Instant(1_795_000_000_000);
    let mut device = Device::new(3, &[Role::Scribe]);
    device.certificate = super::phone::invitation(3, &[Role::Scribe], ended).accept(&device.key.public());
    device.clock = ended.plus_millis(2 * shared::access::CLOCK_MILLIS);
    let late = device.record(ROSTER, b"after the end");
    let mut phone = Phone::enrolled();
    phone.give(VILLAGE, vec![device.certificate(), entry(&late)]);
    assert_eq!(phone.notes(), [bad(Refusal::Certificate)]);
    let renewed = device.renewed(1, &[Role::Scribe], LATER);
    phone.give(VILLAGE, vec![renewed, entry(&late)]);
    assert!(phone.has(ROSTER, "D3-1"));
}

#[test]
fn a_renewal_that_is_none() {
    let mut device = Device::new(3, &[Role::Scribe]);
    let first = device.certificate();
    let renewed = device.renewed(1, &[Role::PartyMember], LATER);
    let stranger = DeviceKey::from_seed([77; 32]).public();
    let cases = [
        ("for another key", renewal_of(3, 2, &[Role::Scribe], LATER).accept(&stranger)),
        ("a second one of the same count", renewal_of(3, 1, &[Role::Scribe], LATER).accept(&device.key.public())),
    ];
    for (what, certificate) in cases {
        let mut phone = Phone::enrolled();
        let bytes = shared::identity::Entry::Certificate(certificate).encode();
        phone.give(VILLAGE, vec![first.clone(), renewed.clone(), bytes]);
        assert_eq!(phone.notes(), [Note::BadCertificate], "{what}");
    }
}

#[test]
fn a_phone_takes_up_its_renewal_and_no_other() {
    let mut phone = Phone::enrolled();
    let enrol = |link: String| move |ticket| Input::Enrol { ticket, link };
    let others = renewal_of(2, 1, &[Role::Teller], LATER).to_link();
    assert_eq!(phone.wish(enrol(others)), Err(Refused::AlreadyEnrolled), "another device's");
    let mut forged = renewal_of(1, 1, &[Role::TownshipOffice], LATER);
    forged.given = DeviceKey::from_seed([66; 32]).sign(shared::identity::Context::Grant, &forged.grant);
    assert_eq!(phone.wish(enrol(forged.to_link())), Err(Refused::ForgedLink));
    let late = renewal_of(1, 1, &[Role::Teller], Instant(1)).to_link();
    assert_eq!(phone.wish(enrol(late)), Err(Refused::ExpiredLink));
    assert_eq!(phone.replica.me().unwrap().roles, Roles::from(Role::Scribe), "nothing happened");

    let link = renewal_of(1, 1, &[Role::Teller], LATER).to_link();
    assert_eq!(phone.wish(enrol(link.clone())), Ok(Outcome::Enrolled));
    let me = phone.restarted().replica.me().unwrap().clone();
    assert_eq!((me.roles, me.renewal), (Role::Teller.into(), 1));
    assert_eq!(phone.wish(enrol(link)), Err(Refused::AlreadyEnrolled), "once is enough");
}
