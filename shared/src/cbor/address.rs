//! Scopes and documents in as few bytes as they need, since every message carries them.

use super::{DecodeError, Reader, Writer};
use crate::id::{DocumentId, ID_BYTES, PersonId, ScopeId, UnitCode};
use crate::time::{Date, LAST_YEAR, Quarter};

const TOWNSHIP: u64 = 0;
const OFFICE: u64 = 1;
const ASSESSOR: u64 = 2;
const VILLAGE: u64 = 3;
const CASES: u64 = 4;
const LETTERS: u64 = 5;

const REGISTRY: u64 = 0;
const RULEBOOKS: u64 = 1;
const ROSTER: u64 = 2;
const MEETING: u64 = 3;
const AFFAIRS: u64 = 4;
const ASSESSMENT: u64 = 5;
const CARDS: u64 = 6;
const POINTS: u64 = 7;
const POSTS: u64 = 8;
const FLAG: u64 = 9;

/// The quarters of a year.
const QUARTERS: u64 = 4;
/// The most parts that name a document: kind, day and round.
const MOST_PARTS: usize = 3;

impl Writer {
    /// Writes a scope: one byte for the township's, eleven for a village's.
    pub fn scope(&mut self, scope: &ScopeId) -> &mut Self {
        match scope {
            ScopeId::Township => self.uint(TOWNSHIP),
            ScopeId::Office => self.uint(OFFICE),
            ScopeId::Assessor(person) => self.array(2).uint(ASSESSOR).text(person.as_str()),
            ScopeId::Village(code) => self.array(2).uint(VILLAGE).unit(code),
            ScopeId::Cases(code) => self.array(2).uint(CASES).unit(code),
            ScopeId::Letters(person) => self.array(2).uint(LETTERS).text(person.as_str()),
        }
    }

    /// Writes a document within its scope.
    pub fn document(&mut self, document: &DocumentId) -> &mut Self {
        match document {
            DocumentId::Registry => self.uint(REGISTRY),
            DocumentId::Rulebooks => self.uint(RULEBOOKS),
            DocumentId::Roster => self.uint(ROSTER),
            DocumentId::Meeting(date, round) => {
                self.array(3).uint(MEETING).int(date.day_number().into()).uint((*round).into())
            }
            DocumentId::Affairs(year) => self.array(2).uint(AFFAIRS).uint((*year).into()),
            DocumentId::Assessment(quarter) => self.quarter(ASSESSMENT, *quarter),
            DocumentId::Cards(quarter) => self.quarter(CARDS, *quarter),
            DocumentId::Points(quarter) => self.quarter(POINTS, *quarter),
            DocumentId::Posts(quarter) => self.quarter(POSTS, *quarter),
            DocumentId::Flag => self.uint(FLAG),
            // By name, so that a version that does not know the kind can say which document it is.
            DocumentId::Later(name) => self.text(name.as_str()),
        }
    }

    /// Writes a document of a quarter: its kind, then quarters since the year 0.
    fn quarter(&mut self, kind: u64, quarter: Quarter) -> &mut Self {
        let (year, number) = quarter.parts();
        self.array(2).uint(kind).uint(u64::from(year) * QUARTERS + u64::from(number) - 1)
    }

    /// Writes a division code as a number where that loses nothing, otherwise as text.
    fn unit(&mut self, code: &UnitCode) -> &mut Self {
        match code.as_str().parse::<u64>() {
            Ok(number) if number.to_string() == code.as_str() => self.uint(number),
            _ => self.text(code.as_str()),
        }
    }
}

