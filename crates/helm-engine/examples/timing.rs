//! Does one thing with charts, one after the other on one thread, to be timed from
//! outside: `cargo run --release -p helm-engine --example timing -- WHAT CHART…`.
//!
//! WHAT is `load` (read the files), `exact` (also evaluate the templates with the
//! charts' own values) or `explored` (also the branches that these do not choose).

use helm_engine::chart::{Chart, Limits, load};
use helm_engine::evaluate::{Condition, Print, Visitor, with_stack};
use helm_engine::render::{Cache, Explore, Manifest, Options, Trees, explore, render_with};
use helm_engine::source::SourceMap;
use helm_engine::value::Text;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

static TREES: LazyLock<Trees> = LazyLock::new(Trees::default);

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let what = arguments.next().unwrap_or_default();
    let folders: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let evaluate: fn(&SourceMap, &Chart) = match what.to_str() {
        Some("load") => |_, _| (),
        Some("exact") => exact,
        Some("explored") => explored,
        _ => return writeln!(io::stderr(), "usage: timing load|exact|explored CHART…"),
    };
    with_stack(|| {
        for folder in &folders {
            let mut sources = SourceMap::new();
            let chart = load(folder, ".", &Limits::default(), &mut sources);
            evaluate(&sources, &chart);
        }
    });
    Ok(())
}

fn exact(sources: &SourceMap, chart: &Chart) {
    drop(render_with(&mut Cache::sharing(&TREES), sources, chart, &Options::default()));
}

fn explored(sources: &SourceMap, chart: &Chart) {
    let mut known = Lines::default();
    drop(explore(&mut Cache::sharing(&TREES), sources, chart, &Options::default(), &mut known));
}

/// Knows the lines that spell images; what else there is in a manifest costs whoever
/// looks for it.
#[derive(Default)]
struct Lines(HashSet<String>);

impl Lines {
    fn of(text: &Text) -> Vec<String> {
        let text = text.as_str();
        text.lines()
            .filter(|line| line.contains("image:"))
            .map(|line| line.trim().to_owned())
            .collect()
    }
}

impl Explore for Lines {
    fn exact(&mut self, manifests: &[Manifest]) {
        let texts = manifests.iter().filter_map(|manifest| manifest.result.as_ref().ok());
        self.0.extend(texts.flat_map(Self::of));
    }
}

impl Visitor for Lines {
    fn news(&mut self, print: &Print<'_>) -> usize {
        Self::of(print.text).iter().filter(|line| !self.0.contains(*line)).count()
    }

    fn take(&mut self, print: &Print<'_>, _: &[Condition]) -> usize {
        let news = self.news(print);
        self.0.extend(Self::of(print.text));
        news
    }
}
