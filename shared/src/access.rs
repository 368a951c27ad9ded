//! Who may read and write what: one table, by which the relay enforces and the app hides buttons.

use crate::id::{DocumentKind, ScopeId, UnitCode};
use crate::identity::{Holder, Role};
use crate::role::Duty;

/// Roles that read every village.
const READ_ALL_VILLAGES: [Role; 2] = [Role::TownshipOffice, Role::Auditor];

/// Tells whether a holder may read a scope (DESIGN section 2).
pub fn may_read(holder: &Holder, scope: &ScopeId) -> bool {
    match scope {
        ScopeId::Township => true,
        ScopeId::Office => holder.roles.contains(Role::TownshipOffice),
        ScopeId::Assessor(person) => {
            holder.roles.contains(Role::AssessmentLead) || is_assessor(holder, person.as_str())
        }
        ScopeId::Village(code) => {
            holder.roles.any(&READ_ALL_VILLAGES) || (holder.villages.contains(code) && !holder.roles.is_empty())
        }
        // A case's handlers are named case by case; nobody reads the scope by role alone.
        ScopeId::Cases(_) => false,
    }
}

/// Tells whether a holder may write a kind of document in a scope (DOMAIN section 4).
pub fn may_write(holder: &Holder, scope: &ScopeId, kind: DocumentKind) -> bool {
    let of_village = |code: &UnitCode, roles: &[Role]| holder.villages.contains(code) && holder.roles.any(roles);
    match (scope, kind) {
        (ScopeId::Township, DocumentKind::Registry | DocumentKind::Rulebooks) => {
            holder.roles.contains(Role::TownshipOffice)
        }
        (ScopeId::Village(code), DocumentKind::Roster) => {
            holder.roles.contains(Role::TownshipOffice) || of_village(code, &[Role::VillageSecretary, Role::Scribe])
        }
        // Which of a meeting's records count is for its fold to say, duty by duty.
        (ScopeId::Village(code), DocumentKind::Meeting) => Duty::ALL.iter().any(|duty| of_village(code, duty.roles())),
        _ => false,
    }
}

/// Returns the scopes a device keeps in step with, given the villages that the registry lists.
///
/// The township's comes first, since every other scope is read in its light.
pub fn scopes_for<'a>(holder: &Holder, registered: impl IntoIterator<Item = &'a UnitCode>) -> Vec<ScopeId> {
    let mut villages = holder.villages.clone();
    villages.extend(registered.into_iter().cloned());
    [ScopeId::Township, ScopeId::Office, ScopeId::Assessor(holder.person.clone())]
        .into_iter()
        .chain(villages.into_iter().map(ScopeId::Village))
        .filter(|scope| may_read(holder, scope))
        .collect()
}

fn is_assessor(holder: &Holder, person: &str) -> bool {
    holder.roles.contains(Role::Assessor) && holder.person.as_str() == person
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DeviceCode, DeviceNumber, PersonId};
    use crate::identity::PublicKey;
    use crate::time::Instant;

    fn holder(roles: &[Role], villages: &[&str]) -> Holder {
        Holder {
            device: DeviceNumber(1),
            code: DeviceCode::new("SH1").unwrap(),
            person: PersonId::new("li").unwrap(),
            name: "李".to_owned(),
            roles: roles.iter().copied().collect(),
            villages: villages.iter().map(|code| UnitCode::new(code).unwrap()).collect(),
            may_enrol: false,
            expires: Instant(0),
            key: PublicKey([0; 32]),
        }
    }

    /// One line per holder: what of a township with villages 1 and 2 is read (r) and written (w).
    fn check(roles: &[Role], villages: &[&str], expected: &str) {
        let holder = holder(roles, villages);
        let scopes = ["township", "township.office", "assessor.li", "village.1", "village.2", "village.1.cases"];
        let kinds = [DocumentKind::Registry, DocumentKind::Rulebooks, DocumentKind::Roster, DocumentKind::Meeting];
        let line: Vec<String> = scopes
            .iter()
            .map(|scope| {
                let scope = scope.parse().unwrap();
                let read = if may_read(&holder, &scope) { "r" } else { "-" };
                let written = kinds.iter().filter(|kind| may_write(&holder, &scope, **kind)).count();
                format!("{read}{written}")
            })
            .collect();
        assert_eq!(line.join(" "), expected, "{roles:?} of {villages:?}");
    }

    #[test]
    fn the_table() {
        //                                        township office assessor village-1 village-2 cases
        check(&[Role::TownshipOffice], &[], "r2 r0 -0 r1 r1 -0");
        check(&[Role::AssessmentLead], &[], "r0 -0 r0 -0 -0 -0");
        check(&[Role::Assessor], &[], "r0 -0 r0 -0 -0 -0");
        check(&[Role::Auditor], &[], "r0 -0 -0 r0 r0 -0");
        check(&[Role::Advisor], &["1"], "r0 -0 -0 r0 -0 -0");
        check(&[Role::PrecinctCommittee], &["1"], "r0 -0 -0 r0 -0 -0");
        check(&[Role::VillageSecretary], &["1"], "r0 -0 -0 r2 -0 -0");
        check(&[Role::Scribe], &["1"], "r0 -0 -0 r2 -0 -0");
        check(&[Role::Teller], &["1"], "r0 -0 -0 r1 -0 -0");
        check(&[Role::Scrutineer], &["1"], "r0 -0 -0 r1 -0 -0");
        check(&[Role::SupervisionCommittee], &["1"], "r0 -0 -0 r1 -0 -0");
        check(&[Role::PartyMember], &["1"], "r0 -0 -0 r0 -0 -0");
        check(&[], &["1"], "r0 -0 -0 -0 -0 -0");
    }

    #[test]
    fn a_device_keeps_in_step_with_what_it_may_read() {
        let registered: Vec<UnitCode> = ["1", "2"].iter().map(|code| UnitCode::new(code).unwrap()).collect();
        let names = |holder: &Holder| -> Vec<String> {
            scopes_for(holder, &registered).iter().map(ToString::to_string).collect()
        };
        assert_eq!(names(&holder(&[Role::Scribe], &["1"])), ["township", "village.1"]);
        assert_eq!(
            names(&holder(&[Role::TownshipOffice], &[])),
            ["township", "township.office", "village.1", "village.2"]
        );
    }
}
