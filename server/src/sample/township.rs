//! Builds the sample township through the front door: an office founds it, records and invites like any other.

use std::collections::BTreeSet;

use shared::domain::command::Command;
use shared::domain::person::{Person, Roster};
use shared::domain::roster_file::read_roster;
use shared::domain::rulebook::Rulebook;
use shared::domain::township::{Unit, VillageKind};
use shared::id::{DeviceCode, PersonId, UnitCode};
use shared::identity::invitation::name_places;
use shared::replica::boundary::{Founding, Input, InvitationWish, Outcome};
use shared::role::Role;
use shared::time::Instant;

use super::people::{CENSUS, roster_csv};
use super::posts::Posts;
use super::year;
use crate::headless::{Headless, HeadlessError, Transport};

/// The township's name.
pub const NAME: &str = "牛庄乡";
/// The township's division code: the first nine figures of its units' codes, filled up.
pub const CODE: &str = "420529202000";
/// The village whose people get a device each: forty members, thirty representatives.
pub const MEETING_VILLAGE: &str = "420529202207";
/// When sample invitations end: a sample is opened again years later, and guards nothing.
pub(super) const FOREVER: Instant = Instant(4_102_444_800_000);

/// The units with their official codes; the file's origin stands in the README beside it.
const UNITS: &str = include_str!("units.csv");

/// One enrolment link of the sample.
#[derive(Clone, Debug)]
pub struct SampleLink {
    /// What the link is for, such as `scribe`.
    pub role: String,
    /// What stands behind `#/enrol/`.
    pub invitation: String,
}

