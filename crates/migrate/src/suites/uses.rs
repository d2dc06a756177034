//! How often each scalar of a suite is used: what stands behind an anchor can only follow
//! where all its users want the same.

use crate::edit::Edit;
use crate::written::Left;
use std::collections::HashMap;
use yaml_span::{Kind, NodeId, Tree};

/// The keys of a suite that the runner reads. Others only hold what aliases name.
const READ: [&str; 14] = [
    "suite",
    "values",
    "set",
    "templates",
    "template",
    "excludeTemplates",
    "release",
    "chart",
    "capabilities",
    "kubernetesProvider",
    "postRenderer",
    "tests",
    "snapshotId",
    "skip",
];

/// The edits of scalars, by who wants them.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    by_scalar: HashMap<NodeId, Vec<Vec<Edit>>>,
}

impl Wanted {
    /// Notes what a user of a scalar wants.
    pub(super) fn add(&mut self, scalar: NodeId, edits: Vec<Edit>) {
        self.by_scalar.entry(scalar).or_default().push(edits);
    }

    /// The edits that all users of a scalar want.
    pub(super) fn agreed(&self, scalar: NodeId, uses: &HashMap<NodeId, usize>) -> Option<&[Edit]> {
        let wanted = self.by_scalar.get(&scalar)?;
        let first = wanted.first()?;
        let all = wanted.iter().all(|edits| edits == first);
        (all && uses.get(&scalar) == Some(&wanted.len())).then_some(first)
    }
}

/// How often each scalar is used; none where that is too much to tell.
pub(super) fn uses(tree: &Tree<'_>) -> HashMap<NodeId, usize> {
    let mut uses = HashMap::new();
    let mut left = Left::default();
    for &suite in tree.documents() {
        for entry in tree.entries(suite) {
            let is_read = tree.str(entry.key).is_some_and(|key| READ.contains(&key));
            if is_read && count(tree, entry.value, &mut uses, &mut left).is_none() {
                return HashMap::new();
            }
        }
    }
    uses
}

fn count(
    tree: &Tree<'_>,
    node: NodeId,
    uses: &mut HashMap<NodeId, usize>,
    left: &mut Left,
) -> Option<()> {
    left.into(|left| {
        let node = tree.resolve(node);
        match &tree.node(node).kind {
            Kind::Scalar(_) => *uses.entry(node).or_default() += 1,
            Kind::Sequence(items) => {
                items.iter().try_for_each(|&item| count(tree, item, uses, left))?;
            }
            Kind::Mapping(entries) => {
                entries.iter().try_for_each(|entry| count(tree, entry.value, uses, left))?;
            }
            Kind::Alias(_) => {}
        }
        Some(())
    })
}
