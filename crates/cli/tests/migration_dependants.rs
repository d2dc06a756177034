//! `migrate` and the charts of the repository that depend on the one that it raises.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{POLICY, chart, files};
use sandbox::Sandbox;

/// What Helm hashes a lock of `app` to, with its version and with the next ones.
const DIGEST: &str = "5e337993780bc32016917ae929d6c1e91d49e09766401181237e862f98911149";
const RAISED: &str = "a7d2f2b93c81ea7b7fb9755ff263158642d3b0a6789704254fdd353ffe5a8da0";
const TWICE: &str = "80aa32feefabb323a6a717ead117630f62bf25373ec5abc62e6fbdc7d1163a18";

/// The same of a lock of `shop`, on ranges of `app` and of `mid`.
const BOTH: &str = "7e886123eaad8a47fffea1f561dc61d6a14af9e0036bb8b75f6de4b4addc6dd1";
const BOTH_RAISED: &str = "5b8c153bbb849a839ca27a2b28634b4860dc648e6f515b52f2bc386fbbdd86dc";

/// A chart with an image that moves.
fn app(sandbox: &Sandbox) {
    chart(sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
}

/// A dependency as a Chart.yaml names it.
fn on(name: &str, range: &str) -> String {
    format!("  - name: {name}\n    version: {range}\n    repository: file://../{name}\n")
}

/// A chart that depends on others.
fn depends(sandbox: &Sandbox, name: &str, version: &str, dependencies: &str) {
    let head = format!("apiVersion: v2\nname: {name}\nversion: {version}\n");
    sandbox.write(&format!("{name}/Chart.yaml"), &format!("{head}dependencies:\n{dependencies}"));
}

/// A lock as Helm writes it.
fn lock(dependencies: &[(&str, &str)], digest: &str) -> String {
    let entry = |(name, version): &(&str, &str)| {
        format!("- name: {name}\n  repository: file://../{name}\n  version: {version}\n")
    };
    let entries: String = dependencies.iter().map(entry).collect();
    format!(
        "dependencies:\n{entries}digest: sha256:{digest}\ngenerated: \"2026-11-25T22:00:00Z\"\n"
    )
}

#[test]
fn dependants_in_the_repository_follow_the_version() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    depends(&sandbox, "shop", "2.0.0", &on("app", "1.0.0 # ours"));
    sandbox.write("shop/Chart.lock", &lock(&[("app", "1.0.0")], DIGEST));
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(0).shows("shop 2.0.0 -> 2.0.1");
    assert!(!said.err.contains("note"), "{}", said.err);
    let text = sandbox.read("shop/Chart.yaml");
    assert!(text.contains("version: 1.0.1 # ours") && text.contains("version: 2.0.1"), "{text}");
    assert_eq!(sandbox.read("shop/Chart.lock"), lock(&[("app", "1.0.1")], RAISED));
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
    // A lock that is stale already is Helm's to write.
    sandbox.write("shop/Chart.lock", &lock(&[("app", "1.0.0")], "00"));
    let said = sandbox.run("migrate --unverified").exits(0);
    assert!(said.err.contains("helm dependency update shop"), "{}", said.err);
    assert_eq!(sandbox.read("shop/Chart.lock"), lock(&[("app", "1.0.0")], "00"));
    sandbox.run("rollback").exits(0);
}

