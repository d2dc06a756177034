//! A process that is killed at any point of a migration or of its rollback leaves whole
//! files, and a rollback gives back every byte.
#![allow(clippy::unwrap_used)]

mod killed;
mod tree;

use killed::{POINTS, REMOVED};
use migrate::apply::apply_on;
use migrate::files::Disk;
use migrate::migration::{ChartChange, FileChange, Migration};
use migrate::rollback::{How, rollback, rollback_on};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tree::files;

const CHARTS: usize = 5;
const FILES: usize = 6;
fn migration() -> Migration {
    let file = |chart: usize, number: usize| FileChange {
        path: format!("chart{chart}/f{number}"),
        // The last one is not there before.
        before: (number + 1 < FILES).then(|| format!("a: x\r\nn: {number}\n")),
        // To one of them lines are only added.
        after: match number {
            1 => format!("a: x\r\nn: {number}\nmore: 1\n"),
            _ => format!("a: longer\r\nn: {number}\nmore: 1\n"),
        },
        edits: Vec::new(),
    };
    let chart = |chart: usize| ChartChange {
        chart: format!("chart{chart}"),
        version: None,
        moved: BTreeMap::new(),
        overridden: Default::default(),
        files: (0..FILES).map(|number| file(chart, number)).collect(),
    };
    Migration { charts: (0..CHARTS).map(chart).collect(), refused: Vec::new(), notes: Vec::new() }
}

/// The process that is killed: it does nothing when the tests are run.
#[test]
fn child() {
    let Some((what, killed, root)) = killed::child() else { return };
    match &*what {
        "apply" => drop(apply_on(&killed, &root, &migration()).unwrap()),
        _ => drop(rollback_on(&killed, &root, |_| true, How::default()).unwrap()),
    }
}

fn lay_out(root: &Path) {
    for file in migration().charts.iter().flat_map(|chart| &chart.files) {
        let path = root.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if let Some(before) = &file.before {
            fs::write(path, before).unwrap();
        }
    }
}

/// Kills a process at each point until one comes to its end; gives the number of points.
fn killed_everywhere(what: &str, begin: fn(&Path)) -> usize {
    for point in 0.. {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path());
        let before = files(dir.path());
        begin(dir.path());
        let ended = killed::run(what, point, dir.path());
        for file in migration().charts.iter().flat_map(|chart| &chart.files) {
            let text = fs::read_to_string(dir.path().join(&file.path)).ok();
            let is_whole = text == file.before || text.as_ref() == Some(&file.after);
            assert!(is_whole, "{what} {point}: {text:?}");
        }
        let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
        assert!(undone.kept.is_empty(), "{what} {point}: {:?}", undone.kept);
        assert_eq!(files(dir.path()), before, "{what} {point}");
        assert!(!dir.path().join(".chart-images").exists(), "{what} {point}");
        if ended {
            return point;
        }
    }
    0
}

#[test]
fn a_migration_killed_at_any_point_is_taken_back() {
    let points = killed_everywhere("apply", |_| {});
    assert_eq!(points, (1 + CHARTS * FILES) * POINTS);
}

#[test]
fn a_rollback_killed_at_any_point_is_taken_to_its_end() {
    let begin = |root: &Path| drop(apply_on(&Disk, root, &migration()).unwrap());
    let points = killed_everywhere("rollback", begin);
    // After each chart the journal is written; after the last one it is removed, as is the
    // file of each chart that was not there.
    assert_eq!(points, (CHARTS * (FILES - 1) + CHARTS - 1) * POINTS + (CHARTS + 1) * REMOVED);
}

#[test]
fn a_rollback_of_files_that_were_edited_since_killed_at_any_point_is_taken_to_its_end() {
    let edited = |text: &str| format!("# mine\n{text}mine: 1\n");
    for point in 0.. {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path());
        apply_on(&Disk, dir.path(), &migration()).unwrap();
        let migration = migration();
        let all = migration.charts.iter().flat_map(|chart| &chart.files);
        let expected: Vec<_> = all
            .map(|file| (dir.path().join(&file.path), file.before.as_deref().map(edited)))
            .collect();
        for (path, _) in expected.iter().filter(|(_, then)| then.is_some()) {
            fs::write(path, edited(&fs::read_to_string(path).unwrap())).unwrap();
        }
        let ended = killed::run("rollback", point, dir.path());
        let undone = rollback(dir.path(), |_| true, How::default()).unwrap();
        assert!(undone.kept.is_empty(), "{point}: {:?}", undone.kept);
        for (path, then) in &expected {
            assert_eq!(fs::read_to_string(path).ok(), *then, "{point}: {}", path.display());
        }
        assert!(!dir.path().join(".chart-images").exists(), "{point}");
        if ended {
            // The journal is written before each chart, too.
            let points = (CHARTS * FILES + CHARTS - 1) * POINTS + (CHARTS + 1) * REMOVED;
            assert_eq!(point, points);
            return;
        }
    }
}
