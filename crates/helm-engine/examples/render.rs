//! Prints what a chart renders: `cargo run -p helm-engine --example render -- CHART [VALUES…]`.

use helm_engine::chart::{Limits, load};
use helm_engine::evaluate::with_stack;
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use helm_engine::values::Overlay;
use std::io::{self, Write};
use std::path::PathBuf;

fn main() -> io::Result<()> {
    with_stack(|| {
        let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
        let Some(folder) = arguments.next() else {
            return writeln!(io::stderr(), "usage: render CHART [VALUES…]");
        };
        let mut sources = SourceMap::new();
        let chart = load(&folder, ".", &Limits::default(), &mut sources);
        let mut options = Options::default();
        for path in arguments {
            let text = std::fs::read_to_string(&path)?;
            options.values.push(Overlay::File(sources.add(path.to_string_lossy(), text)));
        }
        let rendered = render(&sources, &chart, &options);
        let mut out = io::stdout().lock();
        for manifest in &rendered.manifests {
            if let Ok(text) = &manifest.result {
                writeln!(out, "---\n# Source: {}", manifest.path)?;
                out.write_all(text.bytes())?;
            }
        }
        let failed = rendered.manifests.iter().filter_map(|m| m.result.as_ref().err());
        for error in rendered.errors.iter().chain(failed) {
            writeln!(io::stderr(), "error: {error}")?;
        }
        Ok(())
    })
}
