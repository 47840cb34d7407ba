//! Puts libFuzzer's bytes to the target `calendar`; what it asserts stands in `fuzz/src/lib.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::calendar(bytes));
