//! The plan names the tool's own commands, which do what it says of them.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{BAD, LOOSE, STRICT, Sandbox};
use serde_json::Value;

/// The commands of a plan, as its code has them.
fn commands(document: &str) -> Vec<String> {
    let parts = document.split('`').map(str::to_owned);
    parts.filter(|part| part.starts_with("chart-images ")).collect()
}

fn status(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.run("status --root . --format json").out).unwrap()
}

#[test]
fn each_phase_has_its_command_and_the_way_back() {
    let sandbox = Sandbox::of_fixture("plan");
    let document = sandbox.run("plan").exits(0).out;
    let named = commands(&document);
    for command in [
        "chart-images verify",
        "chart-images migrate --phase 1 --verified .chart-images/verified.json",
        "chart-images migrate --phase 3 --verified .chart-images/verified.json",
        "chart-images migrate --chart charts/kratos --commit --verified .chart-images/verified.json",
        "chart-images rollback --chart CHART",
        "chart-images rollback --chart CHART --bump",
        "chart-images status",
        "chart-images plan --format skopeo --excepted",
    ] {
        assert!(named.iter().any(|named| named == command), "{command}: {named:?}");
    }
    assert!(document.contains("--notes FILE"), "{document}");
    let page = sandbox.run("plan --format html").exits(0).out.replace("<wbr>", "");
    for phase in 1..=3 {
        let command =
            format!("chart-images migrate --phase {phase} --verified .chart-images/verified.json");
        assert!(page.contains(&command), "{page}");
    }
    assert!(page.contains("chart-images rollback --chart CHART"), "{page}");
}

#[test]
fn the_commands_are_about_what_the_plan_is_about() {
    let sandbox = Sandbox::with_git();
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.write(
        "deploy/policy.yaml",
        &format!(
            "{STRICT}replacements:\n  - {{from: \"ghcr.io/**\", to: \"public.ecr.aws/**\"}}\n"
        ),
    );
    sandbox.chart("deploy/charts/a", BAD);
    sandbox.chart("deploy/charts/b[1]", BAD);
    let migrate = |line: &str| {
        let document = sandbox.run(line).exits(0).out;
        let mut all = commands(&document).into_iter();
        all.find(|command| command.contains("--phase")).unwrap()
    };
    // Relative to the root, wherever the plan was asked for.
    let rest = "migrate --phase 1 --verified .chart-images/verified.json";
    assert_eq!(
        migrate("plan --policy deploy/policy.yaml deploy/charts/a"),
        format!("chart-images {rest} --policy deploy/policy.yaml deploy/charts/a")
    );
    // Only where Git's root is another one.
    assert_eq!(
        migrate("plan --root deploy --policy deploy/policy.yaml"),
        format!("chart-images {rest} --root . --policy policy.yaml")
    );
    let document = sandbox.run("plan --root deploy --policy deploy/policy.yaml").exits(0);
    document.shows("`chart-images rollback --chart CHART --bump --root .`");

    // A folder's name is no pattern in the command of its chart.
    let document = sandbox.run("plan --policy deploy/policy.yaml").exits(0).out;
    let quoted = "--chart 'deploy/charts/b[[]1[]]'";
    let escaped =
        |text: &str| text.replace("&#39;", "'").replace("&#91;", "[").replace("&#93;", "]");
    assert!(escaped(&document).contains(quoted), "{document}");
    let mut command = sandbox.command(".");
    command.args(["migrate", "--dry-run", "--policy", "deploy/policy.yaml"]);
    command.args(["--chart", "deploy/charts/b[[]1[]]"]);
    let diff = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(diff.contains("b[1]/values.yaml") && !diff.contains("charts/a/"), "{diff}");
}

#[test]
fn a_phase_without_an_equivalent_names_no_command() {
    let sandbox = Sandbox::new();
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.chart("charts/a", BAD);
    let document = sandbox.run("plan").exits(0).shows("1 of them has no equivalent");
    document.hides("chart-images migrate --phase").hides("chart-images migrate --chart");
    sandbox.run("plan --format html").shows("1 with no equivalent known").hides("migrate --phase");
}

