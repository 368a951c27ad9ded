//! A branch with posts and phones: each knows what it recorded and what it heard from phones it met.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::document::fact;
use shared::domain::command::{Command, PostCommand, PostRefusal};
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use shared::domain::post::{MonthOutcome, PersonMonth, PostFact, Posts, QuarterPosts};
use shared::domain::register::Powers;
use shared::domain::rulebook::post::PostRule;
use shared::domain::{Acting, Village, Workspace};
use shared::id::{DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId, PersonId, UnitCode};
use shared::role::Role;
use shared::time::{Date, Instant, Month, Quarter};

/// One phone.
struct Phone {
    acting: Acting,
    facts: BTreeMap<FactId, (Quarter, Recorded<PostFact>)>,
    counter: u32,
}

/// The village and its phones.
pub struct Branch {
    pub village: UnitCode,
    pub roster: Roster,
    phones: BTreeMap<&'static str, Phone>,
}

pub fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn month(text: &str) -> Month {
    date(&format!("{text}-01")).month()
}

pub fn people(names: &[&str]) -> BTreeSet<PersonId> {
    names.iter().map(|name| person(name)).collect()
}

impl Branch {
    /// Phones: SJ1 of the secretary, JL1 of the scribe, JD1 of the supervision committee, DY1 of the member 李. The
    /// fourth quarter is open; 李 and 何, who has no phone, keep the village clean since October. Every phone knows it.
    pub fn new(village: &str) -> Self {
        let mut branch = Self { village: village.parse().unwrap(), roster: Roster::default(), phones: BTreeMap::new() };
        let holders = [
            ("SJ1", "secretary", Role::VillageSecretary),
            ("JL1", "scribe", Role::Scribe),
            ("JD1", "watcher", Role::SupervisionCommittee),
            ("DY1", "li", Role::PartyMember),
        ];
        for (code, holder, role) in holders {
            branch.villager(holder);
            branch.phone(code, holder, role);
        }
        branch.villager("he");
        let quarter = "2026-Q4".parse().unwrap();
        branch.does("SJ1", PostCommand::Open { quarter, rule: Box::new(PostRule::standard()) });
        branch.meet_all();
        for who in ["li", "he"] {
            branch.does("JL1", hold(who, "2026-10-01", None));
        }
        branch.meet_all();
        branch
    }

