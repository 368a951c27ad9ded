//! From facts to records: total, and a function of the set of facts alone.
//!
//! A value is settled field by field and a state step by step, as everything else is: what a later fact names as
//! replaced makes way, and what two people said apart stands side by side until somebody settles it.

use std::collections::{BTreeMap, BTreeSet};

use super::{HOSTS_LIMIT, Home, Kind, OPENED, Powers, State, Step, Value};
use crate::domain::calendar::notice_end;
use crate::domain::divergence::{Claim, Said, Settled, Voice, settle};
use crate::domain::meeting::{Author, Recorded};
use crate::id::{DeviceNumber, FactId, HouseholdId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::Date;

/// One immutable fact of a document of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Affair {
    /// A record was opened; the fact's number is the record's.
    Opened(Opening),
    /// Fields of a record were written.
    Written(Writing),
    /// A record took a step.
    Stepped(StepTaken),
    /// Somebody was put on a record's list.
    Listed(Listed),
    /// A line was struck from a record's list.
    Struck(Strike),
}

/// A record's beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The name of its kind.
    pub kind: String,
    /// The villages whose record it is: one for most, several for a joint event (E43), none for the township's own.
    pub hosts: BTreeSet<UnitCode>,
    /// The day on which it happened or began, as people say.
    pub date: Date,
    /// What it says from the beginning, by field.
    pub values: BTreeMap<String, Value>,
}

/// Fields that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The record.
    pub record: FactId,
    /// What it says, by field.
    pub values: BTreeMap<String, Value>,
    /// Earlier facts whose values of these fields make way.
    pub replaces: Vec<FactId>,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// The record.
    pub record: FactId,
    /// The name of the step.
    pub step: String,
    /// The day on which it was taken, as people say.
    pub date: Date,
    /// Why, where the step asks for a reason.
    pub reason: String,
    /// The steps that stood when it was taken; none for the first.
    pub replaces: Vec<FactId>,
}

/// Who stands on a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineSubject {
    /// A person of a village's roster.
    Person(PersonId),
    /// A household of a village's roster.
    Household(HouseholdId),
    /// Somebody or something on no roster, by name.
    Name(String),
}

/// Somebody was put on a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The record.
    pub record: FactId,
    /// The village whose roster it is, where the record has several.
    pub village: Option<UnitCode>,
    /// Who.
    pub subject: LineSubject,
    /// What is noted beside the name; may be empty.
    pub note: String,
}

/// A line was struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// The record.
    pub record: FactId,
    /// The number of the line.
    pub line: FactId,
    /// Why.
    pub reason: String,
}

impl Affair {
    /// Returns the record that it is about; an opening is about the record that it opens.
    pub fn record<'a>(&'a self, id: &'a FactId) -> &'a FactId {
        match self {
            Self::Opened(_) => id,
            Self::Written(writing) => &writing.record,
            Self::Stepped(step) => &step.record,
            Self::Listed(listed) => &listed.record,
            Self::Struck(strike) => &strike.record,
        }
    }
}

/// The records of one document, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affairs {
    /// Records of kinds that this version knows.
    pub records: BTreeMap<FactId, Record>,
    /// What was passed over.
    pub notes: Vec<RecordNote>,
}

/// Something of a record that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordNote {
    /// The fact.
    pub fact: FactId,
    /// Why it does not count.
    pub flaw: Flaw,
}

/// Why a fact of a record does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Another fact bears the same number; neither counts.
    NumberTwice,
    /// The kind is one of a later version, or of none.
    UnknownKind,
    /// The record was never opened, or its opening has not arrived or does not count.
    NoRecord,
    /// The author has none of the roles that may do this.
    Role,
    /// Too many villages share it.
    Hosts,
    /// A field that the kind does not have or that stays as it was, or a value that cannot stand in it.
    Value,
    /// The kind has no such step, or none from where the record stood.
    Step,
    /// The step was taken before its period had passed.
    TooEarly,
    /// The author took a step that somebody else has to take apart from this one.
    SamePerson,
    /// The kind lists nothing or nothing of this sort, or has no such line.
    Line,
}

