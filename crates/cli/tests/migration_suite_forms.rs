//! `migrate` and the forms that suites of helm-unittest have: what a test gives, how it writes
//! what it expects, and what is said where it cannot follow.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::chart;
use sandbox::Sandbox;
use std::fmt::Write;
use std::time::{Duration, Instant};

const VALUES: &str = "image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: v1\n";
const TEMPLATE: &str = "  - name: web\n    image: {{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}\n";
const BEFORE: &str = "ghcr.io/acme/web:v1";
const AFTER: &str = "mirror.example.com/gh/acme/web:v1";

/// Migrates a chart with a suite; gives what became of the suite, and what was said.
fn migrated(template: &str, suite: &str) -> (String, String) {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, template);
    let suite = format!("templates: [pod.yaml]\n{suite}");
    sandbox.write("app/tests/pod_test.yaml", &suite);
    let said = sandbox.run("migrate --unverified").exits(0).shows("moved ");
    let after = sandbox.read("app/tests/pod_test.yaml");
    let after = after.strip_prefix("templates: [pod.yaml]\n").unwrap().to_owned();
    (after, said.err.clone())
}

/// A suite that follows, all of it and with no word about it.
fn follows(template: &str, before: &str, after: &str) {
    let (suite, said) = migrated(template, before);
    assert_eq!(suite, after);
    assert!(!said.contains("pod_test.yaml"), "{said}");
}

/// A suite that stays, with a word about one of its lines.
fn is_told(template: &str, suite: &str, line: usize, words: &str) {
    let (after, said) = migrated(template, suite);
    assert_eq!(after, suite);
    assert!(said.contains(&format!("app/tests/pod_test.yaml:{line}: ")), "{said}");
    assert!(said.contains(words), "{said}");
}

fn equal(value: &str) -> String {
    format!("      - equal: {{path: 'spec.containers[0].image', value: {value}}}\n")
}

fn matches(pattern: &str) -> String {
    format!("      - matchRegex: {{path: 'spec.containers[0].image', pattern: '{pattern}'}}\n")
}

#[test]
fn a_version_that_a_test_gives_to_the_chart_stays() {
    let template = format!(
        "{TEMPLATE}    env: [{{name: V, value: '{{{{ .Chart.Name }}}}-{{{{ .Chart.Version }}}} {{{{ .Chart.AppVersion }}}}'}}]\n"
    );
    let suite = |version: &str, image: &str| {
        format!(
            "chart: {{version: 1.0.0, appVersion: 3.0.0}}\ntests:\n  - asserts:\n      - equal: {{path: 'spec.containers[0].env[0].value', value: app-1.0.0 3.0.0}}\n{0}  - chart: {{version: 7.0.0}}\n    asserts:\n      - equal: {{path: 'spec.containers[0].env[0].value', value: app-7.0.0 3.0.0}}\n{0}---\ntemplates: [pod.yaml]\ntests:\n  - chart: {{appVersion: 4.0.0}}\n    asserts:\n      - equal: {{path: 'spec.containers[0].env[0].value', value: app-{version} 4.0.0}}\n",
            equal(image)
        )
    };
    follows(&template, &suite("1.0.0", BEFORE), &suite("1.0.1", AFTER));
}

#[test]
fn the_cluster_of_a_test_decides_what_it_expects() {
    let template = "  - name: web\n    {{- if and (.Capabilities.APIVersions.Has \"acme/v1\") (eq .Capabilities.KubeVersion.Version \"v1.31.0\") (not (.Capabilities.APIVersions.Has \"apps/v1\")) }}\n    image: {{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}\n    {{- else }}\n    image: \"{{ .Values.image.registry }}/other\"\n    {{- end }}\n";
    let suite = |image: &str, registry: &str| {
        let (image, other) = (equal(image), equal(&format!("{registry}/other")));
        format!(
            "capabilities: {{apiVersions: [acme/v1]}}\ntests:\n  - asserts:\n{other}  - capabilities: {{apiVersions: [acme/v2], majorVersion: 1, minorVersion: '31'}}\n    asserts:\n{image}  - capabilities: {{apiVersions: }}\n    asserts:\n{other}"
        )
    };
    follows(template, &suite(BEFORE, "ghcr.io"), &suite(AFTER, "mirror.example.com/gh"));
}

