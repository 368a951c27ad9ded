//! Whole meetings told as stories: the real decisions and the real fold, on phones that meet when they can.
//!
//! E numbers are the edge cases of DOMAIN section 9.

#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed, helpers of stories included")]

#[path = "stories/assessment.rs"]
mod assessment;
#[path = "stories/branch.rs"]
mod branch;
#[path = "stories/cards.rs"]
mod cards;
#[path = "stories/declared.rs"]
mod declared;
#[path = "stories/duties.rs"]
mod duties;
#[path = "stories/edges.rs"]
mod edges;
#[path = "stories/flag.rs"]
mod flag;
#[path = "stories/freezing.rs"]
mod freezing;
#[path = "stories/hall.rs"]
mod hall;
#[path = "stories/hands.rs"]
mod hands;
#[path = "stories/ledger.rs"]
mod ledger;
#[path = "stories/order.rs"]
mod order;
#[path = "stories/paper.rs"]
mod paper;
#[path = "stories/ranks.rs"]
mod ranks;
#[path = "stories/points.rs"]
mod points;
#[path = "stories/points_later.rs"]
mod points_later;
#[path = "stories/posts.rs"]
mod posts;
#[path = "stories/records.rs"]
mod records;
#[path = "stories/register.rs"]
mod register;
// Rulebooks are read from files where the relay's commands are built beside it.
#[cfg(feature = "files")]
#[path = "stories/sample.rs"]
mod sample;
#[path = "stories/township.rs"]
mod township;
#[path = "stories/urn.rs"]
mod urn;
