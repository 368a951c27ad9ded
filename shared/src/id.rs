//! A type per identifier, each parsed once at the edge.

use std::fmt;
use std::str::FromStr;

mod document;

pub use document::{Address, DocumentId, DocumentKind};

use crate::time::Date;

/// The reasons why a text is not the identifier it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Nothing was given.
    Empty,
    /// The text is longer than the identifier may be.
    TooLong,
    /// A character stands where the identifier cannot have it.
    Shape,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an identifier is missing",
            Self::TooLong => "an identifier is too long",
            Self::Shape => "an identifier has a character it cannot have",
        })
    }
}

impl std::error::Error for IdError {}

/// The largest identifier, in bytes: keys stay short because every record carries one.
pub const ID_BYTES: usize = 40;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Reads the identifier, checking its length and every character.
            pub fn new(text: &str) -> Result<Self, IdError> {
                let accepts: fn(char) -> bool = $accepts;
                match text {
                    "" => Err(IdError::Empty),
                    text if text.len() > ID_BYTES => Err(IdError::TooLong),
                    text if !text.chars().all(accepts) => Err(IdError::Shape),
                    text => Ok(Self(text.to_owned())),
                }
            }

            /// Returns the identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }
    };
}

text_id!(
    /// The twelve-digit official division code of a township, village or community.
    UnitCode,
    |c| c.is_ascii_digit()
);
text_id!(
    /// A person within the township; lower-case letters, digits and hyphens.
    PersonId,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// A household within its village; lower-case letters, digits and hyphens.
    HouseholdId,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// A group of raters in a rulebook, such as `members`; letters of any script, because villages name their columns.
    GroupId,
    |c| c.is_alphanumeric() || c == '-' || c == '_'
);
text_id!(
    /// A criterion in a rulebook, such as `courtyard`; letters of any script, because villages name their columns.
    CriterionId,
    |c| c.is_alphanumeric() || c == '-' || c == '_'
);
text_id!(
    /// An item of a points rulebook, such as `cleanup`; letters of any script, because villages name their items.
    ItemId,
    |c| c.is_alphanumeric() || c == '-' || c == '_'
);
text_id!(
    /// A category of a points rulebook, such as `environment`; letters of any script.
    CategoryId,
    |c| c.is_alphanumeric() || c == '-' || c == '_'
);
text_id!(
    /// A rulebook, shared by all its versions.
    RulebookId,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);
text_id!(
    /// The short name of a device, such as `SH3`, which people write on paper.
    DeviceCode,
    |c| c.is_ascii_uppercase() || c.is_ascii_digit()
);

text_id!(
    /// The name of a document of a kind that a later version has; lower-case letters, digits and hyphens.
    DocumentName,
    |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
);

/// The characters of an id made from a digest: no letters that are mistaken for figures when copied by hand.
const DIGEST_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The length of an id made from a digest: fifty bits, so that a village never meets two of one id.
const DIGEST_ID_LETTERS: usize = 10;

fn digest_id(digest: &[u8; 32]) -> String {
    let mut bits =
        u64::from_be_bytes([digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]]);
    let mut id = String::with_capacity(DIGEST_ID_LETTERS);
    for _ in 0..DIGEST_ID_LETTERS {
        id.push(char::from(DIGEST_LETTERS[(bits >> 59) as usize]));
        bits <<= 5;
    }
    id
}

impl PersonId {
    /// Makes the id of a person who is told apart by what was digested.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        Self(digest_id(digest))
    }
}

impl HouseholdId {
    /// Makes the id of a household whose number is told apart by what was digested.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        Self(digest_id(digest))
    }
}

/// The number by which a certificate names a device; drawn at random when it is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceNumber(pub u32);

impl fmt::Display for DeviceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// The writer of one stretch of a document's history: device number, then a session number.
///
/// The session is drawn afresh whenever storage may have been rolled back, so that a restored phone cannot fork
/// its own history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// The device that writes.
    pub device: DeviceNumber,
    /// The random session number.
    pub session: u32,
}

impl Actor {
    /// Returns the eight bytes that stand in a document's history.
    pub fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.device.0.to_be_bytes());
        bytes[4..].copy_from_slice(&self.session.to_be_bytes());
        bytes
    }

    /// Reads the eight bytes back; any other length is not one of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (device, session) = bytes.split_first_chunk::<4>()?;
        let session: [u8; 4] = session.try_into().ok()?;
        Some(Self { device: DeviceNumber(u32::from_be_bytes(*device)), session: u32::from_be_bytes(session) })
    }
}

/// The key of an immutable fact and its number on paper: device code and counter, such as `SH3-42`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId {
    /// The device that recorded the fact.
    pub device: DeviceCode,
    /// The count of facts of that device, from 1.
    pub counter: u32,
}

impl fmt::Display for FactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.device, self.counter)
    }
}

