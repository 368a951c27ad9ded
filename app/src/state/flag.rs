//! The mobile red flag as its page shows it: who has it, who is to have it, who signed, and through whose hands it went.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::assessment::Assessment;
use shared::domain::command::{Command, FlagCommand, Refusal};
use shared::domain::decide::decide;
use shared::domain::divergence::Voice;
use shared::domain::flag::HandoverState;
use shared::id::{FactId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::{Date, Instant, Quarter};

use super::home;
use super::quarter::acting;

/// A side of a handover: a village by its name, or the office.
pub type Side = Option<String>;

/// Stands where a person's own reason will stand, when the rules are asked beforehand.
const SOME_REASON: &str = "-";

/// Who signed, and when by their own clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The name; nothing where the certificate has not arrived.
    pub name: Option<String>,
    /// The clock.
    pub at: Instant,
}

/// Somebody who has the flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBy {
    /// Who.
    pub side: Side,
    /// Since which day.
    pub since: Date,
}

/// An award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardView {
    /// Its number.
    pub id: FactId,
    /// The quarter.
    pub quarter: Quarter,
    /// The villages by name; several in the order of their turns.
    pub villages: Vec<String>,
    /// How many weeks a turn takes; 0 where there are none.
    pub weeks: u8,
    /// The chair's reason.
    pub reason: String,
    /// Who awarded it.
    pub by: Signed,
    /// Whether it is the one that stands, or one of several that do.
    pub stands: bool,
    /// Whether the result has changed since.
    pub overturned: bool,
}

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverView {
    /// Its number.
    pub id: FactId,
    /// Who gives it.
    pub from: Side,
    /// Who gets it.
    pub to: Side,
    /// The day.
    pub date: Date,
    /// Why, where it goes back.
    pub reason: String,
    /// Who signed first.
    pub first: Signed,
    /// Who signed for the other side.
    pub second: Option<Signed>,
    /// Whether this person may sign for the other side.
    pub may_sign: Result<(), Refusal>,
}

/// To whom the flag can be handed, and whether this person may sign that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The village; nothing for the office.
    pub to: Option<UnitCode>,
    /// Its name; nothing for the office.
    pub name: Side,
    /// Whether this person may, else why not.
    pub may: Result<(), Refusal>,
}

/// A confirmed quarter on which the flag can be awarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The quarter.
    pub quarter: Quarter,
    /// The villages in the first rank.
    pub first: Vec<(UnitCode, String)>,
    /// Whether a reason is needed: the first rank is shared, or an award of this quarter is corrected.
    pub needs_reason: bool,
    /// Whether this person may award it, else why not.
    pub may: Result<(), Refusal>,
}

/// The flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlagView {
    /// Who has it; several where two handovers stand apart, none before the first.
    pub held: Vec<HeldBy>,
    /// Every award, the latest quarter first.
    pub awards: Vec<AwardView>,
    /// Whether two awards stand apart.
    pub divided: bool,
    /// Whose turn it is today, where villages take turns.
    pub turn: Option<String>,
    /// Handovers that wait for the other side.
    pub waiting: Vec<HandoverView>,
    /// Handovers that took place, the latest first.
    pub history: Vec<HandoverView>,
    /// To whom it can be handed under the award that stands.
    pub receivers: Vec<Receiver>,
    /// On what it can be awarded; the latest confirmed quarter.
    pub grounds: Option<Grounds>,
}

/// Tells whether a wish about the flag would be met.
pub fn may(workspace: &Workspace, me: &Holder, command: FlagCommand) -> Result<(), Refusal> {
    decide(workspace, &acting(me), &Command::Flag(command)).map(drop)
}

/// Returns what the page shows on a day.
pub fn view(workspace: &Workspace, me: &Holder, today: Option<Date>) -> FlagView {
    let custody = &workspace.flag;
    let side = |code: &Option<UnitCode>| code.as_ref().map(|code| home::name(workspace, code));
    let stands: BTreeSet<FactId> = custody.award.facts().into_iter().collect();
    let award = |(id, state): (&FactId, &shared::domain::flag::AwardState)| AwardView {
        id: id.clone(),
        quarter: state.award.quarter,
        villages: state.award.villages.iter().map(|code| home::name(workspace, code)).collect(),
        weeks: state.award.weeks,
        reason: state.award.reason.clone(),
        by: signed(workspace, &state.voice),
        stands: stands.contains(id),
        overturned: state.overturned,
    };
    let mut awards: Vec<AwardView> = custody.awards.iter().map(award).collect();
    awards.sort_by_key(|award| std::cmp::Reverse((award.quarter, award.stands)));
    let handover = |id: FactId, state: &HandoverState| HandoverView {
        from: side(&state.handover.from),
        to: side(&state.handover.to),
        date: state.handover.date,
        reason: state.handover.reason.clone(),
        first: signed(workspace, &state.voice),
        second: state.signed.as_ref().map(|voice| signed(workspace, voice)),
        may_sign: may(workspace, me, FlagCommand::Countersign(id.clone())),
        id,
    };
    let turns = custody.standing_award().filter(|(_, state)| state.award.weeks > 0);
    FlagView {
        held: custody
            .holding
            .standing()
            .iter()
            .map(|said| HeldBy { side: side(&said.value.village), since: said.value.since })
            .collect(),
        divided: custody.award.is_divergence(),
        turn: turns.zip(today).and_then(|(_, today)| custody.turn(today)).map(|code| home::name(workspace, code)),
        waiting: custody.waiting().map(|(id, state)| handover(id.clone(), state)).collect(),
        history: custody.history().into_iter().rev().map(|state| handover(state.voice.fact.clone(), state)).collect(),
        receivers: receivers(workspace, me, today),
        grounds: grounds(workspace, me),
        awards,
    }
}

