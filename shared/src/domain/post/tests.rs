//! Months carried through their lives by real decisions and the real fold, each person on a phone of their own.

mod edges;
mod folded;
mod life;
mod order;
mod sources;
mod stars;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::domain::command::{Command, PostCommand, PostRefusal};
use crate::domain::decide::{Edit, Fact, Refusal, decide};
use crate::domain::meeting::{Author, Recorded};
use crate::domain::person::{Household, MemberClass, Person, Residency, Roster};
use crate::domain::register::Powers;
use crate::domain::rulebook::post::PostRule;
use crate::domain::{Acting, Workspace};
use crate::id::{CategoryId, DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::{Date, Instant, Month, Quarter};

const VILLAGE: &str = "420529202209";

/// Who holds a phone, in which role; each is on the roster as well.
const PEOPLE: [(&str, Role); 6] = [
    ("secretary", Role::VillageSecretary),
    ("scribe", Role::Scribe),
    ("watcher", Role::SupervisionCommittee),
    ("other", Role::SupervisionCommittee),
    ("li", Role::PartyMember),
    ("villager", Role::Villager),
];

/// A branch whose phones always hear each other.
struct Branch {
    village: UnitCode,
    workspace: Workspace,
    facts: BTreeMap<Quarter, Vec<Recorded<PostFact>>>,
}

impl Branch {
    /// A village with an open fourth quarter, in which 李 and 何 clean and 何 mediates besides.
    fn new() -> Self {
        let mut branch = Self::of(VILLAGE);
        branch.opens("2026-Q4");
        for (person, post) in [("li", "cleaning"), ("he", "cleaning"), ("he", "mediation")] {
            branch.holds(person, post, "2026-10-01", None).unwrap();
        }
        branch
    }

    fn of(code: &str) -> Self {
        let mut workspace = Workspace::default();
        let village = UnitCode::new(code).unwrap();
        workspace.villages.entry(village.clone()).or_default().roster = Arc::new(roster());
        Self { village, workspace, facts: BTreeMap::new() }
    }

    /// Asks for something, and folds what comes of it in both orders.
    fn ask(&mut self, who: &str, command: PostCommand) -> Result<FactId, Refusal> {
        let acting = acting(who, &self.village);
        let address = command.address(&self.village, self.posts());
        let edits = decide(&self.workspace, &acting, &Command::Posts(self.village.clone(), command))?;
        let [Edit::Fact { address: at, fact: Fact::Post(fact) }] = edits.as_slice() else { panic!("{edits:?}") };
        assert_eq!(Some(at), address.as_ref());
        let DocumentId::Posts(quarter) = at.document else { panic!("{at}") };
        let counter = self.facts.values().map(Vec::len).sum::<usize>() as u32 + 1;
        let id = FactId { device: acting.code, counter };
        let author = Author { device: acting.device, holder: Some(acting.holder) };
        let fact = Recorded { id: id.clone(), author, at: Instant(0), value: (**fact).clone() };
        self.hear(quarter, fact);
        assert_eq!(self.posts().quarters[&quarter].notes, [], "what was decided counts");
        Ok(id)
    }

    /// Takes a fact in, as if it had arrived.
    fn hear(&mut self, quarter: Quarter, fact: Recorded<PostFact>) {
        let facts = self.facts.entry(quarter).or_default();
        facts.push(fact);
        let powers = powers(&self.village);
        let posts = QuarterPosts::fold(&self.village, quarter, facts.clone(), &powers);
        let turned = QuarterPosts::fold(&self.village, quarter, facts.iter().rev().cloned().collect(), &powers);
        assert_eq!(turned, posts, "the order of arrival shows");
        let village = self.workspace.villages.get_mut(&self.village).unwrap();
        Arc::make_mut(&mut village.posts).quarters.insert(quarter, Arc::new(posts));
    }

    fn posts(&self) -> &Posts {
        &self.workspace.villages[&self.village].posts
    }

    fn of_month(&self, who: &str, of: &str) -> &PersonMonth {
        self.posts().month(&person(who), month(of)).unwrap()
    }

    fn opens(&mut self, quarter: &str) {
        let (quarter, rule) = (quarter.parse().unwrap(), Box::new(PostRule::standard()));
        self.ask("secretary", PostCommand::Open { quarter, rule }).unwrap();
    }

    fn holds(&mut self, who: &str, post_: &str, from: &str, until: Option<&str>) -> Result<FactId, Refusal> {
        let (quarter, until) = (date(from).quarter(), until.map(date));
        let (person, post, from) = (person(who), post(post_), date(from));
        self.ask("scribe", PostCommand::Hold { quarter, person, post, from, until })
    }

    fn logs(&mut self, by: &str, who: &str, post_: &str, on: &str) -> Result<FactId, Refusal> {
        let (person, post, date, words) = (person(who), post(post_), date(on), "扫了村口的路".to_owned());
        self.ask(by, PostCommand::Log { person, post, date, words })
    }

    fn states(&mut self, by: &str, who: &str, of: &str) -> Result<FactId, Refusal> {
        let words = "每周扫两次".to_owned();
        self.ask(by, PostCommand::State { person: person(who), month: month(of), words })
    }

    fn reviews(&mut self, by: &str, who: &str, of: &str) -> Result<FactId, Refusal> {
        let words = "属实".to_owned();
        self.ask(by, PostCommand::Review { person: person(who), month: month(of), words })
    }

    fn scores(&mut self, by: &str, who: &str, of: &str, post_: &str, points: &str) -> Result<FactId, Refusal> {
        let (person, month, post, points) = (person(who), month(of), post(post_), points.parse().unwrap());
        self.ask(by, PostCommand::Score { person, month, post, points })
    }

    fn excuses(&mut self, by: &str, who: &str, of: &str) -> Result<FactId, Refusal> {
        let decision = "支部大会决定：因病免于本月评议".to_owned();
        self.ask(by, PostCommand::Excuse { person: person(who), month: month(of), decision })
    }

    fn shows(&mut self, of: &str, people: &[&str]) -> Result<FactId, Refusal> {
        let (month, date) = (month(of), date(&format!("{of}-28")));
        self.ask("scribe", PostCommand::Show { month, date, people: set(people) })
    }

    fn confirms(&mut self, by: &str, of: &str, people: &[&str]) -> Result<FactId, Refusal> {
        self.ask(by, PostCommand::Confirm { month: month(of), people: set(people) })
    }

    /// Carries a month of somebody with one entry in each post from the log to its confirmation.
    fn whole(&mut self, who: &str, of: &str, scores: &[(&str, &str)]) {
        for (post, _) in scores {
            self.logs("scribe", who, post, &format!("{of}-10")).unwrap();
        }
        self.states("scribe", who, of).unwrap();
        self.reviews("secretary", who, of).unwrap();
        for (post, points) in scores {
            self.scores("secretary", who, of, post, points).unwrap();
        }
        self.shows(of, &[who]).unwrap();
        self.confirms("watcher", of, &[who]).unwrap();
    }
}

fn roster() -> Roster {
    let household = HouseholdId::new("h1").unwrap();
    let mut roster = Roster::default();
    let home = Household { id: household.clone(), number: "1".to_owned(), group: "1".to_owned(), head: None };
    roster.households.insert(household.clone(), home);
    for name in PEOPLE.map(|(name, _)| name).into_iter().chain(["he"]) {
        let person = Person {
            id: person(name),
            name: name.to_owned(),
            pinyin: name.to_owned(),
            household: household.clone(),
            birth_year: None,
            residency: Residency::Registered,
            standing: None,
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        roster.people.insert(person.id.clone(), person);
    }
    roster
}

fn acting(who: &str, village: &UnitCode) -> Acting {
    let place = PEOPLE.iter().position(|(name, _)| *name == who).unwrap();
    Acting {
        device: DeviceNumber(place as u32 + 1),
        code: DeviceCode::new(&who.to_ascii_uppercase()).unwrap(),
        holder: person(who),
        name: who.to_owned(),
        roles: PEOPLE[place].1.into(),
        villages: [village.clone()].into(),
    }
}

fn powers(village: &UnitCode) -> BTreeMap<DeviceNumber, Powers> {
    let acting = PEOPLE.map(|(name, _)| acting(name, village));
    acting.map(|acting| (acting.device, Powers { roles: acting.roles, villages: acting.villages })).into()
}

fn person(text: &str) -> PersonId {
    text.parse().unwrap()
}

fn post(text: &str) -> CategoryId {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    date(&format!("{text}-01")).month()
}

fn set(people: &[&str]) -> BTreeSet<PersonId> {
    people.iter().map(|who| person(who)).collect()
}

fn refused<T>(refusal: PostRefusal) -> Result<T, Refusal> {
    Err(Refusal::Posts(refusal))
}
