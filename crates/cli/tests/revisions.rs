//! `--since` and `--policy-from`, in real repositories.

mod sandbox;

use sandbox::{BAD, LOOSE, STRICT, Sandbox};

const ALLOW: &str = "# chart-images: allow disallowed-registry -- why\n";

/// A repository whose first commit holds a violation.
fn repository() -> Sandbox {
    let sandbox = Sandbox::with_git();
    sandbox.chart("charts/a", BAD);
    sandbox.commit();
    sandbox
}

#[test]
fn only_what_the_revision_does_not_have_fails() {
    let sandbox = repository();
    sandbox.run("lint").exits(1);
    sandbox.run("lint --since HEAD").exits(0).hides("ghcr.io/acme/web");
    sandbox.write("charts/a/values.yaml", &format!("# moved\n\n{BAD}"));
    sandbox.run("lint --since HEAD").exits(0);
    sandbox.write("charts/a/values.yaml", &format!("{BAD}other:\n  image: ghcr.io/acme/job:1\n"));
    sandbox.run("lint --since HEAD").exits(1).shows("acme/job").hides("acme/web");
    sandbox.chart("charts/new", BAD);
    sandbox.run("lint charts/new --since main").exits(1).shows("charts/new/values.yaml");
    sandbox.run("lint charts/a/values.yaml --since main").exits(1).shows("acme/job");
    sandbox.run("lint charts/a/Chart.yaml --since main").exits(0);
    sandbox.run_in("charts/a", "lint --since main", &[]).exits(1).shows("charts/a/values.yaml");
    sandbox.run("lint --root charts --since main").exits(1).hides("acme/web:1 comes");
}

#[test]
fn a_suppression_that_goes_away_shows_what_it_hid() {
    let sandbox = Sandbox::with_git();
    sandbox.chart("charts/a", &format!("{ALLOW}{BAD}"));
    sandbox.commit();
    sandbox.run("lint --since HEAD").exits(0);
    sandbox.chart("charts/a", BAD);
    sandbox.run("lint --since HEAD").exits(1);
}

#[test]
fn a_revision_that_is_not_there_is_status_2() {
    let sandbox = repository();
    sandbox.run("lint --since nope").exits(2).errs("no revision `nope`");
    sandbox.run("lint --policy-from nope").exits(2).errs("no revision `nope`");
    sandbox.run("lint --since=--all").exits(2).errs("no revision");
    let plain = Sandbox::new();
    plain.chart("a", "");
    plain.run("lint --since HEAD").exits(2).errs("no Git repository");
}

#[test]
fn a_shallow_clone_is_told_what_to_fetch() {
    let sandbox = repository();
    sandbox.commit();
    sandbox.clone_shallow();
    let said = sandbox.run_in("clone", "lint --since HEAD~1", &[]).exits(2);
    said.errs("shallow").errs("fetch-depth: 0");
}

#[test]
fn a_pull_request_cannot_loosen_the_policy() {
    let sandbox = repository();
    sandbox.write("charts/image-policy.yaml", LOOSE);
    sandbox.run("lint").exits(0);
    sandbox.run("lint --policy-from main").exits(1);
    sandbox.write("named.yaml", STRICT);
    sandbox.commit();
    // What main has now is trusted, wherever the working tree went.
    sandbox.run("lint --policy-from main").exits(0);
    sandbox.remove("charts/image-policy.yaml");
    sandbox.run("lint --policy-from main").exits(0);
    sandbox.write("named.yaml", LOOSE);
    sandbox.run("lint --policy named.yaml").exits(0);
    sandbox.run("lint --policy named.yaml --policy-from main").exits(1);
    sandbox.remove("named.yaml");
    sandbox.run("lint --policy named.yaml --policy-from main").exits(1);
    sandbox.write("new.yaml", LOOSE);
    let said = sandbox.run("lint --policy new.yaml --policy-from main").exits(2);
    said.errs("`main` has no policy new.yaml");
}

#[test]
fn a_pull_request_cannot_widen_the_baseline() {
    let sandbox = repository();
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    sandbox.run("lint --baseline known.json").exits(0);
    let said = sandbox.run("lint --baseline known.json --policy-from main").exits(1);
    said.errs("has no baseline known.json");
    sandbox.commit();
    sandbox.run("lint --baseline known.json --policy-from main").exits(0);
    sandbox.chart("charts/b", BAD);
    sandbox.run("lint --baseline known.json --write-baseline").exits(0);
    let said = sandbox.run("lint --baseline known.json --policy-from main").exits(1);
    said.shows("charts/b/values.yaml");
}

