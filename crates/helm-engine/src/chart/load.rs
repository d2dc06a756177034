//! Puts a chart together from a list of its files, as Helm does.

use super::budget::Budget;
use super::classify::{FileKind, classify};
use super::limits::Limits;
use super::listing::{Content, Found, Listing};
use super::problem::{Problem, ProblemKind};
use super::{Chart, ChartFile, FileState, Origin, archive, metadata, read, walk};
use crate::source::SourceMap;
use std::collections::BTreeMap;
use std::path::Path;

/// Loads the chart in a folder, with its subcharts.
///
/// `display` is how people are told of the folder: relative to the root, with
/// `/`, and `.` for the root itself. Texts go to `sources`. Nothing fails as a
/// whole; see [`Chart::all_problems`].
pub fn load(folder: &Path, display: &str, limits: &Limits, sources: &mut SourceMap) -> Chart {
    let budget = Budget::new(limits);
    let listing = walk::walk(folder, display, &budget);
    Loader::new(&budget, sources).chart(display, Origin::Folder, listing, 0)
}

/// Loads a packaged chart, a `.tgz`, without unpacking it to disk.
pub fn load_archive(path: &Path, display: &str, limits: &Limits, sources: &mut SourceMap) -> Chart {
    let budget = Budget::new(limits);
    Loader::new(&budget, sources).packed(Content::Disk(path.to_owned()), display, 0)
}

struct Loader<'a> {
    budget: &'a Budget<'a>,
    sources: &'a mut SourceMap,
}

/// A subchart's part of a list.
#[derive(Default)]
struct Part {
    found: Vec<Found>,
    /// Whether Helm would see any of it.
    exists: bool,
}

impl<'a> Loader<'a> {
    fn new(budget: &'a Budget<'a>, sources: &'a mut SourceMap) -> Self {
        Self { budget, sources }
    }

    fn chart(&mut self, path: &str, origin: Origin, listing: Listing, depth: usize) -> Chart {
        let mut chart = empty(path, origin, listing.problems);
        let mut subcharts: BTreeMap<String, Part> = BTreeMap::new();
        for mut found in listing.found {
            match subchart_of(&found) {
                Some(name) => {
                    let part = subcharts.entry(name.to_owned()).or_default();
                    part.exists |= found.content.exists();
                    if let Some(rest) = found.path.get("charts/".len() + name.len() + 1..) {
                        found.path = rest.to_owned();
                    }
                    part.found.push(found);
                }
                None => self.file(&mut chart, found, depth),
            }
        }
        for (name, part) in subcharts {
            self.subchart(&mut chart, &name, part, depth + 1);
        }
        chart.files.sort_by(|a, b| a.path.cmp(&b.path));
        metadata::fill(&mut chart, self.sources);
        chart
    }

    /// A subchart in a folder.
    fn subchart(&mut self, parent: &mut Chart, name: &str, part: Part, depth: usize) {
        if !part.exists || depth > self.budget.limits.chart_depth {
            if part.exists {
                parent.problems.push(self.too_deep(&walk::join(&parent.path, "charts")));
            }
            parent.files.extend(part.found.into_iter().map(|found| {
                let path = format!("charts/{name}/{}", found.path);
                self.not_loaded(found, path)
            }));
            return;
        }
        let path = walk::join(&parent.path, &format!("charts/{name}"));
        let listing = Listing { found: part.found, problems: Vec::new() };
        let subchart = self.chart(&path, parent.origin.clone(), listing, depth);
        parent.subcharts.push(subchart);
    }

    /// A file of the chart itself, or an archive in its `charts/`.
    fn file(&mut self, chart: &mut Chart, found: Found, depth: usize) {
        let kind = match found.content {
            Content::Folder(_) => FileKind::Folder,
            Content::Aside(_) => FileKind::TestValues,
            _ => classify(&found.path),
        };
        if let Some(name) = found.path.strip_prefix("charts/") {
            let aside = name.starts_with(['_', '.']);
            if found.content.exists() && !aside && kind == FileKind::Archive {
                if depth >= self.budget.limits.chart_depth {
                    chart.problems.push(self.too_deep(&found.display));
                    return;
                }
                let subchart = self.packed(found.content, &found.display, depth + 1);
                chart.subcharts.push(subchart);
                return;
            }
            let state = match found.content {
                Content::Failed(problem) => FileState::Failed(problem),
                Content::Skipped(reason) | Content::Folder(reason) => FileState::Skipped(reason),
                _ if aside => {
                    FileState::Skipped("Helm leaves out charts/ with _ or . first".into())
                }
                _ => FileState::Skipped(kind.skipped().unwrap_or("not a chart").into()),
            };
            chart.files.push(ChartFile {
                path: found.path,
                display: found.display,
                link: found.link,
                kind,
                state,
            });
            return;
        }
        let state = self.state(kind, found.content, &found.display);
        chart.files.push(ChartFile {
            path: found.path,
            display: found.display,
            link: found.link,
            kind,
            state,
        });
    }

