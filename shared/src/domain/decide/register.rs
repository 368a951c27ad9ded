//! Records with a life: opening, writing, stepping and listing, by what their kind declares.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Fact, Refusal};
use crate::domain::command::RegisterCommand;
use crate::domain::meeting::Author;
use crate::domain::notice;
use crate::domain::red_list;
use crate::domain::register::{
    Affair, Denied, HOSTS_LIMIT, Home, Kind, LINE_BYTES, LINES_AT_ONCE, LINES_LIMIT, LineSubject, Lines, Listed,
    Opening, Powers, Record, Standing, Step, StepTaken, Strike, TEXT_BYTES, Value, ValueFault, Writing, same_person,
};
use crate::domain::{Acting, Workspace};
use crate::id::{Address, DocumentId, FactId, PersonId, ScopeId, UnitCode};
use crate::role::Role;
use crate::time::Date;

pub(super) fn decide(workspace: &Workspace, acting: &Acting, command: &RegisterCommand) -> Result<Vec<Edit>, Refusal> {
    match command {
        RegisterCommand::Open { kind, hosts, date, values } => open(workspace, acting, kind, hosts, *date, values),
        RegisterCommand::Write { address, record, values } => {
            let record = find(workspace, address, record)?;
            write(workspace, acting, address, record, values)
        }
        RegisterCommand::Step { address, record, step, date, reason } => {
            let record = find(workspace, address, record)?;
            take(workspace, acting, address, record, step, *date, reason)
        }
        RegisterCommand::List { address, record, village, subject, note } => {
            let record = find(workspace, address, record)?;
            list(workspace, acting, address, record, village.as_ref(), &[(subject.clone(), note.clone())])
        }
        RegisterCommand::ListAll { address, record, village, lines } => {
            let record = find(workspace, address, record)?;
            list(workspace, acting, address, record, village.as_ref(), lines)
        }
        RegisterCommand::Strike { address, record, line, reason } => {
            let record = find(workspace, address, record)?;
            strike(acting, address, record, line, reason)
        }
    }
}

/// Tells whether somebody may open a record of a kind for these villages.
pub fn may_open(acting: &Acting, kind: &'static Kind, hosts: &BTreeSet<UnitCode>) -> Result<(), Refusal> {
    allowed(acting, kind.keepers, kind.home, hosts)
}

/// Tells whether somebody may take a step, whatever the record still lacks for it.
pub fn may_step(acting: &Acting, record: &Record, step: &'static Step) -> Result<(), Refusal> {
    allowed(acting, step.by, record.kind.home, &record.hosts)?;
    let author = Author { device: acting.device, holder: Some(acting.holder.clone()) };
    if same_person(record, step, &author) { Err(Refusal::SamePerson) } else { Ok(()) }
}

/// Tells whether somebody may take a step on a day, whatever fields and reason it still lacks; without a day, whether
/// on any.
pub fn may_take(
    workspace: &Workspace,
    acting: &Acting,
    record: &Record,
    step: &'static Step,
    date: Option<Date>,
) -> Result<(), Refusal> {
    may_step(acting, record, step)?;
    if let Some(last) = record.waits_until(step).filter(|last| date.is_some_and(|date| date <= *last)) {
        return Err(Refusal::TooEarly { last });
    }
    red_list::check_step(workspace, record, step, date)?;
    notice::check_step(workspace, acting, record, step)
}

/// Refuses those who hold none of the roles, or hold them elsewhere only.
fn allowed(acting: &Acting, roles: &'static [Role], home: Home, hosts: &BTreeSet<UnitCode>) -> Result<(), Refusal> {
    let powers = Powers { roles: acting.roles, villages: acting.villages.clone() };
    powers.allow(roles, home, hosts).map_err(|denied| match denied {
        Denied::Role => Refusal::Role { needs: roles },
        Denied::OtherVillage => Refusal::OtherVillage,
    })
}

fn find<'a>(workspace: &'a Workspace, address: &Address, record: &FactId) -> Result<&'a Record, Refusal> {
    let affairs = workspace.registers.get(address);
    affairs.and_then(|affairs| affairs.records.get(record)).ok_or_else(|| Refusal::NoRecord(record.clone()))
}

fn fact(address: &Address, affair: Affair) -> Vec<Edit> {
    vec![Edit::Fact { address: address.clone(), fact: Fact::Affair(Box::new(affair)) }]
}

