//! From images to changed charts: propose, prove, and only then write.

use crate::edit::{self, Edit};
use crate::propose::{self, Refusal};
use crate::trial;
use crate::version;
use chart_lint::discover::{CHART_FILE, FoundChart};
use chart_lint::model::{Image, Report, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// What a migration is about.
pub struct Request<'a> {
    /// The folder that the report's paths are relative to.
    pub root: &'a Path,
    /// The charts that were judged.
    pub charts: &'a [FoundChart],
    /// What the charts use now.
    pub report: &'a Report,
    /// Whether an image that the policy disallows is to move.
    pub is_chosen: &'a dyn Fn(&Image) -> bool,
    /// Judges charts that lie below another root as those of the report were judged.
    pub judge: &'a dyn Fn(&Path, Vec<FoundChart>) -> Report,
}

/// A migration that is proved and not yet written.
#[derive(Debug, Default)]
pub struct Migration {
    /// The charts to change, by path.
    pub charts: Vec<ChartChange>,
    /// Chosen images that stay as they are.
    pub refused: Vec<Refused>,
}

/// A chart and how it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartChange {
    /// Its folder relative to the root.
    pub chart: String,
    /// Its version before and after; `None` when it has none that could be raised.
    pub version: Option<(String, String)>,
    /// Its images before and after, by their index in the report.
    pub moved: BTreeMap<usize, (String, String)>,
    /// Its files.
    pub files: Vec<FileChange>,
}

/// A file and how it changes. Both texts have the same number of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Its text now.
    pub before: String,
    /// Its text then.
    pub after: String,
}

/// An image that stays, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The image.
    pub reference: String,
    /// Where it is declared: `path:line`.
    pub at: String,
    /// Why, and what to do by hand.
    pub refusal: Refusal,
}

/// Edits of images of one chart, by the image's index in the report.
type Proposals = BTreeMap<usize, propose::Edits>;

/// Works out how the chosen images move, and proves it. Nothing outside of temporary
/// folders is written.
///
/// # Errors
/// When a file cannot be read, or the charts cannot be copied to be proved.
pub fn prepare(request: &Request<'_>) -> io::Result<Migration> {
    let mut migration = Migration::default();
    let mut by_chart = propose_all(request, &mut migration);
    let mut changes = Vec::new();
    for (chart, proposals) in &by_chart {
        changes.extend(change(request, chart, proposals)?);
    }
    // All charts at once; where a chart is not proved so, its images one by one.
    for (change, proof) in trial::prove(request, &changes)? {
        if proof.is_ok() {
            by_chart.remove(&*change.chart);
            migration.charts.push(change.clone());
        }
    }
    for (chart, proposals) in &by_chart {
        let kept = one_by_one(request, chart, proposals, &mut migration)?;
        migration.charts.extend(kept);
    }
    migration.charts.sort_by(|a, b| a.chart.cmp(&b.chart));
    migration.refused.sort_by(|a, b| (&a.at, &a.reference).cmp(&(&b.at, &b.reference)));
    Ok(migration)
}

/// The edits of every chosen image, by the chart that Helm is given.
fn propose_all<'a>(
    request: &Request<'a>,
    migration: &mut Migration,
) -> BTreeMap<&'a str, Proposals> {
    let shared = Shared::of(request);
    let mut by_chart: BTreeMap<&str, Proposals> = BTreeMap::new();
    for (index, image) in request.report.images.iter().enumerate() {
        if image.status != Status::Disallowed || !(request.is_chosen)(image) {
            continue;
        }
        let proposed = in_a_copy(image, request.charts)
            .map_or_else(|| propose::edits(image), Err)
            .and_then(|edits| shared.check(index, edits));
        match (proposed, top_chart(request.charts, &image.chart)) {
            (Ok(edits), Some(chart)) => {
                by_chart.entry(&chart.display).or_default().insert(index, edits);
            }
            (Ok(_), None) => {}
            (Err(refusal), _) => migration.refuse(image, refusal),
        }
    }
    by_chart
}

/// Tries the images of a chart in turn and keeps those that are proved together.
fn one_by_one(
    request: &Request<'_>,
    chart: &str,
    proposals: &Proposals,
    migration: &mut Migration,
) -> io::Result<Option<ChartChange>> {
    let mut kept = Proposals::new();
    let mut proved = None;
    for (index, edits) in proposals {
        let mut more = kept.clone();
        more.insert(*index, edits.clone());
        let changes = Vec::from_iter(change(request, chart, &more)?);
        let proof = match trial::prove(request, &changes)?.pop() {
            Some((_, proof)) => proof,
            None => Err("another image is spelled by some of the same bytes".to_owned()),
        };
        match (proof, request.report.images.get(*index)) {
            (Ok(()), _) => {
                kept = more;
                proved = changes.into_iter().next();
            }
            (Err(why), Some(image)) => migration.refuse(
                image,
                Refusal::new(
                    format!("the change could not be proved: {why}"),
                    "Change it by hand, and compare what `helm template` prints before and after.",
                ),
            ),
            (Err(_), None) => {}
        }
    }
    Ok(proved)
}

