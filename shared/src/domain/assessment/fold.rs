//! From facts to a quarter: total, and a function of the set of facts alone.
//!
//! What is frozen rests on the facts that the freeze names and on the cards that it carries; every device computes it
//! again and believes nothing else. What comes later changes it only where it names the freeze and gives a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::board::{Board, Facts};
use super::collect::{Given, collect};
use super::proposal::{base, freezes, frozen, proposals};
use super::result::Basis;
use super::state::{AssessmentNote, Flaw, Frozen, Stage, Tie};
use super::{Assessment, AssessmentFact, AssessmentResult, Blocker, Cards, Freeze, Move, same_person};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::domain::register::Powers;
use crate::id::{DeviceNumber, FactId, PersonId, UnitCode};
use crate::number::Decimal;
use crate::time::Quarter;

impl Assessment {
    /// Folds the facts of a quarter; never fails, and their order does not matter.
    ///
    /// `powers` tells what an author might do when a fact was recorded. Where it tells nothing the certificate has not
    /// arrived: they are believed until it has.
    pub fn fold(
        quarter: Quarter,
        facts: Vec<Recorded<AssessmentFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Self {
        let mut assessment = Self::empty(quarter);
        let facts = assessment.believed(facts, powers);
        assessment.proposals = proposals(quarter, &facts);
        let stands = freezes(assessment.proposals.iter().cloned());
        let frozen = frozen(&assessment.proposals, &stands);
        let named = frozen.as_ref().map(|frozen| frozen.proposals.clone()).unwrap_or_default();
        let flawed = assessment.proposals.iter().filter_map(|proposal| {
            proposal.flaw.map(|flaw| AssessmentNote { fact: proposal.voice.fact.clone(), flaw })
        });
        assessment.notes.extend(flawed.collect::<Vec<_>>());
        match frozen {
            Some(frozen) => assessment.finish(&facts, frozen),
            None => assessment.take(Board::read(quarter, &facts, &named)),
        }
        if stands.is_divergence() {
            assessment.blockers.push(Blocker::FreezesDiffer);
        }
        assessment.moves(&facts);
        assessment.sign(&facts);
        assessment.notes.sort();
        assessment.notes.dedup();
        assessment
    }

    /// Proposes to freeze these cards as they stand, or says what stands in the way.
    pub fn freeze(
        &self,
        cards: &BTreeMap<PersonId, Arc<Cards>>,
        last: BTreeMap<UnitCode, Decimal>,
    ) -> Result<Freeze, Vec<Blocker>> {
        let Some(basis) = self.basis() else { return Err(self.blockers.clone()) };
        let (cards, blockers) = collect(&basis, |assessor, village, criterion| {
            Given::of(cards.get(assessor).map(Arc::as_ref), village, criterion)
        });
        let own = self.blockers.iter().filter(|blocker| matches!(blocker, Blocker::SettingsDiffer(_)));
        let blockers: Vec<Blocker> = own.cloned().chain(blockers).collect();
        if !blockers.is_empty() {
            return Err(blockers);
        }
        let result = AssessmentResult::compute(&basis, &cards, &last, &[]);
        let digest = result.map_err(|_| vec![Blocker::Arithmetic])?.digest;
        let replaces = self.proposals.iter().filter(|proposal| proposal.flaw.is_none());
        let replaces = replaces.map(|proposal| proposal.voice.fact.clone()).collect();
        Ok(Freeze { cards, last, up_to: self.up_to.clone(), digest, replaces })
    }

    /// Returns what a proposal's cards come to, before anything is decided after it.
    pub fn preview(&self, freeze: &Freeze) -> Option<AssessmentResult> {
        AssessmentResult::compute(&self.basis()?, &freeze.cards, &freeze.last, &[]).ok()
    }

    fn basis(&self) -> Option<Basis<'_>> {
        Some(Basis {
            quarter: self.quarter,
            settings: self.settings.as_ref()?,
            unvisited: &self.unvisited,
            resigned: &self.resigned,
            adjustments: &self.adjustments,
        })
    }

