//! Which bytes of a chart to change, so that an image becomes its replacement.

use crate::edit::Edit;
use chart_lint::model::{Declaration, Image, Part};
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
    pub(crate) fn new(because: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { because: because.into(), instead: instead.into() }
    }
}

/// The edits that make an image its replacement, in whatever way its chart splits it:
/// the registry and the repository in scalars of their own, both in one, or all in one.
///
/// # Errors
/// When the policy has no replacement, or the chart spells the image in a way that has
/// no bytes for a part of it.
pub fn edits(image: &Image) -> Result<Edits, Refusal> {
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
    let registry = new.registry().unwrap_or_default();
    let written = old.registry();
    let repository = old.repository();
    let all = |part: Part| -> Vec<&Declaration> {
        image.declarations.iter().filter(|declaration| declaration.part == part).collect()
    };
    let mut edits = Edits::new();
    if let [whole] = all(Part::Reference)[..] {
        let after = swap_name(&whole.text, &old, &new).ok_or_else(in_pieces)?;
        push(&mut edits, whole, after)?;
        return Ok(edits);
    }
    let registries = all(Part::Registry);
    match (&registries[..], &all(Part::Repository)[..]) {
        ([], [one]) => {
            let after = swap_name(&one.text, &old, &new).ok_or_else(in_pieces)?;
            push(&mut edits, one, after)?;
        }
        ([first], [one]) if Some(&*first.text) == written => {
            let after = swap(&one.text, repository, new.repository()).ok_or_else(in_pieces)?;
            push(&mut edits, first, registry.to_owned())?;
            push(&mut edits, one, after)?;
        }
        // The repository stays, however it is spelled.
        ([first], _) if Some(&*first.text) == written && new.repository() == repository => {
            push(&mut edits, first, registry.to_owned())?;
        }
        _ => return Err(in_pieces()),
    }
    Ok(edits)
}

fn in_pieces() -> Refusal {
    Refusal::new(
        "the chart puts its name together from several pieces",
        "Change the pieces by hand; `lint --format json` lists them as `declarations`.",
    )
}

fn swap_name(text: &str, old: &Reference, new: &Reference) -> Option<String> {
    swap(text, &name(old), &name(new))
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
