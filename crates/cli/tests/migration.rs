//! `migrate` and `rollback`: the charts of the plan become those of the fixture
//! `migrated`, and become what they were.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{Sandbox, fixture};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder, by its path, but for what is not of the charts.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with("rows.json") {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn charts(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files(root);
    files.retain(|path, _| !path.starts_with(".chart-images"));
    files
}

#[test]
fn the_plan_is_carried_out_and_taken_back_to_the_byte() {
    let sandbox = Sandbox::of_fixture("plan");
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0).shows("moved 11");
    assert!(charts(sandbox.root()) == files(&fixture("migrated")));
    sandbox.run("lint").exits(0);
    // Once more is nothing more.
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
    assert!(charts(sandbox.root()) == files(&fixture("migrated")));
    sandbox.run("rollback").exits(0).shows("charts/dex is as it was");
    assert!(files(sandbox.root()) == before);
    sandbox.run("rollback").exits(0).shows("no migration to take back");
}

#[test]
fn phase_by_phase_is_the_whole() {
    let sandbox = Sandbox::of_fixture("plan");
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified --phase 1").exits(0).shows("moved 7");
    sandbox.run("migrate --unverified --priority medium").exits(0).shows("moved 2");
    sandbox.run("migrate --unverified --image busybox --chart ollama").exits(0).shows("moved 1");
    sandbox.run("migrate --unverified --chart charts/judge-*").exits(0).shows("moved 1");
    sandbox.run("lint").exits(0);
    sandbox.run("rollback --chart ollama").exits(0).shows("charts/ollama is as it was");
    sandbox.run("lint").exits(1).shows("charts/ollama/values.yaml").hides("charts/dex");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn a_dry_run_shows_and_changes_nothing() {
    let sandbox = Sandbox::of_fixture("plan");
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --dry-run --chart dex");
    assert_eq!(said.status, 0, "{}", said.err);
    insta::assert_snapshot!(said.out);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn nothing_moves_to_where_nobody_looked() {
    let sandbox = Sandbox::of_fixture("plan");
    sandbox.run("migrate").exits(2).errs("--unverified");
    sandbox.run("migrate --unverified --image UPPER").exits(2).errs("no pattern");
    sandbox.run("migrate --unverified --phase 4").exits(2);
}

const POLICY: &str = "version: 1\nregistries:\n  allowed: [mirror.example.com]\n  disallowed: [docker.io, ghcr.io]\nreplacements:\n  - {from: \"ghcr.io/**\", to: \"mirror.example.com/gh/**\"}\n  - {from: \"docker.io/**\", to: \"mirror.example.com/**\"}\n";

/// What Helm hashes a lock of `app` to, with its version and with the next one.
const DIGEST: &str = "5e337993780bc32016917ae929d6c1e91d49e09766401181237e862f98911149";
const RAISED: &str = "a7d2f2b93c81ea7b7fb9755ff263158642d3b0a6789704254fdd353ffe5a8da0";

fn chart(sandbox: &Sandbox, values: &str, template: &str) {
    sandbox.write("image-policy.yaml", POLICY);
    sandbox.write("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    sandbox.write("app/values.yaml", values);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n";
    sandbox.write("app/templates/pod.yaml", &format!("{pod}{template}"));
}

#[test]
fn each_way_to_split_an_image_keeps_its_bytes() {
    for (values, template, moved) in [
        (
            "image: # here\r\n  registry: 'docker.io'\r\n  repository: acme/web\r\n  tag: \"1\"",
            "  - name: a\n    image: {{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}\n",
            "image: # here\r\n  registry: 'mirror.example.com'\r\n  repository: acme/web\r\n  tag: \"1\"",
        ),
        (
            "image: {registry: ghcr.io, repository: acme/web, tag: v1}\n",
            "  - name: a\n    image: {{ printf \"%s/%s:%s\" .Values.image.registry .Values.image.repository .Values.image.tag }}\n",
            "image: {registry: mirror.example.com, repository: gh/acme/web, tag: v1}\n",
        ),
        (
            "image:\n  registry: ghcr.io\n  repository: acme/web:1@sha256:5c2d9f1f6c7d8e0b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b\n",
            "  - name: a\n    image: {{ .Values.image.registry }}/{{ .Values.image.repository }}\n",
            "image:\n  registry: mirror.example.com\n  repository: gh/acme/web:1@sha256:5c2d9f1f6c7d8e0b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b\n",
        ),
        (
            "image: &image \"ghcr.io/acme/web:1\"\nother: *image\n",
            "  - name: a\n    image: {{ .Values.image }}\n  - name: b\n    image: {{ .Values.other }}\n",
            "image: &image \"mirror.example.com/gh/acme/web:1\"\nother: *image\n",
        ),
    ] {
        let sandbox = Sandbox::new();
        chart(&sandbox, values, template);
        let before = files(sandbox.root());
        sandbox.run("migrate --unverified").exits(0);
        assert_eq!(sandbox.read("app/values.yaml"), moved);
        sandbox.run("lint").exits(0);
        sandbox.run("rollback").exits(0);
        assert!(files(sandbox.root()) == before);
    }
}

#[test]
fn a_literal_in_a_template_and_a_default_move_where_they_stand() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image | default \"ghcr.io/acme/web:1\" }}\n  - name: b\n    image: busybox # tools\n";
    chart(&sandbox, "image:\n", template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 2");
    let text = sandbox.read("app/templates/pod.yaml");
    assert!(text.contains("default \"mirror.example.com/gh/acme/web:1\" }}"), "{text}");
    assert!(text.contains("image: mirror.example.com/library/busybox # tools"), "{text}");
}

#[test]
fn what_cannot_be_proved_is_refused_with_a_reason() {
    let sandbox = Sandbox::new();
    // The registry is shared with an image that stays, since it is not chosen.
    let values = "registry: ghcr.io\na: acme/a\nb: acme/b\n";
    let template = "  - name: a\n    image: {{ .Values.registry }}/{{ .Values.a }}:1\n  - name: b\n    image: {{ .Values.registry }}/{{ .Values.b }}:1\n";
    chart(&sandbox, values, template);
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified --image ghcr.io/acme/a").exits(3);
    assert!(said.err.contains("spells `ghcr.io/acme/b:1` too"), "{}", said.err);
    assert!(files(sandbox.root()) == before);
    // With all of them it moves, as all become the same.
    sandbox.write("image-policy.yaml", &POLICY.replace("/gh/**", "/**"));
    sandbox.run("migrate --unverified").exits(0).shows("moved 2");
    assert_eq!(sandbox.read("app/values.yaml"), values.replace("ghcr.io", "mirror.example.com"));
}

/// Gives the chart a copy of a dependency.
fn copy_of_dependency(sandbox: &Sandbox, folder: &str, values: &str, image: &str) {
    let of_chart = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";
    sandbox.write(&format!("{folder}/charts/sub/Chart.yaml"), of_chart);
    sandbox.write(&format!("{folder}/charts/sub/values.yaml"), values);
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers:\n";
    let template = format!("{pod}  - name: b\n    image: {image}\n");
    sandbox.write(&format!("{folder}/charts/sub/templates/pod.yaml"), &template);
}

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
    sandbox.run("lint --evaluate").exits(0);
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
    sandbox.run("lint --evaluate").exits(0);
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
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
fn a_registry_that_some_uses_leave_out_takes_the_path_along() {
    let sandbox = Sandbox::new();
    // With the path in the repository, the second use would be `gh/acme/web`.
    let template = "  - name: a\n    image: {{ .Values.registry }}/{{ .Values.name }}:1\n  - name: b\n    image: mirror.example.com/x/{{ .Values.name }}:1\n";
    chart(&sandbox, "registry: ghcr.io\nname: acme/web\n", template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(
        sandbox.read("app/values.yaml"),
        "registry: mirror.example.com/gh\nname: acme/web\n"
    );
}

#[test]
fn a_name_in_pieces_begins_with_its_new_home() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.org }}/{{ .Values.name }}:1\n";
    chart(&sandbox, "org: acme # ours\nname: web\n", template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(sandbox.read("app/values.yaml"), "org: mirror.example.com/acme # ours\nname: web\n");
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
fn a_part_of_a_chart_moves_what_it_declares() {
    let sandbox = Sandbox::of_fixture("plan");
    sandbox.run("migrate --unverified charts/kratos/templates").exits(0).shows("moved 1");
    let before = files(&fixture("plan"));
    let values = Path::new("charts/kratos/values.yaml");
    assert!(charts(sandbox.root())[values] == before[values]);
}

#[test]
fn a_chart_at_the_root_is_a_chart() {
    let sandbox = Sandbox::new();
    sandbox.write("image-policy.yaml", POLICY);
    sandbox.write("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    sandbox.write("values.yaml", "image: ghcr.io/acme/web:1\n");
    copy_of_dependency(&sandbox, ".", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0).shows("moved 2");
    assert_eq!(
        sandbox.read("values.yaml"),
        "image: mirror.example.com/gh/acme/web:1\nsub:\n  image: mirror.example.com/gh/acme/sub:1\n"
    );
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn images_that_share_some_bytes_do_not_stop_the_others() {
    let sandbox = Sandbox::new();
    let values = "image: ghcr.io/acme/web:1\nother: ghcr.io/acme/other:1\n";
    let template = "  - name: a\n    image: {{ .Values.image }}\n  - name: b\n    image: docker.io/{{ .Values.image | trimPrefix \"ghcr.io/\" }}\n  - name: c\n    image: {{ .Values.other }}\n";
    chart(&sandbox, values, template);
    let hub = POLICY.replace("to: \"mirror.example.com/**\"", "to: \"mirror.example.com/hub/**\"");
    sandbox.write("image-policy.yaml", &hub);
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(3);
    assert!(said.err.contains("not moved"), "{}", said.err);
    assert!(sandbox.read("app/values.yaml").contains("mirror.example.com/gh/acme/other:1"));
    // What did move is what is used now, and nothing was put together by halves.
    let listed = sandbox.run("list --evaluate").exits(0).out;
    assert!(!listed.contains("hub/gh") && !listed.contains("gh/hub"), "{listed}");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn an_argument_that_names_the_image_is_proved_although_only_the_policy_knows_the_mirror() {
    let sandbox = Sandbox::new();
    let template =
        "  - name: a\n    image: busybox\n    args: [\"--sidecar={{ .Values.image }}\"]\n";
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 2");
    assert_eq!(sandbox.read("app/values.yaml"), "image: mirror.example.com/gh/acme/web:1\n");
    sandbox.run("list --evaluate").exits(0).shows("app/templates/pod.yaml:7");
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
fn only_what_was_verified_moves_and_never_to_what_is_gone() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.a }}\n  - name: b\n    image: {{ .Values.b }}\n  - name: c\n    image: {{ .Values.c }}\n  - name: d\n    image: {{ .Values.d }}\n";
    let values =
        "a: ghcr.io/acme/a:1\nb: ghcr.io/acme/b:1\nc: ghcr.io/acme/c:1\nd: ghcr.io/acme/d:1\n";
    chart(&sandbox, values, template);
    let entry = |name: &str, answer: &str| {
        let (from, to) =
            (format!("ghcr.io/acme/{name}:1"), format!("mirror.example.com/gh/acme/{name}:1"));
        format!(
            "{{\"reference\": \"{from}\", \"target\": \"{to}\", \"answer\": \"{answer}\", \"asked\": \"2026-11-25T22:00:00Z\"}}"
        )
    };
    let entries =
        [entry("a", "same-platforms"), entry("b", "missing-tag"), entry("c", "throttled")];
    let text = format!("{{\"version\": 1, \"entries\": [{}]}}", entries.join(", "));
    sandbox.run("migrate --verified found.json").exits(2).errs("does not exist");
    sandbox.write("found.json", "{");
    sandbox.run("migrate --verified found.json").exits(2).errs("is wrong");
    sandbox.write("found.json", &text);
    let said = sandbox.run("migrate --verified found.json").exits(3).shows("moved 1");
    for because in [
        "b:1` is not there: missing-tag",
        "c:1` could not be verified: throttled",
        "d:1` was never verified",
    ] {
        assert!(said.err.contains(because), "{}", said.err);
    }
    let moved = values.replace("ghcr.io/acme/a", "mirror.example.com/gh/acme/a");
    assert_eq!(sandbox.read("app/values.yaml"), moved);
    // Where `verify` writes, it counts although nobody names it.
    sandbox.write(".chart-images/verified.json", &text);
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 2");
    assert!(said.err.contains("b:1` is not there: missing-tag"), "{}", said.err);
    sandbox.run("migrate --unverified --verified found.json").exits(2);
}

#[test]
fn a_chart_is_known_by_the_name_in_its_chart_yaml() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    let text = sandbox.read("app/Chart.yaml").replace("name: app", "name: 'shop'");
    sandbox.write("app/Chart.yaml", &text);
    sandbox.run("migrate --unverified --chart shop").exits(0).shows("moved 1");
    sandbox.run("rollback --chart other").exits(0).shows("no migration");
    sandbox.run("rollback --chart shop").exits(0).shows("app is as it was");
    assert_eq!(sandbox.read("app/Chart.yaml"), text);
}

#[test]
fn a_published_chart_goes_back_in_a_new_version() {
    let sandbox = Sandbox::new();
    let values = "image: ghcr.io/acme/web:1\n";
    chart(&sandbox, values, "  - name: a\n    image: {{ .Values.image }}\n");
    let readme =
        |version: &str| format!("![Version: {version}](x/badge/Version-{version}-x)\nhelm-docs\n");
    sandbox.write("app/README.md", &readme("1.0.0"));
    sandbox.run("migrate --unverified").exits(0).shows("1.0.0 -> 1.0.1");
    // Somebody published it, and went on.
    let later = sandbox.read("app/Chart.yaml").replace("1.0.1", "1.4.0") + "icon: x\n";
    sandbox.write("app/Chart.yaml", &later);
    sandbox.write("app/README.md", &readme("1.4.0"));
    sandbox.run("rollback").exits(3).errs("version: 1.0.1");
    sandbox.run("rollback --bump").exits(0).shows("app is as it was, at a new version");
    assert_eq!(sandbox.read("app/values.yaml"), values);
    assert_eq!(sandbox.read("app/Chart.yaml"), later.replace("1.4.0", "1.4.1"));
    assert_eq!(sandbox.read("app/README.md"), readme("1.4.1"));
    sandbox.run("rollback --bump").exits(0).shows("no migration");
}

/// A second chart, which depends on `app`.
fn dependant(sandbox: &Sandbox, version: &str) {
    let dependencies = format!(
        "dependencies:\n  - name: app\n    version: {version} # ours\n    repository: file://../app\n"
    );
    sandbox.write(
        "shop/Chart.yaml",
        &format!("apiVersion: v2\nname: shop\nversion: 2.0.0\n{dependencies}"),
    );
    sandbox.write("shop/values.yaml", "x: 1\n");
}

#[test]
fn dependants_in_the_repository_follow_the_version() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    dependant(&sandbox, "1.0.0");
    // As Helm locks it.
    let lock = |version: &str, digest: &str| {
        format!(
            "dependencies:\n- name: app\n  repository: file://../app\n  version: {version}\ndigest: sha256:{digest}\ngenerated: \"2026-11-25T22:00:00Z\"\n"
        )
    };
    sandbox.write("shop/Chart.lock", &lock("1.0.0", DIGEST));
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(0).shows("shop 2.0.0 -> 2.0.1");
    assert!(!said.err.contains("note"), "{}", said.err);
    let text = sandbox.read("shop/Chart.yaml");
    assert!(text.contains("version: 1.0.1 # ours") && text.contains("version: 2.0.1"), "{text}");
    assert_eq!(sandbox.read("shop/Chart.lock"), lock("1.0.1", RAISED));
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
    // A lock that is stale already is Helm's to write.
    sandbox.write("shop/Chart.lock", &lock("1.0.0", "00"));
    let said = sandbox.run("migrate --unverified").exits(0);
    assert!(said.err.contains("helm dependency update shop"), "{}", said.err);
    assert_eq!(sandbox.read("shop/Chart.lock"), lock("1.0.0", "00"));
    sandbox.run("rollback").exits(0);
    // A range admits the new version.
    dependant(&sandbox, "^1.0.0");
    sandbox.run("migrate --unverified").exits(0).hides("shop");
}

#[test]
fn the_policy_says_which_part_of_the_version_goes_up() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    for (part, after) in [("minor", "1.1.0"), ("none", "1.0.0")] {
        sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: {part}}}\n"));
        sandbox.run("migrate --unverified").exits(0);
        assert!(sandbox.read("app/Chart.yaml").contains(&format!("version: {after}\n")));
        sandbox.run("rollback").exits(0);
    }
    sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: most}}\n"));
    sandbox.run("migrate --unverified").exits(2);
}

