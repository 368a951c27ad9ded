//! Service of the teams (服务记录, M9): what a team did on a day and who was there, confirmed by somebody else.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader, Role::PartyMember];
const CONFIRMERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee];
const COUNTED: &[&str] = &["recorded", "confirmed"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "service",
    name: words("服务记录", "Service record"),
    mechanism: 9,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("task", "服务事项", "Service", Shape::Line).required(),
        field("team", "队名", "Team", Shape::Line).required(),
        field("place", "地点", "Place", Shape::Line),
        field("content", "内容", "What was done", Shape::Text),
    ],
    states: &[
        state("recorded", "已记录", "Recorded"),
        state("confirmed", "已确认", "Confirmed").rests(),
        state("withdrawn", "已撤回", "Withdrawn").rests(),
    ],
    steps: &[
        step("confirm", words("确认", "Confirm"), &["recorded"], "confirmed", CONFIRMERS).apart_from(&[OPENED]),
        step("withdraw", words("撤回", "Withdraw"), &["recorded"], "withdrawn", KEEPERS).reason(),
    ],
    lines: Some(lines("参加队员", "Who served", LineOf::People, KEEPERS)),
    measures: &[
        measure("services", "服务次数", "Services", COUNTED, Counted::Records),
        measure("person-times", "服务人次", "Person-times", COUNTED, Counted::PersonTimes),
        measure("persons", "服务人数", "Persons", COUNTED, Counted::Persons),
    ],
};
