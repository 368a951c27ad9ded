//! Reminders (提醒, M5, W6): noted, told, given time to put it right, looked at again, cleared; or referred to a meeting
//! that may list the household's number and the matter, and nothing else.
//!
//! What hangs on the board is for [`crate::domain::red_list`] to say.

use crate::domain::register::declare::{field, measure, state, step, words};
use crate::domain::register::{Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee, Role::GroupLeader];
const TELLERS: &[Role] = &[Role::VillageSecretary, Role::GroupLeader, Role::SupervisionCommittee];
const CHECKERS: &[Role] = &[Role::SupervisionCommittee, Role::VillageSecretary];
const CHAIR: &[Role] = &[Role::VillageSecretary];
const OPEN: &[&str] = &["noted", "told", "curing", "rechecked", "referred"];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "reminder",
    name: words("提醒", "Reminder"),
    mechanism: 5,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        field("matter", "事由", "Matter", Shape::Line).required(),
        field("item", "清单项目", "Item of the list", Shape::Line).fixed(),
        field("household", "户", "Household", Shape::Household).fixed(),
        // Whose doing it was is known to whoever talks with them; the board never says it.
        field("person", "涉及的人", "Who it is about", Shape::Person),
        field("answer", "本人说明", "What they say", Shape::Text),
        field("cure-by", "整改期限", "To be put right by", Shape::Date),
        field("found", "复查情况", "Found on looking again", Shape::Text),
        field("meeting", "研究会议", "Meeting that decided", Shape::Line),
        field("until", "公布到", "Listed until", Shape::Date),
    ],
    states: &[
        state("noted", "已记下", "Noted"),
        state("told", "已提醒", "Told"),
        state("curing", "整改中", "Being put right"),
        state("rechecked", "已复查", "Looked at again"),
        state("referred", "提交会议", "Referred to a meeting"),
        state("listed", "已公布", "Listed"),
        state("cleared", "已消除", "Cleared").rests(),
        state("expired", "已到期", "Expired").rests(),
        state("withdrawn", "已撤回", "Withdrawn").rests(),
    ],
    steps: &[
        step("tell", words("当面提醒", "Tell them"), &["noted"], "told", TELLERS),
        step("cure", words("约定整改", "Agree on time"), &["told"], "curing", TELLERS).needs(&["cure-by"]),
        step("recheck", words("复查", "Look again"), &["curing"], "rechecked", CHECKERS)
            .needs(&["found"])
            .apart_from(&[OPENED]),
        step("clear", words("消除", "Clear"), &["curing", "rechecked", "referred", "listed"], "cleared", CHECKERS),
        step("refer", words("提交会议", "Refer to a meeting"), &["rechecked"], "referred", CHAIR),
        step("list", words("公布户号和事由", "List household and matter"), &["referred"], "listed", CHAIR)
            .needs(&["meeting"])
            .apart_from(&[OPENED]),
        step("expire", words("到期撤下", "Take down"), &["listed"], "expired", KEEPERS),
        step("withdraw", words("撤回", "Withdraw"), &["noted", "told"], "withdrawn", CHECKERS).reason(),
    ],
    lines: None,
    measures: &[
        measure("reminders", "提醒件数", "Reminders", &[], Counted::Records),
        measure("open", "办理中", "Open", OPEN, Counted::Records),
        measure("cleared", "已消除", "Cleared", &["cleared"], Counted::Records),
        measure("listed", "在榜", "On the board", &["listed"], Counted::Records),
    ],
};
