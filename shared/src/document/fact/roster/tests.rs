//! Facts of rosters read back as they were packed, and as they were packed when phones first wrote them.

use super::*;
use crate::document::fact::{pack_roster, read_roster, renumber};

fn facts() -> Vec<RosterFact> {
    let person = |id: &str| -> PersonId { id.parse().unwrap() };
    let on: Date = "2026-10-31".parse().unwrap();
    let moved = |to, came, replaces: &[&str]| {
        let people = [person("li"), person("wang")].into();
        let replaces = replaces.iter().map(|id| id.parse().unwrap()).collect();
        RosterFact::Moved(Move { people, to, on, came, words: "分户".to_owned(), replaces })
    };
    vec![
        moved(Place::Home("12".parse().unwrap()), false, &[]),
        moved(Place::Home("12".parse().unwrap()), true, &["SH1-7", "SH2-9"]),
        moved(Place::Left("420529202201".parse().ok()), false, &[]),
        moved(Place::Left(None), false, &[]),
        moved(Place::Died, false, &[]),
        RosterFact::Merged(Merge { entry: person("li-2"), into: person("li"), words: "同一人".to_owned() }),
        RosterFact::Undone(Undo { fact: "SH1-8".parse().unwrap(), reason: "是两个人".to_owned() }),
    ]
}

#[test]
fn facts_of_rosters_read_back() {
    for fact in facts() {
        let bytes = pack_roster(&fact);
        assert_eq!(read_roster(&bytes).as_ref(), Ok(&fact));
        assert!((0..bytes.len()).all(|end| read_roster(&bytes[..end]).is_err()), "no part of a fact is a fact");
    }
}

/// What phones wrote has to be read for as long as its roster is kept: one fact a line, in the order of [`facts`].
const GOLDEN: &str = include_str!("golden.txt");

#[test]
fn facts_that_were_written_are_read_for_ever() {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let written: Vec<String> = facts().iter().map(|fact| hex(&pack_roster(fact))).collect();
    assert_eq!(GOLDEN.lines().collect::<Vec<_>>(), written);
    for (line, fact) in GOLDEN.lines().zip(facts()) {
        let byte = |at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..line.len()).step_by(2).map(byte).collect();
        assert_eq!(read_roster(&bytes), Ok(fact), "{line}");
    }
}

#[test]
fn what_is_not_a_fact_of_rosters_is_an_error() {
    let mut later = Pack::new();
    later.uint(KIND, 200);
    assert!(read_roster(&later.finish()).is_err(), "a kind of a later version");
    let mut lacking = Pack::new();
    lacking.uint(KIND, MERGED).text(ENTRY, "li");
    assert!(read_roster(&lacking.finish()).is_err(), "a merge into nobody");
    let mut nobody = Pack::new();
    nobody.uint(KIND, MOVED).flag(DIED, true).put(DATE, |writer| _ = writer.int(20_000));
    assert!(read_roster(&nobody.finish()).is_err(), "a move of nobody");
    for fact in facts() {
        let mut more = pack(&fact);
        more.text(40, "what a later version adds");
        assert_eq!(read_roster(&more.finish()), Ok(fact));
    }
}

/// A phone that was rolled back numbers its records anew: what undoes one of them follows it.
#[test]
fn an_undoing_follows_the_number_of_what_it_undoes() {
    let fresh: FactId = "SH1-2001".parse().unwrap();
    let undone = facts().pop().unwrap();
    let other = renumber(&pack_roster(&undone), |_| Some(fresh.clone())).unwrap().unwrap();
    let RosterFact::Undone(Undo { fact, .. }) = read_roster(&other).unwrap() else { panic!("an undoing") };
    assert_eq!(fact, fresh);
}
