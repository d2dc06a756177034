//! The forms in which charts write images, and what only looks like one.
//!
//! What is expected stands in `charts-fixtures/forms/expected.json`; real Helm
//! judges it in `scripts/judge_forms.py`.
#![allow(clippy::unwrap_used)]

mod judged;

use chart_lint::model::{FileOutcome, Image, Report};
use judged::judge;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn folder(group: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures").join(group)
}

fn fixtures(group: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(group)).unwrap();
    let mut charts: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path().canonicalize().unwrap())
        .filter(|path| path.is_dir())
        .collect();
    charts.sort();
    assert!(!charts.is_empty(), "no charts in {group}");
    charts
}

fn name(chart: &Path) -> String {
    chart.file_name().unwrap().to_string_lossy().into_owned()
}

/// Reference, file, line and column of the first byte that names each image:
/// the registry where it is written, else the repository.
type Places = BTreeSet<(String, String, u64, u64)>;

fn found(report: &Report) -> Places {
    let place = |image: &Image| {
        let first = &image.declarations[0].location;
        let (line, column) = (first.start.line, first.start.column);
        (image.reference.clone(), first.path.to_string(), line.into(), column.into())
    };
    report.images.iter().map(place).collect()
}

fn expected(chart: &Path) -> (Places, BTreeSet<String>) {
    let text = fs::read_to_string(folder("forms").join("expected.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    let json = &all[name(chart)];
    let string = |value: &Value| value.as_str().unwrap().to_owned();
    let images = json["images"].as_array().unwrap().iter().map(|image| {
        let number = |key: &str| image[key].as_u64().unwrap();
        (string(&image["reference"]), string(&image["path"]), number("line"), number("column"))
    });
    let evaluation = json["needs_evaluation"].as_array().unwrap().iter().map(string);
    (images.collect(), evaluation.collect())
}

#[test]
fn every_form_is_found_where_it_is_written() {
    let mut wrong = Vec::new();
    for chart in fixtures("forms") {
        let (images, evaluation) = expected(&chart);
        let mut found = found(&judge(&chart));
        found.retain(|(reference, ..)| !evaluation.contains(reference));
        let name = name(&chart);
        wrong
            .extend(images.difference(&found).map(|place| format!("{name}: not found: {place:?}")));
        wrong.extend(
            found.difference(&images).map(|place| format!("{name}: not expected: {place:?}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_bytes_of_a_declaration_are_its_text() {
    for chart in fixtures("forms") {
        for image in judge(&chart).images {
            for declaration in &image.declarations {
                let location = &declaration.location;
                let text = fs::read_to_string(chart.join(&*location.path)).unwrap();
                let bytes = &text[location.bytes.start..location.bytes.end];
                let plain = bytes.replace("\\u003a", ":");
                // A number is printed as Helm prints it, not as it is written.
                let same = plain.trim() == declaration.text.trim() || bytes.parse::<f64>().is_ok();
                assert!(same, "{}: {bytes:?} is not {:?}", location.path, declaration.text);
            }
        }
    }
}

#[test]
fn what_a_named_template_is_called_with_tells_its_image() {
    let report = judge(&folder("forms/called-with-values").canonicalize().unwrap());
    let used: Vec<_> = report.images[0].uses.iter().map(|u| &*u.location.path).collect();
    assert_eq!(used, ["templates/_pod.tpl"]);
    assert!(report.findings.iter().all(|finding| finding.rule != "unresolved-image"));
}

#[test]
fn what_only_looks_like_an_image_is_silent() {
    for chart in fixtures("silent") {
        let report = judge(&chart);
        assert!(found(&report).is_empty(), "{}: {:?}", name(&chart), found(&report));
        let findings: Vec<_> = report.findings.iter().map(|f| (f.rule, &f.message)).collect();
        assert!(findings.is_empty(), "{}: {findings:?}", name(&chart));
    }
}

#[test]
fn a_broken_file_is_said_and_the_others_are_judged() {
    for chart in fixtures("broken") {
        let report = judge(&chart);
        let name = name(&chart);
        let references: BTreeSet<_> = report.images.iter().map(|i| i.reference.as_str()).collect();
        assert!(references.contains("ghcr.io/acme/b:2"), "{name}: {references:?}");
        // A template that Helm would refuse is still read as far as it can be.
        if name == "unclosed-action" {
            continue;
        }
        let unreadable: Vec<_> =
            report.findings.iter().filter(|f| f.rule == "unreadable-file").collect();
        assert!(!unreadable.is_empty(), "{name} is not said to be unreadable");
        assert!(unreadable[0].primary.location.start.line > 1, "{name}: {unreadable:?}");
        assert!(!unreadable[0].help.is_empty());
        let failed = |outcome: &FileOutcome| matches!(outcome, FileOutcome::Failed(_));
        assert!(report.files.iter().any(|file| failed(&file.outcome)), "{name}");
    }
}