fn open(
    workspace: &Workspace,
    acting: &Acting,
    kind: &'static Kind,
    hosts: &BTreeSet<UnitCode>,
    date: Date,
    values: &BTreeMap<String, Value>,
) -> Result<Vec<Edit>, Refusal> {
    may_open(acting, kind, hosts)?;
    if hosts.len() > HOSTS_LIMIT {
        return Err(Refusal::TooMany { limit: HOSTS_LIMIT });
    }
    let address = command_address(kind, hosts, date, &acting.holder).ok_or(Refusal::OneVillage)?;
    check_values(workspace, kind, hosts, values)?;
    red_list::check_values(workspace, kind, hosts.iter(), date, |field| values.get(field))?;
    let missing = kind.fields.iter().filter(|field| field.required);
    let missing: Vec<&'static str> =
        missing.filter(|field| values.get(field.key).is_none_or(Value::is_nothing)).map(|field| field.key).collect();
    if !missing.is_empty() {
        return Err(Refusal::FieldsNeeded(missing));
    }
    let values = values.iter().filter(|(_, value)| !value.is_nothing());
    let opening = Opening {
        kind: kind.key.to_owned(),
        hosts: hosts.clone(),
        date,
        values: values.map(|(field, value)| (field.clone(), value.clone())).collect(),
    };
    Ok(fact(&address, Affair::Opened(opening)))
}

/// Returns where a record is to lie; nothing for one of a single village that names none or several.
fn command_address(kind: &'static Kind, hosts: &BTreeSet<UnitCode>, date: Date, holder: &PersonId) -> Option<Address> {
    let one = || hosts.first().filter(|_| hosts.len() == 1).cloned();
    let scope = match kind.home {
        Home::Village => ScopeId::Village(one()?),
        Home::Cases => ScopeId::Cases(one()?),
        Home::Township => ScopeId::Township,
        Home::Office => ScopeId::Office,
        Home::Letters => ScopeId::Letters(holder.clone()),
    };
    // The years of the calendar have four digits; what is before lies in the first of them.
    let year = u16::try_from(date.parts().0).unwrap_or(0);
    Some(Address { scope, document: DocumentId::Affairs(year) })
}

impl RegisterCommand {
    /// Returns the document that it writes when this person asks for it; nothing where it cannot be carried out.
    pub fn address(&self, holder: &PersonId) -> Option<Address> {
        match self {
            Self::Open { kind, hosts, date, .. } => command_address(kind, hosts, *date, holder),
            Self::Write { address, .. }
            | Self::Step { address, .. }
            | Self::List { address, .. }
            | Self::ListAll { address, .. }
            | Self::Strike { address, .. } => Some(address.clone()),
        }
    }
}

/// Checks that every value can stand where it is put, and that people and households are on a host's roster.
fn check_values(
    workspace: &Workspace,
    kind: &'static Kind,
    hosts: &BTreeSet<UnitCode>,
    values: &BTreeMap<String, Value>,
) -> Result<(), Refusal> {
    for (key, value) in values {
        let field = kind.field(key).ok_or_else(|| Refusal::NoSuchField(key.clone()))?;
        value.check(field).map_err(|fault| Refusal::Value { field: field.key, fault })?;
        let rosters = || hosts.iter().filter_map(|host| workspace.villages.get(host)).map(|village| &village.roster);
        let known = match value {
            Value::Person(person) => rosters().any(|roster| roster.people.contains_key(person)),
            Value::Household(household) => rosters().any(|roster| roster.households.contains_key(household)),
            Value::Unit(unit) => workspace.township.units.contains_key(unit),
            _ => true,
        };
        if !known {
            return Err(Refusal::NotOnRoster { field: Some(field.key) });
        }
    }
    Ok(())
}

/// Writes what differs, naming what stands as replaced, so that a divergence is settled by writing it once more.
fn write(
    workspace: &Workspace,
    acting: &Acting,
    address: &Address,
    record: &Record,
    values: &BTreeMap<String, Value>,
) -> Result<Vec<Edit>, Refusal> {
    may_open(acting, record.kind, &record.hosts)?;
    check_values(workspace, record.kind, &record.hosts, values)?;
    let said = |field: &str| values.get(field).or_else(|| record.value(field));
    red_list::check_values(workspace, record.kind, record.hosts.iter(), record.date, said)?;
    let (mut changed, mut replaces) = (BTreeMap::new(), BTreeSet::new());
    for (key, value) in values {
        let settled = record.values.get(key.as_str());
        let is_so = match settled {
            Some(settled) if settled.is_divergence() => false,
            settled => settled.and_then(|settled| settled.agreed()).unwrap_or(&Value::Nothing) == value,
        };
        let required = record.kind.field(key).filter(|field| field.required && value.is_nothing());
        if let Some(field) = required {
            return Err(Refusal::FieldsNeeded(vec![field.key]));
        }
        if let Some(field) = record.kind.field(key).filter(|field| field.fixed && !is_so) {
            return Err(Refusal::Value { field: field.key, fault: ValueFault::Fixed });
        }
        if !is_so {
            changed.insert(key.clone(), value.clone());
            replaces.extend(settled.map(|settled| settled.facts()).unwrap_or_default());
        }
    }
    if changed.is_empty() {
        return Err(Refusal::NothingToChange);
    }
    let writing = Writing { record: record.id.clone(), values: changed, replaces: replaces.into_iter().collect() };
    Ok(fact(address, Affair::Written(writing)))
}

