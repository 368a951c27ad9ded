//! Cooperatives led by a Party branch (党支部领办合作社, M26): in preparation, running, ended.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe];
const SECRETARY: &[Role] = &[Role::VillageSecretary];
const RUNNING: &[&str] = &["running"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "cooperative",
    name: words("合作社", "Cooperative"),
    mechanism: 26,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("name", "名称", "Name", Shape::Line).required(),
        field("trade", "产业", "Trade", Shape::Line),
        field("head", "负责人", "Head", Shape::Person),
        field("households", "入社户数", "Member households", Shape::Count),
        field("terms", "章程要点", "Terms", Shape::Text),
    ],
    states: &[
        state("preparing", "筹备中", "In preparation"),
        state("running", "运行中", "Running").rests(),
        state("ended", "已结束", "Ended").rests(),
    ],
    steps: &[
        step("start", words("投入运行", "Start"), &["preparing"], "running", SECRETARY).needs(&["trade", "households"]),
        step("end", words("结束", "End"), &["preparing", "running"], "ended", SECRETARY).reason(),
    ],
    lines: None,
    measures: &[
        measure("cooperatives", "合作社", "Cooperatives", RUNNING, Counted::Records),
        measure("villages", "领办合作社的村", "Villages with cooperatives", RUNNING, Counted::Villages),
        measure("households", "入社户数", "Member households", RUNNING, Counted::Sum("households")),
    ],
};
