//! `migrate` and those who have to know: verifications, commits, notes, reviewers, lint.
#![allow(clippy::unwrap_used)]

mod moved;
mod sandbox;

use moved::{POLICY, chart, copy_of_dependency, files};
use sandbox::Sandbox;

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
    let said = sandbox.run("rollback --chart other").exits(2);
    let none = "error: --chart `other` matches no chart with a migration to take back\nhelp: the charts with one are: app (shop)\n";
    assert_eq!(said.err, none);
    sandbox.run("rollback --chart shop").exits(0).shows("app is as it was");
    assert_eq!(sandbox.read("app/Chart.yaml"), text);
    sandbox.run("rollback --chart other").exits(0).shows("no migration");
}

#[test]
fn a_pattern_that_matches_nothing_is_no_success() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    for name in ["b1", "b2", "b3", "b4", "web"] {
        let text = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
        sandbox.write(&format!("more/{name}/Chart.yaml"), &text);
        sandbox.write(
            &format!("more/{name}/values.yaml"),
            &format!("image: mirror.example.com/{name}:1\n"),
        );
    }
    let before = files(sandbox.root());
    for how in ["--dry-run", "--unverified"] {
        let wrong = |choice: &str| sandbox.run(&format!("migrate {how} {choice}")).exits(2).err;
        let charts = "error: --chart `ap` matches none of the charts that were judged\nhelp: the nearest of 6 charts are: app, more/b1, more/b2, more/b3, more/b4\n";
        assert_eq!(wrong("--chart app --chart ap"), charts);
        let images = "error: --image `ghcr.io/acme/wbe` matches no image of the charts\nhelp: the nearest of 6 images are: ghcr.io/acme/web, ";
        assert!(wrong("--image ghcr.io/acme/wbe").starts_with(images));
    }
    assert!(files(sandbox.root()) == before);
    // What has moved is no slip of the pen.
    let line = "migrate --unverified --image ghcr.io/acme/web --chart ./app/";
    sandbox.run(line).exits(0).shows("moved 1;");
    sandbox.run(line).exits(0).shows("nothing to move");
    sandbox.run("migrate --unverified --image mirror.example.com/b1").exits(0);
}

#[test]
fn a_chart_is_chosen_with_the_copies_that_it_gives_values() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "x: 1\n", "  - name: a\n    image: mirror.example.com/a:1\n");
    copy_of_dependency(&sandbox, "app", "image: ghcr.io/acme/sub:1\n", "{{ .Values.image }}");
    for choice in ["app", "ap*", "sub", "app/charts/sub"] {
        let said = sandbox.run(&format!("migrate --unverified --chart {choice}")).exits(0);
        said.shows("app 1.0.0 -> 1.0.1").shows("moved 1 (1 by values");
        let said = sandbox.run("rollback --chart sub").exits(2);
        assert!(said.err.contains("the charts with one are: app\n"), "{}", said.err);
        sandbox.run("rollback --chart app").exits(0).shows("app is as it was");
    }
}

#[test]
fn who_shares_bytes_with_what_was_chosen_is_named() {
    let sandbox = Sandbox::new();
    let values = "registry: ghcr.io\na: acme/a\nb: acme/b\n";
    let pod = ["a", "b"].map(|n| {
        format!("  - name: {n}\n    image: {{{{ .Values.registry }}}}/{{{{ .Values.{n} }}}}:1\n")
    });
    chart(&sandbox, values, &pod.concat());
    let said = sandbox.run("migrate --unverified --image ghcr.io/acme/a").exits(3);
    let told = "`ghcr.io` at app/values.yaml spells `ghcr.io/acme/b:1` too\n  Choose `ghcr.io/acme/b:1` too, so that both move, or give the image a registry or repository of its own, then try again.\n";
    assert!(said.err.contains(told), "{}", said.err);
    let both = "migrate --unverified --image ghcr.io/acme/a --image ghcr.io/acme/b";
    sandbox.run(both).exits(0).shows("moved 2;");
    sandbox.run("rollback").exits(0);
    let policy =
        POLICY.replace("\"ghcr.io/**\"", "\"ghcr.io/acme/a\"").replace("gh/**", "gh/acme/a");
    sandbox.write("image-policy.yaml", &policy);
    let said = sandbox.run("migrate --unverified").exits(3);
    assert!(said.err.contains("too\n  Give the image a registry"), "{}", said.err);
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
    sandbox.run("rollback --bump").exits(0).shows("app is as it was, at 1.4.1\n");
    assert_eq!(sandbox.read("app/values.yaml"), values);
    assert_eq!(sandbox.read("app/Chart.yaml"), later.replace("1.4.0", "1.4.1"));
    assert_eq!(sandbox.read("app/README.md"), readme("1.4.1"));
    sandbox.run("rollback --bump").exits(0).shows("no migration");
}

