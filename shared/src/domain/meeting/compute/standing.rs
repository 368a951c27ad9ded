//! Facts by kind, each checked against the settings, and what of them stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ballot::{BallotContent, BallotMode, HandCount, PaperBallot, Serial, UrnTally};
use crate::domain::divergence::{Claim, Settled, Voice, settle, standing};
use crate::domain::meeting::count::{self, SERIAL_LIMIT, SERIALS_LIMIT};
use crate::domain::meeting::fold::Facts;
use crate::domain::meeting::paper::{self, PaperState, Sheet};
use crate::domain::meeting::{
    BallotsIssued, Decision, GroupCount, HandTally, Issued, Meeting, MeetingFact, MeetingNote, MeetingSettings,
    Reconciliation, Recorded, RollMark, Ruling, Stage, StageChange, urn,
};
use crate::domain::person::Standing;
use crate::id::{DeviceNumber, FactId, GroupId, PersonId};

/// A fact with the part of it that its kind carries.
type Of<'a, T> = (Voice, &'a T);

/// Well-formed facts by kind.
#[derive(Default)]
pub(super) struct Pile<'a> {
    pub(super) moves: Vec<Recorded<&'a StageChange>>,
    pub(super) notes: Vec<MeetingNote>,
    roll: Vec<Of<'a, RollMark>>,
    issued: Vec<Of<'a, BallotsIssued>>,
    paper: Vec<Of<'a, PaperBallot>>,
    hands: Vec<Of<'a, HandCount>>,
    placed: Vec<Voice>,
    voted: Vec<Of<'a, PersonId>>,
    tallies: Vec<Of<'a, UrnTally>>,
    reconciled: Vec<Of<'a, Reconciliation>>,
    decided: Vec<Of<'a, Decision>>,
}

/// Settles the settings; without any well-formed ones there is no meeting yet.
pub(super) fn open(meeting: &mut Meeting, facts: &Facts) {
    let mut claims = Vec::new();
    for fact in facts.values() {
        let MeetingFact::Opened(opening) = &fact.value else { continue };
        if opening.settings.check().is_err() {
            meeting.notes.push(MeetingNote::Settings(fact.id.clone()));
            continue;
        }
        claims.push(Claim { voice: Voice::of(fact), value: &opening.settings, replaces: &opening.replaces });
    }
    let opened = settle(claims);
    if let [first, others @ ..] = opened.standing() {
        meeting.settings = Some(first.value.clone());
        meeting.settings_differ = others.iter().flat_map(|other| first.value.differences(other.value)).collect();
    }
    meeting.opened = opened.cloned();
}

impl<'a> Pile<'a> {
    /// Sorts facts by kind and notes what the settings do not allow.
    pub(super) fn sort(settings: &MeetingSettings, facts: &'a Facts) -> Self {
        let mut pile = Self::default();
        for fact in facts.values() {
            if let Err(note) = pile.take(settings, fact) {
                pile.notes.push(note(fact.id.clone()));
            }
        }
        pile
    }

