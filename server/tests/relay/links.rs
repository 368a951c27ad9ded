//! The line of a mountain village, 50 kbit/s with 600 ms and 5 % loss: what a phone pays in bytes and round trips.

mod line;

use std::collections::BTreeSet;
use std::path::Path;

use server::headless::{Headless, Http};
use server::sample::people::{Census, roster_csv};
use shared::domain::ballot::BallotMode;
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::meeting::{Attendee, MeetingSettings, RollStatus, Stage, attendees};
use shared::domain::roster_file::read_roster;
use shared::domain::rulebook::Rulebook;
use shared::id::{MeetingId, UnitCode};
use shared::identity::Role;

use self::line::{Cuts, Line, Tally};
use super::first_sync::{BUDGET, quarter};
use super::phone::{Township, VILLAGE};

/// Bytes of one new entry up and down, of nothing new per scope each way, of a hundred entries up (DESIGN section 10).
const ENTRY_UP: usize = 280;
const ENTRY_DOWN: usize = 120;
const NOTHING: usize = 60;
const HUNDRED_UP: usize = 2000;
/// The villagers of the roster.
const VILLAGERS: usize = 300;
/// One packet of so many is where the line is cut: four of five full pages do not get through at once.
const CUT_PACKETS: u32 = 8;
/// The phones that read over such a line, half of them killed.
const PHONES: u32 = 4;
/// The pages after which a phone is killed.
const PAGES_OF_A_LIFE: usize = 3;
/// More attempts than any seed needs for a first sync; a phone that begins again each time needs more.
const ATTEMPTS: usize = 200;

/// Returns the seed of a run: the one that is told, or another each time.
fn seed() -> u64 {
    let told = std::env::var("PINGYI_SEED").ok().and_then(|text| text.parse().ok());
    told.unwrap_or_else(|| u64::from_be_bytes(server::relay::random()))
}

fn village() -> UnitCode {
    UnitCode::new(VILLAGE).unwrap()
}

fn meeting() -> MeetingId {
    MeetingId { village: village(), date: "2026-11-23".parse().unwrap(), round: 2 }
}

/// Lets the office adopt the rules and the secretary import the roster, both on a good line.
async fn settle(township: &Township) {
    let http = Http::new(&format!("http://{}", township.running.address));
    let mut office = Headless::in_memory(http.clone()).await.unwrap();
    office.enrol(&township.invite(20, &[Role::TownshipOffice], &[]).to_link()).await.unwrap();
    let rulebook = Box::new(Rulebook::standard_review());
    office.command(Command::AdoptRulebook { rulebook, adopted_at: "党员大会".to_owned() }).await.unwrap();
    office.sync().await.unwrap();

    let census = Census { code: VILLAGE, groups: 4, households: 160, members: 24, representatives: 22, elderly: false };
    let rows: Vec<String> = roster_csv(&census).lines().take(1 + VILLAGERS).map(str::to_owned).collect();
    let preview = read_roster(rows.join("\n").as_bytes(), &village());
    assert_eq!((preview.people.len(), &preview.problems[..]), (VILLAGERS, &[][..]));
    let mut secretary = Headless::in_memory(http).await.unwrap();
    secretary.enrol(&township.invite(21, &[Role::VillageSecretary], &[VILLAGE]).to_link()).await.unwrap();
    secretary.command(preview.into_command(village()).unwrap()).await.unwrap();
    secretary.sync().await.unwrap();
}

/// Enrols a scribe without a network; the phone keeps its rows in the file.
async fn enrol(township: &Township, number: u32, file: &Path, line: &Line) {
    let mut phone = Headless::in_file(file, line.clone()).await.unwrap();
    phone.enrol(&township.invite(number, &[Role::Scribe], &[VILLAGE]).to_link()).await.unwrap();
}

/// Opens the roll of a meeting and returns who is called.
async fn open_roll(phone: &mut Headless<Line>) -> Vec<Attendee> {
    let rulebook = Rulebook::standard_review();
    let people = attendees(&phone.workspace().villages[&village()].roster, &rulebook);
    let rated: BTreeSet<&str> = people.iter().filter(|one| one.subject).map(|one| one.household.as_str()).collect();
    // Whoever counts keeps house with nobody who is rated.
    let mut officers = people.iter().filter(|one| !rated.contains(one.household.as_str()));
    let mut officer = || officers.next().unwrap().person.clone();
    let settings = MeetingSettings {
        title: "党员评议会".to_owned(),
        place: "沙湾村委会".to_owned(),
        mode: BallotMode::SecretPaper,
        rulebook,
        teller: officer(),
        scrutineer: officer(),
        chair: people.iter().find(|one| one.subject).unwrap().person.clone(),
        people: people.clone(),
    };
    let roll = MeetingCommand::Move { to: Stage::RollOpen, reason: String::new() };
    for command in [MeetingCommand::Open(Box::new(settings)), roll] {
        phone.command(Command::Meeting(meeting(), command)).await.unwrap();
    }
    people
}

async fn mark(phone: &mut Headless<Line>, one: &Attendee, status: RollStatus) {
    let mark = MeetingCommand::MarkRoll { person: one.person.clone(), status };
    phone.command(Command::Meeting(meeting(), mark)).await.unwrap();
}

