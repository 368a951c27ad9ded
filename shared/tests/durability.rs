//! "Saved" is a claim about the disk: what a tick promises, and what storage may do without breaking the promise.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed, helpers included")]

#[path = "durability/crash.rs"]
mod crash;
#[path = "durability/phone.rs"]
mod phone;

use std::collections::BTreeSet;

use phone::{Phone, go, meeting, person};
use shared::domain::Workspace;
use shared::domain::ballot::{BallotMode, Mark};
use shared::domain::command::{Command, MeetingCommand, PeopleCommand, PostCommand};
use shared::domain::meeting::{RollStatus, Stage};
use shared::domain::person::fact::Place;
use shared::domain::rulebook::post::PostRule;
use shared::id::{Address, CategoryId, FactId};
use shared::replica::{Input, Note, Outcome, RecordState, StorageStatus, Wake};

fn roll(number: u32, status: RollStatus) -> Command {
    Command::Meeting(meeting(), MeetingCommand::MarkRoll { person: person(number).id, status })
}

fn address() -> Address {
    Address::meeting(&meeting())
}

fn facts(outcome: &Outcome) -> Vec<FactId> {
    match outcome {
        Outcome::Recorded(facts) => facts.clone(),
        other => panic!("{other:?} is no record"),
    }
}

/// Marks the roll back and forth so many times; every mark is one change.
fn busy(phone: &mut Phone, times: u32) -> BTreeSet<FactId> {
    (0..times).flat_map(|_| facts(&phone.must(back_and_forth(phone)))).collect()
}

/// The mark that says something else than the one before.
fn back_and_forth(phone: &Phone) -> Command {
    let stands = phone.replica.workspace().meeting(&meeting()).unwrap().roll_status(&person(1).id);
    roll(1, if stands == Some(RollStatus::Late) { RollStatus::Present } else { RollStatus::Late })
}

#[test]
fn the_tick_comes_after_the_disk_and_not_before() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    phone.holds = true;
    let told = phone.told;
    let ticket = phone.ask(roll(0, RollStatus::Late));
    assert_eq!(phone.done.get(&ticket), None, "nothing was promised");
    assert_eq!(phone.told, told, "and no page shows it");
    let [write] = phone.held.drain(..).collect::<Vec<_>>().try_into().expect("one command is one write");
    assert_eq!(write.puts.len(), 1, "of one row");
    let before = phone.restarted();
    phone.holds = false;
    phone.write(write);
    assert!(phone.told > told);
    let [fact] = facts(&phone.done[&ticket].clone().unwrap()).try_into().unwrap();
    assert_eq!(phone.replica.state_of(&address(), &fact), Some(RecordState::OnThisPhone));
    assert!(!before.replica.has(&address(), &fact) && phone.restarted().replica.has(&address(), &fact));
}

#[test]
fn a_failed_write_is_shown_and_tried_again_and_then_ticked() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    phone.is_full = true;
    let told = phone.told;
    let first = phone.ask(roll(0, RollStatus::Late));
    let second = phone.ask(roll(1, RollStatus::Late));
    assert!(phone.told > told, "what waits is not hidden");
    for _ in 0..5 {
        phone.wait();
    }
    assert!(!phone.done.contains_key(&first) && !phone.done.contains_key(&second));
    assert!(matches!(phone.replica.status().storage, StorageStatus::Failing { waiting: 2.., .. }));
    let late = |workspace: &Workspace| workspace.meeting(&meeting()).unwrap().roll_status(&person(0).id);
    assert_eq!(late(phone.replica.workspace()), Some(RollStatus::Late), "the record is there to be exported");
    assert_eq!(late(phone.replica.proved()), Some(RollStatus::Present), "and no page shows it as recorded");
    phone.is_full = false;
    while !phone.done.contains_key(&second) {
        phone.wait();
    }
    assert!(phone.done[&first].is_ok() && phone.done[&second].is_ok());
    assert_eq!(phone.replica.status().storage, StorageStatus::Good);
    assert_eq!(phone.replica.proved(), phone.replica.workspace());
}

