//! Fixes are whole: whichever one is accepted alone, the images that change are each their
//! own replacement then, and no other image changes.
#![allow(clippy::unwrap_used)]

#[path = "common/apply.rs"]
mod apply;

use apply::{Columns, Edit, of_rdjsonl, of_sarif};
use chart_lint::check::{CheckRequest, PolicySource, Unwritten, check};
use chart_lint::date::Date;
use chart_lint::discover::{Discovery, FoundChart, discover};
use chart_lint::model::{Finding, Report};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every registry of the charts moves, each to a place of its own.
const POLICY: &str = "\
version: 1
registries: {disallowed: ['*.*', localhost]}
exceptions:
  - {images: [\"ghcr.io/kept/**\"], reason: a test}
  - {images: [\"m.io/**\"], reason: all registries are disallowed}
replacements:
  - {from: \"docker.io/library/*\", to: \"m.io/lib/*\"}
  - {from: \"docker.io/**\", to: \"m.io/hub/**\"}
  - {from: \"ghcr.io/other/**\", to: \"m.io/other/**\"}
  - {from: \"ghcr.io/acme/**\", to: \"m.io/gh/acme/**\"}
  - {from: \"gcr.io/**\", to: \"m.io/**\"}
";

/// A folder with charts, and the files that are read in the place of some.
struct Place {
    root: PathBuf,
    policy: PathBuf,
}

impl Place {
    fn judge(&self, charts: &[FoundChart], unwritten: Unwritten) -> Report {
        let found = Discovery { charts: charts.to_vec(), ..Discovery::default() };
        let policies =
            PolicySource::File { read: self.policy.clone(), display: "policy.yaml".into() };
        check(&CheckRequest {
            evaluate: true,
            policies,
            unwritten: Arc::new(unwritten),
            ..CheckRequest::new(self.root.clone(), found, Date::new(2026, 6, 1).unwrap())
        })
    }

    /// Accepts every fix and every suggestion of a chart, each alone; gives how many of both
    /// there are.
    fn hold(&self, chart: &FoundChart) -> (usize, usize) {
        let charts = std::slice::from_ref(chart);
        let report = self.judge(charts, Unwritten::default());
        let sarif: Value = serde_json::from_str(&report::sarif::lint(&report)).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        let lines = report::rdjsonl::lint(&report);
        let mut count = (0, 0);
        for ((finding, result), line) in report.findings.iter().zip(results).zip(lines.lines()) {
            if let Some(fix) = of_sarif(result) {
                count.0 += 1;
                self.hold_one(charts, &report, finding, fix, Columns::Chars);
            }
            if let Some(fix) = of_rdjsonl(&serde_json::from_str(line).unwrap()) {
                count.1 += 1;
                self.hold_one(charts, &report, finding, fix, Columns::Bytes);
            }
        }
        count
    }

    fn hold_one(
        &self,
        charts: &[FoundChart],
        before: &Report,
        finding: &Finding,
        fix: Vec<(String, Vec<Edit>)>,
        columns: Columns,
    ) {
        let mut unwritten = Unwritten::default();
        for (path, edits) in fix {
            let file = self.root.join(path);
            let text = fs::read_to_string(&file).unwrap();
            unwritten.insert(file, apply::apply(&text, &edits, columns));
        }
        let after = self.judge(charts, unwritten);
        // How often a chart names an image, or how much less often.
        let mut gone: BTreeMap<(&str, &str), isize> = BTreeMap::new();
        for image in &before.images {
            *gone.entry((&image.chart, &image.reference)).or_default() += 1;
        }
        for image in &after.images {
            *gone.entry((&image.chart, &image.reference)).or_default() -= 1;
        }
        gone.retain(|_, count| *count != 0);
        let mut expected = BTreeMap::new();
        for image in &before.images {
            let key = (&*image.chart, &*image.reference);
            let Some(count) = gone.get(&key).filter(|count| **count > 0) else { continue };
            let replacement = image.replacement.as_deref().unwrap_or("nothing");
            expected.insert(key, *count);
            expected.insert((&*image.chart, replacement), -*count);
        }
        let at = &finding.primary.location;
        let what = (&at.path, at.start.line, finding.reference.as_deref());
        assert_eq!(gone, expected, "{what:?}");
        let it = (finding.chart.as_deref().unwrap(), finding.reference.as_deref().unwrap());
        assert!(gone.contains_key(&it), "{what:?}");
    }
}

fn place(folder: &Path, root: PathBuf) -> Place {
    let policy = folder.join("policy.yaml");
    fs::write(&policy, POLICY).unwrap();
    Place { root: root.canonicalize().unwrap(), policy }
}

#[test]
fn every_fix_of_the_fixtures_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures");
    let place = place(folder.path(), fixtures);
    let found = discover(std::slice::from_ref(&place.root), &place.root).unwrap();
    let mut count = (0, 0);
    for chart in &found.charts {
        let (fixes, suggestions) = place.hold(chart);
        count = (count.0 + fixes, count.1 + suggestions);
    }
    assert!(count.0 >= 100 && count.1 >= 100, "{count:?}");
}

/// A chart of its own with these files, and a pod with these images.
fn chart(files: &[(&str, &str)], images: &[String]) -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let mut pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n".to_owned();
    for (n, image) in images.iter().enumerate() {
        pod.push_str(&format!("  - name: c{n}\n    image: {image}\n"));
    }
    let own = [("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")];
    let own = own.iter().copied().chain([("templates/pod.yaml", pod.as_str())]);
    for (path, text) in own.chain(files.iter().copied()) {
        let file = folder.path().join("web").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let place = place(folder.path(), folder.path().to_owned());
    (folder, place)
}

impl Place {
    /// The same, of the only chart here.
    fn hold_it(&self) -> (usize, usize) {
        let found = discover(std::slice::from_ref(&self.root), &self.root).unwrap();
        let [chart] = &found.charts[..] else { panic!("one chart: {:?}", found.charts) };
        self.hold(chart)
    }
}

/// An image whose registry is this value and whose repository is that of a key.
fn of(registry: &str, key: &str) -> String {
    format!("{{{{ .Values.{registry} }}}}/{{{{ .Values.{key}.repository }}}}:1")
}

#[test]
fn a_shared_registry_moves_with_all_its_images_or_not_at_all() {
    let global = |key| of("global.imageRegistry", key);
    let b_is = |repository: &str| {
        format!(
            "global: {{imageRegistry: ghcr.io}}\na: {{repository: acme/a}}\nb: {{repository: {repository}}}\n"
        )
    };
    let both = || vec![global("a"), global("b")];
    for (values, images, expected) in [
        // All edits on lines that follow one another, else they are no suggestion.
        (b_is("acme/b"), both(), (1, 1)),
        (b_is("other/b"), both(), (1, 1)),
        (b_is("acme/b").replace("b:", "# é\nb:"), both(), (1, 0)),
        (b_is("acme/b").replace('\n', "\r\n"), both(), (1, 0)),
        // In two files.
        (b_is("x"), vec![global("a"), "{{ .Values.global.imageRegistry }}/acme/b:1".into()], (1, 0)),
        // A repository that two registries share: each of them takes the path along.
        (b_is("x"), vec![global("a"), "docker.io/{{ .Values.a.repository }}:1".into()], (2, 2)),
        // Another image stays: it is permitted, has no replacement, cannot be written.
        (b_is("kept/b"), both(), (0, 0)),
        (b_is("lost/b"), both(), (0, 0)),
        (b_is("\"acme/\\x62\""), both(), (0, 0)),
        // Somebody permitted the registry.
        (
            b_is("acme/b").replace("\na", " # chart-images: allow disallowed-registry -- x\na"),
            both(),
            (0, 0),
        ),
        // Or the image that shares the repository, which the registry can go around.
        (
            b_is("x"),
            vec![
                global("a"),
                "docker.io/{{ .Values.a.repository }}:1 # chart-images: allow disallowed-registry -- x".into(),
            ],
            (1, 1),
        ),
        // Which of them share it, an anchor tells.
        (
            "r: &r ghcr.io\na:\n  registry: *r\n  repository: acme/a\nb:\n  registry: *r\n  repository: acme/b\n".into(),
            vec![of("a.registry", "a"), of("b.registry", "b")],
            (1, 0),
        ),
    ] {
        let (_folder, place) = chart(&[("values.yaml", &values)], &images);
        assert_eq!(place.hold_it(), expected, "{values}");
    }
}

#[test]
fn a_registry_and_its_repository_are_one_suggestion() {
    let image = [of("two.registry", "two")];
    for (between, expected) in [("", (1, 1)), ("  pullPolicy: Always\n", (1, 0))] {
        let values = format!(
            "two:\n  é: é\n  registry: \"ghcr.io\" # c1\n{between}  repository:   'acme/two'\n  tag: 1.0\n"
        );
        let (_folder, place) = chart(&[("values.yaml", &values)], &image);
        assert_eq!(place.hold_it(), expected, "{values}");
    }
    // What a report keeps of a long line is not all of it.
    let long = "x".repeat(500);
    for (values, expected) in [
        (format!("two: {{é: {long}, registry: ghcr.io, repository: acme/two}}\n"), (1, 0)),
        (format!("two: {{registry: ghcr.io, é: {long}, repository: acme/two}}\n"), (1, 0)),
        (format!("two:\n  registry: ghcr.io # {long}\n  repository: acme/two\n"), (1, 0)),
    ] {
        let (_folder, place) = chart(&[("values.yaml", &values)], &image);
        assert_eq!(place.hold_it(), expected, "{values}");
    }
}

#[test]
fn other_values_and_vendored_charts_are_held_too() {
    let values = "a: {registry: ghcr.io, repository: acme/a}\n";
    let images = [of("a.registry", "a")];
    // The other file's registry spells another image with the same repository.
    let other = ("values-prod.yaml", "a: {registry: docker.io}\n");
    let (_folder, place) = chart(&[("values.yaml", values), other], &images);
    assert_eq!(place.hold_it(), (2, 2));
    // A vendored chart's image has the registry of its parent.
    let of_chart = ("charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers:\n  - name: b\n    image: \"{{ .Values.global.imageRegistry }}/{{ .Values.b.repository }}:1\"\n";
    let of_sub = ("charts/sub/values.yaml", "b: {repository: acme/b}\n");
    let global = "global: {imageRegistry: ghcr.io}\na: {repository: acme/a}\n";
    let sub = [("charts/sub/templates/pod.yaml", pod), of_chart, of_sub];
    let images = [of("global.imageRegistry", "a")];
    let files: Vec<_> = [("values.yaml", global)].into_iter().chain(sub).collect();
    let (_folder, place) = chart(&files, &images);
    assert_eq!(place.hold_it(), (1, 1));
}
