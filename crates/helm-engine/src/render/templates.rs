//! The templates of a chart and its subcharts, and what each of them sees.

use super::Options;
use crate::chart::FileKind;
use crate::evaluate::Condition;
use crate::objects;
use crate::source::{FileId, SourceMap};
use crate::value::{Map, Value};
use crate::values::{Loaded, table};

/// A template that Helm executes, or takes definitions from.
#[derive(Clone)]
pub(super) struct Template {
    pub(super) path: String,
    pub(super) file: FileId,
    pub(super) base_path: String,
    /// What the templates of its chart see; they share it.
    pub(super) dot: Map,
    /// What has to hold for its chart to be rendered, the outermost first.
    pub(super) off: Vec<Condition>,
    /// The way from the root's values to those of its chart: `sub.`, empty in the root.
    pub(super) below: String,
}

/// Where a chart is.
struct Place<'p> {
    path: &'p str,
    below: &'p str,
    off: &'p [Condition],
    /// How many charts are above it.
    depth: usize,
}

impl Template {
    /// What it sees, `.Template` included.
    pub(super) fn dot(&self) -> Value {
        let this = Map::new().named(objects::VALUES);
        this.set("Name", Value::str(self.path.as_str()));
        this.set("BasePath", Value::str(self.base_path.as_str()));
        self.dot.set("Template", Value::Map(this));
        Value::Map(self.dot.clone())
    }
}

/// The templates of a chart and of its subcharts.
pub(super) fn all(
    chart: &Loaded<'_>,
    sources: &SourceMap,
    values: Map,
    options: &Options,
) -> Vec<Template> {
    let shared = Shared {
        sources,
        options,
        release: Value::Map(objects::release(options)),
        capabilities: objects::capabilities(options.cluster.as_ref()),
    };
    let mut found = Vec::new();
    let path = chart.metadata.name.as_str().into_owned();
    let root = Place { path: &path, below: "", off: &[], depth: 0 };
    collect(&shared, chart, &root, values, &mut found);
    found
}

struct Shared<'s> {
    sources: &'s SourceMap,
    options: &'s Options,
    release: Value,
    capabilities: Value,
}

fn collect(
    shared: &Shared<'_>,
    chart: &Loaded<'_>,
    place: &Place<'_>,
    values: Map,
    found: &mut Vec<Template>,
) -> Map {
    let Place { path, below, .. } = place;
    let is_root = below.is_empty();
    let off = [place.off, chart.off.as_slice()].concat();
    let values = values.named(objects::VALUES);
    let subcharts = Map::new();
    let dot = Map::new();
    let of_chart = chart.metadata.object(is_root);
    if place.depth < 2 {
        let options = shared.options;
        for (name, given) in [("Version", &options.version), ("AppVersion", &options.app_version)] {
            if let Some(given) = given {
                of_chart.set(name, Value::str(given.as_str()));
            }
        }
    }
    dot.set("Chart", Value::Map(of_chart));
    dot.set("Files", Value::Map(objects::files(chart.chart, shared.sources)));
    dot.set("Release", shared.release.clone());
    dot.set("Capabilities", shared.capabilities.clone());
    dot.set("Values", Value::Map(values.clone()));
    dot.set("Subcharts", Value::Map(subcharts.clone()));
    for subchart in &chart.subcharts {
        let name = subchart.metadata.name.as_str();
        let path = format!("{path}/charts/{name}");
        let values = table(&values, &name).unwrap_or_default();
        let (below, depth) = (format!("{below}{name}."), place.depth + 1);
        let place = Place { path: &path, below: &below, off: &off, depth };
        let seen = collect(shared, subchart, &place, values, found);
        subcharts.set(&name, Value::Map(seen));
    }
    let is_library = chart.metadata.is_library();
    for (file, id) in chart.chart.loaded() {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if file.kind == FileKind::Template && (!is_library || name.starts_with('_')) {
            found.push(Template {
                path: clean(&format!("{path}/{}", file.path)),
                file: id,
                base_path: format!("{path}/templates"),
                dot: dot.clone().named(objects::VALUES),
                off: off.clone(),
                below: (*below).to_owned(),
            });
        }
    }
    dot
}

/// A path as Go's `path.Join` writes it; a chart has only clean ones.
fn clean(path: &str) -> String {
    path.replace("//", "/")
}
