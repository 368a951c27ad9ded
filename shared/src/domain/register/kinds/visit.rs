//! Visits of a service circle (走访, M10): what a household said, and what became of what it needs.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::PartyMember];
const NEEDS: &[&str] = &["needed", "met", "passed-on"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "visit",
    name: words("走访记录", "Visit"),
    mechanism: 10,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("subject", "事由", "Subject", Shape::Line).required(),
        field("household", "走访户", "Household", Shape::Household).required(),
        field("visitor", "走访党员", "Visitor", Shape::Person),
        field("need", "需求", "Need", Shape::Text),
        field("answer", "办理情况", "What was done", Shape::Text),
    ],
    states: &[
        state("visited", "已走访", "Visited").rests(),
        state("needed", "有需求", "Something is needed"),
        state("met", "已办好", "Met").rests(),
        state("passed-on", "已转出", "Passed on").rests(),
    ],
    steps: &[
        step("need", words("记下需求", "Note the need"), &["visited"], "needed", KEEPERS).needs(&["need"]),
        step("meet", words("记为办好", "Record as met"), &["needed"], "met", KEEPERS).needs(&["answer"]),
        step("pass-on", words("转出办理", "Pass on"), &["needed"], "passed-on", KEEPERS).reason(),
    ],
    lines: None,
    measures: &[
        measure("visits", "走访次数", "Visits", &[], Counted::Records),
        measure("households", "走访户数", "Households visited", &[], Counted::Once("household")),
        measure("needs", "收集需求", "Needs", NEEDS, Counted::Records),
        measure("met", "办好需求", "Needs met", &["met"], Counted::Records),
    ],
};
