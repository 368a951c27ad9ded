//! Bases of a village with an enterprise (村企联建基地, M25): agreed, running, ended.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe];
const SECRETARY: &[Role] = &[Role::VillageSecretary];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "base",
    name: words("村企联建基地", "Village–enterprise base"),
    mechanism: 25,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("name", "名称", "Name", Shape::Line).required(),
        field("enterprise", "企业", "Enterprise", Shape::Line).required(),
        field("trade", "产业", "Trade", Shape::Line),
        field("place", "地点", "Place", Shape::Line),
        field("terms", "合作内容", "Terms", Shape::Text),
    ],
    states: &[
        state("agreed", "已签约", "Agreed"),
        state("running", "运行中", "Running").rests(),
        state("ended", "已结束", "Ended").rests(),
    ],
    steps: &[
        step("start", words("投入运行", "Start"), &["agreed"], "running", SECRETARY).needs(&["trade", "terms"]),
        step("end", words("结束", "End"), &["agreed", "running"], "ended", SECRETARY).reason(),
    ],
    lines: None,
    measures: &[
        measure("bases", "联建基地", "Bases", &["running"], Counted::Records),
        measure("enterprises", "联建企业", "Enterprises", &["running"], Counted::Once("enterprise")),
        measure("villages", "有基地的村", "Villages with bases", &["running"], Counted::Villages),
    ],
};
