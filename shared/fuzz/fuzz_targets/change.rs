//! Changes of a document, alone and in a bundle, whose checksums hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::documents::change(bytes));
