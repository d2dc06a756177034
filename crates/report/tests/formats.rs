//! What holds of every format, whatever the report says.
#![allow(clippy::unwrap_used)]

#[path = "common/apply.rs"]
mod apply;
mod common;

use apply::{Columns, of_rdjsonl};
use chart_lint::model::{Level, Report};
use common::{formats, judge};

const CHART: (&str, &str) = ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");

/// A chart whose text tries to break out of every format.
fn hostile() -> Report {
    let values = "\
a:
  image: \"ghcr.io/acme/web\\x1b[31m::error::x:1\"
b:
  image: \"ghcr.io/<script>alert(1)</script>|x:1\"
c:
  image: ghcr.io/acme/web:1 # \u{202e}\u{2066}]({{ evil }}) @everyone ![x](http://x)
d:
  image: \"ghcr.io/acme/%0A::warning::x\"
e:
  image: \"docker.io//x\\n::error::y\"
";
    judge(&[CHART, ("values.yaml", values)], false, false)
}

fn many() -> Report {
    let images: String =
        (0..1000).map(|n| format!("i{n}:\n  image: ghcr.io/acme/web{n}:1\n")).collect();
    judge(&[CHART, ("values.yaml", &images)], false, false)
}

#[test]
fn no_format_lets_a_control_character_through() {
    let report = hostile();
    assert!(report.findings.len() >= 4, "{:?}", report.findings);
    for (format, text) in formats(&report) {
        let bad = text.chars().find(|&c| {
            (c.is_control() && c != '\n' && c != '\t')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        // JSON escapes them itself, and its readers see what is there.
        if format != "json" && format != "sarif" {
            assert_eq!(bad, None, "{format}");
        } else {
            assert!(!text.contains('\u{1b}'), "{format}");
        }
    }
}

#[test]
fn annotations_are_one_line_each_and_say_no_other_command() {
    let report = hostile();
    let text = report::github::annotations(&report);
    let commands = text.lines().filter(|line| line.starts_with("::")).count();
    assert_eq!(commands, report.findings.len());
    assert_eq!(text.lines().count(), commands + 1, "{text}");
    for line in text.lines().filter(|line| line.starts_with("::")) {
        let properties = line.split("::").nth(1).unwrap();
        assert!(
            properties.starts_with("error file=") || properties.starts_with("notice file="),
            "{line}"
        );
    }
}

#[test]
fn annotations_keep_to_the_limits_and_count_the_rest() {
    let text = report::github::annotations(&many());
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert!(text.contains("990 findings more"), "{text}");
}

#[test]
fn a_summary_is_text_and_stays_below_its_limit() {
    let text = report::github::summary(&hostile());
    for markup in ["<script", "](", "@everyone", "!["] {
        assert!(!text.contains(markup), "{markup} in {text}");
    }
    let long: String =
        (0..20_000).map(|n| format!("i{n}:\n  image: ghcr.io/acme/web{n}:1\n")).collect();
    let text = report::github::summary(&judge(&[CHART, ("values.yaml", &long)], false, false));
    assert!(text.len() < 1024 * 1024);
    assert!(text.contains("rows are left out here"));
}

#[test]
fn every_format_counts_the_same() {
    for report in [
        hostile(),
        many(),
        judge(&[CHART, ("values.yaml", "image: quay.io/a/b:1\n")], false, false),
    ] {
        let of = |level| report.findings.iter().filter(|finding| finding.level == level).count();
        let summary = report.summary();
        assert_eq!(
            (summary.errors, summary.warnings, summary.notes),
            (of(Level::Error), of(Level::Warning), of(Level::Note))
        );
        let json: serde_json::Value = serde_json::from_str(&report::json::lint(&report)).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), report.findings.len());
        assert_eq!(json["summary"]["errors"], summary.errors);
        let sarif: serde_json::Value = serde_json::from_str(&report::sarif::lint(&report)).unwrap();
        assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), report.findings.len());
        let concise = report::concise::lint(&report);
        assert_eq!(
            concise.lines().filter(|line| line.contains(": error[")).count(),
            summary.errors
        );
        let human =
            report::human::lint(&report, report::human::Options { color: false, width: 100 });
        let words = format!(
            "{} in ",
            match summary.errors {
                0 => "1 note".to_owned(),
                1 => "1 error".to_owned(),
                n => format!("{n} errors"),
            }
        );
        for text in [&human, &concise] {
            assert!(text.contains(&words), "{words}: {text}");
        }
    }
}

#[test]
fn places_count_from_one_and_paths_are_relative() {
    for report in [hostile(), many()] {
        let sarif: serde_json::Value = serde_json::from_str(&report::sarif::lint(&report)).unwrap();
        for result in sarif["runs"][0]["results"].as_array().unwrap() {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains("..") && !uri.contains(' '), "{uri}");
            for key in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(place["region"][key].as_u64().unwrap() >= 1);
            }
        }
        for finding in &report.findings {
            let at = &finding.primary.location;
            assert!(at.start.line >= 1 && at.start.column >= 1 && at.end >= at.start);
        }
    }
}

