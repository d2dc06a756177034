//! YAML with the bytes of each scalar.
#![no_main]

#[path = "../../crates/yaml-span/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| match yaml_span::parse(text) {
    Ok(tree) => invariants::holds(&tree),
    Err(error) => assert!(error.offset <= text.len()),
});