#[test]
fn where_a_range_admits_the_version_the_lock_follows() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    depends(&sandbox, "shop", "2.0.0", &on("app", "^1.0.0"));
    // Without a lock there is nothing to follow.
    sandbox.run("migrate --unverified").exits(0).hides("shop");
    sandbox.run("rollback").exits(0);
    // The second one follows in a round of its own.
    depends(&sandbox, "mid", "1.0.0", &on("app", "1.0.0"));
    sandbox.write("mid/Chart.lock", &lock(&[("app", "1.0.0")], DIGEST));
    depends(&sandbox, "shop", "2.0.0", &(on("app", "^1.0.0") + &on("mid", "~1.0.0")));
    sandbox.write("shop/Chart.lock", &lock(&[("app", "1.0.0"), ("mid", "1.0.0")], BOTH));
    let before = files(sandbox.root());
    let said = sandbox.run("migrate --unverified").exits(0).shows("shop 2.0.0 -> 2.0.1");
    assert!(!said.err.contains("note"), "{}", said.err);
    assert_eq!(sandbox.read("mid/Chart.lock"), lock(&[("app", "1.0.1")], RAISED));
    let raised = lock(&[("app", "1.0.1"), ("mid", "1.0.1")], BOTH_RAISED);
    assert_eq!(sandbox.read("shop/Chart.lock"), raised);
    assert!(sandbox.read("shop/Chart.yaml").contains("version: ^1.0.0\n"));
    sandbox.run("rollback").exits(0);
    assert!(files(sandbox.root()) == before);
    // A lock that is stale already is told of, and its chart is no new version.
    sandbox.write("shop/Chart.lock", &lock(&[("app", "1.0.0"), ("mid", "1.0.0")], "00"));
    let said = sandbox.run("migrate --unverified").exits(0).hides("shop");
    assert!(said.err.contains("`helm dependency update shop`"), "{}", said.err);
}

#[test]
fn dependants_of_a_chart_that_goes_back_to_a_new_version_follow() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    depends(&sandbox, "mid", "1.0.0", &on("app", "1.0.0"));
    sandbox.write("mid/Chart.lock", &lock(&[("app", "1.0.0")], DIGEST));
    sandbox.run("migrate --unverified").exits(0);
    // No migration changed that one.
    depends(
        &sandbox,
        "shop",
        "2.0.0",
        "  - version: \"=1.0.1\"\n    name: app\n    repository: file://../app\n",
    );
    let before = files(sandbox.root());
    let shown = sandbox.run("rollback --bump --dry-run").exits(0).shows("+version: 2.0.1");
    shown.shows("+  - version: \"=1.0.2\"");
    assert!(files(sandbox.root()) == before);
    let said = sandbox.run("rollback --bump").exits(0).shows("mid is as it was, at 1.0.2\n");
    let said = said.shows("shop 2.0.0 -> 2.0.1, as it depends on what has a new version");
    assert!(!said.err.contains("note"), "{}", said.err);
    assert!(sandbox.read("app/Chart.yaml").contains("version: 1.0.2\n"));
    let text = sandbox.read("mid/Chart.yaml");
    assert!(text.matches("version: 1.0.2\n").count() == 2, "{text}");
    assert_eq!(sandbox.read("mid/Chart.lock"), lock(&[("app", "1.0.2")], TWICE));
    let text = sandbox.read("shop/Chart.yaml");
    assert!(text.contains("version: 2.0.1\n") && text.contains("\"=1.0.2\""), "{text}");
    assert!(!sandbox.root().join(".chart-images").exists());
    // Back to the version that was, nobody has to follow.
    depends(&sandbox, "mid", "1.0.0", &on("app", "1.0.2"));
    sandbox.remove("mid/Chart.lock");
    sandbox.run("migrate --unverified").exits(0).shows("mid 1.0.0 -> 1.0.1");
    let said = sandbox.run("rollback").exits(0).hides("shop 2.0.1");
    assert!(!said.err.contains("note"), "{}", said.err);
}

