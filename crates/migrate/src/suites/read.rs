//! Suites as they are written: tests, what they give, and what they expect.

use super::given::{Given, given, text, texts};
use super::provider::provider;
use crate::written::Left;
use yaml_span::{Kind, NodeId, Tree};

/// A test of a suite.
#[derive(Debug)]
pub(super) struct Test {
    /// What snapshots know it by.
    pub(super) name: String,
    pub(super) node: NodeId,
    /// What it gives to the chart; `None` where that cannot be told.
    pub(super) given: Option<Given>,
    /// What it depends on beside that, which is not known here.
    pub(super) beyond: Option<&'static str>,
    pub(super) asserts: Vec<Assert>,
}

/// An assertion.
#[derive(Debug)]
pub(super) struct Assert {
    /// The templates that it looks at; all where there is none.
    pub(super) templates: Vec<String>,
    /// Where it looks in them.
    pub(super) path: Option<String>,
    /// What it is, as `equal`.
    pub(super) kind: String,
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
pub(super) fn tests(tree: &Tree<'_>, left: &mut Left) -> Vec<Test> {
    tree.documents().iter().flat_map(|&suite| of_suite(tree, suite, left)).collect()
}

fn of_suite(tree: &Tree<'_>, suite: NodeId, left: &mut Left) -> Vec<Test> {
    let Some(list) = tree.get(suite, "tests") else { return Vec::new() };
    let mut tests: Vec<Test> =
        tree.items(list.value).iter().map(|&node| of_test(tree, suite, node, left)).collect();
    // The runner keeps the version of the cluster until a test has another one.
    let (mut major, mut minor) = (None, None);
    for given in tests.iter_mut().filter_map(|test| test.given.as_mut()) {
        major = given.cluster.major.take().or(major);
        minor = given.cluster.minor.take().or(minor);
        (given.cluster.major, given.cluster.minor) = (major.clone(), minor.clone());
    }
    tests
}

fn of_test(tree: &Tree<'_>, suite: NodeId, node: NodeId, left: &mut Left) -> Test {
    let name = text(tree, node, "it").unwrap_or_default();
    let mut given = given(tree, suite, node, left);
    let is_said = |key| [suite, node].into_iter().any(|level| tree.get(level, key).is_some());
    let provider = provider(tree, suite, node, left);
    let beyond = match provider {
        _ if is_said("postRenderer") => Some("postRenderer"),
        None => Some("kubernetesProvider"),
        Some(_) => None,
    };
    if let Some((given, provider)) = given.as_mut().zip(provider) {
        given.provider = provider;
    }
    let mut test = Test { name, node, given, beyond, asserts: Vec::new() };
    let templates = |node| {
        let one = text(tree, node, "template").into_iter();
        one.chain(texts(tree, node, "templates")).collect::<Vec<_>>()
    };
    let mut of_test = templates(node);
    if of_test.is_empty() {
        of_test = templates(suite);
    }
    let Some(asserts) = tree.get(node, "asserts") else { return test };
    for &item in tree.items(asserts.value) {
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
                kind: kind.to_owned(),
                expected: entry.value,
                is_snapshot: kind.starts_with("matchSnapshot"),
            });
        }
    }
    test
}

/// The scalars of what is expected, but for the path to it; those behind aliases too. None
/// where that is too much, or never ends.
pub(super) fn scalars(tree: &Tree<'_>, node: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    match gather(tree, node, &mut found, &mut Left::default()) {
        Some(()) => found,
        None => Vec::new(),
    }
}

fn gather(tree: &Tree<'_>, node: NodeId, found: &mut Vec<NodeId>, left: &mut Left) -> Option<()> {
    left.into(|left| {
        let node = tree.resolve(node);
        match &tree.node(node).kind {
            Kind::Scalar(_) => found.push(node),
            Kind::Sequence(items) => {
                items.iter().try_for_each(|&item| gather(tree, item, found, left))?;
            }
            Kind::Mapping(entries) => {
                let mut expected =
                    entries.iter().filter(|entry| tree.str(entry.key) != Some("path"));
                expected.try_for_each(|entry| gather(tree, entry.value, found, left))?;
            }
            Kind::Alias(_) => {}
        }
        Some(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_suite_gives_to_each_of_its_tests_comes_to_an_end() {
        let mut text = "set:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..4 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            text += &format!("  a{level}: &a{level} [{items}]\n");
        }
        text += "tests:\n";
        text += &"  - asserts: []\n".repeat(1000);
        let tree = yaml_span::parse(&text).unwrap();
        let tests = tests(&tree, &mut Left::of_tests());
        let told = tests.iter().take_while(|test| test.given.is_some()).count();
        assert!((10..100).contains(&told), "{told}");
        assert_eq!(tests.len(), 1000);
    }
}
