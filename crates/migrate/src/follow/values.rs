//! The values of a chart before and after a change.

use crate::copies::Override;
use crate::edit::Edit;
use std::collections::BTreeMap;
use yaml_span::{Kind, NodeId, Tree};

/// A step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// To what stands under a key.
    Key(String),
    /// To an item of a list, from 0.
    Item(usize),
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) before: String,
    pub(super) after: String,
}

/// The values of a chart before and after a change.
pub(super) struct Values<'t> {
    before: Tree<'t>,
    after: Tree<'t>,
    /// What copies of dependencies have where the chart gives them a value, by its keys.
    hidden: BTreeMap<&'t [String], &'t str>,
}

impl<'t> Values<'t> {
    pub(super) fn parse(before: &'t str, after: &'t str, over: &'t [Override]) -> Option<Self> {
        let hidden = over.iter().map(|one| (one.route.as_slice(), one.before.as_str())).collect();
        let (before, after) = (yaml_span::parse(before).ok()?, yaml_span::parse(after).ok()?);
        Some(Self { before, after, hidden })
    }

    /// Whether there is something to which some steps lead.
    pub(super) fn has(&self, route: &[Step]) -> bool {
        at(&self.after, route).is_some()
    }

    /// How the text changes to which some steps lead, through aliases and merges too.
    fn change(&self, route: &[Step]) -> Option<Changed> {
        let after = text_at(&self.after, route)?;
        let before = text_at(&self.before, route).or_else(|| {
            let key = |step: &Step| match step {
                Step::Key(key) => Some(key.clone()),
                Step::Item(_) => None,
            };
            let keys: Vec<String> = route.iter().map(key).collect::<Option<_>>()?;
            self.hidden.get(keys.as_slice()).copied()
        })?;
        let is_one = !before.is_empty() && before != after;
        is_one.then(|| Changed { before: before.to_owned(), after: after.to_owned() })
    }

    /// The edits of a text that repeats the value to which some steps lead: a scalar, or all
    /// that is in a map or a list.
    pub(super) fn edits(&self, tree: &Tree<'_>, node: NodeId, route: &[Step]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut open = vec![(node, route.to_vec())];
        while let Some((node, route)) = open.pop() {
            open.extend(below(tree, node, &route));
            if let Kind::Scalar(_) = &tree.node(node).kind {
                let change = self.change(&route);
                edits.extend(change.and_then(|change| replace(tree, node, &change)));
            }
        }
        edits
    }

    /// What changes at the value to which some steps lead, or below it.
    pub(super) fn changes(&self, route: &[Step]) -> Vec<(Vec<Step>, Changed)> {
        let Some(node) = at(&self.before, route) else { return Vec::new() };
        let mut changes = Vec::new();
        let mut open = vec![(self.before.resolve(node), route.to_vec())];
        while let Some((node, route)) = open.pop() {
            open.extend(below(&self.before, node, &route));
            if let Some(change) = self.change(&route) {
                changes.push((route, change));
            }
        }
        changes.reverse();
        changes
    }
}

/// What is in a map or a list, with the steps that lead there. Aliases are not followed, as
/// they could lead back.
fn below(tree: &Tree<'_>, node: NodeId, route: &[Step]) -> Vec<(NodeId, Vec<Step>)> {
    let step = |step: Step| route.iter().cloned().chain([step]).collect::<Vec<_>>();
    match &tree.node(node).kind {
        Kind::Mapping(entries) => entries
            .iter()
            .filter_map(|entry| {
                Some((entry.value, step(Step::Key(tree.str(entry.key)?.to_owned()))))
            })
            .collect(),
        Kind::Sequence(items) => {
            items.iter().enumerate().map(|(at, &item)| (item, step(Step::Item(at)))).collect()
        }
        Kind::Scalar(_) | Kind::Alias(_) => Vec::new(),
    }
}

fn at(tree: &Tree<'_>, route: &[Step]) -> Option<NodeId> {
    below_by(tree, *tree.documents().first()?, route)
}

/// The node to which some steps lead from another one.
pub(super) fn below_by(tree: &Tree<'_>, node: NodeId, route: &[Step]) -> Option<NodeId> {
    route.iter().try_fold(node, |node, step| match step {
        Step::Key(key) => Some(tree.get(node, key)?.value),
        Step::Item(at) => tree.items(node).get(*at).copied(),
    })
}

fn text_at<'t>(tree: &'t Tree<'_>, route: &[Step]) -> Option<&'t str> {
    tree.str(at(tree, route)?)
}

/// Another text in the place of a scalar that has this one.
fn replace(tree: &Tree<'_>, node: NodeId, change: &Changed) -> Option<Edit> {
    let Kind::Scalar(scalar) = &tree.node(node).kind else { return None };
    let Changed { before, after } = change;
    let at = scalar.source(0..scalar.value.len());
    let same = scalar.value == *before && tree.text().get(at.clone()) == Some(before);
    same.then(|| Edit { start: at.start, before: before.clone(), after: after.clone() })
}
