//! `cargo xtask conformance [--verbose] [--ci] [--vendor] [DIR…]`: renders every chart under the
//! folders with real Helm and with helm-engine, and compares what they give.

mod compare;
mod helm;
mod scenarios;
mod table;

use compare::{CANNOT_LOAD, Verdict, compare};
use helm_engine::chart::{Limits, ProblemKind, load};
use helm_engine::evaluate::with_stack;
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use helm_engine::values::Overlay;
use scenarios::Scenario;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use tempfile::TempDir;

/// What is judged where no folder is named.
const FIXTURES: &str = "charts-fixtures";
/// The fixtures that are not: what cannot be lexed fails elsewhere than Helm's parser says.
const BROKEN: &str = "broken";

const USAGE: &str = "usage: cargo xtask conformance [--verbose] [--ci] [--vendor] [DIR…]
Renders every chart under each DIR (default charts-fixtures) with real Helm and with
helm-engine. --verbose shows the first difference of each manifest; --ci renders each
chart with each of its ci/*.yaml as well, as is done for charts-fixtures; --vendor judges
a temporary copy into which the dependencies are put that a chart lacks and another
chart under any DIR is.";

pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let (mut verbose, mut ci, mut vendor, mut folders) = (false, false, false, Vec::new());
    for argument in arguments {
        match argument.to_str() {
            Some("--verbose") => verbose = true,
            Some("--ci") => ci = true,
            Some("--vendor") => vendor = true,
            Some(flag) if flag.starts_with('-') => {
                writeln!(io::stderr(), "{USAGE}").ok();
                return ExitCode::from(2);
            }
            _ => folders.push(PathBuf::from(argument)),
        }
    }
    let Some(top) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        return ExitCode::from(2);
    };
    if folders.is_empty() {
        folders = scenarios::children(&top.join(FIXTURES));
        folders.retain(|folder| !folder.ends_with(BROKEN));
        folders.sort();
        ci = true;
    }
    // Removed when it is dropped.
    let copy = match vendor.then(|| vendored(top, &folders)).transpose() {
        Ok(copy) => copy,
        Err(error) => {
            writeln!(io::stderr(), "error: {error}").ok();
            return ExitCode::from(2);
        }
    };
    if let Some(copy) = &copy {
        folders = scenarios::children(copy.path());
        folders.sort();
    }
    let scenarios: Vec<Scenario> =
        folders.iter().flat_map(|folder| scenarios::under(folder, ci)).collect();
    match judge(top, &scenarios, verbose) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            writeln!(io::stderr(), "error: {error}").ok();
            ExitCode::from(2)
        }
    }
}

/// A copy of the charts under the folders, with the dependencies that are at hand.
fn vendored(top: &Path, folders: &[PathBuf]) -> Result<TempDir, String> {
    let failed = |error: io::Error| format!("the charts cannot be copied: {error}");
    let copy = tempfile::tempdir().map_err(failed)?;
    let status = Command::new(helm::python(top)?)
        .arg(top.join("scripts/vendor_dependencies.py"))
        .arg(copy.path())
        .args(folders)
        .status()
        .map_err(failed)?;
    if status.success() {
        Ok(copy)
    } else {
        Err("the charts cannot be copied: scripts/vendor_dependencies.py failed".to_owned())
    }
}

/// True when nothing differs.
fn judge(top: &Path, scenarios: &[Scenario], verbose: bool) -> Result<bool, String> {
    if scenarios.is_empty() {
        return Err("there is no chart under these folders".to_owned());
    }
    let by_helm = helm::render(top, scenarios)?;
    let mut verdicts = Vec::new();
    for (scenario, theirs) in scenarios.iter().zip(by_helm) {
        verdicts.push(with_stack(|| one(scenario, &theirs)));
    }
    let mut out = io::stdout().lock();
    let shown = table::print(&mut out, scenarios, &verdicts, verbose);
    shown.map_err(|error| format!("the table cannot be written: {error}"))?;
    Ok(verdicts.iter().all(Verdict::agrees))
}

fn one(scenario: &Scenario, theirs: &helm::Answer) -> Verdict {
    let mut sources = SourceMap::new();
    let limits =
        Limits { root: scenario.chart.ancestors().nth(3).map(Into::into), ..Limits::default() };
    let chart = load(&scenario.chart, ".", &limits, &mut sources);
    let mut options = Options::default();
    for path in &scenario.files {
        let text = fs::read_to_string(path).unwrap_or_default();
        options.values.push(Overlay::File(sources.add(path.to_string_lossy(), text)));
    }
    let rendered = render(&sources, &chart, &options);
    let missing = chart.dependencies.iter().any(|dependency| {
        let name = dependency.name.as_deref();
        chart.subcharts.iter().all(|subchart| subchart.name.as_deref() != name)
    });
    let unloaded = chart.all_problems().find(|problem| problem.kind == ProblemKind::Metadata);
    let ours = match (unloaded, rendered.error()) {
        (Some(problem), _) => Err(format!("{CANNOT_LOAD}: {}", problem.message)),
        (None, Some(error)) => Err(error.to_string()),
        (None, None) => Ok(rendered
            .manifests
            .iter()
            .filter_map(|manifest| {
                let text = manifest.result.as_ref().ok()?;
                Some((manifest.path.clone(), text.as_str().into_owned()))
            })
            .collect::<BTreeMap<_, _>>()),
    };
    compare(&ours, theirs, missing)
}
