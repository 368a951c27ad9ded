//! Points accounts of villages: which documents they rest on, and when they are folded again.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Replica;
use crate::document::fact;
use crate::domain::points::fact::CADRES;
use crate::domain::points::{Accounts, Journal, People};
use crate::domain::rulebook::points::RulesOf;
use crate::id::{Address, DocumentId, PersonId, ScopeId, UnitCode};
use crate::time::Quarter;

impl Replica {
    /// Reads one quarter's document; the accounts follow when every document has been read.
    pub(super) fn read_points(&mut self, address: &Address, village: &UnitCode, quarter: Quarter) {
        let facts = self.facts(address, fact::read_points);
        let powers = self.powers_then(address);
        let journal = Journal::of(facts, village, &|fact, device| powers(fact, device));
        self.journals.entry(village.clone()).or_default().insert(quarter, journal);
    }

    /// Returns the villages whose accounts rest on a document.
    pub(super) fn accounts_on(&self, address: &Address) -> Vec<UnitCode> {
        match (&address.scope, &address.document) {
            (ScopeId::Township, DocumentId::Rulebooks) => self.journals.keys().cloned().collect(),
            (ScopeId::Village(code), DocumentId::Roster | DocumentId::Rulebooks | DocumentId::Points(_)) => {
                vec![code.clone()]
            }
            _ => Vec::new(),
        }
    }

    /// Folds accounts again, from journals, roster and rules as they stand.
    pub(super) fn refold_points(&mut self, villages: &BTreeSet<UnitCode>) {
        for code in villages {
            let Some(journals) = self.journals.get(code) else { continue };
            let cadres = self.cadres_of(code);
            let workspace = Arc::make_mut(&mut self.workspace);
            let village = workspace.villages.entry(code.clone()).or_default();
            let rules = RulesOf { village: &village.points_rules, township: &workspace.points_rules };
            let journals: Vec<&Journal> = journals.values().collect();
            let accounts = Accounts::fold(&journals, People::of(&village.roster), rules, cadres);
            village.points = Arc::new(accounts);
        }
    }

    /// Folds the accounts again whose village has another set of cadres than they were folded with.
    pub(super) fn cadres_changed(&mut self) {
        let known = |code: &UnitCode| self.workspace.villages.get(code).map(|village| &village.points.cadres);
        let changed = self.journals.keys().filter(|code| known(code) != Some(&self.cadres_of(code)));
        let changed: BTreeSet<UnitCode> = changed.cloned().collect();
        self.refold_points(&changed);
    }

    fn cadres_of(&self, village: &UnitCode) -> BTreeSet<PersonId> {
        let holders = self.directory.all().filter(|holder| holder.villages.contains(village));
        holders.filter(|holder| holder.roles.any(CADRES)).map(|holder| holder.person.clone()).collect()
    }
}
