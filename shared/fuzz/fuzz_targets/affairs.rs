//! Records with a life, out of whatever facts a document may hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::folds::affairs(bytes));
