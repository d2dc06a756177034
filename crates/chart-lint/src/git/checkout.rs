//! Lays files of a revision out in a temporary folder.

use super::tree::{Entry, Kind, relative};
use super::{GitError, Repository};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// A link's target is a path, and a longer one than this no system follows.
const LONGEST_TARGET: u64 = 4096;

/// A symbolic link of a tree, where it goes, and what it holds.
type Link<'e> = (&'e Entry, PathBuf, Vec<u8>);

/// Files of a revision in a temporary folder, which goes away with this.
#[derive(Debug)]
pub struct Checkout {
    folder: TempDir,
    /// What was asked for and is not there.
    pub left: Vec<Left>,
}

/// A file that was not laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its path from the top of the repository.
    pub path: String,
    /// Why.
    pub because: &'static str,
}

impl Checkout {
    /// The folder that stands for the repository's top folder.
    pub fn top(&self) -> &Path {
        self.folder.path()
    }
}

impl Repository {
    /// Lays out files of a tree, exactly as they are in it: no filter,
    /// attribute or line ending conversion is applied, so files of Git LFS are
    /// their pointers. Symbolic links are made last, and only where they stay
    /// inside.
    pub fn check_out<'e>(
        &self,
        entries: impl IntoIterator<Item = &'e Entry>,
    ) -> Result<Checkout, GitError> {
        let folder = TempDir::with_prefix("chart-images-")?;
        let mut checkout = Checkout { folder, left: Vec::new() };
        let mut files = Vec::new();
        for entry in entries {
            let path = relative(&entry.bytes);
            let because = match (entry.kind, path) {
                (Kind::Submodule, _) => "it is a submodule",
                (_, None) => "its name is not safe here",
                (_, Some(path)) => {
                    files.push((entry, path));
                    continue;
                }
            };
            checkout.left.push(Left { path: entry.path.clone(), because });
        }
        let links = self.write_files(&files, &mut checkout)?;
        for (entry, path, target) in links {
            if let Err(because) = link(checkout.top(), &path, &target) {
                checkout.left.push(Left { path: entry.path.clone(), because });
            }
        }
        Ok(checkout)
    }

    /// Writes all files and gives the links, whose folders are made already.
    fn write_files<'e>(
        &self,
        files: &[(&'e Entry, PathBuf)],
        checkout: &mut Checkout,
    ) -> Result<Vec<Link<'e>>, GitError> {
        let mut child = self
            .command(&["cat-file", "--batch", "--buffer"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::spawn)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("git gave no pipe").into());
        };
        let mut blobs = BufReader::new(stdout);
        let mut links = Vec::new();
        let result = std::thread::scope(|scope| {
            // Asking and reading go on at once, or both pipes fill and wait.
            scope.spawn(move || {
                // A failure shows as an answer that is missing.
                files.iter().try_for_each(|(entry, _)| writeln!(stdin, "{}", entry.id)).ok();
            });
            for (entry, path) in files {
                let size = header(&mut blobs)?;
                let mut blob = blobs.by_ref().take(size);
                let to = checkout.top().join(path);
                if let Some(parent) = to.parent() {
                    fs::create_dir_all(parent)?;
                }
                if entry.kind == Kind::Symlink {
                    let mut target = Vec::new();
                    blob.by_ref().take(LONGEST_TARGET).read_to_end(&mut target)?;
                    links.push((*entry, path.clone(), target));
                } else if !copy(&mut blob, &to)? {
                    let because = "another file of this name is there already";
                    checkout.left.push(Left { path: entry.path.clone(), because });
                }
                io::copy(&mut blob, &mut io::sink())?;
                io::copy(&mut blobs.by_ref().take(1), &mut io::sink())?;
            }
            Ok(links)
        });
        if result.is_err() {
            child.kill().ok();
        }
        child.wait()?;
        result
    }
}

/// Reads `ID blob SIZE`, and what a partial clone says instead.
fn header(blobs: &mut impl BufRead) -> Result<u64, GitError> {
    let mut line = String::new();
    blobs.take(1024).read_line(&mut line)?;
    let mut words = line.split_whitespace().skip(1);
    match (words.next(), words.next().and_then(|size| size.parse().ok())) {
        (Some("blob"), Some(size)) => Ok(size),
        _ => Err(GitError::MissingObjects),
    }
}

/// False when a file of that name is there, as on a system that takes `A` for `a`.
fn copy(blob: &mut impl Read, to: &Path) -> io::Result<bool> {
    match fs::File::create_new(to) {
        Ok(mut file) => io::copy(blob, &mut file).map(|_| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a link whose target stays below `top`. `..` may only lead it, where
/// what is climbed are folders made here; after a name, which may itself be a
/// link, it could climb anywhere.
fn link(top: &Path, path: &Path, target: &[u8]) -> Result<(), &'static str> {
    const OUTSIDE: &str = "it is a link that leads outside";
    let target = std::str::from_utf8(target).map_err(|_| OUTSIDE)?;
    let mut depth = path.components().count().saturating_sub(1);
    let mut named = false;
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir if !named && depth > 0 => depth -= 1,
            Component::Normal(_) => named = true,
            Component::CurDir => {}
            _ => return Err(OUTSIDE),
        }
    }
    make_link(target, &top.join(path)).map_err(|_| "the link could not be made")
}

#[cfg(unix)]
fn make_link(target: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// Git itself writes a file with the target there, unless it is told otherwise.
#[cfg(not(unix))]
fn make_link(target: &str, at: &Path) -> io::Result<()> {
    fs::File::create_new(at)?.write_all(target.as_bytes())
}

#[cfg(test)]
mod tests;
