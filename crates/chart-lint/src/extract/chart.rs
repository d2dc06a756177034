//! All images of a chart and its subcharts, file by file.

use super::annotations;
use super::breaks::hidden_break;
use super::dependencies;
use super::forms;
use super::found::{Extraction, Flaw};
use super::fragment::Fragment;
use super::group::Surroundings;
use super::lookup::{Layer, Lookup};
use super::printed;
use super::quiet::{calls, is_quiet};
use super::registries::Registries;
use super::rendered::Evaluated;
use super::scan::Demand;
use super::settle;
use super::template::{self, Templates, Units};
use super::text;
use super::yaml::{self, Place};
use crate::deployment::Given;
use crate::model::Rendering;
use crate::model::Role;
use helm_engine::chart::{Chart, ChartFile, FileKind};
use helm_engine::source::{FileId, SourceMap};
use std::collections::{BTreeSet, HashMap};
use yaml_span::{Error, Tree};

/// What one chart of a tree of charts gave.
pub(crate) struct Extracted<'c> {
    pub(crate) chart: &'c Chart,
    pub(crate) extraction: Extraction,
    /// Files that cannot be read as Helm reads them.
    pub(crate) flawed: Vec<(FileId, Flaw)>,
    /// Whether a template may bring the chart's other files with `.Files`.
    pub(crate) brings_files: bool,
    /// Branches and values files of the whole tree that were too many to be evaluated;
    /// the first part has them.
    pub(crate) unexplored: usize,
    /// Whether the whole tree was evaluated to its end, with every image told.
    pub(crate) complete: bool,
    /// What the whole tree renders, when that is asked for; the first part has it.
    pub(crate) rendering: Option<Rendering>,
}

/// A YAML file and its tree.
struct Parsed<'s> {
    fragment: Fragment<'s>,
    tree: Tree<'s>,
}

/// The files of every chart that have to be YAML, parsed.
type Store<'s> = HashMap<FileId, Result<Parsed<'s>, Error>>;

/// A chart with the values that reach it.
pub(super) struct Scoped<'c, 's> {
    pub(super) chart: &'c Chart,
    lookup: Lookup<'s>,
    templates: Templates,
    /// Templates that are left unread unless they call one that matters.
    quiet: Vec<(FileId, Option<Role>)>,
    pub(super) extraction: Extraction,
}

impl Scoped<'_, '_> {
    fn read_template(&mut self, fragment: &Fragment<'_>, role: Option<Role>, units: &mut Units) {
        // The named templates are those of the whole tree of charts.
        std::mem::swap(&mut self.templates.units, units);
        template::extract(fragment, role, &self.lookup, &mut self.templates, &mut self.extraction);
        std::mem::swap(&mut self.templates.units, units);
    }
}

/// What is done beside reading.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// Whether templates are evaluated.
    pub(crate) evaluate: bool,
    /// Whether the way of each image is told.
    pub(crate) ways: bool,
    /// Whether what the chart's own values render is kept.
    pub(crate) rendering: bool,
    /// The values of a deployment.
    pub(crate) given: &'a Given,
    /// The registries that are known by name.
    pub(crate) registries: Registries<'a>,
}

