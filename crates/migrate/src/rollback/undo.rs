//! The files of one migration of a chart, taken back.

use super::RestoredFile;
use super::texts::Texts;
use crate::journal::ChartEntry;
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
                Some(before) => format!("write `{}` there by hand", before.trim()),
                None => "take it and what is under it away by hand".to_owned(),
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

/// True of a chart's own version; those of its dependencies stand further in.
fn is_version(line: &str) -> bool {
    line.trim_start_matches(['"', '\'']).starts_with("version")
}
