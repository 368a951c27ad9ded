//! Collecting ballots: serials handed out, paper entered, hands counted, the urn.

use super::meeting::Wish;
use super::{Edit, Refusal};
use crate::domain::ballot::{BallotContent, BallotMode, HandCount, Mark, PaperBallot, Serial};
use crate::domain::divergence::Settled;
use crate::domain::meeting::{
    BallotsIssued, MeetingFact, MeetingSettings, RollStatus, SERIAL_LIMIT, SERIALS_LIMIT, Sheet, Stage, Urn, UrnBallot,
};
use crate::id::{GroupId, PersonId};

/// Stages in which entries can be made or corrected; a correction takes a counted meeting back by itself.
const ENTRY: &[Stage] = &[Stage::Voting, Stage::Closed, Stage::Counted];

pub(super) fn issue(wish: &Wish<'_>, group: &GroupId, first: Serial, last: Serial) -> Result<Vec<Edit>, Refusal> {
    mode(wish.settings, BallotMode::SecretPaper)?;
    wish.at(&[Stage::Quorate, Stage::Voting, Stage::Closed])?;
    known(wish.settings, group)?;
    let long = last.0.saturating_sub(first.0) >= SERIALS_LIMIT as u32;
    if first.0 == 0 || first > last || last.0 > SERIAL_LIMIT || long {
        return Err(Refusal::SerialRun { limit: SERIAL_LIMIT });
    }
    let overlaps = |(a, b): &(Serial, Serial)| *a <= last && first <= *b;
    let mut replaces = Vec::new();
    for (other, issued) in &wish.meeting.issued {
        let overlapping: Vec<_> = issued.runs.iter().filter(|(run, _)| overlaps(run)).collect();
        match overlapping.as_slice() {
            [] => {}
            _ if other != group => return Err(Refusal::SerialsTaken { by: other.clone() }),
            [(run, _)] if **run == (first, last) => return Err(Refusal::NothingToChange),
            runs => replaces.extend(runs.iter().flat_map(|(_, facts)| facts.iter().cloned())),
        }
    }
    Ok(vec![wish.record(MeetingFact::Issued(BallotsIssued { group: group.clone(), first, last, replaces }))])
}

pub(super) fn enter_paper(
    wish: &Wish<'_>,
    serial: Serial,
    group: &GroupId,
    content: &BallotContent,
) -> Result<Vec<Edit>, Refusal> {
    mode(wish.settings, BallotMode::SecretPaper)?;
    wish.at(ENTRY)?;
    known(wish.settings, group)?;
    let holders: Vec<&GroupId> = wish
        .meeting
        .issued
        .iter()
        .filter(|(_, issued)| issued.serials.contains(&serial))
        .map(|(group, _)| group)
        .collect();
    match holders.as_slice() {
        [] => return Err(Refusal::SerialNotIssued(serial)),
        holders if holders.contains(&group) => {}
        [holder, ..] => return Err(Refusal::SerialOfGroup { group: (*holder).clone() }),
    }
    if let BallotContent::Valid(marks) = content {
        check_marks(wish.settings, marks)?;
    }
    let sheet = Sheet { group: group.clone(), content: content.clone() };
    let own = wish.meeting.paper.get(&serial).map(|state| state.entered_by(&wish.acting.holder)).unwrap_or_default();
    if !own.is_empty() && own.iter().all(|(_, entered)| **entered == sheet) {
        return Err(Refusal::NothingToChange);
    }
    let replaces = own.iter().map(|(voice, _)| voice.fact.clone()).collect();
    let ballot = PaperBallot { serial, group: sheet.group, content: sheet.content, replaces };
    Ok(vec![wish.record(MeetingFact::Paper(ballot))])
}

pub(super) fn count_hands(
    wish: &Wish<'_>,
    subject: &PersonId,
    group: &GroupId,
    hands: &[u32],
) -> Result<Vec<Edit>, Refusal> {
    mode(wish.settings, BallotMode::ShowOfHands)?;
    wish.at(ENTRY)?;
    known(wish.settings, group)?;
    if !wish.settings.subjects().any(|attendee| attendee.person == *subject) {
        return Err(Refusal::NotASubject(subject.clone()));
    }
    let expected = wish.settings.rulebook.levels.len();
    if hands.len() != expected {
        return Err(Refusal::HandLevels { expected });
    }
    // Nobody raises a hand for themselves; the own row counts neither as a hand nor as an abstention (W3, E14).
    let raters = wish.settings.raters(group).filter(|rater| rater.person != *subject);
    let in_room = raters.filter(|rater| is_present(wish, &rater.person, &[RollStatus::Left])).count();
    let raters = u32::try_from(in_room).unwrap_or(u32::MAX);
    let raised: u64 = hands.iter().map(|count| u64::from(*count)).sum();
    let Some(abstained) = u32::try_from(raised).ok().and_then(|raised| raters.checked_sub(raised)) else {
        return Err(Refusal::TooManyHands { raters });
    };
    let counted = wish.meeting.hands.get(&(subject.clone(), group.clone()));
    let same = |tally: &crate::domain::meeting::HandTally| tally.hands == hands && tally.abstained == abstained;
    if counted.and_then(Settled::agreed).is_some_and(same) {
        return Err(Refusal::NothingToChange);
    }
    let replaces = counted.map(Settled::facts).unwrap_or_default();
    let (subject, group, hands) = (subject.clone(), group.clone(), hands.to_vec());
    Ok(vec![wish.record(MeetingFact::Hands(HandCount { subject, group, hands, abstained, replaces }))])
}

