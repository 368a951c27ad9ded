//! Six-people projects (六民工程, M18, W10): an activity with one of six tags, counted by tag.

use crate::domain::register::declare::{choice, field, lines, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];
const COUNTERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee];
const DONE: &[&str] = &["done", "counted"];
const TAGS: &[Choice] = &[
    choice("education", "育民", "Education"),
    choice("culture", "乐民", "Culture"),
    choice("health", "健民", "Health"),
    choice("safety", "安民", "Safety"),
    choice("convenience", "便民", "Convenience"),
    choice("prosperity", "富民", "Prosperity"),
];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "six-people",
    name: words("六民工程", "Six-people project"),
    mechanism: 18,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("project", "项目", "Project", Shape::Line).required(),
        field("tag", "六民", "Tag", Shape::Choice(TAGS)).required(),
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
        measure("projects", "六民工程项目", "Six-people projects", DONE, Counted::Records),
        measure("education", "育民", "Education", DONE, Counted::Records).saying("tag", "education"),
        measure("culture", "乐民", "Culture", DONE, Counted::Records).saying("tag", "culture"),
        measure("health", "健民", "Health", DONE, Counted::Records).saying("tag", "health"),
        measure("safety", "安民", "Safety", DONE, Counted::Records).saying("tag", "safety"),
        measure("convenience", "便民", "Convenience", DONE, Counted::Records).saying("tag", "convenience"),
        measure("prosperity", "富民", "Prosperity", DONE, Counted::Records).saying("tag", "prosperity"),
        measure("person-times", "参加人次", "Person-times", DONE, Counted::PersonTimes),
        measure("persons", "参加人数", "Persons", DONE, Counted::Persons),
    ],
};
