//! `migrate` and the suites of helm-unittest: what is expected follows what is rendered.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{chart, files};
use sandbox::Sandbox;

const VALUES: &str = "image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: v1\n";
const TEMPLATE: &str = "  - name: web\n    image: {{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}\n    env: [{name: SUM, value: {{ toYaml .Values.image | sha256sum }}}]\n";

/// The checksum of the image in the values, and of what it becomes.
const SUM: &str = "0aeb10a1d85a95c721d10d27e5d29b07b0463fbe4ada3ef87fb2ebe16b7bc0d5";
const NEXT_SUM: &str = "54af0483f2fed37cd9c7ac7995fbff6de3005a71b92fda4a7de92c23acb8a8c3";

/// Migrates a chart with a file, and gives what became of it.
fn migrated(path: &str, text: &str) -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, TEMPLATE);
    sandbox.write(&format!("app/{path}"), text);
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    let after = sandbox.read(&format!("app/{path}"));
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
    (sandbox, after)
}

fn suite(tests: &str) -> String {
    format!("suite: pods # ours\ntemplates: [pod.yaml]\ntests:\n{tests}")
}

#[test]
fn what_a_test_sets_stays_and_decides_what_it_expects() {
    let test = |set: &str, expected: &str| {
        format!(
            "  - it: has an image\n    set: {{{set}}}\n    asserts:\n      - equal: {{path: \"spec.containers[0].image\", value: {expected}}} # here\n"
        )
    };
    let sets = [
        ("image.tag: v2", "ghcr.io/acme/web:v2", "mirror.example.com/gh/acme/web:v2"),
        // The registry is the test's own, and only the repository is the chart's.
        ("image.registry: ghcr.io", "ghcr.io/acme/web:v1", "ghcr.io/gh/acme/web:v1"),
        // All of it is the test's own.
        (
            "image: {registry: ghcr.io, repository: acme/web, tag: v3}",
            "ghcr.io/acme/web:v3",
            "ghcr.io/acme/web:v3",
        ),
        ("'image[\"repository\"]': x", "ghcr.io/x:v1", "mirror.example.com/x:v1"),
    ];
    let before: String = sets.iter().map(|(set, before, _)| test(set, before)).collect();
    let after: String = sets.iter().map(|(set, _, after)| test(set, after)).collect();
    // Wherever the chart has them, and with other line ends.
    for path in ["tests/pod_test.yaml", "unittests/deep/pod-test.yml"] {
        assert_eq!(migrated(path, &suite(&before)).1, suite(&after));
        let crlf = |text: &str| suite(text).replace('\n', "\r\n");
        assert_eq!(migrated(path, &crlf(&before)).1, crlf(&after));
    }
}

#[test]
fn values_files_of_a_test_are_those_that_it_is_to_have() {
    let suite = suite(
        "  - values: [../ci/other-values.yaml]\n    asserts:\n      - matchRegex: {path: 'spec.containers[0].image', pattern: '^ghcr\\.io/acme/web:v\\d$'}\n",
    );
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, TEMPLATE);
    sandbox.write("app/ci/other-values.yaml", "image: {registry: ghcr.io, repository: acme/web}\n");
    sandbox.write("app/tests/pod_test.yaml", &suite);
    sandbox.run("migrate --unverified").exits(0);
    assert_eq!(
        sandbox.read("app/ci/other-values.yaml"),
        "image: {registry: mirror.example.com, repository: gh/acme/web}\n"
    );
    assert_eq!(
        sandbox.read("app/tests/pod_test.yaml"),
        suite.replace("ghcr\\.io/acme", "mirror\\.example\\.com/gh/acme")
    );
}

#[test]
fn what_names_no_expectation_stays() {
    let text = suite(
        "  - it: keeps ghcr.io/acme/web:v1\n    asserts:\n      - equal: {path: 'spec.containers[0].name', value: web}\n      - notEqual: {path: 'spec.containers[0].name', value: ghcr.io/acme/web-ui:v1}\n",
    );
    assert_eq!(migrated("tests/pod_test.yaml", &text).1, text);
    // No suite, or none that can be read.
    for text in ["image: ghcr.io/acme/web:v1\n", "tests: [\nasserts: ghcr.io/acme/web:v1\n"] {
        assert_eq!(migrated("tests/pod_test.yaml", text).1, text);
    }
}

