//! Commands into documents, documents into the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::boundary::{Outcome, Refused, Ticket};
use super::journal::{Shelf, journal_key, pack_row};
use super::queue::Pending;
use super::status::{Note, RecordState};
use super::urn::{pack_urn, urn_key};
use super::{After, Replica, rollback};
use crate::document::fact::Adopted;
use crate::document::read::{RawFact, Skipped};
use crate::document::{Change, Entry, fact};
use crate::domain::assessment::{Assessment, Cards};
use crate::domain::command::Command;
use crate::domain::decide::{Edit, Fact, decide};
use crate::domain::flag::Custody;
use crate::domain::meeting::{Author, Meeting, MeetingFact, Recorded};
use crate::domain::person::Moves;
use crate::domain::post::QuarterPosts;
use crate::domain::record::{FieldNote, Fields, read_roster, read_township};
use crate::domain::register::{Affairs, Powers};
use crate::domain::rulebook::points::{PointsAdoption, points_rules};
use crate::domain::{Adoption, Note as RecordNote, Workspace, adoptions};
use crate::id::{Actor, Address, DeviceNumber, DocumentId, FactId, ScopeId, UnitCode};
use crate::identity::batch::ChangeHash;
use crate::time::Instant;
use crate::wire::{DOCUMENT_CHANGES, Refusal};

impl Replica {
    /// Decides a command and writes what it edits: one transaction per document, one write to storage.
    pub(super) fn command(&mut self, ticket: Ticket, command: &Command, now: Instant) -> Result<(), Refused> {
        let identity = self.identity.as_ref().ok_or(Refused::NotEnrolled)?;
        let (device, code) = (identity.holder.device, identity.holder.code.clone());
        let edits = decide(&self.workspace, &identity.acting(), command).map_err(Refused::Rule)?;
        let is_full = |address| {
            self.shelves.get(address).is_some_and(|shelf: &Shelf| shelf.document.changes() >= DOCUMENT_CHANGES)
        };
        let full = edits.iter().any(|edit| match edit {
            Edit::Fact { address, .. } | Edit::Field { address, .. } => is_full(address),
            Edit::Urn { .. } => false,
        });
        if full {
            return Err(Refused::DocumentFull);
        }
        let mut write = Pending::default();
        let mut entries: BTreeMap<Address, Vec<Entry>> = BTreeMap::new();
        let (mut counter, mut numbers) = (self.counter, Vec::new());
        for edit in edits {
            match edit {
                Edit::Fact { address, fact } => {
                    counter = counter.checked_add(1).ok_or(Refused::Document)?;
                    let id = FactId { device: code.clone(), counter };
                    let bytes = self.pack(&address, &fact);
                    numbers.push(id.clone());
                    entries.entry(address).or_default().push(Entry::Fact(id, bytes));
                }
                Edit::Field { address, key, value } => {
                    entries.entry(address).or_default().push(Entry::Field(key, value));
                }
                Edit::Urn { meeting, urn } => {
                    let key = urn_key(&meeting);
                    match &urn {
                        Some(urn) => write.puts.push((key, pack_urn(urn))),
                        None => write.deletes.push(key),
                    }
                    let urns = &mut Arc::make_mut(&mut self.workspace).urns;
                    match urn {
                        Some(urn) => _ = urns.insert(meeting, urn),
                        None => _ = urns.remove(&meeting),
                    }
                }
            }
        }
        self.counter = counter;
        let actor = Actor { device, session: self.session };
        for (address, entries) in &entries {
            self.record(address, actor, now, entries, &mut write)?;
        }
        write.after.push(After::Done(ticket, Outcome::Recorded(numbers)));
        self.queue.push(write);
        self.changed = true;
        self.reread(entries.into_keys());
        self.snapshot();
        Ok(())
    }

    /// Makes one transaction in a document and journals it.
    pub(super) fn record(
        &mut self,
        address: &Address,
        actor: Actor,
        at: Instant,
        entries: &[Entry],
        write: &mut Pending<After>,
    ) -> Result<(), Refused> {
        let shelf = self.shelf(address).ok_or(Refused::Document)?;
        let written = shelf.document.write(actor, at, entries).map_err(|_| Refused::Document)?;
        let Some(written) = written else { return Ok(()) };
        let change = Change::read(&written.bytes).map_err(|_| Refused::Document)?;
        self.last_row += 1;
        write.puts.push((journal_key(self.last_row), pack_row(address, &[change])));
        let last_row = self.last_row;
        if let Some(shelf) = self.shelves.get_mut(address) {
            shelf.journalled(last_row, 1);
            shelf.own.push(written.hash);
        }
        self.writing.insert(written.hash);
        write.after.push(After::Durable(vec![written.hash]));
        Ok(())
    }

