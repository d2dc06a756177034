//! What a question is about: its root, its charts, its day.

use crate::args::Question;
use crate::error::Failure;
use crate::progress::Progress;
use crate::terminal::{harmless, say};
use chart_lint::check::{CheckRequest, Judged, PolicySource, Unwritten, check, check_again};
use chart_lint::date::Date;
use chart_lint::deployment::Deployment;
use chart_lint::discover::{Discovery, FoundChart, default_root, discover, real};
use chart_lint::git::Repository;
use chart_lint::model::Report;
use chart_lint::suppress::TrustedSuppressions;
use chart_lint::verified::{self, Verified};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A question, with everything in it found.
pub(crate) struct Case {
    /// The folder that paths are shown relative to; a real path.
    pub(crate) root: PathBuf,
    /// The real paths that were given.
    pub(crate) paths: Vec<PathBuf>,
    /// The repository that holds the root.
    pub(crate) repository: Option<Repository>,
    /// The charts.
    pub(crate) found: Discovery,
    /// The day on which exceptions are judged.
    pub(crate) today: Date,
}

/// What judges a case.
#[derive(Clone)]
pub(crate) struct Terms {
    /// Where policies come from.
    pub(crate) policies: PolicySource,
    /// The suppressions that count, when not all do.
    pub(crate) trusted: Option<TrustedSuppressions>,
    /// The trusted revision's folder for the root.
    pub(crate) trusted_root: Option<PathBuf>,
    /// Whether exceptions that permit nothing are findings.
    pub(crate) unused_exceptions: bool,
    /// Whether templates are evaluated.
    pub(crate) evaluate: bool,
    /// Whether a dependency that is not vendored makes the report incomplete.
    pub(crate) require_dependencies: bool,
    /// The deployment's values.
    pub(crate) deployment: Deployment,
    /// What a verification found.
    pub(crate) verified: Option<Arc<Verified>>,
    /// Whether ways are told.
    pub(crate) ways: bool,
    /// Whether the report has what the charts render.
    pub(crate) renderings: bool,
}

impl Case {
    /// Finds what a question asks about.
    pub(crate) fn open(question: &Question) -> Result<Self, Failure> {
        let current = real(Path::new("."))?;
        let root = question.root.as_deref().map(folder).transpose()?;
        let given = match &root {
            _ if !question.paths.is_empty() => question.paths.clone(),
            Some(root) if !current.starts_with(root) => vec![root.clone()],
            _ => vec![PathBuf::from(".")],
        };
        let root = match root {
            Some(root) => root,
            None => default_root(&given, &current)?,
        };
        let found = discover(&given, &root)?;
        for note in &found.notes {
            say(&format!("note: {}\n", harmless(note)));
        }
        let paths = given.iter().map(|path| real(path)).collect::<Result<_, _>>()?;
        let repository = Repository::holding(&root);
        Ok(Self { root, paths, repository, found, today: today(question.today)? })
    }

    /// The policies nearest to the charts, or the one of `--policy`.
    pub(crate) fn policies(&self, policy: Option<&Path>) -> Result<PolicySource, Failure> {
        match policy {
            Some(file) => Ok(PolicySource::File {
                read: readable(file, "the policy")?,
                display: self.display(file),
            }),
            None => {
                let top = self.repository.as_ref().map_or(self.root.as_path(), Repository::top);
                Ok(PolicySource::Nearest { root: self.root.clone(), top: top.to_owned() })
            }
        }
    }

    /// Judges the charts, with a progress line where someone waits.
    pub(crate) fn judge(&self, terms: &Terms) -> Report {
        judge(&self.root, &self.found, terms, self.today, &Arc::default())
    }

    /// What a verification of this root found, when there was one.
    pub(crate) fn verified(&self) -> Result<Option<Arc<Verified>>, Failure> {
        let file = self.root.join(verified::PATH);
        let found = verified::read(&file).map_err(|error| {
            Failure::new(format!("{} is wrong: {error}", verified::PATH))
                .help("restore it from Git, or delete it and verify again")
        })?;
        Ok(found.map(Arc::new))
    }

    /// A file's name relative to the root, else as it was given.
    pub(crate) fn display(&self, file: &Path) -> String {
        real(file)
            .ok()
            .and_then(|file| chart_lint::discover::display(&file, &self.root))
            .unwrap_or_else(|| file.to_string_lossy().into_owned())
    }
}

/// Judges the charts of a search, with some files as they are to be.
pub(crate) fn judge(
    root: &Path,
    found: &Discovery,
    terms: &Terms,
    today: Date,
    unwritten: &Arc<Unwritten>,
) -> Report {
    let progress = Progress::start();
    let progress = |done, total| progress.report(done, total);
    let request = request(root, found, terms, today, &progress);
    check(&CheckRequest { unwritten: Arc::clone(unwritten), ..request })
}

/// [`judge`] for another state of a tree, without judging the charts again that are the same
/// as when they were judged.
pub(crate) fn judge_again(
    root: &Path,
    found: &Discovery,
    terms: &Terms,
    today: Date,
    (judged, is_same): (&mut Judged, &dyn Fn(&FoundChart) -> bool),
    progress: &Progress,
) -> Report {
    let progress = |done, total| progress.report(done, total);
    check_again(&request(root, found, terms, today, &progress), judged, is_same)
}

fn request<'p>(
    root: &Path,
    found: &Discovery,
    terms: &Terms,
    today: Date,
    progress: chart_lint::check::Progress<'p>,
) -> CheckRequest<'p> {
    let mut request = CheckRequest::new(root.to_owned(), found.clone(), today);
    // What a deployment gives is asked about, wherever it stands.
    if let Some(only) = &mut request.only {
        terms.deployment.files.iter().for_each(|file| only.add_file(file.path.as_str()));
    }
    CheckRequest {
        policies: terms.policies.clone(),
        trusted_suppressions: terms.trusted.clone(),
        trusted_root: terms.trusted_root.clone(),
        unused_exceptions: terms.unused_exceptions,
        evaluate: terms.evaluate,
        require_dependencies: terms.require_dependencies,
        deployment: terms.deployment.clone(),
        verified: terms.verified.clone(),
        ways: terms.ways,
        renderings: terms.renderings,
        progress: Some(progress),
        ..request
    }
}

/// A file that was named and has to be there.
pub(crate) fn readable(file: &Path, what: &str) -> Result<PathBuf, Failure> {
    let path = real(file)?;
    if path.is_dir() {
        return Err(Failure::new(format!("{what} {} is a folder, not a file", file.display())));
    }
    Ok(path)
}

fn folder(root: &Path) -> Result<PathBuf, Failure> {
    let path = real(root)?;
    if path.is_dir() {
        return Ok(path);
    }
    Err(Failure::new(format!("the root {} is a file, not a folder", root.display())))
}

fn today(given: Option<Date>) -> Result<Date, Failure> {
    const VARIABLE: &str = "CHART_IMAGES_TODAY";
    match (given, std::env::var_os(VARIABLE)) {
        (Some(date), _) => Ok(date),
        (None, Some(text)) if !text.is_empty() => {
            let text = text.to_string_lossy();
            text.parse().map_err(|e| Failure::new(format!("{VARIABLE}: `{text}` is no date: {e}")))
        }
        _ => Ok(Date::today()),
    }
}
