//! Whole meetings told as stories: the real decisions and the real fold, on phones that meet when they can.
//!
//! E numbers are the edge cases of DOMAIN section 9.

#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed, helpers of stories included")]

#[path = "stories/duties.rs"]
mod duties;
#[path = "stories/edges.rs"]
mod edges;
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
#[path = "stories/points.rs"]
mod points;
#[path = "stories/points_later.rs"]
mod points_later;
#[path = "stories/records.rs"]
mod records;
#[path = "stories/register.rs"]
mod register;
#[path = "stories/urn.rs"]
mod urn;
