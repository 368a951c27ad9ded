//! Incentive awards (激励奖励, M22, W14): computed, discussed, noticed, approved, paid; money in fen.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Home, Kind, OPENED, Shape};
use crate::role::Role;

const OFFICE: &[Role] = &[Role::TownshipOffice];
const UNPAID: &[&str] = &["computed", "discussed", "noticed", "approved"];
const TIERS: &[Choice] = &[choice("marginal", "分段累进", "Marginal"), choice("whole", "全额套档", "Whole amount")];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "incentive",
    name: words("激励奖励", "Incentive award"),
    mechanism: 22,
    home: Home::Township,
    keepers: OFFICE,
    fields: &[
        field("name", "名称", "Name", Shape::Line).required(),
        field("rulebook", "激励办法", "Incentive rule", Shape::Line).required(),
        // What was computed is what is discussed, noticed and approved: a correction is another award.
        field("tiers", "计算方式", "Tiers", Shape::Choice(TIERS)).fixed(),
        field("profit", "集体经济利润", "Profit", Shape::Money).fixed(),
        field("before", "上年利润", "Profit of the year before", Shape::Money).fixed(),
        field("increment", "增量", "Increment", Shape::Money).fixed(),
        field("award", "奖励金额", "Award", Shape::Money).fixed(),
        field("meeting", "研究会议", "Meeting that discussed it", Shape::Line),
        field("receipt", "支付凭证", "Payment voucher", Shape::Line),
    ],
    states: &[
        state("computed", "已测算", "Computed"),
        state("discussed", "已研究", "Discussed"),
        state("noticed", "已公示", "Noticed"),
        state("approved", "已审批", "Approved"),
        state("paid", "已兑现", "Paid").rests(),
        state("refused", "未通过", "Refused").rests(),
    ],
    steps: &[
        step("discuss", words("记下研究", "Record the discussion"), &["computed"], "discussed", OFFICE)
            .needs(&["meeting"]),
        step("notice", words("公示", "Put on notice"), &["discussed"], "noticed", OFFICE),
        step("approve", words("审批", "Approve"), &["noticed"], "approved", OFFICE).apart_from(&[OPENED]),
        step("pay", words("兑现", "Pay"), &["approved"], "paid", OFFICE).needs(&["receipt"]).apart_from(&["approve"]),
        step("refuse", words("不通过", "Refuse"), UNPAID, "refused", OFFICE).reason(),
    ],
    lines: None,
    measures: &[
        measure("awards", "兑现奖励", "Awards paid", &["paid"], Counted::Records),
        measure("paid", "兑现金额", "Amount paid", &["paid"], Counted::Sum("award")),
        measure("waiting", "待兑现金额", "Amount waiting", UNPAID, Counted::Sum("award")),
        measure("villages", "获奖的村", "Villages paid", &["paid"], Counted::Villages),
    ],
};
