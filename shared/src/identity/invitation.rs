//! An invitation: a grant with its one-use key, carried by a link or a QR code, that enrols exactly one device.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::certificate::{CERTIFICATE_BYTES, Certificate, GRANT_BYTES, GRANT_VILLAGES, Grant, Link, NAME_BYTES};
use super::key::{Context, DeviceKey, PublicKey, Signature};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{DeviceCode, DeviceNumber, PersonId, UnitCode};
use crate::role::Roles;
use crate::time::Instant;

/// The largest link fragment, in characters; a QR code holds some 2,900.
pub const LINK_CHARS: usize = (CERTIFICATE_BYTES + GRANT_BYTES + 512) * 4 / 3;

/// Stands between a link and the names of its villages; no character of the link itself.
const PLACES_MARK: char = '~';
/// The longest names of the villages, in characters.
const PLACES_CHARS: usize = GRANT_VILLAGES * (NAME_BYTES + 1) * 4 / 3;

const VERSION: u64 = 1;

/// What an invited device is to be; the grant without its one-use key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The number the device will write under, drawn at random.
    pub device: DeviceNumber,
    /// The short name that people write on paper.
    pub code: DeviceCode,
    /// Who will hold the device.
    pub person: PersonId,
    /// The holder's name.
    pub name: String,
    /// What the holder may do.
    pub roles: Roles,
    /// The villages the roles extend to.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the holder may invite further devices.
    pub may_enrol: bool,
    /// The moment after which the grant lets nobody in.
    pub expires: Instant,
}

/// Everything a phone needs to enrol without a signal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// The township's authority, which the phone trusts from here on.
    pub authority: PublicKey,
    /// The giver's own certificate; empty when the authority gives.
    pub chain: Certificate,
    /// The encoded grant.
    pub grant: Vec<u8>,
    /// The giver's signature over the grant.
    pub given: Signature,
    /// The seed of the one-use key.
    pub one_use: [u8; 32],
    /// The seed of the authority's key, only for the office's own device.
    pub authority_seed: Option<[u8; 32]>,
}

impl Invitation {
    /// Invites one device. `chain` is the giver's certificate, empty for the authority; `one_use` is a fresh seed.
    pub fn issue(
        authority: PublicKey,
        chain: &Certificate,
        giver: &DeviceKey,
        terms: Terms,
        one_use: [u8; 32],
    ) -> Self {
        let take_by = terms.expires;
        Self::issue_until(authority, chain, giver, terms, one_use, take_by)
    }

    /// Invites one device that has to take the invitation up by a moment before its certificate ends.
    ///
    /// Only the phone that takes it up looks at that moment: it may do so without a signal, and be late at the relay.
    pub fn issue_until(
        authority: PublicKey,
        chain: &Certificate,
        giver: &DeviceKey,
        terms: Terms,
        one_use: [u8; 32],
        take_by: Instant,
    ) -> Self {
        Self::renew(authority, chain, giver, (terms, 0), one_use, take_by)
    }

    /// Renews a device's certificate for the count of its renewals with this one; no other device may take it up.
    pub fn renew(
        authority: PublicKey,
        chain: &Certificate,
        giver: &DeviceKey,
        (terms, renewal): (Terms, u32),
        one_use: [u8; 32],
        take_by: Instant,
    ) -> Self {
        let Terms { device, code, person, name, roles, villages, may_enrol, expires } = terms;
        let one_use_key = DeviceKey::from_seed(one_use).public();
        let grant = Grant {
            device,
            code,
            person,
            name,
            roles,
            villages,
            may_enrol,
            expires,
            one_use: one_use_key,
            take_by,
            renewal,
        };
        let grant = grant.encode();
        let given = giver.sign(Context::Grant, &grant);
        Self { authority, chain: chain.clone(), grant, given, one_use, authority_seed: None }
    }

    /// Takes the invitation up for a device's own key.
    pub fn accept(&self, device: &PublicKey) -> Certificate {
        let one_use = DeviceKey::from_seed(self.one_use);
        let mut certificate = self.chain.clone();
        certificate.links.push(Link::take_up(self.grant.clone(), self.given, &one_use, *device));
        certificate
    }

    /// Reads what the invitation grants, to show it before it is taken up.
    pub fn terms(&self) -> Result<Grant, DecodeError> {
        Grant::decode(&self.grant)
    }

