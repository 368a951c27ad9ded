//! Every device whose certificate has arrived and held.

use std::collections::BTreeMap;

use crate::cbor::DecodeError;
use crate::document::{Authors, KnownAuthor};
use crate::id::{DeviceCode, DeviceNumber, PersonId, UnitCode};
use crate::identity::{Certificate, Holder, PublicKey};
use crate::role::Roles;

/// Devices by number, with their certificates as they arrived.
#[derive(Debug, Default)]
pub(super) struct Directory {
    holders: BTreeMap<DeviceNumber, Holder>,
    certificates: BTreeMap<DeviceNumber, Certificate>,
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
    /// Checks a certificate and takes it in. The first key under a number stays; a second use is refused.
    pub(super) fn meet(&mut self, certificate: &Certificate, authority: &PublicKey) -> Met {
        let Ok(holder) = certificate.holder(authority) else { return Met::Refused };
        match self.holders.get(&holder.device) {
            Some(known) if known.key == holder.key => Met::Known,
            Some(_) => Met::Refused,
            None => {
                let author = KnownAuthor { code: holder.code.clone(), person: holder.person.clone() };
                self.authors.insert(holder.device, author);
                self.certificates.insert(holder.device, certificate.clone());
                self.holders.insert(holder.device, holder);
                Met::New
            }
        }
    }

    /// Notes who wrote a batch that was accepted although its device's own certificate never came.
    pub(super) fn hear_of(&mut self, holder: &Holder) {
        let author = KnownAuthor { code: holder.code.clone(), person: holder.person.clone() };
        self.authors.entry(holder.device).or_insert(author);
    }

    /// Returns the row that keeps a certificate.
    pub(super) fn row(certificate: &Certificate) -> Option<(String, Vec<u8>)> {
        let device = certificate.claimed().ok()?.device;
        Some((format!("device/{device}"), certificate.encode()))
    }

    /// Reads a row back and takes it in.
    pub(super) fn load(&mut self, bytes: &[u8], authority: &PublicKey) -> Result<(), DecodeError> {
        match self.meet(&Certificate::decode(bytes)?, authority) {
            Met::New | Met::Known => Ok(()),
            Met::Refused => Err(DecodeError::Shape),
        }
    }

    pub(super) fn get(&self, device: DeviceNumber) -> Option<&Holder> {
        self.holders.get(&device)
    }

    /// Returns a device's certificate as it arrived.
    pub(super) fn certificate(&self, device: DeviceNumber) -> Option<&Certificate> {
        self.certificates.get(&device)
    }

    /// Returns every certificate, by device.
    pub(super) fn certificates(&self) -> impl Iterator<Item = (DeviceNumber, &Certificate)> {
        self.certificates.iter().map(|(device, certificate)| (*device, certificate))
    }

    /// Returns every holder, by device.
    pub(super) fn all(&self) -> impl Iterator<Item = &Holder> {
        self.holders.values()
    }

    /// Returns what documents need to know of authors.
    pub(super) fn authors(&self) -> &Authors {
        &self.authors
    }

    /// Returns what each device's holder may be in a village.
    pub(super) fn roles_in(&self, village: &UnitCode) -> BTreeMap<DeviceNumber, Roles> {
        let roles = |holder: &Holder| if holder.villages.contains(village) { holder.roles } else { Roles::default() };
        self.holders.iter().map(|(device, holder)| (*device, roles(holder))).collect()
    }

    /// Returns the names of the holders, by person.
    pub(super) fn names(&self) -> BTreeMap<PersonId, String> {
        self.holders.values().map(|holder| (holder.person.clone(), holder.name.clone())).collect()
    }

    /// Tells whether a device of this short name is known.
    pub(super) fn has_code(&self, code: &DeviceCode) -> bool {
        self.holders.values().any(|holder| holder.code == *code)
    }
}
