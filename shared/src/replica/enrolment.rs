//! Who this device is: its key, its certificate, and how it takes up, founds and hands on.

use rand_core::RngCore;

use super::boundary::{Founding, InvitationWish, Refused, Renewal};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::domain::Acting;
use crate::id::{DeviceNumber, UnitCode};
use crate::identity::certificate::CERTIFICATE_BYTES;
use crate::identity::invitation::Terms;
use crate::identity::{Certificate, DeviceKey, Holder, Invitation, PublicKey};
use crate::role::Role;
use crate::time::Instant;
use crate::wire::{FoundRequest, Token};

/// The key of the row that holds the identity.
pub(super) const IDENTITY_KEY: &str = "identity";
/// What precedes the invitation in a link.
const LINK_MARK: &str = "#/enrol/";
/// How long the founding office's own certificate holds, in milliseconds: ten years, a device's lifetime and more.
const FOUNDING_MILLIS: u64 = 10 * 366 * 24 * 60 * 60 * 1000;
/// The largest founding request kept, in bytes.
const FOUNDING_BYTES: usize = 1024;

/// Everything that makes a device the one it is.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub key: DeviceKey,
    pub certificate: Certificate,
    pub authority: PublicKey,
    pub holder: Holder,
    /// The township's authority, on the office's own device alone.
    authority_key: Option<DeviceKey>,
    /// The founding request, until the relay has taken it.
    pub founding: Option<Vec<u8>>,
}

impl Identity {
    /// Returns the seed of the authority's key, on the one device that has it.
    pub(super) fn authority_seed(&self) -> Option<[u8; 32]> {
        self.authority_key.as_ref().map(DeviceKey::seed)
    }

    /// Takes up the invitation in a link for a key drawn here.
    pub(super) fn enrol(link: &str, now: Instant, rng: &mut dyn RngCore) -> Result<Self, Refused> {
        let text = link.rsplit_once(LINK_MARK).map_or(link, |(_, text)| text).trim();
        let invitation = Invitation::from_link(text).map_err(|_| Refused::NotALink)?;
        let key = DeviceKey::draw(rng);
        let certificate = invitation.accept(&key.public());
        let holder = certificate.holder(&invitation.authority).map_err(|_| Refused::ForgedLink)?;
        let take_by = invitation.terms().map_or(holder.expires, |grant| grant.take_by);
        if now > holder.expires.min(take_by) {
            return Err(Refused::ExpiredLink);
        }
        let authority_key = invitation.authority_seed.map(DeviceKey::from_seed);
        if authority_key.as_ref().is_some_and(|key| key.public() != invitation.authority) {
            return Err(Refused::ForgedLink);
        }
        Ok(Self { key, certificate, authority: invitation.authority, holder, authority_key, founding: None })
    }

    /// Makes the township's authority and certifies this device as its office's.
    pub(super) fn found(founding: Founding, now: Instant, rng: &mut dyn RngCore) -> Result<Self, Refused> {
        let token = token(&founding.token).ok_or(Refused::NotALink)?;
        let (authority_key, key) = (DeviceKey::draw(rng), DeviceKey::draw(rng));
        let authority = authority_key.public();
        let terms = Terms {
            device: DeviceNumber(rng.next_u32()),
            code: founding.code,
            person: founding.holder,
            name: founding.holder_name,
            roles: Role::TownshipOffice.into(),
            villages: [].into(),
            may_enrol: true,
            expires: now.plus_millis(FOUNDING_MILLIS),
        };
        let invitation = Invitation::issue(authority, &Certificate::default(), &authority_key, terms, seed(rng));
        let certificate = invitation.accept(&key.public());
        let holder = certificate.holder(&authority).map_err(|_| Refused::ForgedLink)?;
        let request = FoundRequest::sign(token, &authority_key, founding.township, founding.name);
        let founding = Some(request.encode());
        Ok(Self { key, certificate, authority, holder, authority_key: Some(authority_key), founding })
    }

    /// Asks a new relay to serve the township that exists, which only the authority can.
    pub(super) fn refound(&mut self, token_text: &str, township: UnitCode, name: String) -> Result<(), Refused> {
        let authority = self.authority_key.as_ref().ok_or(Refused::AlreadyEnrolled)?;
        let token = token(token_text).ok_or(Refused::NotALink)?;
        self.founding = Some(FoundRequest::sign(token, authority, township, name).encode());
        Ok(())
    }

