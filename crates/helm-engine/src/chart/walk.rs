//! The files of a chart's folder, without reading any but `.helmignore`.

use super::budget::Budget;
use super::classify::{FileKind, classify};
use super::helmignore::{IgnoreRules, Reason};
use super::listing::{Content, Found, Listing};
use super::problem::{Problem, ProblemKind};
use super::read;
use super::symlink::{Links, broken};
use super::unwritten::Unwritten;
use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// Lists a chart's folder, in the order of names.
pub(super) fn walk(folder: &Path, display: &str, budget: &Budget<'_>) -> Listing {
    let root = budget.limits.root.as_deref().unwrap_or(folder);
    let mut walk = Walk {
        display,
        budget,
        rules: IgnoreRules::default(),
        vouching: budget.limits.trusted_chart.as_deref().map(|folder| vouching(folder, budget)),
        links: Links::new(root),
        listing: Listing::default(),
        exhausted: false,
    };
    match entries(folder, &budget.limits.unwritten) {
        Ok(entries) => {
            walk.read_rules(folder, &entries);
            walk.entries(folder, "", entries, 0);
        }
        Err(error) => {
            walk.listing.problems.push(Problem::io(display, "list the chart's folder", &error));
        }
    }
    walk.listing
}

/// A path of people's below another, of which `.` is the root itself.
pub(super) fn join(display: &str, path: &str) -> String {
    match (display, path) {
        (_, "") => display.to_owned(),
        ("" | ".", _) => path.to_owned(),
        _ => format!("{display}/{path}"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, a socket, a device.
    Irregular,
}

impl From<FileType> for Kind {
    fn from(kind: FileType) -> Self {
        match kind {
            kind if kind.is_symlink() => Self::Link,
            kind if kind.is_dir() => Self::Folder,
            kind if kind.is_file() => Self::File,
            _ => Self::Irregular,
        }
    }
}

type Entry = (OsString, Kind);

/// What is in a folder, with the files that are to be there.
fn entries(folder: &Path, unwritten: &Unwritten) -> io::Result<Vec<Entry>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        all.push((entry.file_name(), Kind::from(entry.file_type()?)));
    }
    for name in unwritten.names(folder) {
        if all.iter().all(|(own, _)| *own != name) {
            all.push((name, Kind::File));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// The rules of the chart in a trusted revision. Where it has none that can be
/// read, only those count that Helm has by itself.
fn vouching(folder: &Path, budget: &Budget<'_>) -> IgnoreRules {
    let path = folder.join(".helmignore");
    let text =
        read::file(&path, ".helmignore", budget).and_then(|bytes| read::text(bytes, ".helmignore"));
    text.map(|text| IgnoreRules::parse(&text).0).unwrap_or_default()
}

struct Walk<'a> {
    display: &'a str,
    budget: &'a Budget<'a>,
    rules: IgnoreRules,
    /// The rules of a trusted revision: without their word too nothing is left out.
    vouching: Option<IgnoreRules>,
    links: Links,
    listing: Listing,
    /// Set when the budget's entries have run out, so that it is said once.
    exhausted: bool,
}

impl Walk<'_> {
    /// Reads `.helmignore`. Only the outermost chart's counts, for its subcharts too.
    fn read_rules(&mut self, folder: &Path, entries: &[Entry]) {
        let name = ".helmignore";
        let Some((_, kind)) = entries.iter().find(|(own, _)| own == name) else { return };
        let display = join(self.display, name);
        let mut path = folder.join(name);
        if *kind == Kind::Link {
            match self.links.follow(&path, &display) {
                Ok(target) => path = target.path,
                // The walk meets the link again and reports it.
                Err(_) => return,
            }
        }
        if !fs::metadata(&path).is_ok_and(|meta| meta.is_file()) {
            return;
        }
        let text =
            read::file(&path, &display, self.budget).and_then(|bytes| read::text(bytes, &display));
        match text {
            Ok(text) => {
                let (rules, errors) = IgnoreRules::parse(&text);
                self.rules = rules;
                let problems = errors.into_iter().map(|error| {
                    let help = "Correct the line; the others were heeded.";
                    Problem::new(ProblemKind::Ignore, &display, error.message, help)
                        .at(error.offset, text.get(..error.offset).unwrap_or_default())
                });
                self.listing.problems.extend(problems);
            }
            Err(problem) => self.listing.problems.push(problem),
        }
    }

    fn folder(&mut self, folder: &Path, path: &str, depth: usize) {
        if depth > self.budget.limits.folder_depth {
            let message = format!("folders more than {} deep are not read", depth - 1);
            let help = "Flatten the folders, or leave this one out with .helmignore.";
            self.failed(path, |display| Problem::new(ProblemKind::TooMany, display, message, help));
            return;
        }
        match entries(folder, &self.budget.limits.unwritten) {
            Ok(entries) if is_other_chart(path, &entries) => {
                let reason = format!("belongs to the chart {}", join(self.display, path));
                self.push(path, Content::Folder(reason.into()));
            }
            Ok(entries) => self.entries(folder, path, entries, depth),
            Err(error) => {
                self.failed(path, |display| Problem::io(display, "list the folder", &error));
            }
        }
    }

    fn entries(&mut self, folder: &Path, above: &str, entries: Vec<Entry>, depth: usize) {
        for (name, kind) in entries {
            if self.exhausted {
                return;
            }
            if !self.budget.entry() {
                self.exhausted = true;
                self.listing.problems.push(self.budget.too_many(self.display));
                return;
            }
            let path = match above {
                "" => name.to_string_lossy().into_owned(),
                _ => format!("{above}/{}", name.to_string_lossy()),
            };
            self.entry(folder.join(name), &path, kind, depth);
        }
    }

    fn entry(&mut self, real: PathBuf, path: &str, kind: Kind, depth: usize) {
        let is_folder = kind == Kind::Folder;
        if kind == Kind::Link {
            return self.symlink(&real, path, depth);
        }
        if let Some(reason) = self.ignored(path, is_folder) {
            if kind == Kind::File && is_test_values(path) {
                return self.push(path, Content::Aside(real));
            }
            self.push(path, reason);
            if is_folder && path == TESTED {
                self.test_values(&real);
            }
            return;
        }
        match kind {
            Kind::Folder => self.folder(&real, path, depth + 1),
            Kind::File => self.file(path, real, false),
            _ => self.irregular(path),
        }
    }

    /// The values under a `ci/` that is left out as a whole.
    fn test_values(&mut self, folder: &Path) {
        for (name, kind) in entries(folder, &self.budget.limits.unwritten).unwrap_or_default() {
            let path = format!("{TESTED}/{}", name.to_string_lossy());
            if kind == Kind::File && is_test_values(&path) && self.budget.entry() {
                self.push(&path, Content::Aside(folder.join(name)));
            }
        }
    }

    fn symlink(&mut self, real: &Path, path: &str, depth: usize) {
        let meta = fs::metadata(real);
        let is_folder = meta.as_ref().is_ok_and(|meta| meta.is_dir());
        if let Some(reason) = self.ignored(path, is_folder) {
            return self.push(path, reason);
        }
        let display = join(self.display, path);
        let followed = meta
            .map_err(|error| broken(real, &display, &error))
            .and_then(|meta| Ok((meta, self.links.follow(real, &display)?)));
        match followed {
            Err(problem) => self.push(path, Content::Failed(problem)),
            Ok((meta, target)) if meta.is_dir() => match self.links.enter(&target, &display) {
                Ok(()) => {
                    self.folder(&target.path, path, depth + 1);
                    self.links.leave();
                }
                Err(problem) => self.push(path, Content::Failed(problem)),
            },
            Ok((meta, target)) if meta.is_file() => self.file(path, target.path, true),
            Ok(_) => self.irregular(path),
        }
    }

    fn ignored(&self, path: &str, is_folder: bool) -> Option<Content> {
        if self.vouching.as_ref().is_some_and(|rules| !rules.ignores(path, is_folder)) {
            return None;
        }
        let reason: Cow<'static, str> = match self.rules.reason(path, is_folder)? {
            Reason::Line(line) => format!("left out by .helmignore, line {line}").into(),
            Reason::Default => "Helm leaves out templates/.*".into(),
        };
        Some(if is_folder { Content::Folder(reason) } else { Content::Skipped(reason) })
    }

    fn irregular(&mut self, path: &str) {
        self.failed(path, |display| {
            Problem::new(
                ProblemKind::Irregular,
                display,
                "a pipe, socket or device, not a file",
                "Remove it, or name it in .helmignore: Helm does not load the chart either.",
            )
        });
    }

    fn failed(&mut self, path: &str, problem: impl FnOnce(String) -> Problem) {
        let problem = problem(join(self.display, path));
        self.push(path, Content::Failed(problem));
    }

    fn file(&mut self, path: &str, real: PathBuf, through_link: bool) {
        let link = self.links.real(&real, through_link);
        let display = join(self.display, path);
        let content = Content::Disk(real);
        self.listing.found.push(Found { path: path.to_owned(), display, link, content });
    }

    fn push(&mut self, path: &str, content: Content) {
        let display = join(self.display, path);
        self.listing.found.push(Found { path: path.to_owned(), display, link: None, content });
    }
}

/// The folder with the values that a chart is tested with.
const TESTED: &str = "ci";

fn is_test_values(path: &str) -> bool {
    path.starts_with("ci/") && classify(path) == FileKind::ExtraValues
}

/// Whether a folder inside a chart is a chart that it does not depend on, such
/// as `examples/foo`: discovery finds that one by itself. Under `templates/`
/// and `crds/` a `Chart.yaml` is a file like any other.
fn is_other_chart(path: &str, entries: &[Entry]) -> bool {
    let own = super::classify::in_own_chart(path);
    let vendored = own.strip_prefix("charts/").is_some_and(|name| !name.contains('/'));
    let first = own.split('/').next().unwrap_or(own);
    !vendored
        && !matches!(first, "templates" | "crds")
        && entries.iter().any(|(name, kind)| name == "Chart.yaml" && *kind != Kind::Folder)
}
