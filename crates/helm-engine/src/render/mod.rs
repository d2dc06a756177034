//! Renders a chart as Helm does, with each byte's origin.

mod cache;
mod order;
mod templates;

pub use cache::Cache;

use crate::chart::Chart;
use crate::evaluate::{Error, ErrorKind, Evaluator, Templates};
use crate::functions::Budget;
use crate::source::{FileId, SourceMap};
use crate::value::{Map, Text, Value};
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
    /// The user's values.
    pub values: Vec<Overlay>,
    /// Bytes that all templates together may make.
    pub bytes: usize,
    /// Steps that all templates together may take.
    pub steps: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: "demo".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            revision: 1,
            values: Vec::new(),
            bytes: 256 << 20,
            steps: 10_000_000,
        }
    }
}

/// What a chart renders.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Why Helm would not even begin. The templates were evaluated all the same,
    /// with what could be read.
    pub errors: Vec<Error>,
    /// What each template gave, in the order in which Helm executes them.
    pub manifests: Vec<Manifest>,
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
    let mut errors = Vec::new();
    let mut loaded = Loaded::read(chart, sources, &mut cache.values, &mut errors);
    let given = values::user_values(&options.values, sources, &mut cache.values).unwrap_or_else(
        |message| {
            errors.push(Error::bare(ErrorKind::Chart, message));
            Map::new()
        },
    );
    let mut refused = |failure: crate::functions::Failure| {
        errors.push(Error::bare(ErrorKind::Chart, failure.0));
    };
    values::keep_enabled(&mut loaded, &given).unwrap_or_else(&mut refused);
    values::import_values(&mut loaded).unwrap_or_else(&mut refused);
    let values = values::coalesced(&loaded, &given, false).unwrap_or_else(|failure| {
        refused(failure);
        Map::new()
    });

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
    let mut manifests = Vec::new();
    for (template, unit) in parsed {
        let Template { path, file, base_path, dot } = template;
        // Of what is only included the errors of the parse are errors, too.
        let result = match unit {
            Err(error) => Err(error),
            Ok(_) if order::is_partial(&path) => continue,
            Ok(unit) => {
                let this = Map::new().named(crate::objects::VALUES);
                this.set("Name", Value::str(path.as_str()));
                this.set("BasePath", Value::str(base_path));
                dot.set("Template", Value::Map(this));
                let named = unit.own();
                evaluator.render(&named, Value::Map(dot)).map_err(|error| *error)
            }
        };
        manifests.push(Manifest { path, file, result });
    }
    Rendered { errors, manifests }
}
