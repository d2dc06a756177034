//! Charts in folders: which files are what, and what cannot be read.

#![allow(clippy::unwrap_used)]

mod common;

use common::Repository;
use helm_engine::chart::{FileKind, FileState, Limits, ProblemKind};
use std::fs;

#[test]
fn every_file_is_loaded_or_skipped_with_a_reason() {
    let loaded = Repository::new()
        .with("c/.helmignore", "# tools\n*.bak\nsecret/\n")
        .with("c/values.yaml", "a: 1\n")
        .with("c/values.yaml.bak", "")
        .with("c/README.md", "")
        .with("c/Chart.lock", "")
        .with("c/ci/x.yaml", "")
        .with("c/secret/x", "")
        .with("c/templates/a.yaml", "")
        .with("c/templates/.b.yaml", "")
        .with("c/templates/tests/t.yaml", "")
        .with("c/tests/t_test.yaml", "")
        .with("c/files/x.conf", "")
        .with("c/files/photo", [0x89, b'P', 0])
        .with("c/files/latin", b"caf\xe9")
        .with("c/logo.png", "")
        .with("c/examples/e/Chart.yaml", "")
        .with("c/examples/e/values.yaml", "")
        .load();
    assert_eq!(
        loaded.states(),
        [
            "c/.helmignore skipped: says what to leave out",
            "c/Chart.lock skipped: a lock file repeats Chart.yaml",
            "c/Chart.yaml loaded",
            "c/README.md skipped: documentation",
            "c/ci/x.yaml loaded",
            "c/examples/e skipped: belongs to the chart c/examples/e",
            "c/files/latin skipped: binary: it has a NUL byte or is not UTF-8",
            "c/files/photo skipped: binary: it has a NUL byte or is not UTF-8",
            "c/files/x.conf loaded",
            "c/logo.png skipped: binary by its ending",
            "c/secret skipped: left out by .helmignore, line 3",
            "c/templates/.b.yaml skipped: Helm leaves out templates/.*",
            "c/templates/a.yaml loaded",
            "c/templates/tests/t.yaml loaded",
            "c/tests/t_test.yaml skipped: a unit test is not deployed",
            "c/values.yaml loaded",
            "c/values.yaml.bak skipped: left out by .helmignore, line 2",
        ]
    );
    assert!(loaded.problems().is_empty(), "{:?}", loaded.problems());
    assert_eq!(loaded.chart.file("secret").unwrap().kind, FileKind::Folder);
}

#[test]
fn subcharts_are_loaded_under_the_rules_of_the_outermost_chart() {
    let loaded = Repository::new()
        .with("c/.helmignore", "charts/a/left.txt")
        .with("c/charts/a/Chart.yaml", "name: a\nversion: 1.0.0\n")
        .with("c/charts/a/left.txt", "")
        .with("c/charts/a/.helmignore", "kept.txt")
        .with("c/charts/a/kept.txt", "")
        .with("c/charts/a/charts/b/Chart.yaml", "name: b\nversion: 1.0.0\n")
        .with("c/charts/_x/Chart.yaml", "")
        .with("c/charts/.y/z", "")
        .with("c/charts/empty/left.txt", "")
        .with("c/charts/README.md", "")
        .load();
    let paths: Vec<_> = loaded.chart.tree().iter().map(|c| c.path.as_str()).collect();
    assert_eq!(paths[..2], ["c", "c/charts/a"]);
    assert!(paths.contains(&"c/charts/a/charts/b"));
    assert_eq!(loaded.state("c/charts/a/left.txt"), "skipped: left out by .helmignore, line 1");
    assert_eq!(loaded.state("c/charts/a/kept.txt"), "loaded");
    assert!(loaded.state("c/charts/_x/Chart.yaml").starts_with("skipped"));
    assert!(loaded.state("c/charts/.y/z").starts_with("skipped"));
    assert_eq!(loaded.state("c/charts/README.md"), "skipped: documentation");
}

#[test]
fn a_folder_in_charts_of_which_nothing_is_left_is_no_subchart() {
    let loaded = Repository::new()
        .with("c/.helmignore", "left.txt")
        .with("c/charts/empty/left.txt", "")
        .load();
    assert!(loaded.chart.subcharts.is_empty());
    assert_eq!(loaded.state("c/charts/empty/left.txt"), "skipped: left out by .helmignore, line 1");
    assert!(loaded.problems().is_empty());
}

#[test]
fn a_chart_without_chart_yaml_is_a_chart_with_a_problem() {
    let loaded = Repository::new().with("c/charts/a/values.yaml", "x: 1").load();
    assert_eq!(loaded.only_problem().kind, ProblemKind::Metadata);
    assert_eq!(loaded.only_problem().path, "c/charts/a");
    assert_eq!(loaded.state("c/charts/a/values.yaml"), "loaded");
}

#[test]
fn a_folder_that_is_not_there_is_said_once() {
    let repository = Repository::new();
    fs::remove_dir_all(repository.path("c")).unwrap();
    assert_eq!(repository.load().only_problem().kind, ProblemKind::NotFound);
}

#[test]
fn an_ignore_file_that_helm_refuses_is_placed_and_the_chart_still_read() {
    let loaded = Repository::new()
        .with("c/.helmignore", "# é\n  files/**\nb.txt\n")
        .with("c/b.txt", "")
        .load();
    let problem = loaded.only_problem();
    assert_eq!(problem.kind, ProblemKind::Ignore);
    assert_eq!(problem.to_string().split(": ").next(), Some("c/.helmignore:2:3"));
    assert!(loaded.state("c/b.txt").starts_with("skipped"));
}

