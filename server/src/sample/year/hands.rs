//! The devices of those who record the year, and how they take turns.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::Workspace;
use shared::domain::command::{Command, RegisterCommand};
use shared::domain::township::Unit;
use shared::id::{Address, DeviceCode, FactId, PersonId, UnitCode};
use shared::replica::boundary::{Input, InvitationWish, Outcome};
use shared::role::Role;

use super::assessment;
use super::story::{Deed, Hand, Story};
use super::words::Counts;
use crate::headless::{Headless, Transport};
use crate::sample::posts::Posts;
use crate::sample::township::{FOREVER, SampleError};

/// One device and who holds it.
struct Held<T> {
    holder: PersonId,
    device: Headless<T>,
}

/// Everybody who records.
pub struct Hands<T>(BTreeMap<Hand, Held<T>>);

/// How far a story has come: its next deed, and once it is opened where its record lies.
#[derive(Clone, Default)]
struct Place {
    next: usize,
    record: Option<(Address, FactId)>,
}

impl<T: Transport + Clone> Hands<T> {
    /// Invites two people of the office, the assessors, a committee for each precinct and four people in each village.
    pub async fn invite(office: &mut Headless<T>, transport: &T, units: &[Unit]) -> Result<Self, SampleError> {
        let mut wishes = vec![
            (Hand::Office, wish("OF2", "office-1", "乡党建办", Role::TownshipOffice, BTreeSet::new())?),
            (Hand::Clerk, wish("OF3", "office-2", "乡党建办干事", Role::TownshipOffice, BTreeSet::new())?),
        ];
        for (place, name) in assessment::Table::read()?.assessors.iter().enumerate() {
            let (code, holder) = (format!("KH{}", place + 1), assessment::Table::person(place)?);
            let mut wish = wish(&code, holder.as_str(), name, Role::Assessor, BTreeSet::new())?;
            if place == 0 {
                wish.roles = [Role::AssessmentLead, Role::Assessor].into_iter().collect();
            }
            wishes.push((Hand::Assessor(place), wish));
        }
        let mut precincts: BTreeMap<&str, BTreeSet<UnitCode>> = BTreeMap::new();
        for unit in units {
            precincts.entry(&unit.precinct).or_default().insert(unit.code.clone());
        }
        for (number, (precinct, villages)) in (1..).zip(precincts) {
            let (code, holder) = (format!("PQ{number}"), format!("precinct-{number}"));
            let wish = wish(&code, &holder, &format!("{precinct}大党委"), Role::PrecinctCommittee, villages)?;
            wishes.push((Hand::Precinct(precinct.to_owned()), wish));
        }
        for Counts { short, code, .. } in Counts::read()? {
            let village = office.workspace().villages.get(&code).ok_or(SampleError::Data("rosters"))?;
            let posts = Posts::of(&village.roster)?;
            let people = [
                (Hand::Secretary(code.clone()), 6, posts.secretary, Role::VillageSecretary),
                (Hand::Scribe(code.clone()), 7, posts.scribe, Role::Scribe),
                (Hand::Supervision(code.clone()), 8, posts.supervision, Role::SupervisionCommittee),
                (Hand::Leader(code.clone()), 9, posts.leader, Role::GroupLeader),
            ];
            for (hand, number, person, role) in people {
                let (device, villages) = (format!("{short}{number}"), BTreeSet::from([code.clone()]));
                wishes.push((hand, wish(&device, person.id.as_str(), &person.name, role, villages)?));
            }
        }
        let mut hands = BTreeMap::new();
        for (hand, wish) in wishes {
            let holder = wish.holder.clone();
            let Outcome::Invited(link) = office.ask(|ticket| Input::Invite { ticket, wish }).await? else {
                return Err(SampleError::Data("invitations"));
            };
            let mut device = Headless::in_memory(transport.clone()).await?;
            device.enrol(&link).await?;
            hands.insert(hand, Held { holder, device });
        }
        Ok(Self(hands))
    }

