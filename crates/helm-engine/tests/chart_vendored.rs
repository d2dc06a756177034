//! What is under `charts/` of the dependencies that a chart declares, as real Helm's
//! `dependency list` has it.
#![allow(clippy::unwrap_used)]

mod common;

use common::Repository;
use helm_engine::chart::Vendored;

const BASE: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n";

fn vendored(repository: Repository, entries: &str) -> Vec<&'static str> {
    let loaded = repository.with("c/Chart.yaml", format!("{BASE}{entries}")).load();
    let word = |dependency| match loaded.chart.vendored(dependency) {
        Vendored::Fits(_) => "fits",
        Vendored::WrongVersion(_) => "wrong version",
        Vendored::Missing => "missing",
    };
    loaded.chart.dependencies.iter().map(word).collect()
}

fn with_sub(folder: &str, version: &str) -> Repository {
    let chart = format!("apiVersion: v2\nname: sub\nversion: {version}\n");
    Repository::new().with(&format!("c/charts/{folder}/Chart.yaml"), chart)
}

#[test]
fn name_and_version_decide_and_the_folder_does_not() {
    for (folder, version, asked, expected) in [
        ("sub", "1.0.0", "1.x", "fits"),
        ("other", "1.0.0", "1.x", "fits"),
        ("sub", "1.0.0", "2.x", "wrong version"),
        ("sub", "1.0.0-beta", "\">=1.0.0\"", "wrong version"),
        // Helm renders these: a range that is none asks for nothing.
        ("sub", "1.0.0", "not a range", "fits"),
        ("sub", "1.0.0", "\"\"", "fits"),
    ] {
        let entry = format!("  - {{name: sub, version: {asked}}}\n");
        assert_eq!(vendored(with_sub(folder, version), &entry), [expected], "{asked} {version}");
    }
}

#[test]
fn of_two_versions_each_is_looked_for() {
    let two = "  - {name: sub, version: 1.x}\n  - {name: sub, alias: b, version: 2.x}\n";
    assert_eq!(vendored(with_sub("s1", "1.0.0"), two), ["fits", "wrong version"]);
    let both = with_sub("s1", "1.0.0")
        .with("c/charts/s2/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 2.1.0\n");
    assert_eq!(vendored(both, two), ["fits", "fits"]);
}

#[test]
fn helm_reads_charts_alone_so_a_sibling_is_missing() {
    let beside =
        Repository::new().with("sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 1.0.0\n");
    let entry = "  - {name: sub, version: 1.x, repository: \"file://../sub\"}\n";
    assert_eq!(vendored(beside, entry), ["missing"]);
}

#[test]
fn what_cannot_be_read_is_not_missing() {
    let entry = "  - {name: sub, version: 1.x}\n";
    let broken = Repository::new().with("c/charts/sub-1.0.0.tgz", "no archive");
    assert_eq!(vendored(broken, entry), ["fits"]);
    let broken = Repository::new().with("c/charts/subway-1.0.0.tgz", "no archive");
    assert_eq!(vendored(broken, entry), ["missing"]);
}
