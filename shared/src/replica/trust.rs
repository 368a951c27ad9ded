//! Devices that write no more and batches that wait for a decision: what the logs say of them.
//!
//! Everything counts from where it stands in a scope's log, so that every device that has read the same log believes
//! the same.

use std::collections::{BTreeMap, BTreeSet};

use super::enrolment::Identity;
use super::queue::Pending;
use super::status::{HeldBatch, Note, Standing};
use super::{After, Replica};
use crate::access;
use crate::attestation;
use crate::document::Change;
use crate::id::{Address, DeviceNumber, ScopeId};
use crate::identity::batch::ChangeHash;
use crate::identity::{Act, Certificate, Digest, Entry, Held, Holder, PublicKey, Revocation, Vouch};
use crate::wire::Refusal;

/// The row that holds why the relay lets this device read no more.
pub(super) const STANDING_KEY: &str = "standing";
const ACT_ROWS: &str = "act/";
pub(super) const WISH_ROWS: &str = "wish/";
const BARRED_ROWS: &str = "barred/";

/// What the logs, and this device itself, say of devices and held batches.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// Devices that were revoked in a scope.
    revoked: BTreeMap<(ScopeId, DeviceNumber), Revocation>,
    /// Those of which their signer has said a second time what was known.
    said_twice: BTreeSet<(ScopeId, DeviceNumber)>,
    /// Own revocations that the page in hand brought for the first time.
    pub(super) placed: Vec<Revocation>,
    /// Devices whose enrolment came to a scope after one that it rests on was revoked there.
    barred: BTreeSet<(ScopeId, DeviceNumber)>,
    /// Batches that were accepted, with the scope of each and who holds the device that made it.
    accepted: BTreeMap<Digest, (ScopeId, Holder)>,
    rejected: BTreeSet<Digest>,
    pub(super) held: BTreeMap<Digest, (HeldBatch, Certificate)>,
    /// Every act that holds, in the order in which its scope's log had it.
    acts: BTreeMap<(ScopeId, u64), Act>,
    /// The places of acts by hash.
    places: BTreeMap<(ScopeId, Digest), u64>,
    /// Own acts that no log is known to hold, by their scope and hash.
    pub(super) wishes: BTreeMap<(ScopeId, Digest), Act>,
    /// What the relay said of own batches that it may not place.
    pub(super) fates: BTreeMap<(ScopeId, u32), Refusal>,
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

    /// Returns the changes in a snapshot that revoked devices made when they were revoked already, as far as is known.
    pub(super) fn past(&self, address: &Address, vouches: &[Vouch], changes: &[Change]) -> BTreeSet<ChangeHash> {
        let mut known: BTreeMap<DeviceNumber, Vec<ChangeHash>> = BTreeMap::new();
        for vouch in vouches {
            let Some(revocation) = self.revocation(&address.scope, vouch.device) else { continue };
            let heads = known.entry(vouch.device).or_insert_with(|| revocation.known.heads.clone());
            if self.accepted.contains_key(&vouch.hash(address)) {
                heads.extend(&vouch.hashes);
            }
        }
        let changes =
            changes.iter().filter_map(|change| Some((change.hash(), change.actor()?.device, change.dependencies())));
        attestation::past(changes, &known)
    }

    fn rests_on_revoked(&self, scope: &ScopeId, certificate: &Certificate) -> bool {
        certificate.givers().into_iter().any(|giver| self.bars(scope, giver))
    }

    /// Returns the acts that a scope's log had, in its order.
    pub(super) fn acts<'a>(&'a self, scope: &'a ScopeId) -> impl Iterator<Item = &'a Act> {
        self.acts.range((scope.clone(), 0)..=(scope.clone(), u64::MAX)).map(|(_, act)| act)
    }

    /// Gives an act the next place among those of its scope; nothing comes back for one that has its place.
    fn place(&mut self, scope: &ScopeId, act: &Act) -> Option<u64> {
        let known = (scope.clone(), act.hash());
        if self.places.contains_key(&known) {
            return None;
        }
        let last = self.acts.range((scope.clone(), 0)..=(scope.clone(), u64::MAX)).next_back();
        let place = last.map_or(0, |((_, place), _)| place.saturating_add(1));
        self.places.insert(known, place);
        self.acts.insert((scope.clone(), place), act.clone());
        Some(place)
    }

    /// Takes the revocations that were read from rows, in the order of their logs.
    pub(super) fn learn_revocations(&mut self) {
        let acts: Vec<(ScopeId, Act)> =
            self.acts.iter().map(|((scope, _), act)| (scope.clone(), act.clone())).collect();
        for (scope, act) in acts.iter().filter(|(_, act)| matches!(act, Act::Revocation(_))) {
            self.learn(scope, act, Learned::Nothing);
        }
    }

    /// Takes an act whose signatures were checked.
    fn learn(&mut self, scope: &ScopeId, act: &Act, learned: Learned) {
        match act {
            Act::Revocation(act) => {
                let place = (scope.clone(), act.device);
                match self.revoked.get_mut(&place) {
                    None => _ = self.revoked.insert(place, (**act).clone()),
                    Some(earlier) if act.follows(earlier) && self.said_twice.insert(place) => {
                        *earlier = (**act).clone()
                    }
                    Some(_) => {}
                }
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
        self.retelling.told(scope, &hash, write);
        let was_wished = self.trust.wishes.remove(&(scope.clone(), hash)).is_some();
        if was_wished {
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
        if let Act::Revocation(revocation) = &act
            && was_wished
            && !self.trust.said_twice.contains(&(scope.clone(), revocation.device))
        {
            self.trust.placed.push((**revocation).clone());
        }
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        if let Act::Revocation(revocation) = &act
            && own == Some(revocation.device)
        {
            self.stand(Standing::Revoked, write);
        }
        if let Some(place) = self.trust.place(scope, &act) {
            write.puts.push((format!("{ACT_ROWS}{scope}/{place:016x}"), Entry::Act(act).encode()));
        }
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
        // The township's log has everybody who came in time, before they come to any other.
        let is_known = self.directory.certificates_of(device).any(|known| known.said() == certificate.said());
        if is_known || !self.trust.rests_on_revoked(scope, certificate) {
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
        let read = rest.rsplit_once('/').and_then(|(scope, place)| {
            let scope: ScopeId = scope.parse().ok()?;
            match Entry::decode(&scope, value).ok()? {
                Entry::Act(act) => Some((scope, place, act)),
                _ => None,
            }
        });
        let Some((scope, place, act)) = read else { return Some(false) };
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
        let (Some(learned), Ok(place)) = (learned, u64::from_str_radix(place, 16)) else { return Some(false) };
        self.trust.places.insert((scope.clone(), act.hash()), place);
        self.trust.acts.insert((scope.clone(), place), act.clone());
        if let Learned::Holder(holder) = &learned {
            self.directory.hear_of(holder);
        }
        // Of two words on one device the later counts, and rows come in any order.
        if !matches!(act, Act::Revocation(_)) {
            self.trust.learn(&scope, &act, learned);
        }
        Some(true)
    }
}

pub(super) fn row_key(rows: &str, scope: &ScopeId, hash: &Digest) -> String {
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