/// One record: what it says, where it stands, who is on its list and how it came to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub id: FactId,
    /// Its kind.
    pub kind: &'static Kind,
    /// Who opened it, and when by their clock.
    pub opened: Voice,
    /// The villages whose record it is.
    pub hosts: BTreeSet<UnitCode>,
    /// The day on which it happened or began.
    pub date: Date,
    /// What it says, by field; fields that say nothing are absent.
    pub values: BTreeMap<&'static str, Settled<Value>>,
    /// The steps that stand: nothing in the first state, several where people stepped apart.
    pub last: Settled<&'static Step>,
    /// Every step that counts, by number.
    pub steps: BTreeMap<FactId, Recorded<StepTaken>>,
    /// Its list, by number.
    pub lines: BTreeMap<FactId, Line>,
    /// Every writing that counts, by number, also what made way since: its timeline tells them.
    pub writings: BTreeMap<FactId, Recorded<Writing>>,
    /// Every strike that counts, by number.
    pub strikes: BTreeMap<FactId, Recorded<Strike>>,
}

/// A line of a record's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who put it there.
    pub by: Voice,
    /// What it says.
    pub listed: Listed,
    /// Why it was struck, where it was.
    pub struck: Option<String>,
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In this state.
    At(&'static State),
    /// People took different steps apart: in one of these states, which somebody has to settle.
    Divided(Vec<&'static State>),
}

impl Record {
    /// Returns where it stands.
    pub fn standing(&self) -> Standing {
        let mut states: Vec<&'static State> = Vec::new();
        for said in self.last.standing() {
            if let Some(state) = self.kind.state(said.value.to).filter(|state| !states.contains(state)) {
                states.push(state);
            }
        }
        match (states.as_slice(), self.kind.first()) {
            ([state], _) => Standing::At(state),
            ([], Some(first)) => Standing::At(first),
            _ => Standing::Divided(states),
        }
    }

    /// Returns the one state in which it stands, if people agree.
    pub fn state(&self) -> Option<&'static State> {
        match self.standing() {
            Standing::At(state) => Some(state),
            Standing::Divided(_) => None,
        }
    }

    /// Returns what a field says, if it says one thing.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.get(field).and_then(Settled::agreed).filter(|value| !value.is_nothing())
    }

    /// Returns the text of its first field, which titles it.
    pub fn title(&self) -> &str {
        match self.kind.fields.first().and_then(|field| self.value(field.key)) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns the lines that stand.
    pub fn listed(&self) -> impl Iterator<Item = (&FactId, &Line)> {
        self.lines.iter().filter(|(_, line)| line.struck.is_none())
    }

    /// Returns the last day of the period that a step waits for; nothing where it waits for none.
    pub fn waits_until(&self, step: &Step) -> Option<Date> {
        let period = step.not_before?;
        let begun = self.steps.values().filter(|taken| taken.value.step == period.after).map(|taken| taken.value.date);
        let days = match self.value(period.field) {
            Some(Value::Number(days)) => u16::try_from(*days).unwrap_or(u16::MAX).max(period.days),
            _ => period.days,
        };
        notice_end(begun.max()?, days)
    }

    /// Returns whoever took a step, or with [`OPENED`] opened the record; everyone on the way to where it stands.
    pub fn takers(&self, step: &str) -> BTreeSet<&Author> {
        if step == OPENED {
            return BTreeSet::from([&self.opened.author]);
        }
        self.steps.values().filter(|taken| taken.value.step == step).map(|taken| &taken.author).collect()
    }
}

impl Affairs {
    /// Folds the facts of one document; never fails, and their order does not matter.
    ///
    /// A device that is not among `powers` is one whose certificate has not arrived: it is believed until it has.
    pub fn fold(facts: Vec<Recorded<Affair>>, powers: &BTreeMap<DeviceNumber, Powers>) -> Self {
        Self::fold_of(facts, &|_, device| powers.get(&device).cloned())
    }

    /// Folds facts, each under the powers that its author had when it was recorded; nothing where they are not known.
    pub fn fold_of(facts: Vec<Recorded<Affair>>, powers: &dyn Fn(&FactId, DeviceNumber) -> Option<Powers>) -> Self {
        let mut folding = Folding { powers, affairs: Self::default() };
        let facts = folding.by_number(facts);
        let (openings, others): (Vec<_>, Vec<_>) =
            facts.into_iter().partition(|fact| matches!(fact.value, Affair::Opened(_)));
        for fact in openings {
            folding.open(fact);
        }
        let mut of_record: BTreeMap<FactId, Vec<Recorded<Affair>>> = BTreeMap::new();
        for fact in others {
            let record = fact.value.record(&fact.id).clone();
            if folding.affairs.records.contains_key(&record) {
                of_record.entry(record).or_default().push(fact);
            } else {
                folding.note(&fact.id, Flaw::NoRecord);
            }
        }
        for (record, facts) in of_record {
            if let Some(mut record) = folding.affairs.records.remove(&record) {
                folding.write(&mut record, &facts);
                folding.step(&mut record, &facts);
                folding.list(&mut record, &facts);
                folding.affairs.records.insert(record.id.clone(), record);
            }
        }
        folding.affairs.notes.sort();
        folding.affairs
    }
}

