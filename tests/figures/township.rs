//! A year's meetings in the sample's largest unit, held by devices without a screen.

use std::collections::BTreeSet;

use harness::Relay;
use server::headless::{Headless, Http};
use shared::domain::ballot::{BallotContent, BallotMode, Mark, Serial};
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::{BallotCount, MeetingSettings, Reconciliation, RollStatus, Stage, attendees};
use shared::domain::person::Roster;
use shared::domain::rulebook::Rulebook;
use shared::id::{DeviceCode, MeetingId, PersonId, UnitCode};
use shared::replica::{Input, InvitationWish, Outcome};
use shared::role::Role;
use shared::time::Instant;

/// The community in the town: 430 households, sixty members, 45 representatives.
const VILLAGE: &str = "420529202001";
/// The meetings that were held to their count.
const HELD: [&str; 4] = ["2025-12-19", "2026-03-20", "2026-06-19", "2026-09-18"];
/// The meeting whose roll is being called.
const OPEN: &str = "2026-11-20";
/// When invitations end, far from any day on which this runs.
const LATER: Instant = Instant(4_102_444_800_000);

/// Who is yet to come, and where the roll is open.
pub struct People {
    /// The enrolment link of a scribe of the village.
    pub scribe: String,
    /// The enrolment link of somebody at the township's office.
    pub office: String,
    /// The meeting whose roll is being called.
    pub open: MeetingId,
}

type Device = Headless<Http>;

/// Holds the meetings and invites the people who are measured.
pub async fn fill(relay: &Relay) -> People {
    let mut office = Headless::in_memory(Http::new(&relay.url())).await.unwrap();
    office.enrol(relay.link("office").rsplit('/').next().unwrap()).await.unwrap();
    office.sync().await.unwrap();
    let invite = async |office: &mut Device, code: &str, role: Role| {
        let villages = if role == Role::TownshipOffice { BTreeSet::new() } else { [village()].into() };
        let wish = InvitationWish {
            code: DeviceCode::new(code).unwrap(),
            holder: PersonId::new(&code.to_ascii_lowercase()).unwrap(),
            holder_name: "李娜".to_owned(),
            roles: role.into(),
            villages,
            may_enrol: false,
            take_by: LATER,
            expires: LATER,
        };
        let outcome = office.ask(|ticket| Input::Invite { ticket, wish }).await.unwrap();
        let Outcome::Invited(link) = outcome else { panic!("{outcome:?}") };
        link
    };
    let mut scribe = Headless::in_memory(Http::new(&relay.url())).await.unwrap();
    scribe.enrol(&invite(&mut office, "JZ1", Role::Scribe).await).await.unwrap();
    let mut teller = Headless::in_memory(Http::new(&relay.url())).await.unwrap();
    teller.enrol(&invite(&mut office, "JZ2", Role::Teller).await).await.unwrap();
    scribe.sync().await.unwrap();
    for date in HELD {
        hold(&mut scribe, &mut teller, &meeting(date)).await;
    }
    open(&mut scribe, &meeting(OPEN)).await;
    scribe.sync().await.unwrap();
    let page = relay.url();
    People {
        scribe: format!("{page}#/enrol/{}", invite(&mut office, "JZ3", Role::Scribe).await),
        office: format!("{page}#/enrol/{}", invite(&mut office, "OF2", Role::TownshipOffice).await),
        open: meeting(OPEN),
    }
}

