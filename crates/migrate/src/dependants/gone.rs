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
    let Ok(real) = root.canonicalize() else { return Vec::new() };
    let found = match discover(std::slice::from_ref(&real), &real) {
        Ok(found) => found,
        Err(error) => {
            return vec![format!("what depends on the old versions was not looked for: {error}")];
        }
    };
    let mut notes = Vec::new();
    for chart in dependants(root, &found.charts) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_chart_is_found_that_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let gone = Versions::from([("a".to_owned(), ("1.0.1".to_owned(), "1.0.0".to_owned()))]);
        let notes = left(dir.path(), &Texts::new(dir.path()), &gone);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("what depends on the old versions was not"), "{notes:?}");
    }
}
