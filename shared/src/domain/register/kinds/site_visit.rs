//! On-site exchange (现场观摩, M24, W15): what was seen, heard, checked and discussed (看听查议), and what follows.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::TownshipOffice, Role::PrecinctCommittee, Role::VillageSecretary];
const DONE: &[&str] = &["done", "findings", "actions"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "site-visit",
    name: words("现场观摩", "Site visit"),
    mechanism: 24,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("topic", "观摩内容", "Topic", Shape::Line).required(),
        field("place", "地点", "Place", Shape::Line),
        field("seen", "看", "Seen", Shape::Text),
        field("heard", "听", "Heard", Shape::Text),
        field("checked", "查", "Checked", Shape::Text),
        field("discussed", "议", "Discussed", Shape::Text),
        field("actions", "落实措施", "Actions", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("done", "已观摩", "Done"),
        state("findings", "已总结", "Findings written"),
        state("actions", "已落实", "Acted on").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("do", words("记为已观摩", "Record as done"), &["planned"], "done", KEEPERS).needs(&["place"]),
        step("find", words("总结观摩", "Write the findings"), &["done"], "findings", KEEPERS).needs(&[
            "seen",
            "heard",
            "checked",
            "discussed",
        ]),
        step("act", words("落实措施", "Act on them"), &["findings"], "actions", KEEPERS).needs(&["actions"]),
        step("cancel", words("取消", "Cancel"), &["planned"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("参加人员", "Who took part", LineOf::People, KEEPERS)),
    measures: &[
        measure("visits", "现场观摩", "Site visits", DONE, Counted::Records),
        measure("person-times", "观摩人次", "Person-times", DONE, Counted::PersonTimes),
        measure("acted", "已落实", "Acted on", &["actions"], Counted::Records),
    ],
};