fn take(
    workspace: &Workspace,
    acting: &Acting,
    address: &Address,
    record: &Record,
    step: &'static Step,
    date: Date,
    reason: &str,
) -> Result<Vec<Edit>, Refusal> {
    let stands = match record.standing() {
        Standing::At(state) => vec![state.key],
        Standing::Divided(states) => states.iter().map(|state| state.key).collect(),
    };
    if record.kind.step(step.key) != Some(step) || !stands.iter().any(|state| step.from.contains(state)) {
        return Err(Refusal::NoSuchStep { from: stands });
    }
    may_take(workspace, acting, record, step, Some(date))?;
    if step.reason && reason.trim().is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    super::limit(reason, TEXT_BYTES)?;
    let missing: Vec<&'static str> = step.needs.iter().copied().filter(|field| record.value(field).is_none()).collect();
    if !missing.is_empty() {
        return Err(Refusal::FieldsNeeded(missing));
    }
    let (record, replaces) = (record.id.clone(), record.last.facts());
    let taken = StepTaken { record, step: step.key.to_owned(), date, reason: reason.trim().to_owned(), replaces };
    Ok(fact(address, Affair::Stepped(taken)))
}

fn lines_of(acting: &Acting, record: &Record) -> Result<Lines, Refusal> {
    let lines = record.kind.lines.ok_or(Refusal::NoList)?;
    allowed(acting, lines.by, record.kind.home, &record.hosts)?;
    Ok(lines)
}

/// Lists all or, where one of them cannot be listed, nobody.
fn list(
    workspace: &Workspace,
    acting: &Acting,
    address: &Address,
    record: &Record,
    village: Option<&UnitCode>,
    wanted: &[(LineSubject, String)],
) -> Result<Vec<Edit>, Refusal> {
    let lines = lines_of(acting, record)?;
    if record.lines.len() + wanted.len() > LINES_LIMIT {
        return Err(Refusal::TooMany { limit: LINES_LIMIT });
    }
    if wanted.len() > LINES_AT_ONCE {
        return Err(Refusal::TooMany { limit: LINES_AT_ONCE });
    }
    if wanted.is_empty() {
        return Err(Refusal::NothingToChange);
    }
    if village.is_some_and(|village| !record.hosts.contains(village)) {
        return Err(Refusal::OtherVillage);
    }
    let mut edits = Vec::with_capacity(wanted.len());
    for (place, (subject, note)) in wanted.iter().enumerate() {
        let is_twice = wanted[..place].iter().any(|(other, _)| other == subject);
        if !lines.repeats && is_twice {
            return Err(Refusal::NothingToChange);
        }
        check_line(workspace, record, lines, village, subject, note)?;
        let (record, village) = (record.id.clone(), village.cloned());
        let listed = Listed { record, village, subject: subject.clone(), note: note.clone() };
        edits.extend(fact(address, Affair::Listed(listed)));
    }
    Ok(edits)
}

fn check_line(
    workspace: &Workspace,
    record: &Record,
    lines: Lines,
    village: Option<&UnitCode>,
    subject: &LineSubject,
    note: &str,
) -> Result<(), Refusal> {
    super::limit(note, LINE_BYTES)?;
    let roster = village.or(record.hosts.first()).and_then(|village| workspace.villages.get(village));
    let known = match subject {
        LineSubject::Person(person) => roster.is_some_and(|village| village.roster.people.contains_key(person)),
        LineSubject::Household(id) => roster.is_some_and(|village| village.roster.households.contains_key(id)),
        LineSubject::Name(name) if name.trim().is_empty() => return Err(Refusal::EmptyName),
        LineSubject::Name(name) => {
            super::limit(name, LINE_BYTES)?;
            true
        }
    };
    if !known || !lines.of.takes(subject) {
        return Err(Refusal::NotOnRoster { field: None });
    }
    let stands = |line: &Listed| (&line.subject, line.village.as_ref()) == (subject, village);
    if !lines.repeats && record.listed().any(|(_, line)| stands(&line.listed)) {
        return Err(Refusal::NothingToChange);
    }
    Ok(())
}

fn strike(
    acting: &Acting,
    address: &Address,
    record: &Record,
    line: &FactId,
    reason: &str,
) -> Result<Vec<Edit>, Refusal> {
    lines_of(acting, record)?;
    super::limit(reason, LINE_BYTES)?;
    match record.lines.get(line) {
        None => return Err(Refusal::NoRecord(line.clone())),
        Some(line) if line.struck.is_some() => return Err(Refusal::NothingToChange),
        Some(_) => {}
    }
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    let (record, line) = (record.id.clone(), line.clone());
    Ok(fact(address, Affair::Struck(Strike { record, line, reason: reason.trim().to_owned() })))
}
