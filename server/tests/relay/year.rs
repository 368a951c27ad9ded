//! The sample's year against the township's own counts, as an office and a village read them from the relay.

use std::collections::{BTreeMap, BTreeSet};

use server::Config;
use server::headless::{Headless, Http};
use server::sample::township::{self, Extent, MEETING_VILLAGE, SampleLink};
use shared::digest;
use shared::domain::Workspace;
use shared::domain::assessment::AssessmentResult;
use shared::domain::notice::{self, LineState};
use shared::domain::points::flow::{Stage, State};
use shared::domain::register::kinds::notice::TOWNSHIP_NOTICE;
use shared::domain::register::{Home, KINDS, Kind, Record, Value, tally};
use shared::domain::rulebook::lint::{lint_assessment, lint_points};
use shared::domain::township::VillageKind;
use shared::id::{RulebookId, ScopeId, UnitCode};
use shared::replica::status::RelayStatus;

/// What the township reported: mechanism, fact, value, note.
const FACTS: &str = include_str!("../samples/niuzhuang/facts.csv");
#[tokio::test]
async fn the_year_comes_to_what_the_township_reported_and_a_village_sees_its_own() {
    let data = tempfile::tempdir().unwrap();
    let running = server::start(&Config::local(data.path())).await.unwrap();
    let address = format!("http://{}", running.address);
    let token = running.relay.founding_token().await.unwrap().to_text();
    let links = township::build(&token, Http::new(&address), Extent::Year, |_| ()).await.unwrap();

    let office = read(&links, "office", &address).await;
    compare(&office);
    within_one_year(&office);
    goes_to_the_first(&office);
    books_balance(&office);
    let own = UnitCode::new(MEETING_VILLAGE).unwrap();
    for (role, handles) in [("scribe", false), ("secretary", true)] {
        let village = read(&links, role, &address).await;
        sees_its_own(&village, &office, &own, handles);
        assert_eq!(village.assessments, office.assessments, "a confirmed quarter is everybody's to compute again");
        assert_eq!((&village.flag, village.cards.len()), (&office.flag, 0));
        assert_eq!(village.villages[&own].points, office.villages[&own].points);
        assert_eq!(village.villages[&own].posts, office.villages[&own].posts);
    }
}

/// Enrols a device and reads all that it may.
async fn read(links: &[SampleLink], role: &str, address: &str) -> Workspace {
    let link = links.iter().find(|link| link.role == role).unwrap();
    let mut device = Headless::in_memory(Http::new(address)).await.unwrap();
    device.enrol(&link.invitation).await.unwrap();
    device.sync().await.unwrap();
    assert!(matches!(device.status().relay, RelayStatus::UpToDate { .. }), "{:?}", device.status());
    assert_eq!(device.status().notes, []);
    let workspace = device.workspace().clone();
    for (address, affairs) in &workspace.registers {
        assert_eq!(affairs.notes, [], "everything in {address} counts");
    }
    workspace
}

/// Holds every line of the file against what the office is shown.
fn compare(office: &Workspace) {
    for line in FACTS.lines().skip(1) {
        let cells: Vec<&str> = line.splitn(4, ',').collect();
        let &[mechanism, fact, value, note] = cells.as_slice() else { panic!("{line}") };
        let value: i64 = value.parse().unwrap();
        let shown = shown(office, mechanism, fact).unwrap_or_else(|| panic!("nothing is shown of {line}"));
        if note.starts_with("at least") {
            assert!(shown >= value, "{line}: {shown}");
        } else {
            assert_eq!(shown, value, "{line}");
        }
        check_note(office, fact, note);
    }
}

/// Returns what the office's device shows for a fact.
fn shown(office: &Workspace, mechanism: &str, fact: &str) -> Option<i64> {
    let (kind, measure) = match (mechanism, fact) {
        ("M1", "units assessed") => return Some(confirmed(office).standings.len() as i64),
        ("M6", "post categories") => return Some(categories(office)),
        ("M4", "aspects") => return Some(aspects(office).len() as i64),
        ("-", "households of 沙湾村") => return Some(roster(office, "沙湾村").households.len() as i64),
        ("M10", "households per member in a service circle") => {
            let circles = ["members", "households"].map(|measure| count(office, "service-circle", measure, |_| true));
            let [members, households] = circles;
            assert!(members > 0 && households % members == 0, "{households} households of {members} members");
            return Some(households / members);
        }
        ("M9", "volunteer service teams in one precinct") => {
            return Some(largest_of_a_precinct(office, "vanguard-team", "volunteer-teams"));
        }
        ("M18", "participations in one precinct (person-times)") => {
            return Some(largest_of_a_precinct(office, "six-people", "person-times"));
        }
        ("M7", "precincts with a joint Party committee") => ("joint-task", "precincts"),
        ("M9", "vanguard teams") => ("vanguard-team", "teams"),
        ("M9", "vanguard members") => ("vanguard-team", "members"),
        ("M11", "activity tasks in the year") => ("activity", "activities"),
        ("M12", "problem clues collected in the year") => ("clue", "clues"),
        ("M13", "disputes resolved with villagers' help in the year") => ("dispute", "helped"),
        ("M14", "education bases") => ("education-site", "sites"),
        ("M16", "model practitioners") => ("practitioner", "practitioners"),
        ("M19", "joint theme Party days") => ("theme-day", "days"),
        ("M21", "pairing") => ("pairing", "pairings"),
        ("M23", "study trips") => ("study-trip", "trips"),
        ("M26", "villages with branch-led cooperatives") => ("cooperative", "villages"),
        ("M28", "lectures held") => ("lecture", "lectures"),
        ("M29", "reserve cadres") => ("reserve-cadre", "raised"),
        ("M29", "reserve cadres: wealth leaders") => ("reserve-cadre", "wealth"),
        ("M29", "reserve cadres: new graduates") => ("reserve-cadre", "graduates"),
        ("M29", "reserve cadres: returned talents") => ("reserve-cadre", "returned"),
        ("M29", "reserve cadres: local talents") => ("reserve-cadre", "local"),
        ("M29", "posted to another village") => ("reserve-cadre", "posted"),
        ("M29", "entered a village's two committees") => ("reserve-cadre", "committees"),
        _ => return None,
    };
    Some(count(office, kind, measure, |_| true))
}