#[test]
fn storage_that_failed_is_tried_at_once_when_somebody_comes_back() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    phone.is_full = true;
    let ticket = phone.ask(roll(0, RollStatus::Late));
    for _ in 0..5 {
        phone.wait();
    }
    phone.is_full = false;
    phone.handle(Input::Wake(Wake::Visible));
    assert!(phone.done[&ticket].is_ok(), "without any time going by");
}

#[test]
fn after_every_write_the_disk_holds_everything_that_was_ticked() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let mut ticked = BTreeSet::new();
    for _ in 0..12 {
        ticked.extend(busy(&mut phone, 2));
        let again = phone.restarted();
        assert!(ticked.iter().all(|fact| again.replica.has(&address(), fact)), "after {} records", ticked.len());
        assert_eq!(again.replica.heads(), phone.replica.heads());
        assert_eq!(again.replica.workspace(), phone.replica.workspace());
        assert_eq!(again.replica.status().notes, []);
    }
}

#[test]
fn a_snapshot_replaces_rows_only_after_it_was_read_back() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let ticked = busy(&mut phone, 300);
    let writes = std::mem::take(&mut phone.writes);
    let snapshots = |keys: &[String]| keys.iter().filter(|key| key.starts_with("snapshot/")).count();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for write in &writes {
        let puts: Vec<String> = write.puts.iter().map(|row| row.key.clone()).collect();
        assert!(snapshots(&puts) == 0 || write.deletes.is_empty(), "a snapshot is not trusted as it is written");
        assert!(snapshots(&puts) == 0 || seen.is_disjoint(&puts.iter().cloned().collect()), "each under a new key");
        seen.extend(puts);
    }
    let keys: Vec<String> = phone.disk.keys().cloned().collect();
    assert_eq!(snapshots(&keys), 2, "the generation before stays: {keys:?}");
    assert!(keys.iter().filter(|key| key.starts_with("journal/")).count() < 200, "merged rows go");
    let again = phone.restarted();
    assert!(ticked.iter().all(|fact| again.replica.has(&address(), fact)));
    assert_eq!(again.replica.heads(), phone.replica.heads());
}

/// A browser was killed while its newest snapshot reached the disk in part; the generation before it and the journal
/// held everything, but only because rows merged into the newest snapshot had not been deleted yet.
#[test]
fn a_torn_snapshot_costs_nothing() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let ticked = busy(&mut phone, 300);
    let newest = phone.disk.keys().rfind(|key| key.starts_with("snapshot/")).unwrap().clone();
    for damage in [|row: &mut Vec<u8>| row.truncate(row.len() / 2), |row: &mut Vec<u8>| row[40] ^= 1] {
        let mut disk = phone.disk.clone();
        damage(disk.get_mut(&newest).unwrap());
        let again = Phone::new(disk, 5);
        assert_eq!(again.replica.status().notes, [Note::BadRow(newest.clone())], "and it is reported");
        assert!(ticked.iter().all(|fact| again.replica.has(&address(), fact)));
        assert_eq!(again.replica.heads(), phone.replica.heads());
    }
}

#[test]
fn a_torn_journal_row_is_reported_and_the_rest_is_read() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let ticked = busy(&mut phone, 3);
    let last = phone.disk.keys().rfind(|key| key.starts_with("journal/")).unwrap().clone();
    phone.disk.get_mut(&last).unwrap().pop();
    let again = phone.restarted();
    assert_eq!(again.replica.status().notes, [Note::BadRow(last)]);
    let there = ticked.iter().filter(|fact| again.replica.has(&address(), fact)).count();
    assert_eq!(there, 2);
}

#[test]
fn no_number_is_given_twice_across_starts() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let mut given = busy(&mut phone, 2);
    for _ in 0..3 {
        let mut again = phone.restarted();
        let fresh = busy(&mut again, 2);
        assert!(given.is_disjoint(&fresh));
        given.extend(fresh);
        phone = again;
    }
}