#[test]
fn what_stands_behind_an_anchor_follows_where_all_users_agree() {
    let suite = |image: &str| {
        format!(
            "_image: &top {image}\ntests:\n  - asserts:\n{}{}{}  - set: {{a: 1}}\n    asserts:\n{}",
            equal("*top"),
            equal(&format!("&here {image}")),
            equal("*here"),
            equal("*here"),
        )
    };
    follows(TEMPLATE, &suite(BEFORE), &suite(AFTER));
    // The other test has an image of its own.
    let other = "{registry: ghcr.io, repository: acme/web, tag: v1}";
    let suite = format!(
        "_image: &top {BEFORE}\ntests:\n  - asserts:\n{0}  - set: {{image: {other}}}\n    asserts:\n{0}",
        equal("*top")
    );
    is_told(TEMPLATE, &suite, 5, &format!("write what it is now, `{AFTER}`, there"));
}

#[test]
fn values_that_are_merged_are_set() {
    let suite = |image: &str| {
        format!(
            "_common: &common {{image.tag: v2, a: 1}}\ntests:\n  - set:\n      <<: *common\n      b: 2\n    asserts:\n{}",
            equal(image)
        )
    };
    follows(TEMPLATE, &suite("ghcr.io/acme/web:v2"), &suite("mirror.example.com/gh/acme/web:v2"));
}

#[test]
fn patterns_of_a_part_of_an_image_follow() {
    for (before, after) in [
        ("^ghcr.io/", "^mirror.example.com/gh/"),
        ("^ghcr\\.io", "^mirror\\.example\\.com/gh"),
        ("ghcr.io/.+:v1", "mirror.example.com/gh/.+:v1"),
        ("^ghcr\\.io/acme", "^mirror\\.example\\.com/gh/acme"),
        ("^ghcr\\.io/acme/[a-z]+:v\\d$", "^mirror\\.example\\.com/gh/acme/[a-z]+:v\\d$"),
        // These hold as they are.
        ("/acme/web:", "/acme/web:"),
        ("v1$", "v1$"),
    ] {
        let suite = |pattern: &str| format!("tests:\n  - asserts:\n{}", matches(pattern));
        follows(TEMPLATE, &suite(before), &suite(after));
    }
}

#[test]
fn dots_that_come_into_a_pattern_match_nothing_else() {
    let template =
        "  - name: web\n    image: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n";
    let suite = |expected: &str| format!("tests:\n  - asserts:\n{expected}");
    let (before, after) = ("acme/web:v1", "mirror.example.com/acme/web:v1");
    for (before, after) in [
        (equal(before), equal(after)),
        (matches("^acme/web:v1$"), matches("^mirror\\.example\\.com/acme/web:v1$")),
        (matches("^acme/"), matches("^mirror\\.example\\.com/acme/")),
        // There it would be an escape of YAML.
        (
            matches("^acme/web:").replace('\'', "\""),
            matches("^mirror.example.com/acme/web:").replace('\'', "\""),
        ),
    ] {
        follows(template, &suite(&before), &suite(&after));
    }
}

