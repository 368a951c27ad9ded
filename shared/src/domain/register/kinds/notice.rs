//! Public notices (公示) and objections (异议) against their lines (W7), of villages and of the township.
//!
//! How long a notice has stood, which lines are held and when a reply is due is for [`crate::domain::notice`] to say.

use crate::domain::register::declare::{choice, field, lines, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Field, Home, Kind, LineOf, Lines, Measure, Shape, State, Step};
use crate::role::Role;

/// How many days a notice stands where it does not say more (DOMAIN section 3).
pub const NOTICE_DAYS: u16 = 5;
/// How many days the changed lines of an amended notice stand.
pub const AMENDED_DAYS: u16 = 3;

const VILLAGE: &[Role] = &[Role::VillageSecretary, Role::Scribe];
const CHAIR: &[Role] = &[Role::VillageSecretary];
const VILLAGE_REVIEW: &[Role] = &[Role::VillageSecretary, Role::SupervisionCommittee];
const OFFICE: &[Role] = &[Role::TownshipOffice];
const OFFICE_REVIEW: &[Role] = &[Role::TownshipOffice, Role::AssessmentLead];

const HOLDS: &[Choice] =
    &[choice("lines", "暂缓异议条目", "Hold those lines"), choice("all", "全部暂缓", "Hold all lines")];

const NOTICE_FIELDS: &[Field] = &[
    field("title", "标题", "Title", Shape::Line).required(),
    field("about", "公示的记录编号", "Number of what is published", Shape::Line),
    field("digest", "结果校验码", "Digest of the result", Shape::Line),
    field("place", "张贴地点", "Where it is posted", Shape::Line),
    field("poster", "张贴人", "Who posts it", Shape::Line),
    field("days", "公示天数", "Days it stands", Shape::Count),
    field("second-days", "更正公示天数", "Days an amendment stands", Shape::Count),
    field("hold", "有异议时", "When somebody objects", Shape::Choice(HOLDS)),
];

const NOTICE_STATES: &[State] = &[
    state("draft", "起草", "Draft"),
    state("reviewed", "已审核", "Reviewed"),
    state("posted", "公示中", "Posted"),
    state("amended", "更正公示中", "Amended"),
    state("confirmed", "已确认", "Confirmed"),
    state("taken-down", "已撤下", "Taken down"),
    state("archived", "已归档", "Archived").rests(),
    state("dropped", "不再公示", "Dropped").rests(),
];

/// The steps of a notice, by whoever posts it and whoever reviews it.
const fn notice_steps(posts: &'static [Role], reviews: &'static [Role]) -> [Step; 8] {
    [
        step("review", words("审核", "Review"), &["draft"], "reviewed", reviews).apart_from(&["opened"]),
        step("post", words("张贴", "Post"), &["reviewed"], "posted", posts).needs(&["place", "poster"]),
        step("confirm", words("公示期满确认", "Confirm"), &["posted"], "confirmed", posts).not_before(
            "post",
            "days",
            NOTICE_DAYS,
        ),
        step("amend", words("更正并重新公示", "Amend and post again"), &["posted", "confirmed"], "amended", posts)
            .reason(),
        step("confirm-amended", words("更正期满确认", "Confirm the amendment"), &["amended"], "confirmed", posts)
            .not_before("amend", "second-days", AMENDED_DAYS),
        step("take-down", words("撤下", "Take down"), &["confirmed"], "taken-down", posts),
        step("archive", words("归档", "Archive"), &["taken-down"], "archived", posts),
        step("drop", words("不再公示", "Drop"), &["draft", "reviewed"], "dropped", posts).reason(),
    ]
}

const VILLAGE_STEPS: &[Step] = &notice_steps(CHAIR, VILLAGE_REVIEW);
const OFFICE_STEPS: &[Step] = &notice_steps(OFFICE, OFFICE_REVIEW);

const NOTICE_LINES: Lines = lines("公示条目", "Lines", LineOf::Any, VILLAGE).note("结果", "Result");
const NOTICE_MEASURES: &[Measure] = &[
    measure(
        "notices",
        "公示次数",
        "Notices",
        &["posted", "amended", "confirmed", "taken-down", "archived"],
        Counted::Records,
    ),
    measure("standing", "公示中", "Standing", &["posted", "amended"], Counted::Records),
];

/// A notice of a village.
pub const NOTICE: Kind = Kind {
    key: "notice",
    name: words("公示", "Public notice"),
    mechanism: 0,
    home: Home::Village,
    keepers: VILLAGE,
    fields: NOTICE_FIELDS,
    states: NOTICE_STATES,
    steps: VILLAGE_STEPS,
    lines: Some(NOTICE_LINES),
    measures: NOTICE_MEASURES,
};

/// A notice of the township.
pub const TOWNSHIP_NOTICE: Kind = Kind {
    key: "township-notice",
    name: words("乡级公示", "Notice of the township"),
    mechanism: 0,
    home: Home::Township,
    keepers: OFFICE_REVIEW,
    fields: NOTICE_FIELDS,
    states: NOTICE_STATES,
    steps: OFFICE_STEPS,
    lines: Some(Lines { by: OFFICE_REVIEW, ..NOTICE_LINES }),
    measures: NOTICE_MEASURES,
};

