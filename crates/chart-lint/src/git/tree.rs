//! The files of a revision, as `git ls-tree -r -z` lists them.

use std::path::{Path, PathBuf};

/// The tree of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    pub(super) id: String,
}

impl Tree {
    /// Its object id in hex digits.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// One file of a tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its path from the top of the repository, with `/`; bytes that are no
    /// UTF-8 are shown as `�`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The path as Git has it.
    pub(super) bytes: Vec<u8>,
    /// The id of its blob.
    pub(super) id: String,
}

/// What a tree holds at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link.
    Symlink,
    /// A commit of another repository, whose files are not here.
    Submodule,
}

/// Reads `MODE TYPE ID\tPATH\0` over and over; what has another form is let go.
pub(super) fn parse(listing: &[u8]) -> Vec<Entry> {
    listing.split(|&byte| byte == 0).filter_map(entry).collect()
}

fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let head = std::str::from_utf8(&line[..tab]).ok()?;
    let bytes = line[tab + 1..].to_vec();
    let mut words = head.split(' ');
    let kind = match (words.next()?, words.next()?) {
        ("120000", "blob") => Kind::Symlink,
        (_, "blob") => Kind::File,
        (_, "commit") => Kind::Submodule,
        _ => return None,
    };
    let id = words.next()?.to_owned();
    Some(Entry { path: String::from_utf8_lossy(&bytes).into_owned(), kind, bytes, id })
}

/// A path of Git's as one of this system, if it leads nowhere but down:
/// a tree can be made by hand and hold `..` or `.git/config`.
pub(super) fn relative(bytes: &[u8]) -> Option<PathBuf> {
    let harmless =
        |part: &[u8]| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git");
    if !bytes.split(|&byte| byte == b'/').all(harmless) {
        return None;
    }
    native(bytes)
}

#[cfg(unix)]
fn native(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned())
}

#[cfg(not(unix))]
fn native(bytes: &[u8]) -> Option<PathBuf> {
    // There `\` parts names too and `:` opens drives and streams.
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains(['\\', ':'])).then(|| Path::new(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_listing() {
        let listing = b"100644 blob aa\tcharts/a b/Chart.yaml\x00120000 blob bb\tl\x00\
                        160000 commit cc\tsub\0garbage\0";
        let entries = parse(listing);
        let shown: Vec<_> = entries.iter().map(|e| (e.path.as_str(), e.kind)).collect();
        let wanted =
            [("charts/a b/Chart.yaml", Kind::File), ("l", Kind::Symlink), ("sub", Kind::Submodule)];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn paths_lead_nowhere_but_down() {
        for bad in ["", "..", "a/../b", "/etc/passwd", "a//b", ".git/config", "a/.GIT/x", "./a"] {
            assert_eq!(relative(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(relative(b"a/..b/c"), Some(PathBuf::from("a/..b/c")));
    }
}
