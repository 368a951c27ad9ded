//! People with phones: the real relay, real Chromium, real storage.
//!
//! Every journey starts its own relay process on a free port with its own data folder, and gives each person a
//! browser profile of their own. Nothing sleeps: a step waits until the page shows what a person would wait for.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout, reason = "this crate is test code")]

pub mod relay;
pub mod cable;
pub mod auditor;
pub mod browser;
pub mod person;
pub mod tabs;
pub mod disk;
pub mod steps;
pub mod repository;

pub use auditor::Auditor;
pub use browser::Driver;
pub use cable::Cable;
pub use person::Person;
pub use relay::Relay;