#[test]
fn a_variable_that_shows_to_be_an_image_only_with_a_registry_is_no_surprise() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image }}\n    env: [{name: SELF, value: \"{{ .Values.image }}\"}]\n";
    chart(&sandbox, "image: acme/web:1\n", template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(sandbox.read("app/values.yaml"), "image: mirror.example.com/acme/web:1\n");
}

#[test]
fn each_chart_is_a_commit_that_goes_back_alone() {
    let Some(sandbox) = Sandbox::with_git() else { return };
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.chart("other", "image: busybox:1\n");
    sandbox.git(&["config", "user.name", "t"]);
    sandbox.git(&["config", "user.email", "t@example.com"]);
    sandbox.commit();
    let before = files(&sandbox.root().join("app"));
    // What is staged elsewhere stays staged.
    sandbox.write("mine", "x");
    sandbox.git(&["add", "mine"]);
    sandbox.run("migrate --unverified --commit").exits(0).shows("moved 2");
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "A  mine\n");
    let said = sandbox.git(&["log", "--format=%B", "-1", "--", "app"]);
    insta::assert_snapshot!(said);
    assert_eq!(
        sandbox.git(&["show", "--format=", "--name-only", "HEAD"]),
        ".chart-images/migrations/0002.json\nother/Chart.yaml\nother/values.yaml\n"
    );
    sandbox.git(&["commit", "--quiet", "--message=mine"]);
    sandbox.run("rollback --chart app").exits(0);
    assert!(files(&sandbox.root().join("app")) == before);
    sandbox.run("migrate --unverified --commit").exits(2).errs("not committed");
    sandbox.run("migrate --unverified --messages").exits(0).shows("app: move 1 image");
}

#[test]
fn notes_of_migrations_are_kept_in_a_file() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.write("NOTES.md", "# Ours\n");
    sandbox.run("migrate --unverified --notes NOTES.md").exits(0);
    let text = sandbox.read("NOTES.md");
    let row = "| app | 1.0.1 | `ghcr.io/acme/web:1` | `mirror.example.com/gh/acme/web:1` |\n";
    assert!(text.starts_with("# Ours\n\n<!--") && text.contains(row), "{text}");
    sandbox.run("rollback --notes NOTES.md").exits(0);
    assert!(!sandbox.read("NOTES.md").contains(row));
    sandbox.write("NOTES.md", "<!-- chart-images: migrations -->\n");
    sandbox.run("migrate --unverified --notes NOTES.md").exits(2).errs("both markers");
}

