//! `migrate` beyond the bytes of an image: vendored charts, what repeats it, versions.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{POLICY, chart, copy_of_dependency, files};
use sandbox::Sandbox;

#[test]
fn a_copy_of_a_dependency_is_left_alone_and_given_other_values() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1 # one\r\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    let values = "image:\n  registry: ghcr.io\n  repository: acme/sub\n  tag: v1\n";
    let image = "{{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}";
    copy_of_dependency(&sandbox, "app", values, image);
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(
        sandbox.read("app/values.yaml"),
        "x: 1 # one\r\nsub:\r\n  image:\r\n    registry: mirror.example.com\r\n    repository: gh/acme/sub\r\n"
    );
    assert_eq!(sandbox.read("app/charts/sub/values.yaml"), values);
    sandbox.run("lint").exits(0);
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn each_alias_of_a_dependency_is_given_its_value() {
    let sandbox = Sandbox::new();
    chart(
        &sandbox,
        "one:\n  on: true\ntwo: {}\n",
        "  - name: a\n    image: mirror.example.com/a:1\n",
    );
    let dependency = |alias: &str| format!("  - {{name: sub, version: 1.0.0, alias: {alias}}}\n");
    let dependencies = dependency("one") + &dependency("two");
    let chart_yaml = sandbox.read("app/Chart.yaml");
    sandbox.write("app/Chart.yaml", &format!("{chart_yaml}dependencies:\n{dependencies}"));
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(
        sandbox.read("app/values.yaml"),
        "one:\n  on: true\n  image: mirror.example.com/gh/acme/sub:1\ntwo: {image: \"mirror.example.com/gh/acme/sub:1\"}\n"
    );
    sandbox.run("lint").exits(0);
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn a_copy_of_a_version_that_nothing_asks_for_has_its_own_name() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    let chart_yaml = sandbox.read("app/Chart.yaml");
    let dependencies = "dependencies:\n  - {name: sub, version: ^2.0.0, alias: one}\n";
    sandbox.write("app/Chart.yaml", &format!("{chart_yaml}{dependencies}"));
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    let moved = "x: 1\nsub:\n  image: mirror.example.com/gh/acme/sub:1\n";
    assert_eq!(sandbox.read("app/values.yaml"), moved);
}

#[test]
fn a_chart_without_values_gets_a_file_that_goes_again() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "", "  - name: a\n    image: mirror.example.com/a:1\n");
    sandbox.remove("app/values.yaml");
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --dry-run").exits(0);
    let expected = "--- /dev/null\n+++ b/app/values.yaml\n@@ -0,0 +1,2 @@\n+sub:\n+  image: mirror.example.com/gh/acme/sub:1\n";
    assert!(said.out.contains(expected), "{}", said.out);
    assert!(files(sandbox.root()) == before);
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    let values = "sub:\n  image: mirror.example.com/gh/acme/sub:1\n";
    assert_eq!(sandbox.read("app/values.yaml"), values);
    sandbox.run("lint").exits(0);
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    let said = sandbox.run("rollback --dry-run").exits(0);
    assert!(said.out.contains("--- a/app/values.yaml\n+++ /dev/null\n"), "{}", said.out);
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
    // What others wrote there since stays.
    sandbox.run("migrate --unverified").exits(0);
    sandbox.write("app/values.yaml", &format!("# ours\n{values}x: 1\n"));
    sandbox.run("rollback").exits(0);
    assert_eq!(sandbox.read("app/values.yaml"), "# ours\nx: 1\n");
    sandbox.remove("app/values.yaml");
    assert!(files(sandbox.root()) == before);
    // Somebody took it away: there is nothing to give back.
    sandbox.run("migrate --unverified").exits(0);
    sandbox.remove("app/values.yaml");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn values_that_helm_would_not_read_are_not_made() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "", "  - name: a\n    image: mirror.example.com/a:1\n");
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    for has_values in [true, false] {
        if !has_values {
            sandbox.remove("app/values.yaml");
        }
        // Only the chart's own, not that of the copy.
        sandbox.write("app/.helmignore", "/values.yaml\n");
        let before = files(sandbox.root());
        let said = sandbox.run("migrate --unverified").exits(3);
        assert!(said.err.contains("app/.helmignore leaves out values.yaml"), "{}", said.err);
        assert!(files(sandbox.root()) == before);
    }
}

#[cfg(unix)]
#[test]
fn values_behind_a_link_that_leads_nowhere_are_not_made() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "", "  - name: a\n    image: mirror.example.com/a:1\n");
    sandbox.remove("app/values.yaml");
    std::os::unix::fs::symlink("../none.yaml", sandbox.root().join("app/values.yaml")).unwrap();
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    let said = sandbox.run("migrate --unverified").exits(3);
    assert!(said.err.contains("app/values.yaml cannot be read"), "{}", said.err);
    assert!(!sandbox.root().join("none.yaml").exists());
}

