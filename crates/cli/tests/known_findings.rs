//! The baseline and inline suppressions, on the real binary.

mod sandbox;

use sandbox::{BAD, Sandbox};

#[test]
fn known_findings_pass_and_new_ones_do_not() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", BAD);
    sandbox.run("lint --baseline known.json").exits(2).errs("--write-baseline");
    sandbox.run("lint --baseline known.json --write-baseline").exits(0).errs("wrote 1 known");
    sandbox.run("lint --baseline known.json").exits(0).hides("ghcr.io/acme/web");
    sandbox.run("lint").exits(1);
    // Lines move, line endings change.
    sandbox.chart("charts/a", &format!("# more\r\n\r\n{}", BAD.replace('\n', "\r\n")));
    sandbox.run("lint --baseline known.json").exits(0);
    sandbox.chart("charts/b", BAD);
    sandbox.run("lint --baseline known.json").exits(1).shows("charts/b/values.yaml");
}

#[test]
fn a_baseline_is_the_same_each_time_and_shrinks() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/b", BAD);
    sandbox.chart("charts/a", BAD);
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    let first = sandbox.read("known.json");
    assert!(first.find("charts/a").unwrap() < first.find("charts/b").unwrap(), "{first}");
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    assert_eq!(sandbox.read("known.json"), first);
    sandbox.chart("charts/a", "");
    // What was not asked about stays known.
    sandbox.run("lint charts/b --baseline known.json --write-baseline").exits(0);
    assert_eq!(sandbox.read("known.json"), first);
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    assert!(!sandbox.read("known.json").contains("charts/a"));
}

#[test]
fn a_wrong_baseline_is_said_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", BAD);
    sandbox.write("known.json", "{\n  \"version\": 1,\n  \"findigs\": []\n}\n");
    let said = sandbox.run("lint --baseline known.json").exits(2);
    said.errs("known.json is wrong at line 3").errs("unknown field");
    sandbox.run("lint --baseline known.json --write-baseline").exits(2);
    sandbox.run("lint --baseline charts").exits(2).errs("is a folder");
}

#[test]
fn suppressions_hold_until_their_day() {
    let sandbox = Sandbox::new();
    let until = "# chart-images: allow disallowed-registry until 2026-11-30 -- moves in autumn\n";
    sandbox.chart("charts/a", &format!("{until}{BAD}"));
    sandbox.run("lint --today 2026-11-30").exits(0);
    sandbox.run("lint --today 2026-12-01").exits(1);
    sandbox.run_in(".", "lint", &[("CHART_IMAGES_TODAY", "2026-12-01")]).exits(1);
    sandbox.chart("charts/a", &format!("# chart-images: allow disallowed-registry\n{BAD}"));
    sandbox.run("lint").exits(1);
    sandbox.chart("charts/a", &format!("# chart-images: allow unlisted-registry -- why\n{BAD}"));
    sandbox.run("lint").exits(1);
}

#[test]
fn what_the_gate_could_not_do_is_never_known() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", "image: \"unclosed\n");
    sandbox.run("lint").exits(3);
    sandbox.run("lint --baseline known.json --write-baseline").exits(3).errs("wrote 0 known");
    sandbox.run("lint --baseline known.json").exits(3);
}
