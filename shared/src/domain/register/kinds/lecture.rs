//! Lectures (官章讲堂、微课堂, M28, W11): proposed, scheduled, held, noted; kept once for all villages that came.

use crate::domain::register::declare::{choice, field, lines, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::TownshipOffice, Role::PrecinctCommittee, Role::VillageSecretary, Role::Advisor];
const HELD: &[&str] = &["held", "noted"];
const HALLS: &[Choice] = &[choice("hall", "官章讲堂", "Lecture hall"), choice("short", "微课堂", "Short class")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "lecture",
    name: words("讲堂", "Lecture"),
    mechanism: 28,
    // Cadres of several villages listen together: one session, credited to each (DOMAIN section 6, rule 14).
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("topic", "题目", "Topic", Shape::Line).required(),
        field("hall", "类别", "Sort", Shape::Choice(HALLS)).required(),
        field("speaker", "主讲人", "Speaker", Shape::Line),
        field("place", "地点", "Place", Shape::Line),
        field("feedback", "反馈", "Feedback", Shape::Text),
    ],
    states: &[
        state("proposed", "已提出", "Proposed"),
        state("scheduled", "已安排", "Scheduled"),
        state("held", "已开讲", "Held"),
        state("noted", "已记录", "Noted").rests(),
        state("cancelled", "已取消", "Cancelled").rests(),
    ],
    steps: &[
        step("schedule", words("安排", "Schedule"), &["proposed"], "scheduled", KEEPERS).needs(&["speaker", "place"]),
        step("hold", words("记为已开讲", "Record as held"), &["scheduled"], "held", KEEPERS),
        step("note", words("记下反馈", "Note the feedback"), &["held"], "noted", KEEPERS).needs(&["feedback"]),
        step("cancel", words("取消", "Cancel"), &["proposed", "scheduled"], "cancelled", KEEPERS).reason(),
    ],
    lines: Some(lines("听讲人员", "Who came", LineOf::People, KEEPERS)),
    measures: &[
        measure("lectures", "开讲次数", "Lectures", HELD, Counted::Records),
        measure("hall", "官章讲堂", "In the lecture hall", HELD, Counted::Records).saying("hall", "hall"),
        measure("short", "微课堂", "Short classes", HELD, Counted::Records).saying("hall", "short"),
        measure("person-times", "听讲人次", "Person-times", HELD, Counted::PersonTimes),
        measure("persons", "听讲人数", "Persons", HELD, Counted::Persons),
    ],
};
