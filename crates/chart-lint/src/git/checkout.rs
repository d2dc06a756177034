//! Lays files of a revision out in a temporary folder, and those of another one in its place.

use super::tree::{Entry, Kind, relative};
use super::{GitError, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;

/// A link's target is a path, and a longer one than this no system follows.
const LONGEST_TARGET: u64 = 4096;

/// An entry and where it goes.
type Placed<'e> = (&'e Entry, PathBuf);

/// Files of a revision in a temporary folder, which goes away with this.
#[derive(Debug)]
pub struct Checkout {
    folder: TempDir,
    /// The files that lie there.
    files: BTreeSet<Entry>,
    /// The links that were asked for.
    links: BTreeMap<Entry, Link>,
    /// Whether a file found its name taken.
    collided: bool,
    /// What was asked for and is not there.
    pub left: Vec<Left>,
}

/// A symbolic link of a tree.
#[derive(Debug)]
struct Link {
    target: Vec<u8>,
    /// Whether it is there.
    made: bool,
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
    /// An empty folder.
    pub fn empty() -> Result<Self, GitError> {
        Ok(Self {
            folder: TempDir::with_prefix("chart-images-")?,
            files: BTreeSet::new(),
            links: BTreeMap::new(),
            collided: false,
            left: Vec::new(),
        })
    }

    /// The folder that stands for the repository's top folder.
    pub fn top(&self) -> &Path {
        self.folder.path()
    }

    fn leave(&mut self, entry: &Entry, because: &'static str) {
        self.left.push(Left { path: entry.path.clone(), because });
    }

    /// Removes all links, and the files that are not wanted.
    fn clear(&mut self, wanted: &[Placed<'_>]) -> io::Result<()> {
        let wanted: BTreeSet<&Entry> = wanted.iter().map(|(entry, _)| *entry).collect();
        let top = self.folder.path();
        for (entry, link) in &mut self.links {
            let Some(path) = relative(&entry.bytes) else { continue };
            if std::mem::take(&mut link.made) {
                fs::remove_file(top.join(&path))?;
            }
            prune(top, &path);
        }
        self.links.retain(|link, _| wanted.contains(link));
        // From here on no link leads a path of a file elsewhere.
        for path in self.files.iter().filter(|file| !wanted.contains(file)) {
            let Some(path) = relative(&path.bytes) else { continue };
            fs::remove_file(top.join(&path))?;
            prune(top, &path);
        }
        self.files.retain(|file| wanted.contains(file));
        Ok(())
    }

    /// Makes all links, after all of their folders: one that is made could else pass for
    /// a folder of the next one.
    fn link(&mut self, links: &[Placed<'_>]) -> io::Result<()> {
        for (_, path) in links {
            self.make_parent(path)?;
        }
        for (entry, path) in links {
            let Some(held) = self.links.get_mut(*entry) else { continue };
            match link(self.folder.path(), path, &held.target) {
                Ok(()) => held.made = true,
                Err(because) => self.leave(entry, because),
            }
        }
        Ok(())
    }

    /// Where a file goes, in a folder that is there.
    fn make_parent(&self, path: &Path) -> io::Result<PathBuf> {
        let to = self.top().join(path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(to)
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
        let mut checkout = Checkout::empty()?;
        self.turn(&mut checkout, entries)?;
        Ok(checkout)
    }

    /// Makes a checkout what [`Repository::check_out`] makes of these files, by removing and
    /// writing only what differs: a system takes longer to make files anew than they are judged.
    /// After an error it is good for nothing more.
    pub fn turn<'e>(
        &self,
        checkout: &mut Checkout,
        entries: impl IntoIterator<Item = &'e Entry>,
    ) -> Result<(), GitError> {
        let entries: Vec<&Entry> = entries.into_iter().collect();
        let was_empty = checkout.files.is_empty();
        self.fill(checkout, &entries)?;
        // Which of two files of one name is there depends on what was there before.
        if checkout.collided && !was_empty {
            *checkout = Checkout::empty()?;
            self.fill(checkout, &entries)?;
        }
        Ok(())
    }

    fn fill(&self, checkout: &mut Checkout, entries: &[&Entry]) -> Result<(), GitError> {
        checkout.left.clear();
        let mut wanted: Vec<Placed<'_>> = Vec::new();
        for &entry in entries {
            match (entry.kind, relative(&entry.bytes)) {
                (Kind::Submodule, _) => checkout.leave(entry, "it is a submodule"),
                (_, None) => checkout.leave(entry, "its name is not safe here"),
                (_, Some(path)) => wanted.push((entry, path)),
            }
        }
        checkout.clear(&wanted)?;
        let is_new = |(entry, _): &&Placed<'_>| {
            !checkout.files.contains(*entry) && !checkout.links.contains_key(*entry)
        };
        let new: Vec<Placed<'_>> = wanted.iter().filter(is_new).cloned().collect();
        if !new.is_empty() {
            self.fetch(&new, checkout)?;
        }
        wanted.retain(|(entry, _)| entry.kind == Kind::Symlink);
        Ok(checkout.link(&wanted)?)
    }

    /// Writes files, and reads what links hold.
    fn fetch(&self, new: &[Placed<'_>], checkout: &mut Checkout) -> Result<(), GitError> {
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
        let result = std::thread::scope(|scope| {
            // Asking and reading go on at once, or both pipes fill and wait.
            scope.spawn(move || {
                // A failure shows as an answer that is missing.
                new.iter().try_for_each(|(entry, _)| writeln!(stdin, "{}", entry.id)).ok();
            });
            for &(entry, ref path) in new {
                let size = header(&mut blobs)?;
                let mut blob = blobs.by_ref().take(size);
                if entry.kind == Kind::Symlink {
                    let mut target = Vec::new();
                    blob.by_ref().take(LONGEST_TARGET).read_to_end(&mut target)?;
                    checkout.links.insert(entry.clone(), Link { target, made: false });
                } else if copy(&mut blob, &checkout.make_parent(path)?)? {
                    checkout.files.insert(entry.clone());
                } else {
                    checkout.collided = true;
                    checkout.leave(entry, "another file of this name is there already");
                }
                io::copy(&mut blob, &mut io::sink())?;
                io::copy(&mut blobs.by_ref().take(1), &mut io::sink())?;
            }
            Ok(())
        });
        if result.is_err() {
            child.kill().ok();
        }
        child.wait()?;
        result
    }
}

/// Removes the folders above a path that hold nothing: Git has none.
fn prune(top: &Path, path: &Path) {
    let above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    above.map_while(|above| fs::remove_dir(top.join(above)).ok()).count();
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
