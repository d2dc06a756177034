//! The values that a chart's templates see, layer over layer.

use super::fragment::{Fragment, Piece};
use super::registries::Registries;
use super::template::ANY;
use yaml_span::{Kind, NodeId, Tree};

/// One values file, or the part of a parent's that is a subchart's.
#[derive(Clone, Copy)]
pub(crate) struct Layer<'a> {
    pub(crate) fragment: &'a Fragment<'a>,
    pub(crate) tree: &'a Tree<'a>,
    /// The map that is the chart's values in this file.
    pub(crate) node: NodeId,
}

/// The layers of a chart's values, the strongest first.
#[derive(Clone, Default)]
pub(crate) struct Lookup<'a> {
    pub(crate) layers: Vec<Layer<'a>>,
    /// The `global` maps of the layers and of every parent, the strongest first.
    pub(crate) globals: Vec<Layer<'a>>,
    pub(crate) app_version: Option<Piece>,
    pub(crate) version: Option<Piece>,
    pub(crate) name: Option<Piece>,
    /// The registries that are known by name.
    pub(crate) registries: Registries<'a>,
}

impl<'a> Lookup<'a> {
    /// The scalar at a path. `None` when it cannot be told; `Some(None)` when it
    /// is missing, null or empty.
    pub(crate) fn value(&self, path: &[String]) -> Option<Option<Piece>> {
        if path.is_empty() || path.iter().any(|key| key == ANY) {
            return None;
        }
        let (layers, path) = match path.split_first() {
            Some((first, rest)) if first == "global" => (&self.globals, rest),
            _ => (&self.layers, path),
        };
        for layer in layers {
            if let Some(found) = layer.at(path) {
                return found.scalar();
            }
        }
        Some(None)
    }

    /// A field of Chart.yaml.
    pub(crate) fn chart(&self, path: &[String]) -> Option<Option<Piece>> {
        let [field] = path else { return None };
        match field.as_str() {
            "AppVersion" => Some(self.app_version.clone()),
            "Version" => Some(self.version.clone()),
            "Name" => Some(self.name.clone()),
            _ => None,
        }
    }

    /// The same map in each layer under the strongest, at a path of keys.
    pub(crate) fn below(&self, keys: &[&str]) -> Vec<Layer<'a>> {
        self.layers.iter().filter_map(|layer| layer.child(keys)).collect()
    }
}

impl<'a> Layer<'a> {
    /// The layer of a map inside this one.
    pub(crate) fn child(&self, keys: &[&str]) -> Option<Self> {
        let mut node = self.node;
        for key in keys {
            node = self.tree.resolve(self.tree.get(node, key)?.value);
        }
        Some(Self { node, ..*self })
    }

    fn at(&self, path: &[String]) -> Option<Self> {
        let mut node = self.node;
        for key in path {
            node = self.tree.resolve(self.tree.get(node, key)?.value);
        }
        Some(Self { node, ..*self })
    }

    fn scalar(&self) -> Option<Option<Piece>> {
        let Kind::Scalar(scalar) = &self.tree.node(self.node).kind else { return None };
        if scalar.is_null() || scalar.value.is_empty() {
            return Some(None);
        }
        if scalar.value.contains("{{") {
            return None;
        }
        let mut piece = Fragment::scalar(self.fragment, scalar).whole();
        piece.text = scalar.printed().into_owned();
        Some(Some(piece))
    }
}