impl Reader<'_> {
    /// Reads a scope.
    pub fn scope(&mut self) -> Result<ScopeId, DecodeError> {
        if !self.at_list()? {
            return match self.uint()? {
                TOWNSHIP => Ok(ScopeId::Township),
                OFFICE => Ok(ScopeId::Office),
                _ => Err(DecodeError::Shape),
            };
        }
        self.array(2)?;
        match self.uint()? {
            ASSESSOR => self.parsed::<PersonId>(ID_BYTES).map(ScopeId::Assessor),
            VILLAGE => self.unit().map(ScopeId::Village),
            CASES => self.unit().map(ScopeId::Cases),
            LETTERS => self.parsed::<PersonId>(ID_BYTES).map(ScopeId::Letters),
            _ => Err(DecodeError::Shape),
        }
    }

    /// Reads a document within its scope.
    pub fn document(&mut self) -> Result<DocumentId, DecodeError> {
        if self.at_text()? {
            let document = self.parsed(ID_BYTES)?;
            // What this version knows has one spelling.
            return if matches!(document, DocumentId::Later(_)) { Ok(document) } else { Err(DecodeError::Shape) };
        }
        if !self.at_list()? {
            return match self.uint()? {
                REGISTRY => Ok(DocumentId::Registry),
                RULEBOOKS => Ok(DocumentId::Rulebooks),
                ROSTER => Ok(DocumentId::Roster),
                FLAG => Ok(DocumentId::Flag),
                _ => Err(DecodeError::Shape),
            };
        }
        let (parts, kind) = (self.list(MOST_PARTS)?, self.uint()?);
        match (kind, parts) {
            (MEETING, 3) => {
                let date = Date::from_day_number(self.int()?).map_err(|_| DecodeError::Shape)?;
                Ok(DocumentId::Meeting(date, self.uint()?))
            }
            (AFFAIRS, 2) => self.year().map(DocumentId::Affairs),
            (ASSESSMENT, 2) => self.quarter().map(DocumentId::Assessment),
            (CARDS, 2) => self.quarter().map(DocumentId::Cards),
            (POINTS, 2) => self.quarter().map(DocumentId::Points),
            (POSTS, 2) => self.quarter().map(DocumentId::Posts),
            _ => Err(DecodeError::Shape),
        }
    }

    fn year(&mut self) -> Result<u16, DecodeError> {
        let year = self.uint()?;
        if year > LAST_YEAR { Err(DecodeError::Shape) } else { Ok(year) }
    }

    fn quarter(&mut self) -> Result<Quarter, DecodeError> {
        let quarters: u64 = self.uint()?;
        let (year, number) = (quarters / QUARTERS, quarters % QUARTERS + 1);
        let parts = u16::try_from(year).ok().zip(u8::try_from(number).ok());
        parts.and_then(|(year, number)| Quarter::new(year, number).ok()).ok_or(DecodeError::Shape)
    }

    fn unit(&mut self) -> Result<UnitCode, DecodeError> {
        let mut ahead = self.clone();
        match ahead.uint::<u64>() {
            Ok(number) => {
                *self = ahead;
                UnitCode::new(&number.to_string()).map_err(|_| DecodeError::Shape)
            }
            Err(_) => self.parsed(ID_BYTES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_and_documents_read_back() {
        let scopes =
            ["township", "township.office", "assessor.li-1", "village.420529202209", "village.007.cases", "letters.li"];
        for (text, length) in scopes.into_iter().zip([1, 1, 7, 11, 6, 5]) {
            let scope: ScopeId = text.parse().unwrap();
            let mut writer = Writer::new();
            writer.scope(&scope);
            let bytes = writer.finish();
            assert_eq!(Reader::new(&bytes).scope(), Ok(scope));
            assert!(bytes.len() <= length + 1, "{text} takes {}", bytes.len());
        }
        let documents = [
            "registry",
            "rulebooks",
            "roster",
            "meeting-2026-11-23-1",
            "meeting-1999-01-01-255",
            "affairs-2026",
            "assessment-2026-Q1",
            "cards-2026-Q4",
            "points-0000-Q1",
            "posts-9999-Q4",
            "affairs-9999",
            "flag",
            "comets-2026-4",
        ];
        for text in documents {
            let document: DocumentId = text.parse().unwrap();
            let mut writer = Writer::new();
            writer.document(&document);
            let bytes = writer.finish();
            assert_eq!(Reader::new(&bytes).document(), Ok(document));
        }
        let mut spelled = Writer::new();
        spelled.text("roster");
        assert_eq!(Reader::new(&spelled.finish()).document(), Err(DecodeError::Shape), "one spelling of what is known");
    }
}
