//! The packed values of facts.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::records::fact(bytes));
