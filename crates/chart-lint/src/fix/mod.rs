//! What to write so that a finding goes away.
//!
//! A fix is read off the files: it is a proposal, which `migrate` and `lint --fix` prove
//! by an evaluation before they write it.

pub mod edit;
pub mod propose;

use crate::model::{Finding, FixEdit, Image, Report, Status};
use crate::rules::DISALLOWED_REGISTRY;
use propose::Edits;
use std::collections::{HashMap, HashSet};

/// Gives the findings of disallowed registries the bytes to change, where there are any
/// that are the chart's own and that spell nothing which is to stay.
pub(crate) fn attach(report: &mut Report) {
    if !report.findings.iter().any(|finding| finding.rule == DISALLOWED_REGISTRY.name) {
        return;
    }
    let charts: HashSet<&str> = report.charts.iter().map(|chart| &*chart.path).collect();
    let mut spelled: HashMap<(&str, usize), Vec<&Image>> = HashMap::new();
    for image in &report.images {
        for declaration in &image.declarations {
            let at = &declaration.location;
            spelled.entry((&*at.path, at.bytes.start)).or_default().push(image);
        }
    }
    let fixes: Vec<Vec<FixEdit>> = report
        .findings
        .iter()
        .map(|finding| of(finding, &charts, &spelled).unwrap_or_default())
        .collect();
    for (finding, fix) in report.findings.iter_mut().zip(fixes) {
        finding.fix = fix;
    }
}

fn of(
    finding: &Finding,
    charts: &HashSet<&str>,
    spelled: &HashMap<(&str, usize), Vec<&Image>>,
) -> Option<Vec<FixEdit>> {
    if finding.rule != DISALLOWED_REGISTRY.name {
        return None;
    }
    let chart = finding.chart.as_deref()?;
    let at = &finding.primary.location;
    let image = spelled.get(&(&*at.path, at.bytes.start))?.iter().find(|image| {
        &*image.chart == chart && Some(&image.reference) == finding.reference.as_ref()
    })?;
    let edits = first(image)?;
    let mut fix = Vec::new();
    for (path, edits) in &edits {
        if is_copy(path, charts) {
            return None;
        }
        for edit in edits {
            let images = spelled.get(&(path.as_str(), edit.start))?;
            let alike = |other: &&&Image| {
                other.status == Status::Disallowed
                    && first(other).is_some_and(|theirs| {
                        theirs.get(path).is_some_and(|edits| edits.contains(edit))
                    })
            };
            if !images.iter().all(|other| alike(&other)) {
                return None;
            }
            let declared = image.declarations.iter().map(|declaration| &declaration.location);
            let location = declared
                .into_iter()
                .find(|at| *at.path == **path && at.bytes.start == edit.start)?;
            fix.push(FixEdit { location: location.clone(), text: edit.after.clone() });
        }
    }
    Some(fix)
}

fn first(image: &Image) -> Option<Edits> {
    propose::ways(image).ok()?.into_iter().next()
}

/// True of a file under the `charts/` of a chart: the next update of the dependency would
/// undo what is written there.
fn is_copy(path: &str, charts: &HashSet<&str>) -> bool {
    path.match_indices("charts/").any(|(at, _)| {
        let parent = &path[..at];
        let parent = parent.strip_suffix('/').unwrap_or(if parent.is_empty() { "." } else { "\0" });
        charts.contains(parent)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_copies_are_told() {
        let charts = HashSet::from(["charts/a", "charts/a/charts/b"]);
        assert!(is_copy("charts/a/charts/b/values.yaml", &charts));
        assert!(!is_copy("charts/a/values.yaml", &charts));
        assert!(!is_copy("charts/a/mycharts/values.yaml", &charts));
        assert!(is_copy("charts/b/values.yaml", &HashSet::from(["."])));
    }
}