#[test]
fn a_dependant_that_cannot_follow_to_a_new_version_is_told_of() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    sandbox.run("migrate --unverified").exits(0);
    // As an alias it is only what the copy is.
    let alias = on("app", "1.0.1") + "    alias: web\n";
    depends(&sandbox, "shop", "2.0.0", &alias);
    for file in ["Chart.yaml", "values.yaml", "templates/pod.yaml"] {
        sandbox.write(&format!("shop/charts/app/{file}"), &sandbox.read(&format!("app/{file}")));
    }
    sandbox.write("shop/values.yaml", "web: {image: \"mirror.example.com/gh/acme/other:1\"}\n");
    depends(&sandbox, "wide", "2.0.0", &on("app", "<=1.0.1"));
    // Nobody can say what is next.
    depends(&sandbox, "odd", "1.0", &on("app", "1.0.1"));
    depends(&sandbox, "lock", "1.0", &on("app", "^1.0.0"));
    sandbox.write("lock/Chart.lock", &lock(&[("app", "1.0.1")], "00"));
    let url = on("app", "1.0.1").replace("file://../app", "https://charts.example.com");
    depends(&sandbox, "url", "2.0.0", &url);
    // That follows what cannot.
    depends(&sandbox, "last", "2.0.0", &on("shop", "2.0.0"));
    let before: Vec<_> =
        ["shop", "wide", "last", "odd", "lock"].map(|c| files(&sandbox.root().join(c))).into();
    let said = sandbox.run("rollback --bump").exits(0).hides("2.0.1");
    for told in [
        "cannot follow with the copy that it has: name 1.0.2 for 1.0.1 there, then run `helm dependency update shop`",
        "wide/Chart.yaml depends on app `<=1.0.1`, which does not admit its new version 1.0.2",
        "url gets what was taken back when 1.0.2 is published; then set its version there to 1.0.2 and run `helm dependency update url`",
        "odd/Chart.yaml depends on a chart that has a new version now, and has no version of its own that could be raised: name 1.0.2 for 1.0.1 there",
        "lock depends on a chart that has a new version now: run `helm dependency update lock` for its lock",
    ] {
        assert!(said.err.contains(told), "no {told:?} in {}", said.err);
    }
    let after: Vec<_> =
        ["shop", "wide", "last", "odd", "lock"].map(|c| files(&sandbox.root().join(c))).into();
    assert!(before == after);
}

#[test]
fn what_nothing_here_can_mend_is_told() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    depends(&sandbox, "old", "2.0.0", &on("app", "\"<=1.0.0\""));
    let url = |range: &str| on("app", range).replace("file://../app", "https://charts.example.com");
    depends(&sandbox, "exact", "2.0.0", &url("1.0.0"));
    depends(
        &sandbox,
        "range",
        "2.0.0",
        &url("^1.0.0").replace("https://charts.example.com", "\"@ours\""),
    );
    // That is another version, and so another chart's business.
    depends(&sandbox, "other", "2.0.0", &url("0.9.0"));
    let before = files(&sandbox.root().join("old"));
    let said = sandbox.run("migrate --unverified").exits(0).hides("2.0.1");
    for told in [
        "old/Chart.yaml depends on app `<=1.0.0`, which does not admit its new version 1.0.1",
        "exact/Chart.yaml depends on app `1.0.0` of https://charts.example.com",
        "set its version there to 1.0.1 and run `helm dependency update exact`",
        "range/Chart.yaml depends on app `^1.0.0` of @ours",
        "then run `helm dependency update range`",
    ] {
        assert!(said.err.contains(told), "no {told:?} in {}", said.err);
    }
    assert!(!said.err.contains("other"), "{}", said.err);
    assert!(files(&sandbox.root().join("old")) == before);
}

#[test]
fn a_dependant_that_was_not_judged_is_told_of() {
    let sandbox = Sandbox::with_git();
    app(&sandbox);
    depends(&sandbox, "shop", "2.0.0", &on("app", "1.0.0"));
    let said = sandbox.run("migrate --unverified app").exits(0).hides("shop");
    assert!(said.err.contains("name shop too"), "{}", said.err);
    sandbox.run("rollback").exits(0);
    let said = sandbox.run("migrate --unverified app shop").exits(0).shows("shop 2.0.0 -> 2.0.1");
    assert!(!said.err.contains("note"), "{}", said.err);
    // A version that stays asks nothing of anybody.
    sandbox.run("rollback").exits(0);
    sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: none}}\n"));
    let said = sandbox.run("migrate --unverified app").exits(0);
    assert!(!said.err.contains("note"), "{}", said.err);
}

