//! Which bytes of a chart to change, so that an image becomes its replacement.

use super::edit::Edit;
use crate::model::{Declaration, Image, Part};
use image_ref::Reference;
use std::collections::BTreeMap;

/// The edits of one image, by the path of the file relative to the root.
pub type Edits = BTreeMap<String, Vec<Edit>>;

/// Why an image is not changed, and what to do by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why, without a full stop.
    pub because: String,
    /// What to do instead, as a sentence.
    pub instead: String,
}

impl Refusal {
    /// Because of something, with what to do instead.
    pub fn new(because: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { because: because.into(), instead: instead.into() }
    }
}

/// The ways in which an image's text becomes that of its replacement, in whatever way its
/// chart splits it: the registry and the repository in scalars of their own, both in one,
/// all in one. The first way is the plain one; with the next, the registry takes the path
/// along, so that every image keeps its repository.
///
/// # Errors
/// When the policy has no replacement, or the chart spells the image in a way that has
/// no bytes for a part of it.
pub fn ways(image: &Image) -> Result<Vec<Edits>, Refusal> {
    let Some(replacement) = &image.replacement else {
        return Err(Refusal::new(
            "the policy names no replacement",
            "Mirror it and add a line to `replacements`, or except it.",
        ));
    };
    let (Ok(old), Ok(new)) = (Reference::parse(&image.reference), Reference::parse(replacement))
    else {
        return Err(Refusal::new("its reference is not whole", "Change it by hand."));
    };
    let all = |part: Part| -> Vec<&Declaration> {
        image.declarations.iter().filter(|declaration| declaration.part == part).collect()
    };
    if let [whole] = all(Part::Reference)[..] {
        let after = swap(&whole.text, &name(&old), &name(&new)).ok_or_else(in_pieces)?;
        return Ok(vec![edits([(whole, after)])?]);
    }
    let repositories = all(Part::Repository);
    let registries = all(Part::Registry);
    let [registry] = registries[..] else {
        let pieces: Vec<&Declaration> = registries.into_iter().chain(repositories).collect();
        let (first, after) = begin(&pieces, &name(&old), &name(&new)).ok_or_else(in_pieces)?;
        return Ok(vec![edits([(first, after)])?]);
    };
    if old.registry() != Some(&*registry.text) {
        return Err(in_pieces());
    }
    let host = new.registry().unwrap_or_default().to_owned();
    if new.repository() == old.repository() {
        return Ok(vec![edits([(registry, host)])?]);
    }
    let mut ways = Vec::new();
    if let Some(first) = begin(&repositories, old.repository(), new.repository()) {
        ways.push(edits([(registry, host.clone()), first])?);
    }
    let path = new.repository().strip_suffix(old.repository());
    if let Some(path) = path.and_then(|path| path.strip_suffix('/')) {
        ways.push(edits([(registry, format!("{host}/{path}"))])?);
    }
    if ways.is_empty() { Err(in_pieces()) } else { Ok(ways) }
}

fn in_pieces() -> Refusal {
    Refusal::new(
        "the chart puts its name together from several pieces",
        "Change the pieces by hand; `lint --format json` lists them as `declarations`.",
    )
}

/// The first piece of a name, and how it is to begin for the whole to be the new name:
/// the path's end, which both names have, stays in whatever pieces it is.
fn begin<'d>(
    pieces: &[&'d Declaration],
    old: &str,
    new: &str,
) -> Option<(&'d Declaration, String)> {
    let first = *pieces.first()?;
    if let [one] = pieces
        && let Some(after) = swap(&one.text, old, new)
    {
        return Some((first, after));
    }
    let (olds, news) = (old.rsplit('/'), new.rsplit('/'));
    let tail = olds.zip(news).take_while(|(a, b)| a == b).map(|(a, _)| a.len() + 1).sum::<usize>();
    // One slash less than parts, unless all of the old name stays.
    let tail = tail.min(old.len() + 1).checked_sub(1)?;
    let head = |name: &str| name.len().checked_sub(tail);
    let (old_head, new_head) = (old.get(..head(old)?)?, new.get(..head(new)?)?);
    let rest = first.text.strip_prefix(old_head)?;
    (tail > 0 && old.starts_with(&*first.text)).then(|| (first, format!("{new_head}{rest}")))
}

/// A text that begins with the old name, with the new one instead; what follows the
/// name (a tag, a digest) stays.
fn swap(text: &str, old: &str, new: &str) -> Option<String> {
    let rest = text.strip_prefix(old)?;
    (rest.is_empty() || rest.starts_with([':', '@'])).then(|| format!("{new}{rest}"))
}

/// Registry and repository as written.
fn name(reference: &Reference) -> String {
    match reference.registry() {
        Some(registry) => format!("{registry}/{}", reference.repository()),
        None => reference.repository().to_owned(),
    }
}

fn edits<'d>(
    pieces: impl IntoIterator<Item = (&'d Declaration, String)>,
) -> Result<Edits, Refusal> {
    let mut edits = Edits::new();
    for (declaration, after) in pieces {
        push(&mut edits, declaration, after)?;
    }
    Ok(edits)
}

fn push(edits: &mut Edits, declaration: &Declaration, after: String) -> Result<(), Refusal> {
    let location = &declaration.location;
    let before = location.text();
    if before == after {
        return Ok(());
    }
    // An escape or a folded line: other bytes than the text that they stand for.
    if before != declaration.text || location.bytes.end - location.bytes.start != before.len() {
        let place = format!("{}:{}", location.path, location.start.line);
        return Err(Refusal::new(
            format!("it is spelled with escapes at {place}"),
            "Write it plainly there, then try again.",
        ));
    }
    let edit = Edit { start: location.bytes.start, before: before.to_owned(), after };
    edits.entry(location.path.to_string()).or_default().push(edit);
    Ok(())
}
