//! Arguments, exit statuses and where output goes, on the real binary.

mod sandbox;

use sandbox::{BAD, LOOSE, STRICT, Sandbox};
use std::fs;
use std::process::Stdio;

const GOOD: &str = "image: public.ecr.aws/docker/library/busybox:1\n";

#[test]
fn the_status_tells_what_was_found() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/good", GOOD);
    sandbox.run("lint").exits(0);
    sandbox.chart("charts/bad", BAD);
    sandbox.run("lint").exits(1).shows("charts/bad/values.yaml");
    sandbox.run("lint charts/good").exits(0);
    sandbox.run("list").exits(0);
}

#[test]
fn templates_are_evaluated_unless_they_are_only_to_be_read() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/app", "parts: [ghcr.io, acme/web]\n");
    sandbox.write(
        "charts/app/templates/pod.yaml",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: '{{ join \"/\" .Values.parts }}:1'\n",
    );
    sandbox.run("lint").exits(1).shows("ghcr.io/acme/web:1");
    sandbox.run("list").exits(0).shows("ghcr.io/acme/web:1");
    sandbox.run("plan").exits(0).shows("ghcr.io/acme/web:1");
    let read = sandbox.run("lint --no-evaluate").exits(0);
    read.shows("unresolved-image").shows("run without `--no-evaluate`").hides("ghcr.io/acme/web:1");
    sandbox.run("list --no-evaluate").exits(0).hides("ghcr.io/acme/web:1");
}

#[test]
fn verify_says_how_to_install_what_it_hands_over_to() {
    let sandbox = Sandbox::new();
    let alone = sandbox.root().join("chart-images");
    std::fs::copy(env!("CARGO_BIN_EXE_chart-images"), &alone).unwrap();
    let command = |path: &str| {
        let mut command = sandbox.command_of(alone.to_str().unwrap(), ".");
        command.args(["verify", "--offline", "x y"]).env("PATH", path);
        command.output().unwrap()
    };
    let output = command("");
    assert_eq!(output.status.code(), Some(2));
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(err.contains("cargo install --locked --git https://"), "{err}");
    assert!(err.contains(" chart-images-verify"), "{err}");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = sandbox.root().join("bin");
        sandbox.write("bin/chart-images-verify", "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 3\n");
        let program = folder.join("chart-images-verify");
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let output = command(folder.to_str().unwrap());
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "<--offline><x y>");
    }
}

#[test]
fn a_question_without_an_answer_is_status_2() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/good", GOOD);
    sandbox.write("docs/readme.md", "");
    sandbox.run("lint nope").exits(2).errs("no file or folder nope");
    sandbox.run("lint docs").exits(2).errs("no chart found in docs");
    sandbox.run("lint charts docs").exits(2).errs("no chart found in docs");
    sandbox.run("list docs").exits(2).errs("no chart found");
    sandbox.run("lint --root charts docs/readme.md").exits(2).errs("outside of the root");
    sandbox.run("lint --root docs/readme.md charts").exits(2).errs("not a folder");
    sandbox.run("lint --policy nope.yaml").exits(2).errs("nope.yaml");
    sandbox.run("lint --today yesterday").exits(2).errs("YYYY-MM-DD");
    sandbox.run_in(".", "lint", &[("CHART_IMAGES_TODAY", "x")]).exits(2).errs("CHART_IMAGES_TODAY");
    sandbox.run("lint --no-such-flag").exits(2);
    sandbox
        .run("link")
        .exits(2)
        .errs("lint, list, plan, status, verify, migrate, rollback, explain, schema");
    sandbox.run("").exits(2).errs("Usage");
}

#[test]
fn files_are_judged_inside_their_chart_and_others_are_passed_over() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/bad", BAD);
    sandbox.write("charts/bad/templates/x.yaml", "");
    sandbox.write("readme.md", BAD);
    sandbox.run("lint readme.md").exits(0);
    sandbox.run("lint readme.md charts/bad/values.yaml").exits(1).shows("charts/bad/values.yaml");
    sandbox.run("lint charts/bad/templates/x.yaml").exits(0);
    sandbox.run("lint charts/bad/templates charts/bad/values.yaml").exits(1);
    sandbox.run_in("charts/bad/templates", "lint ../values.yaml", &[]).exits(1);
}

#[test]
fn paths_are_relative_to_the_root() {
    let sandbox = Sandbox::new();
    sandbox.chart("a/charts/bad", BAD);
    sandbox.run("lint").exits(1).shows("a/charts/bad/values.yaml");
    sandbox.run("lint --root a").exits(1).shows("charts/bad/values.yaml").hides("a/charts");
    sandbox.run("lint a --root a").exits(1).hides("a/charts");
    // Without a repository the current folder is the root, unless more is asked for.
    sandbox.run_in("a/charts", "lint bad", &[]).exits(1).shows("bad/values.yaml").hides("charts/");
    sandbox.run_in("a/charts/bad/", "lint .", &[]).exits(1).hides("bad/values.yaml");
    fs::create_dir(sandbox.root().join("a/charts/bad/templates")).unwrap();
    sandbox.run_in("a/charts/bad/templates", "lint ..", &[]).exits(1).hides("bad/values.yaml");
}