#[test]
fn each_chart_is_a_commit_that_goes_back_alone() {
    let sandbox = Sandbox::with_git();
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
}

#[test]
fn notes_that_cannot_be_kept_are_told_before_anything_is_written() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.write("half.md", "<!-- chart-images: migrations -->\n");
    let before = files(sandbox.root());
    for (file, said) in [
        ("half.md", "put both markers there"),
        ("none/NOTES.md", "make the folder first"),
        ("app", "it is no regular file"),
    ] {
        sandbox.run(&format!("migrate --unverified --notes {file}")).exits(2).errs(said);
        assert!(files(sandbox.root()) == before, "{file}");
    }
    sandbox.run("migrate --unverified").exits(0);
    let before = files(sandbox.root());
    sandbox.run("rollback --notes half.md").exits(2).errs("put both markers there");
    assert!(files(sandbox.root()) == before);
}

/// A chart in a Git repository that is ready for a migration.
fn committed() -> Sandbox {
    let sandbox = Sandbox::with_git();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.git(&["config", "user.name", "t"]);
    sandbox.git(&["config", "user.email", "t@example.com"]);
    sandbox.commit();
    sandbox
}

#[test]
fn what_cannot_be_committed_is_not_written() {
    let sandbox = committed();
    let untouched = |said: &str, status: &str| {
        sandbox.run("migrate --unverified --commit").exits(2).errs(said);
        assert_eq!(sandbox.git(&["status", "--porcelain"]), status);
        assert!(!sandbox.root().join(".chart-images").exists());
    };
    sandbox.write(".gitignore", ".chart-images/\n");
    untouched("Git ignores .chart-images/migrations/", "?? .gitignore\n");
    sandbox.remove(".gitignore");
    sandbox.git(&["config", "--unset", "user.name"]);
    sandbox.git(&["config", "--unset", "user.email"]);
    sandbox.git(&["config", "user.useConfigOnly", "true"]);
    untouched("nothing was written", "");
}

#[cfg(unix)]
#[test]
fn a_commit_that_fails_leaves_the_index_as_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = committed();
    sandbox.write("mine", "x");
    sandbox.git(&["add", "mine"]);
    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\necho not today >&2\nexit 1\n");
    let hook = sandbox.root().join(".git/hooks/pre-commit");
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.run("migrate --unverified --commit").exits(2).errs("not today");
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " M app/Chart.yaml\n M app/values.yaml\nA  mine\n?? .chart-images/\n"
    );
    sandbox.run("rollback").exits(0);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "A  mine\n");
}

