//! The members of a packaged chart, without unpacking it to disk.
//!
//! What is bounded is what is really decompressed: a size that a header states
//! can only refuse a member, never reserve memory. The rules for names are
//! Helm's: the first part is dropped, the rest must stay inside.

use super::budget::Budget;
use super::classify::{classify, in_own_chart};
use super::listing::{Content, Found, Listing};
use super::problem::{Problem, ProblemKind};
use super::read;
use flate2::read::MultiGzDecoder;
use std::collections::HashMap;
use std::io::{self, Read};
use tar::{Archive, Entry, EntryType};

const REPACK: &str = "Package the chart again with `helm package`.";

/// The members that are wanted in memory, and the names of the others.
/// `display` is the archive's path as shown to people.
pub(super) fn members(packed: impl Read, display: &str, budget: &Budget<'_>) -> Listing {
    let mut listing = Listing::default();
    if let Err(problem) = read_members(packed, display, budget, &mut listing) {
        listing.problems.push(problem);
    }
    keep_last(&mut listing.found);
    listing
}

fn read_members(
    packed: impl Read,
    display: &str,
    budget: &Budget<'_>,
    listing: &mut Listing,
) -> Result<(), Problem> {
    let unreadable = |error: io::Error| {
        if budget.bytes() == 0 {
            return budget.too_large(display);
        }
        let message = format!("the archive cannot be read on: {error}");
        Problem::new(ProblemKind::Archive, display, message, REPACK)
    };
    let unpacked = Metered { inner: MultiGzDecoder::new(packed), budget };
    let mut archive = Archive::new(unpacked);
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        if !budget.entry() {
            return Err(budget.too_many(display));
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if entry.header().entry_type() == EntryType::Directory
            || entry.header().entry_type() == EntryType::XGlobalHeader
            || name.ends_with('/')
        {
            continue;
        }
        let found = match inside(&name) {
            Ok((path, shown)) => {
                let display = format!("{display}!{shown}");
                let content = content(&mut entry, &path, &display, budget).map_err(unreadable)?;
                Found { path, display, link: None, content }
            }
            Err(message) => {
                let display = format!("{display}!{name}");
                let problem = Problem::new(ProblemKind::Member, &display, message, REPACK);
                Found { path: name, display, link: None, content: Content::Failed(problem) }
            }
        };
        listing.found.push(found);
        // Nothing after a member that large could be reached: to pass over it
        // is to decompress it.
        if entry.size() > budget.limits.file_bytes.max(budget.bytes()) || budget.bytes() == 0 {
            return Err(budget.too_large(display));
        }
    }
    Ok(())
}

fn content<R: Read>(
    entry: &mut Entry<'_, R>,
    path: &str,
    display: &str,
    budget: &Budget<'_>,
) -> io::Result<Content> {
    let own = in_own_chart(path);
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous => {}
        EntryType::Symlink | EntryType::Link => {
            return Ok(Content::Skipped("a link in an archive: an empty file to Helm".into()));
        }
        EntryType::GNUSparse => {
            let problem = Problem::new(
                ProblemKind::Member,
                display,
                "a sparse file in an archive is not read",
                REPACK,
            );
            return Ok(Content::Failed(problem));
        }
        _ => return Ok(Content::Skipped("no file: a device or pipe in an archive".into())),
    }
    let vendored = own.starts_with("charts/") && own.ends_with(".tgz");
    if classify(own).skipped().is_some() && !vendored {
        return Ok(Content::Unwanted);
    }
    if entry.size() > budget.limits.file_bytes {
        return Ok(Content::Failed(budget.too_large(display)));
    }
    Ok(match read::bounded(entry, budget.limits.file_bytes)? {
        Some(bytes) => Content::Bytes(bytes),
        None => Content::Failed(budget.too_large(display)),
    })
}

/// The path of a member inside its chart, and the whole of it to show.
///
/// As Helm: `\` separates when the name has one, the first part goes, `.` and
/// `..` are resolved, and what then leads out is refused.
fn inside(name: &str) -> Result<(String, String), &'static str> {
    let separator = if name.contains('\\') { '\\' } else { '/' };
    let (first, rest) = name.split_once(separator).unwrap_or((name, ""));
    let rest = rest.replace(separator, "/");
    if rest.starts_with('/') {
        return Err("the member's name is absolute; Helm refuses the archive");
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => {
                return Err("the member's name leads out of the chart; Helm refuses the archive");
            }
            ".." => {}
            part => parts.push(part),
        }
    }
    match parts.first() {
        None => {
            return Err("the member is not inside the chart's folder; Helm refuses the archive");
        }
        Some(part) if part.starts_with("..") => {
            return Err("the member's name begins with `..`; Helm refuses the archive");
        }
        Some(part) if is_drive(part) && parts.len() > 1 => {
            return Err("the member's name begins with a drive; Helm refuses the archive");
        }
        Some(_) => {}
    }
    let path = parts.join("/");
    let shown = match first {
        "" | "." | ".." => path.clone(),
        first => format!("{first}/{path}"),
    };
    Ok((path, shown))
}

/// `c:`, with which Windows would leave the folder.
fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// Of members with one name the last counts, as for Helm.
fn keep_last(found: &mut [Found]) {
    let mut last: HashMap<String, usize> = HashMap::new();
    let mut earlier = Vec::new();
    for (index, file) in found.iter().enumerate() {
        if matches!(file.content, Content::Failed(_)) {
            continue;
        }
        earlier.extend(last.insert(file.path.clone(), index));
    }
    for index in earlier {
        if let Some(file) = found.get_mut(index) {
            file.content =
                Content::Skipped("a later member of the archive has the same name".into());
        }
    }
}

/// Counts what comes out of the decompressor against the chart's budget.
struct Metered<'a, R> {
    inner: R,
    budget: &'a Budget<'a>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.budget.bytes()).unwrap_or(usize::MAX);
        if left == 0 && !buffer.is_empty() {
            return Err(io::Error::other("the chart's limit is reached"));
        }
        let most = buffer.len().min(left);
        let read = self.inner.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.budget.spend(read as u64);
        Ok(read)
    }
}
