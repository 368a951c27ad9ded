//! The messages of a round trip, asked, answered and live.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::wire::sync(bytes));
