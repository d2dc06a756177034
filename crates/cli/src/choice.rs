//! What `--chart` and `--image` choose. A pattern that matches nothing is a slip of the pen,
//! and no success.

use crate::error::Failure;
use chart_lint::discover::FoundChart;
use chart_lint::model::Report;
use chart_lint::suggest::nearest;
use globset::{GlobBuilder, GlobMatcher};
use image_ref::{ImagePattern, Name, Reference};
use migrate::journal::Journal;
use migrate::rollback::name_of;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many names a message proposes.
const PROPOSED: usize = 5;

/// The names in the Chart.yaml of charts, by their folders.
type Charts<'a> = BTreeMap<&'a str, Option<String>>;

/// The patterns of `--chart`.
pub(crate) struct ChartPatterns(Vec<(String, GlobMatcher)>);

impl ChartPatterns {
    pub(crate) fn parse(patterns: &[String]) -> Result<Self, Failure> {
        let parse = |given: &String| {
            let folder = given.trim_start_matches("./").trim_end_matches('/');
            let folder = if folder.is_empty() { "." } else { folder };
            let glob = GlobBuilder::new(folder).literal_separator(false).build().map_err(|e| {
                Failure::new(format!("--chart `{given}` is no pattern: {}", e.kind()))
            })?;
            Ok((given.clone(), glob.compile_matcher()))
        };
        patterns.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    /// The judged charts that are chosen, by their folders: with a chart those below its
    /// `charts/`, which it moves by its own values.
    pub(crate) fn judged<'r>(
        &self,
        report: &'r Report,
        tops: &[FoundChart],
    ) -> Result<BTreeSet<&'r str>, Failure> {
        let charts: Charts<'r> =
            report.charts.iter().map(|chart| (&*chart.path, chart.name.clone())).collect();
        self.check(&charts, "none of the charts that were judged", "charts")?;
        let top = |chart: &str| {
            let holds = |top: &&FoundChart| is_below(chart, &top.display);
            tops.iter().filter(holds).max_by_key(|top| top.display.len())
        };
        let is_named =
            |chart: &str| self.choose(chart, charts.get(chart).and_then(Option::as_deref));
        let chosen = charts.keys().filter(|chart| {
            is_named(chart) || top(chart).is_some_and(|top| is_named(&top.display))
        });
        Ok(chosen.copied().collect())
    }

    /// Fails with a pattern that matches no chart with a migration to take back, where there
    /// are some.
    pub(crate) fn check_migrated(&self, root: &Path) -> Result<(), Failure> {
        // A journal that cannot be read is told by the rollback.
        let journals = Journal::all(root).unwrap_or_default();
        let entries = journals.iter().flat_map(|(_, journal)| &journal.charts);
        let charts: Charts<'_> =
            entries.map(|entry| (entry.chart.as_str(), name_of(root, &entry.chart))).collect();
        if charts.is_empty() {
            return Ok(());
        }
        self.check(&charts, "no chart with a migration to take back", "charts with one")
    }

    /// True of a chart that some pattern matches, and of all without a pattern.
    pub(crate) fn choose(&self, chart: &str, name: Option<&str>) -> bool {
        self.0.is_empty() || self.0.iter().any(|(_, glob)| matches(glob, chart, name))
    }

    fn check(&self, charts: &Charts<'_>, none: &str, what: &str) -> Result<(), Failure> {
        let is_idle = |(_, glob): &&(String, GlobMatcher)| {
            !charts.iter().any(|(chart, name)| matches(glob, chart, name.as_deref()))
        };
        let Some((given, _)) = self.0.iter().find(is_idle) else { return Ok(()) };
        let names = charts.iter().map(|(chart, name)| {
            ((chart, name), [Some(*chart), name.as_deref()].into_iter().flatten().collect())
        });
        let near = nearest(given, names, PROPOSED);
        let shown = |(chart, name): (&&str, &Option<String>)| match name {
            Some(name) if chart.rsplit('/').next() != Some(name) => format!("{chart} ({name})"),
            _ => (*chart).to_owned(),
        };
        let near = near.into_iter().map(shown).collect();
        Err(Failure::new(format!("--chart `{given}` matches {none}")).help(proposed(
            what,
            near,
            charts.len(),
        )))
    }
}

fn matches(glob: &GlobMatcher, chart: &str, name: Option<&str>) -> bool {
    glob.is_match(chart) || name.is_some_and(|name| glob.is_match(name))
}

/// The patterns of `--image`.
pub(crate) struct ImagePatterns(Vec<(String, ImagePattern)>);

impl ImagePatterns {
    pub(crate) fn parse(patterns: &[String]) -> Result<Self, Failure> {
        let parse = |given: &String| {
            let pattern = ImagePattern::parse(given)
                .map_err(|error| Failure::new(format!("--image `{given}` is no pattern: {error}")));
            Ok((given.clone(), pattern?))
        };
        patterns.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn choose(&self, name: &Name) -> bool {
        self.0.is_empty() || self.0.iter().any(|(_, pattern)| pattern.matches(name))
    }

    /// Fails with a pattern that matches neither an image of the report nor one that has
    /// moved: once it has, there is nothing to do.
    pub(crate) fn check(&self, report: &Report, root: &Path) -> Result<(), Failure> {
        let names: BTreeSet<String> = report
            .images
            .iter()
            .map(|image| Name::new(&image.registry, &image.repository).to_string())
            .collect();
        let used = |pattern: &ImagePattern| {
            let mut names = report.images.iter();
            names.any(|image| pattern.matches(&Name::new(&image.registry, &image.repository)))
        };
        let moved = |pattern: &ImagePattern| {
            let journals = Journal::all(root).unwrap_or_default();
            let charts = journals.iter().flat_map(|(_, journal)| &journal.charts);
            let mut moved = charts.flat_map(|chart| &chart.moved);
            moved.any(|change| {
                Reference::parse(&change.before).is_ok_and(|image| pattern.matches(&image.name()))
            })
        };
        let idle = self.0.iter().find(|(_, pattern)| !used(pattern) && !moved(pattern));
        let Some((given, _)) = idle else { return Ok(()) };
        let near = nearest(given, names.iter().map(|name| (name, vec![name.as_str()])), PROPOSED);
        let near = near.into_iter().cloned().collect();
        Err(Failure::new(format!("--image `{given}` matches no image of the charts"))
            .help(proposed("images", near, names.len())))
    }
}

/// What there is, or what of it is nearest.
fn proposed(what: &str, near: Vec<String>, all: usize) -> String {
    let list = near.join(", ");
    match all {
        0 => format!("there are no {what}"),
        _ if near.len() == all => format!("the {what} are: {list}"),
        _ => format!("the nearest of {all} {what} are: {list}"),
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder == "."
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
