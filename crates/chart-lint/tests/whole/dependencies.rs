//! `missing-dependency`, and what is judged all the same.

use super::{EVALUATED, How, READ, judge, of, said};
use chart_lint::model::{Level, Part};

const RULE: &str = "missing-dependency";

fn chart(dependencies: &str) -> String {
    format!("apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n{dependencies}")
}

const REDIS: &str = "  - {name: redis, version: 1.x, repository: \"https://c.example\"}\n";

#[test]
fn the_help_is_the_command_that_fetches_it() {
    for (entry, more, expected) in [
        (REDIS, None, "`helm dependency update .` fetches it from https://c.example"),
        (REDIS, Some("Chart.lock"), "`helm dependency build .` fetches it from https://c.example"),
        (
            "  - {name: redis, version: 1.x, repository: \"oci://c.example/x\"}\n",
            None,
            "`helm dependency update .` fetches it from oci://c.example/x",
        ),
        (
            "  - {name: redis, version: 1.x, repository: \"file://../redis\"}\n",
            None,
            "`helm dependency update .` packs it from file://../redis: Helm renders what is in charts/ alone",
        ),
        (
            "  - {name: redis, version: 1.x}\n",
            None,
            "put the chart into ./charts/redis: its entry names no repository",
        ),
        (
            "  - {name: redis, version: 1.x, repository: \"https://c.example/$(id)\"}\n",
            None,
            "`helm dependency update .` fetches it from 'https://c.example/$(id)'",
        ),
    ] {
        let chart = chart(entry);
        let mut files = vec![("Chart.yaml", chart.as_str())];
        files.extend(more.map(|path| (path, "dependencies: []\n")));
        let report = judge(&files, READ);
        assert_eq!(of(&report, RULE)[0].help[0], expected);
    }
}

#[test]
fn a_sibling_that_a_file_repository_names_is_judged_by_itself_and_still_missing() {
    let chart = chart("  - {name: lib, version: 1.x, repository: \"file://../lib\"}\n");
    let files = [
        ("a/Chart.yaml", chart.as_str()),
        ("lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\n"),
        ("lib/values.yaml", "image: ghcr.io/acme/lib:1\n"),
    ];
    let report = judge(&files, READ);
    assert_eq!(said(&report, RULE).len(), 1, "{:?}", report.findings);
    assert_eq!(report.images.len(), 1);
}

#[test]
fn an_archive_in_another_version_is_told_apart() {
    let chart = chart(REDIS);
    let sub = "apiVersion: v2\nname: redis\nversion: 2.0.0\n";
    let report = judge(&[("Chart.yaml", &chart), ("charts/redis/Chart.yaml", sub)], READ);
    assert_eq!(
        said(&report, RULE),
        ["warning the vendored chart `redis` is 2.0.0, and 1.x is asked for"]
    );
}

#[test]
fn one_chart_under_two_aliases_is_one_finding() {
    let twice = format!("{REDIS}{}", REDIS.replace("name: redis", "name: redis, alias: cache"));
    let report = judge(&[("Chart.yaml", &chart(&twice))], READ);
    let findings = of(&report, RULE);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].related[0].text, "asked for again as `cache`");
    let other = format!("{REDIS}{}", REDIS.replace("1.x", "2.x"));
    assert_eq!(said(&judge(&[("Chart.yaml", &chart(&other))], READ), RULE).len(), 2);
}

#[test]
fn what_is_there_and_turned_off_is_not_missing() {
    let entry = REDIS.replace("version: 1.x", "version: 1.x, condition: redis.enabled");
    let chart = chart(&entry);
    let off = ("values.yaml", "redis: {enabled: false}\n");
    let sub = ("charts/redis/Chart.yaml", "apiVersion: v2\nname: redis\nversion: 1.0.0\n");
    for how in [READ, EVALUATED] {
        assert!(said(&judge(&[("Chart.yaml", &chart), off, sub], how), RULE).is_empty());
        // Helm refuses to install without it, turned off or not.
        assert_eq!(said(&judge(&[("Chart.yaml", &chart), off], how), RULE).len(), 1);
    }
}

#[test]
fn its_values_in_the_parent_and_everything_else_are_judged() {
    let chart = chart(REDIS);
    let files = [
        ("Chart.yaml", chart.as_str()),
        ("values.yaml", "redis:\n  image: {repository: ghcr.io/acme/redis, tag: \"7\"}\n"),
        (
            "templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ghcr.io/acme/web:{{ .Chart.Version }}\n    - name: x\n      image: {{ include \"redis.image\" . }}\n",
        ),
    ];
    for how in [READ, EVALUATED] {
        let report = judge(&files, how);
        let mut names: Vec<&str> =
            report.images.iter().map(|image| image.repository.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["acme/redis", "acme/web"]);
        // The template that only the missing chart defines is no reason of its own.
        assert_eq!(of(&report, "unresolved-image")[0].level, Level::Warning);
        assert_eq!(report.summary().incomplete, 0);
    }
    let required = How { require_dependencies: true, ..EVALUATED };
    let report = judge(&files, required);
    assert_eq!(of(&report, RULE)[0].level, Level::Error);
    assert_eq!(report.summary().incomplete, 1);
}

#[test]
fn the_policy_weighs_it_and_the_flag_outweighs_the_policy() {
    let chart = chart(REDIS);
    for (level, how, expected) in [
        ("off", READ, vec![]),
        ("note", READ, vec![Level::Note]),
        ("error", READ, vec![Level::Error]),
        ("off", How { require_dependencies: true, ..READ }, vec![Level::Error]),
    ] {
        let policy = format!("version: 1\nrules: {{missing-dependency: {level}}}\n");
        let report = judge(&[("Chart.yaml", &chart), ("image-policy.yaml", &policy)], how);
        let levels: Vec<Level> = of(&report, RULE).iter().map(|finding| finding.level).collect();
        assert_eq!(levels, expected, "{level}");
    }
}

#[test]
fn the_tag_of_a_chart_that_is_not_there_is_not_known() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: \"1.4\"\ndependencies:\n  - {name: redis, version: 1.x, repository: \"https://charts.example.com\"}\n";
    let values = "image: {repository: acme/web}\nredis:\n  image: {registry: docker.io, repository: acme/redis}\n";
    let template = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: a\n      image: {{ .Values.image.repository }}:{{ .Chart.AppVersion }}\n      env: [{name: R, value: {{ .Values.redis.master | quote }}}]\n";
    let files = [("Chart.yaml", chart), ("values.yaml", values), ("templates/pod.yaml", template)];
    let report = judge(&files, READ);
    let mut found: Vec<_> =
        report.images.iter().map(|i| (i.reference.as_str(), i.unknown.as_slice())).collect();
    found.sort_unstable_by_key(|(reference, _)| *reference);
    let unknown: &[Part] = &[Part::Tag];
    assert_eq!(found, [("acme/web:1.4", &[][..]), ("docker.io/acme/redis", unknown)]);
}
