//! A village with points accounts and phones: each knows what it recorded and what it heard from phones it met.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::document::fact;
use shared::domain::command::{Command, PointsCommand, PointsRefusal, PointsWish};
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::divergence::{Said, Settled};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use shared::domain::points::fact::{CADRES, PointClaim, PointFact};
use shared::domain::points::flow::{PointStep, State};
use shared::domain::points::{Accounts, Journal, People};
use shared::domain::register::{Affair, Affairs, Powers};
use shared::domain::rulebook::points::{Category, PointItem, PointsAdoption, PointsRule, PointsRules, RulesOf};
use shared::domain::{Acting, Village, Workspace};
use shared::id::{Address, DeviceCode, DeviceNumber, DocumentId, FactId, HouseholdId, PersonId, ScopeId, UnitCode};
use shared::role::Role;
use shared::time::{Date, Instant, Month};

/// One phone.
#[derive(Clone)]
struct Phone {
    acting: Acting,
    facts: BTreeMap<FactId, (Address, Recorded<PointFact>)>,
    counter: u32,
}

/// The village and its phones.
pub struct Ledger {
    pub roster: Roster,
    pub rules: PointsRules,
    /// Notices and objections, which every phone has.
    pub registers: BTreeMap<Address, Arc<Affairs>>,
    pub today: Date,
    phones: BTreeMap<&'static str, Phone>,
}

pub fn village() -> UnitCode {
    "420529202209".parse().unwrap()
}

pub fn home(id: &str) -> HouseholdId {
    id.parse().unwrap()
}

pub fn entry(id: &str) -> FactId {
    id.parse().unwrap()
}

pub fn month(text: &str) -> Month {
    format!("{text}-01").parse::<Date>().unwrap().month()
}

/// Clean-up 5 (10 a month), mediation 8, dumping -5; 30 a month in all.
pub fn rule(version: u32, redemption: bool) -> PointsRule {
    let item = |id: &str, points, per_month| PointItem {
        id: id.parse().unwrap(),
        name: String::new(),
        points,
        category: "all".parse().unwrap(),
        per_day: None,
        per_month,
        evidence: String::new(),
    };
    PointsRule {
        id: "points".parse().unwrap(),
        version,
        title: String::new(),
        categories: vec![Category { id: "all".parse().unwrap(), name: String::new(), per_month: None }],
        items: vec![item("cleanup", 5, Some(10)), item("mediation", 8, None), item("dumping", -5, None)],
        gain_per_month: Some(30),
        loss_per_month: None,
        base: 100,
        redemption,
    }
}

impl Ledger {
    /// Households `h1` to `h6`. Phones: SH1 of a scribe of h1, SH2 and SH9 of a group's leader of h2, SH3 of the
    /// secretary of h3, SH4 of the supervision committee of h4, SH5 of a member of h5. In h6 live `p6` and the child
    /// `c6`.
    pub fn new() -> Self {
        let mut ledger = Self {
            roster: Roster::default(),
            rules: PointsRules::new(),
            registers: BTreeMap::new(),
            today: "2026-10-20".parse().unwrap(),
            phones: BTreeMap::new(),
        };
        for number in 1..=6 {
            ledger.villager(&format!("p{number}"), &format!("h{number}"), 1970);
        }
        ledger.villager("c6", "h6", 2015);
        ledger.adopt(rule(1, false), "2026-09-01");
        ledger.phone("SH1", "p1", &[Role::Scribe]);
        ledger.phone("SH2", "p2", &[Role::GroupLeader]);
        ledger.phone("SH9", "p2", &[Role::GroupLeader]);
        ledger.phone("SH3", "p3", &[Role::VillageSecretary]);
        ledger.phone("SH4", "p4", &[Role::SupervisionCommittee]);
        ledger.phone("SH5", "p5", &[Role::PartyMember]);
        ledger
    }

    pub fn villager(&mut self, id: &str, household: &str, born: u16) {
        let id: PersonId = id.parse().unwrap();
        let somebody = Person {
            id: id.clone(),
            name: id.to_string(),
            pinyin: String::new(),
            household: home(household),
            birth_year: Some(born),
            residency: Residency::Registered,
            standing: Some(Standing::Full),
            class: MemberClass::Ordinary,
            representative: false,
            hidden: false,
        };
        self.roster.people.insert(id, somebody);
        let number = household.to_owned();
        let house = Household { id: home(household), number, group: "1".to_owned(), head: None };
        self.roster.households.insert(home(household), house);
    }

