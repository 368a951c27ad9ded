//! The messages that open a session and found a township.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::wire::session(bytes));
