//! Whatever may lie on a phone's disk when it starts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::phone::rows(bytes));
