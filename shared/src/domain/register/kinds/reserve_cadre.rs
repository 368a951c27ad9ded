//! Reserve cadres (后备干部, M29, W13): nominated, reviewed, in the pool, placed or posted elsewhere; never public.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const OFFICE: &[Role] = &[Role::TownshipOffice];
/// Whoever came into the pool and did not leave it, wherever they serve.
const RAISED: &[&str] = &["in-pool", "placed", "posted"];
const SOURCES: &[Choice] = &[
    choice("wealth", "致富带头人", "Wealth leader"),
    choice("graduate", "应届毕业生", "New graduate"),
    choice("returned", "返乡人才", "Returned talent"),
    choice("local", "本土人才", "Local talent"),
];
const PLACES: &[Choice] =
    &[choice("two-committees", "村“两委”", "A village's two committees"), choice("other", "其他岗位", "Another post")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "reserve-cadre",
    name: words("后备干部", "Reserve cadre"),
    mechanism: 29,
    home: Home::Office,
    keepers: OFFICE,
    fields: &[
        field("name", "姓名", "Name", Shape::Line).required(),
        field("person", "对应村民", "Villager", Shape::Person),
        field("source", "来源", "Source", Shape::Choice(SOURCES)).fixed(),
        field("plan", "双培措施", "How they are raised", Shape::Text),
        field("opinion", "考察意见", "Opinion of the review", Shape::Text),
        field("place", "任用岗位", "Placement", Shape::Choice(PLACES)),
        field("village", "任用的村", "Village of the placement", Shape::Unit),
    ],
    states: &[
        state("nominated", "已推荐", "Nominated"),
        state("reviewed", "已考察", "Reviewed"),
        state("in-pool", "在库", "In the pool").rests(),
        state("placed", "已任用", "Placed").rests(),
        state("posted", "外派任职", "Posted elsewhere").rests(),
        state("left", "已退出", "Left").rests(),
    ],
    steps: &[
        step("review", words("考察", "Review"), &["nominated"], "reviewed", OFFICE)
            .needs(&["opinion"])
            .apart_from(&[OPENED]),
        step("admit", words("入库", "Take into the pool"), &["reviewed"], "in-pool", OFFICE),
        step("place", words("任用", "Place"), &["in-pool"], "placed", OFFICE).needs(&["place"]),
        step("post", words("外派", "Post elsewhere"), &["in-pool"], "posted", OFFICE).needs(&["village"]),
        step("leave", words("退出", "Leave"), &["nominated", "reviewed", "in-pool"], "left", OFFICE).reason(),
    ],
    lines: None,
    measures: &[
        measure("raised", "后备干部", "Reserve cadres", RAISED, Counted::Once("person")),
        measure("wealth", "致富带头人", "Wealth leaders", RAISED, Counted::Once("person")).saying("source", "wealth"),
        measure("graduates", "应届毕业生", "New graduates", RAISED, Counted::Once("person"))
            .saying("source", "graduate"),
        measure("returned", "返乡人才", "Returned talents", RAISED, Counted::Once("person"))
            .saying("source", "returned"),
        measure("local", "本土人才", "Local talents", RAISED, Counted::Once("person")).saying("source", "local"),
        measure("in-pool", "在库", "In the pool", &["in-pool"], Counted::Once("person")),
        measure("posted", "外派任职", "Posted to another village", &["posted"], Counted::Once("person")),
        measure("committees", "进入村“两委”", "Entered the two committees", &["placed"], Counted::Once("person"))
            .saying("place", "two-committees"),
    ],
};
