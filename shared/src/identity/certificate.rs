//! A certificate: the chain of grants by which the township's authority says who holds a device.
//!
//! Each link is a grant signed by whoever may enrol (the authority for the first link, the device of the link
//! before for every other) and taken up by a device with the grant's one-use key. A chain is checked without
//! any network.

use std::collections::BTreeSet;
use std::fmt;

use super::batch::entry_hash;
use super::key::{Context, DeviceKey, PublicKey, Signature};
use super::receipt::Digest;
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{DeviceCode, DeviceNumber, ID_BYTES, PersonId, UnitCode};
use crate::role::{Role, Roles};
use crate::time::Instant;

/// The longest chain: authority, office, village secretary, scribe, and one to spare.
pub const CHAIN_LINKS: usize = 4;
/// The longest name of a person, in bytes: thirty characters of three bytes.
pub const NAME_BYTES: usize = 90;
/// The most villages one device may serve; a township has far fewer.
pub const GRANT_VILLAGES: usize = 64;
/// The largest encoded grant, in bytes.
pub const GRANT_BYTES: usize = 1536;
/// The largest encoded certificate, in bytes.
pub const CERTIFICATE_BYTES: usize = CHAIN_LINKS * (GRANT_BYTES + 256);

const GRANT_FIELDS: usize = 32;

/// What a device is allowed to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The number the device writes under.
    pub device: DeviceNumber,
    /// The short name that people write on paper.
    pub code: DeviceCode,
    /// Who holds the device.
    pub person: PersonId,
    /// The holder's name.
    pub name: String,
    /// What the holder may do.
    pub roles: Roles,
    /// The villages the roles extend to.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the holder may invite further devices.
    pub may_enrol: bool,
    /// The last moment at which the grant lets anybody in.
    pub expires: Instant,
    /// The public half of the key that takes the grant up.
    pub one_use: PublicKey,
    /// The last moment at which a phone takes the invitation up; the grant itself may hold for years after.
    pub take_by: Instant,
    /// How often the device's grant was renewed; the device keeps its number and its key.
    pub renewal: u32,
}

impl Grant {
    /// Writes the grant as a map with integer keys, to which later versions may add.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        let is_apart = self.take_by != self.expires;
        writer.map(9 + usize::from(is_apart) + usize::from(self.renewal > 0)).uint(0).uint(self.device.0.into());
        writer.uint(1).text(self.code.as_str()).uint(2).text(self.person.as_str()).uint(3).text(&self.name);
        writer.uint(4).uint(self.roles.bits().into());
        writer.uint(5).array(self.villages.len());
        for village in &self.villages {
            writer.text(village.as_str());
        }
        writer.uint(6).bool(self.may_enrol).uint(7).uint(self.expires.0).uint(8).bytes(&self.one_use.0);
        if is_apart {
            writer.uint(9).uint(self.take_by.0);
        }
        if self.renewal > 0 {
            writer.uint(10).uint(self.renewal.into());
        }
        writer.finish()
    }

    /// Reads a grant, passing over fields it does not know.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let (mut device, mut code, mut person, mut name, mut roles) = (None, None, None, None, None);
        let (mut villages, mut may_enrol, mut expires, mut one_use) = (BTreeSet::new(), false, None, None);
        let (mut take_by, mut renewal) = (None, 0);
        for _ in 0..reader.map(GRANT_FIELDS)? {
            match reader.uint::<u64>()? {
                0 => device = Some(DeviceNumber(reader.uint()?)),
                1 => code = Some(reader.parsed(ID_BYTES)?),
                2 => person = Some(reader.parsed(ID_BYTES)?),
                3 => name = Some(reader.text(NAME_BYTES)?.to_owned()),
                4 => roles = Some(Roles::from_bits(reader.uint()?)),
                5 => {
                    for _ in 0..reader.list(GRANT_VILLAGES)? {
                        villages.insert(reader.parsed(ID_BYTES)?);
                    }
                }
                6 => may_enrol = reader.bool()?,
                7 => expires = Some(Instant(reader.uint()?)),
                8 => one_use = Some(PublicKey(reader.fixed()?)),
                9 => take_by = Some(Instant(reader.uint()?)),
                10 => renewal = reader.uint()?,
                _ => reader.skip()?,
            }
        }
        reader.end()?;
        let expires = expires.ok_or(DecodeError::Shape)?;
        Ok(Self {
            device: device.ok_or(DecodeError::Shape)?,
            code: code.ok_or(DecodeError::Shape)?,
            person: person.ok_or(DecodeError::Shape)?,
            name: name.ok_or(DecodeError::Shape)?,
            roles: roles.ok_or(DecodeError::Shape)?,
            villages,
            may_enrol,
            expires,
            one_use: one_use.ok_or(DecodeError::Shape)?,
            take_by: take_by.unwrap_or(expires),
            renewal,
        })
    }
}

