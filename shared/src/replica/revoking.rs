//! Inviting, revoking and replacing devices from this one, and the list of all that are known.

use std::sync::Arc;

use rand_core::RngCore;

use super::boundary::{InvitationWish, Outcome, Refused, Ticket};
use super::enrolment::Identity;
use super::queue::Pending;
use super::status::{KnownDevice, RevokedDevice, Standing};
use super::{After, Replica};
use crate::access;
use crate::id::{DeviceCode, DeviceNumber};
use crate::identity::{Grant, Holder, Invitation, Reason};
use crate::time::Instant;
use crate::wire::ScopeAnswer;

const INVITED_ROWS: &str = "invited/";
const SEEN_ROWS: &str = "seen/";

impl Replica {
    /// Invites another device; `write` may hold more that becomes durable with it.
    pub(super) fn invite(
        &mut self,
        ticket: Ticket,
        wish: InvitationWish,
        mut write: Pending<After>,
        rng: &mut dyn RngCore,
    ) -> Result<(), Refused> {
        let identity = self.identity.as_ref().ok_or(Refused::NotEnrolled)?;
        if self.directory.has_code(&wish.code) {
            return Err(Refused::CodeTaken);
        }
        let link = identity.invite(wish, rng)?;
        if let Ok(grant) = Invitation::from_link(&link).and_then(|invitation| invitation.terms()) {
            write.puts.push((format!("{INVITED_ROWS}{}", grant.device), grant.encode()));
            self.invited.insert(grant.device, grant);
        }
        write.after.push(After::Done(ticket, Outcome::Invited(link)));
        self.queue.push(write);
        self.trust_changed();
        Ok(())
    }

    /// Revokes a device and nothing else.
    pub(super) fn revoke_alone(
        &mut self,
        ticket: Ticket,
        device: DeviceNumber,
        reason: Reason,
        now: Instant,
    ) -> Result<(), Refused> {
        if self.directory.get(device).is_none() && !self.invited.contains_key(&device) {
            return Err(Refused::NoSuchDevice);
        }
        let mut write = Pending::default();
        self.revoke(device, reason, now, &mut write)?;
        write.after.push(After::Done(ticket, Outcome::Revoked));
        self.queue.push(write);
        self.link.want();
        Ok(())
    }

    /// Revokes a device and invites another for the same person; both or neither.
    pub(super) fn replace(
        &mut self,
        ticket: Ticket,
        (device, reason): (DeviceNumber, Reason),
        code: DeviceCode,
        (take_by, expires): (Instant, Instant),
        now: Instant,
        rng: &mut dyn RngCore,
    ) -> Result<(), Refused> {
        let Holder { person, name, roles, villages, may_enrol, .. } =
            self.directory.get(device).cloned().ok_or(Refused::NoSuchDevice)?;
        let holder_name = name;
        let wish = InvitationWish { code, holder: person, holder_name, roles, villages, may_enrol, take_by, expires };
        // The invitation is tried first, since it may be refused and then nothing must have happened.
        let identity = self.identity.as_ref().ok_or(Refused::NotEnrolled)?;
        if self.directory.has_code(&wish.code) {
            return Err(Refused::CodeTaken);
        }
        identity.invite(wish.clone(), rng)?;
        let mut write = Pending::default();
        self.revoke(device, reason, now, &mut write)?;
        self.link.want();
        self.invite(ticket, wish, write, rng)
    }

    /// Notes the last batch seen of a device, where it may have to be said in a revocation.
    pub(super) fn see(&mut self, device: DeviceNumber, number: u32, write: &mut Pending<After>) {
        if !self.identity.as_ref().is_some_and(|identity| identity.holder.may_enrol) {
            return;
        }
        let last = self.seen.entry(device).or_default();
        if number > *last {
            *last = number;
            let row = (format!("{SEEN_ROWS}{device}"), number.to_be_bytes().to_vec());
            write.puts.retain(|(key, _)| *key != row.0);
            write.puts.push(row);
        }
    }

    /// Reads a row of this file back; nothing comes back for another's.
    pub(super) fn load_devices(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        if key.starts_with(INVITED_ROWS) {
            let grant = Grant::decode(value).ok();
            return Some(grant.is_some_and(|grant| {
                self.invited.insert(grant.device, grant);
                true
            }));
        }
        let device = key.strip_prefix(SEEN_ROWS)?;
        let read = u32::from_str_radix(device, 16).ok().zip(value.try_into().ok().map(u32::from_be_bytes));
        Some(read.is_some_and(|(device, number)| {
            self.seen.insert(DeviceNumber(device), number);
            true
        }))
    }

    /// Takes it that this device stands as before, since the relay gives it scopes again.
    pub(super) fn let_in_again(&mut self, scopes: &[ScopeAnswer]) {
        let Some(Identity { holder, .. }) = &self.identity else { return };
        let is_revoked = scopes.iter().any(|answer| self.trust.revocation(&answer.scope, holder.device).is_some());
        if !scopes.is_empty() && !is_revoked && self.trust.standing != Standing::Enrolled {
            let mut write = Pending::default();
            self.stand(Standing::Enrolled, &mut write);
            self.queue.push(write);
        }
    }

    /// Makes the lists of devices and of held batches that pages show.
    pub(super) fn trust_changed(&mut self) {
        let me = self.identity.as_ref().map(|identity| &identity.holder);
        let revoked = |device| {
            self.trust.revoked_anywhere(device).map(|(act, is_at_township)| RevokedDevice {
                at: act.at,
                reason: act.reason,
                is_at_township,
            })
        };
        let may = |device, of: Option<&Holder>| {
            me.is_some_and(|me| me.device != device && access::may_revoke(Some(me), of)) && revoked(device).is_none()
        };
        let known = self.directory.all().map(|holder| KnownDevice {
            device: holder.device,
            code: holder.code.clone(),
            person: holder.person.clone(),
            name: holder.name.clone(),
            roles: holder.roles,
            villages: holder.villages.clone(),
            may_enrol: holder.may_enrol,
            is_silent: false,
            revoked: revoked(holder.device),
            may_revoke: may(holder.device, Some(holder)),
        });
        let silent = self.invited.values().filter(|grant| self.directory.get(grant.device).is_none());
        let silent = silent.map(|grant| KnownDevice {
            device: grant.device,
            code: grant.code.clone(),
            person: grant.person.clone(),
            name: grant.name.clone(),
            roles: grant.roles,
            villages: grant.villages.clone(),
            may_enrol: grant.may_enrol,
            is_silent: true,
            revoked: revoked(grant.device),
            may_revoke: may(grant.device, None),
        });
        let mut devices: Vec<KnownDevice> = known.chain(silent).collect();
        devices.sort_by(|a, b| (&a.code, a.device).cmp(&(&b.code, b.device)));
        let mut held = self.trust.held();
        held.sort_by_key(|held| (held.arrived, held.device, held.number));
        self.status.devices = Arc::new(devices);
        self.status.held = Arc::new(held);
        self.changed = true;
    }
}