/// Holds what a note says beside a number against what the office is shown.
fn check_note(office: &Workspace, fact: &str, note: &str) {
    let words: Vec<&str> = note.split([' ', ';']).filter(|word| !word.is_empty()).collect();
    let figures: BTreeMap<&str, i64> =
        words.windows(2).filter_map(|pair| Some((pair[1], pair[0].parse().ok()?))).collect();
    match fact {
        "units assessed" => {
            let of = |kind| office.township.units.values().filter(|unit| unit.kind == kind).count() as i64;
            let counted = [("villages", of(VillageKind::Village)), ("community", of(VillageKind::Community))];
            assert_eq!(figures, BTreeMap::from(counted));
        }
        "education bases" => {
            let counted = ["main", "village"].map(|rank| (rank, count(office, "education-site", rank, |_| true)));
            assert_eq!(figures, BTreeMap::from(counted));
        }
        "aspects" => assert_eq!(words, aspects(office)),
        "households of 沙湾村" => {
            let over = words.iter().skip_while(|word| **word != "over").nth(1).unwrap().parse().unwrap();
            assert!(roster(office, "沙湾村").people.len() > over, "{note}");
        }
        "villages with branch-led cooperatives" => {
            let hosts = records(office, "cooperative").flat_map(|record| &record.hosts);
            let names: BTreeSet<&str> = hosts.map(|host| name(office, host)).collect();
            assert_eq!(names, words.into_iter().collect());
        }
        "pairing" => {
            let (helpers, helped) = note.split_once(" help ").unwrap();
            let [pairing] = records(office, "pairing").collect::<Vec<_>>()[..] else { panic!("one pairing") };
            let hosts: BTreeSet<&str> = pairing.hosts.iter().map(|host| name(office, host)).collect();
            assert_eq!(hosts, helpers.split(" and ").collect());
            let Some(Value::Unit(village)) = pairing.value("helped") else { panic!("nobody is helped") };
            assert_eq!(Some(name(office, village)), helped.split(' ').next());
        }
        _ => {}
    }
}

/// Every day that is said lies in the one year whose documents hold all of it.
fn within_one_year(office: &Workspace) {
    let mut years = BTreeSet::new();
    for (_, record) in office.records() {
        years.insert(record.date.parts().0);
        years.extend(record.steps.values().map(|taken| taken.value.date.parts().0));
    }
    assert_eq!(years.len(), 1, "{years:?}");
}

/// The quarter is whole, one village is first alone, and the flag is in its hands by both signatures.
fn goes_to_the_first(office: &Workspace) {
    let [assessment] = office.assessments.values().collect::<Vec<_>>()[..] else { panic!("one quarter") };
    assert_eq!((&assessment.notes, &assessment.late, &assessment.blockers), (&vec![], &vec![], &vec![]));
    assert_eq!(lint_assessment(&assessment.settings.as_ref().unwrap().rule), []);
    let result = confirmed(office);
    assert!(result.standings.iter().all(|standing| standing.rank.is_some()));
    assert_eq!(result.standings.iter().map(|standing| standing.not_visited).sum::<usize>(), 1);
    let [first] = result.first().collect::<Vec<_>>()[..] else { panic!("one village is first") };
    assert_eq!((office.flag.holder(), &office.flag.notes), (Some(first), &vec![]));
    let [notice] = records(office, TOWNSHIP_NOTICE.key).collect::<Vec<_>>()[..] else { panic!("one notice") };
    assert_eq!(notice.state().map(|state| state.key), Some("confirmed"));
    assert_eq!(notice.value("digest"), Some(&Value::Text(digest::short(&result.digest))));
    let stands = notice::lines(office, notice);
    assert_eq!(stands.len(), result.standings.len());
    assert!(stands.values().all(|line| *line == LineState::Shown), "what was objected to was looked into");
    assert_eq!(notice::objections(office, notice).count(), 1);
}

