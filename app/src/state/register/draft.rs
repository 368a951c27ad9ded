//! A record as it is being written: what was typed, what is wrong with it, and the wish that it becomes.
//!
//! A draft holds only what the person touched. What others write meanwhile shows in the rest, and where they write a
//! field that was touched, the person is told before their own words take its place.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::Workspace;
use shared::domain::command::RegisterCommand;
use shared::domain::register::{Field, Home, Kind, Record, Shape, Value, ValueFault};
use shared::id::{Address, HouseholdId, PersonId, UnitCode};
use shared::identity::Holder;
use shared::time::Date;

use super::{may_open, money, pick};
use crate::state::home;

mod kept;

/// What was typed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordDraft {
    /// The villages whose record it is.
    pub hosts: BTreeSet<UnitCode>,
    /// The day as typed.
    pub date: String,
    /// The fields that were touched, by key.
    pub touched: BTreeMap<String, Touched>,
}

/// A field that was touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// What it said when it was touched first.
    pub before: String,
    /// What it says by the draft: a text, or the identifier of what was chosen.
    pub text: String,
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Whose record it is.
    Hosts,
    /// The day.
    Date,
    /// A field.
    Field(&'static Field),
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has to say something.
    Missing,
    /// Not a day of the calendar.
    Date,
    /// Not a whole number from 0.
    Count,
    /// Not an amount in yuan.
    Money,
    /// An amount finer than a fen.
    TooFine,
    /// An amount larger than can be kept.
    TooLarge,
    /// What was chosen is on no roster of the record's villages.
    NotOnRoster,
    /// The value cannot stand in the field.
    Value(ValueFault),
    /// A village has to be chosen.
    NoVillage,
    /// None of the chosen villages is the person's own.
    NotOwn,
}

/// How the villages of a new record are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostChoice {
    /// There is nothing to choose.
    Given,
    /// One of these.
    One(Vec<(UnitCode, String)>),
    /// Any of these; none means that it is the township's own.
    Several(Vec<(UnitCode, String)>),
}

/// Returns how the villages of a kind's records are chosen, and which are chosen to begin with.
pub fn hosts(workspace: &Workspace, me: &Holder, kind: &'static Kind) -> (HostChoice, BTreeSet<UnitCode>) {
    let own: BTreeSet<UnitCode> = if me.villages.len() == 1 { me.villages.clone() } else { BTreeSet::new() };
    match kind.home {
        Home::Village | Home::Cases => {
            let mut all = pick::units(workspace);
            for code in &me.villages {
                if !all.iter().any(|(other, _)| other == code) {
                    all.push((code.clone(), home::name(workspace, code)));
                }
            }
            all.retain(|(code, _)| may_open(me, kind, &BTreeSet::from([code.clone()])).is_ok());
            match all.as_slice() {
                [(only, _)] => (HostChoice::Given, BTreeSet::from([only.clone()])),
                _ => (HostChoice::One(all), BTreeSet::new()),
            }
        }
        Home::Township | Home::Office => (HostChoice::Several(pick::units(workspace)), own),
        Home::Letters => (HostChoice::Given, own),
    }
}

impl RecordDraft {
    /// Starts a draft of a new record.
    pub fn new(hosts: BTreeSet<UnitCode>, today: Option<Date>) -> Self {
        let date = today.map(|today| today.to_string()).unwrap_or_default();
        Self { hosts, date, touched: BTreeMap::new() }
    }

    /// Returns what a field says: the draft's words where it was touched, else what the record says.
    pub fn text(&self, record: Option<&Record>, field: &Field) -> String {
        match self.touched.get(field.key) {
            Some(touched) => touched.text.clone(),
            None => record.map(|record| text_of(record, field)).unwrap_or_default(),
        }
    }

    /// Writes what somebody typed or chose; a field that says what it said before counts as touched no more.
    pub fn write(&mut self, record: Option<&Record>, field: &Field, text: String) {
        let said = record.map(|record| text_of(record, field)).unwrap_or_default();
        let before = self.touched.remove(field.key).map_or(said, |touched| touched.before);
        if before != text {
            self.touched.insert(field.key.to_owned(), Touched { before, text });
        }
    }

    /// Returns what somebody else wrote into a field since it was touched here, as a draft has it.
    pub fn overtaken(&self, record: &Record, field: &Field) -> Option<String> {
        let touched = self.touched.get(field.key)?;
        let said = text_of(record, field);
        (said != touched.before && said != touched.text).then_some(said)
    }

