//! What has to hold of every declaration, and which mechanisms have one.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

#[test]
fn every_mechanism_with_a_life_is_declared_in_its_order() {
    let mechanisms: Vec<u8> = KINDS.iter().map(|kind| kind.mechanism).filter(|mechanism| *mechanism > 0).collect();
    assert!(mechanisms.is_sorted(), "{mechanisms:?}");
    // The lists beside the points accounts have a life; the accounts themselves have rules of their own.
    assert_eq!(BTreeSet::from_iter(mechanisms), [5].into_iter().chain(7..=29).collect());
}

#[test]
fn every_count_that_a_township_reports_has_its_measure() {
    let reported = [
        ("M7 precincts with a joint Party committee", "joint-task", "precincts"),
        ("M9 vanguard teams", "vanguard-team", "teams"),
        ("M9 vanguard members", "vanguard-team", "members"),
        ("M9 volunteer service teams", "vanguard-team", "volunteer-teams"),
        ("M10 households in service circles", "service-circle", "households"),
        ("M10 members with a service circle", "service-circle", "members"),
        ("M11 activity tasks", "activity", "activities"),
        ("M12 problem clues", "clue", "clues"),
        ("M13 disputes resolved with villagers' help", "dispute", "helped"),
        ("M14 education sites", "education-site", "sites"),
        ("M14 main sites", "education-site", "main"),
        ("M14 sites of villages", "education-site", "village"),
        ("M16 model practitioners", "practitioner", "practitioners"),
        ("M18 participations", "six-people", "person-times"),
        ("M19 joint theme Party days", "theme-day", "days"),
        ("M21 pairings", "pairing", "pairings"),
        ("M23 study trips", "study-trip", "trips"),
        ("M26 villages with branch-led cooperatives", "cooperative", "villages"),
        ("M28 lectures held", "lecture", "lectures"),
        ("M29 reserve cadres", "reserve-cadre", "raised"),
        ("M29 wealth leaders", "reserve-cadre", "wealth"),
        ("M29 new graduates", "reserve-cadre", "graduates"),
        ("M29 returned talents", "reserve-cadre", "returned"),
        ("M29 local talents", "reserve-cadre", "local"),
        ("M29 posted to another village", "reserve-cadre", "posted"),
        ("M29 entered a village's two committees", "reserve-cadre", "committees"),
    ];
    for (fact, kind, measure) in reported {
        let kind = Kind::of(kind).unwrap();
        assert!(fact.starts_with(&format!("M{} ", kind.mechanism)), "{fact}: {}", kind.key);
        assert!(kind.measures.iter().any(|declared| declared.key == measure), "{fact}: {}", kind.key);
    }
}

#[test]
fn declarations_hold_together() {
    let mut keys = BTreeMap::new();
    for kind in KINDS {
        let name = kind.key;
        assert!(keys.insert(name, ()).is_none(), "two kinds are called {name}");
        assert!(name.len() <= crate::id::ID_BYTES && kind.mechanism <= 29, "{name}");
        assert!((1..=FIELDS_LIMIT).contains(&kind.fields.len()), "{name}");
        let title = &kind.fields[0];
        assert!(title.shape == Shape::Line && title.required, "{name}: the first field titles the record");
        assert!(kind.fields.iter().all(|field| field.required || !field.fixed), "{name}: fixed and perhaps never said");
        let once = |keys: Vec<&str>| {
            let count = keys.len();
            keys.into_iter().collect::<BTreeSet<_>>().len() == count
        };
        assert!(once(kind.fields.iter().map(|field| field.key).collect()), "{name}: fields");
        assert!(once(kind.states.iter().map(|state| state.key).collect()), "{name}: states");
        assert!(once(kind.steps.iter().map(|step| step.key).collect()), "{name}: steps");
        assert!(!kind.keepers.is_empty() && !kind.measures.is_empty(), "{name}");
        for step in kind.steps {
            assert!(
                kind.state(step.to).is_some() && !step.by.is_empty() && !step.from.is_empty(),
                "{name}: {}",
                step.key
            );
            assert!(step.from.iter().all(|from| kind.state(from).is_some()), "{name}: {}", step.key);
            assert!(step.needs.iter().all(|field| kind.field(field).is_some()), "{name}: {}", step.key);
            let known = |other: &str| other == OPENED || kind.step(other).is_some();
            assert!(step.apart_from.iter().all(|other| known(other)), "{name}: {}", step.key);
        }
        for state in kind.states {
            let reached = kind.first() == Some(state) || kind.steps.iter().any(|step| step.to == state.key);
            assert!(reached, "{name}: nothing leads to {}", state.key);
            let ends = kind.from(state.key).next().is_none();
            assert!(!ends || state.rests, "{name}: {} leads nowhere and does not rest", state.key);
        }
        for measure in kind.measures {
            assert!(measure.states.iter().all(|state| kind.state(state).is_some()), "{name}: {}", measure.key);
            if let Some((field, word)) = measure.saying {
                match kind.field(field).map(|field| field.shape) {
                    Some(Shape::Choice(choices)) => {
                        assert!(choices.iter().any(|choice| choice.key == word), "{name}: {}", measure.key);
                    }
                    other => panic!("{name}: {} counts words of {other:?}", measure.key),
                }
            }
            match measure.what {
                Counted::Records | Counted::Villages => {}
                Counted::Once(field) => assert!(kind.field(field).is_some(), "{name}: {}", measure.key),
                Counted::PersonTimes | Counted::Persons => assert!(kind.lines.is_some(), "{name}: {}", measure.key),
                Counted::Sum(field) => {
                    let shape = kind.field(field).map(|field| field.shape);
                    assert!(matches!(shape, Some(Shape::Count | Shape::Money)), "{name}: {}", measure.key);
                }
            }
        }
    }
}

