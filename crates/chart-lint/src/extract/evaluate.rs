//! Evaluates a tree of charts, and finds the images that its templates print.

use super::found::{Extraction, Found, Site};
use super::registries::Registries;
use super::rendered;
use super::value_at::value_at;
use super::way;
use crate::deployment::Given;
use crate::model::{Rendering, Role};
use helm_engine::chart::{Chart, FileKind};
use helm_engine::evaluate::{Print, Source, Under, Visitor, with_stack};
use helm_engine::render::{
    Cache, Explore, Manifest, Options, Rendered, Trees, explore, render_with,
};
use helm_engine::source::{FileId, SourceMap, Span};
use helm_engine::value::Text;
use helm_engine::values::Overlay;
use memchr::memmem;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// The templates that many charts bring along, parsed.
static TREES: LazyLock<Arc<Trees>> = LazyLock::new(Arc::default);

/// Values files that are scenarios of their own.
const SCENARIOS: usize = 64;

/// What evaluation found.
#[derive(Default)]
pub(super) struct Printed {
    /// The images of each template, by its file.
    pub(super) by_file: Vec<(FileId, Extraction)>,
    /// Branches and values files that were too many to be evaluated.
    pub(super) unexplored: usize,
    /// Why Helm would not begin.
    pub(super) refused: bool,
    /// What it renders with its own values, when that is asked for.
    pub(super) rendering: Option<Rendering>,
    /// The files that were executed with the chart's own values, with their errors.
    pub(super) executed: HashMap<FileId, Option<String>>,
    /// Where images are printed on any branch, known ones too.
    pub(super) reached: HashSet<Site>,
    /// Where nothing is printed for the image of a container, on any branch.
    pub(super) blanks: HashSet<Site>,
}

impl Printed {
    /// What a deployment's values print and what the chart's own do: what is refused,
    /// executed or left blank is what the deployment's are.
    fn and_of_own_values(mut self, own: Self) -> Self {
        self.by_file.extend(own.by_file.into_iter().map(|(file, mut found)| {
            found.blanks.clear();
            (file, found)
        }));
        self.unexplored += own.unexplored;
        self.rendering = own.rendering;
        self.reached.extend(own.reached);
        self
    }
}

/// A chart that is to be evaluated.
#[derive(Clone, Copy)]
pub(super) struct Evaluation<'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) chart: &'a Chart,
    /// The roles that the places of templates give.
    pub(super) roles: &'a HashMap<FileId, Role>,
    /// The values of a deployment.
    pub(super) given: &'a Given,
    /// Whether the way of each image is told.
    pub(super) ways: bool,
    /// Whether what the chart's own values render is kept.
    pub(super) rendering: bool,
    /// The registries that are known by name.
    pub(super) registries: Registries<'a>,
}

/// What the images of a chart's own values need, where a deployment gives others.
const OWN_VALUES: &str = "with the chart's own values";

/// Renders the chart with a deployment's values, when there are any; with its own
/// values and each of its other values files; and on the branches that none of them
/// choose.
///
/// A deployment only adds: what it replaces is what the chart gives everyone else, and
/// a change to its files must not hide that.
pub(super) fn evaluate(of: Evaluation<'_>) -> Printed {
    // Not all of a deep evaluation's stack is there on a worker thread.
    with_stack(|| {
        let mut printed = Printed::default();
        let mut cache = Cache::sharing(&TREES);
        if !of.given.is_empty() {
            let mut run = Run::new(of, &mut cache, None);
            run.with(of.given.overlays(of.sources));
            printed = run.printed;
        }
        let mut run = Run::new(of, &mut cache, (!of.given.is_empty()).then_some(OWN_VALUES));
        run.with(Vec::new());
        run.scenarios();
        match of.given.is_empty() {
            true => run.printed,
            false => printed.and_of_own_values(run.printed),
        }
    })
}

struct Run<'a> {
    of: Evaluation<'a>,
    cache: &'a mut Cache,
    /// What the images of this run need.
    under: Option<&'static str>,
    /// The bytes that name the images which are known already.
    known: HashSet<Span>,
    /// Their references.
    references: HashSet<String>,
    /// What each template prints with the values of this run, by the path that Helm
    /// gives it: a file has several when its chart is there under several aliases.
    exact: HashMap<String, Text>,
    /// The text that was asked about last, and the images in it: it is asked about
    /// again when some of them are known.
    looked_at: Option<(String, Text, Vec<Found>)>,
    printed: Printed,
}

impl<'a> Run<'a> {
    fn new(of: Evaluation<'a>, cache: &'a mut Cache, under: Option<&'static str>) -> Self {
        Self {
            of,
            cache,
            under,
            known: HashSet::new(),
            references: HashSet::new(),
            exact: HashMap::new(),
            looked_at: None,
            printed: Printed::default(),
        }
    }

    fn options(&self, values: Vec<Overlay>) -> Options {
        Options { values, trace: self.of.ways, ..Options::default() }
    }

    /// The chart with these values, then the branches that they do not choose.
    fn with(&mut self, values: Vec<Overlay>) {
        let mut cache = std::mem::take(self.cache);
        let (sources, chart) = (self.of.sources, self.of.chart);
        let rendered = explore(&mut cache, sources, chart, &self.options(values), self);
        self.printed.unexplored += rendered.unexplored;
        self.printed.refused = !rendered.errors.is_empty();
        self.printed.rendering = self.of.rendering.then(|| rendering(rendered));
        *self.cache = cache;
    }

