//! Who may read and write what: one table, by which the relay enforces and the app hides buttons.

use std::collections::BTreeSet;

use crate::id::{DocumentKind, PersonId, ScopeId, UnitCode};
use crate::identity::{Holder, Role};
use crate::role::Duty;
use crate::time::Instant;

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
        // Parties are seen by those who handle cases alone, in the village first and then in the township (W9).
        ScopeId::Cases(code) => {
            holder.roles.contains(Role::TownshipOffice)
                || (holder.villages.contains(code) && holder.roles.contains(Role::VillageSecretary))
        }
        ScopeId::Letters(person) => holder.roles.contains(Role::TownshipOffice) || holder.person == *person,
    }
}

/// Roles of a village that keep its affairs; what each may do to a record is for the record's kind to say.
const VILLAGE_AFFAIRS: [Role; 9] = [
    Role::VillageSecretary,
    Role::Scribe,
    Role::Villager,
    Role::SupervisionCommittee,
    Role::GroupLeader,
    Role::PartyMember,
    Role::VillagerRepresentative,
    Role::Advisor,
    Role::PrecinctCommittee,
];
/// Roles that keep what villages share and what the township publishes.
const TOWNSHIP_AFFAIRS: [Role; 6] = [
    Role::TownshipOffice,
    Role::AssessmentLead,
    Role::PrecinctCommittee,
    Role::Advisor,
    Role::VillageSecretary,
    Role::Scribe,
];
/// Roles of a village that claim, check or book points.
const VILLAGE_POINTS: [Role; 7] = [
    Role::VillageSecretary,
    Role::Scribe,
    Role::SupervisionCommittee,
    Role::GroupLeader,
    Role::PartyMember,
    Role::VillagerRepresentative,
    Role::Villager,
];
/// Roles of a village that log and appraise work by post.
const VILLAGE_POSTS: [Role; 4] = [Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee, Role::PartyMember];

/// Tells whether a holder may write a kind of document in a scope (DOMAIN section 4).
///
/// Which records in it count is for their fold to say, duty by duty.
pub fn may_write(holder: &Holder, scope: &ScopeId, kind: DocumentKind) -> bool {
    let is = |roles: &[Role]| holder.roles.any(roles);
    match (scope, kind) {
        (ScopeId::Township, DocumentKind::Registry | DocumentKind::Rulebooks) => is(&[Role::TownshipOffice]),
        (ScopeId::Township, DocumentKind::Assessment) => {
            is(&[Role::TownshipOffice, Role::AssessmentLead, Role::Assessor])
        }
        // Both villages sign a handover; a joint event is opened by one of its hosts.
        (ScopeId::Township, DocumentKind::Flag) => is(&[Role::TownshipOffice, Role::VillageSecretary]),
        // A scribe writes down what villagers say against a notice of the township.
        (ScopeId::Township, DocumentKind::Affairs) => is(&TOWNSHIP_AFFAIRS),
        (ScopeId::Office, DocumentKind::Affairs) => is(&[Role::TownshipOffice]),
        (ScopeId::Assessor(person), DocumentKind::Cards) => is_assessor(holder, person.as_str()),
        (ScopeId::Letters(_), DocumentKind::Affairs) => may_read(holder, scope),
        (ScopeId::Cases(_), DocumentKind::Affairs) => may_read(holder, scope),
        (ScopeId::Village(code), kind) => may_write_in_village(holder, code, kind),
        _ => false,
    }
}

fn may_write_in_village(holder: &Holder, code: &UnitCode, kind: DocumentKind) -> bool {
    let of_village = |roles: &[Role]| holder.villages.contains(code) && holder.roles.any(roles);
    match kind {
        DocumentKind::Roster => {
            holder.roles.contains(Role::TownshipOffice) || of_village(&[Role::VillageSecretary, Role::Scribe])
        }
        DocumentKind::Meeting => Duty::ALL.iter().any(|duty| of_village(duty.roles())),
        DocumentKind::Rulebooks => of_village(&[Role::VillageSecretary, Role::Scribe]),
        // The last word on an objection that was escalated is the township's (W7).
        DocumentKind::Affairs => holder.roles.contains(Role::TownshipOffice) || of_village(&VILLAGE_AFFAIRS),
        DocumentKind::Points => of_village(&VILLAGE_POINTS),
        DocumentKind::Posts => of_village(&VILLAGE_POSTS),
        _ => false,
    }
}