#[test]
fn the_objects_of_a_test_decide_what_it_expects() {
    let template = "  - name: web\n    {{- $all := (lookup \"apps/v1\" \"Deployment\" \"\" \"\").items }}\n    {{- if lookup \"v1\" \"Secret\" .Release.Namespace \"mirror\" }}\n    image: \"{{ .Values.image.registry }}/acme/own:v1\"\n    {{- else }}\n    image: {{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}\n    {{- end }}\n    {{- range $all }}{{ $_ := set .metadata \"name\" \"changed\" }}{{ end }}\n";
    let suite = |registry: &str| {
        let [image, own] = ["web", "own"].map(|name| equal(&format!("{registry}/acme/{name}:v1")));
        let secret = |namespace: &str| {
            format!(
                "{{apiVersion: v1, kind: Secret, metadata: {{name: mirror, namespace: {namespace}}}}}"
            )
        };
        format!(
            "release: {{namespace: shop}}\nkubernetesProvider:\n  scheme:\n    v1/Secret: {{gvr: {{version: v1, resource: secrets}}, namespaced: true}}\n    apps/v1/Deployment: {{gvr: {{group: apps, version: v1, resource: deployments}}, namespaced: true}}\n  objects: [{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: a}}}}]\ntests:\n  - asserts:\n{image}  - kubernetesProvider: {{objects: [{}]}}\n    asserts:\n{own}  - kubernetesProvider: {{objects: [{}]}}\n    asserts:\n{image}",
            secret("shop"),
            secret("other"),
        )
    };
    follows(template, &suite("ghcr.io"), &suite("mirror.example.com/gh"));
}

#[test]
fn what_cannot_follow_is_told_with_its_line() {
    let told = |test: &str, line: usize, words: &str| {
        is_told(TEMPLATE, &format!("tests:\n{test}"), line, words);
    };
    let now = format!("write what it is now, `{AFTER}`, there");
    told(&format!("  - asserts:\n{}", matches("^[a-z]{4}[.]io/")), 4, &now);
    told(&format!("  - asserts:\n{}", equal(r#""ghcr.io\x2facme/web:v1""#)), 4, &now);
    let set = "  - set: {a: [{<<: text}]}\n    asserts:\n";
    told(&format!("{set}{}", equal(BEFORE)), 3, "what this test sets cannot be read");
    let objects = "  - kubernetesProvider: {objects: [{kind: Secret}]}\n    asserts:\n      - equal: {path: a, value: ghcr.io/acme/other:v1}\n";
    told(objects, 5, "depends on `kubernetesProvider`");
    told("  - asserts: [\n      ghcr.io/acme/web:v1\n", 5, "cannot be read as YAML");
}

#[test]
fn equal_tests_are_rendered_once() {
    let template =
        format!("{TEMPLATE}    # {{{{ range until 300000 }}}}{{{{ . }}}}{{{{ end }}}}\n");
    let started = Instant::now();
    let suite = |image: &str| {
        (0..400).fold("tests:\n".to_owned(), |mut text, n| {
            let _ = write!(text, "  - it: t{n}\n    asserts:\n{}", equal(image));
            text
        })
    };
    follows(&template, &suite(BEFORE), &suite(AFTER));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn aliases_of_aliases_take_no_time() {
    let mut suite = format!("tests:\n  - asserts:\n{}    set:\n", equal(BEFORE));
    suite += "      a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for level in 1..10 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(suite, "      a{level}: &a{level} [{items}]");
    }
    is_told(TEMPLATE, &suite, 3, "what this test sets cannot be read");
}

#[cfg(target_os = "linux")]
#[test]
fn links_to_what_never_ends_are_not_read() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, TEMPLATE);
    sandbox.write("app/tests/pod_test.yaml", "tests:\n  - asserts:\n      - matchSnapshot: {}\n");
    sandbox.write("other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.0.0\n");
    for link in [
        "app/tests/pod_other.yaml",
        "app/Chart.lock",
        "other/requirements.yaml",
        "other/Chart.lock",
    ] {
        std::os::unix::fs::symlink("/dev/zero", sandbox.root().join(link)).unwrap();
    }
    // That the lock of the chart itself cannot be read makes it incomplete.
    sandbox.run("migrate --unverified app").exits(3).shows("moved 1");
}
