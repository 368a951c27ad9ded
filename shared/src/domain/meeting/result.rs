//! The result of a meeting: the arithmetic, who is graded, and a text that is equal wherever the result is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::roll::{self, Roll};
use super::{Meeting, MeetingSettings, RollStatus};
use crate::digest;
use crate::domain::appraisal::{
    AppraisalError, InvalidReason, RatedBallot, RatedMark, RollCount, Scorecard, SessionResult, appraise,
};
use crate::domain::ballot::{BallotContent, BallotMode, Mark};
use crate::domain::meeting::paper::PaperState;
use crate::domain::person::Standing;
use crate::id::{GroupId, MeetingId, PersonId};
use crate::number::Ratio;

/// What the digest of a result is a digest of.
const RESULT: &str = "pingyi/result/1";
/// What the digest of a seal is a digest of.
const SEAL: &str = "pingyi/seal/1";

/// Whether a subject gets a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grading {
    /// Stars are given.
    Graded,
    /// 预备: reviewed, no grade (E18).
    Probationary,
    /// Excused by a branch decision: not shown as zero stars (E17).
    Exempt,
}

/// What a meeting's ballots come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingResult {
    /// The arithmetic, with everything that "show the sum" needs.
    pub session: SessionResult<PersonId>,
    /// Who gets a grade.
    pub grading: BTreeMap<PersonId, Grading>,
    /// The digest of the result's canonical text; equal digests are equal results.
    pub digest: [u8; 32],
}

impl MeetingResult {
    /// Returns a subject's scorecard.
    pub fn scorecard(&self, subject: &PersonId) -> Option<&Scorecard<PersonId>> {
        self.session.scorecards.iter().find(|card| card.subject == *subject)
    }

    /// Returns the stars of the arithmetic for a subject who gets a grade.
    pub fn stars(&self, subject: &PersonId) -> Option<u8> {
        let graded = self.grading.get(subject) == Some(&Grading::Graded);
        self.scorecard(subject).filter(|_| graded)?.score.map(|score| score.stars)
    }

    /// Writes down everything computed, one line each, the same on every device: what digests are taken of.
    pub fn canonical(&self, id: &MeetingId, settings: &MeetingSettings) -> String {
        // Words of their own: a type that is renamed must not change a digest.
        let mode = match settings.mode {
            BallotMode::ShowOfHands => "hands",
            BallotMode::SecretPaper => "paper",
            BallotMode::SecretDevice => "urn",
        };
        let mut text = format!("meeting {id}\nmode {mode}\n");
        let rulebook = &settings.rulebook;
        // Writing to a text cannot fail.
        let _ = writeln!(text, "rulebook {} {}", rulebook.id, rulebook.version);
        for quorum in &self.session.quorum {
            let (roll, met) = (quorum.roll, if quorum.met { "met" } else { "failed" });
            let _ = writeln!(
                text,
                "quorum {} due {} present {} required {} {met}",
                quorum.group, roll.due, roll.present, quorum.required
            );
        }
        for reason in &self.session.reasons {
            let _ = match reason {
                InvalidReason::Quorum(group) => writeln!(text, "invalid quorum {group}"),
                InvalidReason::EmptyGroup(group) => writeln!(text, "invalid empty {group}"),
            };
        }
        for card in &self.session.scorecards {
            let grading = match self.grading.get(&card.subject) {
                Some(Grading::Probationary) => "probationary",
                Some(Grading::Exempt) => "exempt",
                Some(Grading::Graded) | None => "graded",
            };
            let _ = writeln!(text, "subject {} {grading}", card.subject);
            for group in &card.groups {
                let (ballots, dropped) = (group.ballots(), group.dropped_count());
                let _ = write!(text, " group {} ballots {ballots} dropped {dropped}", group.group);
                let _ = write!(text, " spoiled {} abstained {}", group.spoiled, group.abstained);
                let _ = match group.mean {
                    Some(mean) => writeln!(text, " sum {} mean {mean}", group.sum),
                    None => writeln!(text, " no mean"),
                };
            }
            if let Some(score) = card.score {
                let _ = writeln!(
                    text,
                    " composite {} published {} stars {}",
                    score.composite, score.published, score.stars
                );
            }
        }
        text
    }
}

