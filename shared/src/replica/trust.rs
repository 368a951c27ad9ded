//! Devices that write no more and batches that wait for a decision: what the logs say of them, and what this device adds.
//!
//! Everything counts from where it stands in a scope's log, so that every device that has read the same log believes
//! the same. An act of this device is a wish until the log has it: it lies on disk, is pushed until it comes back, and
//! is pushed again to a relay that has lost it.

use std::collections::{BTreeMap, BTreeSet};

use super::boundary::{Outcome, Refused, Ticket};
use super::enrolment::Identity;
use super::queue::Pending;
use super::status::{HeldBatch, Note, Standing};
use super::{After, Replica};
use crate::access;
use crate::document::Change;
use crate::id::{DeviceNumber, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Act, Certificate, Digest, Entry, Held, Holder, PublicKey, Reason, Revocation, Verdict};
use crate::time::Instant;
use crate::wire::Refusal;

/// The row that holds why the relay lets this device read no more.
pub(super) const STANDING_KEY: &str = "standing";
const ACT_ROWS: &str = "act/";
const WISH_ROWS: &str = "wish/";
const BARRED_ROWS: &str = "barred/";

/// What the logs, and this device itself, say of devices and held batches.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// Devices that were revoked in a scope.
    revoked: BTreeMap<(ScopeId, DeviceNumber), Revocation>,
    /// Devices whose enrolment came to a scope after one that it rests on was revoked there.
    barred: BTreeSet<(ScopeId, DeviceNumber)>,
    /// Batches that were accepted, with the scope of each and who holds the device that made it.
    accepted: BTreeMap<Digest, (ScopeId, Holder)>,
    rejected: BTreeSet<Digest>,
    held: BTreeMap<Digest, (HeldBatch, Certificate)>,
    /// Own acts that no log is known to hold, by their scope and hash.
    wishes: BTreeMap<(ScopeId, Digest), Act>,
    /// What the relay said of own batches that it may not place.
    fates: BTreeMap<(ScopeId, u32), Refusal>,
    pub(super) standing: Standing,
}

/// What an act that holds says beside itself.
#[derive(Debug)]
enum Learned {
    /// Nothing.
    Nothing,
    /// Who made the batch that it speaks of.
    Holder(Box<Holder>),
    /// What is held, as a page shows it.
    Held(Box<HeldBatch>),
}

impl Trust {
    /// Returns the revocation of a device in a scope, if one stands in what was read of its log.
    pub(super) fn revocation(&self, scope: &ScopeId, device: DeviceNumber) -> Option<&Revocation> {
        self.revoked.get(&(scope.clone(), device))
    }

    /// Returns the first revocation of a device that stands in any log, or waits to.
    pub(super) fn revoked_anywhere<'a>(&'a self, device: DeviceNumber) -> Option<(&'a Revocation, bool)> {
        let stands = self.revoked.iter().find(|((_, revoked), _)| *revoked == device).map(|(_, act)| (act, true));
        let wish = |act: &'a Act| match act {
            Act::Revocation(act) if act.device == device => Some((act.as_ref(), false)),
            _ => None,
        };
        stands.or_else(|| self.wishes.values().find_map(wish))
    }

    /// Tells whether what a device pushes into a scope is held there.
    pub(super) fn bars(&self, scope: &ScopeId, device: DeviceNumber) -> bool {
        let place = (scope.clone(), device);
        self.revoked.contains_key(&place) || self.barred.contains(&place)
    }

    /// Returns who made a batch that was accepted by a verdict.
    pub(super) fn accepted(&self, batch: impl FnOnce() -> Digest) -> Option<&Holder> {
        if self.accepted.is_empty() { None } else { self.accepted.get(&batch()).map(|(_, holder)| holder) }
    }

    /// Returns this device's own acts for a scope.
    pub(super) fn wishes<'a>(&'a self, scope: &'a ScopeId) -> impl Iterator<Item = &'a Act> {
        self.wishes.iter().filter(move |((of, _), _)| of == scope).map(|(_, act)| act)
    }

    /// Tells whether an own batch is settled at the relay until a person decides, or for good.
    pub(super) fn fate(&self, scope: &ScopeId, number: u32) -> Option<Refusal> {
        self.fates.get(&(scope.clone(), number)).copied()
    }

    /// Counts own batches with a fate.
    pub(super) fn fates(&self, fate: Refusal) -> usize {
        self.fates.values().filter(|known| **known == fate).count()
    }

    /// Lets own batches be asked after again.
    pub(super) fn ask_again(&mut self) {
        self.fates.retain(|_, fate| *fate != Refusal::Held);
    }

    /// Returns what is held, with what was decided of each.
    pub(super) fn held(&self) -> Vec<HeldBatch> {
        let wished = |batch: &Digest| {
            self.wishes.values().find_map(|act| match act {
                Act::Verdict(verdict) if verdict.batch == *batch => Some(verdict.accepts),
                _ => None,
            })
        };
        let with_verdict = |(held, _): &(HeldBatch, Certificate)| HeldBatch {
            verdict: match (self.accepted.contains_key(&held.batch), self.rejected.contains(&held.batch)) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            },
            wished: wished(&held.batch),
            ..held.clone()
        };
        self.held.values().map(with_verdict).collect()
    }

    fn rests_on_revoked(&self, scope: &ScopeId, certificate: &Certificate) -> bool {
        certificate.givers().into_iter().any(|giver| self.bars(scope, giver))
    }

    /// Takes an act whose signatures were checked.
    fn learn(&mut self, scope: &ScopeId, act: &Act, learned: Learned) {
        match act {
            Act::Revocation(act) => {
                self.revoked.entry((scope.clone(), act.device)).or_insert_with(|| (**act).clone());
            }
            Act::Verdict(verdict) => match learned {
                Learned::Holder(holder) if verdict.accepts => {
                    self.accepted.insert(verdict.batch, (scope.clone(), *holder));
                }
                _ => _ = self.rejected.insert(verdict.batch),
            },
            Act::Held(act) => {
                if let Learned::Held(held) = learned {
                    self.held.insert(held.batch, (*held, act.certificate.clone()));
                }
            }
        }
    }
}

