//! Vanguard teams (官章先锋队, M9) and the volunteer teams beside them: a name and a roster, for as long as they last.

use crate::domain::register::declare::{choice, field, lines, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, LineOf, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe];
const ACTIVE: &[&str] = &["active"];
const SORTS: &[Choice] =
    &[choice("vanguard", "官章先锋队", "Vanguard team"), choice("volunteer", "志愿服务队", "Volunteer service team")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "vanguard-team",
    name: words("先锋队", "Vanguard team"),
    mechanism: 9,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("name", "队名", "Name", Shape::Line).required(),
        field("sort", "类别", "Sort", Shape::Choice(SORTS)).required(),
        field("leader", "队长", "Leader", Shape::Person),
        field("duty", "职责", "Duty", Shape::Text),
    ],
    states: &[state("active", "在队", "Active").rests(), state("dissolved", "已解散", "Dissolved").rests()],
    steps: &[step("dissolve", words("解散", "Dissolve"), ACTIVE, "dissolved", &[Role::VillageSecretary]).reason()],
    lines: Some(lines("队员", "Members", LineOf::People, KEEPERS).note("分工", "Task")),
    measures: &[
        measure("teams", "先锋队", "Vanguard teams", ACTIVE, Counted::Records).saying("sort", "vanguard"),
        measure("members", "先锋队员", "Vanguard members", ACTIVE, Counted::Persons).saying("sort", "vanguard"),
        measure("volunteer-teams", "志愿服务队", "Volunteer service teams", ACTIVE, Counted::Records)
            .saying("sort", "volunteer"),
        measure("volunteers", "志愿者", "Volunteers", ACTIVE, Counted::Persons).saying("sort", "volunteer"),
    ],
};
