//! The letter box (意见箱, DOMAIN section 1): what one person suggests or complains of to the office, and its answer.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, Shape};
use crate::role::Role;

const OFFICE: &[Role] = &[Role::TownshipOffice];
const UNANSWERED: &[&str] = &["filed", "read"];
const ABOUT: &[Choice] = &[choice("suggestion", "建议", "Suggestion"), choice("complaint", "投诉", "Complaint")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "letter",
    name: words("来信", "Letter"),
    mechanism: 0,
    home: Home::Letters,
    keepers: &Role::ALL,
    fields: &[
        field("subject", "事由", "Subject", Shape::Line).required(),
        field("about", "类别", "Suggestion or complaint", Shape::Choice(ABOUT)).required(),
        field("content", "内容", "Content", Shape::Text).required(),
        field("answer", "答复", "Answer", Shape::Text),
    ],
    states: &[
        state("filed", "已提交", "Filed"),
        state("read", "已收阅", "Read"),
        state("answered", "已答复", "Answered"),
        state("closed", "已办结", "Closed").rests(),
        state("withdrawn", "已撤回", "Withdrawn").rests(),
    ],
    steps: &[
        step("read", words("收阅", "Mark as read"), &["filed"], "read", OFFICE),
        step("answer", words("答复", "Answer"), UNANSWERED, "answered", OFFICE).needs(&["answer"]),
        step("close", words("办结", "Close"), &["answered"], "closed", &Role::ALL),
        step("ask-again", words("不满意,再提", "Ask again"), &["answered"], "filed", &Role::ALL).reason(),
        step("withdraw", words("撤回", "Withdraw"), UNANSWERED, "withdrawn", &Role::ALL).reason(),
    ],
    lines: None,
    measures: &[
        measure("letters", "来信", "Letters", &[], Counted::Records),
        measure("complaints", "投诉", "Complaints", &[], Counted::Records).saying("about", "complaint"),
        measure("answered", "已答复", "Answered", &["answered", "closed"], Counted::Records),
        measure("waiting", "待答复", "Waiting for an answer", UNANSWERED, Counted::Records),
    ],
};
