//! What this device decides about others, and what the relay tells it of its own batches and standing.
//!
//! A decision of this device is a wish until the log has it: it lies on disk and is pushed until it comes back.

use std::collections::BTreeSet;

use super::boundary::{Outcome, Refused, Ticket};
use super::enrolment::Identity;
use super::queue::Pending;
use super::status::{Note, Standing};
use super::trust::{STANDING_KEY, WISH_ROWS, row_key};
use super::{After, Replica};
use crate::access;
use crate::id::{DeviceNumber, ScopeId};
use crate::identity::act::KNOWN_HEADS;
use crate::identity::{Act, Digest, Entry, Known, Reason, Revocation, Verdict};
use crate::time::Instant;
use crate::wire::Refusal;

impl Replica {
    /// Says that a device writes no more, in every log in which it may write.
    pub(super) fn revoke(
        &mut self,
        device: DeviceNumber,
        reason: Reason,
        now: Instant,
        write: &mut Pending<After>,
    ) -> Result<(), Refused> {
        let Some(Identity { key, certificate, holder, authority, .. }) = &self.identity else {
            return Err(Refused::NotEnrolled);
        };
        if device == holder.device {
            return Err(Refused::OwnDevice);
        }
        let of = self.directory.get(device);
        if !access::may_revoke(Some(holder), of) || self.trust.standing != Standing::Enrolled {
            return Err(Refused::MayNotRevoke);
        }
        if self.trust.revoked_anywhere(device).is_some() {
            return Err(Refused::AlreadyRevoked);
        }
        let chains = (certificate.clone(), self.directory.certificate(device).cloned().unwrap_or_default());
        let revocation =
            |scope: &ScopeId| Revocation::sign(key, chains.clone(), device, now, reason, self.known_of(scope, device));
        // Who reads it checks the same: nothing is said that would not be believed.
        revocation(&ScopeId::Township).verify(authority).map_err(|_| Refused::MayNotRevoke)?;
        let office = holder.roles.contains(crate::role::Role::TownshipOffice);
        let scopes = access::written_by(of, self.workspace.township.units.keys());
        let own: BTreeSet<ScopeId> = self.scopes().into_iter().collect();
        // A village speaks of its own logs alone.
        let scopes = scopes.into_iter().filter(|scope| own.contains(scope) && (office || *scope != ScopeId::Township));
        let acts: Vec<(ScopeId, Revocation)> = scopes.map(|scope| (scope.clone(), revocation(&scope))).collect();
        for (scope, act) in acts {
            self.wish(scope, Act::Revocation(Box::new(act)), write);
        }
        self.trust_changed();
        Ok(())
    }

    /// Returns what this device knows another to have recorded in a scope.
    fn known_of(&self, scope: &ScopeId, device: DeviceNumber) -> Known {
        let of_scope = self.shelves.iter().filter(|(address, _)| address.scope == *scope);
        let heads = of_scope.flat_map(|(_, shelf)| shelf.document.ends_of(device)).take(KNOWN_HEADS).collect();
        Known { seen: self.seen.get(&device).copied().unwrap_or(0), heads }
    }

    /// Says once more what a device had recorded, where a log has this device's revocation behind more than it knew.
    ///
    /// Everything before a revocation stands. Only who has read the log up to there can say what that is.
    pub(super) fn say_what_stood(&mut self, scope: &ScopeId, write: &mut Pending<After>) {
        for earlier in std::mem::take(&mut self.trust.placed) {
            let known = self.known_of(scope, earlier.device);
            let Some(Identity { key, .. }) = &self.identity else { return };
            if known.heads != earlier.known.heads {
                let Revocation { by, of, device, at, reason, .. } = earlier;
                let act = Revocation::sign(key, (by, of), device, at, reason, known);
                self.wish(scope.clone(), Act::Revocation(Box::new(act)), write);
            }
        }
    }

    /// Says whether a held batch counts.
    pub(super) fn judge(&mut self, ticket: Ticket, batch: Digest, accepts: bool, now: Instant) -> Result<(), Refused> {
        let Some(Identity { key, certificate, holder, .. }) = &self.identity else { return Err(Refused::NotEnrolled) };
        if !access::may_judge(Some(holder)) || self.trust.standing != Standing::Enrolled {
            return Err(Refused::MayNotRevoke);
        }
        let held = self.trust.held().into_iter().find(|held| held.batch == batch).ok_or(Refused::NotHeld)?;
        let of = self.trust.held.get(&batch).map(|(_, of)| of.clone()).ok_or(Refused::NotHeld)?;
        if held.verdict == Some(true) || held.wished.is_some() || held.verdict == Some(accepts) {
            return Err(Refused::AlreadyJudged);
        }
        let verdict = Verdict {
            by: certificate.clone(),
            of,
            scope: held.address.scope.clone(),
            device: held.device,
            key: held.key,
            batch,
            accepts,
            at: now,
            signature: crate::identity::Signature([0; 64]),
        }
        .sign(key);
        let mut write = Pending::default();
        self.wish(verdict.stands_in().clone(), Act::Verdict(Box::new(verdict)), &mut write);
        write.after.push(After::Done(ticket, Outcome::Judged));
        self.queue.push(write);
        self.link.want();
        self.trust_changed();
        Ok(())
    }

    fn wish(&mut self, scope: ScopeId, act: Act, write: &mut Pending<After>) {
        let hash = act.hash();
        write.puts.push((row_key(WISH_ROWS, &scope, &hash), Entry::Act(act.clone()).encode()));
        self.trust.wishes.insert((scope, hash), act);
    }

    /// Takes what the relay said of an own act that it did not place: it is given up and noted, never tried for ever.
    pub(super) fn act_refused(&mut self, scope: &ScopeId, hash: &Digest, reason: Refusal) {
        if matches!(reason, Refusal::Busy | Refusal::Unavailable) {
            return;
        }
        if self.trust.wishes.remove(&(scope.clone(), *hash)).is_none() {
            self.not_retold(scope, hash, reason);
            return;
        }
        self.queue.push(Pending { deletes: vec![row_key(WISH_ROWS, scope, hash)], ..Pending::default() });
        self.note(Note::ActRefused(scope.clone(), reason));
        self.trust_changed();
    }

    /// Keeps what the relay said of an own batch, or of this whole device; tells whether it was of that kind.
    pub(super) fn settle_fate(&mut self, scope: &ScopeId, number: Option<u32>, reason: Refusal) -> bool {
        let standing = match reason {
            Refusal::Revoked => Some(Standing::Revoked),
            Refusal::InvitationUsed => Some(Standing::SecondUse),
            Refusal::Held | Refusal::Rejected | Refusal::Accepted | Refusal::QuarantineFull => None,
            _ => return false,
        };
        if let Some(number) = number.filter(|_| standing.is_none()) {
            self.trust.fates.insert((scope.clone(), number), reason);
        }
        if let Some(standing) = standing {
            let mut write = Pending::default();
            self.stand(standing, &mut write);
            self.queue.push(write);
        }
        self.changed = true;
        true
    }

    /// Notes how this device stands with the township, and keeps it for a start without the relay.
    pub(super) fn stand(&mut self, standing: Standing, write: &mut Pending<After>) {
        if self.trust.standing == standing {
            return;
        }
        self.trust.standing = standing;
        match standing {
            Standing::Enrolled => write.deletes.push(STANDING_KEY.to_owned()),
            Standing::Revoked => write.puts.push((STANDING_KEY.to_owned(), vec![1])),
            Standing::SecondUse => write.puts.push((STANDING_KEY.to_owned(), vec![2])),
        }
        self.changed = true;
    }
}
