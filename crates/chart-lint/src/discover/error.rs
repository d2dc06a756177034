//! Why a question about charts cannot be answered.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a question about charts cannot be answered.
#[derive(Debug)]
pub enum DiscoverError {
    /// A path is not there.
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A path is there and cannot be looked at.
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Folders hold no chart.
    NoChart {
        /// The folders as given.
        paths: Vec<PathBuf>,
    },
    /// A path does not lie under the root, so it has no name relative to it.
    OutsideRoot {
        /// The path as given.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => f.write_str(&missing(path)),
            Self::Unreadable { path, error } => {
                write!(f, "{} cannot be read: {error}", shown(path))
            }
            Self::NoChart { paths } => f.write_str(&no_chart(paths)),
            Self::OutsideRoot { path, root } => write!(
                f,
                "{} lies outside of the root {}; give a --root that holds all paths, or none",
                shown(path),
                shown(root)
            ),
        }
    }
}

impl std::error::Error for DiscoverError {}

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
