//! Text that may or may not be YAML: a manifest, a file that a template brings, a
//! string of values.

use super::definitions::only_definitions;
use super::found::{Extraction, Found, Site};
use super::fragment::Fragment;
use super::lookup::Lookup;
use super::scan::{self, Demand};
use super::yaml::{self, Place};
use crate::model::Evidence;
use yaml_span::{Kind, Tree};

/// Text that may be YAML: walked when it is, else scanned.
pub(super) fn document(
    fragment: &Fragment<'_>,
    place: &Place<'_>,
    route: &[String],
    out: &mut Extraction,
) {
    if only_definitions(fragment.text) {
        return;
    }
    if may_name_an_image(fragment.text)
        && let Ok(tree) = yaml_span::parse(fragment.text)
        && !is_prose(&tree)
    {
        // The layers of values hold nothing about a manifest.
        let place = Place {
            lookup: Lookup { registries: place.lookup.registries, ..Lookup::default() },
            tags: None,
            ..place.clone()
        };
        yaml::extract(fragment, &tree, &place, out);
    } else {
        running_text(fragment, Demand::RegistryAndVersion, place, route, out);
    }
}

/// True when every document is one scalar.
pub(super) fn is_prose(tree: &Tree<'_>) -> bool {
    tree.documents().iter().all(|&root| matches!(tree.node(root).kind, Kind::Scalar(_)))
}

/// Running text: only references that are sure.
pub(super) fn running_text(
    fragment: &Fragment<'_>,
    demand: Demand,
    place: &Place<'_>,
    route: &[String],
    out: &mut Extraction,
) {
    let evidence = place.evidence.unwrap_or(Evidence::Literal);
    for range in scan::references(fragment.text, demand, place.lookup.registries) {
        let site = fragment.site(range.clone());
        if let Ok(mut found) = Found::in_one_piece(fragment, range, evidence) {
            found.role = place.role;
            match site {
                Some(span) => {
                    found.uses.push(Site { span, kind: place.kind.clone(), container: None })
                }
                None => found.route = route.to_vec(),
            }
            out.images.push(found);
        }
    }
}

/// A cheap look that spares the parse of files without a candidate.
pub(super) fn may_name_an_image(text: &str) -> bool {
    ["mage", "MAGE"]
        .iter()
        .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
