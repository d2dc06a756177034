//! A rollback to a new version that is killed at any point raises it once when it is run again.
#![allow(clippy::unwrap_used)]

mod killed;
mod tree;

use migrate::apply::{Failed, apply};
use migrate::migration::{ChartChange, FileChange, Migration};
use migrate::rollback::{How, rollback, rollback_on};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tree::files;

const HOW: How = How { dry_run: false, bump: true };

/// The files of a chart at a version, with an image.
fn texts(chart: &str, version: &str, image: &str) -> [(String, String); 3] {
    let badge = format!("![Version: {version}](x/badge/Version-{version}-x)\nmade by helm-docs\n");
    [
        (format!("{chart}/Chart.yaml"), format!("name: {chart}\nversion: {version} # ours\n")),
        (format!("{chart}/README.md"), badge),
        (format!("{chart}/values.yaml"), format!("a: 1\nimage: {image}\n")),
    ]
}

/// Moves the image of some charts from one home to the next, at the next version.
fn migration(charts: &[&str], from: (&str, &str), to: (&str, &str)) -> Migration {
    let chart = |chart: &&str| ChartChange {
        chart: (*chart).to_owned(),
        version: Some((from.0.to_owned(), to.0.to_owned())),
        moved: BTreeMap::new(),
        overridden: Default::default(),
        files: texts(chart, from.0, from.1)
            .into_iter()
            .zip(texts(chart, to.0, to.1))
            .map(|((path, before), (_, after))| FileChange {
                path,
                before: Some(before),
                after,
                edits: Vec::new(),
            })
            .collect(),
    };
    Migration { charts: charts.iter().map(chart).collect(), ..Migration::default() }
}

/// Two charts that were migrated, the first one twice.
fn migrated(root: &Path) {
    for (path, text) in ["a", "b"].iter().flat_map(|chart| texts(chart, "1.0.0", "x")) {
        fs::create_dir_all(root.join(&path).parent().unwrap()).unwrap();
        fs::write(root.join(path), text).unwrap();
    }
    apply(root, &migration(&["a", "b"], ("1.0.0", "x"), ("1.0.1", "y"))).unwrap();
    apply(root, &migration(&["a"], ("1.0.1", "y"), ("1.0.2", "z"))).unwrap();
}

/// The process that is killed: it does nothing when the tests are run.
#[test]
fn child() {
    let Some((_, killed, root)) = killed::child() else { return };
    drop(rollback_on(&killed, &root, |_| true, HOW).unwrap());
}

#[test]
fn the_version_is_raised_once_wherever_it_was_killed() {
    let expected: BTreeMap<PathBuf, String> = texts("a", "1.0.3", "x")
        .into_iter()
        .chain(texts("b", "1.0.2", "x"))
        .map(|(path, text)| (PathBuf::from(path), text))
        .collect();
    let mut points = 0;
    for point in 0.. {
        let dir = tempfile::tempdir().unwrap();
        migrated(dir.path());
        let ended = killed::run("bump", point, dir.path());
        let undone = rollback(dir.path(), |_| true, HOW).unwrap();
        assert!(undone.kept.is_empty(), "{point}: {:?}", undone.kept);
        assert_eq!(files(dir.path()), expected, "{point}");
        points = point;
        if ended {
            break;
        }
    }
    // The versions; the files of three migrations, of which the older one of the first chart
    // has a new version already; the older journal without that chart.
    let replaced = 1 + (3 + 1 + 3) + 1;
    assert_eq!(points, replaced * killed::POINTS + 3 * killed::REMOVED);
}

#[test]
fn what_was_begun_with_a_new_version_is_not_gone_on_with_without_one() {
    let dir = tempfile::tempdir().unwrap();
    migrated(dir.path());
    // The versions and the Chart.yaml of the first chart are written.
    assert!(!killed::run("bump", 2 * killed::POINTS, dir.path()));
    let before = files(dir.path());
    let undone = rollback(dir.path(), |chart| chart == "a", How::default()).unwrap();
    assert!(undone.kept[0].because.contains("--bump"), "{:?}", undone.kept);
    assert_eq!(files(dir.path()), before);
    // Nor does a migration come on top of it.
    let next = migration(&["b"], ("1.0.1", "y"), ("1.0.2", "z"));
    let Failed { file: named, why, .. } = apply(dir.path(), &next).unwrap_err();
    assert!(named.ends_with("raised.json") && why.contains("rollback --bump"), "{why}");
    assert_eq!(files(dir.path()), before);
    // Whatever is chosen, it is finished.
    rollback(dir.path(), |_| false, HOW).unwrap();
    assert!(!dir.path().join(".chart-images").exists());
}

#[test]
fn what_stays_is_raised_anew_later() {
    let dir = tempfile::tempdir().unwrap();
    let read = |path: &str| fs::read_to_string(dir.path().join(path)).unwrap();
    fs::create_dir(dir.path().join("a")).unwrap();
    for (path, text) in texts("a", "1.0.0", "x") {
        fs::write(dir.path().join(path), text).unwrap();
    }
    let more = dir.path().join("a/more");
    fs::write(&more, "x\n").unwrap();
    let mut first = migration(&["a"], ("1.0.0", "x"), ("1.0.1", "y"));
    first.charts[0].files.push(FileChange {
        path: "a/more".to_owned(),
        before: Some("x\n".to_owned()),
        after: "y\n".to_owned(),
        edits: Vec::new(),
    });
    apply(dir.path(), &first).unwrap();
    apply(dir.path(), &migration(&["a"], ("1.0.1", "y"), ("1.0.2", "z"))).unwrap();
    // Somebody changed what only the older migration did.
    fs::write(&more, "mine\n").unwrap();
    let undone = rollback(dir.path(), |_| true, HOW).unwrap();
    assert_eq!((undone.restored.len(), undone.kept.len()), (1, 1));
    assert!(read("a/Chart.yaml").contains("1.0.3"));
    assert_eq!(read("a/values.yaml"), "a: 1\nimage: y\n");
    // It may have been published at that version.
    fs::write(&more, "y\n").unwrap();
    assert!(rollback(dir.path(), |_| true, HOW).unwrap().kept.is_empty());
    assert!(read("a/Chart.yaml").contains("1.0.4"));
    assert_eq!(read("a/values.yaml"), "a: 1\nimage: x\n");
    assert_eq!(read("a/more"), "x\n");
}

#[test]
fn a_chart_that_was_migrated_twice_is_shown_as_it_is_to_be() {
    for bump in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        migrated(dir.path());
        let before = files(dir.path());
        let shown = rollback(dir.path(), |_| true, How { dry_run: true, bump }).unwrap();
        assert_eq!(files(dir.path()), before);
        let done = rollback(dir.path(), |_| true, How { dry_run: false, bump }).unwrap();
        assert!(shown.kept.is_empty(), "{:?}", shown.kept);
        assert_eq!(shown.restored, done.restored);
        let after = files(dir.path());
        assert_eq!((shown.restored.len(), after.len()), (2, 6));
        for file in shown.restored.iter().flat_map(|chart| &chart.files) {
            let path = PathBuf::from(&file.path);
            assert_eq!(Some(&file.now), before.get(&path), "{}", file.path);
            assert_eq!(file.then.as_ref(), after.get(&path), "{}", file.path);
        }
    }
}
