//! Whether a changed chart uses exactly the images that it should.

use crate::edit::Edit;
use crate::migration::{ChartChange, FileChange, top_chart};
use chart_lint::discover::FoundChart;
use chart_lint::model::{Image, Location, Report};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// What an image is known by: its chart, its reference, whether it is conditional, and
/// the files and lines of its declarations and uses.
type Key<'a> = (&'a str, &'a str, bool, Vec<(&'a str, usize)>, Vec<(&'a str, usize)>);

/// Images that differ from what was meant.
#[derive(Debug, Default)]
pub(crate) struct Mismatch {
    /// Images of the first report that should be there, as they are or moved, and are not.
    pub(crate) missing: Vec<usize>,
    /// Images of the second report that should not be there.
    pub(crate) unexpected: Vec<usize>,
    /// The first difference, in words.
    pub(crate) words: String,
    /// What it was seen at.
    pub(crate) seen: Seen,
}

/// What a difference was seen at.
#[derive(Debug, Default)]
pub(crate) enum Seen {
    /// The images.
    #[default]
    Images,
    /// A template that would fail: its chart, relative to the one that Helm is given.
    Failure(String),
    /// Rendered lines that would become more than another image.
    Lines(Vec<Line>),
}

/// A rendered line that would be another one.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) before: String,
    pub(crate) after: String,
    /// What is wrong about it.
    pub(crate) words: String,
}

/// The images of a report, by the chart that Helm is given.
pub(crate) struct ByChart<'r>(HashMap<&'r str, Vec<(usize, &'r Image)>>);

impl<'r> ByChart<'r> {
    pub(crate) fn of(report: &'r Report, charts: &'r [FoundChart]) -> Self {
        let mut tops: HashMap<&str, Option<&str>> = HashMap::new();
        let mut images: HashMap<&str, Vec<(usize, &Image)>> = HashMap::new();
        for (index, image) in report.images.iter().enumerate() {
            let chart = &*image.chart;
            let top = *tops
                .entry(chart)
                .or_insert_with(|| top_chart(charts, chart).map(|top| top.display.as_str()));
            if let Some(top) = top {
                images.entry(top).or_default().push((index, image));
            }
        }
        Self(images)
    }

    fn images(&self, chart: &str) -> &[(usize, &'r Image)] {
        self.0.get(chart).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Compares the images of a chart of which `change` was made. Gives the images of the second
/// report that moved and stay as well, where no value is given to a copy that has its own
/// default: nothing here can change that.
pub(crate) fn same_but(
    before: &ByChart<'_>,
    after: &ByChart<'_>,
    change: &ChartChange,
) -> Result<Vec<usize>, Mismatch> {
    let (before, after) = (before.images(&change.chart), after.images(&change.chart));
    let moved = |index: &usize| change.moved.get(index).map(|(_, reference)| reference.as_str());
    // Values over a copy's declare the image in another file.
    let loose: BTreeSet<(&str, &str)> = change
        .overridden
        .iter()
        .filter_map(|index| Some((&*image_at(before, *index)?.chart, moved(index)?)))
        .collect();
    let places = Places { loose, added: BTreeMap::new() };
    let mut olds: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    for &(index, image) in before {
        let reference = moved(&index).unwrap_or(&image.reference);
        olds.entry(places.key(image, reference)).or_default().push(index);
    }
    let added = change.files.iter().map(|file| (&*file.path, added_lines(file))).collect();
    let places = Places { added, ..places };
    let mut new = Vec::new();
    for &(index, image) in after {
        let key = places.key(image, &image.reference);
        let meant = olds.get_mut(&key);
        // Under several aliases what was one image is one for each of them.
        let again = meant.is_some() && places.loose.contains(&(&*image.chart, &*image.reference));
        if meant.and_then(Vec::pop).is_none() && !again {
            new.push((index, key));
        }
    }
    let mut mismatch = Mismatch::default();
    let mut defaults = Vec::new();
    let is_default = |image: &Image| {
        let uses = |image: &Image| -> BTreeSet<Location> {
            image.uses.iter().map(|used| used.location.clone()).collect()
        };
        image.conditional
            && change.overridden.iter().filter_map(|&index| image_at(before, index)).any(|old| {
                (&old.chart, &old.reference) == (&image.chart, &image.reference)
                    && uses(image).is_subset(&uses(old))
            })
    };
    for (index, key) in new {
        let same = olds.iter_mut().find(|(old, left)| {
            left.iter().any(|index| moved(index).is_some()) && is_seen_more_often(old, &key)
        });
        if same.and_then(|(_, left)| left.pop()).is_none()
            && let Some(image) = image_at(after, index)
        {
            if is_default(image) {
                defaults.push(index);
                continue;
            }
            mismatch.unexpected.push(index);
            mismatch.say(image, &image.reference, "would be used, which was not meant");
        }
    }
    for index in olds.into_values().flatten() {
        if let Some(image) = image_at(before, index) {
            let reference = moved(&index).unwrap_or(&image.reference);
            mismatch.say(image, reference, "would no longer be used");
            mismatch.missing.push(index);
        }
    }
    if mismatch.words.is_empty() { Ok(defaults) } else { Err(mismatch) }
}

fn image_at<'r>(images: &[(usize, &'r Image)], index: usize) -> Option<&'r Image> {
    let at = images.binary_search_by_key(&index, |(index, _)| *index).ok()?;
    images.get(at).map(|(_, image)| *image)
}

