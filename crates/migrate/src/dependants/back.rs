//! Charts that depend on those that a rollback gives a new version.
//!
//! They follow as they do in a migration. Nobody judged them, so they are held against
//! themselves: with another version of what they depend on, they have to render what they
//! rendered.

mod left;

use super::asked::{Follows, follows};
use super::{FILES, Versions};
use crate::edit;
use crate::lock;
use crate::migration::{ChartChange, FileChange, file_of};
use crate::rollback::RestoredFile;
use crate::rollback::texts::Texts;
use crate::suites;
use crate::version;
use chart_lint::discover::{CHART_FILE, FoundChart, discover};
use helm_engine::chart::{Limits, Unwritten, load};
use helm_engine::evaluate::with_stack;
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A chart that follows.
#[derive(Debug)]
pub(crate) struct Follower {
    pub(crate) chart: String,
    /// Its own version before and after.
    pub(crate) version: (String, String),
    /// Its files, in the order in which they are to be written: interrupted before the last
    /// one, the others are found to be done.
    pub(crate) files: Vec<RestoredFile>,
}

/// What follows.
#[derive(Debug, Default)]
pub(crate) struct Back {
    pub(crate) followers: Vec<Follower>,
    /// The versions before and after of all charts that have new ones then.
    pub(crate) versions: Versions,
    /// What is left to do by hand.
    pub(crate) notes: Vec<String>,
}

/// Lets the charts of a repository follow those that were raised. `texts` are the files as they
/// are when these were taken back, and `begun` the versions of a rollback that was interrupted.
pub(crate) fn follow(root: &Path, texts: &Texts<'_>, begun: &Versions, raised: &Versions) -> Back {
    let mut back = Back { versions: raised.clone(), ..Back::default() };
    let Ok(real) = root.canonicalize() else { return back };
    if raised.is_empty() {
        return back;
    }
    let found = match discover(std::slice::from_ref(&real), &real) {
        Ok(found) => found,
        Err(error) => {
            back.notes
                .push(format!("what depends on the new versions was not looked for: {error}"));
            return back;
        }
    };
    let charts = super::dependants(&real, &found.charts);
    let repository = Repository { root: &real, charts: &charts, texts, begun, raised };
    // Those that cannot follow.
    let mut stay: BTreeSet<&str> = BTreeSet::new();
    loop {
        let (followers, versions) = repository.followers(&stay);
        let fail: Vec<&str> = followers
            .iter()
            .filter(|follower| !repository.is_proved(follower))
            .map(|follower| &*follower.chart.display)
            .collect();
        if fail.is_empty() {
            back.notes = repository.left(&versions, &stay);
            for mut follower in followers {
                if !raised.contains_key(&follower.chart.display) {
                    back.notes.extend(repository.add_suites(&found.charts, &mut follower));
                }
                back.followers.push(follower.written());
            }
            back.versions = versions;
            return back;
        }
        stay.extend(fail);
    }
}

/// The charts of a repository, as they are when others were taken back.
struct Repository<'r> {
    root: &'r Path,
    /// Those that depend on something.
    charts: &'r [FoundChart],
    texts: &'r Texts<'r>,
    begun: &'r Versions,
    raised: &'r Versions,
}

/// A chart that may follow.
struct Candidate<'r> {
    chart: &'r FoundChart,
    version: (String, String),
    /// Texts now and then.
    files: BTreeMap<String, (String, String)>,
}

impl<'r> Repository<'r> {
    /// The charts that depend on raised ones, or on others that follow, but for some that stay.
    fn followers(&self, stay: &BTreeSet<&str>) -> (Vec<Candidate<'r>>, Versions) {
        let mut versions = self.raised.clone();
        loop {
            let known = versions.len();
            let mut followers = Vec::new();
            for chart in self.charts.iter().filter(|chart| !stay.contains(&*chart.display)) {
                let Some(follower) = self.follower(chart, &versions) else { continue };
                versions.entry(chart.display.clone()).or_insert(follower.version.clone());
                followers.push(follower);
            }
            if versions.len() == known {
                return (followers, versions);
            }
        }
    }

