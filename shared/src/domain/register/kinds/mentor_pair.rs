//! Mentor pairs (传帮带, M27, W12): proposed, agreed, active, reviewed on set days, ended.

use crate::domain::register::declare::{field, lines, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, LineOf, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::PartyMember, Role::Advisor];
const LEADERS: &[Role] = &[Role::VillageSecretary, Role::Advisor, Role::PartyMember];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "mentor-pair",
    name: words("传帮带", "Mentor pair"),
    mechanism: 27,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("goal", "培养目标", "Goal", Shape::Line).required(),
        // Often a leader of the township, who is on no village's roster.
        field("mentor", "导师", "Mentor", Shape::Line).required(),
        field("cadre", "年轻干部", "Young cadre", Shape::Person).required(),
        field("check", "下次检查", "Next check", Shape::Date),
        field("review", "检查结果", "Review", Shape::Text),
    ],
    states: &[
        state("proposed", "已提出", "Proposed"),
        state("agreed", "已商定", "Agreed"),
        state("active", "培养中", "Active"),
        state("reviewed", "已检查", "Reviewed"),
        state("ended", "已结束", "Ended").rests(),
    ],
    steps: &[
        step("agree", words("商定", "Agree"), &["proposed"], "agreed", LEADERS).apart_from(&[OPENED]),
        step("start", words("开始", "Start"), &["agreed"], "active", KEEPERS).needs(&["check"]),
        step("review", words("检查", "Review"), &["active"], "reviewed", LEADERS).needs(&["review"]),
        step("go-on", words("继续培养", "Go on"), &["reviewed"], "active", KEEPERS),
        step("end", words("结束", "End"), &["reviewed"], "ended", LEADERS),
        step("break-off", words("提前结束", "Break off"), &["proposed", "agreed", "active"], "ended", KEEPERS).reason(),
    ],
    lines: Some(lines("检查记录", "Checks", LineOf::Words, KEEPERS).note("情况", "What was found").repeats()),
    measures: &[
        measure("pairs", "传帮带对子", "Mentor pairs", &["agreed", "active", "reviewed"], Counted::Records),
        measure("checks", "检查次数", "Checks", &[], Counted::PersonTimes),
        measure("ended", "已结束", "Ended", &["ended"], Counted::Records),
    ],
};