#[test]
fn the_folder_of_a_dependant_is_one_word_of_the_command() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    let shop = "shop; $(id)";
    depends(&sandbox, shop, "2.0.0", &on("app", "1.0.0"));
    sandbox.write(&format!("{shop}/Chart.lock"), &lock(&[("app", "1.0.0")], "00"));
    // One whose range does not admit the new version.
    depends(&sandbox, "kiosk; $(id)", "2.0.0", &on("app", "<=1.0.0"));
    let said = sandbox.run("migrate --unverified").exits(0);
    let said = said.errs("run `helm dependency update 'shop; $(id)'` for its lock");
    said.errs("or `helm dependency update 'kiosk; $(id)'` fails");
    // After the way back to a new version, too.
    sandbox.run("rollback --bump").exits(0).errs("`helm dependency update 'shop; $(id)'`");
}

#[test]
fn a_copy_of_a_chart_that_moves_is_told_with_what_it_will_use() {
    let sandbox = Sandbox::new();
    chart(
        &sandbox,
        "global: {registry: \"\"}\nimage: {registry: docker.io, repository: acme/lib, tag: \"1\"}\n",
        "  - name: a\n    image: {{ .Values.global.registry | default .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag }}\n",
    );
    sandbox.write(
        "image-policy.yaml",
        &POLICY.replace("mirror.example.com/**", "mirror.example.com/hub/**"),
    );
    for file in ["Chart.yaml", "values.yaml", "templates/pod.yaml"] {
        let text = sandbox.read(&format!("app/{file}"));
        sandbox.write(&format!("shop/charts/app/{file}"), &text);
    }
    depends(&sandbox, "shop", "2.0.0", &on("app", "^1.0.0"));
    let told = "note: shop holds shop/charts/app, a copy of app: run `helm dependency update shop`, which brings the new version";
    // Given both parts, the copy is right before the update and after it.
    let said = sandbox.run("migrate --dry-run --unverified").exits(0).errs(told);
    assert!(
        said.out.contains("+    registry: mirror.example.com\n+    repository: hub/acme/lib\n"),
        "{}",
        said.out
    );
    // A registry that others share takes the path along, and then the copy has it, too.
    sandbox.write("shop/values.yaml", "global: {registry: ghcr.io}\nown: acme/own\n");
    let pod = sandbox.read("app/templates/pod.yaml");
    let (head, _) = pod.split_once("    image:").unwrap();
    sandbox.write(
        "shop/templates/pod.yaml",
        &format!("{head}    image: {{{{ .Values.global.registry }}}}/{{{{ .Values.own }}}}:1\n"),
    );
    let said = sandbox.run("migrate --dry-run --unverified").exits(3).errs(told);
    let wrong = "shop would use it after `helm dependency update shop`";
    assert!(said.err.contains(wrong), "{}\n{}", said.out, said.err);
}

#[test]
fn a_dependant_on_a_version_that_goes_away_is_told_of() {
    let sandbox = Sandbox::new();
    app(&sandbox);
    depends(&sandbox, "shop", "2.0.0", &on("app", "1.0.0"));
    let before = files(sandbox.root());
    sandbox.run("migrate --unverified").exits(0);
    let told = "shop/Chart.yaml depends on version 1.0.1 of a chart that is 1.0.0 again: take this one back, too, with `rollback --chart shop`";
    sandbox.run("rollback --chart app --dry-run").exits(0).errs(told);
    sandbox.run("rollback --chart app").exits(0).errs(told);
    let said = sandbox.run("rollback --chart shop").exits(0);
    assert!(!said.err.contains("note"), "{}", said.err);
    assert!(files(sandbox.root()) == before);
    // Together there is nothing to tell.
    sandbox.run("migrate --unverified").exits(0);
    let said = sandbox.run("rollback").exits(0);
    assert!(!said.err.contains("note"), "{}", said.err);
    assert!(files(sandbox.root()) == before);
}
