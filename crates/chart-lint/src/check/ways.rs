//! The ways of images, as a report shows them.

use crate::deployment::Given;
use crate::extract::{Found, Site, line};
use crate::model::{Label, Location};
use helm_engine::source::{SourceMap, Span};

/// The way to each use of an image, the declaration first.
pub(super) fn all(sources: &SourceMap, given: &Given, found: &Found) -> Vec<Vec<Label>> {
    found.uses.iter().map(|site| one(sources, given, found, site)).collect()
}

fn one(sources: &SourceMap, given: &Given, found: &Found, site: &Site) -> Vec<Label> {
    if site.span.file == found.primary.file && site.kind.is_none() && site.container.is_none() {
        // A text that was read and uses itself: there is no way to show.
        return Vec::new();
    }
    let way = found.ways.iter().find(|(use_, _)| *use_ == site.span).map(|(_, way)| way);
    let label = |span: Span, text: String| Label { location: Location::new(sources, span), text };
    let declared = match given.words(sources, found.primary) {
        // No file has it, so it is told where it is used.
        Some(flag) => label(site.span, format!("`{flag}`")),
        None => label(found.primary, format!("`{}`", line(sources, found.primary))),
    };
    let steps = way.into_iter().flat_map(|way| &way.steps);
    let steps = steps.map(|(span, text)| label(*span, format!("`{text}`")));
    let place = way.and_then(|way| way.place).unwrap_or(site.span);
    let used = match (&site.kind, &site.container) {
        (Some(kind), Some(container)) => format!("{kind} container `{container}`"),
        (Some(kind), None) => kind.clone(),
        (None, Some(container)) => format!("container `{container}`"),
        (None, None) => "used here".to_owned(),
    };
    let mut all: Vec<Label> =
        std::iter::once(declared).chain(steps).chain([label(place, used)]).collect();
    // A helper that spells the image is where it is declared and where it is printed:
    // that is one step, with the whole text of the second.
    let is_text = |label: &Label| label.text.starts_with('`');
    all.dedup_by(|next, first| {
        let same = next.location.start == first.location.start && is_text(next) && is_text(first);
        if same && next.location.path == first.location.path {
            std::mem::swap(next, first);
            return true;
        }
        false
    });
    all
}
