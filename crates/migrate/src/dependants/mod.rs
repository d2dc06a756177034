//! Charts of the same repository that depend on a chart whose version goes up.
//!
//! A dependency by `file://` that asks for exactly the version that was asks for the next
//! one then, and its chart becomes a new version in turn. Where it asks for a range that
//! admits the next version it stays, and its lock follows, without which Helm would look for
//! the version that was. Other dependencies are of what is published: they follow when
//! somebody publishes it, which is told.

mod asked;
pub(crate) mod back;
pub(crate) mod gone;
mod order;
mod told;
mod updated;

pub use order::dependencies_first;

use crate::change;
use crate::edit::Edit;
use crate::files;
use crate::lock;
use crate::migration::{ChartChange, FileChange, Migration, Request, file_of};
use crate::trial::{self, Trial};
use asked::{Follows, follows};
pub(crate) use back::Follower;
use chart_lint::check::parallel;
use chart_lint::discover::{CHART_FILE, FoundChart, discover};
use chart_lint::shell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// The files that name dependencies, with the file that locks them.
const FILES: [(&str, &str); 2] =
    [(CHART_FILE, "Chart.lock"), ("requirements.yaml", "requirements.lock")];

/// The versions before and after of the charts that were raised, by their folders.
pub(crate) type Versions = BTreeMap<String, (String, String)>;

/// Lets the dependants of the changed charts follow, as far as that is proved.
pub(crate) fn follow(request: &Request<'_>, migration: &mut Migration) -> io::Result<()> {
    let mut versions = Versions::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    let dependants = dependants(request.root, request.charts);
    loop {
        let raised = migration.charts.iter().filter(|change| !asked.contains(&change.chart));
        let raised: Vec<_> =
            raised.filter_map(|c| Some((c.chart.clone(), c.version.clone()?))).collect();
        if raised.is_empty() {
            break;
        }
        asked.extend(raised.iter().map(|(chart, _)| chart.clone()));
        versions.extend(raised);
        for chart in &dependants {
            if let Some(change) = raise(request, chart, &versions, migration)? {
                settle(request, change, migration)?;
            }
        }
    }
    if versions.is_empty() {
        return Ok(());
    }
    updated::tell(request, &dependants, migration)?;
    // Also those that nobody asked about.
    let unasked = if request.is_whole {
        None
    } else {
        discover(&[request.root.to_owned()], request.root).ok()
    };
    let all = unasked.map(|found| self::dependants(request.root, &found.charts));
    told::tell(request, &all.unwrap_or(dependants), &versions, migration);
    Ok(())
}

/// The charts that depend on something, which few do.
fn dependants(root: &Path, charts: &[FoundChart]) -> Vec<FoundChart> {
    let names_some = |chart: &FoundChart| {
        FILES.iter().any(|(file, _)| {
            let text = files::existing(&root.join(file_of(&chart.display, file)));
            text.is_ok_and(|text| text.contains("dependencies"))
        })
    };
    let name_some = parallel::map(charts, names_some);
    charts.iter().zip(name_some).filter(|(_, some)| *some).map(|(chart, _)| chart.clone()).collect()
}

/// The change of a chart that depends on some of the raised ones; `None` when it does not,
/// or follows them already.
fn raise(
    request: &Request<'_>,
    chart: &FoundChart,
    versions: &Versions,
    migration: &Migration,
) -> io::Result<Option<ChartChange>> {
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for (file, lock) in FILES {
        let path = file_of(&chart.display, file);
        let Ok(text) = files::existing(&request.root.join(&path)) else { continue };
        let Follows { versions: of_file, raised, .. } = follows(&text, &chart.display, versions);
        let path_of_lock = file_of(&chart.display, lock);
        let locked = files::existing(&request.root.join(&path_of_lock));
        // A lock that cannot follow is for Helm to write.
        if let Some(locked) = locked.ok().filter(|_| !raised.is_empty())
            && let Some(of_lock) = lock::edits(&text, &of_file, &raised, &locked)
        {
            edits.insert(path_of_lock, of_lock);
        }
        if !of_file.is_empty() {
            edits.insert(path, of_file);
        }
    }
    if edits.is_empty() {
        return Ok(None);
    }
    let old = migration.charts.iter().find(|change| change.chart == chart.display);
    let mut change = match old {
        Some(old) => old.clone(),
        None => match change::of(request, &chart.display, [])? {
            Ok(change) => change,
            Err(_) => return Ok(None),
        },
    };
    for (path, edits) in edits {
        let file = change.files.iter().position(|file| file.path == path);
        let mut file = match file {
            Some(at) => change.files.remove(at),
            None => {
                let before = files::existing(&request.root.join(&path))?;
                FileChange { path, after: before.clone(), before: Some(before), edits: Vec::new() }
            }
        };
        if file.path.ends_with(".lock") {
            // With one version more it has another digest.
            file.edits.clear();
        }
        file.edits.extend(edits);
        file.edits.sort();
        file.edits.dedup();
        let Some(after) = crate::edit::apply(file.text(), &file.edits) else { return Ok(None) };
        file.after = after;
        if file.text() != file.after {
            change.files.push(file);
        }
    }
    change.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((old != Some(&change)).then_some(change))
}

/// Takes a change in when it is proved, and says what is left to do.
fn settle(request: &Request<'_>, change: ChartChange, migration: &mut Migration) -> io::Result<()> {
    let Trial { proofs, .. } = trial::run(request, &[&change])?;
    let chart = &change.chart;
    if proofs.into_iter().any(|proof| proof.is_err()) {
        migration.notes.push(format!(
            "{chart} depends on a chart whose version went up, and cannot follow with the copy \
             that it has: set the version in its dependencies, then run \
             `helm dependency update {}`",
            shell::word(chart)
        ));
        return Ok(());
    }
    let locked = change.files.iter().any(|file| file.path.ends_with(".lock"));
    let has_lock = FILES.iter().any(|(_, lock)| request.root.join(file_of(chart, lock)).exists());
    if has_lock && !locked {
        migration.notes.push(format!(
            "{chart} follows the new version of a chart that it depends on: run `helm dependency \
             update {}` for its lock",
            shell::word(chart)
        ));
    }
    migration.charts.retain(|old| old.chart != change.chart);
    migration.charts.push(change);
    Ok(())
}
