//! Renders a chart as Helm does, with each byte's origin.

mod cache;
mod off;
mod order;
mod templates;
mod trees;

pub use cache::Cache;
pub use trees::Trees;

use crate::chart::Chart;
use crate::evaluate::{Call, Error, ErrorKind, Evaluator, Explored, Objects, Templates, Visitor};
use crate::functions::Budget;
use crate::source::{FileId, SourceMap};
use crate::value::{Map, Text};
use crate::values::{self, Loaded, Overlay};
use std::rc::Rc;
use templates::Template;

/// How a chart is released.
#[derive(Debug, Clone)]
pub struct Options {
    /// `.Release.Name`
    pub release: String,
    /// `.Release.Namespace`
    pub namespace: String,
    /// `.Release.IsUpgrade`; `.Release.IsInstall` is the contrary.
    pub is_upgrade: bool,
    /// `.Release.Revision`
    pub revision: i64,
    /// `.Chart.Version` of the chart and of those right below it, where it is to be another.
    pub version: Option<String>,
    /// Their `.Chart.AppVersion`, likewise.
    pub app_version: Option<String>,
    /// `.Capabilities`, where it is not to be Helm's own.
    pub cluster: Option<Cluster>,
    /// What `lookup` finds; nothing without it, as `helm template` has no cluster.
    pub objects: Option<Rc<dyn Objects>>,
    /// The user's values.
    pub values: Vec<Overlay>,
    /// Bytes that all templates together may make.
    pub bytes: usize,
    /// Steps that all templates together may take.
    pub steps: usize,
    /// Whether the calls of each manifest are noted.
    pub trace: bool,
}

/// What a cluster is said to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cluster {
    /// `.Capabilities.KubeVersion.Major`
    pub major: String,
    /// `.Capabilities.KubeVersion.Minor`
    pub minor: String,
    /// `.Capabilities.APIVersions`
    pub api_versions: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: "demo".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            revision: 1,
            version: None,
            app_version: None,
            cluster: None,
            objects: None,
            values: Vec::new(),
            bytes: 256 << 20,
            steps: 10_000_000,
            trace: false,
        }
    }
}

/// What a chart renders.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Why Helm would not even begin. The templates were evaluated all the same,
    /// with what could be read.
    pub errors: Vec<Error>,
    /// What the schema of the values refuses, when the chart is explored all the same.
    pub refusal: Option<Error>,
    /// What each template gave, in the order in which Helm executes them.
    pub manifests: Vec<Manifest>,
    /// Branches that were not explored because there were too many.
    pub unexplored: usize,
    /// The steps that it took.
    pub steps: usize,
}

/// What one template gave.
#[derive(Debug)]
pub struct Manifest {
    /// The template's path as Helm names it: `chart/charts/sub/templates/x.yaml`.
    pub path: String,
    /// The template's file.
    pub file: FileId,
    /// Its text, or why there is none.
    pub result: Result<Text, Error>,
    /// What was executed to print it, when that is noted.
    pub calls: Vec<Call>,
}

impl Rendered {
    /// The error that Helm would end with; it stops at the first.
    pub fn error(&self) -> Option<&Error> {
        self.errors
            .first()
            .or_else(|| self.manifests.iter().find_map(|manifest| manifest.result.as_ref().err()))
    }
}

impl Manifest {
    /// True for `NOTES.txt`, which Helm shows and does not install.
    pub fn is_notes(&self) -> bool {
        self.path.ends_with("NOTES.txt")
    }
}

/// Renders a chart.
///
/// Deep recursion needs a deep stack; see [`with_stack`](crate::evaluate::with_stack).
pub fn render(sources: &SourceMap, chart: &Chart, options: &Options) -> Rendered {
    render_with(&mut Cache::default(), sources, chart, options)
}

/// Renders a chart, with what was read of its files before.
pub fn render_with(
    cache: &mut Cache,
    sources: &SourceMap,
    chart: &Chart,
    options: &Options,
) -> Rendered {
    evaluated(cache, sources, chart, options, None)
}

/// How often a file may be evaluated again for the branches that the values do not
/// choose.
pub const MOST_EXPLORATIONS: usize = 64;

