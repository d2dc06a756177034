//! The charts of the migration plan: every row at its file and line, and what
//! changes the result as documented.
#![allow(clippy::unwrap_used)]

mod sandbox;

use proptest::prelude::*;
use sandbox::{Sandbox, fixture};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// A sandbox with the charts and the policy of a fixture.
fn plan(name: &str) -> Sandbox {
    Sandbox::of_fixture(name)
}

fn rows(list: &str) -> Vec<Value> {
    let text = fs::read_to_string(fixture("plan").join("rows.json")).unwrap();
    let rows: Value = serde_json::from_str(&text).unwrap();
    rows[list].as_array().unwrap().clone()
}

fn place(value: &Value) -> (String, u64) {
    (value["path"].as_str().unwrap().to_owned(), value["line"].as_u64().unwrap())
}

fn json(sandbox: &Sandbox, line: &str, status: i32) -> Value {
    let said = sandbox.run(line);
    assert_eq!(said.status, status, "{}{}", said.out, said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn findings(report: &Value) -> BTreeSet<(String, u64)> {
    report["findings"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn every_row_is_found_at_its_line_and_nothing_else() {
    let sandbox = plan("plan");
    let report = json(&sandbox, "lint --format json", 1);
    let migrate = rows("migrate");
    assert_eq!(migrate.len(), 11);
    assert_eq!(findings(&report), migrate.iter().map(place).collect());
    assert_eq!(report["findings"].as_array().unwrap().len(), 11);
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["rule"], "disallowed-registry");
        assert_eq!(finding["level"], "error");
        let row = migrate.iter().find(|row| place(row) == place(finding)).unwrap();
        assert_eq!(finding["reference"], row["reference"]);
        assert_eq!(finding["replacement"], row["replacement"]);
    }
    let summary = &report["summary"];
    assert_eq!((summary["charts"].as_u64(), summary["errors"].as_u64()), (Some(10), Some(11)));
    assert_eq!((summary["warnings"].as_u64(), summary["incomplete"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn the_inventory_has_every_row_with_its_status_and_role() {
    let sandbox = plan("plan");
    let report = json(&sandbox, "list --format json", 0);
    assert!(report.get("findings").is_none());
    let images = report["images"].as_array().unwrap();
    assert_eq!(images.len(), 17);
    for (list, status) in
        [("migrate", "disallowed"), ("excepted", "excepted"), ("allowed", "allowed")]
    {
        let of_status: Vec<&Value> =
            images.iter().filter(|image| image["status"] == status).collect();
        let rows = rows(list);
        assert_eq!(of_status.len(), rows.len(), "{status}");
        for row in &rows {
            let declared = |image: &&&Value| {
                image["declarations"].as_array().unwrap().iter().any(|d| place(d) == place(row))
            };
            let image = of_status.iter().find(declared).unwrap_or_else(|| panic!("{row}"));
            assert_eq!(image["reference"], row["reference"]);
            assert_eq!(image["chart"], format!("charts/{}", row["chart"].as_str().unwrap()));
            // The priority follows from what the image is for.
            let role = match row["priority"].as_str() {
                Some("medium") => "utility",
                Some("low") => "test",
                _ => "runtime",
            };
            assert_eq!(image["role"], role, "{row}");
            for key in
                ["registry", "repository", "tag", "digest", "replacement", "conditional", "uses"]
            {
                assert!(image.get(key).is_some(), "{key}");
            }
        }
    }
}

#[test]
fn the_bytes_under_a_finding_are_the_text_it_names() {
    let sandbox = plan("plan");
    let report = json(&sandbox, "list --format json", 0);
    for image in report["images"].as_array().unwrap() {
        for declaration in image["declarations"].as_array().unwrap() {
            let text = sandbox.read(declaration["path"].as_str().unwrap());
            let line =
                text.lines().nth(declaration["line"].as_u64().unwrap() as usize - 1).unwrap();
            let column = |key: &str| declaration[key].as_u64().unwrap() as usize - 1;
            let named: String = line
                .chars()
                .skip(column("column"))
                .take(column("endColumn") - column("column"))
                .collect();
            let named = named.trim_matches('"');
            assert_eq!(named, declaration["text"].as_str().unwrap(), "{declaration}");
        }
    }
}

#[test]
fn the_migrated_charts_pass() {
    let said = plan("migrated").run("lint --format concise");
    assert_eq!(said.status, 0, "{}", said.out);
    said.shows("nothing to report in 17 images of 10 charts");
}

#[test]
fn an_exception_without_its_digest_is_one_error() {
    let sandbox = plan("plan");
    let file = "charts/tsa/Chart.yaml";
    let text = sandbox.read(file);
    let at = text.find("@sha256:").unwrap();
    sandbox.write(file, &format!("{}{}", &text[..at], &text[at + "@sha256:".len() + 64..]));
    let report = json(&sandbox, "lint --format json charts/tsa", 1);
    let found = report["findings"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["rule"], "unpinned-exception");
    assert_eq!(place(&found[0]), (file.to_owned(), 25));
}

#[test]
fn an_exception_ends_with_its_day() {
    let sandbox = plan("migrated");
    sandbox.run("lint --today 2027-06-30").exits(0);
    let report = json(&sandbox, "lint --today 2027-07-01 --format json", 1);
    let found = report["findings"].as_array().unwrap();
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|finding| finding["rule"] == "expired-exception"));
}

#[test]
fn a_suppression_and_a_baseline_each_take_one_row_away() {
    let sandbox = plan("plan");
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    sandbox.run("lint --baseline known.json").exits(0);
    let known = sandbox.read("known.json");
    let line = known.lines().find(|line| line.contains("charts/dex")).unwrap();
    sandbox.write(
        "known.json",
        &known.replace(&format!("{line}\n"), "").replace(",\n]", "\n]").replace(",\n  ]", "\n  ]"),
    );
    let report = json(&sandbox, "lint --baseline known.json --format json", 1);
    assert_eq!(findings(&report), [("charts/dex/values.yaml".to_owned(), 14)].into());

    let file = "charts/dex/values.yaml";
    let text = sandbox.read(file);
    let with = text.replace(
        "  repository: ghcr.io",
        "  # chart-images: allow disallowed-registry -- the mirror is being made\n  repository: ghcr.io",
    );
    sandbox.write(file, &with);
    let report = json(&sandbox, "lint --format json", 1);
    assert_eq!(report["findings"].as_array().unwrap().len(), 10);
    assert_eq!(report["hidden"].as_array().unwrap().len(), 1);
}

/// What may be put above a row, and by how many lines it moves the row.
fn edit() -> impl Strategy<Value = (Vec<&'static str>, bool, bool)> {
    let comment = prop_oneof![Just("# a comment"), Just("# größer, 日本語"), Just("")];
    (prop::collection::vec(comment, 0..5), any::<bool>(), any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Lines above, CRLF, a byte order mark: each row's finding moves with its text.
    #[test]
    fn findings_follow_their_text((lines, crlf, bom) in edit()) {
        let sandbox = plan("plan");
        let rows = rows("migrate");
        let files: BTreeSet<String> = rows.iter().map(|row| place(row).0).collect();
        for file in &files {
            let mut text: String = lines.iter().map(|line| format!("{line}\n")).collect();
            text += &sandbox.read(file);
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            if bom {
                text.insert(0, '\u{feff}');
            }
            sandbox.write(file, &text);
        }
        let report = json(&sandbox, "lint --format json", 1);
        let expected: BTreeSet<_> = rows.iter().map(|row| {
            let (file, line) = place(row);
            (file, line + lines.len() as u64)
        }).collect();
        prop_assert_eq!(findings(&report), expected);
        for finding in report["findings"].as_array().unwrap() {
            let row = rows.iter().find(|row| row["reference"] == finding["reference"]).unwrap();
            prop_assert_eq!(&finding["replacement"], &row["replacement"]);
        }
    }
}
