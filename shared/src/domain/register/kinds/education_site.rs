//! Education sites 1+9 (教育基地, M14): the township's main one and one of each village with its own feature.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::TownshipOffice, Role::VillageSecretary];
const OPEN: &[&str] = &["open"];
const RANKS: &[Choice] = &[choice("main", "主基地", "Main"), choice("village", "村级基地", "Of a village")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "education-site",
    name: words("教育基地", "Education site"),
    mechanism: 14,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("name", "名称", "Name", Shape::Line).required(),
        field("rank", "级别", "Rank", Shape::Choice(RANKS)).required(),
        field("place", "地点", "Place", Shape::Line),
        field("feature", "特色", "Feature", Shape::Line),
        field("story", "故事", "Story", Shape::Text),
    ],
    states: &[
        state("planned", "筹建", "Planned"),
        state("open", "开放", "Open").rests(),
        state("shut", "已关闭", "Shut").rests(),
    ],
    steps: &[
        step("open", words("开放", "Open"), &["planned"], "open", KEEPERS).needs(&["place", "feature"]),
        step("shut", words("关闭", "Shut"), &["planned", "open"], "shut", KEEPERS).reason(),
    ],
    lines: None,
    measures: &[
        measure("sites", "教育基地", "Education sites", OPEN, Counted::Records),
        measure("main", "主基地", "Main sites", OPEN, Counted::Records).saying("rank", "main"),
        measure("village", "村级基地", "Sites of villages", OPEN, Counted::Records).saying("rank", "village"),
    ],
};