    pub fn adopt(&mut self, rule: PointsRule, from: &str) {
        let key = (rule.id.clone(), rule.version);
        let value = PointsAdoption { rule, from: from.parse().unwrap(), adopted_at: "村民代表会议".to_owned() };
        self.rules.insert(key, Settled::Agreed(Said { value, by: Vec::new() }));
    }

    pub fn phone(&mut self, code: &'static str, holder: &str, roles: &[Role]) {
        let acting = Acting {
            device: self.device(code),
            code: DeviceCode::new(code).unwrap(),
            holder: holder.parse().unwrap(),
            name: holder.to_owned(),
            roles: roles.iter().copied().collect(),
            villages: BTreeSet::from([village()]),
        };
        self.phones.insert(code, Phone { acting, facts: BTreeMap::new(), counter: 0 });
    }

    pub fn device(&self, code: &str) -> DeviceNumber {
        DeviceNumber(code.bytes().fold(0, |n, byte| n * 64 + u32::from(byte)))
    }

    /// Records what stands in registers.
    pub fn files(&mut self, facts: Vec<Recorded<Affair>>) {
        let scope = ScopeId::Village(village());
        let address = Address { scope, document: DocumentId::Affairs(2026) };
        self.registers.insert(address, Arc::new(Affairs::fold(facts, &BTreeMap::new())));
    }

    /// Folds what a phone knows, document by document.
    pub fn accounts(&self, code: &str) -> Accounts {
        self.fold(self.phones[code].facts.values().cloned().collect())
    }

    pub fn fold(&self, facts: Vec<(Address, Recorded<PointFact>)>) -> Accounts {
        let mut documents: BTreeMap<Address, Vec<Recorded<PointFact>>> = BTreeMap::new();
        for (address, fact) in facts {
            documents.entry(address).or_default().push(fact);
        }
        let powers = |_: &FactId, device: DeviceNumber| {
            let phone = self.phones.values().find(|phone| phone.acting.device == device)?;
            Some(Powers { roles: phone.acting.roles, villages: phone.acting.villages.clone() })
        };
        let journals: Vec<Journal> =
            documents.into_values().map(|facts| Journal::of(facts, &village(), &powers)).collect();
        let cadres = self.phones.values().filter(|phone| phone.acting.roles.any(CADRES));
        let cadres = cadres.map(|phone| phone.acting.holder.clone()).collect();
        let none = PointsRules::new();
        let rules = RulesOf { village: &none, township: &self.rules };
        Accounts::fold(&journals.iter().collect::<Vec<_>>(), People::of(&self.roster), rules, cadres)
    }

    pub fn facts(&self, code: &str) -> Vec<(Address, Recorded<PointFact>)> {
        self.phones[code].facts.values().cloned().collect()
    }

    fn workspace(&self, code: &str) -> Workspace {
        let village_of =
            Village { roster: self.roster.clone().into(), points: self.accounts(code).into(), ..Village::default() };
        Workspace {
            points_rules: self.rules.clone(),
            villages: BTreeMap::from([(village(), village_of)]),
            registers: self.registers.clone(),
            ..Workspace::default()
        }
    }

    /// The phone asks; what is decided is recorded, a refusal changes nothing.
    pub fn ask(&mut self, code: &str, wish: PointsWish) -> Result<Vec<FactId>, Refusal> {
        let acting = self.phones[code].acting.clone();
        let command = Command::Points(village(), PointsCommand { today: self.today, wish });
        let edits = decide(&self.workspace(code), &acting, &command)?;
        assert!(!edits.is_empty(), "a command that changes nothing is refused");
        let record = |edit| match edit {
            Edit::Fact { fact: Fact::Points(fact), address } => {
                assert_eq!(address.document, DocumentId::Points(self.today.quarter()));
                self.record(code, *fact)
            }
            other => panic!("points do not write {other:?}"),
        };
        Ok(edits.into_iter().map(record).collect())
    }