    /// Tells whether nothing was typed that would be lost.
    pub fn is_untouched(&self) -> bool {
        self.touched.is_empty()
    }

    /// Returns the wish to open a record, or what is wrong in the order of the form.
    pub fn opening(
        &self,
        workspace: &Workspace,
        me: &Holder,
        kind: &'static Kind,
    ) -> Result<RegisterCommand, Vec<(Part, Fault)>> {
        let mut faults = Vec::new();
        let of_one = matches!(kind.home, Home::Village | Home::Cases);
        if of_one && self.hosts.len() != 1 {
            faults.push((Part::Hosts, Fault::NoVillage));
        } else if may_open(me, kind, &self.hosts).is_err() {
            faults.push((Part::Hosts, Fault::NotOwn));
        }
        let date = self.date.trim().parse::<Date>();
        if date.is_err() {
            faults.push((Part::Date, Fault::Date));
        }
        let mut values = BTreeMap::new();
        for field in kind.fields {
            match read(workspace, &self.hosts, field, &self.text(None, field)) {
                Ok(Value::Nothing) => {}
                Ok(value) => _ = values.insert(field.key.to_owned(), value),
                Err(fault) => faults.push((Part::Field(field), fault)),
            }
        }
        match date {
            Ok(date) if faults.is_empty() => {
                Ok(RegisterCommand::Open { kind, hosts: self.hosts.clone(), date, values })
            }
            _ => Err(faults),
        }
    }

    /// Returns the wish to write what was touched of a record, nothing where nothing was, or what is wrong.
    pub fn writing(
        &self,
        workspace: &Workspace,
        address: &Address,
        record: &Record,
    ) -> Result<Option<RegisterCommand>, Vec<(Part, Fault)>> {
        let (mut values, mut faults) = (BTreeMap::new(), Vec::new());
        for field in record.kind.fields.iter().filter(|field| !field.fixed) {
            let Some(touched) = self.touched.get(field.key) else { continue };
            match read(workspace, &record.hosts, field, &touched.text) {
                Ok(value) => _ = values.insert(field.key.to_owned(), value),
                Err(fault) => faults.push((Part::Field(field), fault)),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let write = RegisterCommand::Write { address: address.clone(), record: record.id.clone(), values };
        Ok(Some(write).filter(|_| !self.touched.is_empty()))
    }
}

/// Returns what a record's field says as a draft has it; nothing where people disagree, which is settled elsewhere.
fn text_of(record: &Record, field: &Field) -> String {
    match record.value(field.key) {
        None | Some(Value::Nothing) => String::new(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Number(number)) if field.shape == Shape::Money => money::write(*number),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Date(date)) => date.to_string(),
        Some(Value::Person(id)) => id.to_string(),
        Some(Value::Household(id)) => id.to_string(),
        Some(Value::Unit(code)) => code.to_string(),
    }
}

/// Reads what was typed or chosen as the field's value.
pub fn read(workspace: &Workspace, hosts: &BTreeSet<UnitCode>, field: &Field, text: &str) -> Result<Value, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return if field.required { Err(Fault::Missing) } else { Ok(Value::Nothing) };
    }
    let is_there = || pick::chosen(workspace, hosts, field.shape, text).is_some();
    let value = match field.shape {
        Shape::Line | Shape::Text | Shape::Choice(_) => Value::Text(text.to_owned()),
        Shape::Date => Value::Date(text.parse().map_err(|_| Fault::Date)?),
        Shape::Count => Value::Number(money::read_count(text).ok_or(Fault::Count)?),
        Shape::Money => Value::Number(money::read(text).map_err(|fault| match fault {
            money::MoneyFault::Shape => Fault::Money,
            money::MoneyFault::TooFine => Fault::TooFine,
            money::MoneyFault::TooLarge => Fault::TooLarge,
        })?),
        Shape::Person | Shape::Household | Shape::Unit if !is_there() => return Err(Fault::NotOnRoster),
        Shape::Person => Value::Person(PersonId::new(text).map_err(|_| Fault::NotOnRoster)?),
        Shape::Household => Value::Household(HouseholdId::new(text).map_err(|_| Fault::NotOnRoster)?),
        Shape::Unit => Value::Unit(UnitCode::new(text).map_err(|_| Fault::NotOnRoster)?),
    };
    value.check(field).map_err(Fault::Value)?;
    Ok(value)
}

#[cfg(test)]
mod tests;
