//! Joint tasks of a precinct's committee (片区大党委联合任务, M7, W14): planned, under way, done or stopped.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::PrecinctCommittee, Role::TownshipOffice, Role::VillageSecretary];
const LEADERS: &[Role] = &[Role::PrecinctCommittee, Role::TownshipOffice];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "joint-task",
    name: words("联合任务", "Joint task"),
    mechanism: 7,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("task", "任务", "Task", Shape::Line).required(),
        // A precinct that is regrouped later keeps its old tasks as they were (E45).
        field("precinct", "片区", "Precinct", Shape::Line).fixed(),
        field("goal", "目标", "Goal", Shape::Text),
        field("result", "结果", "Result", Shape::Text),
    ],
    states: &[
        state("planned", "已计划", "Planned"),
        state("active", "进行中", "Under way"),
        state("done", "已完成", "Done").rests(),
        state("stopped", "已停止", "Stopped").rests(),
    ],
    steps: &[
        step("start", words("开始", "Start"), &["planned"], "active", LEADERS).needs(&["goal"]),
        step("finish", words("记为完成", "Record as done"), &["active"], "done", LEADERS).needs(&["result"]),
        step("stop", words("停止", "Stop"), &["planned", "active"], "stopped", LEADERS).reason(),
    ],
    lines: Some(lines("分工与进展", "Shares and progress", LineOf::Words, KEEPERS).note("进展", "Progress").repeats()),
    measures: &[
        measure("tasks", "联合任务", "Joint tasks", &["planned", "active", "done"], Counted::Records),
        measure("done", "已完成任务", "Tasks done", &["done"], Counted::Records),
        measure("precincts", "有联合任务的片区", "Precincts with joint tasks", &[], Counted::Once("precinct")),
    ],
};
