//! The charts of the plan, with a stand-in for ECR Public that has what it is known to have.

use crate::layout::{Make, push};
use crate::registries;
use crate::sandbox::Sandbox;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const IMAGE: Make<'_> =
    Make { platforms: &[("linux/amd64", "a"), ("linux/arm64", "a")], note: "", index: false };

/// What ECR Public is known to have; the rest of the plan's targets is not there.
const THERE: [&str; 3] =
    ["public.ecr.aws/docker/library/", "public.ecr.aws/aws-cli/", "public.ecr.aws/localstack/"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// The stand-ins: one for where the images come from, one for ECR Public.
fn endpoints(sources: &str, targets: &str) -> String {
    let row = |registry: &str, address: &str| {
        format!("  - {{registry: {registry}, endpoint: 'http://{address}'}}\n")
    };
    let rows = ["docker.io", "ghcr.io", "gcr.io"].map(|registry| row(registry, sources));
    format!("endpoints:\n{}{}", rows.concat(), row("public.ecr.aws", targets))
}

fn images(said: &crate::sandbox::Said) -> Vec<(String, String, String)> {
    let document: serde_json::Value =
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"));
    let rows = document["images"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter()
        .map(|row| {
            let answer = text(&row["verified"]["answer"]);
            (text(&row["reference"]), text(&row["target"]), answer)
        })
        .collect()
}

/// The references of the charts in a folder.
fn listed(cli: &Path, root: &Path) -> BTreeSet<String> {
    let list = ["list", "--format", "json", "--root", "."];
    let output = Command::new(cli).args(list).current_dir(root).output().unwrap();
    let inventory: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let images = inventory["images"].as_array().unwrap().iter();
    images.map(|image| image["reference"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_missing_is_mirrored_and_then_found() {
    let Some(all) = registries() else { return };
    let sandbox = Sandbox::of(&["public.ecr.aws/x/y:1"], "version: 1\n");
    fs::remove_file(sandbox.root().join("Chart.yaml")).unwrap();
    fs::remove_file(sandbox.root().join("values.yaml")).unwrap();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../charts-fixtures/plan");
    copy(&fixture, sandbox.root());
    let policy = fs::read_to_string(fixture.join("image-policy.yaml")).unwrap();
    let mirror = format!("{}/mirror", all.open);
    // The plan's own private ECR is nobody's here: the mirror is on this machine.
    let policy = format!("{policy}mirror: {mirror}\n{}", endpoints(&all.open, &all.token));
    sandbox.write("image-policy.yaml", &policy);

    // Every image is where it comes from; of the targets, those that are there.
    let rows = images(&sandbox.run("--offline --format json"));
    assert_eq!(rows.len(), 15, "{rows:#?}");
    for (reference, target, _) in &rows {
        for name in BTreeSet::from([reference, target]) {
            let name = image_ref::Reference::parse(name).unwrap();
            let is_target = name.text() == target && reference != target;
            let is_there = THERE.iter().any(|there| name.text().starts_with(there));
            if name.digest().is_none() && (!is_target || is_there) {
                let tag = name.tag().unwrap_or("latest");
                let path = format!("{}:{tag}", name.name().repository);
                match name.name().registry == "public.ecr.aws" {
                    true => push(&IMAGE, &all.token, &path, Some("tester:secret")),
                    false => push(&IMAGE, &all.open, &path, None),
                };
            }
        }
    }
    let said = sandbox.run("--format json");
    let found = images(&said);
    for (reference, target, answer) in &found {
        if reference != target {
            let is_there = THERE.iter().any(|there| target.starts_with(there));
            let expected = if is_there { "identical" } else { "missing-repository" };
            assert_eq!(answer, expected, "{target}: {said:?}");
        } else if reference.contains("@sha256:") {
            assert!(answer.starts_with("missing"), "its digest is made up: {reference}");
        } else {
            assert_eq!(answer, "identical", "{reference}");
        }
    }

    // The plan of the migration has a word for each row.
    let cli = Path::new(env!("CARGO_BIN_EXE_chart-images-verify")).with_file_name("chart-images");
    if cli.exists() {
        let output =
            Command::new(&cli).args(["plan", "--root", "."]).current_dir(sandbox.root()).output();
        let document = String::from_utf8(output.unwrap().stdout).unwrap();
        let row = |name: &str| {
            let mut rows = document.lines().filter(|line| line.starts_with("| `"));
            rows.find(|row| row.contains(name)).unwrap_or_else(|| panic!("{document}")).to_owned()
        };
        assert!(row("dexidp/dex").contains("| missing repository ("), "{document}");
        assert!(row("aws-cli").ends_with("| identical |"), "{document}");
        assert!(!document.contains("not verified"), "{document}");
    } else {
        eprintln!("skipped: the plan's column, since chart-images is not built beside");
    }

    // Those that are identical move, and no others.
    if cli.exists() {
        let before = listed(&cli, sandbox.root());
        let verified = ["migrate", "--verified", ".chart-images/verified.json", "--root", "."];
        let output =
            Command::new(&cli).args(verified).current_dir(sandbox.root()).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "some are refused: {words}");
        let after = listed(&cli, sandbox.root());
        for (reference, target, answer) in found.iter().filter(|(from, to, _)| from != to) {
            let moves = answer == "identical";
            assert_eq!(
                after.contains(target),
                moves || before.contains(target),
                "{target}: {words}"
            );
            assert_eq!(after.contains(reference), !moves, "{reference}: {words}");
        }
        let mut back = Command::new(&cli);
        back.args(["rollback", "--root", "."]).current_dir(sandbox.root());
        assert!(back.output().unwrap().status.success());
        assert_eq!(listed(&cli, sandbox.root()), before);
    }

    // The plan that is printed runs as it is written.
    let plan = sandbox.run("--offline --mirror-plan skopeo").out;
    sandbox.write("mirror.yaml", &plan);
    let line = plan.lines().next().unwrap().strip_prefix("# ").unwrap();
    let line = line.replace("THIS_FILE", "mirror.yaml");
    let mut words = line.split_whitespace();
    let mut skopeo = Command::new(words.next().unwrap());
    skopeo.args(["--insecure-policy", words.next().unwrap(), "--dest-tls-verify=false"]);
    let conf = ["docker.io", "ghcr.io", "gcr.io"].map(|registry| {
        format!("[[registry]]\nprefix = '{registry}'\nlocation = '{}'\ninsecure = true\n", all.open)
    });
    sandbox.write(".config/containers/registries.conf", &conf.concat());
    skopeo.args(words).current_dir(sandbox.root()).env("HOME", sandbox.root());
    let output = skopeo.output().unwrap();
    assert!(output.status.success(), "{plan}\n{}", String::from_utf8_lossy(&output.stderr));

    // With the replacements that it names, a second verification finds what was missing.
    let new = plan.lines().filter_map(|line| line.strip_prefix("#   - { from:"));
    let new: String = new.map(|row| format!("  - {{ from:{row}\n")).collect();
    let policy = policy.replace("replacements:\n", &format!("replacements:\n{new}"));
    sandbox.write("image-policy.yaml", &policy);
    let said = sandbox.run("--format json");
    for (reference, target, answer) in images(&said) {
        if reference != target {
            assert_eq!(answer, "identical", "{target}: {said:?}");
        }
    }
    let regsync = sandbox.run("--offline --mirror-plan regsync").out;
    assert!(regsync.starts_with("# Nothing is missing that could be copied."), "{regsync}");
}