/// Goes through all that a kind says to people.
fn words(kind: &Kind) -> Vec<Words> {
    let mut words = vec![kind.name];
    for field in kind.fields {
        words.push(field.name);
        if let Shape::Choice(choices) = field.shape {
            words.extend(choices.iter().map(|choice| choice.name));
        }
    }
    words.extend(kind.states.iter().map(|state| state.name));
    words.extend(kind.steps.iter().map(|step| step.name));
    words.extend(kind.lines.iter().flat_map(|lines| [Some(lines.name), lines.note]).flatten());
    words.extend(kind.measures.iter().map(|measure| measure.name));
    words
}

#[test]
fn words_are_short_and_in_their_language() {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for kind in KINDS {
        for Words { zh, en } in words(kind) {
            assert!(zh.chars().any(is_chinese) && !zh.contains(|c: char| c.is_ascii_alphabetic()), "{zh}");
            assert!(zh.chars().count() <= 10 && en.len() <= 32, "{zh} {en} is long");
            assert!(en.starts_with(|c: char| c.is_ascii_uppercase()) && !en.ends_with('.'), "{en}");
            assert!(!en.chars().any(is_chinese), "{en}");
        }
    }
}

#[test]
fn keys_can_be_written_by_hand() {
    for kind in KINDS {
        let mut keys = vec![kind.key];
        for field in kind.fields {
            keys.push(field.key);
            if let Shape::Choice(choices) = field.shape {
                keys.extend(choices.iter().map(|choice| choice.key));
            }
        }
        keys.extend(kind.states.iter().map(|state| state.key));
        keys.extend(kind.steps.iter().map(|step| step.key));
        keys.extend(kind.measures.iter().map(|measure| measure.key));
        for key in keys {
            let plain = key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            assert!(plain && !key.is_empty() && key.len() <= crate::id::ID_BYTES, "{}: {key}", kind.key);
        }
    }
}

#[test]
fn nothing_of_what_is_never_built_is_declared() {
    let never = [
        "打卡",
        "排行榜",
        "黑名单",
        "活跃度",
        "在线时长",
        "身份证",
        "签到",
        "照片",
        "人脸",
        "定位",
        "check-in",
        "check in",
        "leaderboard",
        "blacklist",
        "black-list",
        "photo",
        "location",
        "streak",
        "ID number",
        "identity",
        "online",
    ];
    for kind in KINDS {
        let keys = kind.fields.iter().map(|field| field.key);
        let keys = keys.chain(kind.steps.iter().map(|step| step.key)).chain(kind.measures.iter().map(|m| m.key));
        let said: Vec<String> =
            words(kind).into_iter().flat_map(|words| [words.zh, words.en]).chain(keys).map(str::to_lowercase).collect();
        for word in never {
            assert!(said.iter().all(|said| !said.contains(&word.to_lowercase())), "{}: {word}", kind.key);
        }
    }
}

#[test]
fn a_step_that_ends_something_early_asks_for_a_reason() {
    // A way out of several states, or back to where a record was before, is not what was planned for it.
    let early = [
        "cancel",
        "stop",
        "withdraw",
        "decline",
        "refuse",
        "dissolve",
        "shut",
        "leave",
        "break-off",
        "reopen",
        "ask-again",
        "carry",
        "pass-on",
    ];
    for kind in KINDS {
        for step in kind.steps {
            let is_early = early.contains(&step.key);
            assert!(!is_early || step.reason, "{}: {}", kind.key, step.key);
        }
        assert!(kind.states.iter().any(|state| state.rests), "{} never rests", kind.key);
    }
}

#[test]
fn a_record_at_work_can_be_ended_by_its_keepers_or_leaders() {
    // From every state, some chain of steps leads to one that rests.
    for kind in KINDS {
        let mut resting: BTreeSet<&str> = kind.states.iter().filter(|s| s.rests).map(|s| s.key).collect();
        for _ in kind.states {
            let leading = kind.steps.iter().filter(|step| resting.contains(step.to)).flat_map(|step| step.from);
            resting = resting.iter().chain(leading).copied().collect();
        }
        assert_eq!(resting.len(), kind.states.len(), "{}", kind.key);
    }
}