/// Renders a chart, then explores the branches that its values do not choose. What the
/// schema of the values refuses is explored all the same.
pub fn explore(
    cache: &mut Cache,
    sources: &SourceMap,
    chart: &Chart,
    options: &Options,
    explorer: &mut dyn Explore,
) -> Rendered {
    evaluated(cache, sources, chart, options, Some(explorer))
}

/// Who explores a chart.
pub trait Explore: Visitor {
    /// Sees what is exact, before anything else is explored.
    fn exact(&mut self, manifests: &[Manifest]);
}

fn evaluated(
    cache: &mut Cache,
    sources: &SourceMap,
    chart: &Chart,
    options: &Options,
    explorer: Option<&mut dyn Explore>,
) -> Rendered {
    let mut errors = Vec::new();
    let mut loaded = Loaded::read(chart, sources, &mut cache.values, &mut errors);
    let given =
        values::user_values(&options.values, sources, &mut cache.values).unwrap_or_else(|error| {
            errors.push(Error::bare(ErrorKind::Chart, error.to_string()));
            Map::new()
        });
    let as_it_is = explorer.is_some().then(|| loaded.clone());
    let mut refused = |failure: crate::functions::Failure| {
        errors.push(Error::bare(ErrorKind::Chart, failure.0));
    };
    let any_off = values::keep_enabled(&mut loaded, &given).unwrap_or_else(|failure| {
        refused(failure);
        false
    });
    values::import_values(&mut loaded).unwrap_or_else(&mut refused);
    let values = values::coalesced(&loaded, &given, false).unwrap_or_else(|failure| {
        refused(failure);
        Map::new()
    });

    let mut refusal = values::refusal(&loaded, &values, sources)
        .map(|refusal| Error::bare(ErrorKind::Chart, refusal));
    if explorer.is_none() {
        errors.extend(refusal.take());
    }

    let all = order::sorted(templates::all(&loaded, sources, values, options));
    let mut named = Templates::default();
    let mut parsed = Vec::with_capacity(all.len());
    for template in all {
        let unit = cache.unit(sources, template.file, &template.path);
        if let Ok(unit) = &unit {
            named.add(unit);
        }
        parsed.push((template, unit));
    }
    let budget = Budget::new(options.bytes, options.steps);
    let mut evaluator = Evaluator::new(Rc::new(named), budget);
    if options.trace {
        evaluator.note_calls();
    }
    if let Some(objects) = &options.objects {
        evaluator.look_among(Rc::clone(objects));
    }
    let mut manifests = Vec::new();
    let mut left_out = Vec::new();
    for (template, unit) in parsed {
        // Of what is only included the errors of the parse are errors, too.
        let result = match unit {
            Err(error) => Err(error),
            Ok(_) if order::is_partial(&template.path) => continue,
            Ok(unit) => {
                let (named, dot) = (unit.own(), template.dot());
                if explorer.is_none() {
                    evaluator.render(&named, dot).map_err(|error| *error)
                } else {
                    let result = evaluator.render_noting(&named, dot).map_err(|error| *error);
                    let noted = evaluator.take_noted();
                    // What Helm prints after an install runs nothing.
                    let is_notes = template.path.ends_with("NOTES.txt");
                    if !is_notes && (result.is_err() || !noted.is_empty()) {
                        left_out.push((manifests.len(), named, template.clone(), noted));
                    }
                    result
                }
            }
        };
        let Template { path, file, .. } = template;
        manifests.push(Manifest { path, file, result, calls: evaluator.take_calls() });
    }
    let mut unexplored = 0;
    if let Some(explorer) = explorer {
        // After all that is exact, so that no exploration can be seen in it.
        explorer.exact(&manifests);
        for (index, named, template, noted) in left_out {
            let manifest: &Manifest = &manifests[index];
            let explored = Explored {
                path: &manifest.path,
                file: manifest.file,
                named: &named,
                dot: &template.dot(),
                anew: manifest.result.is_err(),
                conditions: &[],
                below: &template.below,
            };
            unexplored += evaluator.explore(&explored, noted, MOST_EXPLORATIONS, explorer);
        }
        if let Some(chart) = as_it_is.filter(|_| any_off) {
            let off = off::Off { chart, sources, given: &given, options };
            unexplored += off.explore(cache, &mut evaluator, explorer);
        }
    }
    let steps = options.steps.saturating_sub(evaluator.steps_left());
    Rendered { errors, refusal, manifests, unexplored, steps }
}
