//! A certificate, its grants, and the chain that they are signed into.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::identity::certificate(bytes));