/// Holds a meeting to its count; two people enter every ballot.
async fn hold(scribe: &mut Device, teller: &mut Device, id: &MeetingId) {
    let settings = open(scribe, id).await;
    for attendee in settings.people.iter().filter(|attendee| attendee.body.is_some()) {
        let mark = MeetingCommand::MarkRoll { person: attendee.person.clone(), status: RollStatus::Present };
        must(scribe, id, mark).await;
    }
    must(scribe, id, to(Stage::Quorate)).await;
    let mut groups = Vec::new();
    let mut first = 1;
    for group in &settings.rulebook.groups {
        let count = settings.raters(&group.id).count() as u32;
        let issue =
            MeetingCommand::Issue { group: group.id.clone(), first: Serial(first), last: Serial(first + count - 1) };
        must(scribe, id, issue).await;
        groups.push((group.id.clone(), first..first + count));
        first += count;
    }
    must(scribe, id, to(Stage::Voting)).await;
    scribe.sync().await.unwrap();
    teller.sync().await.unwrap();
    for device in [&mut *scribe, &mut *teller] {
        for (group, serials) in &groups {
            for serial in serials.clone() {
                let content = ballot(serial, settings.subject_count() as u32);
                must(device, id, MeetingCommand::EnterPaper { serial: Serial(serial), group: group.clone(), content })
                    .await;
            }
        }
        device.sync().await.unwrap();
    }
    scribe.sync().await.unwrap();
    must(scribe, id, to(Stage::Closed)).await;
    let count = |(group, serials): (_, std::ops::Range<u32>)| {
        let returned = serials.len() as u32;
        (group, BallotCount { issued: returned, returned, spoiled: 0, abstained: 0 })
    };
    let groups = groups.into_iter().map(count).collect();
    must(scribe, id, MeetingCommand::Reconcile(Reconciliation { groups, note: String::new(), replaces: vec![] })).await;
    must(scribe, id, to(Stage::Counted)).await;
    scribe.sync().await.unwrap();
}

/// Creates a meeting and opens its roll.
async fn open(scribe: &mut Device, id: &MeetingId) -> MeetingSettings {
    let roster = scribe.workspace().villages[&village()].roster.clone();
    let rulebook = Rulebook::standard_review();
    let people = attendees(&roster, &rulebook);
    let chair = people.iter().find(|attendee| attendee.subject).unwrap().person.clone();
    let mut officers = neutral(&roster, &people.iter().map(|attendee| &attendee.person).collect());
    let settings = MeetingSettings {
        title: "党员评议会".to_owned(),
        place: "居委会".to_owned(),
        mode: BallotMode::SecretPaper,
        rulebook,
        people,
        teller: officers.next().unwrap(),
        scrutineer: officers.next().unwrap(),
        chair,
    };
    must(scribe, id, MeetingCommand::Open(Box::new(settings.clone()))).await;
    must(scribe, id, to(Stage::RollOpen)).await;
    settings
}

/// Lists people of whose household nobody takes part.
fn neutral(roster: &Roster, attending: &BTreeSet<&PersonId>) -> impl Iterator<Item = PersonId> + use<> {
    let homes: BTreeSet<_> = attending.iter().map(|person| &roster.people[*person].household).collect();
    let people = roster.people.values().filter(|person| !homes.contains(&person.household));
    people.map(|person| person.id.clone()).collect::<Vec<_>>().into_iter()
}

/// One rater's ballot: a level for each subject, every fourth of them with five scores of their own.
fn ballot(serial: u32, subjects: u32) -> BallotContent {
    let mark = |subject: u32| match (subject + serial).is_multiple_of(4) {
        true => Mark::Scores((0..5).map(|aspect| 20 - (subject * 5 + serial * 11 + aspect * 3) % 12).collect()),
        false => Mark::Scores(vec![[20, 16, 12, 8][((subject * 7 + serial * 3) % 4) as usize]; 5]),
    };
    BallotContent::Valid((0..subjects).map(mark).collect())
}

async fn must(device: &mut Device, id: &MeetingId, command: MeetingCommand) {
    let what = format!("{command:?}");
    let done = device.command(Command::Meeting(id.clone(), command)).await;
    done.unwrap_or_else(|error| panic!("{id}: {what}: {error}"));
}

fn to(stage: Stage) -> MeetingCommand {
    MeetingCommand::Move { to: stage, reason: String::new() }
}

fn meeting(date: &str) -> MeetingId {
    MeetingId { village: village(), date: date.parse().unwrap(), round: 1 }
}

fn village() -> UnitCode {
    UnitCode::new(VILLAGE).unwrap()
}
