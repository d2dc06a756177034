//! Subcharts that a condition or a tag turns off, explored as if they were on.

use super::templates::Template;
use super::{Cache, Explore, MOST_EXPLORATIONS, Options, order, templates};
use crate::evaluate::{Evaluator, Explored, Named, Templates};
use crate::functions::Failure;
use crate::source::SourceMap;
use crate::value::{Map, Value};
use crate::values::{self, Loaded};
use std::rc::Rc;

/// A chart whose subcharts are all to be on.
pub(super) struct Off<'a, 'c> {
    pub(super) chart: Loaded<'c>,
    pub(super) sources: &'a SourceMap,
    pub(super) given: &'a Map,
    pub(super) options: &'a Options,
}

impl Off<'_, '_> {
    /// Explores the templates of the subcharts that are off, with values of their own,
    /// so that nothing of it is seen elsewhere. Gives how much was not explored.
    pub(super) fn explore(
        mut self,
        cache: &mut Cache,
        evaluator: &mut Evaluator,
        explorer: &mut dyn Explore,
    ) -> usize {
        let Ok(values) = self.values() else { return 1 };
        let all = order::sorted(templates::all(&self.chart, self.sources, values, self.options));
        let mut named = Templates::default();
        let mut parsed = Vec::new();
        for template in all {
            let Ok(unit) = cache.unit(self.sources, template.file, &template.path) else {
                continue;
            };
            named.add(&unit);
            let prints =
                !order::is_partial(&template.path) && !template.path.ends_with("NOTES.txt");
            if prints && !template.off.is_empty() {
                parsed.push((template, unit));
            }
        }
        evaluator.name_from(Rc::new(named));
        parsed.retain(|(_, unit)| evaluator.may_print_an_image(&unit.own()));
        // What a subchart runs as it is comes before what its own branches add.
        let noted: Vec<_> = parsed
            .iter()
            .map(|(template, unit)| {
                evaluator.look(&explored(template, &unit.own(), &template.dot()), explorer)
            })
            .collect();
        let mut unexplored = 0;
        for ((template, unit), noted) in parsed.iter().zip(noted) {
            let (named, dot) = (unit.own(), template.dot());
            unexplored += match noted {
                Some(noted) => {
                    let file = explored(template, &named, &dot);
                    evaluator.explore(&file, noted, MOST_EXPLORATIONS, explorer)
                }
                None => 1,
            };
        }
        unexplored
    }

    fn values(&mut self) -> Result<Map, Failure> {
        values::keep_all(&mut self.chart, self.given)?;
        values::import_values(&mut self.chart)?;
        values::coalesced(&self.chart, self.given, false)
    }
}

/// A template of a subchart that is off.
fn explored<'t>(template: &'t Template, named: &'t Named, dot: &'t Value) -> Explored<'t> {
    Explored {
        path: &template.path,
        file: template.file,
        named,
        dot,
        anew: false,
        conditions: &template.off,
        below: &template.below,
    }
}
