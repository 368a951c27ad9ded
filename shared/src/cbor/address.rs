//! Scopes and documents in as few bytes as they need, since every message carries them.

use super::{DecodeError, Reader, Writer};
use crate::id::{DocumentId, ID_BYTES, PersonId, ScopeId, UnitCode};
use crate::time::Date;

const TOWNSHIP: u64 = 0;
const OFFICE: u64 = 1;
const ASSESSOR: u64 = 2;
const VILLAGE: u64 = 3;
const CASES: u64 = 4;

const REGISTRY: u64 = 0;
const RULEBOOKS: u64 = 1;
const ROSTER: u64 = 2;
const MEETING: u64 = 3;

impl Writer {
    /// Writes a scope: one byte for the township's, eleven for a village's.
    pub fn scope(&mut self, scope: &ScopeId) -> &mut Self {
        match scope {
            ScopeId::Township => self.uint(TOWNSHIP),
            ScopeId::Office => self.uint(OFFICE),
            ScopeId::Assessor(person) => self.array(2).uint(ASSESSOR).text(person.as_str()),
            ScopeId::Village(code) => self.array(2).uint(VILLAGE).unit(code),
            ScopeId::Cases(code) => self.array(2).uint(CASES).unit(code),
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
            // By name, so that a version that does not know the kind can say which document it is.
            DocumentId::Later(name) => self.text(name.as_str()),
        }
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
                _ => Err(DecodeError::Shape),
            };
        }
        self.array(3)?;
        match self.uint()? {
            MEETING => {
                let date = Date::from_day_number(self.int()?).map_err(|_| DecodeError::Shape)?;
                Ok(DocumentId::Meeting(date, self.uint()?))
            }
            _ => Err(DecodeError::Shape),
        }
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
        let scopes = ["township", "township.office", "assessor.li-1", "village.420529202209", "village.007.cases"];
        for (text, length) in scopes.into_iter().zip([1, 1, 7, 11, 6]) {
            let scope: ScopeId = text.parse().unwrap();
            let mut writer = Writer::new();
            writer.scope(&scope);
            let bytes = writer.finish();
            assert_eq!(Reader::new(&bytes).scope(), Ok(scope));
            assert!(bytes.len() <= length + 1, "{text} takes {}", bytes.len());
        }
        for text in
            ["registry", "rulebooks", "roster", "meeting-2026-11-23-1", "meeting-1999-01-01-255", "points-2026-4"]
        {
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