    fn follower(&self, chart: &'r FoundChart, versions: &Versions) -> Option<Candidate<'r>> {
        let folder = &chart.display;
        let mut files = BTreeMap::new();
        // Interrupted before its version, it may have nothing else left.
        let is_begun = self.begun.contains_key(folder) && !self.raised.contains_key(folder);
        let mut depends = false;
        for (file, lock) in FILES {
            let (path, path_of_lock) = (file_of(folder, file), file_of(folder, lock));
            let Some(text) = self.texts.existing(&path) else { continue };
            let Follows { versions: exact, raised, .. } = follows(&text, folder, versions);
            depends |= !raised.is_empty();
            if let Some(locked) = self.texts.existing(&path_of_lock).filter(|_| !raised.is_empty())
                && let Some(edits) = lock::edits(&text, &exact, &raised, &locked)
                && let Some(after) = edit::apply(&locked, &edits)
            {
                files.insert(path_of_lock, (locked, after));
            }
            if let Some(after) = edit::apply(&text, &exact).filter(|after| *after != text) {
                files.insert(path, (text, after));
            }
        }
        if files.is_empty() && !(is_begun && depends) {
            return None;
        }
        let chart_yaml = file_of(folder, CHART_FILE);
        if let Some(version) = self.raised.get(folder) {
            return Some(Candidate { chart, version: version.clone(), files });
        }
        let text = self.texts.existing(&chart_yaml)?;
        let version = version::again(&text, self.begun.get(folder))?;
        for path in [chart_yaml, file_of(folder, "README.md")] {
            let Some(now) = self.texts.existing(&path) else { continue };
            let is_made = path.ends_with(CHART_FILE)
                || now.contains("helm-docs")
                || self.root.join(file_of(folder, "README.md.gotmpl")).exists();
            let then = files.get(&path).map_or(&now, |(_, then)| then);
            let then = version::raise(&path, then, &version, (None, &[]));
            if is_made && then != now {
                files.insert(path, (now, then));
            }
        }
        Some(Candidate { chart, version, files })
    }

    /// True of one that renders what it rendered.
    fn is_proved(&self, candidate: &Candidate<'_>) -> bool {
        let before = self.texts.unwritten(self.root);
        let mut after = self.texts.clone();
        for (path, (_, then)) in &candidate.files {
            after.set(path, Some(then.clone()));
        }
        let render = |unwritten| rendered(self.root, candidate.chart, unwritten);
        render(before) == render(after.unwritten(self.root))
    }

    /// Lets the suites follow that name the version of a chart; gives what is left to do.
    fn add_suites(&self, all: &[FoundChart], candidate: &mut Candidate<'_>) -> Vec<String> {
        let Candidate { chart, version, files } = &candidate;
        let change = change(&chart.display, version, files);
        let followed = match suites::of_chart((self.root, all), &change) {
            Ok(followed) => followed,
            Err(error) => return vec![format!("the suites of {} stay: {error}", chart.display)],
        };
        let mut notes = followed.notes_of(&chart.display);
        let before = candidate.files.clone();
        let of_suites = followed.files.into_iter();
        candidate.files.extend(
            of_suites.map(|file| (file.path, (file.before.unwrap_or_default(), file.after))),
        );
        // A template can bring any file of the chart.
        if candidate.files != before && !self.is_proved(candidate) {
            candidate.files = before;
            notes.push(format!(
                "the suites of {} name the version that was, and stay, since a template brings them",
                candidate.chart.display
            ));
        }
        notes
    }
}

impl Candidate<'_> {
    /// As it is to be written: what names its dependencies last, and its version at the very end.
    fn written(self) -> Follower {
        let Self { chart, version, files } = self;
        let chart = chart.display.clone();
        let (mut first, mut last): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
        for (path, (now, then)) in files {
            let is_last = FILES.iter().any(|(file, _)| path == file_of(&chart, file));
            let file = RestoredFile { path, now, then: Some(then) };
            if is_last { last.push(file) } else { first.push(file) }
        }
        // By their paths Chart.yaml is the first of them.
        first.extend(last.into_iter().rev());
        Follower { chart, version, files: first }
    }
}

fn change(
    chart: &str,
    version: &(String, String),
    files: &BTreeMap<String, (String, String)>,
) -> ChartChange {
    let file = |(path, (now, then)): (&String, &(String, String))| FileChange {
        path: path.clone(),
        before: Some(now.clone()),
        after: then.clone(),
        edits: Vec::new(),
    };
    ChartChange {
        chart: chart.to_owned(),
        version: Some(version.clone()),
        moved: BTreeMap::new(),
        overridden: BTreeSet::new(),
        files: files.iter().map(file).collect(),
    }
}

/// What a chart renders at a version that is always the same, and its errors.
fn rendered(root: &Path, chart: &FoundChart, unwritten: Unwritten) -> Vec<(String, String)> {
    let mut sources = SourceMap::new();
    let (root, unwritten) = (Some(root.to_owned()), Arc::new(unwritten));
    let limits = Limits { root, unwritten, ..Limits::default() };
    let chart = load(&chart.dir, &chart.display, &limits, &mut sources);
    with_stack(|| {
        let options = Options { version: Some("0.0.0".to_owned()), ..Options::default() };
        let rendered = render(&sources, &chart, &options);
        let errors = rendered.errors.iter().map(|error| (String::new(), error.to_string()));
        let manifests = rendered.manifests.into_iter().map(|manifest| {
            let text = match &manifest.result {
                Ok(text) => text.as_str().into_owned(),
                Err(error) => error.to_string(),
            };
            (manifest.path, text)
        });
        errors.chain(manifests).collect()
    })
}
