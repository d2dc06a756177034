//! Symlinks are followed as Helm follows them, but not out of the root.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod common;

use common::Repository;
use helm_engine::chart::ProblemKind;

#[test]
fn a_link_inside_the_root_is_followed() {
    let loaded = Repository::new()
        .with("common/values.yaml", "a: 1")
        .with("common/templates/deep/t.yaml", "b: 2")
        .link("c/values.yaml", "../common/values.yaml")
        .link("c/templates", "../common/templates")
        .load();
    assert!(loaded.problems().is_empty(), "{:?}", loaded.problems());
    assert_eq!(loaded.text("c/values.yaml"), "a: 1");
    assert_eq!(loaded.text("c/templates/deep/t.yaml"), "b: 2");
    let link = |path| loaded.chart.file(path).unwrap().link.as_deref();
    assert_eq!(link("values.yaml"), Some("common/values.yaml"));
    assert_eq!(link("templates/deep/t.yaml"), Some("common/templates/deep/t.yaml"));
    assert_eq!(link("Chart.yaml"), None);
}

#[test]
fn a_link_out_of_the_root_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "token").unwrap();
    let out = outside.path().to_str().unwrap();
    let loaded = Repository::new()
        .with("c/values.yaml", "a: 1")
        .link("c/files/a.txt", &format!("{out}/secret"))
        .link("c/templates", out)
        .link("c/.helmignore", &format!("{out}/secret"))
        .load();
    for path in ["c/files/a.txt", "c/templates", "c/.helmignore"] {
        assert!(loaded.state(path).contains("leads out of the repository"), "{path}");
    }
    assert!(loaded.sources.iter().all(|(_, file)| !file.text().contains("token")));
    assert_eq!(loaded.state("c/values.yaml"), "loaded");
}

#[test]
fn a_link_to_a_link_out_of_the_root_is_refused() {
    let loaded = Repository::new().link("c/a.txt", "b.txt").link("c/b.txt", "/etc/passwd").load();
    assert!(loaded.state("c/a.txt").contains("leads out"));
    assert!(loaded.state("c/b.txt").contains("leads out"));
}

#[test]
fn without_a_root_the_chart_is_the_root() {
    let mut repository =
        Repository::new().with("common.yaml", "a: 1").link("c/values.yaml", "../common.yaml");
    repository.limits.root = None;
    assert_eq!(repository.load().only_problem().kind, ProblemKind::Symlink);
}

#[test]
fn a_link_into_git_is_refused() {
    let loaded =
        Repository::new().with(".git/config", "token").link("c/a.txt", "../.git/config").load();
    assert!(loaded.state("c/a.txt").contains(".git"));
}

#[test]
fn links_in_circles_end() {
    let loaded = Repository::new()
        .with("c/a/x.txt", "")
        .link("c/a/up", "..")
        .link("c/a/self", "../a")
        .with("c/p/x.txt", "")
        .with("c/q/y.txt", "")
        .link("c/p/to-q", "../q")
        .link("c/q/to-p", "../p")
        .link("c/me", "me")
        .link("c/nowhere", "gone")
        .load();
    assert!(loaded.state("c/a/up").contains("leads back"));
    assert!(loaded.state("c/a/self").contains("leads back"));
    assert!(loaded.state("c/p/to-q/to-p").contains("leads back"));
    assert!(loaded.state("c/q/to-p/to-q").contains("leads back"));
    assert_eq!(loaded.state("c/p/to-q/y.txt"), "loaded");
    assert!(loaded.state("c/me").contains("cannot follow the symlink to me"));
    assert!(loaded.state("c/nowhere").contains("there is nothing there"));
}

#[test]
fn links_that_double_at_each_step_run_into_the_limit() {
    let mut repository = Repository::new();
    repository.limits.entries = 500;
    for n in 0..30 {
        let next = format!("../{}", n + 1);
        repository = repository.link(&format!("c/{n}/a"), &next).link(&format!("c/{n}/b"), &next);
    }
    let loaded = repository.with("c/30/x", "").load();
    assert!(loaded.problems().iter().any(|p| p.kind == ProblemKind::TooMany));
    assert!(loaded.states().len() <= 500);
}

#[test]
fn an_ignored_link_is_not_followed() {
    let loaded = Repository::new().with("c/.helmignore", "gone").link("c/gone", "nowhere").load();
    assert!(loaded.problems().is_empty());
}