#[test]
fn snapshots_follow_with_the_checksums_in_them() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, TEMPLATE);
    let suite = suite("  - it: is as it was\n    asserts:\n      - matchSnapshot: {}\n");
    sandbox.write("app/tests/pod_test.yaml", &suite);
    let snapshot = |image: &str, sum: &str| {
        format!(
            "is as it was:\n  1: |\n    spec:\n      containers:\n        - env:\n            - name: SUM\n              value: {sum}\n          image: {image}\nother:\n  1: |\n    image: ghcr.io/acme/web:v1\n"
        )
    };
    let path = "app/tests/__snapshot__/pod_test.yaml.snap";
    let before = snapshot("ghcr.io/acme/web:v1", SUM);
    sandbox.write(path, &before);
    let said = sandbox.run("migrate --unverified").exits(0);
    assert!(!said.err.contains("note"), "{}", said.err);
    let after = snapshot("mirror.example.com/gh/acme/web:v1", NEXT_SUM);
    assert_eq!(sandbox.read(path), after);
    sandbox.run("rollback").exits(0);
    assert_eq!(sandbox.read(path), before);
    // A checksum that is made of something else is for the runner to make.
    sandbox.write(path, &snapshot("ghcr.io/acme/web:v1", &"ab".repeat(32)));
    let said = sandbox.run("migrate --unverified").exits(0);
    assert!(said.err.contains("helm unittest --update-snapshot app"), "{}", said.err);
    let after = snapshot("mirror.example.com/gh/acme/web:v1", &"ab".repeat(32));
    assert_eq!(sandbox.read(path), after);
}

#[test]
fn a_rollback_to_a_new_version_raises_what_the_snapshots_name() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image }}\n    env: [{name: CHART, value: \"{{ .Chart.Name }}-{{ .Chart.Version }}\"}]\n";
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", template);
    let suite = suite("  - it: is as it was\n    asserts:\n      - matchSnapshot: {}\n");
    sandbox.write("app/tests/pod_test.yaml", &suite);
    let path = "app/tests/__snapshot__/pod_test.yaml.snap";
    let snapshot = |version: &str, image: &str| {
        format!("is as it was:\n  1: |\n    env: app-{version}\n    image: {image}\n")
    };
    let (old, new) = ("ghcr.io/acme/web:1", "mirror.example.com/gh/acme/web:1");
    sandbox.write(path, &snapshot("1.0.0", old));
    let publish = |version: &str| {
        // Somebody published it, and went on.
        let text = sandbox.read("app/Chart.yaml").replace("1.0.1", version);
        sandbox.write("app/Chart.yaml", &text);
        sandbox.write(path, &snapshot(version, new));
    };
    for (now, then) in [("1.0.1", "1.0.2"), ("1.4.0", "1.4.1")] {
        sandbox.run("migrate --unverified").exits(0);
        assert_eq!(sandbox.read(path), snapshot("1.0.1", new));
        publish(now);
        sandbox.run("rollback --bump").exits(0);
        assert_eq!(sandbox.read(path), snapshot(then, old));
        assert!(sandbox.read("app/Chart.yaml").contains(&format!("version: {then}\n")));
        let text = sandbox.read("app/Chart.yaml").replace(then, "1.0.0");
        sandbox.write("app/Chart.yaml", &text);
        sandbox.write(path, &snapshot("1.0.0", old));
    }
}

#[cfg(unix)]
#[test]
fn snapshots_behind_a_link_are_not_written() {
    let sandbox = Sandbox::new();
    chart(&sandbox, VALUES, TEMPLATE);
    let suite = suite("  - it: is as it was\n    asserts:\n      - matchSnapshot: {}\n");
    sandbox.write("app/tests/pod_test.yaml", &suite);
    let text = "is as it was:\n  1: |\n    image: ghcr.io/acme/web:v1\n";
    sandbox.write("elsewhere/pod_test.yaml.snap", text);
    let link = sandbox.root().join("app/tests/__snapshot__");
    std::os::unix::fs::symlink("../../elsewhere", link).unwrap();
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(sandbox.read("elsewhere/pod_test.yaml.snap"), text);
}