/// True of an image that moved and is seen at more places than before: with a registry, the
/// text of an argument or of a variable is known to be an image.
fn is_seen_more_often(old: &Key<'_>, new: &Key<'_>) -> bool {
    let (chart, reference, conditional, declared, used) = old;
    (chart, reference, declared) == (&new.0, &new.1, &new.3)
        && new.4.len() > used.len()
        && used.iter().all(|place| new.4.contains(place))
        // What always runs still does; without a use it was not known to run at all.
        && (*conditional || !new.2 || used.is_empty())
}

impl Mismatch {
    fn say(&mut self, image: &Image, reference: &str, what: &str) {
        if self.words.is_empty() {
            let at = image.uses.iter().map(|used| &used.location).min();
            let at = at.map(|at| format!(" at {}:{}", at.path, at.start.line)).unwrap_or_default();
            self.words = format!("`{reference}`{at} {what}");
        }
    }
}

/// How places of the two reports are compared.
struct Places<'a> {
    /// Images that are declared elsewhere afterwards.
    loose: BTreeSet<(&'a str, &'a str)>,
    /// The lines that each changed file has more, from 1.
    added: BTreeMap<&'a str, Vec<Range<usize>>>,
}

impl Places<'_> {
    fn key<'i>(&self, image: &'i Image, reference: &'i str) -> Key<'i> {
        let loose = self.loose.contains(&(&*image.chart, reference));
        let declared = image.declarations.iter().map(|declaration| &declaration.location);
        let used = image.uses.iter().map(|used| &used.location);
        let declared = declared.filter(|_| !loose);
        // What values pass through to a template is used where it is declared.
        let used = used.filter(|at| !loose || !at.path.ends_with("values.yaml"));
        (&*image.chart, reference, image.conditional, self.lines(declared), self.lines(used))
    }

    /// Files and lines, in order, as they are without the lines that were added.
    fn lines<'i>(&self, at: impl Iterator<Item = &'i Location>) -> Vec<(&'i str, usize)> {
        let mut lines: Vec<(&str, usize)> = at
            .map(|at| {
                let line = at.start.line as usize;
                let added = self.added.get(&*at.path).into_iter().flatten();
                let above = added.filter(|added| added.end <= line).map(|added| added.len());
                (&*at.path, line - above.sum::<usize>())
            })
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// The number of a line of a changed file before the change; `None` of one that was added.
pub(crate) fn line_before(file: &FileChange, line: u32) -> Option<u32> {
    let at = line as usize;
    let added = added_lines(file);
    if added.iter().any(|added| added.contains(&at)) {
        return None;
    }
    let above: usize = added.iter().filter(|added| added.end <= at).map(Range::len).sum();
    line.checked_sub(u32::try_from(above).ok()?)
}

/// The lines that a changed file has more, from 1: told by its edits, since of two lines in
/// the place of one a comparison does not tell which is new.
fn added_lines(file: &FileChange) -> Vec<Range<usize>> {
    let mut edits: Vec<&Edit> = file.edits.iter().collect();
    edits.sort();
    let mut added: Vec<Range<usize>> = Vec::new();
    let mut above = 0;
    for edit in edits {
        let feeds = |text: &str| text.matches('\n').count();
        let more = feeds(&edit.after).saturating_sub(feeds(&edit.before));
        if more > 0 {
            let line = feeds(&file.text()[..edit.start]) + above + 1;
            // Whole lines before this one, or behind the end of it.
            let first = line + usize::from(!edit.after.ends_with('\n'));
            added.push(first..first + more);
            above += more;
        }
    }
    added
}