    fn take(
        &mut self,
        settings: &MeetingSettings,
        fact: &'a Recorded<MeetingFact>,
    ) -> Result<(), fn(FactId) -> MeetingNote> {
        let voice = Voice::of(fact);
        let known = |known: bool| if known { Ok(()) } else { Err(MeetingNote::Unknown as fn(FactId) -> MeetingNote) };
        let in_range =
            |fits: bool| if fits { Ok(()) } else { Err(MeetingNote::OutOfRange as fn(FactId) -> MeetingNote) };
        let mode = |mode: BallotMode| {
            if settings.mode == mode { Ok(()) } else { Err(MeetingNote::OtherMode as fn(FactId) -> MeetingNote) }
        };
        let group = |group: &GroupId| known(settings.rulebook.group(group).is_some());
        let subject = |person: &PersonId| known(settings.attendee(person).is_some_and(|attendee| attendee.subject));
        match &fact.value {
            MeetingFact::Opened(_) | MeetingFact::Checked(_) | MeetingFact::Sealed(_) => {}
            MeetingFact::Roll(mark) => {
                known(settings.attendee(&mark.person).is_some())?;
                self.roll.push((voice, mark));
            }
            MeetingFact::Stage(change) => {
                if matches!(change.to, Stage::Draft | Stage::Checked | Stage::Decided) {
                    return Err(MeetingNote::Move);
                }
                let (id, author) = (fact.id.clone(), fact.author.clone());
                self.moves.push(Recorded { id, author, at: fact.at, value: change });
            }
            MeetingFact::Issued(run) => {
                mode(BallotMode::SecretPaper)?;
                group(&run.group)?;
                in_range(is_run(run.first, run.last))?;
                self.issued.push((voice, run));
            }
            MeetingFact::Paper(ballot) => {
                mode(BallotMode::SecretPaper)?;
                group(&ballot.group)?;
                in_range((1..=SERIAL_LIMIT).contains(&ballot.serial.0))?;
                if let BallotContent::Valid(marks) = &ballot.content {
                    let complete = marks.len() == settings.subject_count();
                    in_range(complete && marks.iter().all(|mark| settings.fits(mark)))?;
                }
                self.paper.push((voice, ballot));
            }
            MeetingFact::Hands(hands) => {
                mode(BallotMode::ShowOfHands)?;
                group(&hands.group)?;
                subject(&hands.subject)?;
                let raised: u64 = hands.hands.iter().chain([&hands.abstained]).map(|n| u64::from(*n)).sum();
                let raters = settings.raters(&hands.group).count() as u64;
                in_range(hands.hands.len() == settings.rulebook.levels.len() && raised <= raters)?;
                self.hands.push((voice, hands));
            }
            MeetingFact::UrnPlaced => {
                mode(BallotMode::SecretDevice)?;
                self.placed.push(voice);
            }
            MeetingFact::Voted(person) => {
                mode(BallotMode::SecretDevice)?;
                known(settings.attendee(person).is_some_and(|attendee| attendee.body.is_some()))?;
                self.voted.push((voice, person));
            }
            MeetingFact::Urn(tally) => {
                mode(BallotMode::SecretDevice)?;
                in_range(urn::is_well_formed(settings, tally))?;
                self.tallies.push((voice, tally));
            }
            MeetingFact::Reconciled(reconciliation) => {
                known(reconciliation.groups.keys().all(|group| settings.rulebook.group(group).is_some()))?;
                self.reconciled.push((voice, reconciliation));
            }
            MeetingFact::Decided(decision) => {
                subject(&decision.subject)?;
                let probationary = settings.attendee(&decision.subject).and_then(|attendee| attendee.standing)
                    == Some(Standing::Probationary);
                let best = settings.rulebook.bands.last().map_or(0, |band| band.stars);
                in_range(decision.stars.is_none_or(|stars| stars <= best && !probationary))?;
                self.decided.push((voice, decision));
            }
        }
        Ok(())
    }

    /// Settles the roll.
    pub(super) fn roll(&self, meeting: &mut Meeting) {
        let marks = self.roll.iter().map(|(voice, mark)| {
            let claim = Claim { voice: voice.clone(), value: mark.status, replaces: &mark.replaces };
            (mark.person.clone(), claim)
        });
        meeting.roll = settle_each(marks);
    }

    /// Settles ballots of every mode, what was handed out, and the counts.
    pub(super) fn ballots(&self, settings: &MeetingSettings, meeting: &mut Meeting) {
        meeting.issued = self.issued_runs();
        meeting.paper = self.sheets(settings, &meeting.issued);
        meeting.clashes = count::clashes(&meeting.issued, &meeting.paper);
        meeting.hands = settle_each(self.hands.iter().map(|(voice, hands)| {
            let value = HandTally { hands: hands.hands.clone(), abstained: hands.abstained };
            let claim = Claim { voice: voice.clone(), value, replaces: &hands.replaces };
            ((hands.subject.clone(), hands.group.clone()), claim)
        }));
        meeting.counts = count::count_paper(settings, &meeting.issued, &meeting.paper);
        if settings.mode == BallotMode::SecretDevice {
            self.urn(settings, meeting);
        }
        let hand_counts = self.reconciled.iter().map(|(voice, reconciliation)| Claim {
            voice: voice.clone(),
            value: Reconciliation { replaces: Vec::new(), ..(*reconciliation).clone() },
            replaces: &reconciliation.replaces,
        });
        meeting.reconciled = settle(hand_counts.collect());
    }

    /// Settles the organisation's decisions.
    pub(super) fn decisions(&self, meeting: &mut Meeting) {
        meeting.decisions = settle_each(self.decided.iter().map(|(voice, decision)| {
            let value = Ruling { stars: decision.stars, reason: decision.reason.clone() };
            let claim = Claim { voice: voice.clone(), value, replaces: &decision.replaces };
            (decision.subject.clone(), claim)
        }));
    }

