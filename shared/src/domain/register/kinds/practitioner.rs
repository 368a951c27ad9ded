//! Model practitioners (践行带头人, M16): nominated, asked for their consent, listed by somebody else.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] =
    &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader, Role::PartyMember, Role::VillagerRepresentative];
const RECORDERS: &[Role] = &[Role::VillageSecretary, Role::Scribe];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "practitioner",
    name: words("践行带头人", "Model practitioner"),
    mechanism: 16,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("name", "姓名", "Name", Shape::Line).required(),
        field("person", "对应村民", "Villager", Shape::Person),
        field("merit", "事迹", "Merit", Shape::Text),
        field("consent", "本人意见", "In their own words", Shape::Line),
    ],
    states: &[
        state("nominated", "已推荐", "Nominated"),
        state("consented", "本人同意", "Consented"),
        state("listed", "已列入", "Listed").rests(),
        state("declined", "未列入", "Not listed").rests(),
        state("ended", "已退出", "Ended").rests(),
    ],
    steps: &[
        step("consent", words("记下同意", "Record the consent"), &["nominated"], "consented", RECORDERS)
            .needs(&["consent"]),
        step("list", words("列入", "List"), &["consented"], "listed", &[Role::VillageSecretary])
            .needs(&["merit"])
            .apart_from(&[OPENED]),
        step("decline", words("不列入", "Do not list"), &["nominated", "consented"], "declined", RECORDERS).reason(),
        step("end", words("退出", "End"), &["listed"], "ended", RECORDERS).reason(),
    ],
    lines: None,
    measures: &[
        measure("practitioners", "践行带头人", "Model practitioners", &["listed"], Counted::Once("person")),
        measure("nominated", "推荐中", "Under nomination", &["nominated", "consented"], Counted::Records),
    ],
};
