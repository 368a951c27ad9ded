//! Service circles 1+10 (党员服务圈, M10): one member and the households that the member looks after.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::PartyMember];
const ACTIVE: &[&str] = &["active"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "service-circle",
    name: words("党员服务圈", "Service circle"),
    mechanism: 10,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("name", "名称", "Name", Shape::Line).required(),
        field("member", "党员", "Member", Shape::Person).required(),
        field("needs", "常见需求", "Usual needs", Shape::Text),
    ],
    states: &[state("active", "服务中", "Active").rests(), state("ended", "已结束", "Ended").rests()],
    steps: &[step("end", words("结束", "End"), ACTIVE, "ended", &[Role::VillageSecretary, Role::Scribe]).reason()],
    lines: Some(lines("联系户", "Households", LineOf::Households, KEEPERS)),
    measures: &[
        measure("circles", "服务圈", "Service circles", ACTIVE, Counted::Records),
        measure("members", "联系党员", "Members", ACTIVE, Counted::Once("member")),
        measure("households", "联系户数", "Households", ACTIVE, Counted::Persons),
    ],
};
