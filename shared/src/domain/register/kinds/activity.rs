//! Activity tasks (活动任务, M11, W10): planned, announced, done, counted; who took part is a list and no check-in.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];
const COUNTERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee];
const DONE: &[&str] = &["done", "counted"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "activity",
    name: words("活动任务", "Activity"),
    mechanism: 11,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("task", "任务", "Task", Shape::Line).required(),
        field("place", "地点", "Place", Shape::Line),
        field("content", "内容", "What was done", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("announced", "已通知", "Announced"),
        state("done", "已开展", "Done"),
        state("counted", "已统计", "Counted").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("announce", words("发通知", "Announce"), &["planned"], "announced", KEEPERS).needs(&["place"]),
        step("do", words("记为已开展", "Record as done"), &["planned", "announced"], "done", KEEPERS),
        step("count", words("核对名单", "Confirm the list"), &["done"], "counted", COUNTERS).apart_from(&["do"]),
        step("cancel", words("取消", "Cancel"), &["planned", "announced"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("参加人员", "Who took part", LineOf::People, KEEPERS)),
    measures: &[
        measure("activities", "活动次数", "Activities", DONE, Counted::Records),
        measure("person-times", "参加人次", "Person-times", DONE, Counted::PersonTimes),
        measure("persons", "参加人数", "Persons", DONE, Counted::Persons),
    ],
};
