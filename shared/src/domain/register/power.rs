//! What somebody may do with records: one answer for decisions and for the fold.

use std::collections::BTreeSet;

use super::Home;
use crate::id::UnitCode;
use crate::role::{Role, Roles};

/// Roles that are held in the township as a whole.
const OF_TOWNSHIP: [Role; 2] = [Role::TownshipOffice, Role::AssessmentLead];

/// What a device's holder may be, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// The roles.
    pub roles: Roles,
    /// The villages for which roles of a village, an advisor or a precinct's committee hold.
    pub villages: BTreeSet<UnitCode>,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// They hold none of the roles.
    Role,
    /// They hold them for other villages.
    OtherVillage,
}

impl Powers {
    /// Returns the roles that hold in a village.
    pub fn roles_in(&self, village: &UnitCode) -> Roles {
        if self.villages.contains(village) { self.roles } else { Roles::default() }
    }

    /// Tells whether they hold one of these roles for a record of these villages.
    ///
    /// What is kept for the township alone, and what one person says to the office, is bound to no village.
    pub fn allow(&self, roles: &[Role], home: Home, hosts: &BTreeSet<UnitCode>) -> Result<(), Denied> {
        if !self.roles.any(roles) {
            return Err(Denied::Role);
        }
        let bound = match home {
            Home::Village | Home::Cases => true,
            Home::Township => !hosts.is_empty(),
            Home::Office | Home::Letters => false,
        };
        let by_township = OF_TOWNSHIP.iter().any(|role| self.roles.contains(*role) && roles.contains(role));
        if bound && !by_township && hosts.is_disjoint(&self.villages) { Err(Denied::OtherVillage) } else { Ok(()) }
    }
}
