//! A chart that is evaluated with the values of tests.

use super::given::Given;
use crate::files;
use chart_lint::discover::FoundChart;
use helm_engine::chart::{Chart, Limits, Unwritten, load};
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use helm_engine::values::Overlay;
use std::cell::RefCell;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// How much text one test may make.
const MOST_BYTES: usize = 32 << 20;

/// How many bytes of values one test may give.
const MOST_VALUES: usize = 4 << 20;

/// A chart, with its sources.
pub(super) struct Side {
    root: PathBuf,
    unwritten: Arc<Unwritten>,
    sources: RefCell<SourceMap>,
    chart: Chart,
}

/// What a template gave: its text, or the words of its error.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) text: String,
}

impl Side {
    pub(super) fn load(root: &Path, chart: &FoundChart, unwritten: Arc<Unwritten>) -> Self {
        let mut sources = SourceMap::new();
        let limits = Limits {
            root: Some(root.to_owned()),
            unwritten: Arc::clone(&unwritten),
            ..Limits::default()
        };
        let chart = load(&chart.dir, &chart.display, &limits, &mut sources);
        Self { root: root.to_owned(), unwritten, sources: RefCell::new(sources), chart }
    }

    /// What the chart renders for what a test of a suite in a folder gives, and the steps
    /// that it took, of which each byte of values is one; `None` where they are too many.
    pub(super) fn manifests(&self, given: &Given, folder: &str) -> Option<(Vec<Manifest>, usize)> {
        let mut bytes: usize = given.set.iter().map(String::len).sum();
        if bytes > MOST_VALUES {
            return None;
        }
        let mut sources = self.sources.borrow_mut();
        let mut values = Vec::new();
        for file in &given.files {
            let Some(place) = inside(&Path::new(folder).join(file)) else { continue };
            let at = self.root.join(place);
            let text = self.unwritten.get(&at).map(str::to_owned);
            let text = text.or_else(|| files::existing(&at).ok());
            let Some(text) = text else { continue };
            bytes += text.len();
            if bytes > MOST_VALUES {
                return None;
            }
            values.push(Overlay::File(sources.add(file.clone(), text)));
        }
        for set in &given.set {
            values.push(Overlay::File(sources.add("set", set.clone())));
        }
        let release = &given.release;
        let options = Options {
            // As the runner names them.
            release: release.name.clone().unwrap_or_else(|| "RELEASE-NAME".to_owned()),
            namespace: release.namespace.clone().unwrap_or_else(|| "NAMESPACE".to_owned()),
            is_upgrade: release.is_upgrade,
            revision: release.revision.unwrap_or(0),
            version: given.version.clone(),
            app_version: given.app_version.clone(),
            cluster: Some(given.cluster.cluster()),
            objects: given.provider.objects(),
            values,
            bytes: MOST_BYTES,
            ..Options::default()
        };
        let rendered = render(&sources, &self.chart, &options);
        let manifest = |manifest: helm_engine::render::Manifest| Manifest {
            text: match &manifest.result {
                Ok(text) => text.as_str().into_owned(),
                Err(error) => error.to_string(),
            },
            path: manifest.path,
        };
        let manifests = rendered.manifests.into_iter().map(manifest).collect();
        Some((manifests, rendered.steps + bytes))
    }
}

/// A path without `..`; `None` for one that leads out of the root.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => inside.pop().then_some(())?,
            Component::CurDir => {}
            Component::Normal(name) => inside.push(name),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(inside)
}