    /// What the chart's other values files make of it.
    fn scenarios(&mut self) {
        let extra = |(file, id): (&helm_engine::chart::ChartFile, FileId)| {
            matches!(file.kind, FileKind::ExtraValues | FileKind::TestValues)
                .then(|| (file.path.clone(), id))
        };
        let files: Vec<(String, FileId)> = self.of.chart.loaded().filter_map(extra).collect();
        self.printed.unexplored += files.len().saturating_sub(SCENARIOS);
        for (path, file) in files.into_iter().take(SCENARIOS) {
            let options = self.options(vec![Overlay::File(file)]);
            let rendered = render_with(self.cache, self.of.sources, self.of.chart, &options);
            for manifest in rendered.manifests.iter().filter(|manifest| !manifest.is_notes()) {
                let Some(print) = print(manifest) else { continue };
                let Some(found) = self.differing(&print) else { continue };
                let condition = |_: &Found| Some(Some(format!("with `{path}`")));
                self.conditional(manifest.file, found, &condition, Self::is_new_text);
            }
        }
    }

    fn images(&self, print: &Print<'_>, range: Range<usize>) -> Extraction {
        let sources = self.of.sources;
        let mut found = Extraction::default();
        let role = self.of.roles.get(&print.file).copied();
        let at = (print.file, role);
        rendered::extract(&print.text.slice(range), at, self.of.registries, &mut found);
        for site in &mut found.blanks {
            site.span = value_at(sources, site.span);
        }
        for image in &mut found.images {
            for site in &mut image.uses {
                site.span = value_at(sources, site.span);
                if self.of.ways {
                    let way = way::of(print.calls, image.primary, site.span, sources);
                    image.ways.push((site.span, way));
                }
            }
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
        condition: &dyn Fn(&Found) -> Option<Option<String>>,
        is_new: fn(&Self, &Found) -> bool,
    ) -> usize {
        let mut kept = Extraction::default();
        let mut new = Vec::new();
        for mut image in found.images {
            if is_new(self, &image)
                && let Some(condition) = condition(&image)
            {
                new.push(image.clone());
                image.condition = condition;
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
    fn differing(&mut self, print: &Print<'_>) -> Option<Extraction> {
        let range = what_differs(self.exact.get(print.path), print.text, self.of.registries)?;
        let found = self.images(print, range);
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

fn rendering(rendered: Rendered) -> Rendering {
    let Rendered { errors, refusal, manifests, .. } = rendered;
    let template = |manifest: Manifest| {
        let text = manifest.result.map(|text| text.as_str().into_owned());
        (manifest.path, text.map_err(|error| error.to_string()))
    };
    Rendering {
        errors: errors.iter().chain(&refusal).map(ToString::to_string).collect(),
        templates: manifests.into_iter().map(template).collect(),
    }
}

/// Where an image comes from.
fn source(image: &Found) -> Source {
    let copied = image.names().chain(image.registry()).collect();
    let printed = image.uses.iter().map(|site| site.span).collect();
    Source { copied, printed }
}

/// What a template gave, when it gave anything.
fn print(manifest: &Manifest) -> Option<Print<'_>> {
    let Manifest { path, file, result, calls } = manifest;
    Some(Print { path, file: *file, text: result.as_ref().ok()?, calls })
}

impl Explore for Run<'_> {
    fn exact(&mut self, manifests: &[Manifest]) {
        for manifest in manifests.iter().filter(|manifest| !manifest.is_notes()) {
            let error = manifest.result.as_ref().err().map(ToString::to_string);
            self.printed.executed.insert(manifest.file, error);
            let Some(print) = print(manifest) else { continue };
            let mut found = self.images(&print, 0..print.text.len());
            self.note(&found);
            for image in &mut found.images {
                image.condition = self.under.map(str::to_owned);
                self.know(image);
            }
            self.printed.by_file.push((print.file, found));
            self.exact.insert(print.path.to_owned(), print.text.clone());
        }
    }
}

impl Visitor for Run<'_> {
    fn news(&mut self, print: &Print<'_>) -> Vec<Source> {
        let looked_at = self.looked_at.take();
        let is_same = |path: &str, text: &Text| path == print.path && text.is_same(print.text);
        let images = match looked_at.filter(|(path, text, _)| is_same(path, text)) {
            Some((.., images)) => images,
            None => self.differing(print).map(|found| found.images).unwrap_or_default(),
        };
        let news = images.iter().filter(|image| self.is_new(image)).map(source).collect();
        self.looked_at = Some((print.path.to_owned(), print.text.clone(), images));
        news
    }

    fn take(&mut self, print: &Print<'_>, under: Under<'_>) -> usize {
        let Some(found) = self.differing(print) else { return 0 };
        let always = self.under;
        let condition = |image: &Found| {
            let conditions = under(&source(image))?;
            let always = always.map(str::to_owned).into_iter();
            let all: Vec<String> =
                always.chain(conditions.iter().map(ToString::to_string)).collect();
            Some((!all.is_empty()).then(|| all.join(" and ")))
        };
        self.conditional(print.file, found, &condition, Self::is_new)
    }
}

/// The documents in which an exploration differs from the exact text; none where
/// nothing in the lines that differ could be an image.
fn what_differs(
    exact: Option<&Text>,
    explored: &Text,
    registries: Registries<'_>,
) -> Option<Range<usize>> {
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
    let known = may.iter().any(|sign| memmem::find(lines, sign.as_bytes()).is_some());
    if !known && !registries.may_stand_in(lines) {
        return None;
    }
    let from = memmem::rfind(&bytes[..line], b"\n---").map_or(0, |at| at + 1);
    let to = memmem::find(&bytes[line_end..], b"\n---").map_or(bytes.len(), |at| line_end + at + 1);
    Some(from..to)
}
