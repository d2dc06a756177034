//! Why a question about charts cannot be answered.

use std::io;
use std::path::PathBuf;

/// Why a question about charts cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// A path is not there.
    #[error("{}", missing(.path))]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A path is there and cannot be looked at.
    #[error("{} cannot be read: {error}", shown(.path))]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Folders hold no chart.
    #[error("{}", no_chart(.paths))]
    NoChart {
        /// The folders as given.
        paths: Vec<PathBuf>,
    },
    /// A path does not lie under the root, so it has no name relative to it.
    #[error(
        "{} lies outside of the root {}; give a --root that holds all paths, or none",
        shown(.path),
        shown(.root)
    )]
    OutsideRoot {
        /// The path as given.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
}

/// A path that cannot send control characters to a terminal.
fn shown(path: &std::path::Path) -> String {
    path.to_string_lossy().chars().flat_map(escaped).collect()
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let escape = c.is_control().then(|| c.escape_default());
    let plain = escape.is_none().then_some(c);
    escape.into_iter().flatten().chain(plain)
}

fn missing(path: &std::path::Path) -> String {
    let shown = shown(path);
    if shown.contains(['*', '?', '[']) {
        return format!(
            "there is no {shown}; the shell found nothing for the pattern and passed it on"
        );
    }
    let from = std::env::current_dir().map(|dir| format!(" (looked from {})", dir.display()));
    let from = if path.is_relative() { from.unwrap_or_default() } else { String::new() };
    format!("there is no file or folder {shown}{from}")
}

fn no_chart(paths: &[PathBuf]) -> String {
    let list: Vec<String> = paths.iter().map(|path| shown(path)).collect();
    format!(
        "no chart found in {}: a chart is a folder with a Chart.yaml, \
         and one that Git ignores and does not track is not looked at; \
         give the folder of the chart, or a folder above it",
        list.join(", ")
    )
}
