//! A phone that dies, is refused or reads torn rows at every single step around its snapshots.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::ballot::BallotMode;
use shared::id::FactId;
use shared::replica::Note;
use shared::store::Write;

use super::phone::Phone;
use super::{address, back_and_forth, busy};

type Disk = BTreeMap<String, Vec<u8>>;

/// More marks than three snapshots take.
const MARKS: u32 = 200;
/// More marks than two snapshots take.
const FURTHER_MARKS: u32 = 140;

/// A phone that has just marked the roll so often, and the disk that it began with.
fn marked(times: u32) -> (Disk, Phone) {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    let disk = phone.disk.clone();
    phone.writes.clear();
    phone.ticked.clear();
    busy(&mut phone, times);
    (disk, phone)
}

/// Every disk that a crash may leave, with what had been ticked by then; a write is on the disk as a whole or not.
fn crashes((mut disk, phone): (Disk, Phone)) -> Vec<(Disk, BTreeSet<FactId>)> {
    let ticked = |count: usize| -> BTreeSet<FactId> {
        phone.ticked.iter().filter(|(after, _)| *after <= count).map(|(_, fact)| fact.clone()).collect()
    };
    let mut crashes = vec![(disk.clone(), ticked(0))];
    for (count, write) in (1..).zip(&phone.writes) {
        carry_out(&mut disk, write);
        crashes.push((disk.clone(), ticked(count)));
    }
    crashes
}

fn carry_out(disk: &mut Disk, write: &Write) {
    write.deletes.iter().for_each(|key| _ = disk.remove(key));
    disk.extend(write.puts.iter().map(|row| (row.key.clone(), row.value.clone())));
}

fn snapshots(disk: &Disk) -> Vec<String> {
    let of_meeting = format!("snapshot/{}/", address());
    disk.keys().filter(|key| key.starts_with(&of_meeting)).cloned().collect()
}

#[track_caller]
fn holds(phone: &Phone, ticked: &BTreeSet<FactId>, when: &str) {
    let lost: Vec<String> =
        ticked.iter().filter(|fact| !phone.replica.has(&address(), fact)).map(ToString::to_string).collect();
    assert!(lost.is_empty(), "{when}: {lost:?} had been ticked");
}

/// Tears the newest snapshot in the middle and returns its key.
fn torn(disk: &mut Disk) -> Option<String> {
    let newest = snapshots(disk).pop()?;
    let row = disk.get_mut(&newest)?;
    row.truncate(row.len() / 2);
    Some(newest)
}

#[test]
fn a_crash_at_any_step_loses_nothing_that_was_ticked() {
    let (mut most, mut generations) = (0, BTreeSet::new());
    for (step, (disk, ticked)) in crashes(marked(MARKS)).into_iter().enumerate() {
        let again = Phone::new(disk.clone(), 5);
        holds(&again, &ticked, &format!("after {step} writes"));
        assert_eq!(again.replica.status().notes, [], "after {step} writes");
        let mut damaged = disk;
        if let Some(newest) = torn(&mut damaged) {
            let again = Phone::new(damaged, 5);
            holds(&again, &ticked, &format!("after {step} writes, {newest} torn"));
            assert!(again.replica.status().notes.contains(&Note::BadRow(newest.clone())), "{newest} is reported");
            generations.insert(newest);
        }
        most = ticked.len();
    }
    assert_eq!((most, generations.len()), (MARKS as usize, 3), "the script went through three snapshots");
}

/// A phone died between writing a snapshot and deleting what it replaced. It never deleted the snapshot before the one
/// before, which nothing named any more.
#[test]
fn whoever_crashed_goes_on_and_leaves_nothing_behind() {
    let crashes = crashes(marked(MARKS));
    let around = |step: &usize| {
        let near = step.saturating_sub(2)..(step + 3).min(crashes.len());
        near.clone().any(|near| snapshots(&crashes[near].0) != snapshots(&crashes[*step].0))
    };
    let steps: Vec<usize> = (0..crashes.len()).filter(around).collect();
    assert!(steps.len() > 8, "steps around snapshots: {steps:?}");
    for step in steps {
        let (disk, ticked) = crashes[step].clone();
        for tear in [false, true] {
            let mut disk = disk.clone();
            if tear && torn(&mut disk).is_none() {
                continue;
            }
            let mut phone = Phone::new(disk, 7);
            let mut ticked = ticked.clone();
            ticked.extend(busy(&mut phone, FURTHER_MARKS));
            let when = format!("{FURTHER_MARKS} marks after a crash after {step} writes, torn: {tear}");
            assert_eq!(snapshots(&phone.disk).len(), 2, "{when}: {:?}", snapshots(&phone.disk));
            let rows = phone.disk.keys().filter(|key| key.starts_with("journal/")).count();
            assert!(rows < 200, "{when}: {rows} rows of the journal");
            holds(&phone.restarted(), &ticked, &when);
            let mut damaged = phone.disk.clone();
            torn(&mut damaged);
            holds(&Phone::new(damaged, 9), &ticked, &format!("{when}, then torn"));
        }
    }
}

#[test]
fn a_write_refused_at_any_step_is_tried_again_and_loses_nothing() {
    let (disk, whole) = marked(80);
    let snapshot = whole.writes.iter().position(|write| write.puts.iter().any(|row| row.key.starts_with("snapshot/")));
    let snapshot = snapshot.expect("eighty marks take a snapshot");
    for step in snapshot - 2..snapshot + 4 {
        let mut phone = Phone::new(disk.clone(), 5);
        phone.fails_after = Some(step);
        let mut ticked = BTreeSet::new();
        for time in 0..80 {
            let ticket = phone.ask(back_and_forth(&phone));
            holds(&phone.restarted(), &ticked, &format!("write {step} refused, crash at mark {time}"));
            while !phone.done.contains_key(&ticket) {
                phone.wait();
            }
            ticked.extend(phone.ticked.iter().map(|(_, fact)| fact.clone()));
        }
        assert_eq!((phone.fails_after, ticked.len()), (None, 80), "write {step} was refused once, and all is ticked");
        holds(&phone.restarted(), &ticked, &format!("write {step} refused"));
    }
}

#[test]
fn a_snapshot_that_cannot_be_read_back_replaces_nothing() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    phone.forgets = true;
    phone.writes.clear();
    let ticked = busy(&mut phone, FURTHER_MARKS);
    assert!(phone.writes.iter().all(|write| write.deletes.is_empty()), "nothing is deleted for it");
    assert!(phone.replica.status().notes.iter().any(|note| matches!(note, Note::BadRow(_))), "and it is reported");
    holds(&phone.restarted(), &ticked, "without a snapshot");
}

/// A row of the journal was torn and the phone gave its number to the next row, which was written over it: bytes that
/// somebody might have recovered were gone, and a row could lie below what a snapshot said it held.
#[test]
fn a_torn_row_keeps_its_place() {
    let mut phone = Phone::voting(BallotMode::SecretPaper);
    busy(&mut phone, 3);
    let last = phone.disk.keys().rfind(|key| key.starts_with("journal/")).unwrap().clone();
    phone.disk.get_mut(&last).unwrap().pop();
    let mut again = phone.restarted();
    busy(&mut again, 2);
    assert_eq!(again.disk[&last], phone.disk[&last]);
}