/// One grant, signed by its giver and taken up by a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The grant as it was signed: kept as bytes, so that fields of a later version stay covered.
    pub grant: Vec<u8>,
    /// The giver's signature over the grant.
    pub given: Signature,
    /// The key of the device that took the grant up.
    pub device: PublicKey,
    /// The one-use key's signature over the grant and the device key.
    pub taken: Signature,
}

impl Link {
    /// Takes a grant up for a device.
    pub fn take_up(grant: Vec<u8>, given: Signature, one_use: &DeviceKey, device: PublicKey) -> Self {
        let taken = one_use.sign(Context::Certificate, &Self::statement(&grant, &device));
        Self { grant, given, device, taken }
    }

    fn statement(grant: &[u8], device: &PublicKey) -> Vec<u8> {
        [device.0.as_slice(), grant].concat()
    }
}

/// The chain of links from the authority to one device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The links, the authority's own grant first, the device's own last.
    pub links: Vec<Link>,
}

/// Who holds a device, as its certificate proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The number the device writes under.
    pub device: DeviceNumber,
    /// The short name that people write on paper.
    pub code: DeviceCode,
    /// Who holds the device.
    pub person: PersonId,
    /// The holder's name.
    pub name: String,
    /// What the holder may do.
    pub roles: Roles,
    /// The villages the roles extend to.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the holder may invite further devices.
    pub may_enrol: bool,
    /// The earliest expiry within the chain.
    pub expires: Instant,
    /// The key that signs the device's batches.
    pub key: PublicKey,
    /// How often the device's certificate was renewed.
    pub renewal: u32,
}

/// The reasons why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateError {
    /// The chain has no link.
    Empty,
    /// The chain is longer than [`CHAIN_LINKS`].
    TooDeep,
    /// A grant cannot be read.
    Grant,
    /// A grant is not signed by the one who should have given it.
    Given,
    /// A device took a grant up without its one-use key.
    Taken,
    /// A grant was given by somebody who may not enrol.
    MayNotEnrol,
    /// A grant gives more than its giver has.
    Exceeds,
    /// The certificate, or one it rests on, has expired.
    Expired,
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the certificate is empty",
            Self::TooDeep => "the certificate's chain is too long",
            Self::Grant => "a grant in the certificate cannot be read",
            Self::Given => "a grant in the certificate is not signed by its giver",
            Self::Taken => "a grant in the certificate was not taken up with its one-use key",
            Self::MayNotEnrol => "a grant in the certificate comes from somebody who may not enrol",
            Self::Exceeds => "a grant in the certificate gives more than its giver has",
            Self::Expired => "the certificate has expired",
        })
    }
}

impl std::error::Error for CertificateError {}

impl Certificate {
    /// Checks the whole chain as of a moment and returns who holds the device.
    pub fn verify(&self, authority: &PublicKey, at: Instant) -> Result<Holder, CertificateError> {
        let holder = self.holder(authority)?;
        if at > holder.expires { Err(CertificateError::Expired) } else { Ok(holder) }
    }

