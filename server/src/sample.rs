//! The sample township: real places, invented people.

pub mod names;
pub mod people;
pub mod township;

mod posts;
mod year;
