//! Real paths, and how they are shown.

use super::belongs::chart_of;
use super::error::DiscoverError;
use crate::git::Repository;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The absolute path of a file or folder without links, except that a file
/// which is a link itself keeps its name, as it is found under that name.
pub fn real(path: &Path) -> Result<PathBuf, DiscoverError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            DiscoverError::Missing { path: path.to_owned() }
        }
        _ => DiscoverError::Unreadable { path: path.to_owned(), error },
    };
    let meta = path.symlink_metadata().map_err(failed)?;
    let real = |path: &Path| path.canonicalize().map(plain).map_err(failed);
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if meta.is_symlink() && !path.is_dir() => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            // A dangling link is a file of its chart; that it cannot be read
            // is told there.
            Ok(real(parent)?.join(name))
        }
        _ => real(path),
    }
}

/// Windows gives real paths as `\\?\C:\…`, which other programs, Git among
/// them, do not take.
fn plain(path: PathBuf) -> PathBuf {
    let text = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    match text {
        Some(text) if text.as_bytes().get(1) == Some(&b':') && text.len() < 250 => text.into(),
        _ => path,
    }
}

/// A path relative to the root with `/`, or `.`; `None` when it lies outside.
pub fn display(path: &Path, root: &Path) -> Option<String> {
    let parts: Vec<_> = path
        .strip_prefix(root)
        .ok()?
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    Some(if parts.is_empty() { ".".into() } else { parts.join("/") })
}

/// The root when none is given: the top of the Git repository that holds all
/// the paths, else the current folder, else the folder that holds the paths
/// and their charts. `current` is a [`real`] path.
pub fn default_root(paths: &[PathBuf], current: &Path) -> Result<PathBuf, DiscoverError> {
    let paths = paths.iter().map(|path| real(path)).collect::<Result<Vec<_>, _>>()?;
    let top = paths.first().and_then(|path| Repository::holding(path));
    if let Some(top) = top.filter(|top| paths.iter().all(|path| path.starts_with(top.top()))) {
        return Ok(top.top().to_owned());
    }
    let upmost = Path::new(Component::RootDir.as_os_str());
    let mut root = current.to_owned();
    for path in paths {
        let end = path.ancestors().last().unwrap_or(upmost);
        let folder = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(end) };
        let needed = chart_of(&path, end).unwrap_or_else(|| folder.to_owned());
        while !needed.starts_with(&root) {
            if !root.pop() {
                return Ok(end.to_owned());
            }
        }
    }
    Ok(root)
}
