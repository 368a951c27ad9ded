//! Naming the township and its units.

use std::collections::BTreeSet;

use super::{Edit, Refusal, limit, require, write};
use crate::domain::meeting::LINE_BYTES;
use crate::domain::record::township_fields;
use crate::domain::township::Unit;
use crate::domain::{Acting, Workspace};
use crate::id::{Address, DocumentId, ScopeId};
use crate::role::Role;

/// The most units of a township; the largest in the country have about a hundred.
const UNITS_LIMIT: usize = 200;

pub(super) fn set(workspace: &Workspace, acting: &Acting, name: &str, units: &[Unit]) -> Result<Vec<Edit>, Refusal> {
    require(acting, &[Role::TownshipOffice])?;
    if units.len() > UNITS_LIMIT {
        return Err(Refusal::TooMany { limit: UNITS_LIMIT });
    }
    let mut seen = BTreeSet::new();
    for unit in units {
        if !seen.insert(&unit.code) {
            return Err(Refusal::UnitTwice(unit.code.clone()));
        }
        limit(&unit.precinct, LINE_BYTES)?;
    }
    for name in units.iter().map(|unit| unit.name.as_str()).chain([name]) {
        limit(name, LINE_BYTES)?;
        if name.trim().is_empty() {
            return Err(Refusal::EmptyName);
        }
    }
    let present: Vec<Unit> = workspace.township.units.values().cloned().collect();
    let address = Address { scope: ScopeId::Township, document: DocumentId::Registry };
    write(&address, &township_fields(&workspace.township.name, &present), township_fields(name, units))
}
