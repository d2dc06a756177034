//! A chart that is evaluated with the values of tests.

use super::read::Test;
use chart_lint::discover::FoundChart;
use helm_engine::chart::{Chart, Limits, Overlay as Overlaid, load};
use helm_engine::render::{Options, render};
use helm_engine::source::SourceMap;
use helm_engine::values::Overlay;
use std::cell::RefCell;
use std::fs;
use std::path::{Component, Path};
use std::sync::Arc;

/// A chart, with its sources.
pub(super) struct Side {
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
    pub(super) fn load(root: &Path, chart: &FoundChart, overlay: &Arc<Overlaid>) -> Self {
        let mut sources = SourceMap::new();
        let (root, overlay) = (Some(root.to_owned()), Arc::clone(overlay));
        let limits = Limits { root, overlay, ..Limits::default() };
        let chart = load(&chart.dir, &chart.display, &limits, &mut sources);
        Self { sources: RefCell::new(sources), chart }
    }

    /// What the chart renders for a test of a suite in a folder; `read` gives its values
    /// files, by their paths from the root.
    pub(super) fn manifests(
        &self,
        test: &Test,
        folder: &str,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Manifest> {
        let mut sources = self.sources.borrow_mut();
        let mut values = Vec::new();
        for file in &test.files {
            let text = inside(folder, file).and_then(|path| read(&path));
            values.extend(text.map(|text| Overlay::File(sources.add(file.clone(), text))));
        }
        for set in &test.set {
            values.push(Overlay::File(sources.add("set", set.clone())));
        }
        let release = &test.release;
        let options = Options {
            // As the runner names them.
            release: release.name.clone().unwrap_or_else(|| "RELEASE-NAME".to_owned()),
            namespace: release.namespace.clone().unwrap_or_else(|| "NAMESPACE".to_owned()),
            is_upgrade: release.is_upgrade,
            revision: release.revision.unwrap_or(0),
            values,
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
        rendered.manifests.into_iter().map(manifest).collect()
    }
}

/// The path of a file from the root, given from a folder; `None` for one that leads out.
fn inside(folder: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for component in Path::new(file).components() {
        match component {
            Component::ParentDir => parts.pop().map(drop)?,
            Component::CurDir => {}
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// The text of a file of the root, which is a real one and none that never ends.
pub(super) fn read(root: &Path, path: &str) -> Option<String> {
    let file = root.join(path);
    let is_file = file.metadata().ok()?.is_file();
    is_file.then(|| fs::read_to_string(file).ok()).flatten()
}
