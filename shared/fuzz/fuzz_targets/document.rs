//! A whole document as a snapshot keeps it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::documents::document(bytes));