impl Meeting {
    /// Returns the digest of result and decisions, which a seal holds.
    ///
    /// `None` until every subject who gets a grade is decided on.
    pub fn seal_digest(&self) -> Option<[u8; 32]> {
        let (settings, result) = (self.settings.as_ref()?, self.result.as_ref()?);
        let mut text = result.canonical(&self.id, settings);
        for (subject, decision) in &self.decisions {
            let decision = decision.agreed()?;
            let stars = decision.stars.map_or("none".to_owned(), |stars| stars.to_string());
            // The reason's length keeps a reason with line breaks from passing for a second decision.
            let reason = &decision.reason;
            let _ = writeln!(text, "decision {subject} {stars} {} {reason}", reason.len());
        }
        Some(digest::of_text(SEAL, &text))
    }
}

/// Tells who gets a grade.
pub(super) fn grading(settings: &MeetingSettings, roll: &Roll) -> BTreeMap<PersonId, Grading> {
    let grading = |attendee: &super::Attendee| match attendee.standing {
        Some(Standing::Probationary) => Grading::Probationary,
        _ if roll::status(roll, &attendee.person) == RollStatus::Exempt => Grading::Exempt,
        _ => Grading::Graded,
    };
    settings.subjects().map(|attendee| (attendee.person.clone(), grading(attendee))).collect()
}

/// Computes the result from ballots that nothing stands in the way of; one function for all three modes.
pub(super) fn compute(meeting: &Meeting, settings: &MeetingSettings) -> Result<MeetingResult, AppraisalError> {
    let mut roll: BTreeMap<GroupId, RollCount> = BTreeMap::new();
    for lamp in &meeting.lamps {
        roll.insert(lamp.group.clone(), lamp.roll);
    }
    let subjects: BTreeSet<PersonId> = settings.subjects().map(|attendee| attendee.person.clone()).collect();
    let ballots = match settings.mode {
        BallotMode::ShowOfHands => raised_hands(meeting, settings),
        BallotMode::SecretPaper => agreed_sheets(meeting, settings),
        BallotMode::SecretDevice => urn_marks(meeting, settings),
    };
    let session = appraise(&settings.rulebook, &roll, &subjects, &ballots)?;
    let mut result = MeetingResult { session, grading: grading(settings, &meeting.roll), digest: [0; 32] };
    result.digest = digest::of_text(RESULT, &result.canonical(&meeting.id, settings));
    Ok(result)
}

/// Each hand is a ballot that gives its level on every criterion.
fn raised_hands(meeting: &Meeting, settings: &MeetingSettings) -> Vec<RatedBallot<PersonId>> {
    let (levels, criteria) = (&settings.rulebook.levels, settings.rulebook.criteria.len());
    let mut ballots = Vec::new();
    for ((subject, group), hands) in &meeting.hands {
        let Some(tally) = hands.agreed() else { continue };
        let mut add = |count: u32, mark: RatedMark| {
            let ballot = RatedBallot { group: group.clone(), subject: subject.clone(), mark };
            ballots.extend(std::iter::repeat_n(ballot, count as usize));
        };
        for (level, count) in levels.iter().zip(&tally.hands) {
            add(*count, RatedMark::Valid(vec![Ratio::integer(i128::from(*level)); criteria]));
        }
        add(tally.abstained, RatedMark::Abstained);
    }
    ballots
}

fn agreed_sheets(meeting: &Meeting, settings: &MeetingSettings) -> Vec<RatedBallot<PersonId>> {
    let mut ballots = Vec::new();
    for state in meeting.paper.values() {
        let PaperState::Agreed { sheet, .. } = state else { continue };
        for (at, subject) in settings.subjects().enumerate() {
            let mark = match &sheet.content {
                BallotContent::Valid(marks) => marks.get(at).map_or(RatedMark::Abstained, rated),
                BallotContent::Spoiled => RatedMark::Spoiled,
                BallotContent::Abstained => RatedMark::Abstained,
            };
            ballots.push(RatedBallot { group: sheet.group.clone(), subject: subject.person.clone(), mark });
        }
    }
    ballots
}

fn urn_marks(meeting: &Meeting, settings: &MeetingSettings) -> Vec<RatedBallot<PersonId>> {
    let mut ballots = Vec::new();
    for (group, lists) in meeting.urn.tally.agreed().iter().flat_map(|tally| &tally.marks) {
        for (subject, list) in settings.subjects().zip(lists) {
            ballots.extend(list.iter().map(|mark| RatedBallot {
                group: group.clone(),
                subject: subject.person.clone(),
                mark: rated(mark),
            }));
        }
    }
    ballots
}

fn rated(mark: &Mark) -> RatedMark {
    match mark {
        Mark::Scores(scores) => RatedMark::Valid(scores.iter().map(|s| Ratio::integer(i128::from(*s))).collect()),
        Mark::Abstained => RatedMark::Abstained,
    }
}
