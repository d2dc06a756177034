//! `plan`: the charts of a migration plan that was written by hand give that plan.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{BAD, STRICT, Sandbox, fixture};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

/// What `plan` says of a fixture.
fn plan(name: &str, format: &str) -> String {
    let said = Sandbox::of_fixture(name).run(&format!("plan --root . --format {format}"));
    assert_eq!(said.status, 0, "{}", said.err);
    said.out
}

/// The rows of the tables below a heading: the first cell, the second, and `file:line`.
fn table(document: &str, heading: &str) -> BTreeSet<(String, String, String)> {
    let lines = document.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('#'));
    let rows = lines.filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, first, second, .., last, _] = cells[..] else { panic!("{row}") };
        (first.to_owned(), second.to_owned(), last.to_owned())
    })
    .collect()
}

fn by_hand(list: &str) -> Vec<Value> {
    let rows: Value =
        serde_json::from_str(&fs::read_to_string(fixture("plan/rows.json")).unwrap()).unwrap();
    rows[list].as_array().unwrap().clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn place(row: &Value) -> String {
    format!("{}:{}", text(&row["path"]), row["line"])
}

#[test]
fn every_row_has_its_priority_its_equivalent_and_its_line() {
    let document = plan("plan", "markdown");
    for (priority, heading) in
        [("high", "#### High"), ("medium", "#### Medium"), ("low", "#### Low")]
    {
        let rows = by_hand("migrate");
        let rows = rows.iter().filter(|row| row["priority"] == priority);
        let expected: BTreeSet<_> = rows
            .map(|row| (text(&row["reference"]), text(&row["replacement"]), place(row)))
            .collect();
        assert_eq!(table(&document, heading), expected, "{priority}");
    }
    let places = |heading: &str| -> BTreeSet<(String, String)> {
        table(&document, heading).into_iter().map(|(image, _, at)| (image, at)).collect()
    };
    let of = |list: &str| -> BTreeSet<(String, String)> {
        by_hand(list).iter().map(|row| (text(&row["reference"]), place(row))).collect()
    };
    assert_eq!(places("### Special cases"), of("excepted"));
    // Their file counts, not the line: the registry stands above the repository.
    let images = |rows: BTreeSet<(String, String)>| -> BTreeSet<(String, String)> {
        let file = |at: String| at.rsplit_once(':').unwrap().0.to_owned();
        rows.into_iter().map(|(image, at)| (image, file(at))).collect()
    };
    assert_eq!(images(places("### Already migrated")), images(of("allowed")));
}

#[test]
fn the_document_is_pinned_and_says_the_same_twice() {
    let document = plan("plan", "markdown");
    assert_eq!(document, plan("plan", "markdown"));
    insta::assert_snapshot!(document);
}

#[test]
fn the_figures_count_the_rows() {
    let plan: Value = serde_json::from_str(&plan("plan", "json")).unwrap();
    let images = plan["images"].as_array().unwrap();
    let count = |test: &dyn Fn(&Value) -> bool| images.iter().filter(|i| test(i)).count() as u64;
    let figures = &plan["figures"];
    assert_eq!(figures["images"], images.len());
    assert_eq!(figures["migrated"], count(&|i| i["status"] == "allowed"));
    assert_eq!(figures["excepted"], count(&|i| i["status"] == "excepted"));
    for (phase, priority) in ["high", "medium", "low"].into_iter().enumerate() {
        let left = count(&|i| i["phase"] == phase + 1 && i["priority"] == priority);
        assert_eq!(figures["left"][priority], left, "{priority}");
    }
    assert_eq!(figures["percent"], 3 * 100 / 14);
    let toolbox = images.iter().find(|i| text(&i["reference"]).contains("k8s-toolbox")).unwrap();
    assert_eq!(toolbox["priorityReason"], "a utility beside the service");
}

#[test]
fn a_migration_that_is_done_says_so() {
    let document = plan("migrated", "markdown");
    assert!(document.contains("(100 %)"), "{document}");
    assert!(document.contains("Every chart is done."), "{document}");
    assert!(!document.contains("docker pull"), "{document}");
}

#[test]
fn what_was_verified_is_said_of_each_row() {
    let sandbox = Sandbox::of_fixture("plan");
    let images: Value =
        serde_json::from_str(&sandbox.run("list --root . --format json").out).unwrap();
    let image = |name: &str| {
        let mut all = images["images"].as_array().unwrap().iter();
        all.find(|image| text(&image["reference"]).contains(name)).unwrap().clone()
    };
    let (dex, curl) = (image("dexidp/dex"), image("curlimages/curl"));
    let entry = |image: &Value, answer: &str| {
        serde_json::json!({
            "reference": image["reference"], "target": image["replacement"],
            "answer": answer, "asked": "2026-11-25T22:00:00Z",
        })
    };
    let entries = [entry(&dex, "missing-repository"), entry(&curl, "identical")];
    let verified = serde_json::json!({"version": 1, "entries": entries});
    sandbox.write(".chart-images/verified.json", &verified.to_string());

    let document = sandbox.run("plan --root .").out;
    let row = |name: &str| {
        let mut rows = document.lines().filter(|line| line.starts_with("| `"));
        rows.find(|line| line.contains(name)).unwrap().to_owned()
    };
    assert!(row("dexidp/dex").ends_with("| missing repository (2026-11-25) |"), "{document}");
    assert!(row("curlimages/curl").ends_with("| identical |"), "{document}");
    assert!(row("ollama/ollama").ends_with("| not verified |"), "{document}");
    assert_eq!(document.matches("| Verified |").count(), 5, "{document}");
    let page = sandbox.run("plan --root . --format html").out;
    assert!(page.contains("missing repository (2026-11-25)"), "{page}");
    let plan: Value =
        serde_json::from_str(&sandbox.run("plan --root . --format json").out).unwrap();
    let rows = plan["images"].as_array().unwrap();
    let row = rows.iter().find(|row| row["reference"] == dex["reference"]).unwrap();
    assert_eq!(row["verified"]["answer"], "missing-repository");

    let lint = sandbox.run("lint --root . --format concise").out;
    let found: Vec<&str> =
        lint.lines().filter(|line| line.contains("replacement-missing")).collect();
    let [line] = found[..] else { panic!("{lint}") };
    assert!(line.contains("dexidp/dex") && line.contains("warning"), "{line}");
}

#[test]
fn a_wrong_file_of_what_was_verified_is_told() {
    let sandbox = Sandbox::of_fixture("plan");
    sandbox.write(".chart-images/verified.json", "{\"version\": 1}");
    for verb in ["lint", "list", "plan"] {
        let said = sandbox.run(&format!("{verb} --root ."));
        assert_eq!(said.status, 2, "{verb}");
        assert!(said.err.contains(".chart-images/verified.json is wrong: line 1"), "{}", said.err);
        assert!(said.err.contains("verify again"), "{}", said.err);
    }
}

#[test]
fn what_has_no_equivalent_or_is_a_copy_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    sandbox.write("app/values.yaml", "image: ghcr.io/acme/web:1\n");
    sandbox.write("app/charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
    sandbox.write("app/charts/sub/values.yaml", "image: ghcr.io/acme/sub:1\n");
    let said = sandbox.run("plan");
    assert_eq!(said.status, 0, "{}", said.err);
    let stuck = table(&said.out, "### Without an equivalent");
    assert_eq!(stuck.len(), 2, "{}", said.out);
    assert!(said.out.contains("is a copy of a dependency"), "{}", said.out);
    let said = sandbox.run("plan --format json");
    let plan: Value = serde_json::from_str(&said.out).unwrap();
    let vendored = |i: &&Value| i["vendored"] == true;
    let copies: Vec<&Value> = plan["images"].as_array().unwrap().iter().filter(vendored).collect();
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0]["chartName"], "sub");
}

