//! Templates that fail: a chart may refuse to be installed with other images than its own.

use chart_lint::discover::FoundChart;
use helm_engine::chart::{Limits, Unwritten, load};
use helm_engine::evaluate::with_stack;
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The templates of a chart that fail with its own values, NOTES.txt among them, and why;
/// what keeps Helm from the chart as a whole has no name.
pub(crate) fn of(
    root: &Path,
    chart: &FoundChart,
    unwritten: &Arc<Unwritten>,
) -> BTreeMap<String, String> {
    let mut sources = SourceMap::new();
    let (root, unwritten) = (Some(root.to_owned()), Arc::clone(unwritten));
    let limits = Limits { root, unwritten, ..Limits::default() };
    let chart = load(&chart.dir, &chart.display, &limits, &mut sources);
    with_stack(|| {
        let rendered = render(&sources, &chart, &Options::default());
        let of_chart = rendered.errors.iter().map(|error| (String::new(), error.to_string()));
        let of_templates = rendered.manifests.into_iter().filter_map(|manifest| {
            manifest.result.err().map(|error| (manifest.path, error.to_string()))
        });
        of_chart.chain(of_templates).collect()
    })
}
