//! Joint theme Party days (联合主题党日, M19, W10): one event of several villages, credited to each and counted once.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::PrecinctCommittee, Role::TownshipOffice];
const HELD: &[&str] = &["held", "counted"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "theme-day",
    name: words("联合主题党日", "Joint theme Party day"),
    mechanism: 19,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("topic", "主题", "Topic", Shape::Line).required(),
        field("place", "地点", "Place", Shape::Line),
        field("content", "内容", "What was done", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("announced", "已通知", "Announced"),
        state("held", "已开展", "Held"),
        state("counted", "已统计", "Counted").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("announce", words("发通知", "Announce"), &["planned"], "announced", KEEPERS).needs(&["place"]),
        step("hold", words("记为已开展", "Record as held"), &["planned", "announced"], "held", KEEPERS),
        step("count", words("核对名单", "Confirm the list"), &["held"], "counted", KEEPERS).apart_from(&["hold"]),
        step("cancel", words("取消", "Cancel"), &["planned", "announced"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("参加党员", "Who took part", LineOf::People, KEEPERS)),
    measures: &[
        measure("days", "联合主题党日", "Joint theme Party days", HELD, Counted::Records),
        measure("villages", "参加的村", "Villages", HELD, Counted::Villages),
        measure("person-times", "参加人次", "Person-times", HELD, Counted::PersonTimes),
        measure("persons", "参加人数", "Persons", HELD, Counted::Persons),
    ],
};
