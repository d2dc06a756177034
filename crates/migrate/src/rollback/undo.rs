//! The files of one migration of a chart, taken back.

use super::RestoredFile;
use super::texts::Texts;
use crate::journal::{ChartEntry, FOLDER};
use crate::version;
use chart_lint::discover::CHART_FILE;

/// The files of a chart that differ from what they were, with both texts. With a version,
/// lines that name one are left alone, and raised where there is one to come.
pub(super) fn undo(
    texts: &Texts<'_>,
    chart: &ChartEntry,
    version: Option<&Option<(String, String)>>,
) -> Result<Vec<RestoredFile>, String> {
    let mut files = Vec::new();
    for entry in &chart.files {
        let Some(text) = texts.get(&entry.path)? else {
            // A file that the migration would have made is not there either.
            if entry.before.is_none() {
                continue;
            }
            return Err(format!(
                "{} is not there; restore it from Git, then try again",
                entry.path
            ));
        };
        let migrated = chart.version.as_ref();
        let (entry, own) = match version {
            Some(_) => version::without(entry, migrated),
            None => (entry.clone(), Vec::new()),
        };
        let undone = entry.undo(&text).map_err(|line| {
            let by_hand = match &line.before {
                // Another version is none to take back: it may be published.
                Some(before) if entry.path.ends_with(CHART_FILE) && is_version(before) => {
                    "roll back with --bump, which gives the chart a new version".to_owned()
                }
                // Else the file is found to be as it was.
                Some(before) if entry.lines.len() > 1 => {
                    format!("write `{}` there by hand, and {}", before.trim(), delete_entry())
                }
                Some(before) => format!("write `{}` there by hand", before.trim()),
                None => format!(
                    "take it and what is under it away by hand, if it is not gone already, and {}",
                    delete_entry()
                ),
            };
            format!(
                "{} was changed since: the line `{}` (line {} then) is not there as the \
                 migration left it; {by_hand}, or take the later change back first",
                entry.path,
                line.after.trim(),
                line.line,
            )
        })?;
        let undone = match version {
            Some(Some(version)) => version::raise(&entry.path, &undone, version, (migrated, &own)),
            _ => undone,
        };
        if undone != text {
            // What others wrote into a file that the migration made stays, and so does it.
            let then = (entry.before.is_some() || !undone.is_empty()).then_some(undone);
            files.push(RestoredFile { path: entry.path.clone(), now: text, then });
        }
    }
    Ok(files)
}

/// What is taken back by hand is asked for no more.
fn delete_entry() -> String {
    format!("delete the entry of this line from the journal in {FOLDER}")
}

/// True of a chart's own version; those of its dependencies stand further in.
fn is_version(line: &str) -> bool {
    line.trim_start_matches(['"', '\'']).starts_with("version")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::FileEntry;
    use std::fs;

    #[test]
    fn what_is_to_be_done_by_hand_lets_the_rest_go_back() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("c")).unwrap();
        let file = FileEntry::new("c/f", Some("a: x\nb: x\n"), "a: y\nb: y\nsub: z\n");
        let (chart, version, moved) = ("c".to_owned(), None, Vec::new());
        let mut entry = ChartEntry { chart, version, moved, files: vec![file] };
        for (now, by_hand, done, then) in [
            (
                "a: y\nb: y\nsub: w\n",
                "take it and what is under it away",
                "a: y\nb: y\n",
                "a: x\nb: x\n",
            ),
            ("a: y\nb: w\n", "write `b: x` there", "a: y\nb: x\n", "a: x\nb: x\n"),
        ] {
            fs::write(dir.path().join("c/f"), now).unwrap();
            let why = undo(&Texts::new(dir.path()), &entry, None).unwrap_err();
            assert!(why.contains(by_hand), "{why}");
            assert!(why.contains("delete the entry of this line from the journal in"), "{why}");
            fs::write(dir.path().join("c/f"), done).unwrap();
            // As it is asked.
            entry.files[0].lines.pop();
            let files = undo(&Texts::new(dir.path()), &entry, None).unwrap();
            assert_eq!(files[0].then.as_deref(), Some(then));
        }
    }
}
