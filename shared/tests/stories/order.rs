//! The order in which facts arrive, and which of them have, never makes two phones with equal facts differ.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use shared::domain::ballot::BallotMode;
use shared::domain::command::MeetingCommand;
use shared::domain::meeting::{Meeting, MeetingFact, Recorded, RollStatus, Seal, Stage, StageChange};

use crate::hall::{Hall, MEMBERS, REPS, valid};

/// A meeting with every kind of conflict in it.
fn troubled(mode: BallotMode) -> Vec<Recorded<MeetingFact>> {
    let mut hall = Hall::new();
    hall.begins("SH1", mode);
    hall.meet_all();
    let _ = hall.issues("SH1", MEMBERS, 1, 4);
    let _ = hall.issues("SH1", REPS, 11, 15);
    hall.meet_all();
    for code in ["SH1", "SH2"] {
        for serial in 1..=4 {
            let other = if code == "SH2" && serial == 2 { 8 } else { 16 };
            let _ = hall.enters(code, serial, MEMBERS, valid(&[20, other, 16, 12]));
        }
        for (of, hands) in [(MEMBERS, vec![1, 1, 0, 0]), (REPS, vec![0, 2, 1, 0])] {
            let (subject, group) = (crate::hall::person("m2"), crate::hall::group(of));
            let _ = hall.ask(code, MeetingCommand::CountHands { subject, group, hands });
        }
        let _ = hall.ask(code, MeetingCommand::PlaceUrn);
    }
    hall.marks("SH1", "m1", RollStatus::Left);
    hall.moves("SH1", Stage::Closed).unwrap();
    let _ = hall.reconciles("SH1", [4, 4, 0, 0], [5, 5, 0, 0], "");
    hall.meet_all();
    let _ = hall.reconciles("SH2", [4, 4, 0, 0], [5, 4, 0, 0], "note");
    let _ = hall.enters("SH1", 2, MEMBERS, valid(&[20, 8, 16, 12]));
    hall.record("SH4", MeetingFact::Stage(StageChange { to: Stage::Counted, reason: String::new() }));
    hall.record("SH4", MeetingFact::Sealed(Seal { up_to: Default::default(), heads: Vec::new(), digest: [0; 32] }));
    let mut other = hall.settings(mode);
    other.place = "小学".to_owned();
    hall.phone("SH7", "r3", &[shared::role::Role::Scribe]);
    hall.does("SH7", MeetingCommand::Open(Box::new(other)));
    hall.meet_all();
    hall.facts("SH1")
}

fn shuffled(facts: &[Recorded<MeetingFact>], rng: &mut ChaCha8Rng) -> Vec<Recorded<MeetingFact>> {
    let mut facts = facts.to_vec();
    for at in (1..facts.len()).rev() {
        facts.swap(at, rng.next_u32() as usize % (at + 1));
    }
    facts
}

#[test]
fn equal_facts_equal_meeting() {
    for mode in [BallotMode::SecretPaper, BallotMode::SecretDevice, BallotMode::ShowOfHands] {
        let facts = troubled(mode);
        let id = Hall::new().id;
        for seed in 0..100 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let some: Vec<_> = facts.iter().filter(|_| seed < 20 || rng.next_u32() % 4 != 0).cloned().collect();
            let (one, other) = (shuffled(&some, &mut rng), shuffled(&some, &mut rng));
            // A fact heard twice is one fact.
            let twice = one.iter().chain(&other).cloned().collect();
            let folded = Meeting::fold(id.clone(), one.clone());
            assert_eq!(folded, Meeting::fold(id.clone(), other), "{mode:?}, seed {seed}");
            assert_eq!(folded, Meeting::fold(id.clone(), twice), "{mode:?}, seed {seed}");
        }
    }
}

