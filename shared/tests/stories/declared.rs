//! Declarations beside the access table: whoever a kind asks for something can write and read where its records lie.

use shared::access::{may_read, may_write};
use shared::domain::register::{Home, KINDS, Kind};
use shared::id::{DeviceCode, DeviceNumber, DocumentKind, PersonId, ScopeId, UnitCode};
use shared::identity::{Holder, PublicKey};
use shared::role::Role;
use shared::time::Instant;

fn holder(role: Role) -> Holder {
    Holder {
        device: DeviceNumber(1),
        code: DeviceCode::new("SH1").unwrap(),
        person: PersonId::new("li").unwrap(),
        name: "李".to_owned(),
        roles: role.into(),
        villages: [village()].into(),
        may_enrol: false,
        expires: Instant(0),
        key: PublicKey([0; 32]),
        renewal: 0,
    }
}

fn village() -> UnitCode {
    UnitCode::new("420529202209").unwrap()
}

fn scope(home: Home) -> ScopeId {
    match home {
        Home::Village => ScopeId::Village(village()),
        Home::Township => ScopeId::Township,
        Home::Office => ScopeId::Office,
        Home::Cases => ScopeId::Cases(village()),
        Home::Letters => ScopeId::Letters(PersonId::new("li").unwrap()),
    }
}

/// Everybody whom a kind lets do something.
fn asked(kind: &'static Kind) -> impl Iterator<Item = Role> {
    let steps = kind.steps.iter().flat_map(|step| step.by);
    kind.keepers.iter().chain(steps).chain(kind.lines.iter().flat_map(|lines| lines.by)).copied()
}

#[test]
fn whoever_a_kind_asks_can_write_where_its_records_lie() {
    for kind in KINDS {
        for role in asked(kind) {
            let (holder, scope) = (holder(role), scope(kind.home));
            assert!(may_write(&holder, &scope, DocumentKind::Affairs), "{}: {role:?} does not write {scope}", kind.key);
            assert!(may_read(&holder, &scope), "{}: {role:?} does not read {scope}", kind.key);
        }
    }
}

#[test]
fn the_pool_and_the_cases_are_read_by_those_alone_who_handle_them() {
    for kind in KINDS.iter().filter(|kind| matches!(kind.home, Home::Office | Home::Cases)) {
        for role in Role::ALL {
            let is_asked = asked(kind).any(|asked| asked == role);
            assert_eq!(may_read(&holder(role), &scope(kind.home)), is_asked, "{}: {role:?}", kind.key);
        }
    }
}
