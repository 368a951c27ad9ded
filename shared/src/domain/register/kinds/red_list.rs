//! Red-list entries (红榜, M5, W6): proposed, checked, consented, listed, expired.
//!
//! What hangs on the board, and under which name, is for [`crate::domain::red_list`] to say.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

/// Whoever sees a good deed proposes it.
const KEEPERS: &[Role] = &[
    Role::VillageSecretary,
    Role::Scribe,
    Role::SupervisionCommittee,
    Role::GroupLeader,
    Role::PartyMember,
    Role::VillagerRepresentative,
];
const CHECKERS: &[Role] = &[Role::SupervisionCommittee, Role::VillageSecretary];
const CLERKS: &[Role] = &[Role::Scribe, Role::VillageSecretary];
const CHAIR: &[Role] = &[Role::VillageSecretary];
const LISTED: &[&str] = &["listed", "unnamed"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "red-list",
    name: words("红榜", "Red-list entry"),
    mechanism: 5,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("deed", "事迹", "What was done", Shape::Line).required(),
        field("item", "清单项目", "Item of the list", Shape::Line).fixed(),
        field("person", "上榜人", "Whose deed", Shape::Person).fixed(),
        field("consent", "同意方式", "How consent was given", Shape::Line),
        field("until", "公布到", "Listed until", Shape::Date),
    ],
    states: &[
        state("proposed", "已提出", "Proposed"),
        state("checked", "已核实", "Checked"),
        state("consented", "本人已同意", "Consented"),
        state("listed", "已上榜", "Listed"),
        state("unnamed", "上榜不署名", "Listed without the name"),
        state("expired", "已到期", "Expired").rests(),
        state("withdrawn", "已撤回", "Withdrawn").rests(),
    ],
    steps: &[
        step("check", words("核实", "Check"), &["proposed"], "checked", CHECKERS).apart_from(&[OPENED]),
        step("consent", words("记下本人同意", "Record consent"), &["checked"], "consented", CLERKS).needs(&["consent"]),
        step("list", words("署名上榜", "List by name"), &["consented"], "listed", CHAIR).apart_from(&[OPENED]),
        step("list-unnamed", words("只以户号上榜", "List by household"), &["checked", "consented"], "unnamed", CHAIR)
            .apart_from(&[OPENED]),
        step("unname", words("本人收回同意", "Consent taken back"), &["listed"], "unnamed", CLERKS),
        step("expire", words("到期下榜", "Take down"), LISTED, "expired", CLERKS),
        step(
            "withdraw",
            words("撤回", "Withdraw"),
            &["proposed", "checked", "consented", "listed", "unnamed"],
            "withdrawn",
            CHECKERS,
        )
        .reason(),
    ],
    lines: None,
    measures: &[
        measure("entries", "上榜件数", "Entries", &["listed", "unnamed", "expired"], Counted::Records),
        measure("listed", "在榜", "On the board", LISTED, Counted::Records),
    ],
};