    fn villager(&mut self, id: &str) {
        let home: HouseholdId = "h1".parse().unwrap();
        let house = Household { id: home.clone(), number: "1".to_owned(), group: "1".to_owned(), head: None };
        self.roster.households.insert(home.clone(), house);
        let somebody = Person {
            id: person(id),
            name: id.to_owned(),
            pinyin: id.to_owned(),
            household: home,
            birth_year: Some(1970),
            residency: Residency::Registered,
            standing: Some(Standing::Full),
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        self.roster.people.insert(person(id), somebody);
    }

    fn phone(&mut self, code: &'static str, holder: &str, role: Role) {
        let acting = Acting {
            device: DeviceNumber(code.bytes().fold(0, |number, byte| number * 64 + u32::from(byte))),
            code: DeviceCode::new(code).unwrap(),
            holder: person(holder),
            name: holder.to_owned(),
            roles: role.into(),
            villages: [self.village.clone()].into(),
        };
        self.phones.insert(code, Phone { acting, facts: BTreeMap::new(), counter: 0 });
    }

    /// Folds what a phone knows, quarter by quarter.
    pub fn posts(&self, code: &str) -> Posts {
        let powers: BTreeMap<DeviceNumber, Powers> = self.phones.values().map(|phone| powers(&phone.acting)).collect();
        let mut quarters: BTreeMap<Quarter, Vec<Recorded<PostFact>>> = BTreeMap::new();
        for (quarter, fact) in self.phones[code].facts.values() {
            quarters.entry(*quarter).or_default().push(fact.clone());
        }
        let fold = |(quarter, facts)| (quarter, Arc::new(QuarterPosts::fold(&self.village, quarter, facts, &powers)));
        Posts { quarters: quarters.into_iter().map(fold).collect() }
    }

    /// Asks on a phone that knows what it knows; what is decided is recorded, a refusal changes nothing.
    pub fn ask(&mut self, code: &str, wish: PostCommand) -> Result<FactId, Refusal> {
        let village =
            Village { roster: self.roster.clone().into(), posts: self.posts(code).into(), ..Village::default() };
        let workspace = Workspace { villages: [(self.village.clone(), village)].into(), ..Workspace::default() };
        let acting = self.phones[code].acting.clone();
        let mut edits = decide(&workspace, &acting, &Command::Posts(self.village.clone(), wish))?;
        let Some(Edit::Fact { address, fact: Fact::Post(value) }) = edits.pop().filter(|_| edits.is_empty()) else {
            panic!("one wish is one fact of posts");
        };
        let DocumentId::Posts(quarter) = address.document else { panic!("{address} is not a quarter's posts") };
        assert_eq!(fact::read_post(&fact::pack_post(&value)).as_ref(), Ok(&*value), "it reads back as it is written");
        let phone = self.phones.get_mut(code).unwrap();
        phone.counter += 1;
        let id = FactId { device: acting.code, counter: phone.counter };
        let author = Author { device: acting.device, holder: Some(acting.holder) };
        let recorded = Recorded { id: id.clone(), author, at: Instant(phone.counter.into()), value: *value };
        phone.facts.insert(id.clone(), (quarter, recorded));
        Ok(id)
    }

    #[track_caller]
    pub fn does(&mut self, code: &str, wish: PostCommand) -> FactId {
        let asked = format!("{wish:?}");
        self.ask(code, wish).unwrap_or_else(|refusal| panic!("{code} was refused: {refusal:?}\n{asked}"))
    }

    #[track_caller]
    pub fn is_refused(&mut self, code: &str, wish: PostCommand, why: PostRefusal) {
        assert_eq!(self.ask(code, wish), Err(Refusal::Posts(why)));
    }

    /// Two phones exchange everything.
    pub fn meet(&mut self, a: &str, b: &str) {
        let mut all = self.phones[a].facts.clone();
        all.extend(self.phones[b].facts.clone());
        self.phones.get_mut(a).unwrap().facts.clone_from(&all);
        self.phones.get_mut(b).unwrap().facts = all;
        assert_eq!(self.posts(a), self.posts(b), "equal facts, equal posts");
    }

    /// Every phone hears everything; nothing that was decided is passed over.
    pub fn meet_all(&mut self) {
        let all: BTreeMap<_, _> = self.phones.values().flat_map(|phone| phone.facts.clone()).collect();
        self.phones.values_mut().for_each(|phone| phone.facts.clone_from(&all));
        assert!(self.posts("SJ1").quarters.values().all(|quarter| quarter.notes.is_empty()));
    }

    pub fn of(&self, code: &str, who: &str, of: &str) -> PersonMonth {
        self.posts(code).month(&person(who), month(of)).cloned().unwrap_or_default()
    }

    /// Draws what a phone shows of a month: its outcome, and the number and stars where it has them.
    pub fn drawn(&self, code: &str, who: &str, of: &str) -> String {
        match self.posts(code).outcome(&person(who), month(of)) {
            MonthOutcome::NoRecord => "no record".to_owned(),
            MonthOutcome::Excused => "excused".to_owned(),
            MonthOutcome::Open => "open".to_owned(),
            MonthOutcome::Divided => "divided".to_owned(),
            MonthOutcome::Provisional(result) => format!("{} not confirmed", result.stars.published),
            MonthOutcome::Rated(result) => format!("{} {} stars", result.stars.published, result.stars.stars),
        }
    }

    /// Carries a month on from its first entry to what was reviewed, each phone meeting the next.
    pub fn is_reviewed(&mut self, who: &str, of: &str) {
        self.does("JL1", log(who, &format!("{of}-08")));
        self.does("JL1", state(who, of));
        self.meet("JL1", "JD1");
        self.does("JD1", review(who, of));
        self.meet_all();
    }
}

fn powers(acting: &Acting) -> (DeviceNumber, Powers) {
    (acting.device, Powers { roles: acting.roles, villages: acting.villages.clone() })
}

pub fn hold(who: &str, from: &str, until: Option<&str>) -> PostCommand {
    let (from, until) = (date(from), until.map(date));
    let post = "cleaning".parse().unwrap();
    PostCommand::Hold { quarter: "2026-Q4".parse().unwrap(), person: person(who), post, from, until }
}

pub fn log(who: &str, on: &str) -> PostCommand {
    let post = "cleaning".parse().unwrap();
    PostCommand::Log { person: person(who), post, date: date(on), words: "扫了村口的路".to_owned() }
}

pub fn state(who: &str, of: &str) -> PostCommand {
    PostCommand::State { person: person(who), month: month(of), words: "每周扫两次".to_owned() }
}

pub fn review(who: &str, of: &str) -> PostCommand {
    PostCommand::Review { person: person(who), month: month(of), words: "属实".to_owned() }
}

pub fn score(who: &str, of: &str, points: &str) -> PostCommand {
    let (post, points) = ("cleaning".parse().unwrap(), points.parse().unwrap());
    PostCommand::Score { person: person(who), month: month(of), post, points }
}

pub fn show(of: &str, names: &[&str]) -> PostCommand {
    PostCommand::Show { month: month(of), date: date(&format!("{of}-28")), people: people(names) }
}

pub fn confirm(of: &str, names: &[&str]) -> PostCommand {
    PostCommand::Confirm { month: month(of), people: people(names) }
}

pub fn excuse(who: &str, of: &str) -> PostCommand {
    let decision = "支部大会决定：因病免于本月评议".to_owned();
    PostCommand::Excuse { person: person(who), month: month(of), decision }
}