    /// Checks the whole chain except for its expiry.
    ///
    /// Records outlive the certificates they were written under: what the relay accepted in time stays true.
    pub fn holder(&self, authority: &PublicKey) -> Result<Holder, CertificateError> {
        if self.links.len() > CHAIN_LINKS {
            return Err(CertificateError::TooDeep);
        }
        let mut giver: Option<Holder> = None;
        for link in &self.links {
            let grant = Grant::decode(&link.grant).map_err(|_| CertificateError::Grant)?;
            if let Some(giver) = &giver {
                may_give(giver, &grant)?;
            }
            let given_by = giver.as_ref().map_or(*authority, |giver| giver.key);
            given_by.verify(Context::Grant, &link.grant, &link.given).map_err(|_| CertificateError::Given)?;
            let statement = Link::statement(&link.grant, &link.device);
            grant.one_use.verify(Context::Certificate, &statement, &link.taken).map_err(|_| CertificateError::Taken)?;
            giver = Some(Holder {
                device: grant.device,
                code: grant.code,
                person: grant.person,
                name: grant.name,
                roles: grant.roles,
                villages: grant.villages,
                may_enrol: grant.may_enrol,
                expires: giver.map_or(grant.expires, |giver| giver.expires.min(grant.expires)),
                key: link.device,
                renewal: grant.renewal,
            });
        }
        giver.ok_or(CertificateError::Empty)
    }

    /// Returns the name by which a log finds the certificate: what it says, whatever its signatures look like.
    ///
    /// Whoever holds the keys can sign the same in ever new ways, and none of them is another certificate.
    ///
    /// A renewed one is found by the count of its renewals, so that there is one of each.
    pub fn name(&self) -> Digest {
        match self.claimed() {
            Ok(Grant { device, renewal, .. }) if renewal > 0 => Self::name_of_renewal(device, renewal),
            _ => self.said(),
        }
    }

    /// Returns the name by which a log finds a device's certificate as it was renewed so many times.
    pub fn name_of_renewal(device: DeviceNumber, renewal: u32) -> Digest {
        entry_hash(&[b"renewed certificate", &device.0.to_be_bytes(), &renewal.to_be_bytes()])
    }

    /// Returns the digest of what the certificate says, its signatures left out.
    pub fn said(&self) -> Digest {
        let said = self.links.iter().flat_map(|link| [link.grant.as_slice(), link.device.0.as_slice()]);
        let parts: Vec<&[u8]> = [b"certificate".as_slice()].into_iter().chain(said).collect();
        entry_hash(&parts)
    }

    /// Reads who claims to hold the device without checking anything.
    pub fn claimed(&self) -> Result<Grant, CertificateError> {
        let link = self.links.last().ok_or(CertificateError::Empty)?;
        Grant::decode(&link.grant).map_err(|_| CertificateError::Grant)
    }

    /// Returns the devices that the enrolment rests on, the device itself left out; nothing is checked.
    pub fn givers(&self) -> Vec<DeviceNumber> {
        let (_, givers) = self.links.split_last().unzip();
        let read = |link: &Link| Grant::decode(&link.grant).ok().map(|grant| grant.device);
        givers.unwrap_or_default().iter().filter_map(read).collect()
    }

    /// Writes the chain.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(self.links.len());
        for link in &self.links {
            writer.array(4).bytes(&link.grant).bytes(&link.given.0).bytes(&link.device.0).bytes(&link.taken.0);
        }
        writer.finish()
    }

    /// Reads a chain.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > CERTIFICATE_BYTES {
            return Err(DecodeError::TooLong);
        }
        let mut reader = Reader::new(bytes);
        let mut links = Vec::new();
        for _ in 0..reader.list(CHAIN_LINKS)? {
            reader.array(4)?;
            links.push(Link {
                grant: reader.bytes(GRANT_BYTES)?.to_vec(),
                given: Signature(reader.fixed()?),
                device: PublicKey(reader.fixed()?),
                taken: Signature(reader.fixed()?),
            });
        }
        reader.end()?;
        Ok(Self { links })
    }
}

