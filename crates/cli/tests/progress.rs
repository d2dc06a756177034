//! `plan --history` and `status`: how far a migration is, and was.
#![allow(clippy::unwrap_used)]

mod sandbox;

use sandbox::{BAD, LOOSE, STRICT, Sandbox, copy, fixture};
use serde_json::Value;
use std::fs;

const GOOD: &str = "image: public.ecr.aws/acme/web:1\n";

/// Commits everything at noon of a day.
fn commit(sandbox: &Sandbox, day: &str) {
    commit_at(sandbox, &format!("{day}T12:00:00Z"));
}

fn commit_at(sandbox: &Sandbox, clock: &str) {
    sandbox.git(&["add", "--all"]);
    let mut git = sandbox.command_of("git", ".");
    let said = git
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"])
        .args(["commit", "--quiet", "--allow-empty", "--message=x"])
        .env("GIT_AUTHOR_DATE", clock)
        .env("GIT_COMMITTER_DATE", clock)
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

fn json(sandbox: &Sandbox, line: &str) -> Value {
    let said = sandbox.run(line).exits(0);
    serde_json::from_str(&said.out).unwrap()
}

/// The points of a history: day, images in place, images left.
fn points(sandbox: &Sandbox, line: &str) -> Vec<(String, u64, u64)> {
    let plan = json(sandbox, &format!("plan --format json --history {line}"));
    let points = plan["history"]["points"].as_array().unwrap().iter();
    points
        .map(|point| {
            let figures = &point["figures"];
            let left =
                ["high", "medium", "low"].map(|name| figures["left"][name].as_u64().unwrap());
            let day = point["day"].as_str().unwrap().to_owned();
            (day, figures["migrated"].as_u64().unwrap(), left.iter().sum())
        })
        .collect()
}

fn point(day: &str, migrated: u64, left: u64) -> (String, u64, u64) {
    (day.to_owned(), migrated, left)
}

/// Three charts of which two move, one by one.
fn repository() -> Sandbox {
    let sandbox = Sandbox::with_git();
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.chart("charts/a", BAD);
    sandbox.chart("charts/b", BAD);
    commit(&sandbox, "2026-01-05");
    sandbox.chart("charts/a", GOOD);
    commit(&sandbox, "2026-02-02");
    sandbox.chart("charts/c", BAD);
    sandbox.chart("charts/b", GOOD);
    commit(&sandbox, "2026-03-02");
    sandbox
}

#[test]
fn a_history_has_a_point_for_each_commit_that_changed_the_charts() {
    let sandbox = repository();
    let expected =
        [point("2026-01-05", 0, 2), point("2026-02-02", 1, 1), point("2026-03-02", 2, 1)];
    assert_eq!(points(&sandbox, ""), expected);
    // What is not a chart's changes nothing.
    sandbox.write("README.md", "text");
    commit(&sandbox, "2026-03-05");
    assert_eq!(points(&sandbox, ""), expected);
    // What is asked about counts, and nothing else.
    assert_eq!(
        points(&sandbox, "charts/a"),
        [point("2026-01-05", 0, 1), point("2026-02-02", 1, 0)]
    );
    assert_eq!(points(&sandbox, "charts/c"), [point("2026-03-02", 0, 1)]);
}

#[test]
fn what_is_not_committed_is_now_and_nothing_of_it_is_history() {
    let sandbox = repository();
    let before = points(&sandbox, "");
    sandbox.chart("charts/c", GOOD);
    sandbox.chart("charts/new", BAD);
    assert_eq!(points(&sandbox, ""), before);
    let document = sandbox.run("plan --history").exits(0).out;
    let rows: Vec<&str> = document.lines().skip_while(|line| *line != "## Progress").collect();
    assert!(rows.iter().any(|row| row.starts_with("| 2026-03-02 |")), "{document}");
    assert_eq!(rows.last().unwrap(), &"| now |  | 3 of 4 (75 %) | 1 | 0 | 3 of 4 (75 %) |");
    let page = sandbox.run("plan --history --format html").exits(0).out;
    let told = "2026-01-05: 2 to move. Now: 3 in place, 1 to move.";
    assert!(page.contains(told), "{page}");
}

#[test]
fn the_last_commit_of_a_day_counts_whatever_its_clock_says() {
    let sandbox = repository();
    sandbox.chart("charts/c", GOOD);
    commit_at(&sandbox, "2026-03-02T13:00:00Z");
    let days = |sandbox: &Sandbox| -> Vec<String> {
        points(sandbox, "").into_iter().map(|(day, ..)| day).collect()
    };
    assert_eq!(points(&sandbox, "")[2], point("2026-03-02", 3, 0));
    // Days are those of UTC, in whatever zone someone commits.
    sandbox.chart("charts/c", BAD);
    commit_at(&sandbox, "2026-03-31T23:30:00-0200");
    assert_eq!(days(&sandbox).last().unwrap(), "2026-04-01");
    // A clock that is wrong misplaces its commit and no other.
    sandbox.chart("charts/d", BAD);
    commit_at(&sandbox, "1970-01-02T00:00:00Z");
    sandbox.chart("charts/e", BAD);
    commit(&sandbox, "2026-05-04");
    assert_eq!(
        days(&sandbox),
        ["1970-01-02", "2026-01-05", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-04"]
    );
}

#[test]
fn many_days_are_sampled_and_that_is_said() {
    let sandbox = Sandbox::with_git();
    for day in 0..40_u32 {
        sandbox.chart(&format!("charts/{day}"), BAD);
        commit(&sandbox, &format!("2026-{:02}-{:02}", 1 + day / 20, 1 + day % 20));
    }
    let plan = json(&sandbox, "plan --format json --history");
    let history = &plan["history"];
    assert_eq!((history["days"].as_u64(), history["lookedAt"].as_u64()), (Some(40), Some(30)));
    let points = history["points"].as_array().unwrap();
    assert_eq!(points.len(), 30);
    assert_eq!(
        (&points[0]["day"], &points[29]["day"]),
        (&"2026-01-01".into(), &"2026-02-20".into())
    );
    let said = sandbox.run("plan --history").exits(0);
    said.shows("30 of the 40 days that changed something here, chosen evenly");
}

#[test]
fn a_merge_is_one_step_and_its_branch_is_none() {
    let sandbox = repository();
    sandbox.git(&["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    sandbox.chart("charts/side", BAD);
    commit(&sandbox, "2026-03-20");
    sandbox.git(&["checkout", "--quiet", "main"]);
    let mut merge = sandbox.command_of("git", ".");
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    merge.args(identity).args(["merge", "--quiet", "--no-ff", "--message=m", "side"]);
    merge.env("GIT_COMMITTER_DATE", "2026-04-06T12:00:00Z");
    assert!(merge.status().unwrap().success());
    let days: Vec<String> = points(&sandbox, "").into_iter().map(|(day, ..)| day).collect();
    assert_eq!(days, ["2026-01-05", "2026-02-02", "2026-03-02", "2026-04-06"]);
}

#[test]
fn the_present_policy_judges_all_of_it() {
    let sandbox = repository();
    // Committed or not, and though the old commits have another one.
    sandbox.write("image-policy.yaml", LOOSE);
    let plan = json(&sandbox, "plan --format json --history");
    let first = &plan["history"]["points"][0]["figures"];
    assert_eq!((&first["excepted"], &first["left"]["high"]), (&2.into(), &0.into()));
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.write("named.yaml", LOOSE);
    let plan = json(&sandbox, "plan --format json --history --policy named.yaml");
    assert_eq!(plan["history"]["points"][0]["figures"]["excepted"], 2);
}

#[test]
fn the_values_of_a_revision_are_its_own() {
    let sandbox = Sandbox::with_git();
    sandbox.write("image-policy.yaml", STRICT);
    sandbox.chart("charts/a", "image: public.ecr.aws/acme/web:1\n");
    let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec: {containers: [{name: a, image: {{ .Values.image }}}]}\n";
    sandbox.write("charts/a/templates/pod.yaml", pod);
    sandbox.write("deploy/prod.yaml", "image: ghcr.io/acme/prod:1\n");
    commit(&sandbox, "2026-01-05");
    sandbox.write("deploy/prod.yaml", "image: public.ecr.aws/acme/prod:1\n");
    sandbox.write("charts/a/values.yaml", "image: public.ecr.aws/acme/web:2\n");
    commit(&sandbox, "2026-02-02");
    let points = points(&sandbox, "--values deploy/prod.yaml charts");
    assert_eq!(points, [point("2026-01-05", 1, 1), point("2026-02-02", 2, 0)]);
}

#[test]
fn the_same_history_is_the_same_bytes_and_the_work_tree_stays() {
    let sandbox = repository();
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    for format in ["markdown", "json", "html"] {
        let line = format!("plan --history --format {format}");
        let first = sandbox.run(&line).exits(0).out;
        assert_eq!(first, sandbox.run(&line).out, "{format}");
        assert!(first.contains(&head[..10]), "{format}: {first}");
    }
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "");
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(sandbox.git(&["stash", "list"]), "");
}

#[test]
fn a_history_that_cannot_be_read_is_status_2() {
    let plain = Sandbox::new();
    plain.chart("a", BAD);
    plain.run("plan --history").exits(2).errs("no Git repository").errs("--history needs a clone");
    plain.run("plan").exits(0);
    plain.run("plan --history --format skopeo").exits(2).errs("tells no history");
    let broken = Sandbox::with_git();
    broken.chart("a", BAD);
    broken.write(".git/refs/heads/main", "no commit\n");
    broken.run("plan --history").exits(2).errs("no revision `HEAD`");
    let sandbox = repository();
    sandbox.clone_shallow();
    let said = sandbox.run_in("clone", "plan --history", &[]).exits(2);
    said.errs("shallow").errs("git fetch --unshallow").errs("fetch-depth: 0");
}

#[test]
fn charts_that_no_commit_has_are_no_history() {
    let sandbox = repository();
    sandbox.chart("later/a", BAD);
    assert_eq!(points(&sandbox, "later"), []);
    let page = sandbox.run("plan --history --format html later").exits(0).out;
    assert!(page.contains("No commit has changed anything here yet."), "{page}");
    sandbox.run("plan --history later").exits(0).shows("| now |");
}

#[test]
fn before_the_first_commit_there_is_no_history() {
    let sandbox = Sandbox::with_git();
    sandbox.chart("a", BAD);
    assert_eq!(points(&sandbox, ""), []);
    sandbox.run("plan --history").exits(0).shows("| now |");
    let page = sandbox.run("plan --history --format html").exits(0);
    page.shows("No commit has changed anything here yet.");
}

#[test]
fn what_a_revision_could_not_be_read_for_is_told_beside_its_figures() {
    let sandbox = Sandbox::with_git();
    sandbox.chart("charts/a", "image: [\n");
    commit(&sandbox, "2026-01-05");
    sandbox.chart("charts/a", BAD);
    commit(&sandbox, "2026-02-02");
    let plan = json(&sandbox, "plan --format json --history");
    let incomplete =
        |point: usize| plan["history"]["points"][point]["figures"]["incomplete"].as_u64();
    assert_eq!((incomplete(0), incomplete(1)), (Some(1), Some(0)));
    sandbox.run("plan --history").exits(0).shows("| 2026-01-05, 1 not read |");
    sandbox.run("plan --history --format html").exits(0).shows("1 not read");
}

#[cfg(unix)]
#[test]
fn a_hostile_history_runs_nothing_and_leads_nowhere() {
    let sandbox = repository();
    let run = format!("touch {}", sandbox.root().join("ran").display());
    std::os::unix::fs::symlink("/etc", sandbox.root().join("charts/a/templates")).unwrap();
    sandbox.write("charts/a/.gitattributes", "* filter=x diff=x export-subst\n");
    commit(&sandbox, "2026-04-06");
    for key in [
        "core.fsmonitor",
        "core.pager",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
        "gpg.program",
        "core.sshCommand",
        "alias.rev-list",
    ] {
        sandbox.git(&["config", key, &run]);
    }
    sandbox.git(&["config", "log.showSignature", "true"]);
    sandbox.write(".git/hooks/post-checkout", &format!("#!/bin/sh\n{run}\n"));
    fs::remove_file(sandbox.root().join("charts/a/templates")).unwrap();
    let said = sandbox.run("plan --history").exits(0);
    let said = said.hides("passwd");
    // The link of that commit is left out, and that is told.
    said.shows("| 2026-04-06, 1 not read |");
    assert!(!sandbox.root().join("ran").exists());
    // A path is taken for nothing but itself.
    sandbox.chart("charts/:(exclude)*", BAD);
    sandbox.git(&["--literal-pathspecs", "add", "charts/:(exclude)*"]);
    commit(&sandbox, "2026-05-04");
    let mut command = sandbox.command(".");
    command.args(["plan", "--history", "--format", "json", "charts/:(exclude)*"]);
    let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let plan: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(plan["history"]["points"].as_array().unwrap().len(), 1, "{out}");
}

#[test]
fn the_status_says_how_far_it_is_and_by_its_exit_status_whether_it_is_done() {
    let sandbox = Sandbox::of_fixture("plan");
    let said = sandbox.run("status --root .").exits(1);
    insta::assert_snapshot!(said.out);
    let said = sandbox.run("status --root . --format json").exits(1);
    let status: Value = serde_json::from_str(&said.out).unwrap();
    let plan = json(&sandbox, "plan --root . --format json");
    for key in ["version", "policies", "figures", "availability", "charts"] {
        assert_eq!(status[key], plan[key], "{key}");
    }
    assert_eq!(status["availability"], Value::Null);
    sandbox.run("status --root . charts/tsa").exits(0).shows("100 %").hides("charts with");
    copy(&fixture("migrated"), sandbox.root());
    sandbox.run("status --root .").exits(0).shows("100 %").hides("charts with images left");
}

#[test]
fn the_status_of_what_cannot_be_read_is_not_done() {
    let sandbox = Sandbox::new();
    sandbox.chart("charts/a", GOOD);
    sandbox.run("status --root .").exits(0);
    sandbox.chart("charts/b", "image: [\n");
    sandbox
        .run("status --root .")
        .exits(3)
        .shows("not read      1 files or images")
        .errs("incomplete");
    // What is left is the worse news.
    sandbox.chart("charts/c", BAD);
    sandbox.run("status --root .").exits(1).errs("incomplete");
    sandbox.write("image-policy.yaml", "version: 7\n");
    sandbox.run("status --root .").exits(2);
    sandbox.run("status --root . nowhere").exits(2);
    sandbox.run("status --format xml").exits(2);
}

#[test]
fn the_status_tells_what_the_last_verification_found() {
    let sandbox = Sandbox::new();
    let images = ["same", "platforms", "gone", "other", "silent", "unasked"];
    let values: String = images
        .iter()
        .map(|name| format!("{name}: {{image: public.ecr.aws/a/{name}:1}}\n"))
        .collect();
    sandbox.chart("charts/a", &values);
    let entry = |(name, answer, day): (&str, &str, &str)| {
        let reference = format!("public.ecr.aws/a/{name}:1");
        serde_json::json!({
            "reference": reference, "target": reference, "answer": answer,
            "asked": format!("2026-11-{day}T09:00:00Z"),
        })
    };
    let entries = [
        ("same", "identical", "20"),
        ("platforms", "same-platforms", "18"),
        ("gone", "missing-tag", "20"),
        ("other", "different", "20"),
        ("silent", "throttled", "20"),
    ]
    .map(entry);
    let verified = serde_json::json!({"version": 1, "entries": entries});
    sandbox.write(".chart-images/verified.json", &verified.to_string());
    let status = json(&sandbox, "status --root . --format json");
    let expected = serde_json::json!({
        "available": 2, "different": 1, "missing": 1, "unknown": 1, "notAsked": 1,
        "since": "2026-11-18",
    });
    assert_eq!(status["availability"], expected);
    let said = sandbox.run("status --root .").exits(0);
    let said = said.shows("available     2 of 6       33 %");
    said.shows(
        "1 another image, 1 missing, 1 without an answer, 1 not asked for, the oldest answer is of 2026-11-18",
    );
    sandbox.run("plan --root .").shows("| Available, by the last verification | 2 of 6 (33 %) |");
    sandbox.run("plan --root . --format html").shows("verified to be available");
}