/// Reads a chart and every chart under it.
pub(crate) fn extract<'c>(
    sources: &SourceMap,
    chart: &'c Chart,
    ask: Ask<'_>,
) -> Vec<Extracted<'c>> {
    let mut store = parse(sources, chart);
    store.extend(ask.given.added().map(|id| (id, parsed(sources, id))));
    let mut scoped = Vec::new();
    let above = Lookup { registries: ask.registries, ..Lookup::default() };
    scope(chart, &above, &store, &mut scoped);
    // Named templates are shared by the whole tree, so all are read before any is used.
    let mut units = Units::default();
    let brings_files = brings_files(sources, chart);
    for part in &mut scoped {
        read_files(sources, part, brings_files, &mut units);
    }
    // What calls the named template that an image stands in tells which image it is.
    let sites = scoped.iter().flat_map(|part| &part.templates.sites);
    let holders: BTreeSet<String> = sites.filter_map(|site| site.define.clone()).collect();
    for part in &mut scoped {
        for (id, role) in std::mem::take(&mut part.quiet) {
            let fragment = Fragment::file(id, sources.file(id).text());
            if calls(fragment.text, &holders) {
                part.read_template(&fragment, role, &mut units);
            }
        }
    }
    let (mut evaluated, mut unexplored) = match ask.evaluate {
        true => printed::hand_out(sources, chart, ask, &mut scoped),
        false => (Evaluated::default(), 0),
    };
    let extracted = scoped.into_iter().map(|mut part| {
        let given = std::ptr::eq(part.chart, chart).then_some(ask.given);
        let missing = missing_keys(part.chart);
        read_values(sources, &store, &mut part, (&units, &missing), given);
        let Scoped { chart, templates, lookup, mut extraction, .. } = part;
        let kinds = [FileKind::Questions, FileKind::ValuesSchema];
        let apart = chart.loaded().filter(|(file, _)| kinds.contains(&file.kind)).map(|(_, id)| id);
        let known = settle::Known {
            units: &units,
            lookup: &lookup,
            evaluated: &evaluated,
            missing: &missing,
        };
        settle::settle(&mut extraction, templates.sites, &known, &apart.collect());
        let flawed = chart.loaded().filter_map(|(file, id)| match store.get(&id) {
            Some(Err(error)) => Some((id, error.into())),
            _ if is_prose(file) => None,
            _ => Some((id, hidden_break(sources.file(id).text())?)),
        });
        let unexplored = std::mem::take(&mut unexplored);
        let complete = evaluated.complete && extraction.unresolved.is_empty();
        let (flawed, rendering) = (flawed.collect(), None);
        Extracted { chart, flawed, extraction, brings_files, unexplored, complete, rendering }
    });
    let mut extracted: Vec<Extracted<'_>> = extracted.collect();
    if let Some(first) = extracted.first_mut() {
        first.rendering = evaluated.rendering.take();
    }
    let complete = extracted.iter().all(|part| part.complete);
    extracted.iter_mut().for_each(|part| part.complete = complete);
    extracted
}

/// The keys of a chart's values that are for dependencies which are not vendored.
fn missing_keys(chart: &Chart) -> Vec<String> {
    let missing = chart.dependencies.iter().filter(|d| chart.misses(d));
    missing.filter_map(|d| d.alias.clone().or_else(|| d.name.clone())).collect()
}

/// True when any template, or a value that one may run, speaks of `.Files`. Named
/// templates of a library chart read the files of the chart that calls them, so the
/// whole tree is asked.
fn brings_files(sources: &SourceMap, chart: &Chart) -> bool {
    let speaks = |(file, id): (&ChartFile, FileId)| {
        matches!(file.kind, FileKind::Template | FileKind::Values | FileKind::ExtraValues)
            && memchr::memmem::find(sources.file(id).text().as_bytes(), b"Files").is_some()
    };
    chart.tree().iter().any(|chart| chart.loaded().any(speaks))
}

/// True of text that is neither YAML nor a template.
fn is_prose(file: &ChartFile) -> bool {
    let yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    file.kind == FileKind::Text && !yaml
}

fn parse<'s>(sources: &'s SourceMap, chart: &Chart) -> Store<'s> {
    let mut store = Store::new();
    for chart in chart.tree() {
        for (file, id) in chart.loaded() {
            if matches!(
                file.kind,
                FileKind::ChartYaml
                    | FileKind::Requirements
                    | FileKind::Values
                    | FileKind::ExtraValues
            ) {
                store.insert(id, parsed(sources, id));
            }
        }
    }
    store
}

fn parsed(sources: &SourceMap, id: FileId) -> Result<Parsed<'_>, Error> {
    let fragment = Fragment::file(id, sources.file(id).text());
    yaml_span::parse(fragment.text).map(|tree| Parsed { fragment, tree })
}

/// Gives each chart its layers of values: its own, under those of its parents.
fn scope<'c, 's>(
    chart: &'c Chart,
    above: &Lookup<'s>,
    store: &'s Store<'s>,
    out: &mut Vec<Scoped<'c, 's>>,
) {
    let mut lookup = above.clone();
    for (file, id) in chart.loaded() {
        let Some(Ok(parsed)) = store.get(&id) else { continue };
        match file.kind {
            FileKind::Values => {
                for &node in parsed.tree.documents().iter().rev() {
                    let layer = Layer { fragment: &parsed.fragment, tree: &parsed.tree, node };
                    lookup.globals.extend(layer.child(&["global"]));
                    lookup.layers.push(layer);
                }
            }
            FileKind::ChartYaml => {
                annotations::chart_fields(&parsed.fragment, &parsed.tree, chart, &mut lookup)
            }
            _ => {}
        }
    }
    for subchart in &chart.subcharts {
        for key in chart.keys_of(subchart) {
            let mut below = lookup.clone();
            below.layers = lookup.below(&[&key]);
            let globals: Vec<Layer<'_>> =
                below.layers.iter().filter_map(|l| l.child(&["global"])).collect();
            below.globals.extend(globals);
            scope(subchart, &below, store, out);
        }
    }
    out.push(Scoped {
        chart,
        lookup,
        templates: Templates::default(),
        quiet: Vec::new(),
        extraction: Extraction::default(),
    });
}