    fn note(&mut self, fact: &FactId, flaw: Flaw) {
        self.notes.push(AssessmentNote { fact: fact.clone(), flaw });
    }

    /// Leaves out numbers that two different facts bear and what its author may not record.
    fn believed(
        &mut self,
        facts: Vec<Recorded<AssessmentFact>>,
        powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    ) -> Facts {
        let mut sorted = Facts::new();
        let mut twice = BTreeSet::new();
        for fact in facts {
            match sorted.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = sorted.insert(fact.id.clone(), fact),
            }
        }
        for id in sorted.keys() {
            let last = self.up_to.entry(id.device.clone()).or_default();
            *last = id.counter.max(*last);
        }
        let mut notes = Vec::new();
        sorted.retain(|id, fact| {
            let powers = powers(id, fact.author.device);
            let flaw = if twice.contains(id) {
                Some(Flaw::NumberTwice)
            } else {
                powers.filter(|powers| !powers.roles.any(fact.value.roles())).map(|_| Flaw::Role)
            };
            notes.extend(flaw.map(|flaw| AssessmentNote { fact: id.clone(), flaw }));
            flaw.is_none()
        });
        self.notes.extend(notes);
        sorted
    }

    fn take(&mut self, board: Board) {
        self.stage = board.stage;
        self.opened = board.opened;
        self.settings = board.settings;
        self.settings_differ = board.settings_differ;
        self.cancelled = board.cancelled;
        self.adjustments = board.adjustments;
        self.unvisited = board.unvisited;
        self.resigned = board.resigned;
        self.notes.extend(board.notes);
        if !self.settings_differ.is_empty() {
            self.blockers.push(Blocker::SettingsDiffer(self.settings_differ.clone()));
        }
        for ((assessor, village), word) in &self.unvisited {
            if word.is_divergence() {
                let (assessor, village) = (assessor.clone(), village.clone());
                self.blockers.push(Blocker::VisitDiffers { assessor, village });
            }
        }
    }

    /// Puts what was decided after a freeze on top of what was frozen.
    fn finish(&mut self, facts: &Facts, frozen: Frozen) {
        let within = base(facts, &frozen.freeze, &frozen.by.fact);
        let after = |fact: &Recorded<AssessmentFact>| match &fact.value {
            AssessmentFact::Adjusted(adjusted) => adjusted.after.is_some(),
            AssessmentFact::Struck(strike) => strike.after.is_some(),
            AssessmentFact::Opened(_) | AssessmentFact::Unvisited(_) | AssessmentFact::Resigned(_) => false,
            AssessmentFact::Moved(moved) => moved.to != Stage::Cancelled,
            AssessmentFact::Proposed(_) | AssessmentFact::Signed(_) | AssessmentFact::TieDecided(_) => true,
        };
        let beyond = facts.iter().filter(|(id, fact)| !within.contains_key(*id) && !after(fact));
        self.late = beyond.map(|(id, _)| id.clone()).collect();
        let mut counted = within;
        counted.extend(facts.iter().filter(|(_, fact)| after(fact)).map(|(id, fact)| (id.clone(), fact.clone())));
        self.take(Board::read(self.quarter, &counted, &frozen.proposals));
        self.decide_ties(facts, &frozen);
        self.stage = Stage::Frozen;
        let ties: Vec<&Tie> = self.ties.values().filter_map(Settled::agreed).collect();
        let result = self
            .basis()
            .map(|basis| AssessmentResult::compute(&basis, &frozen.freeze.cards, &frozen.freeze.last, &ties));
        match result {
            Some(Ok(result)) => self.result = Some(result),
            Some(Err(_)) | None => self.blockers.push(Blocker::Arithmetic),
        }
        self.frozen = Some(frozen);
    }

    fn decide_ties(&mut self, facts: &Facts, frozen: &Frozen) {
        let mut claims: BTreeMap<BTreeSet<UnitCode>, Vec<Claim<'_, Tie>>> = BTreeMap::new();
        for fact in facts.values() {
            let AssessmentFact::TieDecided(decision) = &fact.value else { continue };
            let villages: BTreeSet<UnitCode> = decision.villages.iter().cloned().collect();
            let known = |village| self.settings.as_ref().is_some_and(|settings| settings.village(village).is_some());
            let each_once = villages.len() == decision.villages.len() && villages.len() > 1;
            if !frozen.proposals.contains(&decision.after) || !each_once || !villages.iter().all(known) {
                self.note(&fact.id, Flaw::Unknown);
            } else if decision.reason.trim().is_empty() {
                self.note(&fact.id, Flaw::Reason);
            } else {
                let (reason, shared) = (decision.reason.clone(), decision.shared);
                let value = Tie { villages: decision.villages.clone(), shared, reason };
                let claim = Claim { voice: Voice::of(fact), value, replaces: &decision.replaces };
                claims.entry(villages).or_default().push(claim);
            }
        }
        self.ties = claims.into_iter().map(|(villages, claims)| (villages, settle(claims))).collect();
        let differing = self.ties.iter().filter(|(_, tie)| tie.is_divergence());
        self.blockers.extend(differing.map(|(villages, _)| Blocker::TiesDiffer(villages.iter().cloned().collect())));
    }

    /// Takes the moves of the result as it stands: one that was posted before it changed is posted no more.
    fn moves(&mut self, facts: &Facts) {
        let moved = |fact: &Recorded<AssessmentFact>| match &fact.value {
            AssessmentFact::Moved(moved) => Some(fact.cast(moved.clone())),
            _ => None,
        };
        self.moves = facts.values().filter_map(moved).collect();
        if self.frozen.is_none() {
            return;
        }
        let digest = self.result.as_ref().map(|result| result.digest);
        let mut noticed = BTreeSet::new();
        let mut reached = BTreeSet::new();
        for Recorded { value: Move { to, digest: of, .. }, .. } in &self.moves {
            if *to == Stage::Noticed {
                noticed.insert(*of);
            }
        }
        for at in self.moves.clone() {
            let Move { to, digest: of, .. } = &at.value;
            let flaw = match to {
                Stage::Confirmed => self.confirmation_flaw(&at.author),
                _ => None,
            };
            let of_result = *to > Stage::Frozen && *to != Stage::Cancelled;
            if let Some(flaw) = flaw {
                self.note(&at.id, flaw);
            } else if of_result && !noticed.contains(of) {
                self.note(&at.id, Flaw::Stage);
            } else if of_result {
                if *to == Stage::Confirmed {
                    self.confirmed.entry(*of).or_insert_with(|| Voice::of(&at));
                }
                if Some(*of) == digest {
                    reached.insert(*to);
                } else {
                    self.note(&at.id, Flaw::OtherResult);
                }
            }
        }
        for stage in [Stage::Noticed, Stage::Confirmed, Stage::Archived] {
            if !reached.contains(&stage) {
                break;
            }
            self.stage = stage;
        }
    }

    /// Notes signatures that do not count.
    fn sign(&mut self, facts: &Facts) {
        for fact in facts.values() {
            let AssessmentFact::Signed(signature) = &fact.value else { continue };
            let proposal = self.proposals.iter().find(|proposal| proposal.voice.fact == signature.proposal);
            let flaw = match proposal {
                None => Some(Flaw::Unknown),
                Some(proposal) if proposal.signed.iter().any(|voice| voice.fact == fact.id) => None,
                Some(proposal) if proposal.freeze.digest != signature.digest => Some(Flaw::OtherResult),
                Some(proposal) if same_person(&proposal.voice.author, &fact.author) => Some(Flaw::SamePerson),
                Some(_) => Some(Flaw::NotAssessor),
            };
            if let Some(flaw) = flaw {
                self.note(&fact.id, flaw);
            }
        }
    }
}