/// Whoever takes it down, and the office, which writes its last word.
const ANYBODY: &[Role] = &[
    Role::TownshipOffice,
    Role::Scribe,
    Role::VillageSecretary,
    Role::SupervisionCommittee,
    Role::GroupLeader,
    Role::PartyMember,
    Role::VillagerRepresentative,
    Role::Villager,
];
const TAKEN_DOWN_BY: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::TownshipOffice];
const HANDLERS: &[Role] = &[Role::SupervisionCommittee, Role::VillageSecretary];
const OFFICE_HANDLERS: &[Role] = &[Role::TownshipOffice, Role::AssessmentLead];

const HEARD: &[Choice] =
    &[choice("mouth", "口头", "By mouth"), choice("paper", "书面", "On paper"), choice("phone", "手机", "On a phone")];

/// Whoever objects may keep their name: the slip's number is enough, and the name stays on the slip.
const OBJECTION_FIELDS: &[Field] = &[
    field("ground", "异议内容", "What is objected to", Shape::Line).fixed(),
    field("notice", "公示编号", "Number of the notice", Shape::Line).fixed(),
    field("line", "条目编号", "Number of the line", Shape::Line),
    field("heard", "提出方式", "How it was made", Shape::Choice(HEARD)).fixed(),
    field("objector", "提出人", "Who objects", Shape::Line),
    field("slip", "回执单号", "Number of the slip", Shape::Line),
    field("account", "详细说明", "In full", Shape::Text),
    field("found", "核查情况", "What was found", Shape::Text),
    field("reply", "答复", "Reply", Shape::Text),
    field("last-word", "乡级复核意见", "The township's last word", Shape::Text),
];

const OBJECTION_STATES: &[State] = &[
    state("filed", "已提出", "Filed"),
    state("accepted", "已受理", "Accepted"),
    state("declined", "不予受理", "Declined").rests(),
    state("looking", "核查中", "Being looked into"),
    state("upheld", "成立", "Upheld"),
    state("partly-upheld", "部分成立", "Partly upheld"),
    state("dismissed", "不成立", "Dismissed"),
    state("replied", "已答复", "Replied"),
    state("settled", "接受答复", "Reply accepted").rests(),
    state("escalated", "申请复核", "Escalated"),
    state("final", "复核终结", "Final").rests(),
];

const OUTCOMES: &[&str] = &["upheld", "partly-upheld", "dismissed"];

/// The steps of an objection: who handles it is not who took it down.
const fn objection_steps(handle: &'static [Role]) -> [Step; 10] {
    [
        step("accept", words("受理", "Accept"), &["filed"], "accepted", handle),
        step("decline", words("不予受理", "Decline"), &["filed"], "declined", handle).reason(),
        step("look", words("开始核查", "Look into it"), &["accepted"], "looking", handle),
        step("uphold", words("认定成立", "Uphold"), &["looking"], "upheld", handle).needs(&["found"]),
        step("uphold-partly", words("认定部分成立", "Uphold partly"), &["looking"], "partly-upheld", handle)
            .needs(&["found"]),
        step("dismiss", words("认定不成立", "Dismiss"), &["looking"], "dismissed", handle).needs(&["found"]).reason(),
        step("reply", words("答复", "Reply"), OUTCOMES, "replied", handle).needs(&["reply"]),
        step("settle", words("提出人接受", "The objector accepts"), &["replied"], "settled", TAKEN_DOWN_BY),
        step("escalate", words("申请乡级复核", "Escalate"), &["replied"], "escalated", TAKEN_DOWN_BY),
        step(
            "last-word",
            words("作出复核意见", "Give the last word"),
            &["escalated"],
            "final",
            &[Role::TownshipOffice],
        )
        .needs(&["last-word"]),
    ]
}

const OBJECTION_STEPS: &[Step] = &objection_steps(HANDLERS);
const TOWNSHIP_OBJECTION_STEPS: &[Step] = &objection_steps(OFFICE_HANDLERS);

const OPEN: &[&str] = &["filed", "accepted", "looking", "upheld", "partly-upheld", "dismissed", "escalated"];
const OBJECTION_MEASURES: &[Measure] = &[
    measure("objections", "异议件数", "Objections", &[], Counted::Records),
    measure("open", "未办结", "Open", OPEN, Counted::Records),
    measure("upheld", "成立或部分成立", "Upheld, wholly or partly", &["upheld", "partly-upheld"], Counted::Records),
];

/// An objection against a notice of a village.
pub const OBJECTION: Kind = Kind {
    key: "objection",
    name: words("异议", "Objection"),
    mechanism: 0,
    home: Home::Village,
    keepers: ANYBODY,
    fields: OBJECTION_FIELDS,
    states: OBJECTION_STATES,
    steps: OBJECTION_STEPS,
    lines: None,
    measures: OBJECTION_MEASURES,
};

/// An objection against a notice of the township, taken down in a village or at the office.
pub const TOWNSHIP_OBJECTION: Kind = Kind {
    key: "township-objection",
    name: words("乡级公示异议", "Objection to the township"),
    mechanism: 0,
    home: Home::Township,
    keepers: TAKEN_DOWN_BY,
    fields: OBJECTION_FIELDS,
    states: OBJECTION_STATES,
    steps: TOWNSHIP_OBJECTION_STEPS,
    lines: None,
    measures: OBJECTION_MEASURES,
};
