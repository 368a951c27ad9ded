//! A rulebook's file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::files::rulebook(bytes));
