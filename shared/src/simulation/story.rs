//! Who the people are and what they try: one township, one village, one meeting, everybody with a phone.

use rand_chacha::ChaCha8Rng;

use super::faults::{below, chance};
use crate::domain::Workspace;
use crate::domain::ballot::{BallotContent, BallotMode, Mark, Serial};
use crate::domain::command::{Command, MeetingCommand};
use crate::domain::meeting::{BallotCount, MeetingSettings, Reconciliation, RollStatus, Stage, attendees};
use crate::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use crate::domain::rulebook::Rulebook;
use crate::domain::township::{Unit, VillageKind};
use crate::id::{GroupId, HouseholdId, IdError, MeetingId, PersonId, UnitCode};
use crate::time::Date;

/// Members of the village, who are rated and rate; the first is probationary.
const MEMBERS: u32 = 3;
/// Representatives, of whom the first two keep and witness the tally.
const REPRESENTATIVES: u32 = 3;
/// Ballots handed out to each group.
const BALLOTS: u32 = 3;

/// The fixed part of a run.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub village: UnitCode,
    pub meeting: MeetingId,
    pub mode: BallotMode,
    rulebook: Rulebook,
    people: Vec<Person>,
    households: Vec<Household>,
}

impl Story {
    /// Draws how ballots are collected; everything else is the same in every run.
    pub(super) fn draw(rng: &mut ChaCha8Rng) -> Result<Self, IdError> {
        let village = UnitCode::new("420529202209")?;
        let date = Date::new(2026, 11, 23).map_err(|_| IdError::Shape)?;
        let (mut people, mut households) = (Vec::new(), Vec::new());
        for number in 0..MEMBERS + REPRESENTATIVES {
            let household = HouseholdId::new(&format!("h{number}"))?;
            let standing = if number == 0 { Standing::Probationary } else { Standing::Full };
            people.push(Person {
                id: PersonId::new(&format!("p{number}"))?,
                name: format!("村民{number}"),
                pinyin: String::new(),
                household: household.clone(),
                birth_year: Some(1950),
                residency: Residency::Registered,
                standing: (number < MEMBERS).then_some(standing),
                class: MemberClass::Ordinary,
                representative: number >= MEMBERS,
                hidden: false,
            });
            households.push(Household { id: household, number: number.to_string(), group: "1".to_owned(), head: None });
        }
        Ok(Self {
            meeting: MeetingId { village: village.clone(), date, round: 1 },
            village,
            mode: match below(rng, 4) {
                0 => BallotMode::SecretDevice,
                1 => BallotMode::ShowOfHands,
                _ => BallotMode::SecretPaper,
            },
            rulebook: Rulebook::standard_review(),
            people,
            households,
        })
    }

    /// What the office does before anything goes wrong.
    pub(super) fn beginning(&self) -> Vec<Command> {
        let unit = Unit {
            code: self.village.clone(),
            name: "沙湾村".to_owned(),
            kind: VillageKind::Village,
            precinct: "东片区".to_owned(),
        };
        let (households, people) = (self.households.clone(), self.people.clone());
        vec![
            Command::SetTownship { name: "牛庄乡".to_owned(), units: vec![unit] },
            Command::AdoptRulebook { rulebook: Box::new(self.rulebook.clone()), adopted_at: "党员大会".to_owned() },
            Command::ImportRoster { village: self.village.clone(), households, people },
        ]
    }

    fn settings(&self, roster: &Roster, place: &str) -> Option<MeetingSettings> {
        let officer = |number: u32| self.people.get((MEMBERS + number) as usize).map(|person| person.id.clone());
        Some(MeetingSettings {
            title: "评议会".to_owned(),
            place: place.to_owned(),
            mode: self.mode,
            rulebook: self.rulebook.clone(),
            people: attendees(roster, &self.rulebook),
            teller: officer(0)?,
            scrutineer: officer(1)?,
            chair: officer(2)?,
        })
    }

