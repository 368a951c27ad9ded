//! A set of facts settled kind by kind, before anything is frozen: the whole of a quarter's, or a freeze's base.

use std::collections::{BTreeMap, BTreeSet};

use super::result::Basis;
use super::state::{AdjustmentState, AssessmentNote, Flaw, Stage};
use super::{AssessmentFact, AssessmentSettings, Move, SettingsPart};
use crate::domain::divergence::{Claim, Settled, Voice, settle};
use crate::domain::meeting::Recorded;
use crate::id::{FactId, PersonId, UnitCode};
use crate::time::Quarter;

/// Facts by number.
pub(super) type Facts = BTreeMap<FactId, Recorded<AssessmentFact>>;

/// What a set of facts comes to.
pub(super) struct Board {
    pub quarter: Quarter,
    pub opened: Settled<AssessmentSettings>,
    pub settings: Option<AssessmentSettings>,
    pub settings_differ: BTreeSet<SettingsPart>,
    /// From planned to scored, or cancelled.
    pub stage: Stage,
    pub cancelled: Option<Recorded<String>>,
    pub adjustments: BTreeMap<FactId, AdjustmentState>,
    pub unvisited: BTreeMap<(PersonId, UnitCode), Settled<bool>>,
    pub resigned: BTreeMap<PersonId, Recorded<String>>,
    pub notes: Vec<AssessmentNote>,
}

impl Board {
    /// Settles what came before a freeze, and of what came after one that which names a freeze of `after`.
    pub fn read(quarter: Quarter, facts: &Facts, after: &BTreeSet<FactId>) -> Self {
        let mut board = Self {
            quarter,
            opened: Settled::Nothing,
            settings: None,
            settings_differ: BTreeSet::new(),
            stage: Stage::Planned,
            cancelled: None,
            adjustments: BTreeMap::new(),
            unvisited: BTreeMap::new(),
            resigned: BTreeMap::new(),
            notes: Vec::new(),
        };
        board.open(facts);
        if board.settings.is_some() {
            board.visits(facts);
            board.adjust(facts, after);
            board.moves(facts);
        }
        board
    }

    pub fn basis<'a>(&'a self, settings: &'a AssessmentSettings) -> Basis<'a> {
        Basis {
            quarter: self.quarter,
            settings,
            unvisited: &self.unvisited,
            resigned: &self.resigned,
            adjustments: &self.adjustments,
        }
    }

    fn note(&mut self, fact: &FactId, flaw: Flaw) {
        self.notes.push(AssessmentNote { fact: fact.clone(), flaw });
    }

    fn open(&mut self, facts: &Facts) {
        let mut claims = Vec::new();
        for fact in facts.values() {
            let AssessmentFact::Opened(opening) = &fact.value else { continue };
            if opening.settings.check().is_err() {
                self.note(&fact.id, Flaw::Settings);
                continue;
            }
            claims.push(Claim { voice: Voice::of(fact), value: &opening.settings, replaces: &opening.replaces });
        }
        self.opened = settle(claims).cloned();
        let mut standing = self.opened.standing().iter().map(|said| &said.value);
        self.settings = standing.next().cloned();
        if let Some(first) = &self.settings {
            self.settings_differ = standing.flat_map(|other| first.differences(other)).collect();
        }
    }

    fn visits(&mut self, facts: &Facts) {
        let mut claims: BTreeMap<(PersonId, UnitCode), Vec<Claim<'_, bool>>> = BTreeMap::new();
        for fact in facts.values() {
            match &fact.value {
                AssessmentFact::Unvisited(word) if self.knows(&word.assessor, Some(&word.village)) => {
                    let claim = Claim { voice: Voice::of(fact), value: word.unvisited, replaces: &word.replaces };
                    claims.entry((word.assessor.clone(), word.village.clone())).or_default().push(claim);
                }
                AssessmentFact::Resigned(resigned) if self.knows(&resigned.assessor, None) => {
                    // Whoever left twice has left; the first word by number is shown.
                    let reason = fact.cast(resigned.reason.clone());
                    self.resigned.entry(resigned.assessor.clone()).or_insert(reason);
                }
                AssessmentFact::Unvisited(_) | AssessmentFact::Resigned(_) => self.note(&fact.id, Flaw::Unknown),
                _ => {}
            }
        }
        self.unvisited = claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect();
    }

    fn knows(&self, assessor: &PersonId, village: Option<&UnitCode>) -> bool {
        let Some(settings) = &self.settings else { return false };
        settings.assessor(assessor).is_some() && village.is_none_or(|village| settings.village(village).is_some())
    }

    fn adjust(&mut self, facts: &Facts, after: &BTreeSet<FactId>) {
        let counts = |named: &Option<FactId>| named.as_ref().is_none_or(|freeze| after.contains(freeze));
        for fact in facts.values() {
            let AssessmentFact::Adjusted(adjusted) = &fact.value else { continue };
            let known = self.settings.as_ref().is_some_and(|settings| settings.village(&adjusted.village).is_some());
            if !counts(&adjusted.after) || !known {
                self.note(&fact.id, Flaw::Unknown);
            } else if adjusted.reason.trim().is_empty() {
                self.note(&fact.id, Flaw::Reason);
            } else {
                let state = AdjustmentState { voice: Voice::of(fact), adjusted: adjusted.clone(), struck: None };
                self.adjustments.insert(fact.id.clone(), state);
            }
        }
        for fact in facts.values() {
            let AssessmentFact::Struck(strike) = &fact.value else { continue };
            let state = self.adjustments.get_mut(&strike.adjustment).filter(|_| counts(&strike.after));
            match state {
                // Struck twice is struck; the first reason by number stands.
                Some(state) => _ = state.struck.get_or_insert_with(|| strike.reason.clone()),
                None => self.note(&fact.id, Flaw::Unknown),
            }
        }
    }

    fn moves(&mut self, facts: &Facts) {
        let Some(settings) = &self.settings else { return };
        let frame = settings.frame_digest(self.quarter);
        let (mut open, mut scored) = (false, false);
        let mut notes = Vec::new();
        for fact in facts.values() {
            let AssessmentFact::Moved(Move { to, digest, reason }) = &fact.value else { continue };
            let flaw = match to {
                Stage::Planned | Stage::Frozen => Some(Flaw::Move),
                Stage::Cancelled if reason.trim().is_empty() => Some(Flaw::Reason),
                Stage::Cancelled => {
                    self.cancelled.get_or_insert_with(|| fact.cast(reason.clone()));
                    None
                }
                Stage::Open | Stage::Scored if *digest != frame => Some(Flaw::OtherResult),
                Stage::Open => {
                    open = true;
                    None
                }
                Stage::Scored => {
                    scored = true;
                    None
                }
                Stage::Noticed | Stage::Confirmed | Stage::Archived => None,
            };
            notes.extend(flaw.map(|flaw| AssessmentNote { fact: fact.id.clone(), flaw }));
        }
        self.notes.extend(notes);
        self.stage = match (open && self.settings_differ.is_empty(), scored) {
            _ if self.cancelled.is_some() => Stage::Cancelled,
            (false, _) => Stage::Planned,
            (true, false) => Stage::Open,
            (true, true) => Stage::Scored,
        };
    }
}
