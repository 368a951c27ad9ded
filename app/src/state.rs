//! Where one is, and what each page shows: pure functions of the workspace.

pub mod route;
pub mod links;
pub mod status;
pub mod founding;
pub mod reopening;
pub mod devices;
pub mod held;
pub mod units;
pub mod moment;

pub mod home;
pub mod board;
pub mod people;
pub mod person;
pub mod import;
pub mod register;
pub mod quarter;
pub mod flag;
pub mod poster;
pub mod posts;
pub mod points;
pub mod meetings;
pub mod meeting;
pub mod roll;
pub mod keypad;
pub mod ballots;
pub mod hands;
pub mod urn;
pub mod closing;
pub mod result;
pub mod print;