impl FromStr for FactId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (device, counter) = text.split_once('-').ok_or(IdError::Shape)?;
        let counter: u32 = counter.parse().map_err(|_| IdError::Shape)?;
        let id = Self { device: DeviceCode::new(device)?, counter };
        // One spelling per fact: `SH3-042` and `SH3-+42` are not keys.
        if id.to_string() == text { Ok(id) } else { Err(IdError::Shape) }
    }
}

/// A meeting, the same on two phones that create it apart: village, date and the round of that day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeetingId {
    /// The village or community that meets.
    pub village: UnitCode,
    /// The day of the meeting.
    pub date: Date,
    /// Which review of that day, from 1.
    pub round: u8,
}

impl fmt::Display for MeetingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.village, self.date, self.round)
    }
}

impl FromStr for MeetingId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (village, rest) = text.split_once('-').ok_or(IdError::Shape)?;
        let (date, round) = rest.rsplit_once('-').ok_or(IdError::Shape)?;
        let date = date.parse().map_err(|_| IdError::Shape)?;
        let id = Self { village: UnitCode::new(village)?, date, round: round.parse().map_err(|_| IdError::Shape)? };
        if id.to_string() == text { Ok(id) } else { Err(IdError::Shape) }
    }
}

/// The unit of read access and of the sync cursor (DESIGN section 2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeId {
    /// What every enrolled device reads.
    Township,
    /// What the township office alone reads.
    Office,
    /// One assessor's scorecards until the lead freezes them.
    Assessor(PersonId),
    /// A village's records.
    Village(UnitCode),
    /// A village's cases, for their handlers.
    Cases(UnitCode),
    /// What one person says to the township office: suggestions, complaints, and clues that are not the village's to
    /// handle.
    Letters(PersonId),
}

impl fmt::Display for ScopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Township => f.write_str("township"),
            Self::Office => f.write_str("township.office"),
            Self::Assessor(person) => write!(f, "assessor.{person}"),
            Self::Village(code) => write!(f, "village.{code}"),
            Self::Cases(code) => write!(f, "village.{code}.cases"),
            Self::Letters(person) => write!(f, "letters.{person}"),
        }
    }
}

impl FromStr for ScopeId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once('.') {
            None if text == "township" => Ok(Self::Township),
            Some(("township", "office")) => Ok(Self::Office),
            Some(("assessor", person)) => PersonId::new(person).map(Self::Assessor),
            Some(("letters", person)) => PersonId::new(person).map(Self::Letters),
            Some(("village", rest)) => match rest.strip_suffix(".cases") {
                Some(code) => UnitCode::new(code).map(Self::Cases),
                None => UnitCode::new(rest).map(Self::Village),
            },
            _ => Err(IdError::Shape),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_read_back_what_they_print() {
        let addresses = [
            "township/registry",
            "village.420529202209/meeting-2026-11-23-1",
            "township.office/roster",
            "township/affairs-2026",
            "village.420529202209.cases/affairs-2026",
            "letters.li/affairs-2026",
            "township/assessment-2026-Q3",
            "assessor.li/cards-2026-Q3",
            "village.420529202209/points-2026-Q4",
            "village.420529202209/posts-2026-Q4",
            "township/flag",
        ];
        for text in addresses {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        let meeting = "420529202209-2026-11-23-1";
        assert_eq!(meeting.parse::<MeetingId>().unwrap().to_string(), meeting);
        assert!("420529202209-2026-11-23-01".parse::<MeetingId>().is_err());
        for text in ["affairs", "affairs-26", "affairs-02026", "points-2026", "meeting-2026-11-23", "2026"] {
            assert!(text.parse::<DocumentId>().is_err(), "{text}");
        }
        let actor = Actor { device: DeviceNumber(7), session: 0xdead_beef };
        assert_eq!(Actor::from_bytes(&actor.to_bytes()), Some(actor));
        assert_eq!(Actor::from_bytes(&[0; 9]), None);
    }

    #[test]
    fn a_later_versions_document_has_a_name() {
        for text in ["comets-2026-4", "notices", "weather-2031"] {
            let document: DocumentId = text.parse().unwrap();
            assert_eq!((document.kind(), document.to_string().as_str()), (DocumentKind::Later, text));
        }
        for text in ["", "-", "4-points", "Points", "roster-2", "registry-", "meeting", "meeting-2026-13-01-1", "a/b"] {
            assert!(text.parse::<DocumentId>().is_err(), "{text}");
        }
    }

    #[test]
    fn one_spelling_per_fact() {
        assert_eq!("SH3-42".parse::<FactId>().unwrap().counter, 42);
        for text in ["SH3-042", "SH3-+42", "sh3-42", "SH3", "SH3-", "-4"] {
            assert!(text.parse::<FactId>().is_err(), "{text}");
        }
        let order: Vec<FactId> = ["A1-9", "A1-10", "B1-1"].iter().map(|t| t.parse().unwrap()).collect();
        assert!(order.is_sorted(), "counters order as numbers");
    }
}
