//! A chart of values and a template, which a NUL byte parts: rendered, explored, and
//! rendered again.
#![no_main]

use helm_engine::render::Options;

#[path = "../../crates/helm-engine/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (values, template) = text.split_once('\0').unwrap_or(("", text));
    let files = [("values.yaml", values), ("templates/t.yaml", template), ("f.txt", "x: 1\n")];
    let (sources, chart) = invariants::chart(&files);
    let options = Options { bytes: 1 << 20, steps: 10_000, ..Options::default() };
    invariants::evaluated(&sources, &chart, &options);
});