    fn issued_runs(&self) -> BTreeMap<GroupId, Issued> {
        let mut claims: BTreeMap<GroupId, Vec<Claim<'_, (Serial, Serial)>>> = BTreeMap::new();
        for (voice, run) in &self.issued {
            let claim = Claim { voice: voice.clone(), value: (run.first, run.last), replaces: &run.replaces };
            claims.entry(run.group.clone()).or_default().push(claim);
        }
        let mut issued: BTreeMap<GroupId, Issued> = BTreeMap::new();
        for (group, claims) in claims {
            let issued = issued.entry(group).or_default();
            for Claim { voice, value: (first, last), .. } in standing(claims, |_, _| true) {
                issued.runs.entry((first, last)).or_default().push(voice.fact);
                issued.serials.extend((first.0..=last.0).map(Serial));
            }
        }
        issued
    }

    fn sheets(&self, settings: &MeetingSettings, issued: &BTreeMap<GroupId, Issued>) -> BTreeMap<Serial, PaperState> {
        let mut claims: BTreeMap<Serial, Vec<Claim<'_, Sheet>>> = BTreeMap::new();
        for (voice, ballot) in &self.paper {
            let value = Sheet { group: ballot.group.clone(), content: ballot.content.clone() };
            let claim = Claim { voice: voice.clone(), value, replaces: &ballot.replaces };
            claims.entry(ballot.serial).or_default().push(claim);
        }
        let handed_out = issued.values().flat_map(|issued| issued.serials.iter().copied());
        let mut sheets: BTreeMap<Serial, PaperState> = handed_out.map(|serial| (serial, PaperState::Missing)).collect();
        sheets.extend(claims.into_iter().map(|(serial, claims)| {
            let entries = paper::standing_entries(claims);
            (serial, paper::compare(settings, entries))
        }));
        sheets
    }

    fn urn(&self, settings: &MeetingSettings, meeting: &mut Meeting) {
        let placed: Vec<Claim<'_, DeviceNumber>> = self
            .placed
            .iter()
            .map(|voice| Claim { voice: voice.clone(), value: voice.author.device, replaces: &[] })
            .collect();
        let urn = &mut meeting.urn;
        urn.placed = settle(placed);
        let mut turns: BTreeSet<&PersonId> = BTreeSet::new();
        let twice = self.voted.iter().filter(|(_, person)| !turns.insert(*person));
        urn.voted_twice = twice.map(|(_, person)| (*person).clone()).collect();
        urn.voted = turns.into_iter().cloned().collect();
        let mut tallies = Vec::new();
        for (voice, tally) in &self.tallies {
            if urn.placed.standing().iter().any(|said| said.value == voice.author.device) {
                tallies.push(Claim { voice: voice.clone(), value: *tally, replaces: &[] });
            } else {
                meeting.notes.push(MeetingNote::NotTheUrn(voice.fact.clone()));
            }
        }
        urn.tally = settle(tallies).cloned();
        for (group, count) in &mut meeting.counts {
            let turns = settings.raters(group).filter(|rater| urn.voted.contains(&rater.person)).count();
            let dropped = urn.tally.agreed().and_then(|tally| tally.dropped.get(group)).copied().unwrap_or(0);
            let issued = u32::try_from(turns).unwrap_or(u32::MAX);
            *count = GroupCount { issued, returned: dropped, valid: dropped, ..GroupCount::default() };
        }
    }
}

/// Returns whether serials can be handed out as this run.
pub(super) fn is_run(first: Serial, last: Serial) -> bool {
    1 <= first.0 && first.0 <= last.0 && last.0 <= SERIAL_LIMIT && (last.0 - first.0) < SERIALS_LIMIT as u32
}

fn settle_each<'a, K: Ord, T: PartialEq>(claims: impl Iterator<Item = (K, Claim<'a, T>)>) -> BTreeMap<K, Settled<T>> {
    let mut by_key: BTreeMap<K, Vec<Claim<'a, T>>> = BTreeMap::new();
    for (key, claim) in claims {
        by_key.entry(key).or_default().push(claim);
    }
    let mut settled = BTreeMap::new();
    // Collecting would sort what is in order, with a sort compiled for every kind of claim.
    settled.extend(by_key.into_iter().map(|(key, claims)| (key, settle(claims))));
    settled
}