struct Folding<'a> {
    powers: &'a dyn Fn(&FactId, DeviceNumber) -> Option<Powers>,
    affairs: Affairs,
}

impl Folding<'_> {
    fn note(&mut self, fact: &FactId, flaw: Flaw) {
        self.affairs.notes.push(RecordNote { fact: fact.clone(), flaw });
    }

    fn may<T>(&self, fact: &Recorded<T>, roles: &[Role], home: Home, hosts: &BTreeSet<UnitCode>) -> bool {
        let powers = (self.powers)(&fact.id, fact.author.device);
        powers.is_none_or(|powers| powers.allow(roles, home, hosts).is_ok())
    }

    fn may_with<T>(&self, fact: &Recorded<T>, roles: &[Role], record: &Record) -> bool {
        self.may(fact, roles, record.kind.home, &record.hosts)
    }

    /// Leaves out numbers that two different facts bear, so that no order decides.
    fn by_number(&mut self, facts: Vec<Recorded<Affair>>) -> Vec<Recorded<Affair>> {
        let mut sorted: BTreeMap<FactId, Recorded<Affair>> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for fact in facts {
            match sorted.get(&fact.id) {
                Some(other) if *other != fact => _ = twice.insert(fact.id),
                Some(_) => {}
                None => _ = sorted.insert(fact.id.clone(), fact),
            }
        }
        for id in twice {
            sorted.remove(&id);
            self.note(&id, Flaw::NumberTwice);
        }
        sorted.into_values().collect()
    }

    fn open(&mut self, fact: Recorded<Affair>) {
        let opened = Voice::of(&fact);
        let Affair::Opened(opening) = fact.value.clone() else { return };
        let Some(kind) = Kind::of(&opening.kind) else { return self.note(&fact.id, Flaw::UnknownKind) };
        if !self.may(&fact, kind.keepers, kind.home, &opening.hosts) {
            return self.note(&fact.id, Flaw::Role);
        }
        if opening.hosts.len() > HOSTS_LIMIT {
            return self.note(&fact.id, Flaw::Hosts);
        }
        let said = |value: Value| Settled::Agreed(Said { value, by: vec![opened.clone()] });
        let mut values = BTreeMap::new();
        for (key, value) in opening.values {
            match kind.field(&key).filter(|field| value.check(field).is_ok()) {
                Some(field) => _ = values.insert(field.key, said(value)),
                None => self.note(&fact.id, Flaw::Value),
            }
        }
        let record = Record {
            id: fact.id.clone(),
            kind,
            opened,
            hosts: opening.hosts,
            date: opening.date,
            values,
            last: Settled::Nothing,
            steps: BTreeMap::new(),
            lines: BTreeMap::new(),
            writings: BTreeMap::new(),
            strikes: BTreeMap::new(),
        };
        self.affairs.records.insert(fact.id, record);
    }

    /// Settles every field among the opening and the writings that count.
    fn write(&mut self, record: &mut Record, facts: &[Recorded<Affair>]) {
        let mut claims: BTreeMap<&'static str, Vec<Claim<'_, Value>>> = BTreeMap::new();
        for (key, settled) in &record.values {
            for said in settled.standing() {
                let claim =
                    |voice: &Voice| Claim { voice: voice.clone(), value: said.value.clone(), replaces: &[][..] };
                claims.entry(key).or_default().extend(said.by.iter().map(claim));
            }
        }
        let mut writings = BTreeMap::new();
        for fact in facts {
            let Affair::Written(writing) = &fact.value else { continue };
            if !self.may_with(fact, record.kind.keepers, record) {
                self.note(&fact.id, Flaw::Role);
                continue;
            }
            for (key, value) in &writing.values {
                match record.kind.field(key).filter(|field| !field.fixed && value.check(field).is_ok()) {
                    Some(field) => claims.entry(field.key).or_default().push(Claim {
                        voice: Voice::of(fact),
                        value: value.clone(),
                        replaces: &writing.replaces,
                    }),
                    None => self.note(&fact.id, Flaw::Value),
                }
            }
            writings.insert(fact.id.clone(), fact.cast(writing.clone()));
        }
        record.writings = writings;
        record.values = claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect();
    }

    /// Takes the steps that count: each from where the steps it names had brought the record.
    fn step(&mut self, record: &mut Record, facts: &[Recorded<Affair>]) {
        let mut open: BTreeMap<&FactId, &Recorded<Affair>> = BTreeMap::new();
        for fact in facts {
            if matches!(fact.value, Affair::Stepped(_)) {
                open.insert(&fact.id, fact);
            }
        }
        // Whatever names only steps that are decided already is decided next; what names itself in a ring never is.
        loop {
            let ready: Vec<&Recorded<Affair>> = open
                .values()
                .filter(|fact| match &fact.value {
                    Affair::Stepped(taken) => !taken.replaces.iter().any(|id| open.contains_key(id)),
                    _ => false,
                })
                .copied()
                .collect();
            if ready.is_empty() {
                break;
            }
            for fact in ready {
                open.remove(&fact.id);
                let Affair::Stepped(taken) = &fact.value else { continue };
                match self.flaw_of_step(record, fact, taken) {
                    None => _ = record.steps.insert(fact.id.clone(), fact.cast(taken.clone())),
                    Some(flaw) => self.note(&fact.id, flaw),
                }
            }
        }
        for id in open.into_keys() {
            self.note(id, Flaw::Step);
        }
        let claims = record.steps.values().filter_map(|taken| {
            let step = record.kind.step(&taken.value.step)?;
            Some(Claim { voice: Voice::of(taken), value: step, replaces: &taken.value.replaces })
        });
        record.last = settle(claims.collect());
    }

    fn flaw_of_step(&self, record: &Record, fact: &Recorded<Affair>, taken: &StepTaken) -> Option<Flaw> {
        let Some(step) = record.kind.step(&taken.step) else { return Some(Flaw::Step) };
        if !self.may_with(fact, step.by, record) {
            return Some(Flaw::Role);
        }
        let before = taken.replaces.iter().filter_map(|id| record.steps.get(id));
        let mut states: BTreeSet<&str> =
            before.filter_map(|taken| record.kind.step(&taken.value.step)).map(|step| step.to).collect();
        if taken.replaces.is_empty() {
            states.extend(record.kind.first().map(|state| state.key));
        }
        if !states.iter().any(|state| step.from.contains(state)) {
            return Some(Flaw::Step);
        }
        if record.waits_until(step).is_some_and(|last| taken.date <= last) {
            return Some(Flaw::TooEarly);
        }
        same_person(record, step, &fact.author).then_some(Flaw::SamePerson)
    }

    /// Lists and strikes.
    fn list(&mut self, record: &mut Record, facts: &[Recorded<Affair>]) {
        let Some(lines) = record.kind.lines else {
            let listing = |fact: &&Recorded<Affair>| matches!(fact.value, Affair::Listed(_) | Affair::Struck(_));
            facts.iter().filter(listing).for_each(|fact| self.note(&fact.id, Flaw::Line));
            return;
        };
        for fact in facts {
            let Affair::Listed(listed) = &fact.value else { continue };
            if !lines.of.takes(&listed.subject) {
                self.note(&fact.id, Flaw::Line);
            } else if self.may_with(fact, lines.by, record) {
                let line = Line { by: Voice::of(fact), listed: listed.clone(), struck: None };
                record.lines.insert(fact.id.clone(), line);
            } else {
                self.note(&fact.id, Flaw::Role);
            }
        }
        for fact in facts {
            let Affair::Struck(strike) = &fact.value else { continue };
            if !self.may_with(fact, lines.by, record) {
                self.note(&fact.id, Flaw::Role);
                continue;
            }
            let Some(line) = record.lines.get_mut(&strike.line) else {
                self.note(&fact.id, Flaw::Line);
                continue;
            };
            // Struck twice is struck; the reason that reads first stands, whatever arrived first.
            match &mut line.struck {
                Some(reason) => *reason = reason.clone().min(strike.reason.clone()),
                struck => *struck = Some(strike.reason.clone()),
            }
            record.strikes.insert(fact.id.clone(), fact.cast(strike.clone()));
        }
    }
}

/// Tells whether an author took a step from which this one must be kept apart; two devices of one person are one.
pub(crate) fn same_person(record: &Record, step: &Step, author: &Author) -> bool {
    let is_same = |other: &Author| match (&other.holder, &author.holder) {
        (Some(other), Some(author)) => other == author,
        _ => other.device == author.device,
    };
    step.apart_from.iter().any(|other| record.takers(other).into_iter().any(is_same))
}
