//! A branch's posts as pages show them, carried on by real decisions and the real fold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::domain::command::PostRefusal;
use shared::domain::decide::{Edit, Fact};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency};
use shared::domain::post::{PostFact, PostOpening, QuarterPosts};
use shared::domain::register::Powers;
use shared::id::{DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId};
use shared::identity::PublicKey;
use shared::role::{Role, Roles};
use shared::time::Instant;

use super::stars::{Rated, year};
use super::*;

const SHAWAN: &str = "420529202209";
const OCTOBER: &str = "2026-10";

/// Who holds a phone; each is on the roster as well.
const PEOPLE: [(&str, Role); 5] = [
    ("secretary", Role::VillageSecretary),
    ("scribe", Role::Scribe),
    ("watcher", Role::SupervisionCommittee),
    ("li", Role::PartyMember),
    ("villager", Role::Villager),
];

/// A branch whose phones always hear each other.
pub(super) struct Branch {
    pub(super) workspace: Workspace,
    facts: BTreeMap<Quarter, Vec<Recorded<PostFact>>>,
}

impl Branch {
    /// The fourth quarter is open; 李 cleans and mediates, the secretary collects opinions.
    pub(super) fn new() -> Self {
        let mut workspace = Workspace::default();
        let home = HouseholdId::new("h1").unwrap();
        let mut roster = Roster::default();
        let household = Household { id: home.clone(), number: "12".into(), group: "一组".into(), head: None };
        roster.households.insert(home.clone(), household);
        for (id, name) in PEOPLE.map(|(id, _)| (id, id)).into_iter().chain([("li2", "li")]) {
            let person = Person {
                id: person(id),
                name: name.to_owned(),
                pinyin: name.to_owned(),
                household: home.clone(),
                birth_year: None,
                residency: Residency::Registered,
                standing: None,
                class: MemberClass::Ordinary,
                representative: false,
                hidden: false,
            };
            roster.people.insert(person.id.clone(), person);
        }
        workspace.villages.entry(shawan()).or_default().roster = Arc::new(roster);
        let mut branch = Self { workspace, facts: BTreeMap::new() };
        let quarter = "2026-Q4".parse().unwrap();
        branch.does("secretary", PostCommand::Open { quarter, rule: Box::new(PostRule::standard()) });
        for (who, post) in [("li", "cleaning"), ("li", "mediation"), ("secretary", "opinion")] {
            branch.does("scribe", hold(who, post, None));
        }
        branch
    }

    #[track_caller]
    pub(super) fn does(&mut self, who: &str, wish: PostCommand) {
        let me = holder(who);
        let edits = decide(&self.workspace, &acting(&me), &Command::Posts(shawan(), wish)).unwrap();
        for edit in edits {
            let Edit::Fact { address, fact: Fact::Post(fact) } = edit else { panic!("{edit:?}") };
            let DocumentId::Posts(quarter) = address.document else { panic!("{address}") };
            self.hear(who, quarter, *fact);
        }
    }

    /// Takes a fact in, as if another phone had written it without hearing of anything since.
    pub(super) fn hear(&mut self, who: &str, quarter: Quarter, value: PostFact) -> FactId {
        let me = holder(who);
        let counter = self.facts.values().map(Vec::len).sum::<usize>() as u32 + 1;
        let id = FactId { device: me.code, counter };
        let author = Author { device: me.device, holder: Some(me.person) };
        let facts = self.facts.entry(quarter).or_default();
        facts.push(Recorded { id: id.clone(), author, at: Instant(0), value });
        let powers = PEOPLE.map(|(name, _)| holder(name));
        let powers = powers.map(|me| (me.device, Powers { roles: me.roles, villages: me.villages })).into();
        let posts = QuarterPosts::fold(&shawan(), quarter, facts.clone(), &powers);
        assert_eq!(posts.notes, [], "what was decided counts");
        let village = self.workspace.villages.get_mut(&shawan()).unwrap();
        Arc::make_mut(&mut village.posts).quarters.insert(quarter, Arc::new(posts));
        id
    }

    /// Carries 李's October from the log to its review.
    pub(super) fn reviewed(&mut self) {
        self.does("li", logged("li", "cleaning", "2026-10-08"));
        let (li, october) = (|| person("li"), october());
        self.does("li", PostCommand::State { person: li(), month: october, words: "每周扫两次".into() });
        self.does("watcher", PostCommand::Review { person: li(), month: october, words: "属实".into() });
    }

    pub(super) fn scores(&mut self, who: &str, post_: &str, points: &str) {
        let (person, post, points) = (person(who), post(post_), points.parse().unwrap());
        self.does("secretary", PostCommand::Score { person, month: october(), post, points });
    }

