//! Where one is, and what each page shows: pure functions of the workspace.

pub mod keypad;
pub mod meetings;
pub mod moment;
pub mod people;