    /// Records a fact past every rule, as a faulty device would.
    pub fn record(&mut self, code: &str, value: PointFact) -> FactId {
        assert_eq!(fact::read_points(&fact::pack_points(&value)).as_ref(), Ok(&value));
        let address = shared::domain::decide::points::address(&village(), self.today);
        let phone = self.phones.get_mut(code).unwrap();
        phone.counter += 1;
        let id = FactId { device: phone.acting.code.clone(), counter: phone.counter };
        let author = Author { device: phone.acting.device, holder: Some(phone.acting.holder.clone()) };
        let fact = Recorded { id: id.clone(), author, at: Instant(phone.counter.into()), value };
        phone.facts.insert(id.clone(), (address, fact));
        id
    }

    #[track_caller]
    pub fn does(&mut self, code: &str, wish: PointsWish) -> Vec<FactId> {
        let asked = format!("{wish:?}");
        self.ask(code, wish).unwrap_or_else(|refusal| panic!("{code} was refused: {refusal:?}\n{asked}"))
    }

    #[track_caller]
    pub fn is_refused(&mut self, code: &str, wish: PointsWish, why: PointsRefusal) {
        assert_eq!(self.ask(code, wish), Err(Refusal::Points(why)));
    }

    /// Two phones exchange everything.
    pub fn meet(&mut self, a: &str, b: &str) {
        let mut all = self.phones[a].facts.clone();
        all.extend(self.phones[b].facts.clone());
        self.phones.get_mut(a).unwrap().facts.clone_from(&all);
        self.phones.get_mut(b).unwrap().facts = all;
        assert_eq!(self.accounts(a), self.accounts(b), "equal facts, equal accounts");
    }

    /// Every phone hears everything.
    pub fn meet_all(&mut self) {
        let all: BTreeMap<_, _> = self.phones.values().flat_map(|phone| phone.facts.clone()).collect();
        self.phones.values_mut().for_each(|phone| phone.facts.clone_from(&all));
    }

    /// Steps with entries, named `SH1-1 SH1-2`.
    pub fn step(&mut self, code: &str, step: PointStep, entries: &str) -> Result<Vec<FactId>, Refusal> {
        let entries = entries.split_whitespace().map(entry).collect();
        self.ask(code, PointsWish::Step { step, entries, words: "十月村民代表会议".to_owned() })
    }

    /// Claims on one phone, verifies on another and books, each phone meeting the next.
    #[track_caller]
    pub fn book(&mut self, claims: &[(&'static str, &str)]) -> Vec<String> {
        let claim = |(code, text): &(&'static str, &str)| self.does(code, claim(text)).remove(0).to_string();
        let numbers: Vec<String> = claims.iter().map(claim).collect();
        self.books(&numbers.join(" "));
        numbers
    }

    /// Takes entries through their whole way.
    #[track_caller]
    pub fn books(&mut self, entries: &str) {
        self.meet_all();
        let steps = [
            ("SH4", PointStep::Verify),
            ("SH3", PointStep::Deliberate),
            ("SH1", PointStep::Notice),
            ("SH3", PointStep::Book),
        ];
        for (code, step) in steps {
            self.step(code, step, entries).unwrap();
            self.meet_all();
        }
    }

    #[track_caller]
    pub fn state(&self, code: &str, id: &str) -> State {
        self.accounts(code).entries[&entry(id)].state
    }

    pub fn counted(&self, code: &str, id: &str) -> i64 {
        self.accounts(code).entries[&entry(id)].counted.points
    }

    /// Draws what a phone shows of an account: month by month.
    pub fn drawn(&self, code: &str, account: &str) -> String {
        let accounts = self.accounts(code);
        let months = accounts.months.get(&home(account)).into_iter().flatten();
        months.map(|(month, points)| format!("{month} {points}")).collect::<Vec<_>>().join(", ")
    }
}

/// Reads `h1 cleanup 2026-10-03` and further words `person=p1`, `points=3`, `at=扫雪`, `note=...`.
pub fn claim(text: &str) -> PointsWish {
    PointsWish::Claim(vec![said(text)])
}

pub fn said(text: &str) -> PointClaim {
    let words: Vec<&str> = text.split_whitespace().collect();
    let word = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)).unwrap_or_default();
    PointClaim {
        account: home(words[0]),
        item: words[1].parse().unwrap(),
        date: words[2].parse().unwrap(),
        person: word("person=").parse().ok(),
        points: word("points=").parse().ok(),
        occasion: word("at=").to_owned(),
        note: word("note=").to_owned(),
    }
}