    pub(super) fn page(&self, who: &str) -> MonthPage {
        month(&self.workspace, &holder(who), &shawan(), october(), 0)
    }

    fn sheet(&self, who: &str, of: &str) -> sheet::MonthSheet {
        sheet::sheet(&self.workspace, &holder(who), &shawan(), &person(of), october()).unwrap()
    }
}

pub(super) fn shawan() -> UnitCode {
    UnitCode::new(SHAWAN).unwrap()
}

pub(super) fn october() -> Month {
    month_named(OCTOBER).unwrap()
}

pub(super) fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub(super) fn post(id: &str) -> CategoryId {
    CategoryId::new(id).unwrap()
}

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn hold(who: &str, held: &str, until: Option<&str>) -> PostCommand {
    let (person, post, from) = (person(who), post(held), date("2026-10-01"));
    PostCommand::Hold { quarter: from.quarter(), person, post, from, until: until.map(date) }
}

pub(super) fn logged(who: &str, in_post: &str, on: &str) -> PostCommand {
    log::entry(person(who), post(in_post), date(on), "扫了村口的路")
}

pub(super) fn holder(who: &str) -> Holder {
    let place = PEOPLE.iter().position(|(name, _)| *name == who).unwrap();
    Holder {
        device: DeviceNumber(place as u32 + 1),
        code: DeviceCode::new(&who.to_ascii_uppercase()).unwrap(),
        person: person(who),
        name: who.to_owned(),
        roles: Roles::from(PEOPLE[place].1),
        villages: BTreeSet::from([shawan()]),
        may_enrol: false,
        expires: Instant(u64::MAX),
        key: PublicKey([0; 32]),
        renewal: 0,
    }
}

/// A row as `name: posts, drawn+logged, word`.
fn drawn_row(row: &MonthRow) -> String {
    format!("{} {} {}+{} {:?}", row.name, row.posts.join("、"), row.drawn, row.logged, row.word)
}

fn rows(branch: &Branch) -> Vec<String> {
    branch.page("scribe").rows.iter().map(drawn_row).collect()
}

#[test]
fn a_month_lists_whoever_holds_a_post_and_calls_nothing_zero() {
    let mut branch = Branch::new();
    assert_eq!(rows(&branch), ["li 义务保洁员、义务调解员 0+0 NoRecord", "secretary 民意收集员 0+0 NoRecord"]);
    assert!(branch.page("scribe").rows.iter().all(|row| row.stars.is_none()), "no record is no stars");
    branch.does("li", logged("li", "cleaning", "2026-10-08"));
    assert_eq!(rows(&branch)[0], "li 义务保洁员、义务调解员 0+1 At(LogOpen)");
    let decision = "支部大会决定".to_owned();
    branch.does("scribe", PostCommand::Excuse { person: person("li"), month: october(), decision: decision.clone() });
    assert_eq!(rows(&branch)[0], "li 义务保洁员、义务调解员 0+1 Excused");
    assert_eq!(branch.sheet("scribe", "li").excused, [(decision, true)]);
    assert_eq!(branch.page("scribe").rows[0].note, "一组 12", "two people are called so");
}

#[test]
fn a_month_is_carried_to_its_stars_and_each_viewer_hears_what_keeps_them() {
    let mut branch = Branch::new();
    branch.reviewed();
    let duties = |branch: &Branch, who: &str| branch.sheet(who, "li").duties;
    assert_eq!(
        duties(&branch, "li").score,
        Err(Refusal::Role { needs: &[Role::VillageSecretary, Role::SupervisionCommittee] })
    );
    assert_eq!(duties(&branch, "secretary").score, Ok(()));
    let own = Err(Refusal::Posts(PostRefusal::OwnMonth));
    assert_eq!(branch.sheet("secretary", "secretary").duties.review, own);
    branch.scores("li", "cleaning", "92.5");
    assert!(branch.page("scribe").show.people.is_empty(), "one of two posts waits for its score");
    branch.scores("li", "mediation", "90");
    assert_eq!(branch.page("scribe").show.people, [person("li")].into());
    branch.does(
        "scribe",
        PostCommand::Show { month: october(), date: date("2026-11-02"), people: [person("li")].into() },
    );
    let by_scorer = branch.page("secretary").confirm;
    assert_eq!((by_scorer.people.len(), by_scorer.others), (0, Some((1, Refusal::SamePerson))));
    let people = branch.page("watcher").confirm.people;
    assert_eq!(people, [person("li")].into());
    branch.does("watcher", PostCommand::Confirm { month: october(), people });
    let row = &branch.page("li").rows[0];
    assert_eq!(
        (row.word, row.stars.unwrap().published.to_string().as_str()),
        (Word::At(MonthStage::Confirmed), "91.25")
    );
    branch.does("scribe", logged("li", "cleaning", "2026-10-30"));
    let sheet = branch.sheet("scribe", "li");
    assert_eq!((branch.page("li").rows[0].late, sheet.late.len()), (1, 1));
    let late: Vec<bool> = sheet.entries.iter().map(|entry| entry.is_late).collect();
    assert_eq!((late, sheet.unreviewed), (vec![false, true], 0), "E26");
}