/// Everything that was claimed is booked, what an account has follows from its entries, and three months are closed.
fn books_balance(office: &Workspace) {
    let village = &office.villages[&UnitCode::new(MEETING_VILLAGE).unwrap()];
    let (accounts, posts) = (&village.points, &village.posts);
    let [rule] = village.points_rules.values().collect::<Vec<_>>()[..] else { panic!("one rule of points") };
    assert_eq!(lint_points(&rule.agreed().unwrap().rule), []);
    assert_eq!((&accounts.notes, &accounts.adjustments), (&vec![], &vec![]));
    assert!(accounts.entries.len() > 150, "{}", accounts.entries.len());
    assert!(accounts.entries.values().all(|entry| entry.state == State::At(Stage::Booked)));
    let closed: Vec<String> = accounts.closed.keys().map(ToString::to_string).collect();
    assert_eq!(closed, ["2026-07", "2026-08", "2026-09"]);
    let counted: i64 = accounts.entries.values().map(|entry| entry.counted.points).sum();
    assert_eq!(accounts.months.values().flat_map(BTreeMap::values).sum::<i64>(), counted);
    for quarter in posts.quarters.values() {
        assert_eq!(quarter.notes, []);
        let posts: BTreeSet<_> = quarter.held.values().map(|held| held.value.post.clone()).collect();
        assert_eq!(posts.len() as i64, categories(office), "every post is held");
        assert!(quarter.months.values().all(|month| month.entries.len() == 1));
    }
}

/// A village's device has of every kind what the office shows of the village, and nothing of any other.
fn sees_its_own(village: &Workspace, office: &Workspace, own: &UnitCode, handles: bool) {
    for kind in KINDS {
        let both = [village, office].map(|workspace| of_village(workspace, kind, own));
        let hidden = match kind.home {
            Home::Village | Home::Township => false,
            Home::Cases => !handles,
            Home::Office | Home::Letters => true,
        };
        if hidden {
            assert_eq!(village.records_of(kind).count(), 0, "{}", kind.key);
        } else {
            assert_eq!(both[0], both[1], "{}", kind.key);
        }
    }
    for (address, record) in village.records().filter(|(address, _)| address.scope != ScopeId::Township) {
        assert_eq!(record.hosts, BTreeSet::from([own.clone()]), "{address} {}", record.id);
    }
    let held = village.villages.keys().collect::<Vec<_>>();
    assert_eq!(held, [own], "no other village's people");
}

fn of_village(workspace: &Workspace, kind: &'static Kind, own: &UnitCode) -> Vec<i64> {
    let records = workspace.records_of(kind).map(|(_, record)| record);
    tally(kind, records, Some(own)).into_iter().map(|tally| tally.count).collect()
}

fn records<'a>(office: &'a Workspace, kind: &str) -> impl Iterator<Item = &'a Record> {
    office.records_of(Kind::of(kind).unwrap()).map(|(_, record)| record)
}

fn count(office: &Workspace, kind: &str, measure: &str, counts: impl Fn(&&Record) -> bool) -> i64 {
    let tallies = tally(Kind::of(kind).unwrap(), records(office, kind).filter(counts), None);
    tallies.into_iter().find(|tally| tally.measure.key == measure).unwrap().count
}

/// Returns a measure over the records of that precinct which has most of it.
fn largest_of_a_precinct(office: &Workspace, kind: &str, measure: &str) -> i64 {
    let precinct = |code: &UnitCode| office.township.units[code].precinct.as_str();
    let precincts: BTreeSet<&str> = office.township.units.values().map(|unit| unit.precinct.as_str()).collect();
    let within =
        |wanted: &str| count(office, kind, measure, |record| record.hosts.iter().all(|c| precinct(c) == wanted));
    precincts.into_iter().map(within).max().unwrap()
}

/// Returns the one result that is confirmed.
fn confirmed(office: &Workspace) -> &AssessmentResult {
    let [result] = office.assessments.values().filter_map(|held| held.confirmed_result()).collect::<Vec<_>>()[..]
    else {
        panic!("one quarter is confirmed")
    };
    result
}

/// Returns how many categories of posts the rule has under which a village keeps its log.
fn categories(office: &Workspace) -> i64 {
    let quarters = office.villages.values().flat_map(|village| village.posts.quarters.values());
    let [quarter] = quarters.collect::<Vec<_>>()[..] else { panic!("one village logs one quarter") };
    quarter.rule.agreed().unwrap().categories.len() as i64
}

/// Returns the names of what members are reviewed by.
fn aspects(office: &Workspace) -> Vec<&str> {
    let review = RulebookId::new("member-review").unwrap();
    let adopted = office.rulebooks_in_force().find(|adoption| adoption.rulebook.id == review).unwrap();
    adopted.rulebook.criteria.iter().map(|criterion| criterion.name.as_str()).collect()
}

fn roster<'a>(office: &'a Workspace, village: &str) -> &'a shared::domain::person::Roster {
    let unit = office.township.units.values().find(|unit| unit.name == village).unwrap();
    &office.villages[&unit.code].roster
}

fn name<'a>(office: &'a Workspace, code: &UnitCode) -> &'a str {
    &office.township.units[code].name
}
