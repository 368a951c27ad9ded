//! Attested snapshots in parts, out of whatever somebody else brings of a document.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::parts::snapshot(bytes));
