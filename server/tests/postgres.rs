//! The same tests of the relay's log on PostgreSQL, and what only several relays on one database can show.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "test code")]
#![allow(dead_code, reason = "another program shares these modules and uses the rest")]

/// The tests that this program shares with the one about SQLite keep their records here.
const ON_POSTGRES: bool = true;

mod relay {
    pub mod access;
    pub mod conformance;
    pub mod database;
    pub mod exchange;
    pub mod first_sync;
    pub mod kills;
    pub mod live;
    pub mod phone;
    pub mod process;
    pub mod records;
    pub mod recovery;
    pub mod renewal;
    pub mod restart;
    pub mod stopping;
    pub mod two_relays;
    pub mod wiped;
}
