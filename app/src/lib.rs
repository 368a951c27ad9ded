//! A phone.

pub mod ui;