pub(super) fn place_urn(wish: &Wish<'_>) -> Result<Vec<Edit>, Refusal> {
    mode(wish.settings, BallotMode::SecretDevice)?;
    wish.at(&[Stage::Quorate, Stage::Voting])?;
    match wish.meeting.urn.placed.standing() {
        [] => {}
        [said] if said.value == wish.acting.device => return Err(Refusal::NothingToChange),
        [said] => return Err(Refusal::UrnElsewhere { device: said.value }),
        _ => return Err(Refusal::TwoUrns),
    }
    let urn = Edit::Urn { meeting: wish.meeting.id.clone(), urn: Some(Urn::default()) };
    Ok(vec![wish.record(MeetingFact::UrnPlaced), urn])
}

pub(super) fn drop_ballot(wish: &Wish<'_>, voter: &PersonId, marks: &[Mark]) -> Result<Vec<Edit>, Refusal> {
    mode(wish.settings, BallotMode::SecretDevice)?;
    wish.at(&[Stage::Voting])?;
    own_urn(wish)?;
    let urn = wish.workspace.urns.get(&wish.meeting.id).ok_or(Refusal::UrnLost)?;
    let attendee = wish.settings.attendee(voter).ok_or(Refusal::NotAttending(voter.clone()))?;
    let group = attendee.body.clone().ok_or(Refusal::NotARater(voter.clone()))?;
    if !is_present(wish, voter, &[]) {
        return Err(Refusal::NotPresent(voter.clone()));
    }
    if wish.meeting.urn.voted.contains(voter) {
        return Err(Refusal::AlreadyVoted(voter.clone()));
    }
    check_marks(wish.settings, marks)?;
    let mut rows = wish.settings.subjects().zip(marks);
    if rows.any(|(subject, mark)| subject.person == *voter && *mark != Mark::Abstained) {
        return Err(Refusal::OwnRow(voter.clone()));
    }
    let ballot = UrnBallot { group, marks: marks.to_vec() };
    let kept = Edit::Urn { meeting: wish.meeting.id.clone(), urn: Some(urn.with(ballot)) };
    Ok(vec![wish.record(MeetingFact::Voted(voter.clone())), kept])
}

/// Refuses what only the urn's own device can do.
pub(super) fn own_urn(wish: &Wish<'_>) -> Result<(), Refusal> {
    match wish.meeting.urn.placed.standing() {
        [] => Err(Refusal::NoUrn),
        [said] if said.value == wish.acting.device => Ok(()),
        [said] => Err(Refusal::UrnElsewhere { device: said.value }),
        _ => Err(Refusal::TwoUrns),
    }
}

/// Refuses ways of collecting ballots that the meeting does not use.
pub(super) fn mode(settings: &MeetingSettings, mode: BallotMode) -> Result<(), Refusal> {
    if settings.mode == mode { Ok(()) } else { Err(Refusal::Mode { is: settings.mode }) }
}

fn known(settings: &MeetingSettings, group: &GroupId) -> Result<(), Refusal> {
    if settings.rulebook.group(group).is_some() { Ok(()) } else { Err(Refusal::UnknownGroup(group.clone())) }
}

fn is_present(wish: &Wish<'_>, person: &PersonId, also: &[RollStatus]) -> bool {
    wish.meeting
        .roll_status(person)
        .is_some_and(|status| matches!(status, RollStatus::Present | RollStatus::Late) || also.contains(&status))
}

/// Refuses marks that are not one per subject with one score per criterion within its maximum (E15).
fn check_marks(settings: &MeetingSettings, marks: &[Mark]) -> Result<(), Refusal> {
    let (subjects, criteria) = (settings.subject_count(), &settings.rulebook.criteria);
    if marks.len() != subjects {
        return Err(Refusal::MarkCount { expected: subjects });
    }
    for (subject, mark) in settings.subjects().zip(marks) {
        let Mark::Scores(scores) = mark else { continue };
        let subject = &subject.person;
        if scores.len() != criteria.len() {
            return Err(Refusal::ScoreCount { subject: subject.clone(), expected: criteria.len() });
        }
        if let Some((_, criterion)) = scores.iter().zip(criteria).find(|(score, criterion)| **score > criterion.max) {
            let (criterion, max) = (criterion.id.clone(), criterion.max);
            return Err(Refusal::OutOfRange { subject: subject.clone(), criterion, max });
        }
    }
    Ok(())
}
