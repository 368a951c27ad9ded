//! Commendations (表彰, M17, W16): nominated, voted, noticed, awarded by somebody other than who nominated.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::TownshipOffice, Role::VillageSecretary];
const OFFICE: &[Role] = &[Role::TownshipOffice];
const AWARDED: &[&str] = &["awarded"];
const FOR: &[Choice] =
    &[choice("group", "集体", "Group"), choice("family", "家庭", "Family"), choice("individual", "个人", "Individual")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "commendation",
    name: words("表彰", "Commendation"),
    mechanism: 17,
    home: Home::Township,
    keepers: KEEPERS,
    fields: &[
        field("name", "表彰对象", "Who is commended", Shape::Line).required(),
        field("for", "类别", "For", Shape::Choice(FOR)).required(),
        field("title", "荣誉名称", "Title", Shape::Line).required(),
        field("deeds", "事迹", "Deeds", Shape::Text),
        field("meeting", "评议会议", "Meeting that voted", Shape::Line),
        field("present", "到会人数", "Present", Shape::Count),
        field("yes", "赞成票", "Votes in favour", Shape::Count),
    ],
    states: &[
        state("nominated", "已推荐", "Nominated"),
        state("voted", "已票决", "Voted"),
        state("noticed", "已公示", "Noticed"),
        state("awarded", "已表彰", "Awarded").rests(),
        state("declined", "未通过", "Not awarded").rests(),
    ],
    steps: &[
        step("vote", words("记下票决", "Record the vote"), &["nominated"], "voted", KEEPERS)
            .needs(&["meeting", "present", "yes"]),
        step("notice", words("公示", "Put on notice"), &["voted"], "noticed", OFFICE).needs(&["deeds"]),
        step("award", words("表彰", "Award"), &["noticed"], "awarded", OFFICE).apart_from(&[OPENED]),
        step("decline", words("不予表彰", "Do not award"), &["nominated", "voted", "noticed"], "declined", OFFICE)
            .reason(),
        step("withdraw", words("撤回推荐", "Withdraw"), &["nominated"], "declined", KEEPERS).reason(),
    ],
    lines: None,
    measures: &[
        measure("awarded", "表彰", "Commendations", AWARDED, Counted::Records),
        measure("groups", "表彰集体", "Groups", AWARDED, Counted::Records).saying("for", "group"),
        measure("families", "表彰家庭", "Families", AWARDED, Counted::Records).saying("for", "family"),
        measure("individuals", "表彰个人", "Individuals", AWARDED, Counted::Records).saying("for", "individual"),
    ],
};
