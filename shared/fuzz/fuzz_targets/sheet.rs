//! The sheets of the calculating commands.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::files::sheet(bytes));
