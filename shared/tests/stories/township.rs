//! A township for the stories of a quarter: phones of office, lead, assessors and secretaries that meet when they can.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use shared::access::{may_read, may_write};
use shared::domain::assessment::{
    Assessment, AssessmentFact, AssessmentSettings, AssessorSetting, CardFact, Cards, Hundredths, Posted, Stage,
};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Command};
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::flag::{Custody, FlagFact};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::register::Powers;
use shared::domain::rulebook::Criterion;
use shared::domain::rulebook::assessment::AssessmentRule;
use shared::domain::township::{Township, Unit, VillageKind};
use shared::domain::{Acting, Workspace};
use shared::id::{
    Address, CriterionId, DeviceCode, DeviceNumber, DocumentId, FactId, PersonId, RulebookId, ScopeId, UnitCode,
};
use shared::identity::{Holder, PublicKey};
use shared::number::Rounding;
use shared::role::Role;
use shared::time::{Instant, Quarter};

/// One phone and what has come to it.
struct Phone {
    holder: Holder,
    facts: BTreeMap<FactId, (Address, Recorded<Fact>)>,
    counter: u32,
}

/// The phones and what the registry says.
pub struct Land {
    pub quarter: Quarter,
    pub township: Township,
    pub settings: AssessmentSettings,
    phones: BTreeMap<&'static str, Phone>,
}

pub fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub fn village(id: &str) -> UnitCode {
    UnitCode::new(id).unwrap()
}

pub fn criterion(id: &str) -> CriterionId {
    CriterionId::new(id).unwrap()
}

pub fn points(text: &str) -> Hundredths {
    text.parse().unwrap()
}

pub fn refused(refusal: AssessmentRefusal) -> Refusal {
    Refusal::Assessment(refusal)
}

pub fn adjust(at: &str, posted: Posted, reason: &str) -> AssessmentCommand {
    AssessmentCommand::Adjust { village: village(at), posted, reason: reason.to_owned() }
}

/// Two criteria of 40 and 60 points, caps of 5 and 10, nothing trimmed below five cards.
pub fn rule() -> AssessmentRule {
    let criterion = |(id, max): (&str, u32)| Criterion { id: id.parse().unwrap(), name: id.to_owned(), max };
    AssessmentRule {
        id: RulebookId::new("village-assessment").unwrap(),
        version: 1,
        title: "考核评比办法".to_owned(),
        decimals: 2,
        rounding: Rounding::HalfUp,
        trim_min: 5,
        criteria: [("economy", 40), ("order", 60)].map(criterion).into(),
        sources: BTreeMap::new(),
        recuse: true,
        bonus_cap: "5".parse().ok(),
        deduction_cap: "10".parse().ok(),
        clamp: false,
    }
}

impl Land {
    /// Villages 1 to 3 of two precincts. Phones: OF1 and OF2 of two at the office, LD1 of the lead, who scores too, AS1
    /// and AS2 of two assessors, SJ1 to SJ3 of the villages' secretaries. Everybody scores every village.
    pub fn new() -> Self {
        let quarter: Quarter = "2026-Q3".parse().unwrap();
        let mut township = Township { name: "牛庄乡".to_owned(), units: BTreeMap::new() };
        for (code, name, precinct) in [("1", "甲村", "东片"), ("2", "乙村", "东片"), ("3", "丙社区", "西片")]
        {
            let kind = if name.ends_with("社区") { VillageKind::Community } else { VillageKind::Village };
            let (name, precinct) = (name.to_owned(), precinct.to_owned());
            township.units.insert(village(code), Unit { code: village(code), name, kind, precinct });
        }
        let settings = AssessmentSettings {
            title: "第三季度考核".to_owned(),
            rule: rule(),
            villages: AssessmentSettings::villages_of(&township),
            assessors: Vec::new(),
            lead: person("lead"),
        };
        let mut land = Self { quarter, township, settings, phones: BTreeMap::new() };
        land.settings.assessors = ["lead", "one", "two"].map(|name| land.assessor(name)).into();
        land.phone("OF1", "office", &[Role::TownshipOffice], &[]);
        land.phone("OF2", "clerk", &[Role::TownshipOffice], &[]);
        land.phone("LD1", "lead", &[Role::AssessmentLead, Role::Assessor], &[]);
        land.phone("AS1", "one", &[Role::Assessor], &[]);
        land.phone("AS2", "two", &[Role::Assessor], &[]);
        for (code, name, at) in [("SJ1", "sec1", "1"), ("SJ2", "sec2", "2"), ("SJ3", "sec3", "3")] {
            land.phone(code, name, &[Role::VillageSecretary], &[at]);
        }
        land
    }

