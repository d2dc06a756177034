//! `--since REV` and `--policy-from REV`: another revision's word.

use crate::changed::Changed;
use crate::error::Failure;
use crate::judge::{Case, Terms, judge, judge_again};
use crate::layout::{lay_out, target, wanted};
use crate::progress::Progress;
use crate::terminal::{harmless, say};
use chart_lint::check::{Judged, PolicySource};
use chart_lint::discover::{DiscoverError, Discovery, FoundChart, discover_tracked, real};
use chart_lint::git::{Checkout, Entry, Repository};
use chart_lint::model::Report;
use chart_lint::rules;
use chart_lint::suppress::TrustedSuppressions;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A larger file is no text that someone wrote a suppression into.
const LARGEST_TEXT: u64 = 16 << 20;

/// More notes than this tell nobody more.
const MOST_NOTES: usize = 5;

/// What a revision holds of a case: its charts and its policies.
pub(crate) struct Revision {
    rev: String,
    checkout: Checkout,
    /// What is laid out.
    held: BTreeSet<Entry>,
    top: PathBuf,
    /// The case's root, from the top.
    below_top: PathBuf,
}

impl Revision {
    /// Lays out what the case asks about, as it is in the revision; `files`
    /// are wanted as well.
    pub(crate) fn open(case: &Case, rev: &str, files: &[&Path]) -> Result<Self, Failure> {
        let repository = repository(case, "--since and --policy-from need")?;
        let all = repository.entries(&repository.tree(rev)?)?;
        let (asked, files) = named(case, repository, files);
        let mut revision = Self::empty(case, repository)?;
        revision.turn(repository, rev, &all, wanted(&all, &asked, &files))?;
        let left = &revision.checkout.left;
        for left in left.iter().take(MOST_NOTES) {
            let note =
                format!("{} of revision `{rev}` is not compared: {}", left.path, left.because);
            say(&format!("note: {}\n", harmless(&note)));
        }
        if let Some(more) = left.len().checked_sub(MOST_NOTES).filter(|&more| more > 0) {
            say(&format!("note: and {more} more\n"));
        }
        Ok(revision)
    }

    /// No revision yet.
    pub(crate) fn empty(case: &Case, repository: &Repository) -> Result<Self, Failure> {
        let top = repository.top().to_owned();
        let below_top = case.root.strip_prefix(&top).unwrap_or(Path::new("")).to_owned();
        let checkout = Checkout::empty()?;
        Ok(Self { rev: String::new(), checkout, held: BTreeSet::new(), top, below_top })
    }

