//! A meeting's frame: who may do what in it, its creation, its roll and its moves (W3).

use super::{Edit, Fact, Refusal, TEXT_BYTES, ballot, closing, limit};
use crate::domain::command::MeetingCommand;
use crate::domain::meeting::{
    Author, Blocker, Meeting, MeetingFact, MeetingSettings, Opening, PaperState, RollMark, RollStatus, SettingsFault,
    Stage, StageChange,
};
use crate::domain::{Acting, Workspace};
use crate::id::{Address, MeetingId, PersonId};
use crate::role::{Duty, Role};

/// Returns the roles that may do something in a meeting of their village (DOMAIN section 4).
pub fn roles_for(command: &MeetingCommand) -> &'static [Role] {
    let duty = match command {
        MeetingCommand::Open(_)
        | MeetingCommand::MarkRoll { .. }
        | MeetingCommand::Move { .. }
        | MeetingCommand::Issue { .. }
        | MeetingCommand::Seal => Duty::Frame,
        MeetingCommand::EnterPaper { .. }
        | MeetingCommand::CountHands { .. }
        | MeetingCommand::PlaceUrn
        | MeetingCommand::DropBallot { .. }
        | MeetingCommand::EmptyUrn
        | MeetingCommand::Reconcile(_) => Duty::Count,
        MeetingCommand::Check => Duty::Check,
        MeetingCommand::Decide { .. } => Duty::Decide,
    };
    duty.roles()
}

/// One wish in one meeting, with everything it is decided by.
pub(super) struct Wish<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) acting: &'a Acting,
    pub(super) meeting: &'a Meeting,
    pub(super) settings: &'a MeetingSettings,
}

pub(super) fn decide(
    workspace: &Workspace,
    acting: &Acting,
    id: &MeetingId,
    command: &MeetingCommand,
) -> Result<Vec<Edit>, Refusal> {
    super::require(acting, roles_for(command))?;
    if !acting.villages.contains(&id.village) {
        return Err(Refusal::OtherVillage);
    }
    let meeting = workspace.meeting(id);
    if let MeetingCommand::Open(settings) = command {
        return open(workspace, id, meeting, settings);
    }
    let meeting = meeting.ok_or(Refusal::NoMeeting)?;
    let settings = meeting.settings.as_ref().ok_or(Refusal::NoMeeting)?;
    let wish = Wish { workspace, acting, meeting, settings };
    if let MeetingCommand::EmptyUrn = command {
        return closing::empty_urn(&wish);
    }
    if meeting.is_sealed() {
        return Err(Refusal::Sealed);
    }
    if let MeetingCommand::Move { to, reason } = command {
        return move_on(&wish, *to, reason);
    }
    if meeting.opened.is_divergence() {
        return Err(Refusal::Blocked(vec![Blocker::SettingsDiffer]));
    }
    match command {
        MeetingCommand::Open(_) | MeetingCommand::Move { .. } | MeetingCommand::EmptyUrn => {
            Err(Refusal::NothingToChange)
        }
        MeetingCommand::MarkRoll { person, status } => mark_roll(&wish, person, *status),
        MeetingCommand::Issue { group, first, last } => ballot::issue(&wish, group, *first, *last),
        MeetingCommand::EnterPaper { serial, group, content } => ballot::enter_paper(&wish, *serial, group, content),
        MeetingCommand::CountHands { subject, group, hands } => ballot::count_hands(&wish, subject, group, hands),
        MeetingCommand::PlaceUrn => ballot::place_urn(&wish),
        MeetingCommand::DropBallot { voter, marks } => ballot::drop_ballot(&wish, voter, marks),
        MeetingCommand::Reconcile(reconciliation) => closing::reconcile(&wish, reconciliation),
        MeetingCommand::Check => closing::check(&wish),
        MeetingCommand::Decide { subject, stars, reason } => closing::decide_on(&wish, subject, *stars, reason),
        MeetingCommand::Seal => closing::seal(&wish),
    }
}

impl Wish<'_> {
    /// Records one fact.
    pub(super) fn record(&self, fact: MeetingFact) -> Edit {
        fact_of(&self.meeting.id, fact)
    }

    /// Refuses what cannot be done at this stage.
    pub(super) fn at(&self, needs: &'static [Stage]) -> Result<(), Refusal> {
        let is = self.meeting.stage;
        if needs.contains(&is) { Ok(()) } else { Err(Refusal::Stage { is, needs }) }
    }

    /// Returns the asking person as the author of facts.
    pub(super) fn author(&self) -> Author {
        Author { device: self.acting.device, holder: Some(self.acting.holder.clone()) }
    }

    /// Destroys this device's urn, where it holds one.
    pub(super) fn without_urn(&self) -> Option<Edit> {
        let meeting = &self.meeting.id;
        self.workspace.urns.contains_key(meeting).then(|| Edit::Urn { meeting: meeting.clone(), urn: None })
    }
}