    /// What somebody tries next, given what their own phone shows; refusals are part of the story.
    pub(super) fn wish(&self, workspace: &Workspace, is_chair: bool, rng: &mut ChaCha8Rng) -> Option<Command> {
        let village = workspace.villages.get(&self.village)?;
        let Some(meeting) = workspace.meeting(&self.meeting).filter(|meeting| meeting.settings.is_some()) else {
            // Mostly the chair opens the meeting; now and then somebody who does not know of it does too (E1).
            let opens = is_chair || chance(rng, 100);
            let place = if is_chair || chance(rng, 700) { "村委会" } else { "小学" };
            let settings = opens.then(|| self.settings(&village.roster, place)).flatten()?;
            return Some(self.command(MeetingCommand::Open(Box::new(settings))));
        };
        if let [first, _, ..] = meeting.opened.standing() {
            let settings = first.value.clone();
            return is_chair.then(|| self.command(MeetingCommand::Open(Box::new(settings))));
        }
        let settings = meeting.settings.as_ref()?;
        let command = match meeting.stage {
            _ if chance(rng, 150) => self.roll(rng),
            Stage::Draft if is_chair => self.to(Stage::RollOpen),
            Stage::RollOpen if is_chair => {
                let unmarked = settings.people.iter().find(|attendee| meeting.roll_status(&attendee.person).is_none());
                match unmarked {
                    Some(attendee) => {
                        MeetingCommand::MarkRoll { person: attendee.person.clone(), status: RollStatus::Present }
                    }
                    None => self.to(Stage::Quorate),
                }
            }
            Stage::Quorate if is_chair => self.to(Stage::Voting),
            Stage::RollOpen | Stage::Quorate | Stage::Draft => self.roll(rng),
            Stage::Voting if is_chair && self.mode == BallotMode::SecretDevice && chance(rng, 300) => {
                MeetingCommand::PlaceUrn
            }
            Stage::Voting if is_chair && chance(rng, 50) => self.to(Stage::Closed),
            Stage::Voting => self.ballot(settings, is_chair, rng)?,
            Stage::Closed if is_chair && self.mode == BallotMode::SecretDevice => MeetingCommand::EmptyUrn,
            Stage::Closed if chance(rng, 300) => self.reconcile(settings),
            Stage::Closed if is_chair && chance(rng, 500) => self.to(Stage::Counted),
            Stage::Closed => self.ballot(settings, is_chair, rng)?,
            Stage::Counted if !is_chair => MeetingCommand::Check,
            Stage::Checked => MeetingCommand::Decide {
                subject: self.person(below(rng, MEMBERS))?,
                stars: Some(3),
                reason: "支部讨论".to_owned(),
            },
            Stage::Decided => MeetingCommand::Seal,
            _ => self.roll(rng),
        };
        Some(self.command(command))
    }

    fn ballot(&self, settings: &MeetingSettings, is_chair: bool, rng: &mut ChaCha8Rng) -> Option<MeetingCommand> {
        let groups: Vec<&GroupId> = settings.rulebook.groups.iter().map(|group| &group.id).collect();
        let place = below(rng, groups.len() as u32);
        let group = (*groups.get(place as usize)?).clone();
        Some(match self.mode {
            BallotMode::ShowOfHands => {
                let levels = settings.rulebook.levels.len();
                let hands = (0..levels).map(|_| below(rng, 2)).collect();
                MeetingCommand::CountHands { subject: self.person(below(rng, MEMBERS))?, group, hands }
            }
            BallotMode::SecretPaper if is_chair && chance(rng, 400) => {
                let first = place * BALLOTS + 1;
                MeetingCommand::Issue { group, first: Serial(first), last: Serial(first + BALLOTS - 1) }
            }
            BallotMode::SecretPaper => {
                let serial = Serial(place * BALLOTS + 1 + below(rng, BALLOTS));
                let content = match below(rng, 12) {
                    0 => BallotContent::Spoiled,
                    1 => BallotContent::Abstained,
                    // Both people read the same paper; now and then one misreads it (E3).
                    number => {
                        let level = if number == 2 { 8 } else { 20 - 4 * (serial.0 % 3) };
                        BallotContent::Valid(vec![Mark::Scores(vec![level; 5]); settings.subject_count()])
                    }
                };
                MeetingCommand::EnterPaper { serial, group, content }
            }
            BallotMode::SecretDevice => {
                let voter = self.person(below(rng, MEMBERS + REPRESENTATIVES))?;
                let marks = settings.subjects().map(|subject| {
                    if subject.person == voter {
                        return Mark::Abstained;
                    }
                    // Marks of such a shape stand nowhere else, so that they are recognised wherever they leak.
                    Mark::Scores(vec![20, 19, 18, 17, below(rng, 16)])
                });
                MeetingCommand::DropBallot { marks: marks.collect(), voter }
            }
        })
    }

    fn reconcile(&self, settings: &MeetingSettings) -> MeetingCommand {
        let count = BallotCount { issued: BALLOTS, returned: BALLOTS, spoiled: 0, abstained: 0 };
        let groups = settings.rulebook.groups.iter().map(|group| (group.id.clone(), count)).collect();
        MeetingCommand::Reconcile(Reconciliation { groups, note: "清点".to_owned(), replaces: Vec::new() })
    }

    fn roll(&self, rng: &mut ChaCha8Rng) -> MeetingCommand {
        let person = self.people[below(rng, MEMBERS + REPRESENTATIVES) as usize].id.clone();
        let status = if chance(rng, 800) { RollStatus::Present } else { RollStatus::Late };
        MeetingCommand::MarkRoll { person, status }
    }

    fn person(&self, number: u32) -> Option<PersonId> {
        self.people.get(number as usize).map(|person| person.id.clone())
    }

    fn to(&self, to: Stage) -> MeetingCommand {
        MeetingCommand::Move { to, reason: String::new() }
    }

    fn command(&self, command: MeetingCommand) -> Command {
        Command::Meeting(self.meeting.clone(), command)
    }
}