    /// Packs a fact; a seal names the heads of the document as it stands.
    fn pack(&self, address: &Address, fact: &Fact) -> Vec<u8> {
        match fact {
            Fact::Meeting(MeetingFact::Sealed(seal)) => {
                let shelf = self.shelves.get(address);
                let seal = shelf.map_or_else(|| seal.clone(), |shelf| shelf.document.seal(seal));
                fact::pack_meeting(&MeetingFact::Sealed(seal))
            }
            Fact::Meeting(fact) => fact::pack_meeting(fact),
            Fact::RulebookAdopted(adoption) => fact::pack_adopted(adoption),
            Fact::Affair(affair) => fact::pack_affair(affair),
            Fact::Assessment(fact) => fact::pack_assessment(fact),
            Fact::Card(fact) => fact::pack_card(fact),
            Fact::Flag(fact) => fact::pack_flag(fact),
            Fact::PointsRuleAdopted(adoption) => fact::pack_points_adopted(adoption),
            Fact::Points(points) => fact::pack_points(points),
            Fact::Post(fact) => fact::pack_post(fact),
            Fact::Roster(fact) => fact::pack_roster(fact),
        }
    }

    /// Returns a document, begun if it is not there.
    pub(super) fn shelf(&mut self, address: &Address) -> Option<&mut Shelf> {
        if !self.shelves.contains_key(address) {
            let shelf = Shelf::new(address).ok()?;
            self.shelves.insert(address.clone(), shelf);
        }
        self.shelves.get_mut(address)
    }

    /// Writes documents whole whose journal has grown long.
    pub(super) fn snapshot(&mut self) {
        for (address, shelf) in &mut self.shelves {
            if let Some(row) = shelf.snapshot(address) {
                let after = vec![After::Snapshot(address.clone())];
                let deletes = self.vouches.thin(address, shelf);
                self.queue.push(Pending { puts: vec![row], deletes, after });
            }
        }
    }

    /// Reads documents again and replaces their parts of the workspace.
    pub(super) fn reread(&mut self, addresses: impl IntoIterator<Item = Address>) {
        let mut accounts = BTreeSet::new();
        for address in addresses {
            self.reread_one(&address);
            accounts.extend(self.accounts_on(&address));
            self.changed = true;
        }
        self.refold_points(&accounts);
    }