/// Checks that nobody hands on more than they hold: the office may grant anything, a village its own roles.
fn may_give(giver: &Holder, grant: &Grant) -> Result<(), CertificateError> {
    if !giver.may_enrol {
        return Err(CertificateError::MayNotEnrol);
    }
    if giver.roles.contains(Role::TownshipOffice) {
        return Ok(());
    }
    let own = !grant.villages.is_empty() && grant.villages.is_subset(&giver.villages);
    if own && grant.roles.iter().all(Role::is_of_village) { Ok(()) } else { Err(CertificateError::Exceeds) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::invitation::{Invitation, Terms};
    use crate::role::Role;

    fn key(seed: u8) -> DeviceKey {
        DeviceKey::from_seed([seed; 32])
    }

    fn terms(device: u32, roles: &[Role], village: &str) -> Terms {
        Terms {
            device: DeviceNumber(device),
            code: DeviceCode::new("SH1").unwrap(),
            person: PersonId::new("p-1").unwrap(),
            name: "张三".to_owned(),
            roles: roles.iter().copied().collect(),
            villages: [UnitCode::new(village).unwrap()].into(),
            may_enrol: true,
            expires: Instant(1_000),
        }
    }

    /// Authority (seed 1) → office (2) → secretary (3) → scribe (4).
    fn chain(secretary: Terms, scribe: Terms) -> Certificate {
        let authority = key(1);
        let mut certificate = Certificate::default();
        let office = terms(1, &[Role::TownshipOffice], "42");
        for (giver, terms, taker) in [(1, office, 2), (2, secretary, 3), (3, scribe, 4)] {
            let invitation = Invitation::issue(authority.public(), &certificate, &key(giver), terms, [taker + 40; 32]);
            certificate = invitation.accept(&key(taker).public());
        }
        certificate
    }

    #[test]
    fn a_chain_proves_its_holder() {
        let certificate = chain(terms(2, &[Role::VillageSecretary], "42"), terms(3, &[Role::Scribe], "42"));
        let certificate = Certificate::decode(&certificate.encode()).unwrap();
        let holder = certificate.verify(&key(1).public(), Instant(1_000)).unwrap();
        assert_eq!((holder.device, holder.key), (DeviceNumber(3), key(4).public()));
        assert_eq!(certificate.verify(&key(1).public(), Instant(1_001)), Err(CertificateError::Expired));
        assert_eq!(certificate.holder(&key(9).public()), Err(CertificateError::Given), "another authority");
    }

    #[test]
    fn nobody_hands_on_more_than_they_hold() {
        let secretary = || terms(2, &[Role::VillageSecretary], "42");
        let cases = [
            (chain(secretary(), terms(3, &[Role::Scribe], "43")), CertificateError::Exceeds),
            (chain(secretary(), terms(3, &[Role::TownshipOffice], "42")), CertificateError::Exceeds),
            (
                chain(Terms { may_enrol: false, ..secretary() }, terms(3, &[Role::Scribe], "42")),
                CertificateError::MayNotEnrol,
            ),
        ];
        for (certificate, error) in cases {
            assert_eq!(certificate.holder(&key(1).public()), Err(error));
        }
        let short = chain(Terms { expires: Instant(5), ..secretary() }, terms(3, &[Role::Scribe], "42"));
        assert_eq!(
            short.verify(&key(1).public(), Instant(6)),
            Err(CertificateError::Expired),
            "rests on an expired one"
        );
    }

    #[test]
    fn a_stolen_link_does_not_serve_another_device() {
        let mut certificate = chain(terms(2, &[Role::VillageSecretary], "42"), terms(3, &[Role::Scribe], "42"));
        certificate.links[2].device = key(5).public();
        assert_eq!(certificate.holder(&key(1).public()), Err(CertificateError::Taken));
        certificate.links.remove(1);
        assert!(certificate.holder(&key(1).public()).is_err());
        assert_eq!(Certificate::default().holder(&key(1).public()), Err(CertificateError::Empty));
    }

    /// The holder of a key can sign the same in ever new ways, each of which would be an entry of every log.
    #[test]
    fn a_certificate_signed_again_has_the_same_name() {
        let certificate = chain(terms(2, &[Role::VillageSecretary], "42"), terms(3, &[Role::Scribe], "42"));
        let mut again = certificate.clone();
        again.links[2].taken = Signature([7; 64]);
        again.links[1].given = Signature([8; 64]);
        assert_eq!(again.name(), certificate.name());
        let other = chain(terms(2, &[Role::VillageSecretary], "42"), terms(3, &[Role::Teller], "42"));
        assert_ne!(other.name(), certificate.name(), "it says something else");
        again.links[2].device = key(5).public();
        assert_ne!(again.name(), certificate.name(), "another device took it up");
    }

    #[test]
    fn damaged_certificates_are_errors() {
        let bytes = chain(terms(2, &[Role::VillageSecretary], "42"), terms(3, &[Role::Scribe], "42")).encode();
        for end in 0..bytes.len() {
            assert!(Certificate::decode(&bytes[..end]).is_err());
        }
        assert_eq!(Certificate::decode(&[bytes.as_slice(), &[0]].concat()), Err(DecodeError::Trailing));
    }
}