/// The reasons why the sample could not be built; each is a fault of the program or of its relay.
#[derive(Debug)]
pub enum SampleError {
    /// The sample's own data is not what the program takes.
    Data(&'static str),
    /// The office's device could not record or send.
    Device(HeadlessError),
}

impl std::fmt::Display for SampleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Data(what) => write!(f, "the sample's {what} cannot be used"),
            Self::Device(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SampleError {}

impl From<HeadlessError> for SampleError {
    fn from(error: HeadlessError) -> Self {
        Self::Device(error)
    }
}

/// How much of the sample township is laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Extent {
    /// Units, rosters and a rulebook: a township that has recorded nothing yet.
    People,
    /// A whole year of records as well.
    Year,
}

/// Founds the sample township at a fresh relay, fills it, and returns one link per role.
///
/// The founding device is forgotten at the end, and the authority's key with it: a sample needs no second founder.
/// `progress` hears one line per village.
pub async fn build<T: Transport + Clone>(
    token: &str,
    transport: T,
    extent: Extent,
    mut progress: impl FnMut(&str),
) -> Result<Vec<SampleLink>, SampleError> {
    let units = units()?;
    let mut office = Headless::in_memory(transport.clone()).await?;
    let founding = Founding {
        token: token.to_owned(),
        township: unit_code(CODE)?,
        name: NAME.to_owned(),
        holder: person_id("office-0")?,
        holder_name: "筹建员".to_owned(),
        code: device_code("OF0")?,
    };
    office.ask(|ticket| Input::Found { ticket, founding }).await?;
    office.command(Command::SetTownship { name: NAME.to_owned(), units: units.clone() }).await?;
    let rulebook = Box::new(Rulebook::standard_review());
    office.command(Command::AdoptRulebook { rulebook, adopted_at: "乡党委会议，2026年1月8日".to_owned() }).await?;
    office.sync().await?;
    for census in &CENSUS {
        let village = unit_code(census.code)?;
        let preview = read_roster(roster_csv(census).as_bytes(), &village);
        if !preview.problems.is_empty() {
            return Err(SampleError::Data("rosters"));
        }
        let name = units.iter().find(|unit| unit.code == village).map_or("", |unit| unit.name.as_str());
        progress(&format!("{name}: {} people in {} households", preview.people.len(), preview.households.len()));
        let import = preview.into_command(village).ok_or(SampleError::Data("rosters"))?;
        office.command(import).await?;
        office.sync().await?;
    }
    if extent == Extent::Year {
        progress("a year of records");
        year::record(&mut office, &transport, &units).await?;
    }
    let village = unit_code(MEETING_VILLAGE)?;
    let roster = office.workspace().villages.get(&village).map(|village| village.roster.clone());
    let roster = roster.ok_or(SampleError::Data("rosters"))?;
    let guests = guests(&roster, &village)?;
    let mut links = Vec::new();
    for (role, wish) in guests {
        let name = |code: &UnitCode| units.iter().find(|unit| unit.code == *code).map_or("", |unit| unit.name.as_str());
        let places: Vec<&str> = wish.villages.iter().map(name).collect();
        let Outcome::Invited(invitation) = office.ask(|ticket| Input::Invite { ticket, wish }).await? else {
            return Err(SampleError::Data("invitations"));
        };
        links.push(SampleLink { role: role.to_owned(), invitation: name_places(&invitation, &places) });
    }
    Ok(links)
}

/// Reads the ten units.
fn units() -> Result<Vec<Unit>, SampleError> {
    let unit = |line: &str| {
        let mut cells = line.split(',');
        let code = UnitCode::new(cells.next()?).ok()?;
        let name = cells.next()?.to_owned();
        let kind = if cells.next()? == "community" { VillageKind::Community } else { VillageKind::Village };
        Some(Unit { code, name, kind, precinct: cells.next()?.to_owned() })
    };
    UNITS.lines().skip(1).map(|line| unit(line).ok_or(SampleError::Data("units"))).collect()
}

/// Chooses who is invited: people of the roster for village roles, the same at every start.
fn guests(roster: &Roster, village: &UnitCode) -> Result<Vec<(&'static str, InvitationWish)>, SampleError> {
    let office = InvitationWish {
        code: device_code("OF1")?,
        holder: person_id("office-1")?,
        holder_name: "乡党建办".to_owned(),
        roles: [Role::TownshipOffice].into_iter().collect(),
        villages: BTreeSet::new(),
        may_enrol: true,
        take_by: FOREVER,
        expires: FOREVER,
    };
    // The assessment group is of the township, and of no village that it scores; a year's records are by the same two.
    let assessor = |code: &str, holder: &str, name: &str, roles: &[Role]| {
        Ok::<_, SampleError>(InvitationWish {
            code: device_code(code)?,
            holder: person_id(holder)?,
            holder_name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            may_enrol: false,
            ..office.clone()
        })
    };
    let lead = assessor("KZ1", "assessor-0", "考核组组长", &[Role::AssessmentLead, Role::Assessor])?;
    let other = assessor("KZ2", "assessor-1", "考核组组员（组织）", &[Role::Assessor])?;
    let posts = Posts::of(roster)?;
    let wish = |code: &str, person: &Person, roles: &[Role], may_enrol: bool| {
        Ok::<_, SampleError>(InvitationWish {
            code: device_code(code)?,
            holder: person.id.clone(),
            holder_name: person.name.clone(),
            roles: roles.iter().copied().collect(),
            villages: [village.clone()].into_iter().collect(),
            may_enrol,
            take_by: FOREVER,
            expires: FOREVER,
        })
    };
    Ok(vec![
        ("office", office),
        ("lead", lead),
        ("assessor", other),
        ("secretary", wish("JLP1", posts.secretary, &[Role::VillageSecretary], true)?),
        ("scribe", wish("JLP2", posts.scribe, &[Role::Scribe], false)?),
        ("teller", wish("JLP3", posts.teller, &[Role::Teller], false)?),
        ("scrutineer", wish("JLP4", posts.scrutineer, &[Role::Scrutineer], false)?),
        ("supervision", wish("JLP5", posts.supervision, &[Role::SupervisionCommittee], false)?),
    ])
}

fn unit_code(text: &str) -> Result<UnitCode, SampleError> {
    UnitCode::new(text).map_err(|_| SampleError::Data("unit codes"))
}

fn device_code(text: &str) -> Result<DeviceCode, SampleError> {
    DeviceCode::new(text).map_err(|_| SampleError::Data("device codes"))
}

fn person_id(text: &str) -> Result<PersonId, SampleError> {
    PersonId::new(text).map_err(|_| SampleError::Data("people"))
}