    /// Invites another device and returns what stands behind `#/enrol/` in its link.
    ///
    /// The invitation rests on this device's own certificate, so that it shows who invited.
    pub(super) fn invite(&self, wish: InvitationWish, rng: &mut dyn RngCore) -> Result<String, Refused> {
        let terms = Terms {
            device: DeviceNumber(rng.next_u32()),
            code: wish.code,
            person: wish.holder,
            name: wish.holder_name,
            roles: wish.roles,
            villages: wish.villages,
            may_enrol: wish.may_enrol,
            expires: wish.expires,
        };
        let (chain, take_by) = (&self.certificate, wish.take_by);
        let invitation = Invitation::issue_until(self.authority, chain, &self.key, terms, seed(rng), take_by);
        // Whoever takes it up will check the same: no link is handed out that would be refused.
        let tried = invitation.accept(&self.key.public()).holder(&self.authority);
        tried.map(|_| invitation.to_link()).map_err(|_| Refused::MayNotInvite)
    }

    /// Invites a device that is enrolled to take up another certificate, and returns what stands behind `#/enrol/`.
    pub(super) fn invite_again(&self, of: &Holder, wish: Renewal, rng: &mut dyn RngCore) -> Result<String, Refused> {
        let Renewal { device, roles, villages, may_enrol, take_by, expires } = wish;
        let (code, person, name) = (of.code.clone(), of.person.clone(), of.name.clone());
        let terms = (Terms { device, code, person, name, roles, villages, may_enrol, expires }, of.renewal + 1);
        let invitation = Invitation::renew(self.authority, &self.certificate, &self.key, terms, seed(rng), take_by);
        let tried = invitation.accept(&of.key).holder(&self.authority);
        tried.map(|_| invitation.to_link()).map_err(|_| Refused::MayNotInvite)
    }

    /// Takes up another certificate for this device's own key; a link that is for another device changes nothing.
    pub(super) fn renewed(&self, link: &str, now: Instant) -> Result<Self, Refused> {
        let text = link.rsplit_once(LINK_MARK).map_or(link, |(_, text)| text).trim();
        let invitation = Invitation::from_link(text).map_err(|_| Refused::NotALink)?;
        let grant = invitation.terms().map_err(|_| Refused::NotALink)?;
        if grant.device != self.holder.device || grant.renewal <= self.holder.renewal {
            return Err(Refused::AlreadyEnrolled);
        }
        let certificate = invitation.accept(&self.key.public());
        let holder = certificate.holder(&self.authority).map_err(|_| Refused::ForgedLink)?;
        if (&holder.code, &holder.person) != (&self.holder.code, &self.holder.person) {
            return Err(Refused::ForgedLink);
        }
        if now > holder.expires.min(grant.take_by) {
            return Err(Refused::ExpiredLink);
        }
        Ok(Self { certificate, holder, ..self.clone() })
    }

    /// Returns who asks, for the rules.
    pub(super) fn acting(&self) -> Acting {
        let Holder { device, code, person, name, roles, villages, .. } = self.holder.clone();
        Acting { device, code, holder: person, name, roles, villages }
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.array(5).bytes(&self.key.seed()).bytes(&self.certificate.encode()).bytes(&self.authority.0);
        match &self.authority_key {
            Some(key) => writer.bytes(&key.seed()),
            None => writer.null(),
        };
        match &self.founding {
            Some(request) => writer.bytes(request),
            None => writer.null(),
        };
        writer.finish()
    }

    /// Reads the identity back; one whose certificate does not hold is an error.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.array(5)?;
        let key = DeviceKey::from_seed(reader.fixed()?);
        let certificate = Certificate::decode(reader.bytes(CERTIFICATE_BYTES)?)?;
        let authority = PublicKey(reader.fixed()?);
        let authority_key = if reader.nothing()? { None } else { Some(DeviceKey::from_seed(reader.fixed()?)) };
        let founding = if reader.nothing()? { None } else { Some(reader.bytes(FOUNDING_BYTES)?.to_vec()) };
        reader.end()?;
        let holder = certificate.holder(&authority).map_err(|_| DecodeError::Shape)?;
        Ok(Self { key, certificate, authority, holder, authority_key, founding })
    }
}

fn seed(rng: &mut dyn RngCore) -> [u8; 32] {
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    seed
}

/// Reads the sixteen bytes of a founding token from the text that `pingyi init` prints.
fn token(text: &str) -> Option<Token> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok().map(Token)
}