#[test]
fn a_dropped_ballot_and_the_voters_turn_are_one_write_and_the_urn_keeps_no_order() {
    let urn = || format!("urn/{}", meeting());
    let ballot = |voter: u32, level: u32| {
        let marks = (0..2).map(|subject| match subject == voter {
            true => Mark::Abstained,
            false => Mark::Scores(vec![level; 5]),
        });
        MeetingCommand::DropBallot { voter: person(voter).id, marks: marks.collect() }
    };
    let after = |order: [u32; 3]| {
        let mut phone = Phone::voting(BallotMode::SecretDevice);
        phone.must_meet(MeetingCommand::PlaceUrn);
        for voter in order {
            phone.writes.clear();
            phone.must_meet(ballot(voter, 20 - 4 * (voter % 3)));
            let keys: Vec<&str> = phone.writes[0].puts.iter().map(|row| row.key.as_str()).collect();
            assert!(keys.contains(&urn().as_str()) && keys.iter().any(|key| key.starts_with("journal/")), "{keys:?}");
            assert_eq!(phone.writes.iter().flat_map(|write| &write.puts).filter(|row| row.key == urn()).count(), 1);
        }
        phone
    };
    let (one, other) = (after([2, 3, 4]), after([4, 2, 3]));
    assert_eq!(one.disk[&urn()], other.disk[&urn()], "equal ballots in another order are the same bytes");
    let mut phone = one.restarted();
    assert_eq!(phone.replica.workspace().urns[&meeting()].len(), 3);
    phone.must_meet(go(Stage::Closed));
    phone.writes.clear();
    phone.must_meet(MeetingCommand::EmptyUrn);
    assert!(phone.writes[0].puts.iter().any(|row| row.key.starts_with("journal/")));
    assert_eq!(phone.writes[0].deletes, [urn()], "the urn goes in the write that brings its content");
    assert!(phone.restarted().replica.workspace().urns.is_empty());
}

#[test]
fn what_is_logged_of_a_post_is_there_after_a_restart() {
    let mut phone = Phone::of_a_village();
    let ask = |phone: &mut Phone, command| phone.must(Command::Posts(phone::village(), command));
    let (quarter, date) = ("2026-Q4".parse().unwrap(), "2026-10-08".parse().unwrap());
    ask(&mut phone, PostCommand::Open { quarter, rule: Box::new(PostRule::standard()) });
    let (person, post) = (person(0).id, CategoryId::new("cleaning").unwrap());
    let (from, until) = ("2026-01-01".parse().unwrap(), None);
    ask(&mut phone, PostCommand::Hold { quarter, person: person.clone(), post: post.clone(), from, until });
    let words = "扫雪".to_owned();
    let outcome = ask(&mut phone, PostCommand::Log { person: person.clone(), post, date, words });
    let [entry] = facts(&outcome).try_into().unwrap();
    let posts = |phone: &Phone| phone.replica.workspace().villages[&phone::village()].posts.clone();
    let logged = posts(&phone);
    assert!(logged.month(&person, date.month()).unwrap().entries.contains_key(&entry));
    assert_eq!(posts(&phone.restarted()), logged);
}

/// A move lies in the roster's document beside its fields; the file of before, imported again, changes nothing.
#[test]
fn who_moved_has_moved_after_a_restart_and_an_old_file_moves_nobody_back() {
    let mut phone = Phone::of_a_village();
    let households: Vec<_> = (0..5).map(phone::household).collect();
    let (mover, to) = (person(1).id, Place::Home(households[2].id.clone()));
    let words = "迁居".to_owned();
    let gone = PeopleCommand::Move { people: [mover.clone()].into(), to, on: "2026-05-01".parse().unwrap(), words };
    phone.must(Command::People(phone::village(), gone));
    let (entry, into) = (person(3).id, person(4).id);
    let merge = PeopleCommand::Merge { entry: entry.clone(), into, words: String::new() };
    phone.must(Command::People(phone::village(), merge));
    let roster = |phone: &Phone| phone.replica.workspace().villages[&phone::village()].roster.clone();
    let moved = roster(&phone);
    assert_eq!((&moved.people[&mover].household, moved.people[&entry].hidden), (&households[2].id, true));
    assert_eq!(moved.on("2026-04-30".parse().unwrap()).people[&mover].household, households[1].id);
    let people = (0..5).map(person).collect();
    let ticket = phone.ask(Command::ImportRoster { village: phone::village(), households, people });
    assert!(phone.done[&ticket].is_err(), "there is nothing to change");
    assert_eq!(roster(&phone.restarted()), moved);
}
