//! Wrecks of the relay: restored, rolled back, wiped. The phones bring it what it lacks, whoever wrote it, and go on.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use server::headless::{Headless, Http, Transport};
use shared::domain::command::Command as Wish;
use shared::domain::roster_file::read_roster;
use shared::domain::township::{Unit, VillageKind};
use shared::id::{DeviceCode, PersonId, UnitCode};
use shared::identity::Role;
use shared::replica::{Founding, Input, Note};

use super::phone::{Township, VILLAGE};
use super::records::Records;

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// Longer than a phone waits for others to bring what they wrote.
pub const AUTHORS_HAD_TIME_MILLIS: u64 = 160_000;

/// A way to whichever relay there is.
#[derive(Clone)]
pub struct Way(Arc<Mutex<Http>>);

impl Way {
    pub fn to(township: &Township) -> Self {
        Self(Arc::new(Mutex::new(http(township))))
    }

    pub fn turn(&self, township: &Township) {
        *self.0.lock().unwrap() = http(township);
    }
}

impl Transport for Way {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let mut http = self.0.lock().unwrap().clone();
        http.post(path, token, body).await
    }
}

fn http(township: &Township) -> Http {
    Http::new(&format!("http://{}", township.running.address))
}

/// Enrols a phone with the whole engine.
async fn phone(township: &Township, way: &Way, number: u32) -> Headless<Way> {
    let mut phone = Headless::in_memory(way.clone()).await.unwrap();
    let invitation = township.invite(number, &[Role::VillageSecretary], &[VILLAGE]);
    phone.enrol(&invitation.to_link()).await.unwrap();
    phone
}

/// Records a household of one person under this number.
pub async fn record(phone: &mut Headless<Way>, household: u32) {
    let village = UnitCode::new(VILLAGE).unwrap();
    let file = format!("户号,小组,姓名,户主\n{household:03},1组,第{household}户,是\n");
    let preview = read_roster(file.as_bytes(), &village);
    assert!(preview.problems.is_empty(), "{:?}", preview.problems);
    phone.command(preview.into_command(village).unwrap()).await.unwrap();
}

pub fn households(phone: &Headless<Way>) -> Vec<String> {
    let village = UnitCode::new(VILLAGE).unwrap();
    let roster = phone.workspace().villages.get(&village).map(|village| village.roster.clone());
    roster.iter().flat_map(|roster| roster.households.keys().map(ToString::to_string)).collect()
}

pub fn pingyi(arguments: &[&str], records: &Records) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    records.say_to(command.args(arguments).arg("--data").arg(records.folder()));
    command.output().unwrap()
}

/// Starts a relay on other records for the same township.
pub async fn serve(township: &Township, records: Records) -> Township {
    let running = server::start(&records.config()).await.unwrap();
    Township { running, authority: township.authority.clone(), records }
}

#[tokio::test]
async fn a_wiped_relay_gets_back_what_a_lost_phone_had_written() {
    let township = Township::found().await;
    let way = Way::to(&township);
    let mut lost = phone(&township, &way, 1).await;
    let mut kept = phone(&township, &way, 2).await;
    for household in 1..=5 {
        record(&mut lost, household).await;
        lost.sync().await.unwrap();
        kept.sync().await.unwrap();
    }
    record(&mut kept, 6).await;
    kept.sync().await.unwrap();
    drop(lost);

    let wiped = Township::found().await;
    way.turn(&wiped);
    kept.sync().await.unwrap_err();
    assert!(kept.status().notes.contains(&Note::RelayLost), "the phone says what happened");
    kept.pass(AUTHORS_HAD_TIME_MILLIS).await;
    kept.sync().await.unwrap();
    assert!(kept.status().notes.iter().any(|note| matches!(note, Note::Brought(_, 5))), "{:?}", kept.status().notes);

    let mut new = phone(&wiped, &way, 3).await;
    new.sync().await.unwrap();
    assert_eq!((households(&new).len(), households(&new)), (6, households(&kept)));
    drop(township);
}

#[tokio::test]
async fn a_backup_of_a_running_relay_comes_back_with_every_position_and_the_phones_bring_the_rest() {
    let township = Township::found().await;
    let mut small = township.scribe(7).await;
    let batches: Vec<_> = (0..40).map(|at| small.record(MEETING, &[at])).collect();
    small.sync(&[SCOPE], &batches).await;
    let way = Way::to(&township);
    let mut engine = phone(&township, &way, 1).await;
    record(&mut engine, 1).await;
    engine.sync().await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.backup");
    let made = pingyi(&["backup", "--to", file.to_str().unwrap()], &township.records);
    assert!(made.status.success(), "{made:?}");
    let kept = township.running.relay.log.ends().await.unwrap();
    record(&mut engine, 2).await;
    engine.sync().await.unwrap();

    let records = Records::fresh().await;
    let restored = pingyi(&["restore", "--from", file.to_str().unwrap()], &records);
    assert!(restored.status.success(), "{restored:?}");
    let again = pingyi(&["restore", "--from", file.to_str().unwrap()], &records);
    assert!(!again.status.success(), "what is there is not written over");
    let anew = serve(&township, records).await;
    assert_eq!(anew.running.relay.log.ends().await.unwrap(), kept, "every position and digest is what it was");
    assert_ne!(anew.running.relay.epoch.number(), township.running.relay.epoch.number());
    assert_ne!(anew.running.relay.key.public(), township.running.relay.key.public(), "no key is in a backup");

    way.turn(&anew);
    engine.sync().await.unwrap();
    let mut new = phone(&anew, &way, 3).await;
    new.sync().await.unwrap();
    assert_eq!((households(&new).len(), households(&new)), (2, households(&engine)));
}

