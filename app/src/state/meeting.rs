//! Where a meeting stands: the one thing to do next, the work in steps, and the lamps.

use shared::domain::ballot::BallotMode;
use shared::domain::meeting::{Author, Blocker, Meeting, MeetingSettings, Stage};

use super::links::MeetingPage;

/// The stages that a meeting passes when all goes well, in order; the bar shows them.
pub const STAGES: [Stage; 8] = [
    Stage::Draft,
    Stage::RollOpen,
    Stage::Quorate,
    Stage::Voting,
    Stage::Closed,
    Stage::Counted,
    Stage::Checked,
    Stage::Decided,
];

/// What somebody should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Two phones created it differently: choose one of the settings (E1).
    ChooseSettings,
    /// Move the meeting on to a stage.
    Move(Stage),
    /// Go to the page where the work is.
    Go(MeetingPage),
    /// Let a phone be the urn, or go on voting on it.
    Vote,
    /// Empty the urn into the record.
    EmptyUrn,
    /// Declare the round void: nothing else helps.
    Void,
    /// Confirm the count as a second person.
    Check,
    /// Wait for a second person to confirm the count on their phone.
    WaitForCheck,
    /// Decide on the subjects.
    Decide,
    /// Seal the result.
    Seal,
    /// Print the minutes.
    Minutes,
    /// Nothing: the meeting ended without a result.
    Ended,
}

/// How a piece of work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It is finished.
    Done,
    /// It can be worked on.
    Open,
    /// Its time has not come.
    Later,
    /// Something has to be settled in it.
    Stopped,
}

/// A piece of the meeting's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it is done.
    pub page: MeetingPage,
    /// How it stands.
    pub state: StepState,
    /// How many of how many are done, where that can be counted.
    pub done: Option<(u32, u32)>,
}

/// Returns what should be done next, from where this person stands.
pub fn next(meeting: &Meeting, looking: &Author) -> Next {
    let Some(settings) = &meeting.settings else { return Next::Ended };
    if meeting.is_sealed() {
        return Next::Minutes;
    }
    if meeting.blockers.contains(&Blocker::SettingsDiffer) && meeting.stage < Stage::Closed {
        return Next::ChooseSettings;
    }
    match meeting.stage {
        Stage::Draft => Next::Move(Stage::RollOpen),
        Stage::RollOpen if meeting.blockers_of(Stage::Quorate).is_empty() => Next::Move(Stage::Quorate),
        Stage::RollOpen => Next::Go(MeetingPage::Roll),
        Stage::Quorate => Next::Move(Stage::Voting),
        Stage::Voting if is_collected(meeting, settings) => Next::Move(Stage::Closed),
        Stage::Voting if settings.mode == BallotMode::SecretDevice => Next::Vote,
        Stage::Voting => Next::Go(MeetingPage::Ballots),
        Stage::Closed => after_closing(meeting),
        Stage::Counted if meeting.check_flaw(looking).is_some() => Next::WaitForCheck,
        Stage::Counted => Next::Check,
        Stage::Checked if meeting.blockers.iter().any(Blocker::needs_void) => Next::Void,
        Stage::Checked => Next::Decide,
        Stage::Decided => Next::Seal,
        Stage::Adjourned | Stage::Void => Next::Ended,
    }
}

/// Returns the meeting's work in the order in which it is done.
pub fn steps(meeting: &Meeting) -> Vec<Step> {
    let Some(settings) = &meeting.settings else { return Vec::new() };
    // Work that is not done yet stops nothing; only a conflict does.
    let conflicts = || meeting.blockers.iter().filter(|blocker| is_conflict(blocker));
    let stopped = |page: MeetingPage| conflicts().any(|blocker| page_of(blocker) == Some(page));
    let state = |page: MeetingPage, from: Stage, to: Stage| match meeting.stage {
        Stage::Adjourned | Stage::Void => StepState::Done,
        stage if stage < from => StepState::Later,
        _ if stopped(page) => StepState::Stopped,
        stage if stage >= to => StepState::Done,
        _ => StepState::Open,
    };
    let mut steps = vec![Step {
        page: MeetingPage::Roll,
        state: state(MeetingPage::Roll, Stage::RollOpen, Stage::Quorate),
        done: Some(roll_progress(meeting, settings)),
    }];
    steps.push(Step {
        page: MeetingPage::Ballots,
        // Entries are compared and corrected until the count stands.
        state: state(MeetingPage::Ballots, Stage::Voting, Stage::Counted),
        done: ballot_progress(meeting, settings),
    });
    steps.push(Step {
        page: MeetingPage::Closing,
        state: state(MeetingPage::Closing, Stage::Closed, Stage::Counted),
        done: None,
    });
    let sealed = if meeting.is_sealed() { Stage::Decided } else { Stage::Adjourned };
    steps.push(Step {
        page: MeetingPage::Result,
        state: state(MeetingPage::Result, Stage::Counted, sealed),
        done: None,
    });
    steps.push(Step { page: MeetingPage::Print, state: StepState::Open, done: None });
    steps
}

