//! A rollback to new versions lets the charts follow that depend on what it raises. Killed at
//! any point and run again, it has done so once.
#![allow(clippy::unwrap_used)]

mod killed;
mod tree;

use migrate::apply::apply;
use migrate::migration::{ChartChange, FileChange, Migration};
use migrate::rollback::{How, rollback, rollback_on};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tree::files;

const HOW: How = How { dry_run: false, bump: true };

type Texts = Vec<(String, String)>;

/// A Chart.yaml with dependencies by name, range and the version that they are.
fn chart(name: &str, version: &str, on: &[(&str, &str, &str)]) -> String {
    let one = |(name, range, _): &(&str, &str, &str)| {
        format!("  - {{name: {name}, version: \"{range}\", repository: \"file://../{name}\"}}\n")
    };
    let list: String = on.iter().map(one).collect();
    let list = if list.is_empty() { list } else { format!("dependencies:\n{list}") };
    format!("apiVersion: v2\nname: {name}\nversion: {version} # ours\n{list}")
}

/// The lock that Helm makes of them.
fn lock(on: &[(&str, &str, &str)]) -> String {
    let json = |asked: bool| {
        let one = |(name, range, version): &(&str, &str, &str)| {
            let version = if asked { range } else { version };
            format!(r#"{{"name":"{name}","version":"{version}","repository":"file://../{name}"}}"#)
        };
        on.iter().map(one).collect::<Vec<_>>().join(",")
    };
    let both = format!("[[{}],[{}]]", json(true), json(false));
    let digest: String =
        Sha256::digest(both.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let one = |(name, _, version): &(&str, &str, &str)| {
        format!("- name: {name}\n  repository: file://../{name}\n  version: {version}\n")
    };
    let list: String = on.iter().map(one).collect();
    format!("dependencies:\n{list}digest: sha256:{digest}\ngenerated: \"2026-11-25T22:00:00Z\"\n")
}

fn badge(version: &str) -> String {
    format!("![Version: {version}](x/badge/Version-{version}-x)\nmade by helm-docs\n")
}

fn texts(all: &[(&str, &str, String)]) -> Texts {
    all.iter().map(|(chart, name, text)| (format!("{chart}/{name}"), text.clone())).collect()
}

/// The charts that are migrated: `app`, and `mid` and `stay`, which depend on it.
fn migrated(app: &str, mid: &str, stay: &str, image: &str) -> Texts {
    let on: &[_] = &[("app", app, app)];
    texts(&[
        ("app", "Chart.yaml", chart("app", app, &[])),
        ("app", "values.yaml", format!("image: {image}\n")),
        ("mid", "Chart.lock", lock(on)),
        ("mid", "Chart.yaml", chart("mid", mid, on)),
        ("mid", "README.md", badge(mid)),
        ("mid", "values.yaml", format!("image: {image}\n")),
        ("stay", "Chart.lock", lock(on)),
        ("stay", "Chart.yaml", chart("stay", stay, on)),
        ("stay", "values.yaml", format!("image: {image}\n")),
    ])
}

/// Charts that no migration changed: `wide` takes any version of both, `only` takes that of
/// `wide`, and `old` keeps its dependencies in a file of their own.
fn others(app: &str, mid: &str, wide: &str, only: &str, old: &str) -> Texts {
    let on_both: &[_] = &[("app", "^1.0.0", app), ("mid", "~1.0.0", mid)];
    let on_wide: &[_] = &[("wide", wide, wide)];
    let on_app: &[_] = &[("app", app, app)];
    let requirements = chart("", "", on_app).split_once("dependencies").unwrap().1.to_owned();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \"{{ .Chart.Name }}-{{ .Chart.Version }}\"\n";
    let suite = "suite: s\ntests:\n  - it: is so\n    asserts:\n      - matchSnapshot: {}\n";
    let snapshot = format!("is so:\n  1: |\n    metadata:\n      name: only-{only}\n");
    texts(&[
        ("wide", "Chart.lock", lock(on_both)),
        ("wide", "Chart.yaml", chart("wide", wide, on_both)),
        ("only", "Chart.yaml", chart("only", only, on_wide)),
        ("only", "README.md", badge(only)),
        ("only", "templates/pod.yaml", pod.to_owned()),
        ("only", "tests/pod_test.yaml", suite.to_owned()),
        ("only", "tests/__snapshot__/pod_test.yaml.snap", snapshot),
        ("old", "Chart.yaml", chart("old", old, &[]).replace("v2", "v1")),
        ("old", "requirements.lock", lock(on_app)),
        ("old", "requirements.yaml", format!("dependencies{requirements}")),
    ])
}

/// Lays the charts out, migrates three of them, and edits one that then stays.
fn lay_out(root: &Path) {
    let write = |texts: Texts| {
        for (path, text) in texts {
            fs::create_dir_all(root.join(&path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        }
    };
    let before = migrated("1.0.0", "1.0.0", "1.0.0", "x");
    let after = migrated("1.0.1", "1.0.1", "1.0.1", "y");
    write(before.clone());
    let of_chart = |name: &str| ChartChange {
        chart: name.to_owned(),
        version: Some(("1.0.0".to_owned(), "1.0.1".to_owned())),
        moved: BTreeMap::new(),
        overridden: Default::default(),
        files: before
            .iter()
            .zip(&after)
            .filter(|((path, _), _)| path.starts_with(&format!("{name}/")))
            .map(|((path, before), (_, after))| FileChange {
                path: path.clone(),
                before: Some(before.clone()),
                after: after.clone(),
                edits: Vec::new(),
            })
            .collect(),
    };
    let charts = ["app", "mid", "stay"].iter().map(|name| of_chart(name)).collect();
    apply(root, &Migration { charts, ..Migration::default() }).unwrap();
    write(others("1.0.1", "1.0.1", "3.0.0", "4.0.0", "5.0.0"));
    fs::write(root.join("stay/values.yaml"), "image: mine\n").unwrap();
}

/// What there is afterwards, but for the journal of what stays.
fn expected() -> BTreeMap<PathBuf, String> {
    let mut texts = migrated("1.0.2", "1.0.2", "1.0.2", "x");
    texts.extend(others("1.0.2", "1.0.2", "3.0.1", "4.0.1", "5.0.1"));
    let mut all: BTreeMap<PathBuf, String> =
        texts.into_iter().map(|(path, text)| (path.into(), text)).collect();
    all.insert("stay/values.yaml".into(), "image: mine\n".to_owned());
    all
}

fn charts(root: &Path) -> BTreeMap<PathBuf, String> {
    files(root).into_iter().filter(|(path, _)| !path.starts_with(".chart-images")).collect()
}

/// The process that is killed: it does nothing when the tests are run.
#[test]
fn child() {
    let Some((_, killed, root)) = killed::child() else { return };
    drop(rollback_on(&killed, &root, |_| true, HOW).unwrap());
}

#[test]
fn what_depends_on_a_raised_chart_follows_once() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let before = files(dir.path());
    let dry = rollback(dir.path(), |_| true, How { dry_run: true, ..HOW }).unwrap();
    assert_eq!(files(dir.path()), before);
    let undone = rollback(dir.path(), |_| true, HOW).unwrap();
    assert_eq!(charts(dir.path()), expected());
    assert!(undone.notes.is_empty(), "{:?}", undone.notes);
    assert_eq!((dry.restored, dry.followed), (undone.restored.clone(), undone.followed.clone()));
    let followed: Vec<&str> = undone.followed.iter().map(|chart| &*chart.chart).collect();
    assert_eq!(followed, ["old", "only", "stay", "wide"]);
    let restored: Vec<&str> = undone.restored.iter().map(|chart| &*chart.chart).collect();
    assert_eq!((restored, &*undone.kept[0].chart), (vec!["app", "mid"], "stay"));
    // What stayed follows nobody else when its turn comes, and is a new version then.
    fs::write(dir.path().join("stay/values.yaml"), "image: y\n").unwrap();
    let undone = rollback(dir.path(), |_| true, HOW).unwrap();
    assert!(undone.kept.is_empty() && undone.followed.is_empty(), "{undone:?}");
    let text = fs::read_to_string(dir.path().join("stay/Chart.yaml")).unwrap();
    assert_eq!(text, chart("stay", "1.0.3", &[("app", "1.0.2", "1.0.2")]));
    assert!(!dir.path().join(".chart-images").exists());
}

#[test]
fn killed_anywhere_it_is_finished_by_the_next_one() {
    let expected = expected();
    let mut points = 0;
    for point in 0.. {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path());
        let ended = killed::run("bump", point, dir.path());
        // Going on without the new versions would make something else of it.
        let is_begun = dir.path().join(".chart-images/migrations/raised.json").exists();
        if is_begun {
            let how = How { dry_run: true, bump: false };
            let back = rollback(dir.path(), |_| true, how).unwrap();
            assert!(back.restored.is_empty() && !back.kept.is_empty(), "{point}: {back:?}");
        }
        // Before the versions are written there is nothing to finish.
        let undone = rollback(dir.path(), |_| !is_begun, HOW).unwrap();
        assert_eq!(charts(dir.path()), expected, "{point}: {undone:?}");
        assert!(!dir.path().join(".chart-images/migrations/raised.json").exists(), "{point}");
        points = point;
        if ended {
            break;
        }
    }
    // The versions; two charts that are taken back with the journal of each, then the files
    // that name what these depend on, and those of four other charts.
    let replaced = 1 + (2 + 1) + (3 + 1) + 2 + (2 + 2 + 3 + 3);
    assert_eq!(points, replaced * killed::POINTS + killed::REMOVED);
}

#[test]
fn what_asks_for_a_version_that_never_came_asks_for_the_one_that_is() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    // As a migration leaves it that ended before it came to the first chart.
    for (path, text) in &migrated("1.0.0", "1.0.0", "1.0.0", "x")[..2] {
        fs::write(dir.path().join(path), text).unwrap();
    }
    let undone = rollback(dir.path(), |_| true, HOW).unwrap();
    assert!(undone.notes.is_empty(), "{:?}", undone.notes);
    let read = |path: &str| fs::read_to_string(dir.path().join(path)).unwrap();
    assert_eq!(read("app/Chart.yaml"), chart("app", "1.0.0", &[]));
    let on: &[_] = &[("app", "1.0.0", "1.0.0")];
    assert_eq!(read("mid/Chart.yaml"), chart("mid", "1.0.2", on));
    assert_eq!(read("mid/Chart.lock"), lock(on));
    let both: &[_] = &[("app", "^1.0.0", "1.0.0"), ("mid", "~1.0.0", "1.0.2")];
    assert_eq!(read("wide/Chart.lock"), lock(both));
}

#[test]
fn versions_that_no_rollback_begins_with_are_not_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    // As a pull request may bring it.
    let pair = r#"{"before": "1.0.1", "after": "7.7.7"}"#;
    let one = |chart| format!(r#"{{"chart": "{chart}", "version": {pair}}}"#);
    let text = format!(r#"{{"version": 1, "raised": [{}, {}]}}"#, one("app"), one("mid"));
    fs::write(dir.path().join(".chart-images/migrations/raised.json"), text).unwrap();
    rollback(dir.path(), |_| true, HOW).unwrap();
    assert_eq!(charts(dir.path()), expected());
}

#[test]
fn what_a_journal_says_of_a_version_that_is_not_there_is_not_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let (app, asks) = (chart("app", "1.0.0", &[]), chart("asks", "1.0.0", &[("app", "1.0.1", "")]));
    write("app/Chart.yaml", &app);
    write("asks/Chart.yaml", &asks);
    let hash: String = Sha256::digest(&app).iter().map(|byte| format!("{byte:02x}")).collect();
    let journal = |before: &str| {
        let file = format!(
            r#"{{"path": "app/Chart.yaml", "before": "{hash}", "after": "", "lines": []}}"#
        );
        let version = format!(r#"{{"before": "{before}", "after": "1.0.1"}}"#);
        format!(
            r#"{{"version": 1, "charts": [{{"chart": "app", "version": {version}, "moved": [], "files": [{file}]}}]}}"#
        )
    };
    for (before, asked) in [("7.7.7", "1.0.1"), ("1.0.0", "1.0.0")] {
        write(".chart-images/migrations/0001.json", &journal(before));
        rollback(dir.path(), |_| true, HOW).unwrap();
        let text = fs::read_to_string(dir.path().join("asks/Chart.yaml")).unwrap();
        assert!(text.contains(&format!("version: \"{asked}\"")), "{before}: {text}");
    }
}

#[test]
fn what_was_raised_before_an_edit_came_between_is_followed_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    // The versions and the Chart.yaml of the first chart are written.
    assert!(!killed::run("bump", 2 * killed::POINTS, dir.path()));
    fs::write(dir.path().join("app/values.yaml"), "image: mine\n").unwrap();
    let undone = rollback(dir.path(), |_| true, HOW).unwrap();
    let kept: Vec<&str> = undone.kept.iter().map(|kept| &*kept.chart).collect();
    assert_eq!(kept, ["app", "stay"]);
    let mut expected = expected();
    expected.insert("app/values.yaml".into(), "image: mine\n".to_owned());
    assert_eq!(charts(dir.path()), expected);
    assert!(!dir.path().join(".chart-images/migrations/raised.json").exists());
}
