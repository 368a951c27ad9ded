//! Honest phones against the real relay in this process: what one pushes the other has, once, and with proof.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "test code")]

mod relay {
    pub mod access;
    pub mod app;
    pub mod door;
    pub mod exchange;
    pub mod limits;
    pub mod live;
    pub mod metrics;
    pub mod phone;
    pub mod process;
    pub mod recovery;
    pub mod refusals;
    pub mod restart;
    pub mod sample;
    pub mod secrets;
    pub mod stopping;
    pub mod tls;
}