    fn reread_one(&mut self, address: &Address) {
        let (scope, document) = (&address.scope, &address.document);
        match (scope, document) {
            (ScopeId::Township, DocumentId::Registry) => {
                let (township, notes) = read_township(&self.fields(address));
                let workspace = Arc::make_mut(&mut self.workspace);
                workspace.township = township;
                replace_notes(workspace, None, notes);
            }
            (ScopeId::Township, DocumentId::Rulebooks) => {
                let (reviews, points) = self.adopted(address);
                let workspace = Arc::make_mut(&mut self.workspace);
                workspace.rulebooks = adoptions(reviews);
                workspace.points_rules = points_rules(points);
            }
            (ScopeId::Village(code), DocumentId::Rulebooks) => {
                let (_, points) = self.adopted(address);
                let workspace = Arc::make_mut(&mut self.workspace);
                workspace.villages.entry(code.clone()).or_default().points_rules = points_rules(points);
            }
            (ScopeId::Village(code), DocumentId::Points(quarter)) => self.read_points(address, code, *quarter),
            (ScopeId::Village(code), DocumentId::Roster) => {
                let (roster, notes) = read_roster(&self.fields(address));
                let facts = self.facts(address, fact::read_roster);
                let roster = roster.with(Moves::fold(code, facts, &self.powers_then(address)));
                let workspace = Arc::make_mut(&mut self.workspace);
                workspace.villages.entry(code.clone()).or_default().roster = Arc::new(roster);
                replace_notes(workspace, Some(code), notes);
            }
            (ScopeId::Village(code), DocumentId::Meeting(..)) => {
                let Some(id) = address.as_meeting() else { return };
                let facts = self.facts(address, fact::read_meeting);
                let powers = self.powers_then(address);
                let roles = |fact: &Recorded<MeetingFact>| {
                    powers(&fact.id, fact.author.device).map(|powers| powers.roles_in(code))
                };
                let meeting = Meeting::fold_of(id.clone(), facts, roles);
                let workspace = Arc::make_mut(&mut self.workspace);
                workspace.villages.entry(code.clone()).or_default().meetings.insert(id, Arc::new(meeting));
            }
            (_, DocumentId::Affairs(_)) => {
                let facts = self.facts(address, fact::read_affair);
                let powers = self.powers_then(address);
                let affairs = Affairs::fold_of(facts, &|fact, device| powers(fact, device));
                Arc::make_mut(&mut self.workspace).registers.insert(address.clone(), Arc::new(affairs));
            }
            (ScopeId::Township, DocumentId::Assessment(quarter)) => {
                let facts = self.facts(address, fact::read_assessment);
                let assessment = Assessment::fold(*quarter, facts, &self.powers_then(address));
                Arc::make_mut(&mut self.workspace).assessments.insert(*quarter, Arc::new(assessment));
                // Whether an award still has its grounds is for the quarter to say.
                self.reread_one(&Address { scope: ScopeId::Township, document: DocumentId::Flag });
            }
            (ScopeId::Township, DocumentId::Flag) => {
                let facts = self.facts(address, fact::read_flag);
                let custody = Custody::fold(facts, &self.powers_then(address), &self.workspace.assessments);
                Arc::make_mut(&mut self.workspace).flag = Arc::new(custody);
            }
            (ScopeId::Assessor(person), DocumentId::Cards(quarter)) => {
                let facts = self.facts(address, fact::read_card);
                let cards = Cards::fold(person, facts, &self.powers_then(address));
                let of_quarter = Arc::make_mut(&mut self.workspace).cards.entry(*quarter).or_default();
                of_quarter.insert(person.clone(), Arc::new(cards));
            }
            (ScopeId::Village(code), DocumentId::Posts(quarter)) => {
                let facts = self.facts(address, fact::read_post);
                let posts = QuarterPosts::fold_of(code, *quarter, facts, &self.powers_then(address));
                let village = Arc::make_mut(&mut self.workspace).villages.entry(code.clone()).or_default();
                Arc::make_mut(&mut village.posts).quarters.insert(*quarter, Arc::new(posts));
            }
            // A document of a place that this version gives no meaning is kept and passed on.
            _ => {}
        }
    }

    /// Reads a document of rulebooks, each kind of rule by itself.
    fn adopted(&mut self, address: &Address) -> (Vec<Recorded<Adoption>>, Vec<Recorded<PointsAdoption>>) {
        let (mut reviews, mut points) = (Vec::new(), Vec::new());
        for Recorded { id, author, at, value } in self.facts(address, fact::read_any_adopted) {
            match value {
                Adopted::Review(value) => reviews.push(Recorded { id, author, at, value: *value }),
                Adopted::Points(value) => points.push(Recorded { id, author, at, value: *value }),
            }
        }
        (reviews, points)
    }

    /// Returns what tells the powers under which a record was made; nothing of a device that is not known.
    pub(super) fn powers_then(&self, address: &Address) -> impl Fn(&FactId, DeviceNumber) -> Option<Powers> + use<> {
        let (last, renewed) = (self.directory.powers_in(&address.scope), self.powers_of_renewed(address));
        move |fact, device| {
            let then = if renewed.is_empty() { None } else { renewed.get(&(fact.clone(), device)) };
            then.or_else(|| last.get(&device)).cloned()
        }
    }

    fn fields(&self, address: &Address) -> Fields {
        let fields = self.shelves.get(address).map(|shelf| shelf.document.fields()).unwrap_or_default();
        fields.into_iter().map(|(key, field)| (key, field.value)).collect()
    }

    /// Reads a document's facts; those that make no sense to this version are noted and kept.
    pub(super) fn facts<T, E>(&mut self, address: &Address, read: impl Fn(&[u8]) -> Result<T, E>) -> Vec<Recorded<T>> {
        let Some(shelf) = self.shelves.get_mut(address) else { return Vec::new() };
        let raw = shelf.document.facts(self.directory.authors());
        let (mut facts, mut notes) = (Vec::new(), Vec::new());
        let own = self.identity.as_ref().map(|identity| identity.holder.device);
        if rollback::is_doubled(&raw.facts, own) {
            self.doubled.insert(address.clone());
        }
        for RawFact { id, actor, at, change, bytes } in raw.facts {
            if Some(actor.device) == own {
                self.counter = self.counter.max(id.counter);
                shelf.numbers.insert(id.clone(), change);
            }
            match read(&bytes) {
                Ok(value) => {
                    let author = self.directory.authors().get(&actor.device);
                    let author = Author { device: actor.device, holder: author.map(|author| author.person.clone()) };
                    facts.push(Recorded { id, author, at, value });
                }
                Err(_) => notes.push(Note::UnknownFact(address.clone(), id.to_string())),
            }
        }
        notes.extend(raw.skipped.into_iter().map(|skipped| match skipped {
            Skipped::Malformed(key) => Note::UnknownFact(address.clone(), key),
            Skipped::ForeignNumber(id) => Note::ForeignNumber(address.clone(), id),
        }));
        notes.into_iter().for_each(|note| self.note(note));
        facts
    }

