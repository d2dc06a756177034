//! Whether a changed chart uses exactly the images that it should.

use chart_lint::model::{Image, Report};
use std::collections::BTreeMap;

/// What an image is known by: its chart, its reference, whether it is conditional, and
/// the files and lines of its declarations and uses. No edit adds or takes a line, so
/// that all but the reference has to stay.
type Key<'a> = (&'a str, &'a str, bool, Vec<(&'a str, u32)>, Vec<(&'a str, u32)>);

fn key<'a>(image: &'a Image, reference: &'a str) -> Key<'a> {
    let declared = image.declarations.iter().map(|declaration| &declaration.location);
    let used = image.uses.iter().map(|used| &used.location);
    let mut declared: Vec<_> = declared.map(|at| (&*at.path, at.start.line)).collect();
    let mut used: Vec<_> = used.map(|at| (&*at.path, at.start.line)).collect();
    for places in [&mut declared, &mut used] {
        places.sort_unstable();
        places.dedup();
    }
    (&*image.chart, reference, image.conditional, declared, used)
}

/// Compares the images of the charts for which `is_meant` is true. `moved` holds, for
/// each image of `before` that was to change, by its index, what it was to become.
///
/// # Errors
/// The first difference, in words.
pub(crate) fn same_but<'a>(
    before: &'a Report,
    after: &'a Report,
    moved: &'a BTreeMap<usize, String>,
    is_meant: impl Fn(&str) -> bool,
) -> Result<(), String> {
    let mut counts: BTreeMap<Key<'_>, i64> = BTreeMap::new();
    for (index, image) in before.images.iter().enumerate().filter(|(_, i)| is_meant(&i.chart)) {
        let reference = moved.get(&index).unwrap_or(&image.reference);
        *counts.entry(key(image, reference)).or_default() += 1;
    }
    for image in after.images.iter().filter(|image| is_meant(&image.chart)) {
        *counts.entry(key(image, &image.reference)).or_default() -= 1;
    }
    let mut odd = counts.into_iter().filter(|(_, count)| *count != 0);
    let Some(((_, reference, .., used), count)) = odd.next() else { return Ok(()) };
    let place = used.first().map(|(path, line)| format!(" at {path}:{line}")).unwrap_or_default();
    Err(if count > 0 {
        format!("`{reference}`{place} would no longer be used")
    } else {
        format!("`{reference}`{place} would be used, which was not meant")
    })
}