#[test]
fn a_pull_request_cannot_hide_a_file() {
    let sandbox = repository();
    sandbox.chart("charts/a", "image: public.ecr.aws/a/b:1\n");
    sandbox.write("charts/a/values-prod.yaml", BAD);
    sandbox.commit();
    sandbox.write("charts/a/.helmignore", "values-prod.yaml\n");
    sandbox.run("lint charts/a").exits(0);
    sandbox.run("lint charts/a --policy-from main").exits(1).shows("values-prod.yaml");
    // Once it is merged it counts.
    sandbox.commit();
    sandbox.run("lint charts/a --policy-from main").exits(0);
    // A chart that the revision does not have can hide nothing either.
    sandbox.chart("charts/new", "image: public.ecr.aws/a/b:1\n");
    sandbox.write("charts/new/values-prod.yaml", BAD);
    sandbox.write("charts/new/.helmignore", "values-prod.yaml\n");
    sandbox.run("lint charts/new --policy-from main").exits(1);
    // Git's ignore files hide no chart from the question.
    sandbox.chart("charts/b", BAD);
    sandbox.write(".gitignore", "charts/b\n");
    sandbox.git(&["add", "--force", "charts/b"]);
    sandbox.run("lint --policy-from main").exits(1).shows("charts/b/values.yaml");
}

#[test]
fn a_pull_request_cannot_suppress() {
    let sandbox = repository();
    sandbox.chart("charts/a", &format!("{ALLOW}{BAD}"));
    sandbox.run("lint").exits(0);
    sandbox.run("lint --policy-from main").exits(1);
    sandbox.commit();
    sandbox.run("lint --policy-from main").exits(0);
    // A trusted comment vouches for one place, and for no other words or file.
    sandbox.chart("charts/a", &format!("{ALLOW}{BAD}b:\n  {ALLOW}  image: ghcr.io/acme/b:1\n"));
    sandbox.run("lint --policy-from main").exits(1).shows("acme/b").hides("acme/web");
    sandbox.chart("charts/a", &format!("{}{BAD}", ALLOW.replace("why", "because")));
    sandbox.run("lint --policy-from main").exits(1);
    sandbox.chart("charts/a", "");
    sandbox.chart("charts/b", &format!("{ALLOW}{BAD}"));
    sandbox.run("lint --policy-from main").exits(1);
}

#[test]
fn a_pull_request_cannot_hide_a_chart_from_the_search() {
    let sandbox = repository();
    for file in [".gitignore", ".ignore", "charts/.gitignore", "charts/.ignore"] {
        sandbox.write(file, "*\n");
    }
    sandbox.run("lint").exits(1);
    sandbox.commit();
    sandbox.run("lint --policy-from main").exits(1);
    sandbox.write(".git/info/exclude", "charts\n");
    sandbox.run("lint").exits(1);
}

#[test]
fn no_command_of_the_repository_runs() {
    let sandbox = repository();
    let run = format!("touch {}", sandbox.root().join("ran").display());
    for key in
        ["core.fsmonitor", "filter.x.smudge", "filter.x.clean", "diff.x.textconv", "core.pager"]
    {
        sandbox.git(&["config", key, &run]);
    }
    sandbox.write(".gitattributes", "* filter=x diff=x export-ignore\n");
    sandbox.write(".git/hooks/post-checkout", &format!("#!/bin/sh\n{run}\n"));
    sandbox.run("lint --since HEAD --policy-from HEAD").exits(0);
    assert!(!sandbox.root().join("ran").exists());
}

#[test]
fn a_hook_of_git_finds_the_same_repository() {
    let sandbox = repository();
    let elsewhere = sandbox.root().join("elsewhere").display().to_string();
    let variables =
        [("GIT_DIR", &*elsewhere), ("GIT_INDEX_FILE", &*elsewhere), ("GIT_WORK_TREE", "/")];
    sandbox.run_in(".", "lint --since HEAD", &variables).exits(0);
}

#[cfg(unix)]
#[test]
fn what_a_revision_cannot_give_safely_is_said() {
    let sandbox = repository();
    std::os::unix::fs::symlink("/etc/passwd", sandbox.root().join("charts/a/link.yaml")).unwrap();
    sandbox.commit();
    // The link of the present tree is not followed either, and that is never passed over.
    let said = sandbox.run("lint --since HEAD").exits(3);
    said.errs("charts/a/link.yaml of revision `HEAD` is not compared");
}

#[cfg(unix)]
#[test]
fn a_trusted_policy_may_be_a_link() {
    let sandbox = repository();
    sandbox.write("policies/loose.yaml", LOOSE);
    std::os::unix::fs::symlink(
        "../policies/loose.yaml",
        sandbox.root().join("charts/image-policy.yaml"),
    )
    .unwrap();
    sandbox.commit();
    sandbox.write("policies/loose.yaml", STRICT);
    sandbox.run("lint").exits(1);
    sandbox.run("lint --policy-from HEAD").exits(0);
}
