//! Study trips (外出考察, M23, W15): planned, done, what was found, what is done about it.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::TownshipOffice, Role::PrecinctCommittee, Role::VillageSecretary];
const DONE: &[&str] = &["done", "findings", "actions"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "study-trip",
    name: words("外出考察", "Study trip"),
    mechanism: 23,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("topic", "考察内容", "Topic", Shape::Line).required(),
        field("destination", "目的地", "Destination", Shape::Line).required(),
        field("findings", "考察收获", "Findings", Shape::Text),
        field("actions", "落实措施", "Actions", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("done", "已考察", "Done"),
        state("findings", "已总结", "Findings written"),
        state("actions", "已落实", "Acted on").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("do", words("记为已考察", "Record as done"), &["planned"], "done", KEEPERS),
        step("find", words("总结收获", "Write the findings"), &["done"], "findings", KEEPERS).needs(&["findings"]),
        step("act", words("落实措施", "Act on them"), &["findings"], "actions", KEEPERS).needs(&["actions"]),
        step("cancel", words("取消", "Cancel"), &["planned"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("参加人员", "Who went", LineOf::People, KEEPERS)),
    measures: &[
        measure("trips", "外出考察", "Study trips", DONE, Counted::Records),
        measure("person-times", "考察人次", "Person-times", DONE, Counted::PersonTimes),
        measure("acted", "已落实", "Acted on", &["actions"], Counted::Records),
    ],
};
