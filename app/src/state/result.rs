//! The result as a table, in printed order and without ranks: the arithmetic beside the decision.

use shared::domain::appraisal::{InvalidReason, QuorumResult, Scorecard};
use shared::domain::divergence::Settled;
use shared::domain::meeting::{Blocker, Grading, Meeting, MeetingSettings, Ruling, Stage};
use shared::id::PersonId;

use super::people::repeated;

/// The result of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultTable {
    /// One row per subject, in printed order: people are not ranked.
    pub rows: Vec<ResultRow>,
    /// Why the session is invalid; nothing when it is valid.
    pub reasons: Vec<InvalidReason>,
    /// The quorum of each group.
    pub quorum: Vec<QuorumResult>,
    /// The digest of the result, to be read aloud.
    pub digest: String,
    /// Subjects that the organisation has not decided on, with the stars of the arithmetic.
    pub undecided: Vec<(PersonId, Option<u8>)>,
}

/// One subject's line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// Who.
    pub person: PersonId,
    /// The name at opening.
    pub name: String,
    /// Group and household at opening.
    pub household: String,
    /// Whether somebody else on the list bears the name (E20).
    pub shared_name: bool,
    /// The published number.
    pub published: Option<String>,
    /// The stars of the arithmetic; `None` where no grade is given or no number came about.
    pub computed: Option<u8>,
    /// Whether the subject gets a grade.
    pub grading: Grading,
    /// What the organisation decided.
    pub decision: Decided,
}

/// How a decision on a subject stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Nobody decided.
    Open,
    /// This was decided.
    As(Ruling),
    /// Two decisions differ.
    Differs,
}

impl ResultRow {
    /// Returns whether the decision gives other stars than the arithmetic.
    pub fn departs(&self) -> bool {
        matches!(&self.decision, Decided::As(ruling) if ruling.stars != self.computed)
    }
}

/// Returns the table of a meeting; `None` before the count.
pub fn table(meeting: &Meeting) -> Option<ResultTable> {
    let (settings, result) = (meeting.settings.as_ref()?, meeting.result.as_ref()?);
    let shared = repeated(settings.subjects().map(|attendee| attendee.name.as_str()));
    let row = |attendee: &shared::domain::meeting::Attendee| ResultRow {
        person: attendee.person.clone(),
        name: attendee.name.clone(),
        household: attendee.household.clone(),
        shared_name: shared.contains(attendee.name.as_str()),
        published: result
            .scorecard(&attendee.person)
            .and_then(|card| card.score)
            .map(|score| score.published.to_string()),
        computed: result.stars(&attendee.person),
        grading: result.grading.get(&attendee.person).copied().unwrap_or(Grading::Graded),
        decision: match meeting.decisions.get(&attendee.person) {
            None | Some(Settled::Nothing) => Decided::Open,
            Some(Settled::Agreed(said)) => Decided::As(said.value.clone()),
            Some(Settled::Divergence(_)) => Decided::Differs,
        },
    };
    let undecided = meeting.blockers.iter().filter_map(|blocker| match blocker {
        Blocker::NotDecided(person) => Some((person.clone(), result.stars(person))),
        _ => None,
    });
    Some(ResultTable {
        rows: settings.subjects().map(row).collect(),
        reasons: result.session.reasons.clone(),
        quorum: result.session.quorum.clone(),
        digest: digest_text(&result.digest),
        undecided: undecided.collect(),
    })
}

/// Returns whether the organisation can decide: after the check, before the seal, and of a valid session.
pub fn may_decide(meeting: &Meeting) -> bool {
    let valid = meeting.result.as_ref().is_some_and(|result| result.session.is_valid());
    valid && !meeting.is_sealed() && matches!(meeting.stage, Stage::Checked | Stage::Decided)
}

/// Returns the stars that a decision can give, the highest first, and none at last.
pub fn choices(settings: &MeetingSettings) -> Vec<u8> {
    let mut stars: Vec<u8> = settings.rulebook.bands.iter().map(|band| band.stars).collect();
    stars.push(0);
    stars.sort_unstable_by(|a, b| b.cmp(a));
    stars.dedup();
    stars
}

/// Returns the most stars that the rulebook gives.
pub fn most_stars(settings: &MeetingSettings) -> u8 {
    settings.rulebook.bands.iter().map(|band| band.stars).max().unwrap_or(0)
}

/// Returns a subject's scorecard, and whether its groups may be shown (E11).
pub fn scorecard<'a>(
    meeting: &'a Meeting,
    subject: &PersonId,
) -> Option<(&'a MeetingSettings, &'a Scorecard<PersonId>, bool)> {
    let (settings, result) = (meeting.settings.as_ref()?, meeting.result.as_ref()?);
    let card = result.scorecard(subject)?;
    Some((settings, card, card.publishes_groups(settings.rulebook.publish_min)))
}

/// Writes a digest so that two people can compare it aloud: eight groups of four characters, half of it.
///
/// Half of 256 bits is more than anybody can forge, and as much as anybody reads out.
pub fn digest_text(digest: &[u8; 32]) -> String {
    let pair = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    digest[..16].chunks(2).map(pair).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_out_in_groups_of_four() {
        let mut digest = [0; 32];
        digest[0] = 0xab;
        digest[15] = 0x01;
        assert_eq!(digest_text(&digest), "ab00 0000 0000 0000 0000 0000 0000 0001");
    }

    #[test]
    fn a_row_departs_only_from_other_stars() {
        let row = |computed, stars| ResultRow {
            person: PersonId::new("p").unwrap(),
            name: String::new(),
            household: String::new(),
            shared_name: false,
            published: None,
            computed,
            grading: Grading::Graded,
            decision: Decided::As(Ruling { stars, reason: String::new() }),
        };
        assert!(!row(Some(3), Some(3)).departs());
        assert!(row(Some(3), Some(4)).departs());
        assert!(row(Some(3), None).departs());
        assert!(!row(None, None).departs(), "a probationary member stays without a grade");
    }
}
