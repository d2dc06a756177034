//! Images that come to light when others move, since some place spells both.

use crate::edit::{self, Edit};
use crate::groups::{Group, moves};
use crate::migration::{ChartChange, Request, file_of, is_below};
use crate::propose::{self, Edits};
use chart_lint::model::{Image, Part};
use image_ref::Reference;

/// True when an image that came to light is one that moves, spelled at another place: then
/// its group is to change that place too.
pub(crate) fn moves_too(
    request: &Request<'_>,
    change: &ChartChange,
    image: &Image,
    groups: &mut [Group],
) -> bool {
    for group in groups {
        let mut indices = group.images().collect::<Vec<usize>>().into_iter();
        let edits = indices.find_map(|index| {
            same(request, index, image).or_else(|| default(request, change, index, image))
        });
        if let Some(edits) = edits {
            return add(request, change, group, edits);
        }
    }
    false
}

/// The edits of the very image that moves: for instance in a values file that a test gives,
/// which was hidden as long as both named the same.
fn same(request: &Request<'_>, index: usize, image: &Image) -> Option<Edits> {
    let moving = request.report.images.get(index)?;
    let is_same = (&moving.reference, &moving.chart) == (&image.reference, &image.chart);
    let edits = (is_same && moves(request, image)).then(|| propose::ways(image).ok())?;
    edits?.into_iter().next()
}

/// The edit of a registry that a template has for where the values give none: with the
/// repository that moves it would name an image that is nowhere.
fn default(
    request: &Request<'_>,
    change: &ChartChange,
    index: usize,
    image: &Image,
) -> Option<Edits> {
    let moving = request.report.images.get(index).filter(|moving| moving.chart == image.chart)?;
    let (before, after) = change.moved.get(&index)?;
    let (old, new) = (Reference::parse(before).ok()?, Reference::parse(after).ok()?);
    let found = Reference::parse(&image.reference).ok()?;
    let is_it = image.conditional
        && moving.registry == image.registry
        && found.repository() == new.repository();
    let mut registries =
        image.declarations.iter().filter(|declaration| declaration.part == Part::Registry);
    let registry = registries.next().filter(|_| is_it && registries.next().is_none())?;
    let edit = Edit {
        start: registry.location.bytes.start,
        before: old.registry().filter(|old| *old == &*registry.text)?.to_owned(),
        after: new.registry()?.to_owned(),
    };
    Some([(registry.location.path.to_string(), vec![edit])].into())
}

/// Adds edits of the changed files to a group, unless they are there, or of a copy, or would
/// change what is to stay.
fn add(request: &Request<'_>, change: &ChartChange, group: &mut Group, edits: Edits) -> bool {
    let copies = file_of(&change.chart, "charts");
    if edits.keys().any(|path| is_below(path, &copies)) {
        return false;
    }
    let mut added = false;
    for (path, edits) in edits {
        let file = change.files.iter().find(|file| file.path == path);
        let places = file.map(|file| file.edits.as_slice()).unwrap_or_default();
        for mut edit in edits {
            let Some(start) = edit::before(places, edit.start) else { return false };
            edit.start = start;
            let is_spelled = request.report.images.iter().any(|other| {
                other.declarations.iter().any(|declaration| {
                    let at = &declaration.location;
                    at.bytes.start == start && *at.path == *path && !moves(request, other)
                })
            });
            let there = group.also.entry(path.clone()).or_default();
            if is_spelled || there.contains(&edit) {
                return false;
            }
            there.push(edit);
            added = true;
        }
    }
    added
}
