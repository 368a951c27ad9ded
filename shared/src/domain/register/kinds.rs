//! Every kind of record, in the order of the mechanisms.

pub mod red_list;
pub mod reminder;
mod joint_task;
mod advisor_note;
mod vanguard_team;
mod service;
mod service_circle;
mod visit;
mod activity;
mod case;
mod education_site;
mod good_deed;
mod practitioner;
mod commendation;
mod six_people;
mod theme_day;
mod economy_task;
mod pairing;
mod incentive;
mod study_trip;
mod site_visit;
mod base;
mod cooperative;
mod mentor_pair;
mod lecture;
mod reserve_cadre;
mod letter;
pub mod notice;

use super::Kind;

/// Every kind of record that this version knows.
pub const KINDS: &[&Kind] = &[
    &red_list::KIND,
    &reminder::KIND,
    &joint_task::KIND,
    &advisor_note::KIND,
    &vanguard_team::KIND,
    &service::KIND,
    &service_circle::KIND,
    &visit::KIND,
    &activity::KIND,
    &case::CLUE,
    &case::DISPUTE,
    &education_site::KIND,
    &good_deed::KIND,
    &practitioner::KIND,
    &commendation::KIND,
    &six_people::KIND,
    &theme_day::KIND,
    &economy_task::KIND,
    &pairing::KIND,
    &incentive::KIND,
    &study_trip::KIND,
    &site_visit::KIND,
    &base::KIND,
    &cooperative::KIND,
    &mentor_pair::KIND,
    &lecture::KIND,
    &reserve_cadre::KIND,
    &letter::KIND,
    &notice::NOTICE,
    &notice::OBJECTION,
    &notice::TOWNSHIP_NOTICE,
    &notice::TOWNSHIP_OBJECTION,
];
