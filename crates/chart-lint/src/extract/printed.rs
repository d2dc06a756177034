//! What the evaluation of a tree of charts printed, given to the charts whose templates
//! printed it.

use super::chart::{Ask, Scoped, role_of_place};
use super::evaluate::{self, Evaluation};
use super::rendered::Evaluated;
use helm_engine::chart::{Chart, ChartFile, FileKind};
use helm_engine::source::{FileId, SourceMap};
use std::collections::HashMap;

/// Gives each chart the images that its templates print.
pub(super) fn hand_out(
    sources: &SourceMap,
    chart: &Chart,
    ask: Ask<'_>,
    scoped: &mut [Scoped<'_, '_>],
) -> (Evaluated, usize) {
    let mut roles = HashMap::new();
    let mut owners: HashMap<FileId, usize> = HashMap::new();
    for (index, part) in scoped.iter().enumerate() {
        for (file, id) in part.chart.loaded() {
            owners.entry(id).or_insert(index);
            roles.extend(role_of_place(file).map(|role| (id, role)));
        }
    }
    let mut evaluated = Evaluated::default();
    let Ask { given, ways, rendering, registries, .. } = ask;
    let printed = evaluate::evaluate(Evaluation {
        sources,
        chart,
        roles: &roles,
        given,
        ways,
        rendering,
        registries,
    });
    evaluated.ran = true;
    evaluated.complete = is_complete(chart, &printed);
    evaluated.rendering = printed.rendering;
    evaluated.dropped = printed.unexplored > 0;
    evaluated.executed = printed.executed;
    evaluated.reach(&printed.reached);
    evaluated.blank(&printed.blanks);
    let data = |(file, id): (&ChartFile, FileId)| (file.kind == FileKind::Text).then_some(id);
    evaluated.data = scoped.iter().flat_map(|part| part.chart.loaded().filter_map(data)).collect();
    for (file, printed) in printed.by_file {
        evaluated.note(&printed.images);
        if let Some(part) = owners.get(&file).and_then(|&index| scoped.get_mut(index)) {
            part.extraction.images.extend(printed.images);
            part.extraction.invalid.extend(printed.invalid);
            part.extraction.blanks.extend(printed.blanks);
        }
    }
    (evaluated, printed.unexplored)
}

/// True when an evaluation had all that it needs and came to its end.
fn is_complete(chart: &Chart, printed: &evaluate::Printed) -> bool {
    printed.unexplored == 0
        && !printed.refused
        && printed.executed.values().all(Option::is_none)
        && !chart.misses_dependencies()
}