    /// Tells whether this device holds a fact.
    pub fn has(&self, address: &Address, fact: &FactId) -> bool {
        self.shelves.get(address).is_some_and(|shelf| shelf.document.has_fact(fact))
    }

    /// Returns the packed values that stand under a fact's number, as they lie in the document.
    pub fn values_of(&self, address: &Address, fact: &FactId) -> Vec<Vec<u8>> {
        self.shelves.get(address).map(|shelf| shelf.document.values_of(fact)).unwrap_or_default()
    }

    /// Returns every fact of a document as it is packed, by number.
    pub fn facts_of(&self, address: &Address) -> Vec<(FactId, Vec<u8>)> {
        let facts = self.shelves.get(address).map(|shelf| shelf.document.facts(self.directory.authors()).facts);
        facts.unwrap_or_default().into_iter().map(|fact| (fact.id, fact.bytes)).collect()
    }

    /// Returns the heads of every document; devices with equal heads show equal records.
    pub fn heads(&self) -> BTreeMap<Address, Vec<ChangeHash>> {
        self.shelves.iter().map(|(address, shelf)| (address.clone(), shelf.document.heads())).collect()
    }

    /// Returns where a record has been proved to be, or nothing if this device does not have it.
    pub fn state_of(&self, address: &Address, fact: &FactId) -> Option<RecordState> {
        let shelf = self.shelves.get(address).filter(|shelf| shelf.document.has_fact(fact))?;
        let awaits = |change: &ChangeHash| {
            let number = self.outbox.number_of(&address.scope, change);
            number.is_some_and(|number| self.trust.fate(&address.scope, number) == Some(Refusal::Held))
        };
        match shelf.numbers.get(fact) {
            Some(change) if self.writing.contains(change) => Some(RecordState::Writing),
            Some(change) if self.outbox.is_at_township(change) => Some(RecordState::AtTownship),
            Some(change) if awaits(change) => Some(RecordState::Awaiting),
            Some(_) => Some(RecordState::OnThisPhone),
            // What others recorded came here from the township.
            None => Some(RecordState::AtTownship),
        }
    }

    /// Counts own changes that no receipt covers, per document; documents with none are absent.
    pub(super) fn unsent(&self) -> BTreeMap<Address, usize> {
        let count = |own: &[_]| own.iter().filter(|hash| !self.outbox.is_at_township(hash)).count();
        let counts = self.shelves.iter().map(|(address, shelf)| (address.clone(), count(&shelf.own)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Counts own changes that the relay keeps for a decision.
    pub(super) fn unsent_held(&self) -> usize {
        let held = self.trust.fates.iter().filter(|(_, fate)| **fate == Refusal::Held);
        held.filter_map(|((scope, number), _)| self.outbox.get(scope, *number)).map(|header| header.hashes.len()).sum()
    }

    /// Puts the holders' names into the workspace.
    pub(super) fn names_changed(&mut self) {
        Arc::make_mut(&mut self.workspace).holders = self.directory.names();
        Arc::make_mut(&mut self.workspace).advisors = self.directory.advisors();
        self.cadres_changed();
        self.trust_changed();
        self.changed = true;
    }

    /// Reads everything after a start.
    pub(super) fn reread_all(&mut self) {
        let all: BTreeSet<Address> = self.shelves.keys().cloned().collect();
        self.names_changed();
        self.reread(all);
    }
}

fn replace_notes(workspace: &mut Workspace, village: Option<&UnitCode>, notes: Vec<FieldNote>) {
    workspace.notes.retain(|note| note.village.as_ref() != village);
    workspace.notes.extend(notes.into_iter().map(|note| RecordNote { village: village.cloned(), note }));
    // The order in which documents arrived must not show.
    workspace.notes.sort_by(|a, b| (&a.village, &a.note).cmp(&(&b.village, &b.note)));
}
