//! The draft with which the office takes up its township on another device, from the saved key file.

use shared::id::{DeviceCode, DeviceNumber};
use shared::identity::invitation::Terms;
use shared::identity::{Certificate, DeviceKey, Invitation};
use shared::role::Role;
use shared::time::Instant;

use super::devices::{device_code, holder_of};
use super::founding::{Fault, name_fault};

/// The characters of a key in its file.
const KEY_CHARS: usize = 64;
/// How long the office's certificate lets it in: as long as the one of the founding.
const HOLDS: u64 = 10 * 366 * 24 * 3_600_000;
/// The random bytes that an invitation takes: the device's number and the one-use key.
pub const RANDOM_BYTES: usize = 4 + 32;

/// What the office has filled in so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The key from the file; none while no file was picked, or the one picked holds no key.
    pub key: Option<[u8; 32]>,
    /// The holder's name.
    pub holder: String,
    /// The device code as typed.
    pub device: String,
}

/// What is wrong with the draft; all is shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// No key file.
    pub no_key: bool,
    /// Of the holder's name.
    pub holder: Option<Fault>,
    /// Of the device code.
    pub device: Option<Fault>,
}

/// Writes the authority's key as the text of its file.
pub fn key_file(key: &[u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n"
}

/// Reads the key that the founding device wrote into a file; anything else is no key.
pub fn key_in(file: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(file).ok()?.trim();
    if text.len() != KEY_CHARS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(key)
}

impl Draft {
    /// Returns what is wrong with the draft, or nothing.
    pub fn faults(&self) -> Option<Faults> {
        let faults = Faults {
            no_key: self.key.is_none(),
            holder: name_fault(&self.holder),
            device: match (self.device.trim(), device_code(&self.device)) {
                ("", _) => Some(Fault::Missing),
                (_, None) => Some(Fault::Shape),
                (_, Some(_)) => None,
            },
        };
        (faults != Faults::default()).then_some(faults)
    }

    /// Returns the invitation that the authority gives its own office, as the payload of its link.
    ///
    /// It holds the authority's key itself, so that it is taken up on this device at once and shown to nobody.
    pub fn invitation(&self, now: Instant, random: [u8; RANDOM_BYTES]) -> Option<String> {
        let (key, code) = (DeviceKey::from_seed(self.key?), device_code(&self.device)?);
        let terms = self.terms(code, now, &random)?;
        let mut one_use = [0; 32];
        one_use.copy_from_slice(random.get(4..)?);
        let mut invitation = Invitation::issue(key.public(), &Certificate::default(), &key, terms, one_use);
        invitation.authority_seed = self.key;
        Some(invitation.to_link())
    }

    fn terms(&self, code: DeviceCode, now: Instant, random: &[u8; RANDOM_BYTES]) -> Option<Terms> {
        let [a, b, c, d, ..] = *random;
        Some(Terms {
            device: DeviceNumber(u32::from_be_bytes([a, b, c, d])),
            person: holder_of(&code)?,
            code,
            name: self.holder.trim().to_owned(),
            roles: Role::TownshipOffice.into(),
            villages: [].into(),
            may_enrol: true,
            expires: now.plus_millis(HOLDS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft { key: Some([7; 32]), holder: " 王芳".to_owned(), device: "bg2".to_owned() }
    }

    #[test]
    fn a_key_file_reads_back_and_nothing_else_does() {
        let key = [0x0a; 32];
        assert_eq!(key_file(&key), "0a".repeat(32) + "\n");
        assert_eq!(key_in(key_file(&key).as_bytes()), Some(key));
        for other in ["", "07", &"0g".repeat(32), &"07".repeat(33), &"七".repeat(22)] {
            assert_eq!(key_in(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn the_office_is_let_in_by_the_key_itself() {
        let link = draft().invitation(Instant(5), [3; RANDOM_BYTES]).unwrap();
        let invitation = Invitation::from_link(&link).unwrap();
        let certificate = invitation.accept(&DeviceKey::from_seed([9; 32]).public());
        let holder = certificate.holder(&DeviceKey::from_seed([7; 32]).public()).unwrap();
        assert_eq!((holder.name.as_str(), holder.code.as_str()), ("王芳", "BG2"));
        assert!(holder.roles.contains(Role::TownshipOffice) && holder.may_enrol);
        assert_eq!(invitation.authority_seed, Some([7; 32]), "the new device can save the key again");
        let stranger = DeviceKey::from_seed([8; 32]).public();
        assert!(certificate.holder(&stranger).is_err(), "another township does not know it");
    }

    #[test]
    fn every_fault_is_shown_at_once() {
        assert_eq!(draft().faults(), None);
        let faults = Draft { device: "B G".to_owned(), ..Draft::default() }.faults();
        assert_eq!(faults, Some(Faults { no_key: true, holder: Some(Fault::Missing), device: Some(Fault::Shape) }));
        assert_eq!(Draft::default().invitation(Instant(5), [3; RANDOM_BYTES]), None);
    }
}