#[test]
fn an_incomplete_inventory_is_an_incomplete_plan() {
    let sandbox = Sandbox::new();
    sandbox.write("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    sandbox.write("app/values.yaml", "image: [\n");
    let said = sandbox.run("plan");
    assert_eq!(said.status, 3, "{}", said.out);
    assert!(said.out.contains("could not be read or analysed"), "{}", said.out);
}

#[test]
fn the_page_has_every_row_and_asks_for_nothing() {
    let page = plan("plan", "html");
    for row in ["migrate", "excepted", "allowed"].into_iter().flat_map(by_hand) {
        let reference = format!("<code>{}</code>", text(&row["reference"]));
        assert!(page.replace("<wbr>", "").contains(&reference), "{reference}");
    }
    // Whatever a browser would fetch; links lead to places of the page.
    let page = page.replace("href=\"#of-", "");
    for address in ["http:", "https:", "src=", "href=", "url(", "@import", "fetch("] {
        assert!(!page.contains(address), "{address}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_hostile_chart_is_text_on_the_page_and_in_the_document() {
    let sandbox = Sandbox::new();
    let name = "\"<script>alert(1)</script>|[x](javascript:y)\"";
    sandbox.write("app/Chart.yaml", &format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"));
    sandbox.write("app/values.yaml", "image: ghcr.io/acme/web:1\n");
    let page = sandbox.run("plan --format html").out;
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    let status = sandbox.run("status").out;
    assert!(status.contains("1  app"), "{status}");
    let document = sandbox.run("plan").out;
    assert!(!document.contains("<script>") && !document.contains("[x]("), "{document}");
    for row in document.lines().filter(|line| line.starts_with("| `ghcr.io")) {
        assert!(matches!(row.matches('|').count(), 4 | 5), "{row}");
    }
}

#[test]
fn what_has_no_replacement_can_be_mirrored() {
    let sandbox = Sandbox::new();
    let policy = "version: 1\nregistries:\n  allowed: [public.ecr.aws]\n  disallowed: [docker.io, ghcr.io, \"localhost:5000\"]\nreplacements:\n  - {from: docker.io/library/*, to: public.ecr.aws/docker/library/*}\n";
    sandbox.write("image-policy.yaml", policy);
    sandbox.chart(
        "charts/app",
        "a: {image: \"busybox:1\"}\nb: {image: \"ghcr.io/acme/web:1\"}\nc: {image: \"localhost:5000/acme/x:1\"}\n",
    );
    sandbox.run("plan").exits(0).shows("chart-images plan --format skopeo");
    // Where to copy to is the policy's to say.
    let said = sandbox.run("plan --format skopeo").exits(2);
    said.errs("error: image-policy.yaml names no registry to copy to").errs("help: add `mirror: ");

    sandbox.write("image-policy.yaml", &format!("{policy}mirror: mirror.example/hub\n"));
    let skopeo = sandbox.run("plan --format skopeo").exits(0);
    let skopeo = skopeo.shows("THIS_FILE mirror.example/hub\nghcr.io:\n  images:\n    acme/web:\n");
    let skopeo =
        skopeo.shows("{ from: \"ghcr.io/acme/web\", to: \"mirror.example/hub/ghcr.io/acme/web\" }");
    skopeo.hides("busybox").shows("localhost:5000/acme/x:1: its registry has a port");
    let regsync = sandbox.run("plan --format regsync").exits(0);
    regsync
        .shows("source: ghcr.io/acme/web:1\n    target: mirror.example/hub/ghcr.io/acme/web:1\n");
    // Nothing to copy is two things.
    sandbox.chart("charts/app", "c: {image: \"localhost:5000/acme/x:1\"}\n");
    let skopeo = sandbox.run("plan --format skopeo").exits(0).hides("Every image");
    assert!(skopeo.out.starts_with("# Not copied:\n#   localhost"), "{}", skopeo.out);
    sandbox.chart("charts/app", "a: {image: \"busybox:1\"}\n");
    let skopeo = sandbox.run("plan --format skopeo").exits(0);
    assert_eq!(skopeo.out, "# Every image that is to move has a replacement.\n");
}

#[cfg(unix)]
#[test]
fn a_hostile_folder_is_text_in_the_document_and_one_word_of_its_commands() {
    let sandbox = Sandbox::new();
    let moves = "replacements:\n  - {from: \"ghcr.io/**\", to: \"public.ecr.aws/**\"}\n";
    sandbox.write("image-policy.yaml", &format!("{STRICT}{moves}"));
    sandbox.chart("a`<img src=x>`b", BAD);
    sandbox.chart("c\n- [ ] forged; $(id)", BAD);
    let document = sandbox.run("plan --root .").exits(0).hides("<img").hides("\n- [ ] forged").out;
    let of = |name: &str| {
        let steps = document.lines().filter(|line| {
            line.contains("- [ ] `helm lint") || line.contains("- [ ] <code>helm lint")
        });
        steps.filter(|line| line.contains(name)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of("&lt;img").len(), 1, "{document}");
    assert!(of("&lt;img")[0].contains("helm lint &#39;a&#96;&lt;img src=x&gt;&#96;b&#39;"));
    assert!(
        of("forged")[0]
            .contains("helm lint $&#39;c&#92;012- &#91; &#93; forged; $&#40;id&#41;&#39;"),
        "{document}"
    );
}