    /// Turns it into another revision, of whose entries some are wanted, and tells what
    /// differs from the one before: `None` when nothing does.
    pub(crate) fn turn<'e>(
        &mut self,
        repository: &Repository,
        rev: &str,
        all: &'e [Entry],
        wanted: BTreeSet<&'e Entry>,
    ) -> Result<Option<Changed>, Failure> {
        let held = lay_out(repository, &mut self.checkout, all, wanted)?;
        rev.clone_into(&mut self.rev);
        if held.iter().copied().eq(&self.held) {
            return Ok(None);
        }
        let before = std::mem::replace(&mut self.held, held.into_iter().cloned().collect());
        let top = self.checkout.top();
        Ok(Some(Changed::between(&before, &self.held, |link| target(top, link))))
    }

    /// The revision's report of the same question.
    pub(crate) fn report(&self, case: &Case, terms: &Terms) -> Result<Report, Failure> {
        let Some((root, found)) = self.found(case)? else { return Ok(Report::default()) };
        Ok(judge(&root, &found, terms, case.today, &Arc::default()))
    }

    /// The same, when the one before gave what was judged.
    pub(crate) fn report_again(
        &self,
        case: &Case,
        terms: &Terms,
        judged: &mut Judged,
        changed: &Changed,
        progress: &Progress,
    ) -> Result<Report, Failure> {
        let Some((root, found)) = self.found(case)? else {
            *judged = Judged::default();
            return Ok(Report::default());
        };
        let top = real(self.checkout.top())?;
        let is_same = |chart: &FoundChart| {
            below(&chart.dir, &top).is_some_and(|folder| !changed.is_in(&folder))
        };
        Ok(judge_again(&root, &found, terms, case.today, (judged, &is_same), progress))
    }

    /// The revision's root and charts; `None` when it has nothing of what is asked about.
    fn found(&self, case: &Case) -> Result<Option<(PathBuf, Discovery)>, Failure> {
        let paths: Vec<PathBuf> = case
            .paths
            .iter()
            .filter_map(|path| path.strip_prefix(&self.top).ok())
            .map(|path| self.checkout.top().join(path))
            .filter(|path| path.exists())
            .collect();
        let root = match real(&self.root()) {
            Ok(root) if !paths.is_empty() => root,
            // It had none of this, so all of it is new.
            _ => return Ok(None),
        };
        let found = match discover_tracked(&paths, &root) {
            Err(DiscoverError::NoChart { .. }) => Discovery::default(),
            found => found?,
        };
        Ok(Some((root, found)))
    }

    /// The revision's own policies: what judged it when it was made.
    pub(crate) fn policies(&self) -> PolicySource {
        PolicySource::Nearest { root: self.root(), top: self.checkout.top().to_owned() }
    }

    /// A named file as the revision has it: `None` when it has none. A file
    /// outside of the repository is nobody's to change in a pull request, so it
    /// is taken as it is.
    pub(crate) fn file(&self, file: &Path) -> Option<PathBuf> {
        let file = located(file);
        match below(&file, &self.top) {
            Some(path) => Some(self.checkout.top().join(path)).filter(|path| path.is_file()),
            None => Some(file),
        }
    }

    /// The inline suppressions that the revision has.
    pub(crate) fn suppressions(&self) -> TrustedSuppressions {
        let names = rules::ALL.map(|rule| rule.name);
        let mut trusted = TrustedSuppressions::default();
        let root = self.root();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(meta) = entry.metadata() else { continue };
                let path = entry.path();
                if meta.is_dir() {
                    folders.push(path);
                } else if meta.is_file() && meta.len() <= LARGEST_TEXT {
                    let Some(name) = chart_lint::discover::display(&path, &root) else {
                        continue;
                    };
                    if let Ok(text) = fs::read_to_string(&path) {
                        trusted.add_file(&name, &text, &names);
                    }
                }
            }
        }
        trusted
    }

    /// How many files of the revision could not be laid out.
    pub(crate) fn left(&self) -> usize {
        self.checkout.left.len()
    }

    /// The folder that stands for the case's root; it need not exist.
    pub(crate) fn root(&self) -> PathBuf {
        self.checkout.top().join(&self.below_top)
    }

    /// The revision as it was given.
    pub(crate) fn name(&self) -> &str {
        &self.rev
    }
}

/// The repository of a case that needs one.
pub(crate) fn repository<'c>(case: &'c Case, who_needs: &str) -> Result<&'c Repository, Failure> {
    case.repository.as_ref().ok_or_else(|| {
        let message =
            format!("{} is in no Git repository, so it has no revision", case.root.display());
        Failure::new(message).help(format!("{who_needs} a clone; a downloaded archive is none"))
    })
}

/// What a case asks about and the files that it names, relative to the repository's top.
pub(crate) fn named(
    case: &Case,
    repository: &Repository,
    files: &[&Path],
) -> (BTreeSet<String>, BTreeSet<String>) {
    let top = repository.top();
    let asked = case.paths.iter().filter_map(|path| below(path, top)).collect();
    (asked, files.iter().filter_map(|file| below(&located(file), top)).collect())
}

/// A real path relative to the top, with `/`, as Git writes it; the top is empty.
fn below(path: &Path, top: &Path) -> Option<String> {
    chart_lint::discover::display(path, top)
        .map(|path| if path == "." { String::new() } else { path })
}

/// Where a named file is or would be: a pull request may have deleted it.
fn located(file: &Path) -> PathBuf {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    // Its own name is kept: what a link points at is the present tree's word.
    match (real(parent.unwrap_or(Path::new("."))), file.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => std::path::absolute(file).unwrap_or_else(|_| file.to_owned()),
    }
}
