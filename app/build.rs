//! Turns the locale files into checked code.

fn main() {}