    /// Returns an assessor who is to score every village on everything.
    pub fn assessor(&self, name: &str) -> AssessorSetting {
        AssessorSetting {
            person: person(name),
            name: name.to_owned(),
            villages: self.township.units.keys().cloned().collect(),
            criteria: self.settings.rule.criteria.iter().map(|criterion| criterion.id.clone()).collect(),
            recused: BTreeSet::new(),
        }
    }

    pub fn phone(&mut self, code: &'static str, name: &str, roles: &[Role], villages: &[&str]) {
        let holder = Holder {
            device: DeviceNumber(code.bytes().fold(0, |n, byte| n * 64 + u32::from(byte))),
            code: DeviceCode::new(code).unwrap(),
            person: person(name),
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            villages: villages.iter().map(|code| village(code)).collect(),
            may_enrol: false,
            expires: Instant(u64::MAX),
            key: PublicKey([0; 32]),
            renewal: 0,
        };
        self.phones.insert(code, Phone { holder, facts: BTreeMap::new(), counter: 0 });
    }

    fn acting(&self, code: &str) -> Acting {
        let holder = &self.phones[code].holder;
        Acting {
            device: holder.device,
            code: holder.code.clone(),
            holder: holder.person.clone(),
            name: holder.name.clone(),
            roles: holder.roles,
            villages: holder.villages.clone(),
        }
    }

    /// Returns what tells what the holder of a device may do.
    pub fn powers(&self) -> impl Fn(&FactId, DeviceNumber) -> Option<Powers> {
        let powers = |holder: &Holder| Powers { roles: holder.roles, villages: holder.villages.clone() };
        let powers: BTreeMap<DeviceNumber, Powers> =
            self.phones.values().map(|phone| (phone.holder.device, powers(&phone.holder))).collect();
        move |_, device| powers.get(&device).cloned()
    }

    /// Returns what a phone shows, from nothing but the facts that came to it.
    pub fn workspace(&self, code: &str) -> Workspace {
        let mut workspace = Workspace { township: self.township.clone(), ..Workspace::default() };
        for holder in self.phones.values().map(|phone| &phone.holder) {
            if holder.roles.contains(Role::Advisor) {
                workspace.advisors.insert(holder.person.clone(), holder.villages.clone());
            }
        }
        let mut assessments: BTreeMap<Quarter, Vec<Recorded<AssessmentFact>>> = BTreeMap::new();
        let mut flag: Vec<Recorded<FlagFact>> = Vec::new();
        let mut cards: BTreeMap<(Quarter, PersonId), Vec<Recorded<CardFact>>> = BTreeMap::new();
        for (address, fact) in self.phones[code].facts.values() {
            match (&address.document, &address.scope, &fact.value) {
                (DocumentId::Assessment(quarter), _, Fact::Assessment(value)) => {
                    assessments.entry(*quarter).or_default().push(fact.cast((**value).clone()));
                }
                (DocumentId::Cards(quarter), ScopeId::Assessor(person), Fact::Card(value)) => {
                    cards.entry((*quarter, person.clone())).or_default().push(fact.cast(value.clone()));
                }
                (DocumentId::Flag, _, Fact::Flag(value)) => flag.push(fact.cast((**value).clone())),
                other => panic!("{other:?} is no fact of a quarter"),
            }
        }
        for (quarter, facts) in assessments {
            let assessment = Assessment::fold(quarter, facts, &self.powers());
            workspace.assessments.insert(quarter, Arc::new(assessment));
        }
        for ((quarter, person), facts) in cards {
            let folded = Cards::fold(&person, facts, &self.powers());
            workspace.cards.entry(quarter).or_default().insert(person, Arc::new(folded));
        }
        workspace.flag = Arc::new(Custody::fold(flag, &self.powers(), &workspace.assessments));
        workspace
    }

