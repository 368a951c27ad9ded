//! A command and a workspace make edits or a refusal: the rules as one pure function.

mod assessment;
mod ballot;
mod closing;
mod flag;
mod meeting;
mod person;
pub mod points;
mod post;
pub mod register;
mod roster;
mod rulebook;
mod township;

pub use crate::domain::command::Refusal;

use crate::domain::assessment::{AssessmentFact, CardFact};
use crate::domain::command::Command;
use crate::domain::flag::FlagFact;
use crate::domain::meeting::{MeetingFact, Urn};
use crate::domain::person::fact::RosterFact;
use crate::domain::points::fact::PointFact;
use crate::domain::post::PostFact;
use crate::domain::record::{FieldValue, Fields};
use crate::domain::register::Affair;
use crate::domain::rulebook::points::PointsAdoption;
use crate::domain::{Acting, Adoption, Workspace};
use crate::id::{Address, MeetingId};
use crate::role::Role;

/// The longest reason, note or other free text, in bytes: a paragraph.
pub const TEXT_BYTES: usize = 1500;

/// One change that a command asks for; all of a command's edits are made together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Record a fact.
    Fact {
        /// The document.
        address: Address,
        /// The fact.
        fact: Fact,
    },
    /// Write one field of a mutable record.
    Field {
        /// The document.
        address: Address,
        /// The flat key, `<record>.<field>`.
        key: String,
        /// The value.
        value: FieldValue,
    },
    /// Keep this urn on this device, or with `None` destroy it; part of no document.
    Urn {
        /// The meeting.
        meeting: MeetingId,
        /// What the urn holds from then on.
        urn: Option<Urn>,
    },
}

/// A fact that a command records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Something about the meeting whose document it is.
    Meeting(MeetingFact),
    /// A rulebook version is in force.
    RulebookAdopted(Box<Adoption>),
    /// Something about a life-cycle record of the document.
    Affair(Box<Affair>),
    /// Something about the quarter whose assessment it is.
    Assessment(Box<AssessmentFact>),
    /// Something on an assessor's cards.
    Card(CardFact),
    /// Something about the mobile red flag.
    Flag(Box<FlagFact>),
    /// A version of the rules of points is in force.
    PointsRuleAdopted(Box<PointsAdoption>),
    /// Something about points accounts.
    Points(Box<PointFact>),
    /// Something about the quarter's posts whose document it is.
    Post(Box<PostFact>),
    /// Something about the people of the village whose roster it is.
    Roster(Box<RosterFact>),
}

/// Decides what a command changes.
///
/// Pure: equal workspaces and commands give equal edits. A refused command changes nothing; the refusal says why
/// in a way that can be told to a person together with what to do next.
pub fn decide(workspace: &Workspace, acting: &Acting, command: &Command) -> Result<Vec<Edit>, Refusal> {
    match command {
        Command::SetTownship { name, units } => township::set(workspace, acting, name, units),
        Command::AdoptRulebook { rulebook, adopted_at } => rulebook::adopt(workspace, acting, rulebook, adopted_at),
        Command::ImportRoster { village, households, people } => {
            roster::import(workspace, acting, village, households, people)
        }
        Command::Meeting(id, command) => meeting::decide(workspace, acting, id, command),
        Command::Register(command) => register::decide(workspace, acting, command),
        Command::Assessment(quarter, command) => assessment::decide(workspace, acting, *quarter, command),
        Command::Flag(command) => flag::decide(workspace, acting, command),
        Command::AdoptPointsRule { village, rule, from, adopted_at } => {
            rulebook::adopt_points(workspace, acting, village.as_ref(), rule, *from, adopted_at)
        }
        Command::Points(village, command) => points::decide(workspace, acting, village, command),
        Command::Posts(village, command) => post::decide(workspace, acting, village, command),
        Command::People(village, command) => person::decide(workspace, acting, village, command),
    }
}

/// Refuses those who hold none of the roles.
fn require(acting: &Acting, roles: &'static [Role]) -> Result<(), Refusal> {
    if acting.roles.any(roles) { Ok(()) } else { Err(Refusal::Role { needs: roles }) }
}

/// Refuses texts that are too long.
fn limit(text: &str, limit: usize) -> Result<(), Refusal> {
    if text.len() <= limit { Ok(()) } else { Err(Refusal::TooLong { limit }) }
}

/// Writes what of `wanted` differs from `present`, or refuses where nothing does.
fn write(address: &Address, present: &Fields, wanted: Fields) -> Result<Vec<Edit>, Refusal> {
    let changes = crate::domain::record::changes(present, wanted);
    if changes.is_empty() {
        return Err(Refusal::NothingToChange);
    }
    Ok(changes.into_iter().map(|(key, value)| Edit::Field { address: address.clone(), key, value }).collect())
}
