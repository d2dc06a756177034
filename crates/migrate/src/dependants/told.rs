//! What is left to do in charts that depend on one whose version went up.

use super::asked::{Follows, Published, Stuck, follows, published};
use super::{FILES, Versions};
use crate::files;
use crate::lock;
use crate::migration::{Migration, Request, file_of};
use crate::rollback::name_of;
use chart_lint::discover::FoundChart;
use chart_lint::shell;
use helm_engine::values::admits;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// What is left to do in charts that nothing here can change.
pub(super) fn tell(
    request: &Request<'_>,
    dependants: &[FoundChart],
    versions: &Versions,
    migration: &mut Migration,
) {
    let judged: BTreeSet<&str> = request.charts.iter().map(|chart| &*chart.display).collect();
    let names: LazyCell<BTreeMap<String, &(String, String)>, _> = LazyCell::new(|| {
        let names = versions.iter();
        names.filter_map(|(folder, to)| Some((name_of(request.root, folder)?, to))).collect()
    });
    for chart in dependants {
        let path = &chart.display;
        let word = shell::word(path);
        for (file, lock) in FILES {
            let (file, lock) = (file_of(path, file), file_of(path, lock));
            let read = |file: &str| files::existing(&request.root.join(file)).ok();
            let text = read(&file).unwrap_or_default();
            let Follows { versions: exact, raised, stuck } = follows(&text, path, versions);
            let locked = read(&lock).filter(|_| !raised.is_empty() && exact.is_empty());
            if locked.is_some_and(|locked| lock::edits(&text, &[], &raised, &locked).is_none()) {
                migration.notes.push(format!(
                    "{lock} cannot follow the new version of a chart that {path} depends on: run \
                     `helm dependency update {word}`"
                ));
            }
            for Stuck { name, range, version } in stuck {
                migration.notes.push(format!(
                    "{file} depends on {name} `{range}`, which does not admit its new version \
                     {version}: change the range, or `helm dependency update {word}` fails"
                ));
            }
            if !exact.is_empty() && !judged.contains(&**path) {
                migration.notes.push(format!(
                    "{file} depends on the version that was of a chart whose version went up, and \
                     was not judged: name {path} too, or set the version there by hand"
                ));
            }
            for Published { name, range, repository } in published(&text) {
                let Some((_, version)) = names.get(&name).filter(|(old, _)| admits(&range, old))
                else {
                    continue;
                };
                let how = match admits(&range, version) {
                    true => String::new(),
                    false => format!("set its version there to {version} and "),
                };
                migration.notes.push(format!(
                    "{file} depends on {name} `{range}` of {repository}: where that is the chart \
                     here, {path} gets the images when {version} is published; then {how}run \
                     `helm dependency update {word}`"
                ));
            }
        }
    }
}
