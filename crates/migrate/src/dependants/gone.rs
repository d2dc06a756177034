//! Charts that depend on a version which a rollback takes away.

use super::asked::{Follows, follows};
use super::{FILES, Versions, dependants};
use crate::migration::file_of;
use crate::rollback::texts::Texts;
use chart_lint::discover::discover;
use chart_lint::shell;
use std::path::Path;

/// What is left to do by hand in charts that ask for exactly the first of these versions, in
/// whose place is the second one. `texts` are the files as they are to be: those that are taken
/// back as well ask for the second one again.
pub(crate) fn left(root: &Path, texts: &Texts<'_>, gone: &Versions) -> Vec<String> {
    if gone.is_empty() {
        return Vec::new();
    }
    let found =
        root.canonicalize().ok().and_then(|root| discover(std::slice::from_ref(&root), &root).ok());
    let mut notes = Vec::new();
    for chart in dependants(root, &found.unwrap_or_default().charts) {
        let word = shell::word(&chart.display);
        for (file, _) in FILES {
            let file = file_of(&chart.display, file);
            let Some(text) = texts.existing(&file) else { continue };
            let Follows { versions, .. } = follows(&text, &chart.display, gone);
            for edit in versions {
                notes.push(format!(
                    "{file} depends on version {} of a chart that is {} again: take this one back, \
                     too, with `rollback --chart {word}`, or name {} there and run `helm \
                     dependency update {word}`",
                    edit.before, edit.after, edit.after
                ));
            }
        }
    }
    notes
}
