//! A village's points as pages show them: sums that end in the balance, lists, drafts, and what keeps somebody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::domain::command::{Command, PeopleCommand, PointsRefusal, PointsWish, Refusal};
use shared::domain::decide::{Edit, Fact, decide};
use shared::domain::divergence::{Said, Settled};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster};
use shared::domain::points::fact::{HonourShare, PointFact};
use shared::domain::points::flow::{PointStep, Stage};
use shared::domain::points::{Accounts, Cap, Journal, People, Short};
use shared::domain::register::{Affair, Affairs, Opening, Powers, StepTaken, Value};
use shared::domain::rulebook::lint::Lint;
use shared::domain::rulebook::points::{PointsAdoption, RulesOf};
use shared::domain::{Village, Workspace};
use shared::id::{Address, DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId, PersonId, ScopeId, UnitCode};
use shared::identity::{Holder, PublicKey};
use shared::role::{Role, Roles};
use shared::time::{Date, Instant, Month};

use super::account::{What, account, story};
use super::boards::{BoardRow, Who, boards};
use super::claim::{ClaimDraft, ClaimFault, candidates, may_claim};
use super::rule::{CategoryDraft, ItemDraft, RuleDraft, RuleFault};
use super::split::{SplitDraft, SplitFault, commands};
use super::work::{At, Query, list, may_step};
use super::{MonthState, accounts, month, months, sheet};

/// A village of four houses; in `h4` lives the child `c4`.
struct Hall {
    workspace: Workspace,
    facts: Vec<Recorded<PointFact>>,
    today: Date,
}

const SCRIBE: (u32, &str, Role) = (1, "p1", Role::Scribe);
const SECRETARY: (u32, &str, Role) = (2, "p2", Role::VillageSecretary);
const COMMITTEE: (u32, &str, Role) = (3, "p3", Role::SupervisionCommittee);
const MEMBER: (u32, &str, Role) = (4, "p4", Role::PartyMember);

