//! Pairings (结对联系, M21, W14): strong villages and the one that they advise, agreed, at work, closed.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::PrecinctCommittee, Role::TownshipOffice];
const STANDING: &[&str] = &["agreed", "active"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "pairing",
    name: words("结对联系", "Pairing"),
    mechanism: 21,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("focus", "帮扶内容", "Focus", Shape::Line).required(),
        field("helped", "受帮村", "Helped village", Shape::Unit).required(),
        field("goal", "目标", "Goal", Shape::Text),
        field("result", "成效", "Result", Shape::Text),
    ],
    states: &[
        state("agreed", "已商定", "Agreed"),
        state("active", "结对中", "Active"),
        state("closed", "已结束", "Closed").rests(),
    ],
    steps: &[
        step("start", words("开始结对", "Start"), &["agreed"], "active", KEEPERS).needs(&["goal"]),
        step("close", words("结束", "Close"), &["active"], "closed", KEEPERS).needs(&["result"]),
        step("break-off", words("提前结束", "Break off"), STANDING, "closed", KEEPERS).reason(),
    ],
    lines: Some(lines("建议与回访", "Advice and follow-up", LineOf::Words, KEEPERS).note("落实", "Outcome").repeats()),
    measures: &[
        measure("pairings", "结对联系", "Pairings", STANDING, Counted::Records),
        measure("advice", "建议与回访", "Advice and follow-up", &[], Counted::PersonTimes),
        measure("villages", "结对的村", "Villages in pairings", STANDING, Counted::Villages),
    ],
};