/// How far a clock may be off before a word is said about it, in milliseconds: a day (DOMAIN W18).
pub const CLOCK_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// Tells whether a holder's certificate had not ended when a change was made, as the change itself says.
///
/// The log has no clock of its own. Who dates back is stopped by the relay's; who does not is refused by everybody.
pub fn is_in_force(holder: &Holder, made: Instant) -> bool {
    made <= holder.expires.plus_millis(CLOCK_MILLIS)
}

/// Tells whether somebody may revoke a device (DOMAIN W18): the authority and an office that enrols may revoke any, a
/// village that enrols only a device that is its own in every role.
///
/// Nothing stands for the authority, and for a device of which nothing is known.
pub fn may_revoke(by: Option<&Holder>, of: Option<&Holder>) -> bool {
    let Some(by) = by else { return true };
    if !by.may_enrol {
        return false;
    }
    if by.roles.contains(Role::TownshipOffice) {
        return true;
    }
    let own = |of: &Holder| !of.villages.is_empty() && of.villages.is_subset(&by.villages);
    of.is_some_and(|of| own(of) && of.roles.iter().all(Role::is_of_village))
}

/// Tells whether somebody may say that a held batch counts or does not; nothing stands for the authority.
pub fn may_judge(by: Option<&Holder>) -> bool {
    by.is_none_or(|by| by.roles.contains(Role::TownshipOffice))
}

/// Returns the scopes in whose logs a device may write, given the villages that the registry lists: a revocation has to
/// stand in each.
pub fn written_by<'a>(of: Option<&Holder>, registered: impl IntoIterator<Item = &'a UnitCode>) -> BTreeSet<ScopeId> {
    let own = of.map(|of| [ScopeId::Assessor(of.person.clone()), ScopeId::Letters(of.person.clone())]);
    let everywhere = of.is_none_or(|of| of.roles.contains(Role::TownshipOffice));
    let mut villages = of.map(|of| of.villages.clone()).unwrap_or_default();
    if everywhere {
        villages.extend(registered.into_iter().cloned());
    }
    let cases = of.is_none_or(|of| of.roles.any(&[Role::TownshipOffice, Role::VillageSecretary]));
    let scopes = [ScopeId::Township].into_iter().chain(own.into_iter().flatten());
    let cases: Vec<ScopeId> = villages.iter().filter(|_| cases).cloned().map(ScopeId::Cases).collect();
    scopes
        .chain(everywhere.then_some(ScopeId::Office))
        .chain(villages.into_iter().map(ScopeId::Village))
        .chain(cases)
        .collect()
}