#[test]
fn registries_of_ones_own_are_named_where_images_could_go() {
    let document = Sandbox::of_fixture("plan").run("plan").exits(0);
    document.shows("2. Mirror the images to `178674732984.dkr.ecr.us-east-1.amazonaws.com`: ");
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", BAD);
    let [a, b] = ["1", "2"].map(|account| format!("{account}.dkr.ecr.us-east-1.amazonaws.com"));
    let two = LOOSE.replace("public.ecr.aws", &format!("public.ecr.aws, {b}, {a}"));
    sandbox.write("image-policy.yaml", &two);
    sandbox.run("plan").shows(&format!("2. Mirror the images to `{a}` or `{b}`: "));
    sandbox.write("image-policy.yaml", &format!("{two}mirror: mirror.example/hub\n"));
    sandbox.run("plan").shows("2. Mirror the images to `mirror.example/hub`: ");
    sandbox.write("image-policy.yaml", LOOSE);
    sandbox.run("plan").shows("a registry of your own, which `mirror` in the policy is to name");
    sandbox.write("image-policy.yaml", &format!("{STRICT}mirror: mirror.example/hub\n"));
    sandbox.run("plan").shows("1. Mirror it to `mirror.example/hub`: ");
}

#[test]
fn what_may_stay_can_be_mirrored_as_well() {
    let sandbox = Sandbox::new();
    let digest = format!("sha256:{}", "a".repeat(64));
    sandbox.chart(
        "charts/a",
        &format!(
            "a: {{image: \"ghcr.io/acme/web@{digest}\"}}\n# chart-images: allow disallowed-registry -- why\nb: {{image: \"ghcr.io/other/b:1\"}}\n"
        ),
    );
    sandbox.write("image-policy.yaml", &format!("{LOOSE}mirror: mirror.example/hub\n"));
    let said = sandbox.run("plan --format skopeo").exits(0);
    let left = "# 2 that may stay are left out; --excepted copies them, too.\n";
    assert_eq!(said.out, format!("# Every image that is to move has a replacement.\n\n{left}"));
    let said = sandbox.run("plan --format skopeo --excepted").exits(0).hides("left out");
    let said = said.shows(&format!("    acme/web:\n      - \"{digest}\"\n"));
    let said = said.shows("    other/b:\n      - \"1\"\n");
    said.shows("take it away, too:\n#   charts/a/values.yaml:2\n#   image-policy.yaml:6\n");
    let said = sandbox.run("plan --format regsync --excepted").exits(0);
    said.shows("source: ghcr.io/other/b:1\n    target: mirror.example/hub/ghcr.io/other/b:1\n");
    sandbox.run("plan --excepted").exits(2).errs("choose --format skopeo or regsync");
}

#[test]
fn what_was_verified_is_available_once_it_has_moved() {
    let sandbox = Sandbox::new();
    let policy =
        format!("{STRICT}replacements:\n  - {{from: \"ghcr.io/**\", to: \"public.ecr.aws/**\"}}\n");
    sandbox.write("image-policy.yaml", &policy);
    sandbox.chart("charts/a", "a: {image: \"ghcr.io/acme/a:1\"}\nb: {image: \"ghcr.io/acme/b:1\"}\nc: {image: \"ghcr.io/acme/c:1\"}\n");
    let entry = |(name, answer): (&str, &str)| {
        serde_json::json!({
            "reference": format!("ghcr.io/acme/{name}:1"), "answer": answer,
            "target": format!("public.ecr.aws/acme/{name}:1"), "asked": "2026-11-25T22:00:00Z",
        })
    };
    let entries = [("a", "identical"), ("b", "same-platforms"), ("c", "different")].map(entry);
    let verified = serde_json::json!({"version": 1, "entries": entries});
    sandbox.write(".chart-images/verified.json", &verified.to_string());
    sandbox.run("plan").shows("Found so by the last verification: 2 of 3.");
    let counts = |sandbox: &Sandbox| {
        let status = status(sandbox);
        ["available", "different", "notAsked"]
            .map(|key| status["availability"][key].as_u64().unwrap())
    };
    assert_eq!(counts(&sandbox), [2, 1, 0]);
    sandbox.run("migrate --verified .chart-images/verified.json").exits(3).shows("moved 2");
    assert_eq!(counts(&sandbox), [2, 1, 0]);
    sandbox.run("plan").shows("`charts/a/values.yaml:1` | identical |");
    // What was another image is there all the same, and nobody has asked for it as it is.
    sandbox.run("migrate --unverified").exits(0).shows("moved 1");
    assert_eq!(counts(&sandbox), [2, 0, 1]);
}
