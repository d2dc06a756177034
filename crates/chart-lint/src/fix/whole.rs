//! Fixes of images that share bytes: all of them move, or none does.

use super::edit::Edit;
use super::propose::{self, Edits};
use super::spelled::Spelled;
use crate::model::{Finding, Fix, FixEdit, Image, Location, Report, Status};
use crate::rules::DISALLOWED_REGISTRY;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Edits of one fix at most: what moves more at once is no proposal to accept unseen, and
/// a chart that shares everything must not make a report many times its own size.
const MOST_EDITS: usize = 100;

/// What is known of the images of a report, and the fixes that were worked out.
pub(super) struct Fixes<'r> {
    charts: HashSet<&'r str>,
    images: &'r [Image],
    spelled: Spelled<'r>,
    /// The ways of each image that is to move; none of one that stays.
    ways: Vec<Vec<Edits>>,
    /// The most that one has.
    most_ways: usize,
    /// The fix of each image that was asked about or shares bytes with one that was, by
    /// the number of the way that is taken.
    known: HashMap<(usize, usize), Option<usize>>,
    fixes: Vec<Fix>,
}

impl<'r> Fixes<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        // What somebody permitted is not to change with what nobody did.
        let hidden = report.hidden.iter().map(|hidden| &hidden.finding);
        let permitted: BTreeSet<_> = hidden
            .filter(|finding| finding.rule == DISALLOWED_REGISTRY.name)
            .map(|finding| {
                let at = &finding.primary.location;
                let image = (finding.chart.as_deref(), finding.reference.as_deref());
                (image, &*at.path, at.bytes.start)
            })
            .collect();
        let stays = |image: &Image| {
            let name = (Some(&*image.chart), Some(&*image.reference));
            image.declarations.iter().any(|declaration| {
                let Location { path, bytes, .. } = &declaration.location;
                let end = bytes.end.max(bytes.start + 1);
                permitted.range((name, &**path, bytes.start)..(name, &**path, end)).next().is_some()
            })
        };
        let ways = report.images.iter().map(|image| {
            let moves = image.status == Status::Disallowed && !stays(image);
            moves.then(|| propose::ways(image).ok()).flatten().unwrap_or_default()
        });
        let ways: Vec<Vec<Edits>> = ways.collect();
        let most_ways = ways.iter().map(Vec::len).max().unwrap_or_default();
        let spelled = Spelled::of(&report.images);
        let charts = report.charts.iter().map(|chart| &*chart.path).collect();
        let (known, fixes) = (HashMap::new(), Vec::new());
        Self { charts, images: &report.images, spelled, ways, most_ways, known, fixes }
    }

    /// The fix of a finding.
    pub(super) fn fix(&mut self, finding: &Finding) -> Option<Fix> {
        let image = self.find(finding)?;
        (0..self.most_ways).find_map(|way| {
            let fix = match self.known.get(&(way, image)) {
                Some(fix) => *fix,
                None => self.work_out(way, image),
            };
            self.fixes.get(fix?).cloned()
        })
    }

    fn work_out(&mut self, way: usize, image: usize) -> Option<usize> {
        let (together, edits) = self.together(way, image);
        let fix = edits.filter(|edits| !edits.is_empty() && edits.len() <= MOST_EDITS);
        let fix = fix.map(|edits| {
            self.fixes.push(Fix { edits, others: together.len().saturating_sub(1) });
            self.fixes.len() - 1
        });
        // Who shares an edit with one shares its fate.
        self.known.extend(together.into_iter().map(|image| ((way, image), fix)));
        fix
    }

    /// The image that a finding is about.
    fn find(&self, finding: &Finding) -> Option<usize> {
        let at = &finding.primary.location;
        let is_it = |image: &Image| {
            Some(&*image.chart) == finding.chart.as_deref()
                && Some(&image.reference) == finding.reference.as_ref()
        };
        let mut spelled = self.spelled.at(&at.path, at.bytes.start).iter().copied();
        spelled.find(|&index| self.images.get(index).is_some_and(is_it))
    }

    /// The edits of an image, whichever way the others take when it has but one.
    fn edits(&self, way: usize, image: usize) -> Option<&Edits> {
        let ways = self.ways.get(image)?;
        ways.get(way).or_else(|| ways.last())
    }

    /// The images whose edits have to be made together, and these edits: none when one of
    /// them would change what is to stay, or stands where nothing can be changed.
    fn together(&self, way: usize, image: usize) -> (Vec<usize>, Option<Vec<FixEdit>>) {
        let mut together = vec![image];
        let mut seen = HashSet::from([image]);
        let mut made = BTreeSet::new();
        let mut fix = Vec::new();
        let mut next = 0;
        while let Some(&image) = together.get(next) {
            next += 1;
            for (path, edit) in all(self.edits(way, image)) {
                if !made.insert((path, edit)) {
                    continue;
                }
                for &other in self.spelled.at(path, edit.start) {
                    if !all(self.edits(way, other)).any(|theirs| theirs == (path, edit)) {
                        return (together, None);
                    }
                    if seen.insert(other) {
                        together.push(other);
                    }
                }
                let Some(location) = self.location(image, path, edit.start) else {
                    return (together, None);
                };
                fix.push(FixEdit { location, text: edit.after.clone() });
            }
        }
        fix.sort_by(|a, b| a.location.cmp(&b.location));
        let overlap = |pair: &[FixEdit]| match pair {
            [FixEdit { location: a, .. }, FixEdit { location: b, .. }] => {
                a.path == b.path && (b.bytes.start < a.bytes.end || b.bytes.start == a.bytes.start)
            }
            _ => false,
        };
        let is_one = !fix.windows(2).any(overlap);
        (together, is_one.then_some(fix))
    }

    /// Where an image is spelled; `None` in a file that is not the chart's own to change.
    fn location(&self, image: usize, path: &str, start: usize) -> Option<Location> {
        let mut declared =
            self.images.get(image)?.declarations.iter().map(|declaration| &declaration.location);
        let location = declared.find(|at| *at.path == *path && at.bytes.start == start)?;
        (!is_copy(path, &self.charts)).then(|| location.clone())
    }
}

fn all(edits: Option<&Edits>) -> impl Iterator<Item = (&str, &Edit)> {
    let files = edits.into_iter().flatten();
    files.flat_map(|(path, edits)| edits.iter().map(move |edit| (path.as_str(), edit)))
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