/// Connects a phone, exchanges everything in one go and returns what that took.
async fn reconnect(phone: &mut Headless<Line>, line: &Line) -> Tally {
    line.plug(true);
    phone.sync().await.unwrap();
    let tally = line.tally();
    line.plug(false);
    assert_eq!((tally.sessions, tally.trips, tally.cuts), (1, 1, 0), "one round trip after the session: {tally}");
    tally
}

#[tokio::test]
async fn what_was_recorded_without_a_network_goes_up_in_one_round_trip() {
    let seed = seed();
    println!("seed {seed}: repeat with PINGYI_SEED={seed}");
    let township = Township::found().await;
    settle(&township).await;
    let (folder, line) = (tempfile::tempdir().unwrap(), Line::new(township.running.address, seed, Cuts::Never));
    let file = folder.path().join("scribe");
    enrol(&township, 1, &file, &line).await;
    let mut phone = Headless::in_file(&file, line.clone()).await.unwrap();
    line.plug(true);
    phone.sync().await.unwrap();
    let people = open_roll(&mut phone).await;
    phone.sync().await.unwrap();
    line.plug(false);

    let mut phone = Headless::in_file(&file, line.clone()).await.unwrap();
    let nothing = reconnect(&mut phone, &line).await;
    println!("nothing new: {nothing}");
    assert_eq!(nothing.scopes, 2, "the township and the village");
    assert!(nothing.up <= NOTHING * nothing.scopes && nothing.down <= NOTHING * nothing.scopes, "{nothing}");

    // Once more after the first: then the document holds what the phone wrote before its last start.
    for status in [RollStatus::Present, RollStatus::Late] {
        let mut phone = Headless::in_file(&file, line.clone()).await.unwrap();
        mark(&mut phone, &people[0], status).await;
        let entry = reconnect(&mut phone, &line).await;
        println!("one new entry: {entry}");
        assert!(entry.up <= ENTRY_UP && entry.down <= ENTRY_DOWN, "{entry}");
    }

    let mut phone = Headless::in_file(&file, line.clone()).await.unwrap();
    for turn in 0..100 {
        let status = if turn / people.len() % 2 == 0 { RollStatus::Excused } else { RollStatus::Present };
        mark(&mut phone, &people[turn % people.len()], status).await;
    }
    let hundred = reconnect(&mut phone, &line).await;
    println!("100 entries: {hundred}");
    assert!(hundred.up <= HUNDRED_UP, "{hundred}");
}

/// Syncs until everything is here, whatever is cut and however often the phone dies; returns it, and its deaths.
async fn persist(file: &Path, line: &Line) -> (Headless<Line>, usize) {
    let life = async || {
        let mut phone = Headless::in_file(file, line.clone()).await.unwrap();
        for _ in 0..ATTEMPTS {
            if phone.sync().await.is_ok() {
                return phone;
            }
        }
        panic!("{:?} after {}", phone.status(), line.tally());
    };
    for deaths in 0..ATTEMPTS {
        tokio::select! {
            biased;
            phone = life() => return (phone, deaths),
            () = line.killed() => {}
        }
    }
    panic!("it dies for ever: {}", line.tally());
}

#[tokio::test]
async fn a_whole_village_arrives_through_cuts_and_killed_phones_and_never_begins_again() {
    let seed = seed();
    println!("seed {seed}: repeat with PINGYI_SEED={seed}");
    let township = Township::found().await;
    settle(&township).await;
    quarter(&township).await;
    let (folder, relay) = (tempfile::tempdir().unwrap(), township.running.address);
    let mut cuts = 0;
    let mut first: Option<(Tally, _)> = None;
    for place in 0..=PHONES {
        let (number, is_killed) = (9 + place, place > 0 && place % 2 == 0);
        let often = if place == 0 { Cuts::Never } else { Cuts::OnePacketIn(CUT_PACKETS) };
        let line = Line::new(relay, seed.wrapping_add(place.into()), often);
        let line = if is_killed { line.killing_after(PAGES_OF_A_LIFE) } else { line };
        let file = folder.path().join(number.to_string());
        enrol(&township, number, &file, &line).await;
        line.plug(true);
        let (phone, deaths) = persist(&file, &line).await;
        let tally = line.tally();
        println!("first sync of phone {place}: {tally}, {deaths} deaths");
        let (whole, heads) = first.get_or_insert_with(|| (tally, phone.heads()));
        assert_eq!(phone.workspace().villages[&village()].roster.people.len(), VILLAGERS);
        assert_eq!(&phone.heads(), heads, "every phone holds the same history");
        assert!(whole.down <= BUDGET, "{whole}");
        // A cut costs one page; a death no page, but perhaps the question whether there is more.
        let again = tally.cuts * whole.largest + deaths * NOTHING * whole.scopes;
        assert!(tally.down <= whole.down + again, "{tally}, {deaths} deaths");
        assert!(tally.trips <= whole.trips + tally.cuts + deaths, "{tally}, {deaths} deaths");
        assert_eq!(deaths > 0, is_killed, "{deaths} deaths");
        cuts += tally.cuts;
    }
    assert!(cuts > 0, "some line was cut");
}