fn fact_of(id: &MeetingId, fact: MeetingFact) -> Edit {
    Edit::Fact { address: Address::meeting(id), fact: Fact::Meeting(fact) }
}

fn open(
    workspace: &Workspace,
    id: &MeetingId,
    meeting: Option<&Meeting>,
    settings: &MeetingSettings,
) -> Result<Vec<Edit>, Refusal> {
    let opened = meeting.map(|meeting| &meeting.opened);
    let standing = opened.map_or(&[][..], |opened| opened.standing());
    match (meeting, standing) {
        (Some(meeting), _) if meeting.is_sealed() => return Err(Refusal::Sealed),
        (Some(_), [only]) if only.value == *settings => return Err(Refusal::NothingToChange),
        (Some(meeting), [_]) if meeting.stage != Stage::Draft => return Err(Refusal::AlreadyOpen),
        (Some(meeting), [_, _, ..]) => choose(meeting, settings)?,
        _ => check_settings(workspace, id, settings)?,
    }
    let replaces = opened.map(|opened| opened.facts()).unwrap_or_default();
    let opening = Opening { settings: settings.clone(), replaces };
    Ok(vec![fact_of(id, MeetingFact::Opened(Box::new(opening)))])
}

fn check_settings(workspace: &Workspace, id: &MeetingId, settings: &MeetingSettings) -> Result<(), Refusal> {
    if id.round == 0 {
        return Err(Refusal::Settings(SettingsFault::Round));
    }
    settings.check().map_err(Refusal::Settings)?;
    if let Some(village) = workspace.villages.get(&id.village) {
        settings.check_kin(&village.roster).map_err(Refusal::Settings)?;
    }
    let key = (settings.rulebook.id.clone(), settings.rulebook.version);
    let adopted = workspace.rulebooks.get(&key).and_then(|adoption| adoption.agreed());
    if adopted.is_some_and(|adoption| adoption.rulebook == settings.rulebook) {
        Ok(())
    } else {
        Err(Refusal::RulebookNotAdopted)
    }
}

/// Chooses one of several standing settings (E1); marks stand in the order of the subjects, so that ballots that
/// were entered bind the choice to settings with the same ballot.
fn choose(meeting: &Meeting, settings: &MeetingSettings) -> Result<(), Refusal> {
    let standing = meeting.opened.standing();
    if !standing.iter().any(|said| said.value == *settings) {
        return Err(Refusal::NotOneOfTheSettings);
    }
    let entered = meeting.paper.values().any(|state| *state != PaperState::Missing)
        || !meeting.hands.is_empty()
        || !meeting.urn.voted.is_empty();
    if entered && !standing.iter().all(|said| said.value.same_ballot(settings)) {
        return Err(Refusal::BallotsUnderOtherSettings);
    }
    Ok(())
}

fn mark_roll(wish: &Wish<'_>, person: &PersonId, status: RollStatus) -> Result<Vec<Edit>, Refusal> {
    wish.at(&[Stage::RollOpen, Stage::Quorate, Stage::Voting, Stage::Closed])?;
    if wish.settings.attendee(person).is_none() {
        return Err(Refusal::NotAttending(person.clone()));
    }
    let marks = wish.meeting.roll.get(person);
    if marks.and_then(|marks| marks.agreed()) == Some(&status) {
        return Err(Refusal::NothingToChange);
    }
    let replaces = marks.map(|marks| marks.facts()).unwrap_or_default();
    Ok(vec![wish.record(MeetingFact::Roll(RollMark { person: person.clone(), status, replaces }))])
}

fn move_on(wish: &Wish<'_>, to: Stage, reason: &str) -> Result<Vec<Edit>, Refusal> {
    limit(reason, TEXT_BYTES)?;
    let from = wish.meeting.stage;
    let allowed = match to {
        Stage::Draft => false,
        Stage::RollOpen => from == Stage::Draft,
        Stage::Quorate => from == Stage::RollOpen,
        Stage::Voting => from == Stage::Quorate,
        Stage::Closed => from == Stage::Voting,
        Stage::Counted => from == Stage::Closed,
        Stage::Checked | Stage::Decided => return Err(Refusal::FollowsByItself(to)),
        Stage::Adjourned => from <= Stage::Voting,
        Stage::Void => (Stage::Quorate..=Stage::Decided).contains(&from),
    };
    if from == to {
        return Err(Refusal::NothingToChange);
    }
    if !allowed {
        return Err(Refusal::NoSuchMove { from, to });
    }
    let change = wish.record(MeetingFact::Stage(StageChange { to, reason: reason.to_owned() }));
    if matches!(to, Stage::Adjourned | Stage::Void) {
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonNeeded);
        }
        // Ballots of a round without a result are discarded, those in this device's urn for good.
        return Ok(std::iter::once(change).chain(wish.without_urn()).collect());
    }
    let blockers = wish.meeting.blockers_of(to);
    if blockers.is_empty() { Ok(vec![change]) } else { Err(Refusal::Blocked(blockers)) }
}