    fn state(&mut self, kind: FileKind, content: Content, display: &str) -> FileState {
        let bytes = match content {
            Content::Skipped(reason) | Content::Folder(reason) => {
                return FileState::Skipped(reason);
            }
            Content::Failed(problem) => return FileState::Failed(problem),
            content => match (kind.skipped(), content) {
                (Some(reason), _) => return FileState::Skipped(reason.into()),
                (None, Content::Bytes(bytes)) => Ok(bytes),
                (None, Content::Disk(path) | Content::Aside(path)) => {
                    read::file(&path, display, self.budget)
                }
                (None, _) => return FileState::Skipped("not read".into()),
            },
        };
        let text = bytes.and_then(|bytes| {
            if kind.may_be_binary() && bytes.contains(&0) {
                return Ok(None);
            }
            read::text(bytes, display)
                .map(Some)
                .or_else(|problem| if kind.may_be_binary() { Ok(None) } else { Err(problem) })
        });
        match text {
            Ok(Some(text)) => FileState::Loaded(self.sources.add(display, text)),
            Ok(None) => FileState::Skipped("binary: it has a NUL byte or is not UTF-8".into()),
            Err(problem) => FileState::Failed(problem),
        }
    }

    /// A chart in a `.tgz`.
    fn packed(&mut self, content: Content, display: &str, depth: usize) -> Chart {
        let listing = match content {
            Content::Bytes(bytes) => archive::members(bytes.as_slice(), display, self.budget),
            Content::Disk(path) => self.packed_on_disk(&path, display),
            Content::Failed(problem) => Listing { found: Vec::new(), problems: vec![problem] },
            _ => Listing::default(),
        };
        let path = listing
            .found
            .iter()
            .find(|found| found.path == "Chart.yaml")
            .and_then(|found| found.display.strip_suffix("/Chart.yaml"))
            .unwrap_or(display)
            .to_owned();
        self.chart(&path, Origin::Archive(display.to_owned()), listing, depth)
    }

    fn packed_on_disk(&self, path: &Path, display: &str) -> Listing {
        let opened = match read::open(path, display) {
            Ok(opened) => opened,
            Err(problem) => return Listing { found: Vec::new(), problems: vec![problem] },
        };
        let packed = std::io::BufReader::with_capacity(1 << 16, &opened.file);
        let mut listing = archive::members(packed, display, self.budget);
        listing.problems.extend(opened.unchanged(display).err());
        listing
    }

    fn too_deep(&self, display: &str) -> Problem {
        Problem::new(
            ProblemKind::TooMany,
            display,
            format!(
                "charts are nested more than {} deep; the rest was not read",
                self.budget.limits.chart_depth
            ),
            "Flatten the dependencies.",
        )
    }

    fn not_loaded(&self, found: Found, path: String) -> ChartFile {
        let kind = classify(super::classify::in_own_chart(&path));
        let state = match found.content {
            Content::Failed(problem) => FileState::Failed(problem),
            Content::Skipped(reason) | Content::Folder(reason) => FileState::Skipped(reason),
            _ => FileState::Skipped("charts are nested too deep".into()),
        };
        ChartFile { path, display: found.display, link: found.link, kind, state }
    }
}

/// The folder of `charts/` that a file belongs to.
fn subchart_of(found: &Found) -> Option<&str> {
    if matches!(&found.content, Content::Failed(p) if p.kind == ProblemKind::Member) {
        return None;
    }
    let (name, _) = found.path.strip_prefix("charts/")?.split_once('/')?;
    (!name.starts_with(['_', '.'])).then_some(name)
}

fn empty(path: &str, origin: Origin, problems: Vec<Problem>) -> Chart {
    Chart {
        path: path.to_owned(),
        origin,
        chart_yaml: None,
        api_version: None,
        name: None,
        version: None,
        app_version: None,
        dependencies: Vec::new(),
        files: Vec::new(),
        subcharts: Vec::new(),
        problems,
    }
}
