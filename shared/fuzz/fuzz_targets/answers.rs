//! Whatever a relay may answer a phone.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::phone::answers(bytes));
