//! Every device whose certificate has arrived and held, with every renewal of it.
//!
//! A device keeps its key when its certificate is renewed. What it wrote is judged by the certificate that stood last
//! before it in the scope's log: relays and phones know from the log alone which that is.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::document::{Authors, KnownAuthor};
use crate::domain::register::Powers;
use crate::id::{Actor, Address, DeviceCode, DeviceNumber, DocumentId, PersonId, ScopeId, UnitCode};
use crate::identity::snapshot::SNAPSHOT_VOUCHES;
use crate::identity::{Certificate, Holder, PublicKey};
use crate::role::Role;

const RENEWED_ROWS: &str = "renewed/";

/// The most rows of writers kept with a renewal: a device's in all documents of a village over many years.
const REACH: usize = 16 * SNAPSHOT_VOUCHES;

/// How far each writer of a device had come in each document when a renewal entered the log.
pub(super) type Reach = BTreeMap<(DocumentId, Actor), u64>;

/// Devices by number, with their certificates as they arrived.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// By device and count of renewals.
    known: BTreeMap<DeviceNumber, BTreeMap<u32, (Holder, Certificate)>>,
    /// The renewals that stand in a scope's log, and what stood before each.
    renewed: BTreeMap<(ScopeId, DeviceNumber), BTreeMap<u32, Reach>>,
    authors: Authors,
}

/// What became of a certificate from a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// It is new and holds; it has to be kept.
    New,
    /// It was known.
    Known,
    /// It does not hold, or another key took the same number before.
    Refused,
}

impl Directory {
    /// Checks a certificate and takes it in. The first key under a number stays; a second use is refused, and so is a
    /// second certificate for the same renewal.
    pub(super) fn meet(&mut self, certificate: &Certificate, authority: &PublicKey) -> Met {
        let Ok(holder) = certificate.holder(authority) else { return Met::Refused };
        if self.get(holder.device).is_some_and(|known| known.key != holder.key) {
            return Met::Refused;
        }
        let renewals = self.known.entry(holder.device).or_default();
        if let Some((_, known)) = renewals.get(&holder.renewal) {
            // Before it was ever renewed its own invitation was the only one.
            let is_same = holder.renewal == 0 || known.said() == certificate.said();
            return if is_same { Met::Known } else { Met::Refused };
        }
        let author = KnownAuthor { code: holder.code.clone(), person: holder.person.clone() };
        self.authors.insert(holder.device, author);
        renewals.insert(holder.renewal, (holder, certificate.clone()));
        Met::New
    }

    /// Notes that a renewal stands in a scope's log behind what the device had written there; returns the row to keep.
    ///
    /// One that comes after a later one changes nothing.
    pub(super) fn renew(
        &mut self,
        scope: &ScopeId,
        (device, renewal): (DeviceNumber, u32),
        reach: impl FnOnce() -> Reach,
    ) -> Option<(String, Vec<u8>)> {
        let place = (scope.clone(), device);
        let is_known =
            |renewals: &BTreeMap<u32, Reach>| renewals.keys().next_back().is_some_and(|last| *last >= renewal);
        if renewal == 0 || self.renewed.get(&place).is_some_and(is_known) {
            return None;
        }
        let reach = reach();
        let mut writer = Writer::new();
        writer.array(reach.len());
        for ((document, actor), seq) in &reach {
            writer.array(3).document(document).bytes(&actor.to_bytes()).uint(*seq);
        }
        self.renewed.entry(place).or_default().insert(renewal, reach);
        Some((format!("{RENEWED_ROWS}{scope}/{device}/{renewal}"), writer.finish()))
    }

    /// Reads a row of [`Directory::renew`] back; nothing comes back for another's.
    pub(super) fn load_renewal(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        let read = key.strip_prefix(RENEWED_ROWS)?.rsplit_once('/').and_then(|(place, renewal)| {
            let (scope, device) = place.rsplit_once('/')?;
            let device = DeviceNumber(u32::from_str_radix(device, 16).ok()?);
            Some(((scope.parse().ok()?, device), renewal.parse().ok()?))
        });
        let reach = (|| {
            let mut reader = Reader::new(value);
            let mut reach = Reach::new();
            for _ in 0..reader.list(REACH)? {
                reader.array(3)?;
                let document = reader.document()?;
                let actor = Actor::from_bytes(&reader.fixed::<8>()?).ok_or(DecodeError::Shape)?;
                reach.insert((document, actor), reader.uint()?);
            }
            reader.end()?;
            Ok::<_, DecodeError>(reach)
        })();
        let (Some((place, renewal)), Ok(reach)) = (read, reach) else { return Some(false) };
        self.renewed.entry(place).or_default().insert(renewal, reach);
        Some(true)
    }