#[test]
fn one_number_for_two_facts_counts_for_neither() {
    let facts = troubled(BallotMode::SecretPaper);
    let id = Hall::new().id;
    for at in 0..facts.len() {
        let mut forged = facts[at].clone();
        forged.at = shared::time::Instant(999_999);
        let with = |first: &Recorded<MeetingFact>, last: &Recorded<MeetingFact>| {
            let others = facts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, fact)| fact.clone());
            let all = std::iter::once(first.clone()).chain(others).chain([last.clone()]).collect();
            Meeting::fold(id.clone(), all)
        };
        assert_eq!(with(&forged, &facts[at]), with(&facts[at], &forged), "{}", facts[at].id);
    }
}

#[test]
fn no_set_of_facts_breaks_the_fold() {
    for mode in [BallotMode::SecretPaper, BallotMode::SecretDevice, BallotMode::ShowOfHands] {
        let facts = troubled(mode);
        let id = Hall::new().id;
        for seed in 0..100 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            // Anybody says anything, corrects anything, and seals whatever there is.
            let values = shuffled(&facts, &mut rng);
            let mut mixed: Vec<_> =
                facts.iter().zip(values).map(|(fact, other)| Recorded { value: other.value, ..fact.clone() }).collect();
            for fact in &mut mixed {
                let any = |rng: &mut ChaCha8Rng| facts[rng.next_u32() as usize % facts.len()].id.clone();
                let some = vec![any(&mut rng), any(&mut rng)];
                match &mut fact.value {
                    MeetingFact::Opened(opening) => opening.replaces = some,
                    MeetingFact::Roll(mark) => mark.replaces = some,
                    MeetingFact::Issued(run) => run.replaces = some,
                    MeetingFact::Paper(ballot) => ballot.replaces = some,
                    MeetingFact::Hands(hands) => hands.replaces = some,
                    MeetingFact::Reconciled(hand) => hand.replaces = some,
                    MeetingFact::Sealed(seal) => seal.up_to = [(fact.id.device.clone(), rng.next_u32() % 50)].into(),
                    _ => {}
                }
                if rng.next_u32() % 5 == 0 {
                    fact.author.holder = None;
                }
            }
            let other = shuffled(&mixed, &mut rng);
            assert_eq!(Meeting::fold(id.clone(), mixed), Meeting::fold(id.clone(), other), "{mode:?}, seed {seed}");
        }
    }
}

#[test]
fn nothing_that_comes_later_changes_what_is_sealed() {
    let mut hall = Hall::new();
    hall.begins("SH1", BallotMode::ShowOfHands);
    for subject in ["m1", "m2", "m3", "m4"] {
        for of in [MEMBERS, REPS] {
            let (subject, group) = (crate::hall::person(subject), crate::hall::group(of));
            hall.does("SH1", MeetingCommand::CountHands { subject, group, hands: vec![0, 3, 0, 0] });
        }
    }
    hall.moves("SH1", Stage::Closed).unwrap();
    hall.moves("SH1", Stage::Counted).unwrap();
    hall.meet_all();
    hall.does("SH4", MeetingCommand::Check);
    hall.meet_all();
    for subject in ["m1", "m2", "m3"] {
        hall.decides("SH3", subject, Some(3), "").unwrap();
    }
    hall.does("SH3", MeetingCommand::Seal);
    hall.meet_all();
    let sealed = hall.meeting("SH1");
    assert!(sealed.is_sealed());
    let conflicts = troubled(BallotMode::ShowOfHands);
    for seed in 0..100 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut facts = hall.facts("SH1");
        let count = facts.len();
        for (counter, fact) in (1000..).zip(shuffled(&conflicts, &mut rng).into_iter().take(seed as usize)) {
            let id = shared::id::FactId { device: fact.id.device.clone(), counter };
            facts.push(Recorded { id, ..fact });
        }
        let late = facts.len() - count;
        let meeting = Meeting::fold(hall.id.clone(), shuffled(&facts, &mut rng));
        let shown = |meeting: &Meeting| {
            (meeting.stage, meeting.result.clone(), meeting.decisions.clone(), meeting.seal.clone())
        };
        assert_eq!(shown(&meeting), shown(&sealed), "seed {seed}");
        let seals = meeting.notes.len();
        assert_eq!(meeting.late.len() + seals, late, "every late fact is named, seed {seed}");
    }
}