/// A chart with the edits of some images made, and its version raised; `None` when the
/// edits overlap.
fn change(
    request: &Request<'_>,
    chart: &str,
    proposals: &Proposals,
) -> io::Result<Option<ChartChange>> {
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    let mut moved = BTreeMap::new();
    for (index, of_image) in proposals {
        for (path, of_file) in of_image {
            edits.entry(path.clone()).or_default().extend(of_file.iter().cloned());
        }
        if let Some(image) = request.report.images.get(*index) {
            let after = image.replacement.clone().unwrap_or_default();
            moved.insert(*index, (image.reference.clone(), after));
        }
    }
    let chart_yaml = file_of(chart, CHART_FILE);
    let bump = version::bump(&fs::read_to_string(request.root.join(&chart_yaml))?);
    let version = bump.as_ref().map(|edit| (edit.before.clone(), edit.after.clone()));
    edits.entry(chart_yaml).or_default().extend(bump);
    let mut files = Vec::new();
    for (path, edits) in edits {
        let before = fs::read_to_string(request.root.join(&path))?;
        if edits.iter().any(|edit| before.get(edit.range()) != Some(&edit.before)) {
            return Err(io::Error::other(format!("{path} changed while it was read; run again")));
        }
        let Some(after) = edit::apply(&before, &edits) else { return Ok(None) };
        if before != after {
            files.push(FileChange { path, before, after });
        }
    }
    Ok(Some(ChartChange { chart: chart.to_owned(), version, moved, files }))
}

impl Migration {
    fn refuse(&mut self, image: &Image, refusal: Refusal) {
        let at = image.declarations.first().map(|declaration| &declaration.location);
        self.refused.push(Refused {
            reference: image.reference.clone(),
            at: at.map(|at| format!("{}:{}", at.path, at.start.line)).unwrap_or_default(),
            refusal,
        });
    }
}

/// The chart that Helm is given, of which another is a part.
pub(crate) fn top_chart<'a>(charts: &'a [FoundChart], path: &str) -> Option<&'a FoundChart> {
    let holds = |chart: &&FoundChart| is_below(path, &chart.display);
    charts.iter().filter(holds).max_by_key(|chart| chart.display.len())
}

/// The path of a chart's file.
fn file_of(chart: &str, name: &str) -> String {
    if chart == "." { name.to_owned() } else { format!("{chart}/{name}") }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder == "."
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses an image of a chart that another keeps as a copy of its dependency.
fn in_a_copy(image: &Image, charts: &[FoundChart]) -> Option<Refusal> {
    let top = top_chart(charts, &image.chart)?;
    let values = file_of(&top.display, "values.yaml");
    (*image.chart != *top.display).then(|| {
        Refusal::new(
            format!("{} is a copy of a dependency, which the next update writes anew", image.chart),
            format!("Set the image in {values}, under the dependency's name or alias."),
        )
    })
}

/// Who declares an image with which bytes: a registry that several images share moves
/// only with all of them.
struct Shared<'a> {
    request: &'a Request<'a>,
    users: BTreeMap<(&'a str, usize), BTreeSet<usize>>,
}

impl<'a> Shared<'a> {
    fn of(request: &'a Request<'a>) -> Self {
        let mut users: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for (index, image) in request.report.images.iter().enumerate() {
            for declaration in &image.declarations {
                let at = &declaration.location;
                users.entry((&*at.path, at.bytes.start)).or_default().insert(index);
            }
        }
        Self { request, users }
    }

    /// Refuses edits of bytes that also spell an image which is to stay, or to become
    /// something else there.
    fn check(&self, index: usize, edits: propose::Edits) -> Result<propose::Edits, Refusal> {
        for (path, edits) in &edits {
            for edit in edits {
                let users = self.users.get(&(path.as_str(), edit.start));
                let others = users.into_iter().flatten().filter(|other| **other != index);
                for other in others.filter_map(|other| self.request.report.images.get(*other)) {
                    let moves =
                        other.status == Status::Disallowed && (self.request.is_chosen)(other);
                    let alike = moves
                        && propose::edits(other)
                            .is_ok_and(|theirs| theirs.get(path).is_some_and(|e| e.contains(edit)));
                    if !alike {
                        return Err(Refusal::new(
                            format!("`{}` at {path} spells `{}` too", edit.before, other.reference),
                            "Give the image a registry or repository of its own, then try again.",
                        ));
                    }
                }
            }
        }
        Ok(edits)
    }
}