    /// Returns every fact of the quarter that has come to a phone.
    pub fn facts(&self, code: &str) -> Vec<Recorded<AssessmentFact>> {
        let of_quarter = DocumentId::Assessment(self.quarter);
        let facts = self.phones[code].facts.values().filter(|(address, _)| address.document == of_quarter);
        let assessment = |fact: &Recorded<Fact>| match &fact.value {
            Fact::Assessment(value) => fact.cast((**value).clone()),
            other => panic!("{other:?} is no fact of a quarter"),
        };
        facts.map(|(_, fact)| assessment(fact)).collect()
    }

    pub fn assessment(&self, code: &str) -> Arc<Assessment> {
        self.workspace(code).assessments.remove(&self.quarter).unwrap()
    }

    /// The phone asks about the quarter; what is decided is recorded, a refusal changes nothing.
    pub fn ask(&mut self, code: &str, command: AssessmentCommand) -> Result<Vec<FactId>, Refusal> {
        self.ask_any(code, Command::Assessment(self.quarter, command))
    }

    pub fn ask_any(&mut self, code: &str, command: Command) -> Result<Vec<FactId>, Refusal> {
        let edits = decide(&self.workspace(code), &self.acting(code), &command)?;
        assert!(!edits.is_empty(), "a command that changes nothing is refused");
        let recorded = edits.into_iter().map(|edit| match edit {
            Edit::Fact { address, fact } => self.record(code, address, fact),
            other => panic!("a quarter does not write {other:?}"),
        });
        Ok(recorded.collect())
    }

    #[track_caller]
    pub fn does(&mut self, code: &str, command: AssessmentCommand) -> Vec<FactId> {
        let asked = format!("{command:?}");
        self.ask(code, command).unwrap_or_else(|refusal| panic!("{code} was refused: {refusal:?}\n{asked}"))
    }

    #[track_caller]
    pub fn is_refused(&mut self, code: &str, command: AssessmentCommand) -> Refusal {
        let asked = format!("{command:?}");
        match self.ask(code, command) {
            Ok(_) => panic!("{code} was not refused: {asked}"),
            Err(refusal) => refusal,
        }
    }

    /// Records a fact past every rule of the domain, as a faulty device would; what the relay refuses stays out.
    pub fn record(&mut self, code: &str, address: Address, value: Fact) -> FactId {
        let phone = self.phones.get_mut(code).unwrap();
        assert!(may_write(&phone.holder, &address.scope, address.document.kind()), "{code} writes {address}");
        phone.counter += 1;
        let id = FactId { device: phone.holder.code.clone(), counter: phone.counter };
        let author = Author { device: phone.holder.device, holder: Some(phone.holder.person.clone()) };
        let at = Instant(u64::from(phone.counter));
        phone.facts.insert(id.clone(), (address, Recorded { id: id.clone(), author, at, value }));
        id
    }

    /// Records a fact of the quarter past every rule.
    pub fn forge(&mut self, code: &str, fact: AssessmentFact) -> FactId {
        let address = Address { scope: ScopeId::Township, document: DocumentId::Assessment(self.quarter) };
        self.record(code, address, Fact::Assessment(Box::new(fact)))
    }

    /// Every phone hears everything that it may read.
    pub fn meet_all(&mut self) {
        let codes: Vec<&'static str> = self.phones.keys().copied().collect();
        self.meet(&codes);
    }