#[test]
fn what_a_copy_spells_in_a_template_stays() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    copy_of_dependency(&sandbox, "app", "x: 1\n", "ghcr.io/acme/sub:1");
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(3);
    assert!(said.err.contains("no value goes over what it spells"), "{}", said.err);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn an_image_at_the_line_of_a_value_that_failed_is_not_to_blame() {
    let sandbox = Sandbox::new();
    let values = "sub:\n  on: true\nimage: ghcr.io/acme/web:1\n";
    chart(&sandbox, values, "  - name: a\n    image: {{ .Values.image }}\n");
    let twice = "{{ .Values.image }}\n  - name: c\n    image: docker.io/{{ .Values.image | trimPrefix \"ghcr.io/\" }}";
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", twice);
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 1;");
    assert!(said.err.contains("not moved: ghcr.io/acme/sub:1"), "{}", said.err);
    assert_eq!(
        sandbox.read("app/values.yaml"),
        values.replace("ghcr.io/acme/web", "mirror.example.com/gh/acme/web")
    );
    sandbox.run("migrate --unverified").exits(3).shows("nothing to move");
}

#[test]
fn a_default_of_a_copy_that_its_values_hide_stays_and_is_told() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    let values = "image:\n  registry: ghcr.io\n  repository: acme/sub\n";
    let image =
        "{{ .Values.image.registry | default \"ghcr.io\" }}/{{ .Values.image.repository }}:1";
    copy_of_dependency(&sandbox, "app", values, image);
    let before = files(&sandbox.root().join("app/charts"));
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 1 ");
    let told = "not moved: ghcr.io/acme/sub:1 at app/charts/sub/templates/pod.yaml:7: it is the own default of a copy of a dependency, which the value over it hides";
    assert!(said.err.contains(told), "{}", said.err);
    // With the path in the repository, the default would name an image that is nowhere.
    assert_eq!(
        sandbox.read("app/values.yaml"),
        "x: 1\nsub:\n  image:\n    registry: mirror.example.com/gh\n"
    );
    assert!(files(&sandbox.root().join("app/charts")) == before);
    sandbox.run("migrate --unverified").exits(3).shows("nothing to move");
}

#[test]
fn a_chart_that_would_refuse_other_images_keeps_its_own() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image }}\n  - name: b\n    image: {{ .Values.other }}\n";
    chart(&sandbox, "image: ghcr.io/acme/web:1\nother: ghcr.io/acme/other:1\n", template);
    let notes = "{{ if not (hasPrefix \"ghcr.io/acme/web\" .Values.image) }}{{ fail (printf \"substituted: %s\" .Values.image) }}{{ end }}\n";
    sandbox.write("app/templates/NOTES.txt", notes);
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 1");
    assert!(said.err.contains("NOTES.txt would fail"), "{}", said.err);
    assert_eq!(
        sandbox.read("app/values.yaml"),
        "image: ghcr.io/acme/web:1\nother: mirror.example.com/gh/acme/other:1\n"
    );
}

