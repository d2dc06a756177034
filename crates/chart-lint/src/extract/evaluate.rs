//! Evaluates a tree of charts, and finds the images that its templates print.

use super::found::{Extraction, Found, Site};
use super::rendered;
use crate::model::Role;
use helm_engine::chart::{Chart, FileKind};
use helm_engine::evaluate::{Condition, Visitor, with_stack};
use helm_engine::render::{Cache, Explore, Manifest, Options, explore, render_with};
use helm_engine::source::{FileId, SourceMap, Span};
use helm_engine::value::Text;
use helm_engine::values::Overlay;
use memchr::memmem;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Values files that are scenarios of their own.
const SCENARIOS: usize = 16;

/// What evaluation found.
#[derive(Default)]
pub(super) struct Printed {
    /// The images of each template, by its file.
    pub(super) by_file: Vec<(FileId, Extraction)>,
    /// Branches and values files that were too many to be evaluated.
    pub(super) unexplored: usize,
    /// Why Helm would not begin.
    pub(super) refused: bool,
    /// The files that were executed with the chart's own values, with their errors.
    pub(super) executed: HashMap<FileId, Option<String>>,
    /// Where images are printed on any branch, known ones too.
    pub(super) reached: HashSet<Site>,
    /// Where nothing is printed for the image of a container, on any branch.
    pub(super) blanks: HashSet<Site>,
}

/// Renders the chart with its own values, with each of its other values files, and
/// on the branches that they do not choose.
pub(super) fn evaluate(
    sources: &SourceMap,
    chart: &Chart,
    roles: &HashMap<FileId, Role>,
) -> Printed {
    // Not all of a deep evaluation's stack is there on a worker thread.
    with_stack(|| {
        let mut run = Run {
            sources,
            chart,
            roles,
            cache: Cache::default(),
            known: HashSet::new(),
            references: HashSet::new(),
            exact: HashMap::new(),
            printed: Printed::default(),
        };
        run.defaults();
        run.scenarios();
        run.printed
    })
}

struct Run<'a> {
    sources: &'a SourceMap,
    chart: &'a Chart,
    roles: &'a HashMap<FileId, Role>,
    cache: Cache,
    /// The bytes that name the images which are known already.
    known: HashSet<Span>,
    /// Their references.
    references: HashSet<String>,
    /// What each file prints with the chart's own values.
    exact: HashMap<FileId, Text>,
    printed: Printed,
}

impl Run<'_> {
    /// The chart as it is, then the branches that its values do not choose.
    fn defaults(&mut self) {
        let mut cache = std::mem::take(&mut self.cache);
        let (sources, chart) = (self.sources, self.chart);
        let rendered = explore(&mut cache, sources, chart, &Options::default(), self);
        self.printed.unexplored += rendered.unexplored;
        self.printed.refused = !rendered.errors.is_empty();
        self.cache = cache;
    }

    /// What the chart's other values files make of it.
    fn scenarios(&mut self) {
        let extra = |(file, id): (&helm_engine::chart::ChartFile, FileId)| {
            (file.kind == FileKind::ExtraValues).then(|| (file.path.clone(), id))
        };
        let files: Vec<(String, FileId)> = self.chart.loaded().filter_map(extra).collect();
        self.printed.unexplored += files.len().saturating_sub(SCENARIOS);
        for (path, file) in files.into_iter().take(SCENARIOS) {
            let options = Options { values: vec![Overlay::File(file)], ..Options::default() };
            let rendered = render_with(&mut self.cache, self.sources, self.chart, &options);
            for manifest in rendered.manifests.iter().filter(|manifest| !manifest.is_notes()) {
                let Ok(text) = &manifest.result else { continue };
                let Some(found) = self.differing(manifest.file, text) else { continue };
                let condition = format!("with `{path}`");
                self.conditional(manifest.file, found, Some(&condition), Self::is_new_text);
            }
        }
    }

    fn images(&self, file: FileId, text: &Text, range: Range<usize>) -> Extraction {
        let mut found = Extraction::default();
        rendered::extract(&text.slice(range), self.roles.get(&file).copied(), &mut found);
        let uses = found.images.iter_mut().flat_map(|image| &mut image.uses);
        for site in uses.chain(&mut found.blanks) {
            site.span = value_at(self.sources, site.span);
        }
        found
    }

    /// Keeps of what is found under a condition the images that are not known: a known
    /// one with another tag, or without its registry, is what a branch makes of
    /// values that belong to another one.
    fn conditional(
        &mut self,
        file: FileId,
        found: Extraction,
        condition: Option<&str>,
        is_new: fn(&Self, &Found) -> bool,
    ) -> usize {
        let mut kept = Extraction::default();
        let mut new = Vec::new();
        for mut image in found.images {
            if is_new(self, &image) {
                new.push(image.clone());
                image.condition = condition.map(str::to_owned);
                kept.images.push(image);
            }
        }
        let count = kept.images.len();
        if count > 0 {
            new.iter().for_each(|image| self.know(image));
            self.printed.by_file.push((file, kept));
        }
        count
    }

    fn know(&mut self, image: &Found) {
        self.known.extend(image.names().chain(image.registry()));
        self.references.insert(image.reference.text().to_owned());
    }

    /// True when other bytes name the image, or its registry.
    fn is_new(&self, image: &Found) -> bool {
        !image.names().chain(image.registry()).all(|bytes| self.known.contains(&bytes))
    }

    /// True when no image with this text is known.
    fn is_new_text(&self, image: &Found) -> bool {
        !self.references.contains(image.reference.text())
    }

    /// What may be new in a text that was explored.
    fn differing(&mut self, file: FileId, text: &Text) -> Option<Extraction> {
        let range = what_differs(self.exact.get(&file), text)?;
        let found = self.images(file, text, range);
        self.note(&found);
        Some(found)
    }

    /// Notes where images are printed, and where nothing is.
    fn note(&mut self, found: &Extraction) {
        let uses = found.images.iter().flat_map(|image| &image.uses);
        self.printed.reached.extend(uses.cloned());
        self.printed.blanks.extend(found.blanks.iter().cloned());
    }
}

