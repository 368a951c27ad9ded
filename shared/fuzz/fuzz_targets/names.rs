//! Every identifier, date and number that is read from text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::files::names(bytes));
