//! What `Chart.yaml` and `requirements.yaml` say, as Helm has it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Loaded, Repository};
use helm_engine::chart::ProblemKind;

const BASE: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

fn chart_yaml(text: &str) -> Loaded {
    Repository::new().with("c/Chart.yaml", text).load()
}

/// `name version repository` of each dependency.
fn dependencies(loaded: &Loaded) -> Vec<String> {
    let of = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".into());
    let all = loaded.chart.dependencies.iter();
    all.map(|d| format!("{} {} {}", of(&d.name), of(&d.version), of(&d.repository))).collect()
}

#[test]
fn values_become_text_as_helm_makes_it() {
    // Each answer is real Helm's.
    for (written, expected) in [
        ("1.10", Some("1.1")),
        ("\"1.10\"", Some("1.10")),
        ("10", Some("10")),
        ("1234567.5", Some("1.2345675e+06")),
        ("20240101", Some("20240101")),
        ("2024-01-01", Some("2024-01-01")),
        ("1:30", Some("1:30")),
        ("on", Some("true")),
        ("null", None),
        ("~", None),
        ("!!str 1.10", Some("1.10")),
        ("18446744073709551615", Some("18446744073709551615")),
        ("|\n  1.10", Some("1.10 ")),
    ] {
        let loaded = chart_yaml(&format!("{BASE}appVersion: {written}\n"));
        assert_eq!(loaded.chart.app_version.as_deref(), expected, "{written}");
        assert!(loaded.problems().is_empty(), "{written}: {:?}", loaded.problems());
    }
}

#[test]
fn keys_are_found_as_go_finds_them() {
    for (more, expected) in [
        ("appversion: 7\n", "7"),
        ("appversion: 7\nappVersion: 8\nAppVersion: 9\n", "7"),
        ("appVersion: 1\nappVersion: 2\n", "2"),
        ("appVersion: &a 1.50\nx: *a\n", "1.5"),
        ("x: &a {appVersion: 5}\n<<: *a\n", "5"),
    ] {
        let loaded = chart_yaml(&format!("{BASE}{more}"));
        assert_eq!(loaded.chart.app_version.as_deref(), Some(expected), "{more}");
    }
    assert_eq!(chart_yaml(&format!("{BASE}---\nappVersion: 3\n")).chart.app_version, None);
    let marked = chart_yaml(&format!("\u{feff}{BASE}"));
    assert_eq!(marked.chart.api_version.as_deref(), Some("v2"));
    let old = chart_yaml("name: c\nversion: 1.0.0\n");
    assert_eq!(old.chart.api_version.as_deref(), Some("v1"));
}

#[test]
fn dependencies_have_the_bytes_that_declare_them() {
    let loaded = chart_yaml(&format!(
        "{BASE}dependencies:\n  - name: a\n    version: 1.10\n    repository: \"oci://ghcr.io/x\"\n    alias: b\n    condition: b.enabled\n"
    ));
    assert_eq!(dependencies(&loaded), ["a 1.1 oci://ghcr.io/x"]);
    let a = &loaded.chart.dependencies[0];
    assert_eq!(loaded.sources.text(a.name_span.unwrap()), "a");
    assert_eq!(loaded.sources.text(a.version_span.unwrap()), "1.10");
    assert_eq!(loaded.sources.text(a.repository_span.unwrap()), "\"oci://ghcr.io/x\"");
    assert_eq!((a.alias.as_deref(), a.condition.as_deref()), (Some("b"), Some("b.enabled")));
}

#[test]
fn requirements_replace_the_dependencies_of_chart_yaml() {
    let with = |requirements: &str| {
        Repository::new()
            .with("c/Chart.yaml", format!("{BASE}dependencies:\n- {{name: a, version: 1}}\n"))
            .with("c/requirements.yaml", requirements)
            .load()
    };
    let loaded = with("dependencies:\n- {name: r, version: 2, repository: x}\n");
    assert_eq!(dependencies(&loaded), ["r 2 x"]);
    let name = loaded.chart.dependencies[0].name_span.unwrap();
    assert_eq!(loaded.sources.file(name.file).path(), "c/requirements.yaml");
    assert!(dependencies(&with("dependencies: []")).is_empty());
    assert!(dependencies(&with("dependencies:")).is_empty());
    assert_eq!(dependencies(&with("")), ["a 1 -"]);
    assert_eq!(with("name: zz\n").chart.name.as_deref(), Some("zz"));
}

#[test]
fn a_subchart_leads_to_its_declaration() {
    let loaded = Repository::new()
        .with(
            "c/Chart.yaml",
            format!(
                "{BASE}dependencies:\n- {{name: s, version: 1.0.0}}\n- {{name: s, version: 2.0.0, alias: t}}\n"
            ),
        )
        .with("c/charts/s/Chart.yaml", "name: s\nversion: 2.0.0\n")
        .with("c/charts/u/Chart.yaml", "name: u\nversion: 2.0.0\n")
        .load();
    let chart = &loaded.chart;
    let alias = |n: usize| Some(chart.dependency_for(&chart.subcharts[n])?.alias.as_deref());
    assert_eq!(alias(0), Some(Some("t")));
    assert_eq!(alias(1), None);
}

#[test]
fn what_helm_refuses_is_a_problem_at_its_place() {
    for (text, place, says) in [
        ("- a\n", "1:1", "a map is expected"),
        ("name: c\nversion: 1.0.0\nappVersion: [a]\n", "3:13", "`appVersion` is not text"),
        ("name: c\nversion: 1\ndependencies: {a: b}\n", "3:15", "not a list"),
        ("name: c\nversion: 1\ndependencies:\n- foo\n", "4:3", "not a map"),
        ("name: c\nversion: 1\nx: [\n", "", "not YAML"),
        ("name: c\n", "c/Chart.yaml: ", "`version` is missing"),
        ("name: c\nversion:\n", "c/Chart.yaml: ", "`version` is missing"),
    ] {
        let loaded = chart_yaml(text);
        let problem = loaded.only_problem();
        assert_eq!(problem.kind, ProblemKind::Metadata);
        assert!(problem.message.contains(says), "{text:?}: {problem}");
        assert!(problem.to_string().contains(place), "{text:?}: {problem}");
        assert_eq!(problem.file, loaded.chart.chart_yaml);
        assert_eq!(loaded.state("c/Chart.yaml"), "loaded");
    }
}
