//! Honest phones against the real relay in this process: what one pushes the other has, once, and with proof.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "test code")]
#![allow(dead_code, reason = "another program shares these modules and uses the rest")]

/// The tests that this program shares with the one about PostgreSQL keep their records in a folder.
const ON_POSTGRES: bool = false;

mod relay {
    pub mod access;
    pub mod app;
    pub mod conformance;
    pub mod database;
    pub mod door;
    pub mod exchange;
    pub mod first_sync;
    pub mod kills;
    pub mod limits;
    pub mod links;
    pub mod live;
    pub mod metrics;
    pub mod phone;
    pub mod process;
    pub mod recovery;
    pub mod records;
    pub mod refusals;
    pub mod renewal;
    pub mod restart;
    pub mod revocation;
    pub mod sample;
    pub mod secrets;
    pub mod stopping;
    pub mod tls;
    pub mod wiped;
    pub mod year;
}
