//! Points accounts, out of whatever facts and rules their documents may hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::folds::points(bytes));
