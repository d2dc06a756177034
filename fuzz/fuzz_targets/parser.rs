//! The parser of Go's templates.
#![no_main]

#[path = "../../crates/go-template/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::parsed(text));
