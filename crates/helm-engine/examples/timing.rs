//! Does one thing with charts, one after the other on one thread:
//! `cargo run --release -p helm-engine --example timing -- WHAT RUNS CHART…`.
//!
//! WHAT is `load` (read the files), `exact` (also evaluate the templates with the
//! charts' own values) or `explored` (also the branches that these do not choose).
//! Prints the CPU seconds of each run, as a JSON list. As where real Helm is timed, the
//! start of the process and a first run do not count, and no run knows what one before
//! it parsed. Where the system does not tell the CPU time of a thread (Linux does), it is
//! the time that passed.

use helm_engine::chart::{Chart, Limits, load};
use helm_engine::evaluate::{Print, Source, Under, Visitor, with_stack};
use helm_engine::render::{Cache, Explore, Manifest, Options, Trees, explore, render_with};
use helm_engine::source::{SourceMap, Span};
use helm_engine::value::Text;
use std::collections::HashSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// As the binary has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let what = arguments.next().unwrap_or_default();
    let runs = arguments.next().and_then(|runs| runs.to_str()?.parse::<usize>().ok());
    let folders: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    let evaluate: Option<Evaluate> = match what.to_str() {
        Some("load") => Some(|_, _, _| ()),
        Some("exact") => Some(exact),
        Some("explored") => Some(explored),
        _ => None,
    };
    let (Some(evaluate), Some(runs)) = (evaluate, runs) else {
        return writeln!(io::stderr(), "usage: timing load|exact|explored RUNS CHART…");
    };
    let taken = with_stack(|| {
        drop(run(evaluate, &folders));
        let timed = (0..runs).map(|_| {
            let before = Clock::now();
            let trees = run(evaluate, &folders);
            let taken = before.elapsed();
            // The program keeps them until it ends.
            drop(trees);
            taken
        });
        timed.collect::<Vec<f64>>()
    });
    writeln!(io::stdout(), "{taken:?}")
}

type Evaluate = fn(&Arc<Trees>, &SourceMap, &Chart);

fn run(evaluate: Evaluate, folders: &[PathBuf]) -> Arc<Trees> {
    let trees = Arc::default();
    for folder in folders {
        let mut sources = SourceMap::new();
        let chart = load(folder, ".", &Limits::default(), &mut sources);
        evaluate(&trees, &sources, &chart);
    }
    trees
}

fn exact(trees: &Arc<Trees>, sources: &SourceMap, chart: &Chart) {
    drop(render_with(&mut Cache::sharing(trees), sources, chart, &Options::default()));
}

fn explored(trees: &Arc<Trees>, sources: &SourceMap, chart: &Chart) {
    let mut known = Names::default();
    drop(explore(&mut Cache::sharing(trees), sources, chart, &Options::default(), &mut known));
}

/// A moment, in the CPU time of this thread where the system tells it.
enum Clock {
    Cpu(f64),
    Wall(Instant),
}

impl Clock {
    fn now() -> Self {
        cpu_seconds().map_or_else(|| Self::Wall(Instant::now()), Self::Cpu)
    }

    fn elapsed(&self) -> f64 {
        match self {
            Self::Cpu(before) => cpu_seconds().map_or(f64::NAN, |now| now - before),
            Self::Wall(before) => before.elapsed().as_secs_f64(),
        }
    }
}

/// The time that this thread was on a core.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
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
