//! The draft of a township's founding.

use shared::id::UnitCode;
use shared::replica::Founding;

use super::devices::{device_code, holder_of};

/// The digits of a township's division code.
const CODE_DIGITS: usize = 12;
/// The longest name, in bytes; certificates hold no longer one.
const NAME_BYTES: usize = 90;

/// What the office has filled in so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The division code as typed.
    pub township: String,
    /// The township's name.
    pub name: String,
    /// The holder's name.
    pub holder: String,
    /// The device code as typed.
    pub device: String,
}

/// What is wrong with a field of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was typed.
    Missing,
    /// It is longer than a certificate may hold.
    TooLong,
    /// It has another shape.
    Shape,
}

/// The faults of every field; all are shown at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Of the division code.
    pub township: Option<Fault>,
    /// Of the township's name.
    pub name: Option<Fault>,
    /// Of the holder's name.
    pub holder: Option<Fault>,
    /// Of the device code.
    pub device: Option<Fault>,
}

impl Draft {
    /// Returns the founding, or what is wrong with each field.
    pub fn founding(&self, token: &str) -> Result<Founding, Faults> {
        let digits = self.township.trim();
        let township = UnitCode::new(digits).ok().filter(|_| digits.len() == CODE_DIGITS);
        let code = device_code(&self.device);
        let faults = Faults {
            township: fault(digits, township.is_some()),
            name: name_fault(&self.name),
            holder: name_fault(&self.holder),
            device: fault(self.device.trim(), code.is_some()),
        };
        let (Some(township), Some(code), Faults { name: None, holder: None, .. }) = (township, code, faults) else {
            return Err(faults);
        };
        let holder = holder_of(&code).ok_or(faults)?;
        Ok(Founding {
            token: token.to_owned(),
            township,
            name: self.name.trim().to_owned(),
            holder,
            holder_name: self.holder.trim().to_owned(),
            code,
        })
    }
}

fn fault(text: &str, sound: bool) -> Option<Fault> {
    match (text, sound) {
        ("", _) => Some(Fault::Missing),
        (_, false) => Some(Fault::Shape),
        (_, true) => None,
    }
}

/// Returns what is wrong with a name that a certificate is to hold.
pub(super) fn name_fault(name: &str) -> Option<Fault> {
    match name.trim() {
        "" => Some(Fault::Missing),
        name if name.len() > NAME_BYTES => Some(Fault::TooLong),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_shown_at_once() {
        let faults = Draft { township: "4205".to_owned(), device: "B G".to_owned(), ..Draft::default() }.founding("t");
        let (missing, shape) = (Some(Fault::Missing), Some(Fault::Shape));
        assert_eq!(faults, Err(Faults { township: shape, name: missing, holder: missing, device: shape }));
    }

    #[test]
    fn a_whole_draft_founds() {
        let draft = Draft {
            township: " 420529202000".to_owned(),
            name: "牛庄乡".to_owned(),
            holder: "王芳".to_owned(),
            device: "bg1".to_owned(),
        };
        let founding = draft.founding("t").unwrap();
        assert_eq!((founding.code.as_str(), founding.holder.as_str()), ("BG1", "device-bg1"));
    }
}
