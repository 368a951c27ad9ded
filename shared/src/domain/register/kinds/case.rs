//! Cases (事项, W9): problem clues (问题线索, M12) and disputes (矛盾纠纷, M13), which the village handles first.

use crate::domain::register::declare::{choice, field, measure, state, step, words};
use crate::domain::register::{Choice, Counted, Field, Home, Kind, Shape, State, Step};
use crate::role::Role;

const HANDLERS: &[Role] = &[Role::VillageSecretary, Role::TownshipOffice];
const VILLAGE: &[Role] = &[Role::VillageSecretary];
const TOWNSHIP: &[Role] = &[Role::TownshipOffice];

/// What may go to the township before the village has acted.
const GROUNDS: &[Choice] = &[
    choice("urgent", "情况紧急", "Urgent"),
    choice("safety", "涉及安全", "Safety"),
    choice("cadres", "涉及村干部", "About the village's cadres"),
];
const HELPERS: &[Choice] = &[
    choice("villagers", "村民帮助", "Villagers"),
    choice("cadres", "干部办理", "Cadres"),
    choice("parties", "当事人自行解决", "The parties themselves"),
];
const CHANNELS: &[Choice] = &[
    choice("police", "公安", "Police"),
    choice("court", "法院", "Court"),
    choice("petition", "信访", "Petition channel"),
];

const FIELDS: &[Field] = &[
    field("matter", "事由", "Matter", Shape::Line).required(),
    field("account", "经过", "Account", Shape::Text),
    field("parties", "当事人", "Parties", Shape::Text),
    field("reporter", "反映人", "Who reported it", Shape::Line),
    field("grounds", "直报理由", "Why the township at once", Shape::Choice(GROUNDS)),
    field("outcome", "处理结果", "Outcome", Shape::Text),
    field("help", "解决方式", "With whose help", Shape::Choice(HELPERS)),
    field("channel", "转交单位", "Referred to", Shape::Choice(CHANNELS)),
    field("found", "回访情况", "Found on follow-up", Shape::Text),
    field("same-as", "同一事项编号", "Number of the same case", Shape::Line),
];

const STATES: &[State] = &[
    state("reported", "已反映", "Reported"),
    state("registered", "已登记", "Registered"),
    state("village", "村级办理", "Handled by the village"),
    state("escalated", "已上报", "Escalated"),
    state("township", "乡级办理", "Handled by the township"),
    state("resolved", "已解决", "Resolved"),
    state("followed-up", "已回访", "Followed up"),
    state("closed", "已办结", "Closed").rests(),
    state("referred", "已转交", "Referred").rests(),
    state("withdrawn", "已撤回", "Withdrawn").rests(),
    state("linked", "并入他件", "Linked to another").rests(),
];

const UNHANDLED: &[&str] = &["reported", "registered"];
const OPEN: &[&str] = &["reported", "registered", "village", "escalated", "township"];
const COUNTED: &[&str] = &[
    "reported",
    "registered",
    "village",
    "escalated",
    "township",
    "resolved",
    "followed-up",
    "closed",
    "referred",
    "withdrawn",
];
const RESOLVED: &[&str] = &["resolved", "followed-up", "closed"];

const STEPS: &[Step] = &[
    step("register", words("登记", "Register"), &["reported"], "registered", HANDLERS),
    step("handle", words("村级办理", "Handle in the village"), &["registered"], "village", VILLAGE),
    step("escalate-at-once", words("直接上报", "Escalate at once"), UNHANDLED, "escalated", HANDLERS)
        .needs(&["grounds"]),
    step("escalate", words("上报", "Escalate"), &["village"], "escalated", VILLAGE).reason(),
    step("take-up", words("乡级受理", "Take up in the township"), &["escalated"], "township", TOWNSHIP),
    step("resolve", words("记为解决", "Record as resolved"), &["village"], "resolved", VILLAGE)
        .needs(&["outcome", "help"]),
    step("resolve-above", words("记为解决", "Record as resolved"), &["township"], "resolved", TOWNSHIP)
        .needs(&["outcome", "help"]),
    step("follow-up", words("回访", "Follow up"), &["resolved"], "followed-up", HANDLERS).needs(&["found"]),
    step("close", words("办结", "Close"), &["followed-up"], "closed", HANDLERS),
    step("reopen", words("重新办理", "Handle again"), &["followed-up"], "registered", HANDLERS).reason(),
    step("refer", words("转交", "Refer"), OPEN, "referred", HANDLERS).needs(&["channel"]).reason(),
    step("withdraw", words("撤回", "Withdraw"), OPEN, "withdrawn", HANDLERS).reason(),
    step("link", words("并入", "Link"), UNHANDLED, "linked", HANDLERS).needs(&["same-as"]),
];

/// Problem clues.
pub const CLUE: Kind = Kind {
    key: "clue",
    name: words("问题线索", "Problem clue"),
    mechanism: 12,
    home: Home::Cases,
    keepers: HANDLERS,
    fields: FIELDS,
    states: STATES,
    steps: STEPS,
    lines: None,
    measures: &[
        measure("clues", "问题线索", "Problem clues", COUNTED, Counted::Records),
        measure("open", "办理中", "Being handled", OPEN, Counted::Records),
        measure("resolved", "已解决", "Resolved", RESOLVED, Counted::Records),
        measure("referred", "已转交", "Referred", &["referred"], Counted::Records),
    ],
};

/// Disputes.
pub const DISPUTE: Kind = Kind {
    key: "dispute",
    name: words("矛盾纠纷", "Dispute"),
    mechanism: 13,
    home: Home::Cases,
    keepers: HANDLERS,
    fields: FIELDS,
    states: STATES,
    steps: STEPS,
    lines: None,
    measures: &[
        measure("disputes", "矛盾纠纷", "Disputes", COUNTED, Counted::Records),
        measure("open", "办理中", "Being handled", OPEN, Counted::Records),
        measure("resolved", "已解决", "Resolved", RESOLVED, Counted::Records),
        measure("helped", "村民帮助解决", "Resolved with villagers' help", RESOLVED, Counted::Records)
            .saying("help", "villagers"),
        measure("referred", "已转交", "Referred", &["referred"], Counted::Records),
    ],
};
