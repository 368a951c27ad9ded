//! Notes of the Party-building advisor (党建指导员, M8, W17): noted, agreed with the secretary, done or carried over.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::Advisor];
const BOTH: &[Role] = &[Role::Advisor, Role::VillageSecretary];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "advisor-note",
    name: words("指导记录", "Advisor note"),
    mechanism: 8,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("problem", "问题", "Problem", Shape::Line).required(),
        field("goal", "目标", "Goal", Shape::Text),
        field("result", "结果", "Result", Shape::Text),
    ],
    states: &[
        state("noted", "已记录", "Noted"),
        state("agreed", "已商定", "Agreed"),
        state("done", "已完成", "Done").rests(),
        state("carried", "已结转", "Carried over").rests(),
    ],
    steps: &[
        step("agree", words("商定", "Agree"), &["noted"], "agreed", &[Role::VillageSecretary])
            .needs(&["goal"])
            .apart_from(&[OPENED]),
        step("finish", words("记为完成", "Record as done"), &["agreed"], "done", BOTH).needs(&["result"]),
        step("carry", words("结转", "Carry over"), &["noted", "agreed"], "carried", BOTH).reason(),
    ],
    lines: None,
    measures: &[
        measure("notes", "指导记录", "Advisor notes", &[], Counted::Records),
        measure("done", "已完成", "Done", &["done"], Counted::Records),
        measure("carried", "已结转", "Carried over", &["carried"], Counted::Records),
    ],
};
