//! `--values`, `--set`, `--set-string` and `--why`, on the real binary.

mod sandbox;

use sandbox::{LOOSE, STRICT, Sandbox};

const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.image }}\n";
const GOOD: &str = "image: public.ecr.aws/acme/web:1\n";
const BAD: &str = "image: ghcr.io/acme/other:1\n";

fn sandbox() -> Sandbox {
    fill(Sandbox::new())
}

fn fill(sandbox: Sandbox) -> Sandbox {
    for chart in ["charts/a", "charts/b"] {
        sandbox.chart(chart, GOOD);
        sandbox.write(&format!("{chart}/templates/pod.yaml"), POD);
    }
    sandbox
}

#[test]
fn a_values_file_is_judged_with_every_chart() {
    let sandbox = sandbox();
    sandbox.run("lint").exits(0);
    sandbox.write("deploy/prod.yaml", BAD);
    for flag in ["-f", "--values"] {
        let said = sandbox.run(&format!("lint {flag} deploy/prod.yaml")).exits(1);
        said.shows("deploy/prod.yaml:1:8").shows("1 error in 4 images of 2 charts (7 files)");
    }
    sandbox.run_in("charts", "lint a -f ../deploy/prod.yaml --root ..", &[]).exits(1);
    // Later files are over earlier ones, what is set is over all files.
    sandbox.write("deploy/good.yaml", "image: public.ecr.aws/acme/good:1\n");
    let list =
        |flags: &str| sandbox.run(&format!("list charts/a --format concise {flags}")).exits(0);
    let both = "-f deploy/prod.yaml -f deploy/good.yaml";
    list(both).shows("acme/good:1");
    list(&format!("{both} --set image=ghcr.io/acme/set:1")).shows("acme/set:1 disallowed");
    list("--set image=ghcr.io/acme/set:1 --set-string image=ghcr.io/acme/string:1")
        .shows("acme/string:1")
        .hides("acme/set:1");
    // A single file is asked about together with what is given.
    sandbox.run("lint charts/a/Chart.yaml -f deploy/prod.yaml").exits(1).shows("deploy/prod.yaml");
    sandbox
        .run("lint --list-files -f deploy/prod.yaml")
        .shows("deploy/prod.yaml\tread as values\n");
}

#[test]
fn values_that_helm_would_not_take_are_status_2() {
    let sandbox = sandbox();
    sandbox.run("lint -f nope.yaml").exits(2).errs("nope.yaml");
    sandbox.run("lint -f charts").exits(2).errs("is a folder");
    sandbox.write("bad.yaml", "a: 1\nb: [1\nc: 2\n");
    sandbox.run("lint -f bad.yaml").exits(2).errs("the values file bad.yaml:3:");
    sandbox.write("list.yaml", "- a\n");
    sandbox.run("list -f list.yaml").exits(2).errs("the values file list.yaml:1:1");
    std::fs::write(sandbox.root().join("latin.yaml"), b"a: 1\nb: \xe9\n").unwrap();
    sandbox.run("lint -f latin.yaml").exits(2).errs("line 2 is not UTF-8");
    sandbox.run("lint --set image").exits(2).errs("failed parsing --set data: key \"image\"");
    sandbox.run("lint --set-string a[x]=1").exits(2).errs("failed parsing --set-string data");
}

#[test]
fn a_revision_is_judged_with_its_own_values_files() {
    let sandbox = fill(Sandbox::with_git());
    sandbox.write("deploy/prod.yaml", BAD);
    sandbox.commit();
    sandbox.run("lint -f deploy/prod.yaml").exits(1);
    sandbox.run("lint -f deploy/prod.yaml --since HEAD").exits(0);
    sandbox.write("deploy/prod.yaml", "image: ghcr.io/acme/more:1\n");
    sandbox.run("lint -f deploy/prod.yaml --since HEAD").exits(1).shows("acme/more").hides("other");
    // A file that the revision does not have brings nothing that it has.
    sandbox.write("deploy/new.yaml", BAD);
    sandbox.run("lint -f deploy/new.yaml --since HEAD").exits(1).shows("deploy/new.yaml");
    sandbox.git(&["checkout", "--quiet", "--", "."]);
    sandbox.write("deploy/prod.yaml", "b: [");
    sandbox.commit();
    sandbox.write("deploy/prod.yaml", BAD);
    let said = sandbox.run("lint -f deploy/prod.yaml --since HEAD").exits(1);
    said.errs("note: the values at revision `HEAD` cannot be read");
}

#[test]
fn values_do_not_get_round_a_trusted_policy() {
    let sandbox = fill(Sandbox::with_git());
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.chart("charts/a", BAD);
    sandbox.write("deploy/prod.yaml", BAD);
    sandbox.commit();
    // The pull request: another policy, a suppression in the values file, values that
    // replace what the chart gives.
    sandbox.write("image-policy.yaml", LOOSE);
    let allow = "# chart-images: allow disallowed-registry -- why\n";
    sandbox.write("deploy/prod.yaml", &format!("{allow}{BAD}"));
    let said = sandbox.run("lint charts/a --policy-from HEAD -f deploy/prod.yaml").exits(1);
    said.shows("deploy/prod.yaml:2:").shows("charts/a/values.yaml:1:").shows("unused-suppression");
    sandbox.write("deploy/prod.yaml", GOOD);
    let said = sandbox.run("lint charts/a --policy-from HEAD -f deploy/prod.yaml").exits(1);
    said.shows("charts/a/values.yaml:1:").hides("deploy/prod.yaml:");
    sandbox.run("lint charts/a --policy-from HEAD --set image=null").exits(1);
    // Once it is there, it counts, also where one of two charts has no use for it.
    sandbox.git(&["checkout", "--quiet", "--", "."]);
    sandbox.chart("charts/a", GOOD);
    sandbox.chart("charts/c", "");
    sandbox.write("deploy/prod.yaml", &format!("{allow}{BAD}"));
    sandbox.commit();
    let said = sandbox.run("lint --policy-from HEAD -f deploy/prod.yaml").exits(0);
    said.hides("unused-suppression");
}

#[test]
fn the_way_is_shown_when_it_is_asked_for() {
    let sandbox = sandbox();
    sandbox.write("prod.yaml", BAD);
    let way = "→ charts/a/templates/pod.yaml:6:14 Pod container `web`";
    let lint = "lint charts/a -f prod.yaml";
    sandbox.run(&format!("{lint} --why")).exits(1).shows("prod.yaml:1:8 `image:").shows(way);
    sandbox.run(lint).exits(1).hides(way).shows("used by container `web` of a Pod");
    sandbox.run("list charts/a --why").exits(0).shows("values.yaml:1:8 `image:").shows(way);
    let json = sandbox.run("list charts/a --why --format json").exits(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let why = &json["images"][0]["uses"][0]["why"];
    assert_eq!(why[0]["path"], "charts/a/values.yaml", "{json}");
    assert_eq!(why[1]["text"], "Pod container `web`", "{json}");
    sandbox.run("list charts/a --format json").exits(0).hides("why");
}