/// The role that the place of a template gives.
pub(super) fn role_of_place(file: &ChartFile) -> Option<Role> {
    file.path.starts_with("templates/tests/").then_some(Role::Test)
}

/// Reads everything but values and Chart.yaml.
fn read_files(
    sources: &SourceMap,
    part: &mut Scoped<'_, '_>,
    brings_files: bool,
    units: &mut Units,
) {
    let chart = part.chart;
    for (file, id) in chart.loaded() {
        if file.kind == FileKind::Text && !brings_files {
            continue;
        }
        let fragment = Fragment::file(id, sources.file(id).text());
        let place =
            Place { role: role_of_place(file), lookup: part.lookup.clone(), ..Place::default() };
        let templated = fragment.text.contains("{{");
        // What Helm prints after an install is documentation.
        if file.path == "templates/NOTES.txt" {
            continue;
        }
        match file.kind {
            // Helm does not render crds/.
            FileKind::Template | FileKind::Text if templated => {
                match is_quiet(fragment.text, part.lookup.registries) {
                    true => part.quiet.push((id, place.role)),
                    false => part.read_template(&fragment, place.role, units),
                }
            }
            FileKind::Template | FileKind::Crd => {
                text::document(&fragment, &place, &[], &mut part.extraction)
            }
            FileKind::Text if !is_prose(file) => {
                text::document(&fragment, &place, &[], &mut part.extraction);
            }
            FileKind::Text => {
                text::running_text(
                    &fragment,
                    Demand::RegistryAndVersion,
                    &Place { role: None, ..place },
                    &[],
                    &mut part.extraction,
                );
            }
            _ => {}
        }
    }
}

/// Reads values and Chart.yaml, and what a deployment gives the chart.
fn read_values(
    sources: &SourceMap,
    store: &Store<'_>,
    part: &mut Scoped<'_, '_>,
    (units, missing): (&Units, &[String]),
    given: Option<&Given>,
) {
    let around = Surroundings::of(&part.lookup);
    let subcharts: Vec<String> =
        part.chart.subcharts.iter().flat_map(|sub| part.chart.keys_of(sub)).collect();
    let tags = settle::DefaultTags {
        missing,
        units,
        sites: &part.templates.sites,
        version: part.lookup.app_version.clone(),
    };
    let place = Place {
        around,
        lookup: part.lookup.clone(),
        tags: Some(&tags),
        apart: &subcharts,
        ..Place::default()
    };
    for layer in &part.lookup.layers {
        yaml::extract_node(layer.fragment, layer.tree, layer.node, &place, &mut part.extraction);
    }
    let over = |parsed: &Parsed<'_>, out: &mut Extraction| {
        let mut lookup = part.lookup.clone();
        let node = parsed.tree.documents().first();
        let layer =
            node.map(|&node| Layer { fragment: &parsed.fragment, tree: &parsed.tree, node });
        lookup.layers.splice(0..0, layer);
        let place = Place { lookup, ..place.clone() };
        yaml::extract(&parsed.fragment, &parsed.tree, &place, out);
    };
    for id in given.into_iter().flat_map(Given::added) {
        if let Some(Ok(parsed)) = store.get(&id) {
            over(parsed, &mut part.extraction);
        }
    }
    for (file, id) in part.chart.loaded() {
        let parsed = store.get(&id).and_then(|parsed| parsed.as_ref().ok());
        match (file.kind, parsed) {
            (FileKind::ExtraValues, Some(parsed)) => over(parsed, &mut part.extraction),
            (FileKind::ChartYaml, Some(parsed)) => {
                annotations::extract(&parsed.fragment, &parsed.tree, &mut part.extraction);
                dependencies::extract(&parsed.fragment, &parsed.tree, &mut part.extraction);
            }
            (FileKind::Requirements, Some(parsed)) => {
                dependencies::extract(&parsed.fragment, &parsed.tree, &mut part.extraction);
            }
            (FileKind::Questions, _) => {
                forms::questions(
                    &Fragment::file(id, sources.file(id).text()),
                    &mut part.extraction,
                );
            }
            (FileKind::ValuesSchema, _) => {
                forms::schema(&Fragment::file(id, sources.file(id).text()), &mut part.extraction);
            }
            _ => {}
        }
    }
}
