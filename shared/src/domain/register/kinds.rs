//! Every kind of record, in the order of the mechanisms.

mod joint_task;
mod advisor_note;
mod vanguard_team;
mod service;
mod service_circle;
mod visit;
mod activity;
mod case;
mod letter;

use super::Kind;

/// Every kind of record that this version knows.
pub const KINDS: &[&Kind] = &[
    &joint_task::KIND,
    &advisor_note::KIND,
    &vanguard_team::KIND,
    &service::KIND,
    &service_circle::KIND,
    &visit::KIND,
    &activity::KIND,
    &case::CLUE,
    &case::DISPUTE,
    &letter::KIND,
];