    /// Some phones exchange what each may read.
    pub fn meet(&mut self, codes: &[&'static str]) {
        let all: BTreeMap<FactId, (Address, Recorded<Fact>)> =
            codes.iter().flat_map(|code| self.phones[code].facts.clone()).collect();
        for code in codes {
            let phone = self.phones.get_mut(code).unwrap();
            let readable = all.iter().filter(|(_, (address, _))| may_read(&phone.holder, &address.scope));
            phone.facts.extend(readable.map(|(id, fact)| (id.clone(), fact.clone())));
        }
        let shown: BTreeSet<String> =
            codes.iter().map(|code| format!("{:?}", self.workspace(code).assessments)).collect();
        assert_eq!(shown.len(), 1, "equal facts, equal quarters");
    }

    pub fn moves(&mut self, code: &str, to: Stage) -> Result<Vec<FactId>, Refusal> {
        self.ask(code, AssessmentCommand::Move { to, reason: String::new() })
    }

    /// Gives a village points on both criteria.
    #[track_caller]
    pub fn scores(&mut self, code: &str, at: &str, economy: &str, order: &str) {
        let scores = vec![(criterion("economy"), points(economy)), (criterion("order"), points(order))];
        self.does(code, AssessmentCommand::Score { village: village(at), scores });
    }

    /// Opens the quarter, and everybody hears of it.
    pub fn begins(&mut self) {
        let settings = Box::new(self.settings.clone());
        self.does("OF1", AssessmentCommand::Open(settings));
        self.moves("OF1", Stage::Open).unwrap();
        self.meet_all();
    }

    /// Everybody scores: village 1 gets 90, village 2 gets 80 and village 3 gets 70 from each.
    pub fn scores_all(&mut self) {
        for code in ["LD1", "AS1", "AS2"] {
            self.scores(code, "1", "35", "55");
            self.scores(code, "2", "30", "50");
            self.scores(code, "3", "25", "45");
        }
        self.meet_all();
    }

    /// Lead proposes and assessor one signs.
    pub fn freezes(&mut self) {
        if self.assessment("LD1").stage == Stage::Open {
            self.moves("LD1", Stage::Scored).unwrap();
        }
        self.does("LD1", AssessmentCommand::Freeze);
        self.meet_all();
        self.does("AS1", AssessmentCommand::Sign);
        self.meet_all();
    }

    /// The office posts the result and confirms it.
    pub fn confirms(&mut self) {
        self.moves("OF1", Stage::Noticed).unwrap();
        self.moves("OF1", Stage::Confirmed).unwrap();
        self.meet_all();
    }

    /// Draws what a phone shows of the quarter and compares.
    #[track_caller]
    pub fn check(&self, code: &str, expected: &str) {
        let drawn = draw(&self.assessment(code));
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "drawn:\n{drawn}");
    }
}

/// Draws a quarter: its stage, what blocks it, its ranks, what came late and what does not count.
pub fn draw(assessment: &Assessment) -> String {
    let mut text = format!("{:?}\n", assessment.stage);
    for blocker in &assessment.blockers {
        let _ = writeln!(text, "blocked: {blocker:?}");
    }
    for standing in assessment.result.iter().flat_map(|result| &result.standings) {
        let rank = standing.rank.map_or("-".to_owned(), |rank| rank.to_string());
        let published = standing.published.map_or("-".to_owned(), |published| published.to_string());
        let cards = standing.cards.count();
        let _ = write!(text, "{rank} village {} {published} of {cards} cards", standing.village);
        let _ = match standing.below_by {
            Some(step) => writeln!(text, ", below by {step:?}"),
            None => writeln!(text, "{}", if standing.disqualified { ", vetoed" } else { "" }),
        };
    }
    for late in &assessment.late {
        let _ = writeln!(text, "late: {late}");
    }
    for note in &assessment.notes {
        let _ = writeln!(text, "note: {} {:?}", note.fact, note.flaw);
    }
    text
}
