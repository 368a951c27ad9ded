//! A quarter's assessment, cards and flag, out of whatever facts their documents may hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::folds::quarter(bytes));
