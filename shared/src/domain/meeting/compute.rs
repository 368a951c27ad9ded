//! What follows from a set of facts: each kind settled, then blockers, result and stage.

mod standing;

use std::collections::{BTreeMap, BTreeSet};

use super::blocker::Blocker;
use super::fold::Facts;
use super::paper::PaperState;
use super::result;
use super::{Author, CheckFlaw, CheckState, Grading, Meeting, MeetingFact, MeetingSettings, OneThird, Recorded, Stage};
use crate::domain::ballot::BallotMode;
use crate::domain::divergence::{Settled, Voice};
use crate::id::MeetingId;
use standing::Pile;

/// Computes a meeting from its facts, seals apart.
pub(super) fn compute(id: MeetingId, facts: &Facts) -> Meeting {
    let mut meeting = Meeting::empty(id);
    standing::open(&mut meeting, facts);
    let Some(settings) = meeting.settings.clone() else { return meeting };
    let pile = Pile::sort(&settings, facts);
    let declared = pile.moves.iter().map(|change| change.value.to).max().unwrap_or(Stage::Draft);
    meeting.moves = pile.moves.iter().map(Recorded::cloned_value).collect();
    meeting.counters = counters(facts);
    meeting.notes.extend(pile.notes.iter().cloned());
    pile.roll(&mut meeting);
    // Whoever skipped the declaration has not made it.
    let quorate = pile.moves.iter().any(|change| change.value.to == Stage::Quorate);
    meeting.lamps = super::roll::lamps(&settings, &meeting.roll, quorate);
    // Without a quorum ballots are discarded; of a void round they stay in sight, to show why it is void.
    if declared != Stage::Adjourned {
        pile.ballots(&settings, &mut meeting);
    }
    pile.decisions(&mut meeting);
    if matches!(declared, Stage::Adjourned | Stage::Void) {
        meeting.stage = declared;
        return meeting;
    }
    meeting.blockers = opening_blockers(&meeting, declared);
    if declared >= Stage::Voting {
        meeting.blockers.extend(count_blockers(&meeting, &settings));
    }
    meeting.stage = declared.min(Stage::Closed);
    if declared == Stage::Counted && meeting.blockers_of(Stage::Counted).is_empty() {
        finish(&mut meeting, &settings, facts);
    }
    meeting
}

fn opening_blockers(meeting: &Meeting, declared: Stage) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    if meeting.opened.is_divergence() {
        blockers.push(Blocker::SettingsDiffer);
    }
    let disputed = meeting.roll.iter().filter(|(_, status)| status.is_divergence());
    blockers.extend(disputed.map(|(person, _)| Blocker::RollDiffers(person.clone())));
    // A quorum that is lost while people vote is a warning of its lamp and stops nothing (W3, E9).
    let asked = meeting.lamps.iter().filter(|lamp| !lamp.met && declared < Stage::Voting);
    blockers.extend(asked.map(|lamp| Blocker::NoQuorum {
        group: lamp.group.clone(),
        due: lamp.roll.due,
        in_room: lamp.in_room,
        required: lamp.required,
    }));
    blockers
}

fn count_blockers(meeting: &Meeting, settings: &MeetingSettings) -> Vec<Blocker> {
    match settings.mode {
        BallotMode::ShowOfHands => hand_blockers(meeting, settings),
        BallotMode::SecretPaper => paper_blockers(meeting),
        BallotMode::SecretDevice => urn_blockers(meeting),
    }
}

fn hand_blockers(meeting: &Meeting, settings: &MeetingSettings) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    for subject in settings.subjects() {
        for group in &settings.rulebook.groups {
            if settings.raters(&group.id).next().is_none() {
                continue;
            }
            let (subject, group) = (subject.person.clone(), group.id.clone());
            match meeting.hands.get(&(subject.clone(), group.clone())) {
                None | Some(Settled::Nothing) => blockers.push(Blocker::HandsMissing { subject, group }),
                Some(Settled::Divergence(_)) => blockers.push(Blocker::HandsDiffer { subject, group }),
                Some(Settled::Agreed(_)) => {}
            }
        }
    }
    blockers
}