/// Returns the page on which a conflict or gap is settled; `None` where no page settles it.
pub fn page_of(blocker: &Blocker) -> Option<MeetingPage> {
    match blocker {
        Blocker::NoQuorum { .. } | Blocker::RollDiffers(_) => Some(MeetingPage::Roll),
        Blocker::Serial(..)
        | Blocker::PaperDiffers(_)
        | Blocker::OneSided { .. }
        | Blocker::NotEntered { .. }
        | Blocker::HandsMissing { .. }
        | Blocker::HandsDiffer { .. }
        | Blocker::NoUrn => Some(MeetingPage::Ballots),
        Blocker::NotReconciled(_)
        | Blocker::ReconciliationsDiffer
        | Blocker::MoreEnteredThanReturned { .. }
        | Blocker::NoteNeeded(_)
        | Blocker::MoreReturnedThanIssued { .. }
        | Blocker::UrnNotEmptied => Some(MeetingPage::Closing),
        Blocker::NotChecked | Blocker::NotDecided(_) | Blocker::DecisionsDiffer(_) => Some(MeetingPage::Result),
        Blocker::SettingsDiffer
        | Blocker::TwoUrns
        | Blocker::VotedTwice(_)
        | Blocker::UrnsDiffer
        | Blocker::Incalculable
        | Blocker::Invalid(_) => None,
    }
}

/// Returns whether a blocker is a conflict that people must hear of at once, rather than work not done yet.
pub fn is_conflict(blocker: &Blocker) -> bool {
    match blocker {
        Blocker::SettingsDiffer
        | Blocker::RollDiffers(_)
        | Blocker::Serial(..)
        | Blocker::PaperDiffers(_)
        | Blocker::ReconciliationsDiffer
        | Blocker::MoreReturnedThanIssued { .. }
        | Blocker::MoreEnteredThanReturned { .. }
        | Blocker::HandsDiffer { .. }
        | Blocker::TwoUrns
        | Blocker::VotedTwice(_)
        | Blocker::UrnsDiffer
        | Blocker::Incalculable
        | Blocker::Invalid(_)
        | Blocker::DecisionsDiffer(_) => true,
        Blocker::NoQuorum { .. }
        | Blocker::OneSided { .. }
        | Blocker::NotReconciled(_)
        | Blocker::NotEntered { .. }
        | Blocker::NoteNeeded(_)
        | Blocker::HandsMissing { .. }
        | Blocker::NoUrn
        | Blocker::UrnNotEmptied
        | Blocker::NotChecked
        | Blocker::NotDecided(_) => false,
    }
}

/// Returns the conflicts of a meeting, and at most `limit` of each kind, so that a pile of ballots fills no screen.
pub fn conflicts(meeting: &Meeting, limit: usize) -> Vec<Blocker> {
    let mut shown: Vec<Blocker> = Vec::new();
    for blocker in meeting.blockers.iter().filter(|blocker| is_conflict(blocker)) {
        let kind = std::mem::discriminant(blocker);
        if shown.iter().filter(|other| std::mem::discriminant(*other) == kind).count() < limit {
            shown.push(blocker.clone());
        }
    }
    shown
}

/// Returns the place of a meeting's stage on the bar; `None` for a meeting that ended without a result.
pub fn place(stage: Stage) -> Option<usize> {
    STAGES.iter().position(|other| *other == stage)
}

/// Returns how many voters are marked, of how many.
pub fn roll_progress(meeting: &Meeting, settings: &MeetingSettings) -> (u32, u32) {
    let voters = settings.people.iter().filter(|attendee| attendee.body.is_some());
    let marked = voters.clone().filter(|attendee| meeting.roll.contains_key(&attendee.person));
    (marked.count() as u32, voters.count() as u32)
}

/// Returns how many ballots are in, of how many; `None` before any is expected.
fn ballot_progress(meeting: &Meeting, settings: &MeetingSettings) -> Option<(u32, u32)> {
    let in_room = || meeting.lamps.iter().map(|lamp| lamp.in_room).sum();
    let (done, all): (u32, u32) = match settings.mode {
        BallotMode::SecretPaper => {
            meeting.counts.values().fold((0, 0), |(done, all), count| (done + count.returned, all + count.issued))
        }
        BallotMode::SecretDevice => (meeting.urn.voted.len() as u32, in_room()),
        BallotMode::ShowOfHands => {
            let all = settings.subject_count() * settings.rulebook.groups.len();
            let counted = meeting.hands.values().filter(|hands| hands.agreed().is_some()).count();
            (counted as u32, all as u32)
        }
    };
    (all > 0).then_some((done, all))
}

/// Every ballot that can be expected is in, so that closing is what comes next.
fn is_collected(meeting: &Meeting, settings: &MeetingSettings) -> bool {
    match settings.mode {
        BallotMode::SecretPaper => meeting
            .counts
            .values()
            .all(|count| count.issued > 0 && count.missing + count.one_sided + count.differing == 0),
        BallotMode::ShowOfHands | BallotMode::SecretDevice => {
            ballot_progress(meeting, settings).is_some_and(|(done, all)| done >= all)
        }
    }
}

fn after_closing(meeting: &Meeting) -> Next {
    let blockers = meeting.blockers_of(Stage::Counted);
    let has = |wanted: fn(&Blocker) -> bool| blockers.iter().any(wanted);
    if has(Blocker::needs_void) {
        Next::Void
    } else if has(|blocker| matches!(blocker, Blocker::UrnNotEmptied)) {
        Next::EmptyUrn
    } else if has(|blocker| page_of(blocker) == Some(MeetingPage::Roll)) {
        Next::Go(MeetingPage::Roll)
    } else if has(|blocker| page_of(blocker) == Some(MeetingPage::Ballots)) {
        Next::Go(MeetingPage::Ballots)
    } else if has(|blocker| page_of(blocker) == Some(MeetingPage::Closing)) {
        Next::Go(MeetingPage::Closing)
    } else {
        Next::Move(Stage::Counted)
    }
}

#[cfg(test)]
mod tests;
