//! Key tasks of the collective economy (集体经济重点任务, M20, W14): one product, one enterprise, one base per village.

use crate::domain::register::declare::{choice, field, lines, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::PrecinctCommittee];
const LEADERS: &[Role] = &[Role::VillageSecretary, Role::PrecinctCommittee];
const ABOUT: &[Choice] = &[
    choice("product", "一品", "Product"),
    choice("enterprise", "一企业", "Enterprise"),
    choice("base", "一基地", "Base"),
];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "economy-task",
    name: words("集体经济重点任务", "Economy task"),
    mechanism: 20,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("task", "任务", "Task", Shape::Line).required(),
        field("about", "类别", "About", Shape::Choice(ABOUT)).required(),
        field("goal", "目标", "Goal", Shape::Text),
        field("due", "完成期限", "Due", Shape::Date),
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
    lines: Some(lines("节点", "Milestones", LineOf::Words, KEEPERS).note("进度", "Progress")),
    measures: &[
        measure("tasks", "重点任务", "Economy tasks", &["planned", "active", "done"], Counted::Records),
        measure("active", "进行中", "Under way", &["active"], Counted::Records),
        measure("done", "已完成", "Done", &["done"], Counted::Records),
        measure("villages", "有任务的村", "Villages with tasks", &["planned", "active", "done"], Counted::Villages),
    ],
};