#[test]
fn lint_fixes_what_it_finds_and_shows_it_before() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image }}\n  - name: b\n    image: {{ .Values.other }} # chart-images: allow disallowed-registry -- a test\n";
    let values = "image: ghcr.io/acme/web:1\n# chart-images: allow disallowed-registry -- a test\nother: ghcr.io/acme/other:1\n";
    chart(&sandbox, values, template);
    let before = files(sandbox.root());
    let said = sandbox.run("lint --diff").exits(1);
    assert!(said.out.contains("+image: mirror.example.com/gh/acme/web:1\n"), "{}", said.out);
    assert!(!said.out.contains("mirror.example.com/gh/acme/other"), "{}", said.out);
    assert!(files(sandbox.root()) == before);
    sandbox.run("lint --fix").exits(2).errs("--unverified");
    assert!(files(sandbox.root()) == before);
    sandbox.run("lint --fix --unverified").exits(0).errs("fixed");
    // What is suppressed is no finding, so it stays.
    assert_eq!(
        sandbox.read("app/values.yaml"),
        values.replace("ghcr.io/acme/web", "mirror.example.com/gh/acme/web")
    );
    sandbox.run("lint --diff").exits(0).hides("+++");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[test]
fn reviewdog_is_a_format_of_lint() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox
        .run("lint --format rdjsonl")
        .exits(1)
        .shows("\"text\":\"mirror.example.com/gh/acme/web:1\"");
    sandbox.run("list --format rdjsonl").exits(2);
}

#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_not_written() {
    let sandbox = Sandbox::new();
    let values = "image: ghcr.io/acme/web:1\n";
    chart(&sandbox, values, "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.write("shared/values.yaml", values);
    sandbox.remove("app/values.yaml");
    let absolute = sandbox.root().join("shared/values.yaml");
    for target in [absolute.as_path(), Path::new("../shared/values.yaml")] {
        std::os::unix::fs::symlink(target, sandbox.root().join("app/values.yaml")).unwrap();
        let said = sandbox.run("migrate --unverified").exits(3);
        assert!(said.err.contains("app/values.yaml is a link"), "{}", said.err);
        assert_eq!(sandbox.read("shared/values.yaml"), values);
        sandbox.remove("app/values.yaml");
    }
}
