//! Chart.yaml: the lists of images in its annotations, and the fields that templates read.

use super::found::{Extraction, Found};
use super::fragment::{Fragment, Piece};
use super::lookup::Lookup;
use super::scan::Demand;
use super::yaml::Place;
use crate::model::Evidence;
use helm_engine::chart::Chart;
use yaml_span::{Entry, Kind, NodeId, Tree};

/// The annotations that hold a YAML list of images in a string: Artifact Hub's,
/// Bitnami's, and one that some charts use.
const LISTS: [&str; 3] = ["artifacthub.io/images", "images", "helm.sh/images"];

/// Finds the images of a Chart.yaml.
pub(crate) fn extract(fragment: &Fragment<'_>, tree: &Tree<'_>, out: &mut Extraction) {
    for &root in tree.documents() {
        let Some(annotations) = tree.get(root, "annotations") else { continue };
        for list in LISTS {
            let Some(entry) = tree.get(annotations.value, list) else { continue };
            let Kind::Scalar(scalar) = &tree.node(tree.resolve(entry.value)).kind else { continue };
            let inner = Fragment::scalar(fragment, scalar);
            out.lists.push(fragment.span(tree.node(entry.key).span.clone()));
            match yaml_span::parse(inner.text) {
                Ok(inner_tree) => images(&inner, &inner_tree, out),
                // A list that is no YAML is still text that names images.
                Err(_) => {
                    super::text::running_text(&inner, Demand::Registry, &Place::default(), &[], out)
                }
            }
        }
    }
}

fn images(fragment: &Fragment<'_>, tree: &Tree<'_>, out: &mut Extraction) {
    for &root in tree.documents() {
        for &item in tree.items(root) {
            let image = tree.get(item, "image").map_or(item, |entry: Entry| entry.value);
            image_scalar(fragment, tree, image, out);
        }
        // A map from names to images is not the format, but people write it.
        for entry in tree.entries(root) {
            image_scalar(fragment, tree, entry.value, out);
        }
    }
}

fn image_scalar(fragment: &Fragment<'_>, tree: &Tree<'_>, node: NodeId, out: &mut Extraction) {
    let Kind::Scalar(scalar) = &tree.node(tree.resolve(node)).kind else { return };
    let value = Fragment::scalar(fragment, scalar);
    let start = value.text.len() - value.text.trim_start().len();
    let range = start..start + value.text.trim().len();
    if range.is_empty() {
        return;
    }
    match Found::in_one_piece(&value, range, Evidence::Annotation) {
        Ok(found) => out.images.push(found),
        Err(invalid) => out.invalid.push(invalid),
    }
}

/// Notes the fields of Chart.yaml that templates read, as Helm has them: an
/// `appVersion: 1.10` without quotes is `1.1`.
pub(crate) fn chart_fields(
    fragment: &Fragment<'_>,
    tree: &Tree<'_>,
    chart: &Chart,
    lookup: &mut Lookup<'_>,
) {
    let Some(&root) = tree.documents().first() else { return };
    let field = |key: &str, text: &Option<String>| {
        let entry = tree.get(root, key)?;
        let Kind::Scalar(scalar) = &tree.node(tree.resolve(entry.value)).kind else { return None };
        let text = text.clone().filter(|text| !text.is_empty())?;
        Some(Piece { text, span: Fragment::scalar(fragment, scalar).whole().span })
    };
    lookup.app_version = field("appVersion", &chart.app_version);
    lookup.version = field("version", &chart.version);
    lookup.name = field("name", &chart.name);
}
