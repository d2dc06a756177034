//! The tree: nodes, and ways through it.

use crate::scalar::Scalar;
use std::ops::Range;

/// A node of one [`Tree`]. Ids of different trees must not be mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: NodeId,
    /// The value.
    pub value: NodeId,
}

/// A node and the bytes that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'t> {
    /// The bytes: a scalar with its quotes or its block's header, a map or list
    /// from its first child to its last one (with brackets in flow style), an
    /// alias with its `*`. Empty for a value that is not written.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind<'t>,
    /// True when it has an anchor.
    pub anchored: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'t> {
    /// A scalar.
    Scalar(Scalar<'t>),
    /// A map, with all its entries in order, duplicate keys and `<<` included.
    Mapping(Vec<Entry>),
    /// A list.
    Sequence(Vec<NodeId>),
    /// A reference to an anchored node.
    Alias(NodeId),
}

/// All documents of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree<'t> {
    pub(crate) text: &'t str,
    pub(crate) nodes: Vec<Node<'t>>,
    pub(crate) documents: Vec<NodeId>,
}

/// How many maps a `<<` may lead through.
const DEEPEST_MERGE: usize = 8;

impl<'t> Tree<'t> {
    /// The text that was parsed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The root of each document, in order.
    pub fn documents(&self) -> &[NodeId] {
        &self.documents
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// The node that an alias refers to; the node itself when it is none.
    ///
    /// An alias may refer to a map that holds it, so a walk that goes through
    /// aliases needs a bound of its own.
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id).kind {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// The entries of a map, or of the map that an alias refers to. None for other nodes.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match &self.node(self.resolve(id)).kind {
            Kind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list, or of the list that an alias refers to. None for other nodes.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(self.resolve(id)).kind {
            Kind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar, or of the scalar that an alias refers to.
    pub fn str(&self, id: NodeId) -> Option<&str> {
        match &self.node(self.resolve(id)).kind {
            Kind::Scalar(scalar) => Some(&scalar.value),
            _ => None,
        }
    }

    /// The entry of a map under a key, as Helm finds it: the last of several
    /// equal keys; a `<<` counts where it stands, so a later one overrides.
    pub fn get(&self, id: NodeId, key: &str) -> Option<Entry> {
        self.get_within(id, key, DEEPEST_MERGE)
    }

    fn get_within(&self, id: NodeId, key: &str, depth: usize) -> Option<Entry> {
        self.entries(id).iter().rev().find_map(|&entry| {
            let name = self.str(entry.key)?;
            if name == key {
                return Some(entry);
            }
            if name != "<<" || depth == 0 {
                return None;
            }
            // Of several merged maps the first one wins.
            self.get_within(entry.value, key, depth - 1).or_else(|| {
                self.items(entry.value).iter().find_map(|&map| self.get_within(map, key, depth - 1))
            })
        })
    }
}