#[test]
fn what_was_recorded_after_a_review_is_said() {
    let mut branch = Branch::new();
    branch.reviewed();
    assert_eq!(branch.sheet("watcher", "li").unreviewed, 0);
    branch.does("li", logged("li", "mediation", "2026-10-20"));
    assert_eq!(branch.sheet("watcher", "li").unreviewed, 1);
}

#[test]
fn stars_of_posts_stand_in_a_table_of_their_own() {
    let mut branch = Branch::new();
    branch.reviewed();
    let of_year = |branch: &Branch| year(&branch.workspace, &shawan(), &person("li"), 2026).unwrap();
    assert_eq!(of_year(&branch).months, [(october(), Rated::Open)]);
    assert_eq!((of_year(&branch).quarters.len(), of_year(&branch).year), (0, Rated::NoRecord));
    branch.scores("li", "cleaning", "90");
    branch.does(
        "scribe",
        PostCommand::Show { month: october(), date: date("2026-11-02"), people: [person("li")].into() },
    );
    branch.does("watcher", PostCommand::Confirm { month: october(), people: [person("li")].into() });
    let sheet = of_year(&branch);
    assert!(matches!(sheet.months[0].1, Rated::Stars(stars, 1) if stars.stars == 4));
    assert_eq!(sheet.quarters, [("2026-Q4".parse().unwrap(), Rated::TooFew { have: 1, need: 2 })]);
    assert_eq!((sheet.year, sheet.reviews.len()), (Rated::TooFew { have: 1, need: 8 }, 0), "no review fills a place");
}

#[test]
fn a_quarter_that_two_phones_opened_differently_asks_for_a_choice() {
    let mut branch = Branch::new();
    let quarter: Quarter = "2026-Q4".parse().unwrap();
    assert_eq!(branch.page("li").opened, Opened::Under("月度量化评议办法".into(), 1));
    let rule = PostRule { max: 10, bands: Vec::new(), ..PostRule::standard() };
    let opening = PostOpening { rule: rule.clone(), replaces: Vec::new() };
    branch.hear("scribe", quarter, PostFact::Opened(Box::new(opening)));
    let Opened::Apart(rules, may) = branch.page("secretary").opened else { panic!("two rules stand") };
    assert_eq!((rules.len(), may), (2, Ok(())));
    branch.does("secretary", PostCommand::Open { quarter, rule: Box::new(rule.clone()) });
    assert_eq!(rule_for(&branch.workspace.villages[&shawan()].posts, quarter.after().unwrap()), rule);
    let november = month(&branch.workspace, &holder("li"), &shawan(), month_named("2027-01").unwrap(), 0).opened;
    assert!(matches!(november, Opened::Not(Err(Refusal::Role { .. }))), "a member does not open a quarter");
}

#[test]
fn the_sheet_for_the_hall_goes_by_household_and_gives_no_number_without_a_score() {
    let mut branch = Branch::new();
    branch.reviewed();
    branch.scores("li", "cleaning", "92.5");
    let drawn = |branch: &Branch| {
        let row = |row: wall::WallRow| {
            let post = |(name, score): &(String, Option<String>)| format!("{name} {}", score.as_deref().unwrap_or("-"));
            let number = row.stars.map_or("-".to_owned(), |stars| stars.published.to_string());
            format!(
                "{}: {} = {number} {:?}",
                row.name,
                row.posts.iter().map(post).collect::<Vec<_>>().join("、"),
                row.word
            )
        };
        wall::rows(&branch.workspace, &shawan(), october()).into_iter().map(row).collect::<Vec<_>>()
    };
    let secretary = "secretary: 民意收集员 - = - NoRecord";
    assert_eq!(drawn(&branch), ["li: 义务保洁员 92.5、义务调解员 - = 92.50 At(Scored)", secretary]);
    let decision = "支部大会决定".to_owned();
    branch.does("scribe", PostCommand::Excuse { person: person("li"), month: october(), decision });
    assert_eq!(drawn(&branch)[0], "li: 义务保洁员 92.5、义务调解员 - = - Excused", "E17");
}
