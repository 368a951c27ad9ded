//! Documents and where they lie.

use std::fmt;
use std::str::FromStr;

use super::{DocumentName, IdError, MeetingId, ScopeId, UnitCode};
use crate::time::{Date, LAST_YEAR, Quarter};

/// What kind of document it is: decides its genesis, its readers' fold and who may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// Units and precincts of the township.
    Registry,
    /// Adopted rulebooks.
    Rulebooks,
    /// People and households of a village.
    Roster,
    /// One member review meeting.
    Meeting,
    /// Life-cycle records opened in one year, notices and objections among them.
    Affairs,
    /// One quarter's village assessment.
    Assessment,
    /// One assessor's cards of a quarter.
    Cards,
    /// One quarter's entries of a village's points accounts.
    Points,
    /// One quarter's work log and monthly appraisals by post.
    Posts,
    /// Who held the mobile red flag.
    Flag,
    /// A kind of a later version, to which this one gives no meaning: it is kept, handed on, and never begun.
    Later,
}

impl DocumentKind {
    /// Every kind that this version knows, in the order in which they were added.
    pub const ALL: [Self; 10] = [
        Self::Registry,
        Self::Rulebooks,
        Self::Roster,
        Self::Meeting,
        Self::Affairs,
        Self::Assessment,
        Self::Cards,
        Self::Points,
        Self::Posts,
        Self::Flag,
    ];
}

/// One document inside a scope: its kind and, where a scope holds several of a kind, which one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// `registry` in the township's scope.
    Registry,
    /// `rulebooks` in the township's scope, and in a village's for its own.
    Rulebooks,
    /// `roster` in a village's scope.
    Roster,
    /// `meeting-2026-11-23-1` in a village's scope: day and round.
    Meeting(Date, u8),
    /// `affairs-2026` in every scope but an assessor's: the year in which its records were opened.
    Affairs(u16),
    /// `assessment-2026-Q3` in the township's scope.
    Assessment(Quarter),
    /// `cards-2026-Q3` in an assessor's scope.
    Cards(Quarter),
    /// `points-2026-Q4` in a village's scope: the quarter in which its entries were recorded.
    Points(Quarter),
    /// `posts-2026-Q4` in a village's scope.
    Posts(Quarter),
    /// `flag` in the township's scope.
    Flag,
    /// A document of a kind that a later version has, by its name, which begins with the word for its kind.
    Later(DocumentName),
}

/// The words with which the names of known kinds begin; no name of a later version begins with one.
const KNOWN_KINDS: [&str; 10] =
    ["registry", "rulebooks", "roster", "meeting", "affairs", "assessment", "cards", "points", "posts", "flag"];

impl DocumentId {
    /// Returns the kind.
    pub fn kind(&self) -> DocumentKind {
        match self {
            Self::Registry => DocumentKind::Registry,
            Self::Rulebooks => DocumentKind::Rulebooks,
            Self::Roster => DocumentKind::Roster,
            Self::Meeting(..) => DocumentKind::Meeting,
            Self::Affairs(_) => DocumentKind::Affairs,
            Self::Assessment(_) => DocumentKind::Assessment,
            Self::Cards(_) => DocumentKind::Cards,
            Self::Points(_) => DocumentKind::Points,
            Self::Posts(_) => DocumentKind::Posts,
            Self::Flag => DocumentKind::Flag,
            Self::Later(_) => DocumentKind::Later,
        }
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry => f.write_str("registry"),
            Self::Rulebooks => f.write_str("rulebooks"),
            Self::Roster => f.write_str("roster"),
            Self::Meeting(date, round) => write!(f, "meeting-{date}-{round}"),
            Self::Affairs(year) => write!(f, "affairs-{year:04}"),
            Self::Assessment(quarter) => write!(f, "assessment-{quarter}"),
            Self::Cards(quarter) => write!(f, "cards-{quarter}"),
            Self::Points(quarter) => write!(f, "points-{quarter}"),
            Self::Posts(quarter) => write!(f, "posts-{quarter}"),
            Self::Flag => f.write_str("flag"),
            Self::Later(name) => name.fmt(f),
        }
    }
}

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let year = |text: &str| text.parse().ok().filter(|year| *year <= LAST_YEAR).ok_or(IdError::Shape);
        let quarter = |text: &str| text.parse().map_err(|_| IdError::Shape);
        let id = match (text, text.split_once('-')) {
            ("registry", _) => Self::Registry,
            ("rulebooks", _) => Self::Rulebooks,
            ("roster", _) => Self::Roster,
            ("flag", _) => Self::Flag,
            (_, Some(("meeting", rest))) => {
                let (date, round) = rest.rsplit_once('-').ok_or(IdError::Shape)?;
                let date = date.parse().map_err(|_| IdError::Shape)?;
                Self::Meeting(date, round.parse().map_err(|_| IdError::Shape)?)
            }
            (_, Some(("affairs", rest))) => Self::Affairs(year(rest)?),
            (_, Some(("assessment", rest))) => Self::Assessment(quarter(rest)?),
            (_, Some(("cards", rest))) => Self::Cards(quarter(rest)?),
            (_, Some(("points", rest))) => Self::Points(quarter(rest)?),
            (_, Some(("posts", rest))) => Self::Posts(quarter(rest)?),
            _ => {
                let kind = text.split('-').next().filter(|kind| kind.starts_with(|c: char| c.is_ascii_lowercase()));
                if kind.is_none_or(|kind| KNOWN_KINDS.contains(&kind)) {
                    return Err(IdError::Shape);
                }
                Self::Later(DocumentName::new(text)?)
            }
        };
        if id.to_string() == text { Ok(id) } else { Err(IdError::Shape) }
    }
}

/// The full address of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The scope it lies in.
    pub scope: ScopeId,
    /// Which document of the scope.
    pub document: DocumentId,
}

impl Address {
    /// Returns where a meeting is kept.
    pub fn meeting(id: &MeetingId) -> Self {
        Self { scope: ScopeId::Village(id.village.clone()), document: DocumentId::Meeting(id.date, id.round) }
    }

    /// Returns where a village's roster is kept.
    pub fn roster(village: &UnitCode) -> Self {
        Self { scope: ScopeId::Village(village.clone()), document: DocumentId::Roster }
    }

    /// Returns the meeting that is kept here, if one is.
    pub fn as_meeting(&self) -> Option<MeetingId> {
        match (&self.scope, &self.document) {
            (ScopeId::Village(village), DocumentId::Meeting(date, round)) => {
                Some(MeetingId { village: village.clone(), date: *date, round: *round })
            }
            _ => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.scope, self.document)
    }
}

impl FromStr for Address {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (scope, document) = text.split_once('/').ok_or(IdError::Shape)?;
        Ok(Self { scope: scope.parse()?, document: document.parse()? })
    }
}
