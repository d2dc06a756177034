//! Does one thing with charts, one after the other on one thread, to be timed from
//! outside: `cargo run --release -p helm-engine --example timing -- WHAT CHART…`.
//!
//! WHAT is `load` (read the files), `exact` (also evaluate the templates with the
//! charts' own values) or `explored` (also the branches that these do not choose).

use helm_engine::chart::{Chart, Limits, load};
use helm_engine::evaluate::{Print, Source, Under, Visitor, with_stack};
use helm_engine::render::{Cache, Explore, Manifest, Options, Trees, explore, render_with};
use helm_engine::source::{SourceMap, Span};
use helm_engine::value::Text;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    let mut known = Names::default();
    drop(explore(&mut Cache::sharing(&TREES), sources, chart, &Options::default(), &mut known));
}

/// Knows images by the source bytes of their names; what else there is in a manifest
/// costs whoever looks for it.
#[derive(Default)]
struct Names(HashSet<Span>);

impl Names {
    /// The names behind `image:`, without tag and digest, and where each comes from.
    fn of(text: &Text) -> Vec<(Vec<Span>, Source)> {
        let utf8 = text.as_str();
        let images = memchr::memmem::find_iter(utf8.as_bytes(), "image: ").map(|at| {
            let start = at + "image: ".len();
            let line = utf8[start..].lines().next().unwrap_or_default();
            let path = line.rfind('/').unwrap_or_default();
            let end = line[path..].find([':', '@']).map_or(line.len(), |tag| path + tag);
            // Not what a format puts between the parts.
            let mut name = text.spans(start..start + end);
            name.retain(|span| span.end - span.start > 1);
            let printed = text.spans(at..start);
            (name.clone(), Source { copied: name, printed })
        });
        images.collect()
    }

    fn knows(&self, name: &[Span]) -> bool {
        name.iter().all(|span| self.0.contains(span))
    }
}

impl Explore for Names {
    fn exact(&mut self, manifests: &[Manifest]) {
        let texts = manifests.iter().filter_map(|manifest| manifest.result.as_ref().ok());
        self.0.extend(texts.flat_map(Self::of).flat_map(|(name, _)| name));
    }
}

impl Visitor for Names {
    fn news(&mut self, print: &Print<'_>) -> Vec<Source> {
        let unknown = Self::of(print.text).into_iter().filter(|(name, _)| !self.knows(name));
        unknown.map(|(_, source)| source).collect()
    }

    fn take(&mut self, print: &Print<'_>, under: Under<'_>) -> usize {
        let before = self.0.len();
        for (name, source) in Self::of(print.text) {
            if !self.knows(&name) && under(&source).is_some() {
                self.0.extend(name);
            }
        }
        self.0.len() - before
    }
}