#[test]
fn a_wrong_policy_is_status_2() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", GOOD);
    sandbox.write("image-policy.yaml", "version: 1\nregistres: {}\n");
    sandbox.run("lint").exits(2).shows("image-policy.yaml").shows("invalid-policy");
    sandbox.run("list").exits(2);
    sandbox.write("good.yaml", STRICT);
    sandbox.run("lint --policy good.yaml").exits(0);
}

#[test]
fn the_policy_is_the_one_that_is_named_else_the_nearest() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", BAD);
    sandbox.write("loose.yaml", LOOSE);
    sandbox.run("lint").exits(1);
    sandbox.run("lint --policy loose.yaml").exits(0);
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.write("charts/a/image-policy.yaml", LOOSE);
    sandbox.run("lint").exits(0);
    sandbox.run("lint --policy image-policy.yaml").exits(1);
    sandbox.run("lint --policy charts").exits(2).errs("is a folder");
}

#[test]
fn reports_go_where_they_are_sent() {
    let sandbox = Sandbox::new();
    sandbox.chart("bad", BAD);
    let said = sandbox.run("lint --format concise --output json=report.json").exits(1);
    assert!(said.out.contains("bad/values.yaml:1:"), "{}", said.out);
    assert!(sandbox.read("report.json").contains("bad/values.yaml"));
    sandbox.run("lint --output concise=-").exits(1).shows("bad/values.yaml:1:");
    sandbox.run("lint --format human --output json=-").exits(2).errs("cannot share");
    sandbox.run("lint --output json=no/such/report.json").exits(2).errs("make its folder first");
    sandbox.run("list --output json=images.json").exits(0);
    assert!(sandbox.root().join("images.json").is_file());
}

#[test]
fn the_step_summary_of_github_is_appended() {
    let sandbox = Sandbox::new();
    sandbox.chart("bad", BAD);
    sandbox.write("summary.md", "before\n");
    let file = sandbox.root().join("summary.md").display().to_string();
    let variables = [("GITHUB_STEP_SUMMARY", &*file)];
    sandbox.run_in(".", "lint --format concise", &variables).exits(1);
    assert_eq!(sandbox.read("summary.md"), "before\n", "only the format github writes it");
    sandbox.run_in(".", "lint --format github", &variables).exits(1);
    let summary = sandbox.read("summary.md");
    assert!(summary.starts_with("before\n") && summary.contains("bad/values.yaml"), "{summary}");
    let variables = [("GITHUB_STEP_SUMMARY", "no/such/file")];
    sandbox.run_in(".", "lint --format github", &variables).exits(1).errs("summary cannot");
}

#[test]
fn nothing_is_coloured_without_a_terminal_unless_asked() {
    let sandbox = Sandbox::new();
    sandbox.chart("bad", BAD);
    let said = sandbox.run("lint").exits(1);
    assert!(!said.out.contains('\x1b') && !said.err.contains('\x1b'));
    let said = sandbox.run_in(".", "lint", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]);
    assert!(!said.out.contains('\x1b'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.chart("bad", BAD);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(".");
    let output = command.arg("lint").stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn every_file_is_listed_with_what_was_done() {
    let sandbox = Sandbox::new();
    sandbox.chart("a", GOOD);
    sandbox.write("a/README.md", "");
    let said = sandbox.run("lint --list-files").exits(0);
    let said = said.shows("a/values.yaml\tread as values\n");
    said.shows("a/README.md\tskipped: documentation\n");
}

#[test]
fn rules_are_explained() {
    let sandbox = Sandbox::new();
    sandbox.run("explain").exits(0).shows("disallowed-registry").shows("invalid-policy");
    sandbox.run("explain unlisted-registry").exits(0).shows("# unlisted-registry");
    sandbox.run("explain all").exits(0).shows("# invalid-policy").shows("## What it finds");
    sandbox.run("explain unlisted-registy").exits(2).errs("did you mean `unlisted-registry`?");
    let schema = sandbox.run("schema").exits(0).out;
    assert!(schema.trim_start().starts_with('{'), "{schema}");
}

#[test]
fn help_names_every_flag_and_status() {
    let sandbox = Sandbox::new();
    let help = sandbox.run("lint --help").exits(0).out;
    let flags = [
        "--policy",
        "--policy-from",
        "--root",
        "--list-files",
        "--color",
        "--format",
        "--output",
        "--baseline",
        "--write-baseline",
        "--since",
        "--unused-exceptions",
    ];
    for flag in flags {
        assert!(help.contains(flag), "{flag}");
    }
    assert!(help.contains("Exit status:") && !help.contains("--today"), "{help}");
    sandbox.run("--version").exits(0).shows("chart-images ");
    sandbox.run("--help").exits(0).shows("explain");
}