/// The matcher that GitHub reads `concise` with.
#[test]
fn the_problem_matcher_reads_every_line() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.github/problem-matcher.json");
    let matcher: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let pattern = matcher["problemMatcher"][0]["pattern"][0]["regexp"].as_str().unwrap();
    let pattern = regex::Regex::new(pattern).unwrap();
    let report = many();
    let text = report::concise::lint(&report);
    let read = text.lines().filter(|line| pattern.is_match(line)).count();
    assert_eq!(read, report.findings.len());
    let first = pattern.captures(text.lines().next().unwrap()).unwrap();
    assert_eq!((&first[1], &first[2], &first[4]), ("values.yaml", "2", "error"));
}

/// A repository whose charts are not vendored says so of each: a line, not a picture.
#[test]
fn many_missing_dependencies_are_a_list() {
    let chart = |names: &[&str]| {
        let entries = names.iter().map(|name| {
            format!("  - {{name: {name}, version: 1.x, repository: \"https://c.example\"}}\n")
        });
        let entries: String = entries.collect();
        format!("apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n{entries}")
    };
    let human = |a: &[&str], b: &[&str]| {
        let (a, b) = (chart(a), chart(b));
        let report = judge(&[("a/Chart.yaml", &a), ("b/Chart.yaml", &b)], false, false);
        report::human::lint(&report, report::human::Options { color: false, width: 100 })
    };
    assert_eq!(human(&["x"], &["x", "w"]).matches("help:").count(), 3);
    assert_eq!(
        human(&["x", "w"], &["x", "z"]),
        "missing-dependency

  ⚠ 4 dependencies are not vendored: their images are not known
    a/Chart.yaml:5: the chart `x` (1.x) is not vendored
    a/Chart.yaml:6: the chart `w` (1.x) is not vendored
      help: `helm dependency update a` fetches it from https://c.example
    b/Chart.yaml:5: the chart `x` (1.x) is not vendored
    b/Chart.yaml:6: the chart `z` (1.x) is not vendored
      help: `helm dependency update b` fetches it from https://c.example

✓ 4 warnings in 0 images of 2 charts (2 files)
  policy: built-in
"
    );
}

const REPLACES: (&str, &str) = (
    "image-policy.yaml",
    "version: 1\nregistries: {disallowed: [ghcr.io]}\nreplacements: [{from: \"ghcr.io/**\", to: \"m.io/x/**\"}]\n",
);

#[test]
fn reviewdog_gets_a_diagnostic_a_line_with_columns_in_bytes() {
    let values = "é: {ü: x, image: ghcr.io/acme/web:1} # ghcr.io\nb:\n  registry: ghcr.io\n  repository: acme/b\n  tag: v1\n";
    let report = judge(&[CHART, REPLACES, ("values.yaml", values)], false, false);
    let text = report::rdjsonl::lint(&report);
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), report.findings.len());
    let of_values: Vec<_> =
        lines.iter().filter(|line| line["location"]["path"] == "values.yaml").collect();
    assert_eq!(of_values.len(), 2);
    let mut edits = Vec::new();
    for line in of_values {
        assert_eq!(line["severity"], "ERROR");
        assert_eq!(line["code"]["value"], "disallowed-registry");
        edits.extend(of_rdjsonl(line).unwrap().into_iter().flat_map(|(_, edits)| edits));
    }
    let expected = values
        .replace("ghcr.io/acme", "m.io/x/acme")
        .replace("registry: ghcr.io", "registry: m.io")
        .replace("acme/b", "x/acme/b");
    assert_eq!(apply::apply(values, &edits, Columns::Bytes), expected);
}

#[test]
fn sarif_has_the_bytes_to_change_and_none_that_spell_what_stays() {
    // The registry of `b` is also that of an image without a replacement.
    let policy = "version: 1\nregistries: {disallowed: [ghcr.io]}\nreplacements: [{from: \"ghcr.io/acme/*\", to: \"m.io/*\"}]\n";
    let values = "a: {image: ghcr.io/acme/web:1}\nglobal: {imageRegistry: ghcr.io}\nb: {image: {repository: acme/b, tag: v1}}\nc: {image: {repository: other/c, tag: v1}}\n";
    let template = "{{ .Values.global.imageRegistry }}/{{ .Values.b.image.repository }}:{{ .Values.b.image.tag }}";
    let pod = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: {image}\n"
        )
    };
    let other = template.replace(".b.", ".c.");
    let files = [
        CHART,
        ("image-policy.yaml", policy),
        ("values.yaml", values),
        ("templates/b.yaml", &pod(template)),
        ("templates/c.yaml", &pod(&other)),
    ];
    let report = judge(&files, false, true);
    let log: serde_json::Value = serde_json::from_str(&report::sarif::lint(&report)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let fixes: Vec<_> = results.iter().filter_map(|result| result.get("fixes")).collect();
    assert_eq!(fixes.len(), 1, "{results:#?}");
    let change = &fixes[0][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "values.yaml");
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "m.io/web:1");
    assert_eq!(replacement["deletedRegion"]["startColumn"], 12);
    assert!(report::rdjsonl::lint(&hostile()).lines().count() >= 4);
    let bad = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!report::rdjsonl::lint(&hostile()).contains(bad));
}
