//! Activity tasks (活动任务, M11, W10): planned, announced, done, counted; who took part is a list and no check-in.

use crate::domain::register::{Counted, Field, Home, Kind, Lines, Measure, Shape, State, Step, Words};
use crate::role::Role;

const KEEPERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];

/// The declaration.
pub const KIND: Kind = Kind {
    key: "activity",
    name: Words { zh: "活动任务", en: "Activity" },
    mechanism: 11,
    home: Home::Village,
    keepers: KEEPERS,
    fields: &[
        Field { key: "task", name: Words { zh: "任务", en: "Task" }, shape: Shape::Line, required: true },
        Field { key: "place", name: Words { zh: "地点", en: "Place" }, shape: Shape::Line, required: false },
        Field {
            key: "content", name: Words { zh: "内容", en: "What was done" }, shape: Shape::Text, required: false
        },
    ],
    states: &[
        State { key: "planned", name: Words { zh: "已计划", en: "Planned" }, rests: false },
        State { key: "announced", name: Words { zh: "已通知", en: "Announced" }, rests: false },
        State { key: "done", name: Words { zh: "已开展", en: "Done" }, rests: false },
        State { key: "counted", name: Words { zh: "已统计", en: "Counted" }, rests: true },
        State { key: "cancelled", name: Words { zh: "已取消", en: "Cancelled" }, rests: true },
    ],
    steps: &[
        Step {
            key: "announce",
            name: Words { zh: "发通知", en: "Announce" },
            from: &["planned"],
            to: "announced",
            by: KEEPERS,
            needs: &["place"],
            reason: false,
            apart_from: &[],
        },
        Step {
            key: "do",
            name: Words { zh: "记为已开展", en: "Record as done" },
            from: &["planned", "announced"],
            to: "done",
            by: KEEPERS,
            needs: &[],
            reason: false,
            apart_from: &[],
        },
        Step {
            key: "count",
            name: Words { zh: "核对名单", en: "Confirm the list" },
            from: &["done"],
            to: "counted",
            by: &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee],
            needs: &[],
            reason: false,
            apart_from: &["do"],
        },
        Step {
            key: "cancel",
            name: Words { zh: "取消", en: "Cancel" },
            from: &["planned", "announced"],
            to: "cancelled",
            by: KEEPERS,
            needs: &[],
            reason: true,
            apart_from: &[],
        },
    ],
    lines: Some(Lines {
        name: Words { zh: "参加人员", en: "Who took part" }, note: None, by: KEEPERS, repeats: false
    }),
    measures: &[
        Measure {
            key: "activities",
            name: Words { zh: "活动次数", en: "Activities" },
            states: &["done", "counted"],
            what: Counted::Records,
        },
        Measure {
            key: "person-times",
            name: Words { zh: "参加人次", en: "Person-times" },
            states: &["done", "counted"],
            what: Counted::PersonTimes,
        },
        Measure {
            key: "persons",
            name: Words { zh: "参加人数", en: "Persons" },
            states: &["done", "counted"],
            what: Counted::Persons,
        },
    ],
};
