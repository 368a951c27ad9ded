//! One page per file, by noun: view models in, wishes out.

pub mod blocker;
pub mod words;
