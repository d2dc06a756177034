//! Images of what the templates print, evaluated as Helm does.
//!
//! Each is exact: its text is what Helm renders, and its pieces are the bytes of
//! values, templates and Chart.yaml that the evaluation copied it from.

use super::broken;
use super::definitions::only_definitions;
use super::found::{Extraction, Found, Site};
use super::fragment::Fragment;
use super::lookup::Lookup;
use super::registries::Registries;
use super::scan::Demand;
use super::text::{document, is_prose, may_name_an_image, running_text};
use super::yaml::{self, Place};
use crate::model::{Evidence, Rendering, Role};
use helm_engine::source::{FileId, Span};
use helm_engine::value::Text;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::{Range, RangeInclusive};

/// Finds the images of one rendered template.
pub(super) fn extract(
    text: &Text,
    (file, role): (FileId, Option<Role>),
    registries: Registries<'_>,
    out: &mut Extraction,
) {
    // What is not UTF-8 is no manifest.
    let Ok(utf8) = std::str::from_utf8(text.bytes()) else { return };
    let lookup = Lookup { registries, ..Lookup::default() };
    let place = Place { role, lookup, evidence: Some(Evidence::Evaluation), ..Place::default() };
    let fragment = Fragment::rendered(text, utf8, file);
    match may_name_an_image(utf8).then(|| yaml_span::parse(utf8)) {
        Some(Ok(tree)) if !is_prose(&tree) => {
            if !only_definitions(utf8) {
                yaml::extract(&fragment, &tree, &place, out);
            }
        }
        // A manifest that is not YAML takes no other with it.
        Some(Err(_)) => {
            for range in documents(utf8) {
                let (one, utf8) = (text.slice(range.clone()), &utf8[range]);
                let fragment = Fragment::rendered(&one, utf8, file);
                match yaml_span::parse(utf8) {
                    Ok(_) => document(&fragment, &place, &[], out),
                    Err(_) => broken::manifest(&fragment, &place, out),
                }
            }
        }
        _ => running_text(&fragment, Demand::RegistryAndVersion, &place, &[], out),
    }
}

/// The documents of a text, by their `---` lines.
fn documents(text: &str) -> Vec<Range<usize>> {
    let mut documents = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") && at > start {
            documents.push(start..at);
            start = at;
        }
        at += line.len();
    }
    documents.push(start..text.len());
    documents
}

/// What evaluation found in a whole tree of charts: it outweighs what reading made
/// of the same bytes.
#[derive(Debug, Default)]
pub(super) struct Evaluated {
    /// The bytes that name a repository.
    names: HashSet<Span>,
    /// Where templates print images: the offsets in each file.
    places: HashMap<FileId, BTreeSet<usize>>,
    /// Where they print nothing for an image.
    blanks: HashMap<FileId, BTreeSet<usize>>,
    /// Whether there was an evaluation.
    pub(super) ran: bool,
    /// Whether it had all that it needs and came to its end: no template failed, no
    /// chart is missing, nothing was too much.
    pub(super) complete: bool,
    /// What it renders, when that is asked for.
    pub(super) rendering: Option<Rendering>,
    /// Whether there was too much of it.
    pub(super) dropped: bool,
    /// The files that it executed, with the error of those that failed.
    pub(super) executed: HashMap<FileId, Option<String>>,
    /// The files that are text to it.
    pub(super) data: HashSet<FileId>,
}

impl Evaluated {
    /// Notes the images that evaluation found.
    pub(super) fn note<'f>(&mut self, images: impl IntoIterator<Item = &'f Found>) {
        for found in images.into_iter().filter(|found| found.evidence == Evidence::Evaluation) {
            self.names.extend(found.names());
            self.reach(&found.uses);
        }
    }

    /// Notes where images are printed.
    pub(super) fn reach<'s>(&mut self, sites: impl IntoIterator<Item = &'s Site>) {
        for site in sites {
            self.places.entry(site.span.file).or_default().insert(site.span.start);
        }
    }

    /// Notes where nothing is printed for an image.
    pub(super) fn blank<'s>(&mut self, sites: impl IntoIterator<Item = &'s Site>) {
        for site in sites {
            self.blanks.entry(site.span.file).or_default().insert(site.span.start);
        }
    }

    /// True when evaluation found an image with this repository.
    pub(super) fn names(&self, identity: Span) -> bool {
        self.names.contains(&identity)
    }

    /// True when evaluation printed an image at a use, or right before it: a quote
    /// may stand between.
    pub(super) fn printed(&self, site: Span) -> bool {
        near(&self.places, site)
    }

    /// True when evaluation printed nothing there.
    pub(super) fn left_blank(&self, site: Span) -> bool {
        near(&self.blanks, site)
    }
}

/// A use, and right before it: a quote may stand between.
fn around(site: Span) -> RangeInclusive<usize> {
    site.start.saturating_sub(2)..=site.end
}

fn near(places: &HashMap<FileId, BTreeSet<usize>>, site: Span) -> bool {
    places.get(&site.file).is_some_and(|at| at.range(around(site)).next().is_some())
}

/// True when a place where something is printed is that of a use.
pub(super) fn is_at(printed: Span, site: Span) -> bool {
    printed.file == site.file && around(site).contains(&printed.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use helm_engine::value::{Origin, TextBuilder};

    const FILE: FileId = FileId(7);
    const VALUES: FileId = FileId(3);

    /// The declarations of the only image of a pod: `start..end text`.
    fn declared(image: impl FnOnce(&mut TextBuilder)) -> Vec<(Span, String)> {
        let mut text = TextBuilder::default();
        text.push_str("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ");
        image(&mut text);
        let mut out = Extraction::default();
        extract(&text.finish(), (FILE, None), Registries::default(), &mut out);
        assert_eq!(out.images.len(), 1);
        let pieces = out.images.remove(0).declarations.into_iter();
        pieces.map(|(_, piece)| (piece.span, piece.text)).collect()
    }

    #[test]
    fn what_is_rewritten_letter_by_letter_is_one_declaration() {
        let found = declared(|text| {
            for (at, letter) in "ghcr.io/acme/web:1".bytes().enumerate() {
                text.push_bytes(&[letter], Origin::spelled(Span::new(VALUES, 20 + at..21 + at)));
            }
        });
        assert_eq!(found, [(Span::new(VALUES, 20..38), "ghcr.io/acme/web:1".to_owned())]);
    }

    #[test]
    fn a_separator_declares_nothing() {
        let copied = |text: &mut TextBuilder, piece: &str, at| {
            text.push_bytes(piece.as_bytes(), Origin::copied(VALUES, at));
        };
        let found = declared(|text| {
            copied(text, "ghcr.io", 40);
            copied(text, "/", 10);
            copied(text, "web", 60);
        });
        let spans: Vec<Span> = found.into_iter().map(|(span, _)| span).collect();
        assert_eq!(spans, [Span::new(VALUES, 40..47), Span::new(VALUES, 60..63)]);
    }

    #[test]
    fn what_no_source_spells_stands_in_the_file_that_prints_it() {
        let found = declared(|text| text.push_str("ghcr.io/acme/web:1"));
        assert_eq!(found, [(Span::new(FILE, 0..0), "ghcr.io/acme/web:1".to_owned())]);
    }
}
