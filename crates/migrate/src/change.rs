//! A chart with the edits of some images made, and its version raised.

use crate::copies::Override;
use crate::edit::{self, Edit};
use crate::files;
use crate::follow;
use crate::groups::Group;
use crate::migration::{ChartChange, FileChange, Request, file_of};
use crate::overrides;
use crate::place;
use crate::version;
use chart_lint::discover::CHART_FILE;
use helm_engine::chart::IgnoreRules;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// Makes the edits of these groups; the reason when they cannot be made together.
pub(crate) fn of<'g>(
    request: &Request<'_>,
    chart: &str,
    groups: impl IntoIterator<Item = &'g Group>,
) -> io::Result<Result<ChartChange, String>> {
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    let mut over: Vec<Override> = Vec::new();
    let mut moved = BTreeMap::new();
    let mut overridden = BTreeSet::new();
    for group in groups {
        for (path, of_file) in group.ways().flat_map(|way| &way.edits).chain(&group.also) {
            edits.entry(path.clone()).or_default().extend(of_file.iter().cloned());
        }
        over.extend(group.ways().flat_map(|way| way.overrides.iter().cloned()));
        overridden.extend(group.overridden());
        for index in group.images() {
            if let Some(image) = request.report.images.get(index) {
                let after = image.replacement.clone().unwrap_or_default();
                moved.insert(index, (image.reference.clone(), after));
            }
        }
    }
    if !over.is_empty() {
        let path = file_of(chart, "values.yaml");
        let text = match files::text(&request.root.join(&path)) {
            Ok(text) => text.unwrap_or_default(),
            Err(error) => return Ok(Err(format!("{path} cannot be read: {error}"))),
        };
        if is_left_out(&request.root.join(chart), "values.yaml") {
            return Ok(Err(format!(
                "{chart}/.helmignore leaves out values.yaml, the place for it"
            )));
        }
        let Some(of_values) = overrides::edits(&text, &over) else {
            let keys = over.first().map(|one| one.route.join(".")).unwrap_or_default();
            return Ok(Err(format!("{path} has no place for `{keys}`")));
        };
        edits.entry(path).or_default().extend(of_values);
    }
    let chart_yaml = file_of(chart, CHART_FILE);
    let of_policy = request.report.charts.iter().find(|summary| &*summary.path == chart);
    let part = of_policy.map(|summary| summary.bump).unwrap_or_default();
    let bump = version::bump(&files::existing(&request.root.join(&chart_yaml))?, part);
    let version = bump.as_ref().map(|edit| (edit.before.clone(), edit.after.clone()));
    edits.entry(chart_yaml).or_default().extend(bump);
    for (path, of_file) in follow::edits(request, chart, &edits, &over, version.as_ref()) {
        edits.entry(path).or_default().extend(of_file);
    }
    let mut files = Vec::new();
    for (path, edits) in edits {
        let file = match place::of(request.root, &path) {
            Ok(file) => file,
            Err(why) => return Ok(Err(why)),
        };
        let before = files::text(&file)?;
        let text = before.as_deref().unwrap_or_default();
        if edits.iter().any(|edit| text.get(edit.range()) != Some(&edit.before)) {
            return Err(io::Error::other(format!("{path} changed while it was read; run again")));
        }
        let Some(after) = edit::apply(text, &edits) else {
            return Ok(Err("another image is spelled by some of the same bytes".to_owned()));
        };
        if text != after {
            files.push(FileChange { path, before, after, edits });
        }
    }
    Ok(Ok(ChartChange { chart: chart.to_owned(), version, moved, overridden, files }))
}

/// True of a file that Helm does not load.
fn is_left_out(chart: &Path, file: &str) -> bool {
    let rules = files::existing(&chart.join(".helmignore")).unwrap_or_default();
    IgnoreRules::parse(&rules).0.ignores(file, false)
}
