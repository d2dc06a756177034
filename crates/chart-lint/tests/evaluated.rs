//! What evaluation finds: everything that reading finds, what only an evaluation can
//! tell, and what the default values leave off.
#![allow(clippy::unwrap_used)]

mod judged;

use chart_lint::model::{Evidence, Image, Report};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures").join(name);
    all.canonicalize().unwrap()
}

fn charts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.join("Chart.yaml").is_file()).collect()
}

fn name(chart: &Path) -> String {
    chart.file_name().unwrap().to_string_lossy().into_owned()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn references(report: &Report) -> BTreeSet<&str> {
    report.images.iter().map(|image| image.reference.as_str()).collect()
}

fn strings(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn nothing_that_reading_finds_is_lost_and_what_it_cannot_tell_is_found() {
    let expected = read_json(&folder("forms").join("expected.json"));
    for chart in charts(&folder("forms")) {
        let expected = &expected[name(&chart)];
        let report = judged::evaluate(&chart);
        let found = references(&report);
        let read = expected["images"].as_array().unwrap();
        for image in read.iter().map(|image| image["reference"].as_str().unwrap()) {
            assert!(found.contains(image), "{}: {image} is lost: {found:?}", name(&chart));
        }
        let more = strings(&expected["needs_evaluation"]);
        assert!(more.is_subset(&found), "{}: {more:?} in {found:?}", name(&chart));
    }
}

#[test]
fn what_reading_is_silent_about_stays_silent() {
    for chart in charts(&folder("silent")) {
        let report = judged::evaluate(&chart);
        assert!(report.images.is_empty(), "{}: {:?}", name(&chart), references(&report));
        assert!(report.findings.is_empty(), "{}: {:?}", name(&chart), report.findings);
    }
}

#[test]
fn what_is_left_off_is_found_with_the_condition_that_it_needs() {
    let expected = read_json(&folder("conditional").join("expected.json"));
    let mut tried = 0;
    for chart in charts(&folder("conditional/charts")) {
        let expected = &expected[name(&chart)];
        let report = judged::evaluate(&chart);
        let once = references(&report).len();
        assert_eq!(report.images.len(), once, "{}: an image is found twice", name(&chart));
        let exact: BTreeSet<&str> = report
            .images
            .iter()
            .filter(|image| !image.conditional && image.evidence == Evidence::Evaluation)
            .map(|image| image.reference.as_str())
            .collect();
        let conditional: BTreeMap<&str, Option<&str>> = report
            .images
            .iter()
            .filter(|image| !exact.contains(image.reference.as_str()))
            .map(|image| (image.reference.as_str(), image.condition.as_deref()))
            .collect();
        let wanted: BTreeMap<&str, Option<&str>> = expected["conditional"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(image, condition)| (image.as_str(), condition.as_str()))
            .collect();
        let of_both = wanted.keys().filter(|image| exact.contains(**image)).count();
        assert_eq!(exact.len() - of_both, strings(&expected["exact"]).len(), "{}", name(&chart));
        for (image, condition) in &wanted {
            let is_exact = condition.is_none() && exact.contains(image);
            assert!(
                is_exact || conditional.get(image) == Some(condition),
                "{}: {image} {condition:?}: {conditional:?}",
                name(&chart)
            );
        }
        assert_eq!(conditional.len(), wanted.len() - of_both, "{}: {conditional:?}", name(&chart));
        tried += wanted.len();
    }
    assert_eq!(tried, 64);
}

#[test]
fn a_schema_that_refuses_the_values_hides_no_image() {
    let report = judged::evaluate(&folder("engine/refused/schema"));
    let named = |image: &&Image| image.reference == "public.ecr.aws/acme/web:1.1";
    let image = report.images.iter().find(named).unwrap();
    assert!(!image.conditional && image.evidence == Evidence::Evaluation, "{image:?}");
}

/// Each declaration of an evaluated image is bytes of a file that spell a part of it.
#[test]
fn the_bytes_of_an_evaluated_image_are_its_text() {
    let mut tried = 0;
    for folder in ["forms", "conditional/charts"].map(folder) {
        for chart in charts(&folder) {
            let report = judged::evaluate(&chart);
            let evaluated = report.images.iter().filter(|i| i.evidence == Evidence::Evaluation);
            for declaration in evaluated.flat_map(|image| &image.declarations) {
                let location = &declaration.location;
                let text = fs::read_to_string(chart.join(&*location.path)).unwrap();
                let bytes = &text[location.bytes.start..location.bytes.end];
                // An escape is longer than what it spells; a number is printed as Helm does.
                let same = bytes == declaration.text
                    || bytes.contains('\\')
                    || bytes.parse::<f64>().is_ok();
                assert!(same, "{}: {bytes:?} is not {:?}", location.path, declaration.text);
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

/// What one alias prints on a branch is not held against what the other one prints.
#[test]
fn a_chart_under_two_aliases_is_explored_under_each() {
    let report = judged::evaluate(&folder("values/charts/twins"));
    let of_twin = report.images.iter().filter(|i| i.reference == "ghcr.io/acme/twin:1.0");
    let twins: Vec<(String, Option<&str>)> = of_twin
        .map(|image| {
            let repository = &image.declarations[1].location;
            let place = format!("{}:{}", repository.path, repository.start.line);
            (place, image.condition.as_deref())
        })
        .collect();
    let left = ("values.yaml:3".to_owned(), None);
    let right = ("values.yaml:6".to_owned(), Some("when `.Values.right.enabled`"));
    assert_eq!(twins, [left, right]);
}
