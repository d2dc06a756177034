//! What a test gives to the chart: values, a release, a version and a cluster.

use super::paths;
use super::provider::Provider;
use crate::written::{self, Left};
use helm_engine::render::Cluster;
use serde_json::Value;
use yaml_span::{NodeId, Tree};

/// What a test gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Given {
    /// Values files, relative to the suite's folder.
    pub(super) files: Vec<String>,
    /// Values over those, as JSON.
    pub(super) set: Vec<String>,
    /// `.Release`, where it is not the runner's own.
    pub(super) release: Release,
    /// `.Chart.Version`, where it is not the chart's.
    pub(super) version: Option<String>,
    /// `.Chart.AppVersion`, likewise.
    pub(super) app_version: Option<String>,
    /// `.Capabilities`
    pub(super) cluster: Capabilities,
    /// What `lookup` finds.
    pub(super) provider: Provider,
}

/// What a test says of the release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Release {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) is_upgrade: bool,
    pub(super) revision: Option<i64>,
}

/// What a test says of the cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Capabilities {
    pub(super) major: Option<String>,
    pub(super) minor: Option<String>,
    api_versions: Vec<String>,
}

impl Capabilities {
    /// As the runner has it: of Kubernetes 1.20, which Helm 3 is built for where nobody says
    /// otherwise, and without any API that is not named.
    pub(super) fn cluster(&self) -> Cluster {
        Cluster {
            major: self.major.clone().unwrap_or_else(|| "1".to_owned()),
            minor: self.minor.clone().unwrap_or_else(|| "20".to_owned()),
            api_versions: self.api_versions.clone(),
        }
    }
}

/// What a test of a suite gives; `None` where its values cannot be told.
pub(super) fn given(
    tree: &Tree<'_>,
    suite: NodeId,
    test: NodeId,
    left: &mut Left,
) -> Option<Given> {
    let mut given = Given { cluster: capabilities(tree, suite, test), ..Given::default() };
    for level in [suite, test] {
        given.files.extend(texts(tree, level, "values"));
        if let Some(set) = tree.get(level, "set") {
            match written::value_of_suite(tree, set.value, left)? {
                Value::Object(map) => given.set.push(paths::planted(map)?.to_string()),
                Value::Null => {}
                _ => return None,
            }
        }
        if let Some(entry) = tree.get(level, "release") {
            let of = |key: &str| text(tree, entry.value, key);
            let release = &mut given.release;
            release.name = of("name").or(release.name.take());
            release.namespace = of("namespace").or(release.namespace.take());
            release.is_upgrade |= of("upgrade").is_some_and(|on| on == "true");
            release.revision =
                of("revision").and_then(|text| text.parse().ok()).or(release.revision);
        }
        if let Some(entry) = tree.get(level, "chart") {
            let of = |key: &str| text(tree, entry.value, key).filter(|text| !text.is_empty());
            given.version = of("version").or(given.version.take());
            given.app_version = of("appVersion").or(given.app_version.take());
        }
    }
    Some(given)
}

fn capabilities(tree: &Tree<'_>, suite: NodeId, test: NodeId) -> Capabilities {
    let of = |level, key: &str| {
        let capabilities = tree.get(level, "capabilities")?.value;
        text(tree, capabilities, key).filter(|text| !text.is_empty())
    };
    let list = |level| Some(tree.get(tree.get(level, "capabilities")?.value, "apiVersions")?.value);
    let versions = |level| match list(level) {
        Some(list) => {
            tree.items(list).iter().filter_map(|&item| tree.str(item).map(str::to_owned)).collect()
        }
        None => Vec::new(),
    };
    let mut api_versions: Vec<String> = versions(test);
    // A test that names none, with the key, has not those of the suite either.
    if list(test).is_none_or(|list| tree.str(list).is_none()) {
        api_versions.extend(versions(suite));
    }
    Capabilities {
        major: of(test, "majorVersion").or_else(|| of(suite, "majorVersion")),
        minor: of(test, "minorVersion").or_else(|| of(suite, "minorVersion")),
        api_versions,
    }
}

pub(super) fn text(tree: &Tree<'_>, node: NodeId, key: &str) -> Option<String> {
    tree.str(tree.get(node, key)?.value).map(str::to_owned)
}

pub(super) fn texts(tree: &Tree<'_>, node: NodeId, key: &str) -> Vec<String> {
    let Some(list) = tree.get(node, key) else { return Vec::new() };
    let items = tree.items(list.value).iter();
    items.filter_map(|&item| tree.str(item).map(str::to_owned)).collect()
}