fn signed(workspace: &Workspace, voice: &Voice) -> Signed {
    let name = |person: &PersonId| workspace.holders.get(person).cloned().unwrap_or_else(|| person.to_string());
    Signed { name: voice.author.holder.as_ref().map(name), at: voice.at }
}

/// Offers the villages of the award that do not have it, and the office where a village has it.
fn receivers(workspace: &Workspace, me: &Holder, today: Option<Date>) -> Vec<Receiver> {
    let custody = &workspace.flag;
    let (Some((_, state)), Some(today)) = (custody.standing_award(), today) else { return Vec::new() };
    let of_award = state.award.villages.iter().filter(|_| !state.overturned).cloned().map(Some);
    let held: Vec<Option<UnitCode>> =
        custody.holding.standing().iter().map(|said| said.value.village.clone()).collect();
    let is_settled = held.len() < 2;
    let office = held.iter().any(Option::is_some).then_some(None);
    // What one side has signed waits for the other side, and not for a second handover.
    let waits = |to: &Option<UnitCode>| custody.waiting().any(|(_, state)| state.handover.to == *to);
    let others = of_award.chain(office).filter(|to| !waits(to) && (!is_settled || !held.contains(to)));
    let receiver = |to: Option<UnitCode>| {
        // A day that is too early is asked about with the day that the person gives.
        let date = custody.holding.standing().iter().map(|said| said.value.since).chain([today]).max();
        let ask = FlagCommand::HandOver { to: to.clone(), date: date.unwrap_or(today), reason: SOME_REASON.to_owned() };
        Receiver { name: to.as_ref().map(|code| home::name(workspace, code)), may: may(workspace, me, ask), to }
    };
    others.map(receiver).collect()
}

fn grounds(workspace: &Workspace, me: &Holder) -> Option<Grounds> {
    let confirmed = |assessment: &&Assessment| assessment.confirmed_result().is_some();
    let assessment = workspace.assessments.values().rev().map(AsRef::as_ref).find(confirmed)?;
    let quarter = assessment.quarter;
    let named = |code: &UnitCode| (code.clone(), super::quarter::posted::village_name(assessment, code));
    let first: Vec<(UnitCode, String)> = assessment.confirmed_result()?.first().map(named).collect();
    let corrects = workspace.flag.award.standing().iter().any(|said| said.value.quarter == quarter);
    let villages = first.first().map(|(code, _)| code.clone()).into_iter().collect();
    let may = may(workspace, me, FlagCommand::Award { quarter, villages, weeks: 0, reason: SOME_REASON.to_owned() });
    Some(Grounds { quarter, needs_reason: first.len() > 1 || corrects, first, may })
}

/// An award as it is filled in: one of the villages in the first rank, or turns of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardDraft {
    /// The place of the village among the first; the place after the last stands for turns.
    pub choice: usize,
    /// How many weeks a turn takes, as typed.
    pub weeks: String,
    /// The reason.
    pub reason: String,
}

impl Default for AwardDraft {
    fn default() -> Self {
        Self { choice: 0, weeks: "2".to_owned(), reason: String::new() }
    }
}

impl AwardDraft {
    /// Returns the wish; nothing where the weeks are no number.
    pub fn wish(&self, grounds: &Grounds) -> Option<FlagCommand> {
        let (villages, weeks) = match grounds.first.get(self.choice) {
            Some((code, _)) => (vec![code.clone()], 0),
            None => {
                let all = grounds.first.iter().map(|(code, _)| code.clone()).collect();
                (all, self.weeks.trim().parse().ok().filter(|weeks| *weeks > 0)?)
            }
        };
        Some(FlagCommand::Award { quarter: grounds.quarter, villages, weeks, reason: self.reason.clone() })
    }
}
