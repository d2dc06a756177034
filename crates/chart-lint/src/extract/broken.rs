//! A manifest that is no YAML, as an exploration often prints it when it turns branches
//! that exclude one another: its `image:` lines, read one by one.

use super::found::{Extraction, Found, Site};
use super::fragment::Fragment;
use super::scan::Demand;
use super::text::running_text;
use super::words::{is_another_address, is_placeholder};
use super::yaml::Place;
use crate::model::Evidence;

/// Finds what stands behind `image:` on a line, whatever its registry, and everywhere
/// else what names a known one.
pub(super) fn manifest(fragment: &Fragment<'_>, place: &Place<'_>, out: &mut Extraction) {
    let mut at = 0;
    let mut rest = String::with_capacity(fragment.text.len());
    for line in fragment.text.split_inclusive('\n') {
        match image(line) {
            Some(value) => {
                let start = at + line.find(value).unwrap_or_default();
                let range = start..start + value.len();
                let site = fragment.site(range.clone());
                let evidence = place.evidence.unwrap_or(Evidence::Literal);
                if let Ok(mut found) = Found::in_one_piece(fragment, range, evidence) {
                    found.role = place.role;
                    let span = site.unwrap_or(found.primary);
                    found.uses.push(Site { span, kind: place.kind.clone(), container: None });
                    out.images.push(found);
                }
                // Read already; every offset stays.
                rest.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
            None => rest.push_str(line),
        }
        at += line.len();
    }
    running_text(&fragment.blanked(&rest), Demand::RegistryAndVersion, place, &[], out);
}

/// The value of an `image:` line, without quotes and comment.
fn image(line: &str) -> Option<&str> {
    let mut key = line.trim();
    while let Some(item) = key.strip_prefix("- ") {
        key = item.trim_start();
    }
    let value = key.strip_prefix("image:")?;
    let value = value.split(" #").next().unwrap_or(value).trim();
    let bare = |quote| value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote));
    let value = bare('"').or_else(|| bare('\'')).unwrap_or(value);
    let empty = value.is_empty() || value.contains(char::is_whitespace);
    (!empty && !is_placeholder(value) && !is_another_address(value)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use helm_engine::source::FileId;

    #[test]
    fn image_lines_are_found_in_what_is_no_yaml() {
        let text = "a: [\n- image: \"foo.example.com/a/b:1\" # x\n  image: c:2\nimage: auto\nimage:\n--x=ghcr.io/d/e:3\n";
        let mut out = Extraction::default();
        manifest(&Fragment::file(FileId(0), text), &Place::default(), &mut out);
        let found: Vec<&str> = out.images.iter().map(|image| image.reference.text()).collect();
        assert_eq!(found, ["foo.example.com/a/b:1", "c:2", "ghcr.io/d/e:3"]);
        for image in &out.images {
            let primary = &text[image.primary.start..image.primary.end];
            assert!(image.reference.text().starts_with(primary), "{primary}");
        }
    }
}
