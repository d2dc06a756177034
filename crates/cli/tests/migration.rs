//! `migrate` and `rollback`: the charts of the plan become those of the fixture
//! `migrated`, and become what they were.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{POLICY, chart, charts, copy_of_dependency, files};
use sandbox::{Sandbox, fixture};
use std::path::Path;

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
    let listed = sandbox.run("list").exits(0).out;
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
    sandbox.run("list").exits(0).shows("app/templates/pod.yaml:7");
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
fn values_of_a_test_that_show_to_be_an_image_only_with_a_registry_are_no_surprise() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: busybox\n    args: [\"--sidecar={{ .Values.image.repository }}:{{ .Values.image.tag }}\"]\n";
    let values = "image:\n  repository: ghcr.io/acme/web\n  tag: v1\n";
    chart(&sandbox, values, template);
    for name in ["a", "b"] {
        let path = format!("app/ci/{name}-values.yaml");
        sandbox.write(&path, "image:\n  repository: acme/web\n");
    }
    sandbox.run("migrate --unverified").exits(0);
    for name in ["a", "b"] {
        let text = sandbox.read(&format!("app/ci/{name}-values.yaml"));
        assert_eq!(text, "image:\n  repository: mirror.example.com/acme/web\n");
    }
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
}

#[test]
fn a_registry_for_where_the_values_give_none_moves_with_them() {
    let sandbox = Sandbox::new();
    let template = "  - name: a\n    image: {{ .Values.image.registry | default \"ghcr.io\" }}/{{ .Values.image.repository }}:1\n";
    let values = "image:\n  registry: ghcr.io\n  repository: acme/web\n";
    chart(&sandbox, values, template);
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    let moved = "image:\n  registry: mirror.example.com\n  repository: gh/acme/web\n";
    assert_eq!(sandbox.read("app/values.yaml"), moved);
    assert!(sandbox.read("app/templates/pod.yaml").contains("default \"mirror.example.com\" }}/"));
    sandbox.run("lint").exits(0);
    sandbox.run("migrate --unverified").exits(0).shows("nothing to move");
}

#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_not_written() {
    let sandbox = Sandbox::new();
    let values = "image: ghcr.io/acme/web:1\n";
    chart(&sandbox, values, "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.write("common/values.yaml", values);
    sandbox.remove("app/values.yaml");
    let absolute = sandbox.root().join("common/values.yaml");
    for target in [absolute.as_path(), Path::new("../common/values.yaml")] {
        std::os::unix::fs::symlink(target, sandbox.root().join("app/values.yaml")).unwrap();
        let said = sandbox.run("migrate --unverified").exits(3);
        assert!(said.err.contains("app/values.yaml is reached by a link"), "{}", said.err);
        assert_eq!(sandbox.read("common/values.yaml"), values);
        sandbox.remove("app/values.yaml");
    }
}

#[test]
fn a_chart_in_the_folder_of_another_is_proved_beside_it() {
    let sandbox = Sandbox::new();
    let image = "  - name: a\n    image: {{ .Values.image }}\n";
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", image);
    for file in ["Chart.yaml", "values.yaml", "templates/pod.yaml"] {
        sandbox.write(&format!("app/extra/{file}"), &sandbox.read(&format!("app/{file}")));
    }
    let before = files(sandbox.root());
    sandbox.run("migrate --dry-run").exits(0).shows("+++ b/app/extra/values.yaml");
    assert!(files(sandbox.root()) == before);
    sandbox.run("migrate --unverified").exits(0).shows("moved 2");
    assert_eq!(sandbox.read("app/extra/values.yaml"), "image: mirror.example.com/gh/acme/web:1\n");
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
}

#[cfg(unix)]
#[test]
fn more_files_change_than_a_process_may_have_open() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    for number in 0..60 {
        for file in ["Chart.yaml", "values.yaml", "templates/pod.yaml"] {
            sandbox.write(&format!("app{number}/{file}"), &sandbox.read(&format!("app/{file}")));
        }
    }
    let before = charts(sandbox.root());
    let mut command = sandbox.command_of("/bin/sh", ".");
    let migrate = "ulimit -Sn 64 && exec \"$0\" migrate --unverified --root .";
    let output =
        command.args(["-c", migrate, env!("CARGO_BIN_EXE_chart-images")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("moved 61"));
    sandbox.run("rollback").exits(0);
    assert!(charts(sandbox.root()) == before);
}

#[test]
fn an_image_moves_only_to_what_the_policy_permits() {
    let sandbox = Sandbox::new();
    let values = "a: ghcr.io/a:1\nb: ghcr.io/x/b:1\nc: busybox:1\n";
    let pod = ["a", "b", "c"].map(|n| format!("  - name: {n}\n    image: {{{{ .Values.{n} }}}}\n"));
    chart(&sandbox, values, &pod.concat());
    let policy = "version: 1\nregistries: {disallowed: [docker.io, ghcr.io]}\nreplacements:\n  - {from: 'ghcr.io/**', to: 'docker.io/mirror/**'}\n  - {from: 'docker.io/library/*', to: 'docker.io/mirror/*'}\n";
    sandbox.write("image-policy.yaml", policy);
    let said =
        sandbox.run("lint").exits(2).shows("image-policy.yaml:4:30").shows("docker.io/mirror/**");
    said.shows("would have to move again").shows("permit the target by an exception");
    let excepted = "exceptions: [{images: ['docker.io/mirror/*'], reason: ours}]\n";
    sandbox.write("image-policy.yaml", &format!("{policy}{excepted}"));
    let said = sandbox.run("migrate --unverified").exits(3).shows("moved 2;");
    assert!(said.err.contains("not moved: ghcr.io/x/b:1"), "{}", said.err);
    let moved = "a: docker.io/mirror/a:1\nb: ghcr.io/x/b:1\nc: docker.io/mirror/busybox:1\n";
    assert_eq!(sandbox.read("app/values.yaml"), moved);
    sandbox.run("migrate --unverified").exits(3).shows("nothing to move");
    assert_eq!(sandbox.read("app/values.yaml"), moved);
}