    /// Returns who holds a device as its certificate stands last in a scope's log.
    pub(super) fn in_force(&self, scope: &ScopeId, device: DeviceNumber) -> Option<&Holder> {
        let last = self.renewed.get(&(scope.clone(), device)).and_then(|renewals| renewals.keys().next_back());
        let known = self.known.get(&device)?;
        let (holder, _) = last.and_then(|last| known.get(last)).or_else(|| known.values().next())?;
        Some(holder)
    }

    /// Returns who holds a device, under whichever certificate it might write a document.
    ///
    /// A snapshot holds what was written under all of them.
    pub(super) fn who_may(&self, address: &Address, device: DeviceNumber) -> Option<&Holder> {
        let known = self.known.get(&device)?;
        let may = |holder: &&Holder| access::may_write(holder, &address.scope, address.document.kind());
        known.values().map(|(holder, _)| holder).find(may).or_else(|| self.get(device))
    }

    /// Notes who wrote a batch that was accepted although its device's own certificate never came.
    pub(super) fn hear_of(&mut self, holder: &Holder) {
        let author = KnownAuthor { code: holder.code.clone(), person: holder.person.clone() };
        self.authors.entry(holder.device).or_insert(author);
    }

    /// Returns the row that keeps a certificate.
    pub(super) fn row(certificate: &Certificate) -> Option<(String, Vec<u8>)> {
        let grant = certificate.claimed().ok()?;
        Some((format!("device/{}/{}", grant.device, grant.renewal), certificate.encode()))
    }

    /// Reads a row back and takes it in.
    pub(super) fn load(&mut self, bytes: &[u8], authority: &PublicKey) -> Result<(), DecodeError> {
        match self.meet(&Certificate::decode(bytes)?, authority) {
            Met::New | Met::Known => Ok(()),
            Met::Refused => Err(DecodeError::Shape),
        }
    }

    /// Returns who holds a device, as its last renewal says.
    pub(super) fn get(&self, device: DeviceNumber) -> Option<&Holder> {
        self.known.get(&device)?.values().next_back().map(|(holder, _)| holder)
    }

    /// Returns a device's last certificate as it arrived.
    pub(super) fn certificate(&self, device: DeviceNumber) -> Option<&Certificate> {
        self.certificates_of(device).last()
    }

    /// Returns a device's certificates, renewal by renewal.
    pub(super) fn certificates_of(&self, device: DeviceNumber) -> impl Iterator<Item = &Certificate> {
        self.known.get(&device).into_iter().flat_map(BTreeMap::values).map(|(_, certificate)| certificate)
    }

    /// Returns every certificate, by device and renewal by renewal.
    pub(super) fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.known.values().flat_map(BTreeMap::values).map(|(_, certificate)| certificate)
    }

    /// Returns every holder, by device.
    pub(super) fn all(&self) -> impl Iterator<Item = &Holder> {
        self.known.values().filter_map(|known| known.values().next_back()).map(|(holder, _)| holder)
    }

    /// Returns what documents need to know of authors.
    pub(super) fn authors(&self) -> &Authors {
        &self.authors
    }

    /// Returns what each device's holder may be, and where, as its certificate stands last in a scope's log.
    pub(super) fn powers_in(&self, scope: &ScopeId) -> BTreeMap<DeviceNumber, Powers> {
        let holders = self.known.keys().filter_map(|device| self.in_force(scope, *device));
        holders.map(|holder| (holder.device, powers_of(holder))).collect()
    }

    /// Tells whether a device's certificate was ever renewed in a scope's log.
    pub(super) fn is_renewed(&self, scope: &ScopeId) -> bool {
        self.renewed.keys().any(|(of, _)| of == scope)
    }

    /// Returns what a device's holder might be when a change of a document was placed in its log; nothing for a device
    /// that is not known. `seq` is asked for only where the device was renewed.
    pub(super) fn powers_at(
        &self,
        address: &Address,
        actor: Actor,
        seq: impl FnOnce() -> Option<u64>,
    ) -> Option<Powers> {
        let known = self.known.get(&actor.device)?;
        let renewals = self.renewed.get(&(address.scope.clone(), actor.device));
        let seq = renewals.and_then(|_| seq());
        let stood_before = |reach: &Reach| {
            seq.is_some_and(|seq| reach.get(&(address.document.clone(), actor)).is_some_and(|last| seq <= *last))
        };
        // The last renewal that the change does not stand before.
        let last = renewals.and_then(|renewals| renewals.iter().rev().find(|(_, reach)| !stood_before(reach)));
        let (holder, _) = last.and_then(|(last, _)| known.get(last)).or_else(|| known.values().next())?;
        Some(powers_of(holder))
    }

    /// Returns the villages to which advisors are linked, by person.
    pub(super) fn advisors(&self) -> BTreeMap<PersonId, BTreeSet<UnitCode>> {
        let mut advisors: BTreeMap<PersonId, BTreeSet<UnitCode>> = BTreeMap::new();
        for holder in self.all().filter(|holder| holder.roles.contains(Role::Advisor)) {
            advisors.entry(holder.person.clone()).or_default().extend(holder.villages.iter().cloned());
        }
        advisors
    }

    /// Returns the names of the holders, by person.
    pub(super) fn names(&self) -> BTreeMap<PersonId, String> {
        self.all().map(|holder| (holder.person.clone(), holder.name.clone())).collect()
    }

    /// Tells whether a device of this short name is known.
    pub(super) fn has_code(&self, code: &DeviceCode) -> bool {
        self.all().any(|holder| holder.code == *code)
    }
}

