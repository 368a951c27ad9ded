//! The browser as a leaf: carries out what the shell asks and reports what happened; decides nothing.

pub mod clock;
pub mod entropy;
pub mod events;
pub mod files;
pub mod indexed_db;
pub mod network;
pub mod page;
pub mod persistence;
pub mod preferences;
pub mod tabs;
pub mod worker;