#[tokio::test]
async fn a_relay_whose_disk_went_back_learns_it_from_its_own_receipt() {
    let township = Township::found().await;
    let way = Way::to(&township);
    let mut early = phone(&township, &way, 1).await;
    record(&mut early, 1).await;
    early.sync().await.unwrap();
    let epoch = township.running.relay.epoch.number();
    township.running.stop().await.unwrap();
    let copy = township.records.copy().await;
    let running = server::start(&township.records.config()).await.unwrap();
    let township = Township { running, authority: township.authority, records: township.records };
    way.turn(&township);
    record(&mut early, 2).await;
    early.sync().await.unwrap();

    // The disk goes back, and another phone writes where the first one's record stood.
    let back = serve(&township, copy).await;
    way.turn(&back);
    let mut late = phone(&back, &way, 2).await;
    record(&mut late, 3).await;
    late.sync().await.unwrap();
    assert_eq!(back.running.relay.epoch.number(), epoch, "nobody has told it yet");
    record(&mut early, 4).await;
    for turn in 0..3 {
        let phone = if turn == 1 { &mut late } else { &mut early };
        // What is refused at first is brought once the relay has been shown its receipt.
        let _ = phone.sync().await;
        phone.pass(AUTHORS_HAD_TIME_MILLIS).await;
        phone.sync().await.unwrap();
    }
    assert_ne!(back.running.relay.epoch.number(), epoch);
    assert_eq!((households(&early).len(), households(&early)), (4, households(&late)));
}

#[tokio::test]
async fn the_office_takes_a_new_relay_into_service_and_brings_the_township() {
    let (old, new) = (Records::fresh().await, Records::fresh().await);
    let running = server::start(&old.config()).await.unwrap();
    let token = running.relay.founding_token().await.unwrap().to_text();
    let way = Way(Arc::new(Mutex::new(Http::new(&format!("http://{}", running.address)))));
    let mut office = Headless::in_memory(way.clone()).await.unwrap();
    let founding = Founding {
        token,
        township: UnitCode::new("420529202").unwrap(),
        name: "牛庄乡".to_owned(),
        holder: PersonId::new("office-0").unwrap(),
        holder_name: "筹建员".to_owned(),
        code: DeviceCode::new("OF0").unwrap(),
    };
    office.ask(|ticket| Input::Found { ticket, founding }).await.unwrap();
    let unit = Unit {
        code: UnitCode::new(VILLAGE).unwrap(),
        name: "沙湾村".to_owned(),
        kind: VillageKind::Village,
        precinct: "一片".to_owned(),
    };
    office.command(Wish::SetTownship { name: "牛庄乡".to_owned(), units: vec![unit] }).await.unwrap();
    record(&mut office, 1).await;
    office.sync().await.unwrap();
    running.stop().await.unwrap();

    let running = server::start(&new.config()).await.unwrap();
    *way.0.lock().unwrap() = Http::new(&format!("http://{}", running.address));
    assert!(office.sync().await.is_err(), "a relay without a township serves nobody");
    let wrong = office.ask(|ticket| Input::Refound { ticket, token: "no token".to_owned() }).await;
    assert!(wrong.is_err(), "{wrong:?}");
    let token = running.relay.founding_token().await.unwrap().to_text();
    office.ask(|ticket| Input::Refound { ticket, token }).await.unwrap();
    office.sync().await.unwrap();
    let held = running.relay.log.ends().await.unwrap();
    let logs: Vec<String> = held.keys().map(ToString::to_string).collect();
    assert_eq!(logs, ["township", SCOPE], "what the office held is at the new relay");
}

#[tokio::test]
async fn a_damaged_backup_is_refused_by_its_place_and_leaves_no_relay() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let batch = phone.record(MEETING, b"kept");
    phone.sync(&[SCOPE], &[batch]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.backup");
    assert!(pingyi(&["backup", "--to", file.to_str().unwrap()], &township.records).status.success());
    let whole = std::fs::read(&file).unwrap();
    let check = async |bytes: Vec<u8>, expected: &str| {
        let (bad, records) = (folder.path().join("bad.backup"), Records::fresh().await);
        std::fs::write(&bad, bytes).unwrap();
        let output = pingyi(&["restore", "--from", bad.to_str().unwrap()], &records);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(expected), "{expected}: {said}");
    };
    check(b"something else".to_vec(), "not a backup").await;
    check(whole[..whole.len() - 1].to_vec(), "ends in frame").await;
    check(whole[..whole.len() / 2].to_vec(), "ends in frame").await;
    let content = whole.windows(4).rposition(|window| window == b"kept").unwrap();
    let mut changed = whole.clone();
    changed[content] ^= 1;
    check(changed, "frame 7").await;
    let mut cut = whole.clone();
    // The last frames are the receipt over the village's log and the end: two bytes, after four of length.
    cut[whole.len() - 10] ^= 1;
    check(cut, "no receipt over the entries").await;
}
