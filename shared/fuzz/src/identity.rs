//! Certificates, invitations, and the entries of a log.

use std::collections::BTreeSet;

use shared::document::Change;
use shared::id::{DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::batch::{ENTRY_BYTES, EXPANDED_BYTES, PAYLOAD_CHANGES};
use shared::identity::certificate::{CERTIFICATE_BYTES, CHAIN_LINKS, GRANT_BYTES, GRANT_VILLAGES, Link, NAME_BYTES};
use shared::identity::invitation::{LINK_CHARS, Terms, name_places, places_named};
use shared::identity::{Certificate, Context, DeviceKey, Entry, Grant, Invitation};
use shared::role::{Role, Roles};
use shared::time::Instant;

pub fn entry(bytes: &[u8]) {
    let scope = ScopeId::Township;
    let Ok(entry) = Entry::decode(&scope, bytes) else { return };
    assert!(bytes.len() <= ENTRY_BYTES);
    assert_eq!(Entry::decode(&scope, &entry.encode()).as_ref(), Ok(&entry));
    let payload = match entry {
        Entry::Batch(batch) => batch.payload,
        Entry::Snapshot(snapshot) => snapshot.payload,
        Entry::Certificate(_) | Entry::Act(_) | Entry::Later(_) => return,
    };
    let Ok(changes) = Change::open(&payload) else { return };
    assert!(changes.len() <= PAYLOAD_CHANGES);
    assert!(changes.iter().map(|change| change.bytes().len()).sum::<usize>() <= EXPANDED_BYTES);
    let hashes: Vec<_> = changes.iter().map(Change::hash).collect();
    let packed = shared::identity::Payload::pack(changes.iter().map(|change| change.bytes().to_vec()).collect());
    let again = Change::open(&packed).map(|changes| changes.iter().map(Change::hash).collect::<Vec<_>>());
    assert_eq!(again, Ok(hashes), "whatever was opened can be passed on");
}

pub fn certificate(bytes: &[u8]) {
    if let Ok(grant) = Grant::decode(bytes) {
        assert!(grant.name.len() <= NAME_BYTES && grant.villages.len() <= GRANT_VILLAGES);
        assert_eq!(Grant::decode(&grant.encode()).as_ref(), Ok(&grant));
    }
    if let Ok(certificate) = Certificate::decode(bytes) {
        assert!(certificate.links.len() <= CHAIN_LINKS && bytes.len() <= CERTIFICATE_BYTES);
        assert_eq!(Certificate::decode(&certificate.encode()).as_ref(), Ok(&certificate));
        assert!(certificate.holder(&stranger().public()).is_err(), "a chain that nobody signed proves something");
    }
    signed(bytes);
}

/// Signs the bytes as the grant that a village's secretary gives: nobody hands on more than they hold.
fn signed(grant: &[u8]) {
    let (secretary, device) = (DeviceKey::from_seed([2; 32]), DeviceKey::from_seed([3; 32]));
    let chain = Invitation::issue(authority().public(), &Certificate::default(), &authority(), terms(), [4; 32]);
    let mut certificate = chain.accept(&secretary.public());
    let given = secretary.sign(Context::Grant, grant);
    certificate.links.push(Link::take_up(grant.to_vec(), given, &DeviceKey::from_seed([5; 32]), device.public()));
    let Ok(holder) = certificate.holder(&authority().public()) else { return };
    let claimed = Grant::decode(grant).unwrap();
    assert_eq!((holder.device, &holder.roles, holder.may_enrol), (claimed.device, &claimed.roles, claimed.may_enrol));
    assert_eq!(claimed.one_use, DeviceKey::from_seed([5; 32]).public(), "taken up with another key");
    assert!(holder.roles.iter().all(Role::is_of_village), "a secretary made {:?}", holder.roles);
    assert!(!holder.villages.is_empty() && holder.villages.is_subset(&terms().villages));
    assert!(holder.expires <= terms().expires);
}

pub fn invitation(bytes: &[u8]) {
    let Ok(link) = std::str::from_utf8(bytes) else { return };
    let places = places_named(link);
    assert!(places.iter().map(String::len).sum::<usize>() <= link.len());
    let Ok(invitation) = Invitation::from_link(link) else { return };
    assert!(invitation.grant.len() <= GRANT_BYTES);
    let written = invitation.to_link();
    assert!(written.len() <= LINK_CHARS);
    assert_eq!(Invitation::from_link(&written).as_ref(), Ok(&invitation));
    let names: Vec<&str> = places.iter().map(String::as_str).collect();
    assert_eq!(Invitation::from_link(&name_places(&written, &names)).as_ref(), Ok(&invitation));
    assert!(invitation.terms().is_ok());
    let accepted = invitation.accept(&DeviceKey::from_seed([3; 32]).public());
    assert!(accepted.holder(&stranger().public()).is_err(), "an invitation that nobody signed enrols somebody");
}

/// A key that signed nothing anywhere.
fn stranger() -> DeviceKey {
    DeviceKey::from_seed([0xee; 32])
}

fn authority() -> DeviceKey {
    DeviceKey::from_seed([1; 32])
}

fn terms() -> Terms {
    Terms {
        device: DeviceNumber(7),
        code: DeviceCode::new("SH3").unwrap(),
        person: PersonId::new("li-na").unwrap(),
        name: "李娜".to_owned(),
        roles: Roles::from(Role::VillageSecretary),
        villages: BTreeSet::from([UnitCode::new("420529202209").unwrap()]),
        may_enrol: true,
        expires: Instant(1 << 41),
    }
}
