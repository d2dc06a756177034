//! Defaults of a values.schema.json that repeat the chart's own values.
//!
//! Helm fills nothing in from a schema, so such a default says once more what the values
//! say: it is no image of its own. One that the values do not repeat is.

use crate::extract::Found;
use crate::model::Part;
use helm_engine::chart::{Chart, FileKind};
use helm_engine::source::{FileId, SourceMap};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use yaml_span::{Kind, NodeId, Tree};

type Places = BTreeMap<usize, (Range<usize>, Vec<String>)>;

/// The defaults of a chart's schema.
pub(super) struct Defaults<'a> {
    sources: &'a SourceMap,
    chart: &'a Chart,
    schema: Option<FileId>,
    /// The bytes of each default, by the first of them, with the keys that lead to its value.
    places: Places,
    /// The values of charts of the tree, by their path.
    values: RefCell<HashMap<&'a str, Option<Tree<'a>>>>,
}

impl<'a> Defaults<'a> {
    /// Those of the schema that some image is declared in.
    pub(super) fn of(sources: &'a SourceMap, chart: &'a Chart, images: &[Found]) -> Self {
        let schema = file(chart, FileKind::ValuesSchema);
        let is_named = schema.is_some_and(|id| images.iter().any(|found| is_only_in(found, id)));
        let schema = schema.filter(|_| is_named);
        // JSON is YAML.
        let tree = schema.and_then(|id| yaml_span::parse(sources.file(id).text()).ok());
        let places = tree.map(|tree| places(&tree)).unwrap_or_default();
        Self { sources, chart, schema, places, values: RefCell::default() }
    }

    /// True of an image whose name only the schema spells, where each default that does is
    /// what the values say under the same keys. The tag is no matter: it names no place.
    pub(super) fn repeats(&self, found: &Found) -> bool {
        let Some(id) = self.schema.filter(|id| is_only_in(found, *id)) else { return false };
        let text = self.sources.file(id).text();
        let names = |part: Part| !matches!(part, Part::Tag | Part::Digest);
        found.declarations.iter().filter(|(part, _)| names(*part)).all(|(_, piece)| {
            let at = piece.span.start;
            let place = self.places.range(..=at).next_back();
            place.filter(|(_, (bytes, _))| bytes.contains(&at)).is_some_and(
                |(_, (bytes, route))| {
                    let default = text.get(bytes.clone());
                    default.is_some() && self.value(self.chart, route).as_deref() == default
                },
            )
        })
    }

    /// The text under some keys: in the chart's own values, else in those of the subchart
    /// that the first key is for.
    fn value(&self, chart: &'a Chart, route: &[String]) -> Option<String> {
        let mut values = self.values.borrow_mut();
        let tree = values.entry(&chart.path).or_insert_with(|| {
            let id = file(chart, FileKind::Values)?;
            yaml_span::parse(self.sources.file(id).text()).ok()
        });
        let root = tree.as_ref().and_then(|tree| Some((tree, *tree.documents().first()?)));
        let own = root.and_then(|(tree, root)| {
            let node = route.iter().try_fold(root, |node, key| Some(tree.get(node, key)?.value))?;
            Some(tree.str(node).map(str::to_owned))
        });
        drop(values);
        if let Some(own) = own {
            return own;
        }
        let (key, rest) = route.split_first()?;
        let subchart = chart.subcharts.iter().find(|sub| chart.keys_of(sub).contains(key))?;
        self.value(subchart, rest)
    }
}

fn file(chart: &Chart, kind: FileKind) -> Option<FileId> {
    chart.loaded().find(|(file, _)| file.kind == kind).map(|(_, id)| id)
}

fn is_only_in(found: &Found, schema: FileId) -> bool {
    found.declarations.iter().all(|(_, piece)| piece.span.file == schema)
}

/// The defaults that are texts, written as they read.
fn places(tree: &Tree<'_>) -> Places {
    let mut places = Places::new();
    let mut open: Vec<(NodeId, Vec<String>)> =
        tree.documents().first().map(|&root| (root, Vec::new())).into_iter().collect();
    // Aliases, which JSON has not, are not followed: they could lead back.
    while let Some((node, route)) = open.pop() {
        let Kind::Mapping(entries) = &tree.node(node).kind else { continue };
        for entry in entries {
            match (tree.str(entry.key), &tree.node(entry.value).kind) {
                (Some("default"), Kind::Scalar(scalar)) => {
                    if let Some(start) = scalar.copied_from() {
                        let bytes = start..start + scalar.value.len();
                        places.insert(start, (bytes, route.clone()));
                    }
                }
                (Some("properties"), Kind::Mapping(properties)) => {
                    for property in properties {
                        let key = tree.str(property.key).map(str::to_owned);
                        let route = route.iter().cloned().chain(key).collect();
                        open.push((property.value, route));
                    }
                }
                _ => {}
            }
        }
    }
    places
}
