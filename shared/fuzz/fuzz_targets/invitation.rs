//! The part of a link that enrols a phone.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::identity::invitation(bytes));
