//! Where a digest is written.

use chart_lint::fix::edit::{Edit, apply};
use chart_lint::model::{Declaration, Image, Part};
use std::collections::BTreeMap;
use std::path::Path;

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PinEdit {
    path: String,
    edit: Edit,
}

/// The change that puts a digest behind the tag of an image; why there is none, else.
pub(super) fn of(image: &Image, digest: &str) -> Result<PinEdit, String> {
    let all = |part: Part| -> Vec<&Declaration> {
        image.declarations.iter().filter(|declaration| declaration.part == part).collect()
    };
    let (references, tags) = (all(Part::Reference), all(Part::Tag));
    let declaration = match (&references[..], &tags[..]) {
        ([whole], _) => whole,
        // What a runtime takes for a tag may well be `1.4@sha256:…`.
        ([], [tag]) if !tag.text.is_empty() => tag,
        _ => return Err("its tag stands nowhere in the chart by itself".to_owned()),
    };
    let location = &declaration.location;
    let before = location.text();
    // An escape or a folded line: other bytes than the text that they stand for.
    let is_plain = before == declaration.text
        && location.bytes.end - location.bytes.start == before.len()
        && declaration.from.is_none();
    if !is_plain {
        return Err("it is spelled with other bytes than those that it stands for".to_owned());
    }
    let after = format!("{before}@{digest}");
    let edit = Edit { start: location.bytes.start, before: before.to_owned(), after };
    Ok(PinEdit { path: location.path.to_string(), edit })
}

/// The files with all changes made, by their path below the root.
pub(super) fn files<'e>(
    root: &Path,
    edits: impl Iterator<Item = &'e PinEdit>,
) -> Result<BTreeMap<String, String>, String> {
    let mut by_file: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(&edit.path).or_default().push(edit.edit.clone());
    }
    by_file
        .into_iter()
        .map(|(path, edits)| {
            let changed = apply(&super::text(root, path)?, &edits);
            let changed = changed.ok_or_else(|| {
                format!("{path} has the same bytes for several images, or was changed since")
            })?;
            Ok((path.to_owned(), changed))
        })
        .collect()
}