fn shawan() -> UnitCode {
    UnitCode::new("420529202209").unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn october() -> Month {
    day("2026-10-01").month()
}

fn home(id: &str) -> HouseholdId {
    id.parse().unwrap()
}

fn holder((device, person, role): (u32, &str, Role)) -> Holder {
    Holder {
        device: DeviceNumber(device),
        code: DeviceCode::new(&format!("S{device}")).unwrap(),
        person: person.parse().unwrap(),
        name: String::new(),
        roles: Roles::from(role),
        villages: BTreeSet::from([shawan()]),
        may_enrol: false,
        expires: Instant(u64::MAX),
        key: PublicKey([0; 32]),
        renewal: 0,
    }
}

/// Clean-up 5, 10 a month at most; dumping costs 5.
fn written() -> RuleDraft {
    let item = |id: &str, name: &str, points: &str, per_month: &str| ItemDraft {
        id: id.to_owned(),
        name: name.to_owned(),
        points: points.to_owned(),
        per_month: per_month.to_owned(),
        evidence: "名单".to_owned(),
        ..ItemDraft::default()
    };
    RuleDraft {
        title: "积分办法".to_owned(),
        version: 1,
        base: "100".to_owned(),
        categories: vec![CategoryDraft { id: "all".to_owned(), name: "环境".to_owned(), per_month: "30".to_owned() }],
        items: vec![
            item("cleanup", "清扫", "5", "10"),
            item("garden", "庭院", "5", "5"),
            item("help", "帮工", "5", "5"),
            item("visit", "探望", "5", "5"),
            item("dumping", "乱倒垃圾", "-5", "10"),
        ],
        from: "2026-09-01".to_owned(),
        meeting: "村民代表会议".to_owned(),
        due: "30".to_owned(),
        present: "20".to_owned(),
        yes: "11".to_owned(),
        ..RuleDraft::default()
    }
}

impl Hall {
    fn new() -> Self {
        let mut roster = Roster::default();
        let names = ["刘芳", "王伟", "覃勇", "向明"];
        let pinyin = ["liú fāng", "wáng wěi", "qín yǒng", "xiàng míng"];
        for (place, (name, pinyin)) in names.into_iter().zip(pinyin).enumerate() {
            let number = place + 1;
            let id: PersonId = format!("p{number}").parse().unwrap();
            let household = home(&format!("h{number}"));
            let house = Household {
                id: household.clone(),
                number: format!("{number:03}"),
                group: "一组".to_owned(),
                head: Some(id.clone()),
            };
            roster.households.insert(household.clone(), house);
            roster.people.insert(id.clone(), somebody(id, name, pinyin, household, 1970));
        }
        let child: PersonId = "c4".parse().unwrap();
        roster.people.insert(child.clone(), somebody(child, "向小明", "xiàng xiǎo míng", home("h4"), 2015));
        let mut workspace = Workspace::default();
        let rule = written().rule().unwrap();
        let key = (rule.id.clone(), rule.version);
        let value = PointsAdoption { rule, from: day("2026-09-01"), adopted_at: String::new() };
        let points_rules = BTreeMap::from([(key, Settled::Agreed(Said { value, by: Vec::new() }))]);
        let village = Village { roster: roster.into(), points_rules, ..Village::default() };
        workspace.villages.insert(shawan(), village);
        Self { workspace, facts: Vec::new(), today: day("2026-10-20") }
    }

    /// Asks as a phone would, and folds what was decided.
    fn ask(&mut self, who: (u32, &str, Role), wish: PointsWish) -> Result<Vec<FactId>, Refusal> {
        let (me, today) = (holder(who), self.today);
        let command = Command::Points(shawan(), shared::domain::command::PointsCommand { today, wish });
        let edits = decide(&self.workspace, &crate::state::register::acting(&me), &command)?;
        let mut numbers = Vec::new();
        for edit in edits {
            let Edit::Fact { fact: Fact::Points(value), .. } = edit else { panic!("points write facts") };
            let counter = 1 + self.facts.iter().filter(|fact| fact.id.device == me.code).count();
            let id = FactId { device: me.code.clone(), counter: u32::try_from(counter).unwrap() };
            let author = Author { device: me.device, holder: Some(me.person.clone()) };
            let at = Instant(self.facts.len() as u64);
            self.facts.push(Recorded { id: id.clone(), author, at, value: *value });
            numbers.push(id);
        }
        let role = |device: DeviceNumber| {
            let all = [SCRIBE, SECRETARY, COMMITTEE, MEMBER];
            all.into_iter().find(|(number, ..)| *number == device.0).map(|(.., role)| Roles::from(role))
        };
        let powers = |_: &FactId, device| Some(Powers { roles: role(device)?, villages: BTreeSet::from([shawan()]) });
        let journal = Journal::of(self.facts.clone(), &shawan(), &powers);
        let village = self.workspace.villages.get_mut(&shawan()).unwrap();
        let rules = RulesOf { village: &village.points_rules, township: &self.workspace.points_rules };
        let folded = Accounts::fold(&[&journal], People::of(&village.roster), rules, BTreeSet::new());
        village.points = Arc::new(folded);
        Ok(numbers)
    }

    fn claims(&mut self, who: (u32, &str, Role), item: &str, date: &str, people: &[&str]) -> Vec<FactId> {
        let draft = ClaimDraft {
            date: date.to_owned(),
            item: item.to_owned(),
            occasion: date.to_owned(),
            note: "河边".to_owned(),
            ticked: people.iter().map(|person| (*person).to_owned()).collect(),
            ..ClaimDraft::default()
        };
        let wish = draft.wish(&self.workspace, &shawan()).unwrap();
        self.ask(who, wish).unwrap()
    }

    fn steps(&mut self, who: (u32, &str, Role), step: PointStep, entries: &[FactId]) {
        let wish = PointsWish::Step { step, entries: entries.to_vec(), words: "会议".to_owned() };
        self.ask(who, wish).unwrap();
    }

    fn books(&mut self, entries: &[FactId]) {
        self.steps(COMMITTEE, PointStep::Verify, entries);
        self.steps(SECRETARY, PointStep::Deliberate, entries);
        self.steps(SCRIBE, PointStep::Notice, entries);
        self.steps(SECRETARY, PointStep::Book, entries);
    }

    /// Draws the sum of an account, line by line.
    fn drawn(&self, id: &str) -> Vec<String> {
        let account = account(&self.workspace, &holder(SCRIBE), &shawan(), self.today, &home(id)).unwrap();
        let line = |line: &super::account::Line| {
            let what = match &line.what {
                What::Base => "base".to_owned(),
                What::Entry { id, short, late_in, .. } => {
                    let over = short.map(|short| format!(" {short:?}")).unwrap_or_default();
                    format!("{id}{over}{}", late_in.map(|month| format!(" in {month}")).unwrap_or_default())
                }
                What::TakenBack { id, stands_in, .. } => format!("back {id} in {stands_in}"),
                What::Shared { with, .. } => format!("shared {with}"),
            };
            format!("{what} {:+} = {}", line.points, line.running)
        };
        assert_eq!(account.lines.last().map(|line| line.running), Some(account.balance.honour()));
        account.lines.iter().map(line).collect()
    }
}

fn somebody(id: PersonId, name: &str, pinyin: &str, household: HouseholdId, born: u16) -> Person {
    Person {
        id,
        name: name.to_owned(),
        pinyin: pinyin.to_owned(),
        household,
        birth_year: Some(born),
        residency: Residency::Registered,
        standing: None,
        class: MemberClass::Ordinary,
        representative: false,
        hidden: false,
    }
}

#[test]
fn an_account_is_recomputed_line_by_line() {
    let mut hall = Hall::new();
    let mut all = Vec::new();
    for date in ["2026-10-03", "2026-10-05", "2026-10-07"] {
        all.extend(hall.claims(SCRIBE, "cleanup", date, &["p4"]));
    }
    hall.books(&all);
    let over = Short::Over(Cap::ItemMonth);
    let expected = ["base +100 = 100", "S1-1 +5 = 105", "S1-2 +5 = 110", &format!("S1-3 {over:?} +0 = 110")];
    assert_eq!(hall.drawn("h4"), expected);
    hall.today = day("2026-11-05");
    hall.ask(SECRETARY, PointsWish::Close(october())).unwrap();
    hall.ask(COMMITTEE, PointsWish::Reverse { entry: all[0].clone(), reason: "记错".to_owned() }).unwrap();
    let late = hall.claims(SCRIBE, "garden", "2026-10-09", &["p4"]);
    hall.books(&late);
    let share = HonourShare { from: home("h4"), to: home("h1"), points: 30, words: "协议".to_owned() };
    hall.ask(SECRETARY, PointsWish::Share(share)).unwrap();
    let drawn = hall.drawn("h4");
    assert_eq!(
        drawn[4..],
        ["back S1-1 in 2026-11 -5 = 105", &format!("{} in 2026-11 +5 = 110", late[0]), "shared 一组 001 -30 = 80",]
    );
    assert_eq!(hall.drawn("h1"), ["base +100 = 100", "shared 一组 004 +30 = 130"]);
    let shown = account(&hall.workspace, &holder(SCRIBE), &shawan(), hall.today, &home("h4")).unwrap();
    let year = &shown.years[0];
    assert_eq!((year.year, year.points, year.months.len()), (2026, 10, 2));
    assert_eq!(year.months.iter().map(|(.., is_closed)| *is_closed).collect::<Vec<_>>(), [false, true]);
    assert!(matches!(shown.may_settle, Err(Refusal::Role { .. })), "a scribe settles no account");
    assert!(!shown.redeems && shown.may_redeem == Err(PointsRefusal::RedemptionOff.into()));
    assert!(shown.people.iter().any(|person| person.is_minor) && shown.entries.len() == 4);
    assert_eq!(story(&hall.workspace, &shawan(), &all[0]).len(), 6, "claimed, four steps, reversed");
}

#[test]
fn an_event_is_one_save_and_says_of_whom_it_is_recorded_already() {
    let mut hall = Hall::new();
    let numbers = hall.claims(SCRIBE, "cleanup", "2026-10-11", &["p2", "p3", "p4"]);
    assert_eq!(numbers.len(), 3);
    let draft = ClaimDraft {
        date: "2026-10-11".to_owned(),
        item: "cleanup".to_owned(),
        occasion: "2026-10-11".to_owned(),
        ..ClaimDraft::default()
    };
    let rows = |search: &str| {
        let me = holder(MEMBER);
        let found = candidates(&hall.workspace, &me, &shawan(), hall.today, &draft, search, 0);
        let row = |row: &super::claim::Candidate| (row.name.clone(), row.why.is_some());
        found.rows.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(rows("lf"), [("刘芳".to_owned(), false)]);
    assert_eq!(rows("002"), [("王伟".to_owned(), true)], "by household number, and it is recorded");
    let faults = ClaimDraft { item: "dumping".to_owned(), ..draft.clone() }.wish(&hall.workspace, &shawan());
    assert_eq!(faults, Err(vec![ClaimFault::Note, ClaimFault::Nobody]));
    let early = ClaimDraft { date: "2026-08-11".to_owned(), ..draft.clone() };
    assert!(early.wish(&hall.workspace, &shawan()).unwrap_err().contains(&ClaimFault::NoRule));
    let kept = ClaimDraft { ticked: BTreeSet::from(["p2".to_owned(), "p3".to_owned()]), by_household: true, ..draft };
    assert_eq!(ClaimDraft::from_text(&kept.to_text()), kept);
    let may = |who| may_claim(&hall.workspace, &holder(who), &shawan(), hall.today);
    assert_eq!(may(MEMBER), Ok(()));
    assert!(matches!(may(COMMITTEE), Err(Refusal::Role { .. })), "the committee records no points");
}

#[test]
fn a_twin_is_held_and_each_says_what_it_may_be_the_same_as() {
    let mut hall = Hall::new();
    hall.claims(SCRIBE, "cleanup", "2026-10-11", &["p3"]);
    // The member's phone had not heard of it.
    let heard = std::mem::take(&mut hall.facts);
    hall.workspace.villages.get_mut(&shawan()).unwrap().points = Arc::default();
    hall.claims(MEMBER, "cleanup", "2026-10-11", &["p3"]);
    hall.facts.extend(heard);
    hall.claims(SCRIBE, "garden", "2026-10-11", &["p3"]);
    let at = |at| Query { at: Some(at), ..Query::default() };
    let held = list(&hall.workspace, &shawan(), &at(At::Held), 0);
    assert_eq!((held.found.len(), held.states.clone()), (1, vec![(At::Held, 1), (At::Stage(Stage::Claimed), 2)]));
    let twin = held.rows[0].twin.clone().unwrap();
    assert_ne!(twin, held.rows[0].id);
    let may = |who, step| may_step(&hall.workspace, &holder(who), &shawan(), hall.today, step, &held.rows[0].id);
    assert_eq!(may(SECRETARY, PointStep::Release), Ok(()));
    let is_held = PointsRefusal::Held(held.rows[0].id.clone());
    assert_eq!(may(COMMITTEE, PointStep::Verify), Err(is_held.into()));
    hall.steps(SECRETARY, PointStep::Reject, &[held.rows[0].id.clone()]);
    assert_eq!(list(&hall.workspace, &shawan(), &at(At::Held), 0).found.len(), 0);
}

#[test]
fn a_month_says_how_it_stands_and_who_may_close_it() {
    let mut hall = Hall::new();
    let entries = hall.claims(SCRIBE, "cleanup", "2026-10-11", &["p3", "p4"]);
    hall.books(&entries[..1]);
    let shown = |hall: &Hall, who| month(&hall.workspace, &holder(who), &shawan(), hall.today, october());
    let running = shown(&hall, SECRETARY);
    assert_eq!((running.state, running.total), (MonthState::Running, 5));
    assert_eq!(running.counts, [(At::Stage(Stage::Claimed), 1), (At::Stage(Stage::Booked), 1)]);
    assert_eq!(running.may_close, Err(PointsRefusal::MonthNotOver(october()).into()));
    hall.today = day("2026-12-02");
    assert_eq!(shown(&hall, SECRETARY).may_close, Ok(()));
    assert!(matches!(shown(&hall, SCRIBE).may_close, Err(Refusal::Role { .. })));
    let known = &hall.workspace.villages[&shawan()].points;
    let drawn: Vec<String> = months(known, hall.today).iter().map(ToString::to_string).collect();
    assert_eq!(drawn, ["2026-12", "2026-11", "2026-10"]);
    hall.ask(SECRETARY, PointsWish::Close(october())).unwrap();
    assert_eq!(shown(&hall, SECRETARY).state, MonthState::Closed);
}

#[test]
fn accounts_are_found_by_name_pinyin_and_number() {
    let mut hall = Hall::new();
    let found = |hall: &Hall, search: &str| {
        let list = accounts::list(&hall.workspace, &shawan(), search, october(), 0);
        list.rows.iter().map(|row| format!("{} {}", row.account, row.honour)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(found(&hall, ""), "h1 100, h2 100, h3 100, h4 100", "the base before anything is recorded");
    let entries = hall.claims(SCRIBE, "cleanup", "2026-10-11", &["p3"]);
    hall.books(&entries);
    assert_eq!(found(&hall, "qy"), "h3 105");
    assert_eq!(found(&hall, "向小明"), "h4 100", "by anybody who lives there");
    assert_eq!(found(&hall, "002"), "h2 100");
}

#[test]
fn the_list_for_the_wall_masks_names_and_names_nobody_beside_a_deduction() {
    let mut hall = Hall::new();
    let mut entries = hall.claims(SCRIBE, "cleanup", "2026-10-11", &["p3"]);
    entries.extend(hall.claims(SCRIBE, "dumping", "2026-10-12", &["p4"]));
    hall.claims(SCRIBE, "garden", "2026-10-12", &["p2"]);
    hall.steps(COMMITTEE, PointStep::Verify, &entries);
    hall.steps(SECRETARY, PointStep::Deliberate, &entries);
    hall.steps(SCRIBE, PointStep::Notice, &entries);
    let sheet = sheet::sheet(&hall.workspace, &shawan(), october());
    let rows: Vec<_> = sheet.rows.iter().map(|row| (row.dwelling.as_str(), row.name.as_str(), row.points)).collect();
    assert_eq!(rows, [("一组 003", "覃＊", 5), ("一组 004", "", -5)], "what is only claimed is on no wall");
    assert_eq!(sheet.households, 2);
    let told = PointsRefusal::NotTold(entries[1].clone());
    let may = may_step(&hall.workspace, &holder(SECRETARY), &shawan(), hall.today, PointStep::Book, &entries[1]);
    assert_eq!(may, Err(told.into()));
}

#[test]
fn a_split_moves_people_and_then_shares_points() {
    let hall = Hall::new();
    let ask = |draft: &SplitDraft| commands(&hall.workspace, &shawan(), hall.today, &home("h4"), draft);
    let mut draft = SplitDraft { number: "004".to_owned(), ..SplitDraft::default() };
    assert_eq!(ask(&draft), Err(SplitFault::Number));
    draft.number = "0041".to_owned();
    assert_eq!(ask(&draft), Err(SplitFault::Movers));
    draft.movers.insert("p4".parse().unwrap());
    draft.movers.insert("c4".parse().unwrap());
    assert_eq!(ask(&draft), Err(SplitFault::Everybody));
    draft.movers.remove(&"c4".parse::<PersonId>().unwrap());
    assert_eq!(ask(&draft), Err(SplitFault::Words));
    draft.words = "分户协议".to_owned();
    draft.points = "40".to_owned();
    let asked = ask(&draft).unwrap();
    let [Command::People(_, moving), Command::ImportRoster { households, people: rest, .. }, Command::Points(..)] =
        asked.as_slice()
    else {
        panic!("{asked:?}")
    };
    let PeopleCommand::Split { household, people, on, .. } = moving else { panic!("{moving:?}") };
    assert_eq!((household.id.as_str(), household.head.as_ref().map(PersonId::as_str)), ("41", Some("p4")));
    assert_eq!((people.iter().map(PersonId::as_str).collect::<Vec<_>>(), *on), (vec!["p4"], hall.today));
    let heads: Vec<_> = households.iter().map(|h| (h.id.as_str(), h.head.as_ref().unwrap().as_str())).collect();
    assert_eq!((heads, rest.len()), (vec![("h4", "c4")], 0), "who moves heads the old household no longer");
}

#[test]
fn a_rule_is_adopted_with_every_warning_answered_and_a_vote_that_carries() {
    let mut draft = written();
    assert_eq!((draft.findings(), draft.faults()), (Vec::new(), Vec::new()));
    let vote = |due: &str, present: &str, yes: &str| {
        let (due, present, yes) = (due.to_owned(), present.to_owned(), yes.to_owned());
        RuleDraft { due, present, yes, ..written() }.vote()
    };
    assert_eq!(vote("18", "12", "7"), Ok((18, 12, 7)));
    assert_eq!(vote("18", "12", "6"), Err(RuleFault::Majority), "half is not more than half");
    assert_eq!(vote("17", "11", "11"), Err(RuleFault::Quorum));
    assert_eq!(vote("17", "18", "11"), Err(RuleFault::Vote));
    draft.items[1].evidence = String::new();
    let warned = draft.findings();
    assert_eq!(warned.iter().map(|finding| finding.lint).collect::<Vec<_>>(), [Lint::NoEvidence]);
    assert_eq!(draft.faults(), [RuleFault::Unanswered]);
    draft.answers.insert(warned[0], "大家都看得到".to_owned());
    assert_eq!(draft.faults(), []);
    draft.strike(0);
    assert_eq!(
        draft.answers.keys().map(|finding| finding.place).collect::<Vec<_>>(),
        [shared::domain::rulebook::lint::Place::Item(0)]
    );
    draft.items[0].name = "上传照片".to_owned();
    assert!(draft.faults().contains(&RuleFault::Blocked));
    draft.items[0].points = "五".to_owned();
    assert!(draft.faults().contains(&RuleFault::Number(Some(0))));
    let again = RuleDraft::of(&written().rule().unwrap(), 2, None);
    assert_eq!(again.rule().map(|rule| (rule.version, rule.items.len())), Ok((2, 5)));
}

#[test]
fn the_boards_name_who_consented_and_else_a_household() {
    let mut hall = Hall::new();
    let number = |text: &str| -> FactId { text.parse().unwrap() };
    let author = |id: &FactId| Author { device: DeviceNumber(u32::from(id.device.as_str() != "A1") + 1), holder: None };
    let fact = |id: &str, value: Affair| {
        let id = number(id);
        Recorded { author: author(&id), id, at: Instant(0), value }
    };
    let opened = |id: &str, kind: &str, values: &[(&str, Value)]| {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let opening = Opening { kind: kind.to_owned(), hosts: [shawan()].into(), date: day("2026-10-01"), values };
        fact(id, Affair::Opened(opening))
    };
    let took = |id: &str, record: &str, step: &str, date: &str, replaces: Option<&str>| {
        let (step, date, reason) = (step.to_owned(), day(date), String::new());
        let replaces = replaces.into_iter().map(number).collect();
        fact(id, Affair::Stepped(StepTaken { record: number(record), step, date, reason, replaces }))
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let deed = |person: &str| {
        let person = Value::Person(person.parse().unwrap());
        vec![("deed", text("带头清沟")), ("item", text("清扫")), ("person", person), ("consent", text("当面"))]
    };
    let matter =
        [("matter", text("河边倒渣")), ("item", text("乱倒垃圾")), ("household", Value::Household(home("h3")))];
    let mut facts = vec![
        opened("A1-1", "red-list", &deed("p1")),
        took("B1-1", "A1-1", "check", "2026-10-02", None),
        took("B1-2", "A1-1", "consent", "2026-10-03", Some("B1-1")),
        took("B1-3", "A1-1", "list", "2026-10-15", Some("B1-2")),
        opened("A1-2", "red-list", &deed("p2")),
        took("B1-4", "A1-2", "check", "2026-10-02", None),
        took("B1-5", "A1-2", "list-unnamed", "2026-10-10", Some("B1-4")),
        opened("A1-3", "reminder", &matter),
    ];
    for (place, step) in ["tell", "cure", "recheck", "refer", "list"].into_iter().enumerate() {
        let before = (place > 0).then(|| format!("B1-{}", place + 9));
        facts.push(took(&format!("B1-{}", place + 10), "A1-3", step, "2026-10-16", before.as_deref()));
    }
    let affairs = Affairs::fold(facts, &BTreeMap::new());
    assert_eq!(affairs.notes, []);
    let address = Address { scope: ScopeId::Village(shawan()), document: DocumentId::Affairs(2026) };
    hall.workspace.registers.insert(address, Arc::new(affairs));

    let said = |rows: Vec<BoardRow>| {
        let who = |who: Who| match who {
            Who::Name(name, apart) => format!("{name}{apart}"),
            Who::Household(number) => number,
        };
        rows.into_iter()
            .map(|row| format!("{} {} {} {}", row.id, who(row.who), row.text, row.until))
            .collect::<Vec<_>>()
    };
    let shown = |on: &str| {
        let boards = boards(&hall.workspace, &shawan(), day(on));
        (said(boards.red), said(boards.warnings))
    };
    let (red, warnings) = shown("2026-10-20");
    assert_eq!(red, ["A1-2 002 带头清沟 2026-11-10", "A1-1 刘芳 带头清沟 2026-11-15"]);
    assert_eq!(warnings, ["A1-3 003 河边倒渣 2026-11-16"]);
    let (red, warnings) = shown("2026-11-16");
    assert_eq!((red.len(), warnings.len()), (0, 1));
}