impl Explore for Run<'_> {
    fn exact(&mut self, manifests: &[Manifest]) {
        for manifest in manifests.iter().filter(|manifest| !manifest.is_notes()) {
            let error = manifest.result.as_ref().err().map(ToString::to_string);
            self.printed.executed.insert(manifest.file, error);
            let Ok(text) = &manifest.result else { continue };
            let found = self.images(manifest.file, text, 0..text.len());
            self.note(&found);
            found.images.iter().for_each(|image| self.know(image));
            self.printed.by_file.push((manifest.file, found));
            self.exact.insert(manifest.file, text.clone());
        }
    }
}

impl Visitor for Run<'_> {
    fn news(&mut self, file: FileId, text: &Text) -> usize {
        let Some(found) = self.differing(file, text) else { return 0 };
        found.images.iter().filter(|image| self.is_new(image)).count()
    }

    fn take(&mut self, file: FileId, text: &Text, conditions: &[Condition]) -> usize {
        let Some(found) = self.differing(file, text) else { return 0 };
        let conditions: Vec<String> = conditions.iter().map(ToString::to_string).collect();
        let condition = conditions.join(" and ");
        let condition = (!condition.is_empty()).then_some(&*condition);
        self.conditional(file, found, condition, Self::is_new)
    }
}

/// The value that a template prints at a place: the rest of its line, without quotes.
fn value_at(sources: &SourceMap, site: Span) -> Span {
    if site.start < site.end {
        return site;
    }
    let text = sources.file(site.file).text();
    let line = text.get(site.start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let blanks = line.len() - line.trim_start().len();
    let mut value = site.start + blanks..site.start + line.trim_end().len().max(blanks);
    for quote in ['"', '\''] {
        let inner =
            text.get(value.clone()).and_then(|v| v.strip_prefix(quote)?.strip_suffix(quote));
        if let Some(inner) = inner {
            value = value.start + 1..value.start + 1 + inner.len();
        }
        let opened = text.get(..value.start).is_some_and(|before| before.ends_with(quote));
        if opened && let Some(inner) = text.get(value.clone()).and_then(|v| v.strip_suffix(quote)) {
            value.end = value.start + inner.len();
        }
    }
    Span::new(site.file, value)
}

/// The documents in which an exploration differs from the exact text; none where
/// nothing in the lines that differ could be an image.
fn what_differs(exact: Option<&Text>, explored: &Text) -> Option<Range<usize>> {
    let bytes = explored.bytes();
    let exact = exact.map_or(&b""[..], Text::bytes);
    let before = bytes.iter().zip(exact).take_while(|(a, b)| a == b).count();
    let most = bytes.len().min(exact.len()) - before;
    let after =
        bytes.iter().rev().zip(exact.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let end = bytes.len() - after;
    let line = memchr::memrchr(b'\n', &bytes[..before]).map_or(0, |at| at + 1);
    let line_end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
    let lines = bytes.get(line..line_end).unwrap_or_default();
    let may = ["mage", "MAGE", ".io/", ".com/", ".aws/", ".dev/", ".co/", ".org/", ".net/"];
    if !may.iter().any(|sign| memmem::find(lines, sign.as_bytes()).is_some()) {
        return None;
    }
    let from = memmem::rfind(&bytes[..line], b"\n---").map_or(0, |at| at + 1);
    let to = memmem::find(&bytes[line_end..], b"\n---").map_or(bytes.len(), |at| line_end + at + 1);
    Some(from..to)
}