impl Replica {
    /// Takes an act from a scope's log; one that does not hold changes nothing and is noted.
    pub(super) fn take_act(&mut self, scope: &ScopeId, act: Act, write: &mut Pending<After>) {
        let hash = act.hash();
        if self.trust.wishes.remove(&(scope.clone(), hash)).is_some() {
            write.deletes.push(row_key(WISH_ROWS, scope, &hash));
        }
        match self.check_act(scope, &act) {
            Ok(learned) => {
                if let Learned::Holder(holder) = &learned {
                    self.directory.hear_of(holder);
                }
                self.trust.learn(scope, &act, learned);
            }
            Err(()) => {
                self.note(Note::BadAct(scope.clone()));
                return;
            }
        }
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        if let Act::Revocation(revocation) = &act
            && own == Some(revocation.device)
        {
            self.stand(Standing::Revoked, write);
        }
        let row = row_key(ACT_ROWS, scope, &hash);
        write.puts.push((row, Entry::Act(act).encode()));
        self.trust_changed();
    }

    /// Checks an act as the relay did.
    fn check_act(&self, scope: &ScopeId, act: &Act) -> Result<Learned, ()> {
        let Some(Identity { authority, .. }) = &self.identity else { return Err(()) };
        match act {
            Act::Revocation(act) => {
                let by = act.verify(authority).map_err(drop)?;
                let of = act.holder(authority).map_err(drop)?;
                let may = access::may_revoke(by.as_ref(), of.as_ref()) && !self.is_by_revoked(scope, &act.by);
                if may { Ok(Learned::Nothing) } else { Err(()) }
            }
            Act::Verdict(act) => {
                let by = act.verify(authority).map_err(drop)?;
                let may = access::may_judge(by.as_ref()) && !self.is_by_revoked(scope, &act.by);
                let holder = Box::new(act.holder(authority).map_err(drop)?);
                if may && act.stands_in() == scope { Ok(Learned::Holder(holder)) } else { Err(()) }
            }
            Act::Held(held) if *scope == ScopeId::Office => {
                read_held(held, authority).map(|held| Learned::Held(Box::new(held))).ok_or(())
            }
            Act::Held(_) => Err(()),
        }
    }

    fn is_by_revoked(&self, scope: &ScopeId, by: &Certificate) -> bool {
        let device = by.claimed().ok().map(|grant| grant.device);
        device.is_some_and(|device| self.trust.bars(scope, device)) || self.trust.rests_on_revoked(scope, by)
    }

    /// Tells whether a certificate comes too late to a scope: one that it rests on was revoked there before.
    ///
    /// Only a verdict on a batch of that very key lets it in.
    pub(super) fn comes_too_late(
        &mut self,
        scope: &ScopeId,
        certificate: &Certificate,
        write: &mut Pending<After>,
    ) -> bool {
        let Ok(device) = certificate.claimed().map(|grant| grant.device) else { return false };
        let place = (scope.clone(), device);
        let row = format!("{BARRED_ROWS}{scope}/{device}");
        let key = certificate.links.last().map(|link| link.device);
        if !self.trust.rests_on_revoked(scope, certificate) {
            return false;
        }
        if self.trust.accepted.values().any(|(_, accepted)| Some(accepted.key) == key) {
            if self.trust.barred.remove(&place) {
                write.deletes.push(row);
            }
            return false;
        }
        if self.trust.barred.insert(place) {
            write.puts.push((row, Vec::new()));
        }
        true
    }

