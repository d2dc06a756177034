//! Changes of a file's text.

use std::ops::Range;

/// Bytes of a text, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The first byte, from 0, in the text before any edit.
    pub start: usize,
    /// What stands there now.
    pub before: String,
    /// What is to stand there.
    pub after: String,
}

impl Edit {
    /// The bytes that it replaces.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.before.len()
    }
}

/// The text with all edits made; every byte outside of them stays. `None` when two of
/// them overlap, or the text does not have what one of them is to replace.
pub fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort();
    edits.dedup();
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if text.get(edit.range())? != edit.before {
            return None;
        }
        changed.push_str(text.get(at..edit.start)?);
        changed.push_str(&edit.after);
        at = edit.range().end;
    }
    changed.push_str(text.get(at..)?);
    Some(changed)
}

/// Where a byte of the changed text stands in the text before; `None` inside of an edit.
pub fn before(edits: &[Edit], at: usize) -> Option<usize> {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort();
    edits.dedup();
    // How far the text before is behind; an edit can make it shorter.
    let (mut more, mut less) = (0, 0);
    for edit in edits {
        let start = edit.start + more - less;
        if at < start {
            break;
        }
        if at < start + edit.after.len() {
            return None;
        }
        more += edit.after.len();
        less += edit.before.len();
    }
    Some(at + less - more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, before: &str, after: &str) -> Edit {
        Edit { start, before: before.to_owned(), after: after.to_owned() }
    }

    #[test]
    fn only_the_named_bytes_change() {
        let text = "a: x # é\r\nb: x\n";
        let edits = [edit(14, "x", "long"), edit(3, "x", "")];
        assert_eq!(apply(text, &edits).as_deref(), Some("a:  # é\r\nb: long\n"));
        assert_eq!(apply(text, &[]).as_deref(), Some(text));
        // One declaration that several images share is one edit.
        assert_eq!(apply("x", &[edit(0, "x", "y"), edit(0, "x", "y")]).as_deref(), Some("y"));
    }

    #[test]
    fn places_are_found_again() {
        let text = "ab cd ef";
        let edits = [edit(3, "cd", "x"), edit(0, "", "long ")];
        let after = apply(text, &edits).unwrap();
        for (at, word) in [(0, "ab"), (6, "ef")] {
            assert_eq!(before(&edits, after.find(word).unwrap()), Some(at));
        }
        assert_eq!(before(&edits, after.find('x').unwrap()), None);
    }

    #[test]
    fn what_does_not_fit_is_not_made() {
        for edits in [
            vec![edit(0, "b", "c")],
            vec![edit(0, "aé", "c"), edit(1, "é", "d")],
            vec![edit(0, "a", "c"), edit(0, "a", "d")],
            vec![edit(2, "x", "y")],
            vec![edit(9, "", "y")],
        ] {
            assert_eq!(apply("aé", &edits), None, "{edits:?}");
        }
    }
}
