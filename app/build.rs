//! Turns the locale files into checked code.
