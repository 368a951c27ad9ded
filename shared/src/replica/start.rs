//! Putting a device together from the rows on its disk.

use std::sync::Arc;

use rand_core::RngCore;

use super::cursor::Cursor;
use super::enrolment::{IDENTITY_KEY, Identity};
use super::journal::Loading;
use super::outbox::Header;
use super::status::Note;
use super::{Phase, Replica, exchange, rollback, urn};
use crate::store::{Row, StorageTrouble, unframe};

impl Replica {
    /// Puts the device together from its rows; what cannot be read is noted and left where it lies.
    pub(super) fn load(&mut self, rows: Vec<Row>, rng: &mut dyn RngCore) {
        if self.phase != Phase::Loading {
            return;
        }
        self.session = rng.next_u32();
        let mut documents = Loading::default();
        let mut later = Vec::new();
        for Row { key, value } in &rows {
            let read = match unframe(value) {
                Err(_) => {
                    documents.pass(key);
                    false
                }
                Ok(value) => match documents.take(key, value) {
                    Some(makes_sense) => makes_sense,
                    None if key == IDENTITY_KEY => {
                        self.identity = Identity::read(value).ok();
                        self.identity.is_some()
                    }
                    None => {
                        later.push((key, value));
                        true
                    }
                },
            };
            if !read {
                self.note(Note::BadRow(key.clone()));
            }
        }
        for (key, value) in later {
            if !self.load_row(key, value) {
                self.note(Note::BadRow(key.clone()));
            }
        }
        self.trust.learn_revocations();
        self.last_row = documents.last;
        self.later.aside = documents.later;
        match documents.finish() {
            Ok((shelves, bad)) => {
                self.shelves = shelves;
                bad.into_iter().for_each(|address| self.note(Note::BadDocument(address)));
            }
            // Without its own genesis the program cannot keep a document; it must not write over what is there.
            Err(_) => {
                self.phase = Phase::Unreadable(StorageTrouble::Aborted);
                return;
            }
        }
        self.phase = Phase::Ready;
        if let Some(identity) = &self.identity {
            self.directory.meet(&identity.certificate, &identity.authority);
            let device = identity.holder.device;
            self.shelves.values_mut().for_each(|shelf| shelf.own = shelf.document.changes_of(device));
        }
        self.reread_all();
        self.tell_apart();
        self.take_up();
    }

    /// Reads a row that rests on the identity.
    fn load_row(&mut self, key: &str, value: &[u8]) -> bool {
        if let Some(scope) = key.strip_prefix("cursor/") {
            let (Ok(scope), Ok(cursor)) = (scope.parse(), Cursor::read(value)) else { return false };
            self.cursors.insert(scope, cursor);
            true
        } else if key.starts_with("outbox/") {
            Header::read(value).map(|header| self.outbox.insert(header)).is_ok()
        } else if let Some(vouch) = key.strip_prefix("vouch/") {
            self.vouches.load(vouch, value).is_some()
        } else if let Some(address) = key.strip_prefix("repair/") {
            self.repairs.load(address).is_some()
        } else if key.starts_with("device/") {
            let Some(identity) = &self.identity else { return false };
            self.directory.load(value, &identity.authority).is_ok()
        } else if let Some(read) = self
            .load_trust(key, value)
            .or_else(|| self.load_devices(key, value))
            .or_else(|| self.load_later(key, value))
            .or_else(|| self.load_contradiction(key, value))
            .or_else(|| self.retelling.load(key, value))
            .or_else(|| self.directory.load_renewal(key, value))
        {
            read
        } else if let Some(meeting) = key.strip_prefix("urn/") {
            let (Some(meeting), Ok(urn)) = (meeting.parse().ok(), urn::read_urn(value)) else { return false };
            Arc::make_mut(&mut self.workspace).urns.insert(meeting, urn);
            true
        } else if key == rollback::NUMBERS_KEY {
            self.load_numbers(value)
        } else {
            // A row of a later version is kept.
            key != exchange::RELAY_KEY || self.load_relay(value)
        }
    }
}
