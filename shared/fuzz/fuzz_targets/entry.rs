//! An entry of a log and the changes that its payload unfolds to.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::identity::entry(bytes));