#[test]
fn a_byte_order_mark_stays_in_the_text() {
    let loaded = Repository::new().with("c/values.yaml", "\u{feff}a: 1").load();
    assert_eq!(loaded.text("c/values.yaml"), "\u{feff}a: 1");
}

#[test]
fn text_that_is_no_utf8_is_a_problem_at_its_first_bad_byte() {
    let loaded = Repository::new()
        .with("c/values.yaml", b"a: 1\nb: \xff\n")
        .with("c/templates/t.yaml", b"{{/* \xe9 */}}")
        .with("c/values-16.yaml", b"\xff\xfea\0:\0")
        .load();
    let FileState::Failed(problem) = &loaded.chart.file("values.yaml").unwrap().state else {
        panic!("{:?}", loaded.states())
    };
    assert_eq!(problem.offset, Some(8));
    assert_eq!(problem.to_string(), "c/values.yaml:2:4: the file is not UTF-8: byte 8 is 0xff");
    assert!(loaded.state("c/templates/t.yaml").starts_with("failed"));
    assert!(loaded.state("c/values-16.yaml").contains("UTF-16"));
    assert_eq!(loaded.state("c/Chart.yaml"), "loaded");
}

#[test]
fn a_nul_does_not_hide_a_template() {
    let loaded = Repository::new()
        .with("c/templates/t.yaml", "{{/* \0 */}}")
        .with("c/files/x.yaml", "# \0")
        .load();
    assert_eq!(loaded.state("c/templates/t.yaml"), "loaded");
    assert_eq!(loaded.state("c/files/x.yaml"), "loaded");
}

#[test]
fn a_large_file_fails_and_the_others_are_read() {
    let repository = Repository::new().with("c/values.yaml", "").with("c/a.yaml", "x");
    let file = fs::File::options().write(true).open(repository.path("c/values.yaml")).unwrap();
    file.set_len(100_000_000).unwrap();
    let loaded = repository.load();
    assert_eq!(loaded.only_problem().kind, ProblemKind::TooLarge);
    assert!(loaded.only_problem().message.contains("20 MiB"));
    assert_eq!(loaded.state("c/a.yaml"), "loaded");
}

#[test]
fn many_small_files_do_not_get_round_the_limit_of_a_chart() {
    let mut repository = Repository::new();
    repository.limits.chart_bytes = 100;
    for n in 0..9 {
        repository = repository.with(&format!("c/{n}.txt"), [b'x'; 30]);
    }
    let loaded = repository.load();
    assert!(loaded.problems().iter().all(|p| p.kind == ProblemKind::TooLarge));
    assert!(loaded.problems()[0].message.contains("100 bytes"));
    assert!(loaded.sources.iter().map(|(_, f)| f.text().len()).sum::<usize>() <= 100);
}

#[test]
fn too_many_files_are_said_once() {
    let mut repository = Repository::new();
    repository.limits.entries = 5;
    for n in 0..20 {
        repository = repository.with(&format!("c/{}/{n}.txt", n % 3), "");
    }
    let loaded = repository.load();
    let problems = loaded.problems();
    let too_many: Vec<_> = problems.iter().filter(|p| p.kind == ProblemKind::TooMany).collect();
    assert_eq!(too_many.len(), 1);
    assert!(too_many[0].message.contains("more than 5"));
}

#[test]
fn deep_folders_end() {
    let deep = "d/".repeat(100);
    let loaded = Repository::new().with(&format!("c/{deep}x.txt"), "").with("c/z.txt", "").load();
    assert_eq!(loaded.only_problem().kind, ProblemKind::TooMany);
    assert!(loaded.only_problem().message.contains("64"));
    assert_eq!(loaded.state("c/z.txt"), "loaded");
}

#[test]
fn deep_subcharts_end() {
    let mut repository = Repository::new();
    repository.limits = Limits { chart_depth: 3, ..repository.limits };
    let mut path = String::from("c/");
    for _ in 0..6 {
        path.push_str("charts/s/");
        repository = repository.with(&format!("{path}Chart.yaml"), "name: s\nversion: 1.0.0\n");
    }
    let loaded = repository.load();
    assert_eq!(loaded.chart.tree().len(), 4);
    assert_eq!(loaded.only_problem().kind, ProblemKind::TooMany);
}

#[cfg(unix)]
#[test]
fn a_socket_or_pipe_is_not_opened() {
    let repository = Repository::new().with("c/templates/a.yaml", "");
    let _socket = std::os::unix::net::UnixListener::bind(repository.path("c/socket")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(repository.path("c/values.yaml")).status();
    let loaded = repository.load();
    assert!(loaded.state("c/socket").contains("not a file"));
    if pipe.is_ok_and(|status| status.success()) {
        assert!(loaded.state("c/values.yaml").contains("not a file"));
    }
    assert_eq!(loaded.state("c/templates/a.yaml"), "loaded");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said_and_the_rest_read() {
    use std::os::unix::fs::PermissionsExt;
    let repository = Repository::new().with("c/values.yaml", "").with("c/files/x", "");
    for path in ["c/values.yaml", "c/files"] {
        fs::set_permissions(repository.path(path), fs::Permissions::from_mode(0o0)).unwrap();
    }
    // To root nothing is forbidden.
    let everything_allowed = fs::File::open(repository.path("c/values.yaml")).is_ok();
    let loaded = repository.load();
    fs::set_permissions(repository.path("c/files"), fs::Permissions::from_mode(0o700)).unwrap();
    if !everything_allowed {
        assert_eq!(loaded.problems().len(), 2);
        assert!(loaded.state("c/values.yaml").contains("permission denied"));
        assert!(loaded.state("c/files").contains("permission denied"));
        assert_eq!(loaded.state("c/Chart.yaml"), "loaded");
    }
}