    /// Returns the part of the link after `#/enrol/`; a fragment never leaves the phone for any server.
    pub fn to_link(&self) -> String {
        let mut writer = Writer::new();
        writer.array(7).uint(VERSION).bytes(&self.authority.0).bytes(&self.chain.encode()).bytes(&self.grant);
        writer.bytes(&self.given.0).bytes(&self.one_use);
        match &self.authority_seed {
            Some(seed) => writer.bytes(seed),
            None => writer.null(),
        };
        URL_SAFE_NO_PAD.encode(writer.finish())
    }

    /// Reads the part of a link after `#/enrol/`.
    pub fn from_link(text: &str) -> Result<Self, DecodeError> {
        let text = text.split(PLACES_MARK).next().unwrap_or_default();
        if text.len() > LINK_CHARS {
            return Err(DecodeError::TooLong);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| DecodeError::Shape)?;
        let mut reader = Reader::new(&bytes);
        reader.array(7)?;
        if reader.uint::<u64>()? != VERSION {
            return Err(DecodeError::Shape);
        }
        let invitation = Self {
            authority: PublicKey(reader.fixed()?),
            chain: Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?,
            grant: reader.bytes(GRANT_BYTES)?.to_vec(),
            given: Signature(reader.fixed()?),
            one_use: reader.fixed()?,
            authority_seed: if reader.nothing()? { None } else { Some(reader.fixed()?) },
        };
        reader.end()?;
        invitation.terms()?;
        Ok(invitation)
    }
}

/// Adds the names of its villages to a link, in the order of their codes, for a phone that knows no registry yet.
///
/// The names are outside the signature, which covers the codes: a page shows both.
pub fn name_places(link: &str, names: &[&str]) -> String {
    match names {
        [] => link.to_owned(),
        names => format!("{link}{PLACES_MARK}{}", URL_SAFE_NO_PAD.encode(names.join("\n"))),
    }
}

/// Returns the names that a link gives its villages; none where it gives none that can be read.
pub fn places_named(link: &str) -> Vec<String> {
    let named = link.trim().split_once(PLACES_MARK).map(|(_, names)| names).filter(|names| names.len() <= PLACES_CHARS);
    let text = named.and_then(|names| String::from_utf8(URL_SAFE_NO_PAD.decode(names).ok()?).ok());
    text.map(|text| text.split('\n').map(str::to_owned).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;

    fn invitation() -> Invitation {
        let authority = DeviceKey::from_seed([1; 32]);
        let terms = Terms {
            device: DeviceNumber(7),
            code: DeviceCode::new("SH3").unwrap(),
            person: PersonId::new("li-na").unwrap(),
            name: "李娜".to_owned(),
            roles: Role::Scribe.into(),
            villages: [UnitCode::new("420529202209").unwrap()].into(),
            may_enrol: false,
            expires: Instant(9),
        };
        Invitation::issue(authority.public(), &Certificate::default(), &authority, terms, [3; 32])
    }

    #[test]
    fn a_link_reads_back() {
        let mut invitation = invitation();
        let link = invitation.to_link();
        assert_eq!(Invitation::from_link(&link), Ok(invitation.clone()));
        assert!(link.len() < 420, "a link of {} characters makes a coarse QR code", link.len());
        invitation.authority_seed = Some([5; 32]);
        assert_eq!(Invitation::from_link(&invitation.to_link()), Ok(invitation));
    }

    #[test]
    fn names_of_places_travel_beside_the_link() {
        let (invitation, link) = (invitation(), invitation().to_link());
        let named = name_places(&link, &["沙湾村", "牛庄村"]);
        assert_eq!(places_named(&named), ["沙湾村", "牛庄村"]);
        assert_eq!(Invitation::from_link(&named), Ok(invitation), "the link itself is the same");
        assert_eq!(name_places(&link, &[]), link);
        for silent in
            [link.clone(), format!("{link}~"), format!("{link}~!"), link + "~" + &"A".repeat(PLACES_CHARS + 1)]
        {
            assert!(places_named(&silent).iter().all(String::is_empty), "{silent}");
        }
    }

    #[test]
    fn a_damaged_link_is_an_error() {
        let link = invitation().to_link();
        for end in 0..link.len() {
            assert!(Invitation::from_link(&link[..end]).is_err(), "cut at {end}");
        }
        assert_eq!(Invitation::from_link(&"A".repeat(LINK_CHARS + 1)), Err(DecodeError::TooLong));
    }
}
