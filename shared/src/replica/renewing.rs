//! Renewing the certificate of a device that keeps its key: other roles, other villages, a later end.
//!
//! Whoever may enrol invites the device once more, and it takes that up with the key it has. From where the renewed
//! certificate stands in a log what comes after is judged by it, and what came before by the one before.

use std::collections::{BTreeMap, BTreeSet};

use rand_core::RngCore;

use super::boundary::{Outcome, Refused, Renewal, Ticket};
use super::directory::{Directory, powers_of};
use super::enrolment::IDENTITY_KEY;
use super::queue::Pending;
use super::{After, Replica};
use crate::document::read::RawFact;
use crate::domain::register::Powers;
use crate::id::{Address, DeviceNumber, FactId};
use crate::identity::batch::ChangeHash;
use crate::time::Instant;

impl Replica {
    /// Invites a device that is enrolled to take up another certificate.
    pub(super) fn renew(&mut self, ticket: Ticket, wish: Renewal, rng: &mut dyn RngCore) -> Result<(), Refused> {
        let identity = self.identity.as_ref().ok_or(Refused::NotEnrolled)?;
        if wish.device == identity.holder.device {
            return Err(Refused::OwnDevice);
        }
        let of = self.directory.get(wish.device).ok_or(Refused::NoSuchDevice)?;
        if self.trust.revoked_anywhere(wish.device).is_some() {
            return Err(Refused::AlreadyRevoked);
        }
        let link = identity.invite_again(of, wish, rng)?;
        self.queue.push(Pending { after: vec![After::Done(ticket, Outcome::Invited(link))], ..Pending::default() });
        Ok(())
    }

    /// Takes up another certificate for the key that this device has; it opens a session with it at once.
    pub(super) fn take_renewal(&mut self, ticket: Ticket, link: &str, now: Instant) -> Result<(), Refused> {
        let identity = self.identity.as_ref().ok_or(Refused::NotEnrolled)?.renewed(link, now)?;
        self.directory.meet(&identity.certificate, &identity.authority);
        let mut puts = vec![(IDENTITY_KEY.to_owned(), identity.pack())];
        puts.extend(Directory::row(&identity.certificate));
        let after = vec![After::Done(ticket, Outcome::Enrolled)];
        self.queue.push(Pending { puts, after, ..Pending::default() });
        self.identity = Some(identity);
        self.link.begin_session();
        self.reread_all();
        Ok(())
    }

    /// Returns under which powers each record of a document was made, where a certificate was renewed meanwhile.
    ///
    /// What this device has not brought to the township will be judged there by the certificate that it has then.
    pub(super) fn powers_of_renewed(&self, address: &Address) -> BTreeMap<(FactId, DeviceNumber), Powers> {
        let own = self.identity.as_ref().map(|identity| &identity.holder);
        let is_ahead = own.is_some_and(|own| {
            let stands = self.directory.in_force(&address.scope, own.device);
            stands.is_some_and(|stands| stands.renewal < own.renewal)
        });
        let Some(shelf) = self.shelves.get(address) else { return BTreeMap::new() };
        if !is_ahead && !self.directory.is_renewed(&address.scope) {
            return BTreeMap::new();
        }
        let places: BTreeMap<ChangeHash, u64> =
            shelf.document.history().into_iter().map(|(hash, _, seq)| (hash, seq)).collect();
        let facts = shelf.document.facts(self.directory.authors()).facts.into_iter();
        let unsent: BTreeSet<&ChangeHash> = shelf.own.iter().filter(|hash| !self.outbox.is_at_township(hash)).collect();
        let powers = |RawFact { id, actor, change, .. }: RawFact| {
            let seq = || places.get(&change).copied();
            let powers = match own.filter(|_| unsent.contains(&change)) {
                Some(own) => Some(powers_of(own)),
                None => self.directory.powers_at(address, actor, seq),
            };
            Some(((id, actor.device), powers?))
        };
        facts.filter_map(powers).collect()
    }
}