    /// Carries all stories to their ends, in rounds: everybody hears what the round before recorded, records alone what
    /// is up to them, and sends it.
    pub async fn perform(&mut self, stories: &[Story]) -> Result<(), SampleError> {
        let mut places = vec![Place::default(); stories.len()];
        loop {
            let mut turns: BTreeMap<&Hand, Vec<usize>> = BTreeMap::new();
            for (number, story) in stories.iter().enumerate() {
                if let Some((hand, _)) = story.deeds.get(places[number].next) {
                    turns.entry(hand).or_default().push(number);
                }
            }
            if turns.is_empty() {
                return Ok(());
            }
            for hand in turns.keys() {
                self.held(hand)?.device.sync().await?;
            }
            for (hand, turns) in &turns {
                for number in turns {
                    self.turn(hand, &stories[*number], &mut places[*number]).await?;
                }
            }
            for hand in turns.keys() {
                self.held(hand)?.device.sync().await?;
            }
        }
    }

    /// Has one hand hear everything, ask for all of this in order and send it; returns what was recorded.
    pub async fn does(&mut self, hand: &Hand, commands: Vec<Command>) -> Result<Vec<FactId>, SampleError> {
        let Held { device, .. } = self.held(hand)?;
        let mut recorded = Vec::new();
        device.sync().await?;
        for command in commands {
            if let Outcome::Recorded(facts) = device.command(command).await? {
                recorded.extend(facts);
            }
        }
        device.sync().await?;
        Ok(recorded)
    }

    /// Returns what one hand knows.
    pub fn workspace(&mut self, hand: &Hand) -> Result<&Workspace, SampleError> {
        Ok(self.held(hand)?.device.workspace())
    }

    fn held(&mut self, hand: &Hand) -> Result<&mut Held<T>, SampleError> {
        self.0.get_mut(hand).ok_or(SampleError::Data("keepers of records"))
    }

    /// Does what is up to one hand, until it is up to another.
    async fn turn(&mut self, hand: &Hand, story: &Story, place: &mut Place) -> Result<(), SampleError> {
        let held = self.held(hand)?;
        while let Some((_, deed)) = story.deeds.get(place.next).filter(|(by, _)| by == hand) {
            let command = command(story, deed, place)?;
            let address = command.address(&held.holder);
            let done = held.device.command(Command::Register(command)).await?;
            if let (Deed::Open, Outcome::Recorded(facts)) = (deed, done) {
                place.record = address.zip(facts.into_iter().next());
            }
            place.next += 1;
        }
        Ok(())
    }
}

/// Puts a deed as the wish that a page would.
fn command(story: &Story, deed: &Deed, place: &Place) -> Result<RegisterCommand, SampleError> {
    if matches!(deed, Deed::Open) {
        let Story { kind, hosts, date, says, .. } = story;
        return Ok(RegisterCommand::Open { kind, hosts: hosts.clone(), date: *date, values: says.clone() });
    }
    let (address, record) = place.record.clone().ok_or(SampleError::Data("order of the year"))?;
    Ok(match deed.clone() {
        Deed::Open => return Err(SampleError::Data("order of the year")),
        Deed::Write(values) => RegisterCommand::Write { address, record, values },
        Deed::Step(step, date, reason) => RegisterCommand::Step { address, record, step, date, reason },
        Deed::List(village, lines) => RegisterCommand::ListAll { address, record, village, lines },
    })
}

fn wish(
    code: &str,
    holder: &str,
    name: &str,
    role: Role,
    villages: BTreeSet<UnitCode>,
) -> Result<InvitationWish, SampleError> {
    Ok(InvitationWish {
        code: DeviceCode::new(code).map_err(|_| SampleError::Data("device codes"))?,
        holder: PersonId::new(holder).map_err(|_| SampleError::Data("people"))?,
        holder_name: name.to_owned(),
        roles: role.into(),
        villages,
        may_enrol: false,
        take_by: FOREVER,
        expires: FOREVER,
    })
}
