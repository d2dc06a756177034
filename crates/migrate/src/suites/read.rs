//! Suites as they are written: tests, the values that they give, and what they expect.

use super::paths;
use crate::written;
use serde_json::Value;
use yaml_span::{Kind, NodeId, Tree};

/// A test of a suite.
#[derive(Debug, Default)]
pub(super) struct Test {
    /// What snapshots know it by.
    pub(super) name: String,
    /// Values files, relative to the suite's folder.
    pub(super) files: Vec<String>,
    /// Values over those, as JSON.
    pub(super) set: Vec<String>,
    /// `.Release`, where it is not the runner's own.
    pub(super) release: Release,
    pub(super) asserts: Vec<Assert>,
}

/// What a test says of the release.
#[derive(Debug, Clone, Default)]
pub(super) struct Release {
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) is_upgrade: bool,
    pub(super) revision: Option<i64>,
}

/// An assertion.
#[derive(Debug)]
pub(super) struct Assert {
    /// The templates that it looks at; all where there is none.
    templates: Vec<String>,
    /// Where it looks in them.
    pub(super) path: Option<String>,
    /// What it expects, as a node of the suite.
    pub(super) expected: NodeId,
    /// True where that is in the snapshot of the suite.
    pub(super) is_snapshot: bool,
}

impl Assert {
    /// True when it looks at a manifest of this path, as `chart/templates/x.yaml`.
    pub(super) fn is_about(&self, manifest: &str) -> bool {
        self.templates.is_empty()
            || self.templates.iter().any(|template| {
                let template = template.trim_start_matches("templates/");
                template.contains('*') || manifest.ends_with(&format!("/{template}"))
            })
    }
}

/// The tests of a file, which may have several suites.
pub(super) fn tests(tree: &Tree<'_>) -> Vec<Test> {
    tree.documents().iter().flat_map(|&suite| of_suite(tree, suite)).collect()
}

fn of_suite(tree: &Tree<'_>, suite: NodeId) -> Vec<Test> {
    let Some(list) = tree.get(suite, "tests") else { return Vec::new() };
    let test = |&node: &NodeId| {
        let mut test = Test {
            name: text(tree, node, "it").unwrap_or_default(),
            release: release(tree, &[suite, node]),
            ..Test::default()
        };
        for level in [suite, node] {
            test.files.extend(texts(tree, level, "values"));
            if let Some(set) = tree.get(level, "set") {
                let Value::Object(map) = written::value(tree, set.value)? else { continue };
                test.set.push(paths::planted(map)?.to_string());
            }
        }
        let templates = |node| {
            let one = text(tree, node, "template").into_iter();
            one.chain(texts(tree, node, "templates")).collect::<Vec<_>>()
        };
        let mut of_test = templates(node);
        if of_test.is_empty() {
            of_test = templates(suite);
        }
        for &item in tree.items(tree.get(node, "asserts")?.value) {
            let mut of_assert = templates(item);
            if of_assert.is_empty() {
                of_assert.clone_from(&of_test);
            }
            for entry in tree.entries(item) {
                let Some(kind) = tree.str(entry.key) else { continue };
                let is_option = ["template", "templates", "not"].contains(&kind);
                if is_option || kind.starts_with("document") {
                    continue;
                }
                test.asserts.push(Assert {
                    templates: of_assert.clone(),
                    path: text(tree, entry.value, "path"),
                    expected: entry.value,
                    is_snapshot: kind.starts_with("matchSnapshot"),
                });
            }
        }
        Some(test)
    };
    tree.items(list.value).iter().filter_map(test).collect()
}

fn release(tree: &Tree<'_>, levels: &[NodeId]) -> Release {
    let mut release = Release::default();
    for &level in levels {
        let Some(entry) = tree.get(level, "release") else { continue };
        let of = |key: &str| text(tree, entry.value, key);
        release.name = of("name").or(release.name);
        release.namespace = of("namespace").or(release.namespace);
        release.is_upgrade = of("upgrade").map_or(release.is_upgrade, |on| on == "true");
        release.revision = of("revision").and_then(|text| text.parse().ok()).or(release.revision);
    }
    release
}

fn text(tree: &Tree<'_>, node: NodeId, key: &str) -> Option<String> {
    tree.str(tree.resolve(tree.get(node, key)?.value)).map(str::to_owned)
}

fn texts(tree: &Tree<'_>, node: NodeId, key: &str) -> Vec<String> {
    let Some(list) = tree.get(node, key) else { return Vec::new() };
    let items = tree.items(list.value).iter();
    items.filter_map(|&item| tree.str(tree.resolve(item)).map(str::to_owned)).collect()
}

/// The scalars of what is expected, but for the path to it. Those behind an alias are
/// another test's.
pub(super) fn scalars(tree: &Tree<'_>, node: NodeId) -> Vec<NodeId> {
    match &tree.node(node).kind {
        Kind::Scalar(_) => vec![node],
        Kind::Sequence(items) => items.iter().flat_map(|&item| scalars(tree, item)).collect(),
        Kind::Mapping(entries) => entries
            .iter()
            .filter(|entry| tree.str(entry.key) != Some("path"))
            .flat_map(|entry| scalars(tree, entry.value))
            .collect(),
        Kind::Alias(_) => Vec::new(),
    }
}
