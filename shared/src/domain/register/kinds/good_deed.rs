//! Good-deed talks (好人好事宣讲, M15): planned and held, by topic; each township words its six topics itself.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];
const HELD: &[&str] = &["held"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "good-deed",
    name: words("好人好事宣讲", "Good-deed talk"),
    mechanism: 15,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("title", "题目", "Title", Shape::Line).required(),
        field("topic", "主题", "Topic", Shape::Line).required(),
        field("speaker", "宣讲人", "Speaker", Shape::Line),
        field("place", "地点", "Place", Shape::Line),
        field("story", "事迹", "Story", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("held", "已宣讲", "Held").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("hold", words("记为已宣讲", "Record as held"), &["planned"], "held", KEEPERS).needs(&["speaker"]),
        step("cancel", words("取消", "Cancel"), &["planned"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("听讲人员", "Who came", LineOf::People, KEEPERS)),
    measures: &[
        measure("talks", "宣讲次数", "Talks", HELD, Counted::Records),
        measure("topics", "宣讲主题", "Topics", HELD, Counted::Once("topic")),
        measure("person-times", "听讲人次", "Person-times", HELD, Counted::PersonTimes),
    ],
};