#[test]
fn what_repeats_the_image_follows_it_and_goes_back_with_it() {
    let sandbox = Sandbox::new();
    let image = "{{ with .Values.image }}{{ .registry }}/{{ .repository }}:{{ .tag }}{{ end }}";
    let values = "image:\n  registry: ghcr.io\n  repository: acme/web\n  tag: v1\n";
    chart(&sandbox, values, &format!("  - name: a\n    image: {image}\n"));
    let suite = "tests:\n  - set: {image.tag: v2}\n    asserts:\n      - equal: {path: a, value: \"ghcr.io/acme/web:v2\"} # ours\n      - equal: {path: b, value: ghcr.io/acme/web-ui:v2}\n";
    sandbox.write("app/tests/pod_test.yaml", suite);
    sandbox.write("app/tests/notes.md", "ghcr.io/acme/web:v2\n");
    let schema = "{\n  \"properties\": {\"image\": {\"properties\": {\n    \"registry\": {\"default\": \"ghcr.io\"}}}}\n}\n";
    sandbox.write("app/values.schema.json", schema);
    let row = |key: &str, value: &str| format!("| image.{key} | string | `\"{value}\"` | |\n");
    let readme = |registry: &str, repository: &str, version: &str| {
        let made = "made by helm-docs\n";
        let rows = row("registry", registry) + &row("repository", repository) + &row("tag", "v1");
        format!(
            "![Version: {version}](x/badge/Version-{version}-x)\n{rows}{made}ghcr.io/acme/web\n"
        )
    };
    sandbox.write("app/README.md", &readme("ghcr.io", "acme/web", "1.0.0"));
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0);
    let text = sandbox.read("app/tests/pod_test.yaml");
    assert_eq!(text, suite.replace("ghcr.io/acme/web:v2", "mirror.example.com/gh/acme/web:v2"));
    let text = sandbox.read("app/README.md");
    assert_eq!(text, readme("mirror.example.com", "gh/acme/web", "1.0.1"));
    let text = sandbox.read("app/values.schema.json");
    assert_eq!(text, schema.replace("ghcr.io", "mirror.example.com"));
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn values_that_a_test_gives_move_with_the_image_that_they_repeat() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.write("app/ci/test-values.yaml", "image: ghcr.io/acme/web:1 # same\n");
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0);
    assert_eq!(
        sandbox.read("app/ci/test-values.yaml"),
        "image: mirror.example.com/gh/acme/web:1 # same\n"
    );
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn the_policy_says_which_part_of_the_version_goes_up() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    for (part, after, back) in [
        ("minor", "1.1.0", "app is as it was, at 1.1.1\n"),
        (
            "none",
            "1.0.0",
            "app is as it was; its version stays 1.0.0, since its migration raised none\n",
        ),
    ] {
        sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: {part}}}\n"));
        sandbox.run("migrate --unverified").exits(0);
        assert!(sandbox.read("app/Chart.yaml").contains(&format!("version: {after}\n")));
        sandbox.run("rollback").exits(0).shows("app is as it was\n");
        let before = sandbox.read("app/Chart.yaml");
        sandbox.run("migrate --unverified").exits(0);
        sandbox.run("rollback --bump").exits(0).shows(back);
        sandbox.write("app/Chart.yaml", &before);
    }
    sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: most}}\n"));
    sandbox.run("migrate --unverified").exits(2);
}

#[test]
fn what_is_no_image_does_not_change_along() {
    let sandbox = Sandbox::new();
    let values = "name: redis\nregistry: ghcr.io\nplain: ghcr.io/acme/plain:1\n";
    let template = "  - name: {{ .Values.name }}\n    image: {{ .Values.name }}:7\n  - name: b\n    image: {{ .Values.registry }}/acme/web:1\n    env:\n      - {name: SOURCE, value: \"https://{{ .Values.registry }}/acme\"}\n  - name: c\n    image: {{ .Values.plain }}\n";
    chart(&sandbox, values, template);
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 1");
    for why in [
        "`- name: redis` in app/templates/pod.yaml would become `- name: mirror.example.com/library/redis`, which is more than an image",
        "`- {name: SOURCE, value: \"https://ghcr.io/acme\"}` in app/templates/pod.yaml would become",
    ] {
        assert!(said.err.contains(why), "{}", said.err);
    }
    let moved = values.replace("ghcr.io/acme/plain", "mirror.example.com/gh/acme/plain");
    assert_eq!(sandbox.read("app/values.yaml"), moved);
    // Lines that come or go with an image.
    let condition = "  - name: a\n    image: {{ .Values.plain }}\n  {{- if hasPrefix \"ghcr.io\" .Values.plain }}\n  imagePullSecrets: [{name: a}]\n  {{- end }}\n";
    chart(&sandbox, "plain: ghcr.io/acme/plain:1\n", condition);
    let said = sandbox.run("migrate --unverified").exits(3);
    assert!(
        said.err.contains("would lack the line `imagePullSecrets: [{name: a}]`"),
        "{}",
        said.err
    );
}

#[test]
fn only_the_image_of_an_address_stays_where_others_are_spelled_alike() {
    let sandbox = Sandbox::new();
    let values =
        "a: {registry: ghcr.io, repository: acme/a}\nb: {registry: ghcr.io, repository: acme/b}\n";
    let image = |name: &str| {
        format!("{{{{ .Values.{name}.registry }}}}/{{{{ .Values.{name}.repository }}}}:1")
    };
    let template = format!(
        "  - name: a\n    image: {}\n    env: [{{name: API, value: \"https://{{{{ .Values.a.registry }}}}/v2\"}}]\n  - name: b\n    image: {}\n",
        image("a"),
        image("b")
    );
    chart(&sandbox, values, &template);
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 1");
    assert!(said.err.contains("not moved: ghcr.io/acme/a:1"), "{}", said.err);
    let b = "b: {registry: mirror.example.com, repository: gh/acme/b}\n";
    assert_eq!(sandbox.read("app/values.yaml"), values.replace(&values[43..], b));
}
