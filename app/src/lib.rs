//! A phone: keeps its own records, works without a network, and carries them to the township when it can.

include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub mod app;
pub mod platform;
pub mod shell;
pub mod pages;
pub mod state;
pub mod ui;
