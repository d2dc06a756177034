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
    let is_meant = |finding: &Finding| finding.rule == DISALLOWED_REGISTRY.name;
    if !report.findings.iter().any(is_meant) {
        return;
    }
    let known = Known::of(report);
    let fixes: Vec<Vec<FixEdit>> = report
        .findings
        .iter()
        .map(|finding| is_meant(finding).then(|| known.fix(finding)).flatten().unwrap_or_default())
        .collect();
    for (finding, fix) in report.findings.iter_mut().zip(fixes) {
        finding.fix = fix;
    }
}

/// A file and a byte of it.
type Place<'r> = (&'r str, usize);

/// What is known of the images of a report.
struct Known<'r> {
    charts: HashSet<&'r str>,
    /// The images that are spelled at a place, by their index.
    spelled: HashMap<Place<'r>, Vec<usize>>,
    images: &'r [Image],
    /// The edits of each image that is to move.
    edits: Vec<Option<Edits>>,
}

impl<'r> Known<'r> {
    fn of(report: &'r Report) -> Self {
        let mut spelled: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, image) in report.images.iter().enumerate() {
            for declaration in &image.declarations {
                let at = &declaration.location;
                spelled.entry((&*at.path, at.bytes.start)).or_default().push(index);
            }
        }
        let edits = report.images.iter().map(|image| match image.status {
            Status::Disallowed => propose::ways(image).ok()?.into_iter().next(),
            _ => None,
        });
        Self {
            charts: report.charts.iter().map(|chart| &*chart.path).collect(),
            spelled,
            images: &report.images,
            edits: edits.collect(),
        }
    }

    fn fix(&self, finding: &Finding) -> Option<Vec<FixEdit>> {
        let at = &finding.primary.location;
        let spelled = self.spelled.get(&(&*at.path, at.bytes.start))?;
        let is_it = |image: &Image| {
            Some(&*image.chart) == finding.chart.as_deref()
                && Some(&image.reference) == finding.reference.as_ref()
        };
        let index = *spelled.iter().find(|index| self.images.get(**index).is_some_and(is_it))?;
        let image = self.images.get(index)?;
        let mut fix = Vec::new();
        for (path, edits) in self.edits.get(index)?.as_ref()? {
            if is_copy(path, &self.charts) {
                return None;
            }
            for edit in edits {
                if !self.spelled.get(&(path.as_str(), edit.start))?.iter().all(|other| {
                    let theirs = self.edits.get(*other).and_then(Option::as_ref);
                    theirs.is_some_and(|theirs| theirs.get(path).is_some_and(|e| e.contains(edit)))
                }) {
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