    /// Says again, as another log begins, what this device said of others; what is known stays believed.
    ///
    /// A log that was repaired may hold what stood before a revocation behind it: what this device has of that it keeps.
    pub(super) fn doubt_acts(&mut self, scope: &ScopeId, write: &mut Pending<After>) {
        let own = self.identity.as_ref().map(|identity| identity.certificate.clone());
        self.trust.fates.retain(|(of, _), _| of != scope);
        let said = self.trust.revoked.iter().filter(|((of, _), act)| of == scope && Some(&act.by) == own.as_ref());
        let said: Vec<Revocation> = said.map(|(_, act)| act.clone()).collect();
        for act in said {
            self.wish(scope.clone(), Act::Revocation(Box::new(act)), write);
        }
    }

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
        let seen = self.seen.get(&device).copied().unwrap_or(0);
        let revocation = Revocation::sign(key, chains, device, now, reason, seen);
        // Who reads it checks the same: nothing is said that would not be believed.
        revocation.verify(authority).map_err(|_| Refused::MayNotRevoke)?;
        let office = holder.roles.contains(crate::role::Role::TownshipOffice);
        let scopes = access::written_by(of, self.workspace.township.units.keys());
        let own: BTreeSet<ScopeId> = self.scopes().into_iter().collect();
        for scope in scopes.into_iter().filter(|scope| own.contains(scope)) {
            // A village speaks of its own logs alone: the township's does not know its devices.
            if office || scope != ScopeId::Township {
                self.wish(scope, Act::Revocation(Box::new(revocation.clone())), write);
            }
        }
        self.trust_changed();
        Ok(())
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

    /// Reads a row of this file back; nothing comes back for another's.
    pub(super) fn load_trust(&mut self, key: &str, value: &[u8]) -> Option<bool> {
        if key == STANDING_KEY {
            self.trust.standing = if value == [2] { Standing::SecondUse } else { Standing::Revoked };
            return Some(true);
        }
        if let Some(place) = key.strip_prefix(BARRED_ROWS) {
            let read = place.rsplit_once('/').and_then(|(scope, device)| {
                Some((scope.parse().ok()?, DeviceNumber(u32::from_str_radix(device, 16).ok()?)))
            });
            let is_read = read.is_some();
            self.trust.barred.extend(read);
            return Some(is_read);
        }
        let (is_wish, rest) = match (key.strip_prefix(WISH_ROWS), key.strip_prefix(ACT_ROWS)) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return None,
        };
        let read = rest.rsplit_once('/').and_then(|(scope, _)| {
            let scope: ScopeId = scope.parse().ok()?;
            match Entry::decode(&scope, value).ok()? {
                Entry::Act(act) => Some((scope, act)),
                _ => None,
            }
        });
        let Some((scope, act)) = read else { return Some(false) };
        if is_wish {
            self.trust.wishes.insert((scope, act.hash()), act);
            return Some(true);
        }
        let authority = self.identity.as_ref().map(|identity| identity.authority);
        let learned = match (&act, &authority) {
            (Act::Held(held), Some(authority)) => read_held(held, authority).map(|held| Learned::Held(Box::new(held))),
            (Act::Verdict(verdict), Some(authority)) => {
                verdict.holder(authority).ok().map(|holder| Learned::Holder(Box::new(holder)))
            }
            (Act::Revocation(_), Some(_)) => Some(Learned::Nothing),
            _ => None,
        };
        let Some(learned) = learned else { return Some(false) };
        if let Learned::Holder(holder) = &learned {
            self.directory.hear_of(holder);
        }
        self.trust.learn(&scope, &act, learned);
        Some(true)
    }
}

fn row_key(rows: &str, scope: &ScopeId, hash: &Digest) -> String {
    let name: String = hash.0[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{rows}{scope}/{name}")
}

/// Reads a held batch as a page shows it; nothing comes back where its own signature does not hold.
fn read_held(held: &Held, authority: &PublicKey) -> Option<HeldBatch> {
    let holder = held.certificate.holder(authority).ok()?;
    let Entry::Batch(batch) = Entry::decode(&held.scope, &held.entry).ok()? else { return None };
    let changes = Change::open(&batch.payload).ok()?;
    let hashes: Vec<ChangeHash> = changes.iter().map(Change::hash).collect();
    batch.verify(&holder.key, &hashes).ok()?;
    if batch.device != holder.device {
        return None;
    }
    let times = || changes.iter().map(Change::at);
    Some(HeldBatch {
        batch: batch.hash(&hashes),
        device: holder.device,
        key: holder.key,
        code: holder.code,
        name: holder.name,
        number: batch.number,
        address: batch.address,
        changes: changes.len(),
        written: (times().min().unwrap_or_default(), times().max().unwrap_or_default()),
        arrived: held.arrived,
        reason: held.reason,
        verdict: None,
        wished: None,
    })
}