/// Returns the scopes a device keeps in step with, given the villages that the registry lists and the holders whose
/// certificates are known.
///
/// The township's comes first, since every other scope is read in its light.
pub fn scopes_for<'a>(
    holder: &Holder,
    registered: impl IntoIterator<Item = &'a UnitCode>,
    known: impl IntoIterator<Item = &'a Holder>,
) -> Vec<ScopeId> {
    let mut villages = holder.villages.clone();
    villages.extend(registered.into_iter().cloned());
    let mut people = BTreeSet::from([&holder.person]);
    let mut assessors = people.clone();
    for known in known {
        people.insert(&known.person);
        if known.roles.contains(Role::Assessor) {
            assessors.insert(&known.person);
        }
    }
    let of = |people: BTreeSet<&PersonId>, scope: fn(PersonId) -> ScopeId| {
        people.into_iter().cloned().map(scope).collect::<Vec<_>>()
    };
    [ScopeId::Township, ScopeId::Office]
        .into_iter()
        .chain(of(assessors, ScopeId::Assessor))
        .chain(villages.iter().cloned().map(ScopeId::Village))
        .chain(villages.iter().cloned().map(ScopeId::Cases))
        .chain(of(people, ScopeId::Letters))
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
            renewal: 0,
        }
    }

    /// One line per holder: what of a township with villages 1 and 2 is read (r) and written (w).
    fn check(roles: &[Role], villages: &[&str], expected: &str) {
        let holder = holder(roles, villages);
        let scopes = [
            "township",
            "township.office",
            "assessor.li",
            "village.1",
            "village.2",
            "village.1.cases",
            "letters.li",
            "letters.he",
        ];
        let line: Vec<String> = scopes
            .iter()
            .map(|scope| {
                let scope = scope.parse().unwrap();
                let read = if may_read(&holder, &scope) { "r" } else { "-" };
                let written = DocumentKind::ALL.iter().filter(|kind| may_write(&holder, &scope, **kind)).count();
                format!("{read}{written}")
            })
            .collect();
        assert_eq!(line.join(" "), expected, "{roles:?} of {villages:?}");
    }

    #[test]
    fn the_table() {
        //                               township office assessor village-1 village-2 cases letters own and other
        check(&[Role::TownshipOffice], &[], "r5 r1 -0 r2 r2 r1 r1 r1");
        check(&[Role::AssessmentLead], &[], "r2 -0 r0 -0 -0 -0 r1 -0");
        check(&[Role::Assessor], &[], "r1 -0 r1 -0 -0 -0 r1 -0");
        check(&[Role::Auditor], &[], "r0 -0 -0 r0 r0 -0 r1 -0");
        check(&[Role::Advisor], &["1"], "r1 -0 -0 r1 -0 -0 r1 -0");
        check(&[Role::PrecinctCommittee], &["1"], "r1 -0 -0 r1 -0 -0 r1 -0");
        check(&[Role::VillageSecretary], &["1"], "r2 -0 -0 r6 -0 r1 r1 -0");
        check(&[Role::Scribe], &["1"], "r1 -0 -0 r6 -0 -0 r1 -0");
        check(&[Role::Teller], &["1"], "r0 -0 -0 r1 -0 -0 r1 -0");
        check(&[Role::Scrutineer], &["1"], "r0 -0 -0 r1 -0 -0 r1 -0");
        check(&[Role::SupervisionCommittee], &["1"], "r0 -0 -0 r4 -0 -0 r1 -0");
        check(&[Role::PartyMember], &["1"], "r0 -0 -0 r3 -0 -0 r1 -0");
        check(&[Role::Villager], &["1"], "r0 -0 -0 r2 -0 -0 r1 -0");
        check(&[], &["1"], "r0 -0 -0 -0 -0 -0 r1 -0");
    }

    #[test]
    fn who_revokes_whom() {
        let enrolling = |roles: &[Role], villages: &[&str]| Holder { may_enrol: true, ..holder(roles, villages) };
        let (office, secretary) =
            (enrolling(&[Role::TownshipOffice], &[]), enrolling(&[Role::VillageSecretary], &["1"]));
        let (scribe, advisor) = (holder(&[Role::Scribe], &["1"]), holder(&[Role::Advisor], &["1"]));
        let cases = [
            (None, None, true),
            (Some(&office), None, true),
            (Some(&office), Some(&secretary), true),
            (Some(&secretary), Some(&scribe), true),
            (Some(&secretary), None, false),
            (Some(&secretary), Some(&office), false),
            (Some(&secretary), Some(&advisor), false),
            (Some(&secretary), Some(&holder(&[Role::Scribe], &["1", "2"])), false),
            (Some(&holder(&[Role::TownshipOffice], &[])), Some(&scribe), false),
            (Some(&scribe), Some(&scribe), false),
        ];
        for (place, (by, of, expected)) in cases.into_iter().enumerate() {
            assert_eq!(may_revoke(by, of), expected, "case {place}");
        }
        assert!(may_judge(None) && may_judge(Some(&office)) && !may_judge(Some(&secretary)));
    }

    #[test]
    fn a_device_keeps_in_step_with_what_it_may_read() {
        let registered: Vec<UnitCode> = ["1", "2"].iter().map(|code| UnitCode::new(code).unwrap()).collect();
        let known =
            [holder(&[Role::Assessor], &[]), Holder { person: PersonId::new("he").unwrap(), ..holder(&[], &[]) }];
        let names = |holder: &Holder| -> Vec<String> {
            scopes_for(holder, &registered, &known).iter().map(ToString::to_string).collect()
        };
        assert_eq!(names(&holder(&[Role::Scribe], &["1"])), ["township", "village.1", "letters.li"]);
        assert_eq!(
            names(&holder(&[Role::VillageSecretary], &["1"])),
            ["township", "village.1", "village.1.cases", "letters.li"]
        );
        let lead = Holder { person: PersonId::new("wu").unwrap(), ..holder(&[Role::AssessmentLead], &[]) };
        assert_eq!(names(&lead), ["township", "assessor.li", "assessor.wu", "letters.wu"]);
        let office = names(&holder(&[Role::TownshipOffice], &[]));
        let expected = [
            "township",
            "township.office",
            "village.1",
            "village.2",
            "village.1.cases",
            "village.2.cases",
            "letters.he",
            "letters.li",
        ];
        assert_eq!(office, expected);
    }
}