fn paper_blockers(meeting: &Meeting) -> Vec<Blocker> {
    let mut blockers: Vec<Blocker> =
        meeting.clashes.iter().map(|(serial, clash)| Blocker::Serial(*serial, clash.clone())).collect();
    blockers.extend(meeting.paper.iter().filter_map(|(serial, state)| match state {
        PaperState::Differs { .. } => Some(Blocker::PaperDiffers(*serial)),
        PaperState::OneSided { by, .. } => {
            Some(Blocker::OneSided { serial: *serial, by: by.first().and_then(|voice| voice.author.holder.clone()) })
        }
        PaperState::Missing | PaperState::Agreed { .. } => None,
    }));
    if meeting.reconciled.is_divergence() {
        blockers.push(Blocker::ReconciliationsDiffer);
    }
    let none = BTreeMap::new();
    let (hands, note) = meeting.reconciled.agreed().map_or((&none, ""), |hand| (&hand.groups, hand.note.trim()));
    for (group, count) in &meeting.counts {
        let group = group.clone();
        let Some(hand) = hands.get(&group) else {
            blockers.push(Blocker::NotReconciled(group));
            continue;
        };
        let entered = count.returned + count.one_sided + count.differing;
        if count.is_void(hand) {
            let (issued, returned) = (count.issued, hand.returned);
            blockers.push(Blocker::MoreReturnedThanIssued { group, issued, returned });
        } else if hand.returned > entered {
            blockers.push(Blocker::NotEntered { group, sheets: hand.returned - entered });
        } else if count.returned > hand.returned {
            blockers.push(Blocker::MoreEnteredThanReturned { group, sheets: count.returned - hand.returned });
        } else if note.is_empty() && entered == count.returned && count.needs_note(hand) {
            // Asked only once the entries agree: until then the records are not what the pile says.
            blockers.push(Blocker::NoteNeeded(group));
        }
    }
    blockers
}

fn urn_blockers(meeting: &Meeting) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    match &meeting.urn.placed {
        Settled::Nothing => blockers.push(Blocker::NoUrn),
        Settled::Agreed(_) => {}
        Settled::Divergence(_) => blockers.push(Blocker::TwoUrns),
    }
    blockers.extend(meeting.urn.voted_twice.iter().map(|person| Blocker::VotedTwice(person.clone())));
    match &meeting.urn.tally {
        Settled::Nothing => {
            blockers.push(Blocker::UrnNotEmptied);
            return blockers;
        }
        Settled::Agreed(_) => {}
        Settled::Divergence(_) => blockers.push(Blocker::UrnsDiffer),
    }
    if meeting.reconciled.is_divergence() {
        blockers.push(Blocker::ReconciliationsDiffer);
    }
    let noted = meeting.reconciled.agreed().is_some_and(|hand| !hand.note.trim().is_empty());
    for (group, count) in &meeting.counts {
        let (issued, returned) = (count.issued, count.returned);
        if returned > issued {
            blockers.push(Blocker::MoreReturnedThanIssued { group: group.clone(), issued, returned });
        } else if returned < issued && !noted {
            blockers.push(Blocker::NoteNeeded(group.clone()));
        }
    }
    blockers
}

/// Computes the result of a complete count, and how far check and decisions carry it.
fn finish(meeting: &mut Meeting, settings: &MeetingSettings, facts: &Facts) {
    let Ok(result) = result::compute(meeting, settings) else {
        meeting.blockers.push(Blocker::Incalculable);
        return;
    };
    meeting.stage = Stage::Counted;
    for fact in facts.values() {
        let MeetingFact::Checked(check) = &fact.value else { continue };
        let other = (check.digest != result.digest).then_some(CheckFlaw::OtherResult);
        let flaw = other.or_else(|| meeting.check_flaw(&fact.author));
        meeting.checks.push(CheckState { voice: Voice::of(fact), flaw });
    }
    if meeting.check().is_none() {
        meeting.blockers.push(Blocker::NotChecked);
    }
    meeting.blockers.extend(result.session.reasons.iter().cloned().map(Blocker::Invalid));
    let graded = || result.grading.iter().filter(|(_, grading)| **grading == Grading::Graded);
    for (subject, _) in graded() {
        match meeting.decisions.get(subject) {
            None | Some(Settled::Nothing) => meeting.blockers.push(Blocker::NotDecided(subject.clone())),
            Some(Settled::Agreed(_)) => {}
            Some(Settled::Divergence(_)) => meeting.blockers.push(Blocker::DecisionsDiffer(subject.clone())),
        }
    }
    let best = settings.rulebook.bands.last().map(|band| band.stars);
    let given =
        meeting.decisions.values().filter(|ruling| ruling.agreed().is_some_and(|r| best.is_some() && r.stars == best));
    let cap = u32::try_from(graded().count() / 3).unwrap_or(u32::MAX);
    meeting.one_third = OneThird { cap, given: u32::try_from(given.count()).unwrap_or(u32::MAX) };
    meeting.result = Some(result);
    for stage in [Stage::Checked, Stage::Decided] {
        if meeting.blockers_of(stage).is_empty() {
            meeting.stage = stage;
        }
    }
}

/// Returns everybody who entered ballots, counted hands or emptied the urn, corrected entries included.
fn counters(facts: &Facts) -> BTreeSet<Author> {
    let counted =
        |fact: &MeetingFact| matches!(fact, MeetingFact::Paper(_) | MeetingFact::Hands(_) | MeetingFact::Urn(_));
    facts.values().filter(|fact| counted(&fact.value)).map(|fact| fact.author.clone()).collect()
}
