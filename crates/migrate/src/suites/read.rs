//! Suites as they are written: tests, what they give, and what they expect.

use super::given::{Given, given, text, texts};
use super::provider::provider;
use crate::written::Left;
use std::rc::Rc;
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
    pub(super) templates: Rc<[String]>,
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

/// The tests of a file, which may have several suites; `None` where they are too many.
pub(super) fn tests(tree: &Tree<'_>, left: &mut Left) -> Option<Vec<Test>> {
    let mut tests = Vec::new();
    for &suite in tree.documents() {
        tests.extend(of_suite(tree, suite, left)?);
    }
    Some(tests)
}

fn of_suite(tree: &Tree<'_>, suite: NodeId, left: &mut Left) -> Option<Vec<Test>> {
    let Some(list) = tree.get(suite, "tests") else { return Some(Vec::new()) };
    let nodes = tree.items(list.value).iter();
    let tests: Option<Vec<Test>> = nodes.map(|&node| of_test(tree, suite, node, left)).collect();
    let mut tests = tests?;
    // The runner keeps the version of the cluster until a test has another one.
    let (mut major, mut minor) = (None, None);
    for given in tests.iter_mut().filter_map(|test| test.given.as_mut()) {
        major = given.cluster.major.take().or(major);
        minor = given.cluster.minor.take().or(minor);
        (given.cluster.major, given.cluster.minor) = (major.clone(), minor.clone());
    }
    Some(tests)
}

fn of_test(tree: &Tree<'_>, suite: NodeId, node: NodeId, left: &mut Left) -> Option<Test> {
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
    let templates = |node, left: &mut Left| -> Option<Rc<[String]>> {
        let one = text(tree, node, "template").into_iter();
        let all: Vec<String> = one.chain(texts(tree, node, "templates")).collect();
        left.take(1 + all.len())?;
        Some(Rc::from(all))
    };
    let mut of_test = templates(node, left)?;
    if of_test.is_empty() {
        of_test = templates(suite, left)?;
    }
    let Some(asserts) = tree.get(node, "asserts") else { return Some(test) };
    for &item in tree.items(asserts.value) {
        let mut of_assert = templates(item, left)?;
        if of_assert.is_empty() {
            of_assert = Rc::clone(&of_test);
        }
        for entry in tree.entries(item) {
            let Some(kind) = tree.str(entry.key) else { continue };
            let is_option = ["template", "templates", "not"].contains(&kind);
            if is_option || kind.starts_with("document") {
                continue;
            }
            // They are looked through again and again.
            left.one(|left| gather(tree, entry.value, &mut Vec::new(), left))?;
            test.asserts.push(Assert {
                templates: Rc::clone(&of_assert),
                path: text(tree, entry.value, "path"),
                kind: kind.to_owned(),
                expected: entry.value,
                is_snapshot: kind.starts_with("matchSnapshot"),
            });
        }
    }
    Some(test)
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

    fn count(suite: &str, tests: usize, test: &str) -> Option<usize> {
        let text = format!("{suite}tests:\n{}", test.repeat(tests));
        let tree = yaml_span::parse(&text).unwrap();
        tests_of(&tree)
    }

    fn tests_of(tree: &Tree<'_>) -> Option<usize> {
        let tests = tests(tree, &mut Left::of_tests())?;
        assert!(tests.iter().all(|test| test.given.is_some()));
        Some(tests.len())
    }

    #[test]
    fn what_aliases_make_of_tests_comes_to_an_end() {
        let mut set = "set:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..4 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            set += &format!("  a{level}: &a{level} [{items}]\n");
        }
        assert_eq!(count(&set, 10, "  - asserts: []\n"), Some(10));
        assert_eq!(count(&set, 1000, "  - asserts: []\n"), None);
        let asserts = format!("x: &x\n{}", "  - equal: {path: x}\n".repeat(1000));
        assert_eq!(count(&asserts, 100, "  - asserts: *x\n"), Some(100));
        assert_eq!(count(&asserts, 1000, "  - asserts: *x\n"), None);
        let asserts = "  - asserts: [{equal: {path: x, value: *a3}}]\n";
        assert_eq!(count(&set.replace("set:", "x:"), 10, asserts), Some(10));
        assert_eq!(count(&set.replace("set:", "x:"), 1000, asserts), None);
        let templates = format!("templates:\n{}", "  - t.yaml\n".repeat(100));
        assert_eq!(count(&templates, 1000, "  - asserts: []\n"), Some(1000));
        assert_eq!(count(&templates, 10_000, "  - asserts: []\n"), None);
    }
}