#[test]
fn a_dependency_is_committed_before_its_dependants() {
    let sandbox = committed();
    sandbox.chart("base", "image: busybox:1\n");
    let dependency = "dependencies:\n- name: a\n  version: 0.1.0\n  repository: file://../base\n";
    let text = sandbox.read("app/Chart.yaml") + dependency;
    sandbox.write("app/Chart.yaml", &text);
    sandbox.commit();
    sandbox.run("migrate --unverified --commit").exits(0).shows("moved 2");
    let of =
        |commit: &str| sandbox.git(&["show", "--format=", "--name-only", commit, "--", "*.yaml"]);
    assert_eq!(of("HEAD~1"), "base/Chart.yaml\nbase/values.yaml\n");
    assert_eq!(of("HEAD"), "app/Chart.yaml\napp/values.yaml\n");
    assert!(sandbox.git(&["show", "HEAD:app/Chart.yaml"]).contains("  version: 0.1.1\n"));
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
fn a_hostile_folder_is_a_name_in_the_diff_and_git_applies_it() {
    let sandbox = Sandbox::with_git();
    sandbox.write("image-policy.yaml", moved::POLICY);
    let folder = "x y\n+++ b/evil\u{1b}]0;title\u{7}\t\"\\é";
    sandbox.chart(folder, "image: ghcr.io/acme/web:1\n");
    let diff = sandbox.run("migrate --dry-run").exits(0).out;
    assert!(!diff.contains('\u{1b}') && !diff.contains('\u{7}'), "{diff}");
    let files = diff.lines().filter(|line| line.starts_with("+++ ")).count();
    assert_eq!(files, 2, "{diff}");
    sandbox.write("it.diff", &diff);
    sandbox.git(&["apply", "it.diff"]);
    assert_eq!(
        sandbox.read(&format!("{folder}/values.yaml")),
        "image: mirror.example.com/gh/acme/web:1\n"
    );
}

#[cfg(unix)]
#[test]
fn a_line_feed_in_a_folder_forges_no_line() {
    let sandbox = Sandbox::new();
    sandbox.write("image-policy.yaml", moved::POLICY);
    sandbox.chart("x\nnote: forged", "image: ghcr.io/acme/web:1\nother: ghcr.io/acme/web\n");
    for line in ["migrate --unverified --image ghcr.io/**", "rollback"] {
        let said = sandbox.run(line).exits(0).shows("note: forged");
        let said = said.out + &said.err;
        assert!(!said.lines().any(|line| line.starts_with("note: forged")), "{line}: {said}");
    }
}

#[test]
fn a_version_that_is_not_raised_as_one_expects_is_told() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    let run = |version: &str| {
        sandbox.write("app/Chart.yaml", &format!("apiVersion: v2\nname: app\n{version}"));
        let said = sandbox.run("migrate --unverified").shows("moved 1;");
        sandbox.run("rollback").exits(0);
        said.err
    };
    let none = "note: app/Chart.yaml: the version `01.2` is none that can be raised; write the next one there, such as 1.2.3, before you publish it\n";
    assert_eq!(run("version: \"01.2\"\n"), none);
    assert!(run("").contains("app/Chart.yaml: there is no version to raise;"));
    let release = "note: app/Chart.yaml goes from the pre-release 1.2.3-rc.1+build.5 to 1.2.3: write another version there if that is not to be released yet\n";
    assert_eq!(run("version: 1.2.3-rc.1+build.5\n"), release);
    for usual in ["version: 1.2.3\n", "version: 1.2.3+a-b\n"] {
        assert_eq!(run(usual), "");
    }
    sandbox.write("image-policy.yaml", &format!("{POLICY}migration: {{bump: none}}\n"));
    assert_eq!(run("version: \"01.2\"\n"), "");
}

#[test]
fn a_refusal_is_told_once() {
    let sandbox = Sandbox::new();
    let pod = "  - name: a\n    image: {{ $parts := splitList \"/\" .Values.image }}{{ first $parts }}/{{ rest $parts | join \"/\" }}\n  - name: b\n    image: {{ regexReplaceAll \"^ghcr.io/\" .Values.image \"quay.io/\" }}\n";
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", pod);
    let said = sandbox.run("migrate --unverified").exits(3).shows("nothing to move");
    assert_eq!(said.err.matches("not moved: ghcr.io/acme/web:1").count(), 1, "{}", said.err);
}

#[test]
fn what_keeps_a_rollback_from_a_chart_is_told_with_the_next_step() {
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    sandbox.run("migrate --unverified").exits(0);
    let migrated = sandbox.read("app/Chart.yaml");
    let why = |err: &str| sandbox.run("rollback").exits(3).errs(err);
    sandbox.write("app/Chart.yaml", &migrated.replace("1.0.1", "1.1.0"));
    why("as the migration left it; roll back with --bump, which gives the chart a new version, or");
    sandbox.write("app/Chart.yaml", &migrated);
    sandbox.write("app/values.yaml", "image: other\n");
    why("write `image: ghcr.io/acme/web:1` there by hand, or");
    sandbox.remove("app/values.yaml");
    why("app/values.yaml is not there; restore it from Git, then try again");
    std::fs::remove_dir_all(sandbox.root().join("app")).unwrap();
    why("app/Chart.yaml has no folder; restore it from Git, then try again");
}

#[cfg(unix)]
#[test]
fn a_rollback_is_named_where_there_is_something_to_take_back() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    chart(&sandbox, "image: ghcr.io/acme/web:1\n", "  - name: a\n    image: {{ .Values.image }}\n");
    let values = sandbox.root().join("app/values.yaml");
    std::fs::set_permissions(values, std::fs::Permissions::from_mode(0o444)).unwrap();
    let said = sandbox.run("migrate --unverified").exits(2).errs("it may only be read; make it");
    assert!(!said.err.contains("rollback"), "{}", said.err);
}