/// Returns what a holder may be, and where.
pub(super) fn powers_of(holder: &Holder) -> Powers {
    Powers { roles: holder.roles, villages: holder.villages.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::DeviceKey;
    use crate::identity::invitation::{Invitation, Terms};
    use crate::time::Instant;

    const DEVICE: DeviceNumber = DeviceNumber(3);

    fn certificate(renewal: u32, role: Role) -> Certificate {
        let authority = DeviceKey::from_seed([9; 32]);
        let terms = Terms {
            device: DEVICE,
            code: DeviceCode::new("SC1").unwrap(),
            person: PersonId::new("p-1").unwrap(),
            name: "张三".to_owned(),
            roles: role.into(),
            villages: [UnitCode::new("42").unwrap()].into(),
            may_enrol: false,
            expires: Instant(u64::MAX),
        };
        let (chain, one_use) = (Certificate::default(), [renewal as u8; 32]);
        let terms = (terms, renewal);
        let invitation = Invitation::renew(authority.public(), &chain, &authority, terms, one_use, Instant(u64::MAX));
        invitation.accept(&DeviceKey::from_seed([3; 32]).public())
    }

    /// Every certificate that a log brought was remembered as if it had been renewed, so that every document was read
    /// twice at every tap, once more to ask under which certificate each record was made.
    #[test]
    fn a_first_certificate_is_no_renewal() {
        let scope = Address::roster(&UnitCode::new("42").unwrap()).scope;
        let mut directory = Directory::default();
        assert_eq!(directory.renew(&scope, (DEVICE, 0), Reach::new), None);
        assert!(!directory.is_renewed(&scope));
        assert!(directory.renew(&scope, (DEVICE, 1), Reach::new).is_some());
        assert!(directory.is_renewed(&scope) && !directory.is_renewed(&ScopeId::Township));
    }

    #[test]
    fn a_record_is_judged_by_the_certificate_that_stood_before_it() {
        let village = UnitCode::new("42").unwrap();
        let (address, roster) = (Address::roster(&village), DocumentId::Roster);
        let scope = address.scope.clone();
        let (early, late) = (Actor { device: DEVICE, session: 1 }, Actor { device: DEVICE, session: 2 });
        let authority = DeviceKey::from_seed([9; 32]).public();
        let mut directory = Directory::default();
        let mut rows = Vec::new();
        let reaches = [vec![], vec![((roster.clone(), early), 4)], vec![((roster.clone(), early), 6)]];
        for ((renewal, role), reach) in (0..).zip([Role::Scribe, Role::Teller, Role::Auditor]).zip(reaches) {
            assert_eq!(directory.meet(&certificate(renewal, role), &authority), Met::New);
            let reach = || reach.into_iter().collect();
            rows.extend(directory.renew(&scope, (DEVICE, renewal), reach));
        }
        let check = |directory: &Directory| {
            let drawn = [(early, 1), (early, 4), (early, 5), (early, 6), (early, 7), (late, 1)].map(|(actor, seq)| {
                let roles = directory.powers_at(&address, actor, || Some(seq)).unwrap().roles_in(&village);
                [Role::Scribe, Role::Teller, Role::Auditor].into_iter().find(|role| roles.contains(*role)).unwrap()
            });
            use Role::{Auditor, Scribe, Teller};
            assert_eq!(drawn, [Scribe, Scribe, Teller, Teller, Auditor, Auditor]);
        };
        check(&directory);
        assert_eq!(rows.len(), 2, "the first certificate is no renewal");

        let mut again = Directory::default();
        for renewal in [2, 0, 1] {
            let role = [Role::Scribe, Role::Teller, Role::Auditor][renewal as usize];
            assert_eq!(again.meet(&certificate(renewal, role), &authority), Met::New, "in any order");
        }
        rows.iter().for_each(|(key, value)| assert_eq!(again.load_renewal(key, value), Some(true), "{key}"));
        check(&again);
        assert_eq!(again.renew(&scope, (DEVICE, 1), Reach::new), None, "an earlier one does not come back");
        assert_eq!(again.in_force(&ScopeId::Township, DEVICE).unwrap().renewal, 0, "each log by itself");
        for end in 0..rows[0].1.len() {
            assert_eq!(again.load_renewal(&rows[0].0, &rows[0].1[..end]), Some(false), "damage is an error");
        }
    }
}
