//! The lines of one file that a migration changed, found again and taken back.
//!
//! A journal is a file that a pull request can change, and may be long: nothing here takes
//! more than one pass over the lines and one over the entries.

use crate::files::hash;
use crate::lines::{self, Run};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What was changed in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// The SHA-256 of the whole text before; `None` of a file that was not there.
    pub before: Option<String>,
    /// The SHA-256 of the whole text after.
    pub after: String,
    /// The lines that differ, from the first to the last.
    pub lines: Vec<LineEntry>,
}

/// A line that was changed or added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    /// Its number in the changed file, from 1, for readers.
    pub line: usize,
    /// Its text before, without the line feed; `None` when it was added.
    pub before: Option<String>,
    /// Its text after.
    pub after: String,
    /// Which of the equal lines of the changed file it is, from 0.
    pub nth: usize,
    /// How many equal lines the changed file has.
    pub of: usize,
}

/// Where the lines of a text are, by what they say.
struct Places<'t>(HashMap<&'t str, Vec<usize>>);

impl<'t> Places<'t> {
    fn of(lines: &[&'t str]) -> Self {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            places.entry(line).or_default().push(index);
        }
        Self(places)
    }

    /// The lines that say this, from the first to the last.
    fn of_line(&self, line: &str) -> &[usize] {
        self.0.get(line).map_or(&[], Vec::as_slice)
    }
}

impl FileEntry {
    /// Compares two texts, of which the second lacks no line of the first.
    pub fn new(path: &str, before: Option<&str>, after: &str) -> Self {
        let hash_before = before.map(hash);
        let before = before.unwrap_or_default();
        let old: Vec<&str> = before.split('\n').collect();
        let new: Vec<&str> = after.split('\n').collect();
        let changed = lines::differing(&old, &new).into_iter().flat_map(|Run { old, new }| {
            new.enumerate()
                .map(move |(at, line)| (line, Some(old.start + at).filter(|l| *l < old.end)))
        });
        let places = Places::of(&new);
        let entry = |(index, was): (usize, Option<usize>)| {
            let equal = places.of_line(new[index]);
            LineEntry {
                line: index + 1,
                before: was.map(|was| old[was].to_owned()),
                after: new[index].to_owned(),
                nth: equal.partition_point(|&other| other < index),
                of: equal.len(),
            }
        };
        Self {
            path: path.to_owned(),
            before: hash_before,
            after: hash(after),
            lines: changed.map(entry).collect(),
        }
    }

    /// True of a text that is as it was before the migration.
    pub(crate) fn is_undone(&self, text: &str) -> bool {
        Some(hash(text)) == self.before
    }

    /// True of a text to which the migration did not come, whatever else was changed: it has
    /// the lines of before and none of those of after. A line that was only added tells
    /// nothing by not being there: it may have been changed.
    fn is_untouched(&self, places: &Places<'_>) -> bool {
        let has = |line: &str| !places.of_line(line).is_empty();
        self.lines.iter().any(|entry| entry.before.is_some())
            && self.lines.iter().all(|entry| {
                !has(&entry.after) && entry.before.as_ref().is_none_or(|before| has(before))
            })
    }

    /// The text with the lines of the migration taken back, whatever else was changed
    /// since; the same text when they are not there, as in a migration that was
    /// interrupted before this file.
    ///
    /// # Errors
    /// The first line that cannot be told from others, or was changed since.
    pub fn undo(&self, text: &str) -> Result<String, &LineEntry> {
        if self.is_undone(text) {
            return Ok(text.to_owned());
        }
        let current: Vec<&str> = text.split('\n').collect();
        let places = Places::of(&current);
        if self.is_untouched(&places) {
            return Ok(text.to_owned());
        }
        let mut undone: Vec<Option<&str>> = current.iter().copied().map(Some).collect();
        for entry in &self.lines {
            let equal = places.of_line(&entry.after);
            match equal.get(entry.nth) {
                Some(&index) if equal.len() == entry.of => undone[index] = entry.before.as_deref(),
                _ => return Err(entry),
            }
        }
        if hash(text) != self.after {
            let orphaning = orphaning(&current, &undone);
            if let Some(entry) = self.lines.iter().find(|entry| orphaning.contains(&*entry.after)) {
                return Err(entry);
            }
        }
        Ok(undone.into_iter().flatten().collect::<Vec<_>>().join("\n"))
    }
}

/// What added lines say under which there are others since, which would then stand under
/// another key.
fn orphaning<'t>(current: &[&'t str], undone: &[Option<&str>]) -> HashSet<&'t str> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let says_something = |line: &str| !line.trim().is_empty() && !line.trim().starts_with('#');
    let mut found = HashSet::new();
    // From below: the next line that says something, and that at or under the next one that
    // stays.
    let (mut next, mut next_that_stays) = (None, None);
    for (&line, undone) in current.iter().zip(undone).rev() {
        if undone.is_none() && next_that_stays.is_some_and(|next| next > indentation(line)) {
            found.insert(line);
        }
        if says_something(line) {
            next = Some(indentation(line));
        }
        if undone.is_some() {
            next_that_stays = next;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEFORE: &str = "a: x\r\nb: x\nc: y\nd: x";
    const AFTER: &str = "a: x\r\nb: y\nc: y\nd: y";

    #[test]
    fn a_file_is_given_back() {
        let entry = FileEntry::new("f", Some(BEFORE), AFTER);
        assert_eq!(entry.lines.len(), 2);
        assert_eq!(entry.undo(AFTER).unwrap(), BEFORE);
        // Interrupted before this file: nothing is to be undone.
        assert_eq!(entry.undo(BEFORE).unwrap(), BEFORE);
    }

    #[test]
    fn equal_lines_are_told_apart_by_their_order() {
        let (before, after) = ("a\nx\nb\na\n", "b\nx\nb\nb\n");
        let entry = FileEntry::new("f", Some(before), after);
        assert_eq!(entry.undo(after).unwrap(), before);
        assert_eq!(entry.undo("new\nb\nx\nb\nmore\nb\n").unwrap(), "new\na\nx\nb\nmore\na\n");
    }

    #[test]
    fn later_changes_elsewhere_stay_and_in_the_line_are_refused() {
        let entry = FileEntry::new("f", Some(BEFORE), AFTER);
        let moved = format!("# new\n{}", AFTER.replace("c: y", "c: z"));
        let back = format!("# new\n{}", BEFORE.replace("c: y", "c: z"));
        assert_eq!(entry.undo(&moved).unwrap(), back);
        assert_eq!(entry.undo(&AFTER.replace("b: y", "b: z")).unwrap_err().line, 2);
        assert_eq!(entry.undo(&format!("{AFTER}\nd: y")).unwrap_err().after, "d: y");
    }

    #[test]
    fn a_file_that_the_migration_did_not_come_to_stays_as_it_was_edited() {
        let entry = FileEntry::new("f", Some("a: x\nb: 1\n"), "a: y\nb: 1\nsub: z\n");
        let edited = "# mine\na: x\nb: 2\n";
        assert_eq!(entry.undo(edited).unwrap(), edited);
        // Half of it is no such file, and neither is one in which the line was changed.
        assert_eq!(entry.undo("a: y\nb: 2\n").unwrap_err().after, "sub: z");
        assert_eq!(entry.undo("a: w\nb: 2\n").unwrap_err().after, "a: y");
        let added = FileEntry::new("f", Some("b: 1\n"), "b: 1\nsub: z\n");
        assert_eq!(added.undo("b: 1\nsub: w\n").unwrap_err().after, "sub: z");
    }

    #[test]
    fn added_lines_go_unless_something_was_put_under_them() {
        let (before, after) = ("a: x\nb: 1", "a: y\nb: 1\nsub:\n  image: z");
        let entry = FileEntry::new("f", Some(before), after);
        assert_eq!(entry.lines.iter().filter(|line| line.before.is_none()).count(), 2);
        assert_eq!(entry.undo(after).unwrap(), before);
        assert_eq!(entry.undo(&format!("{after}\nc: 2\n")).unwrap(), "a: x\nb: 1\nc: 2\n");
        assert_eq!(entry.undo(&format!("{after}\n  more: 1\n")).unwrap_err().after, "sub:");
    }

    /// [`FileEntry::undo`] as one would say it, whatever time that takes.
    fn undo_slowly<'e>(of: &'e FileEntry, text: &str) -> Result<String, &'e LineEntry> {
        let current: Vec<&str> = text.split('\n').collect();
        let has = |line: &str| current.contains(&line);
        let is_untouched = of.lines.iter().any(|entry| entry.before.is_some())
            && of.lines.iter().all(|entry| {
                !has(&entry.after) && entry.before.as_ref().is_none_or(|before| has(before))
            });
        if of.is_undone(text) || is_untouched {
            return Ok(text.to_owned());
        }
        let mut undone: Vec<Option<&str>> = current.iter().copied().map(Some).collect();
        for entry in &of.lines {
            let equal: Vec<usize> =
                (0..current.len()).filter(|&index| current[index] == entry.after).collect();
            match equal.get(entry.nth) {
                Some(&index) if equal.len() == entry.of => undone[index] = entry.before.as_deref(),
                _ => return Err(entry),
            }
        }
        let indentation = |line: &str| line.len() - line.trim_start().len();
        let orphans = |entry: &&LineEntry| {
            let is_it = |&index: &usize| undone[index].is_none() && current[index] == entry.after;
            (0..current.len()).filter(is_it).any(|index| {
                let stays = (index + 1..current.len()).find(|&below| undone[below].is_some());
                let below = &current[stays.unwrap_or(current.len())..];
                let says_something = |l: &&&str| !l.trim().is_empty() && !l.trim().starts_with('#');
                let next = below.iter().find(says_something);
                next.is_some_and(|next| indentation(next) > indentation(&entry.after))
            })
        };
        match of.lines.iter().find(orphans).filter(|_| hash(text) != of.after) {
            Some(entry) => Err(entry),
            None => Ok(undone.into_iter().flatten().collect::<Vec<_>>().join("\n")),
        }
    }

    fn a_text() -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::vec(prop::sample::select(vec!["a", " a", "  a", "b", "# c", ""]), 0..9)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn every_text_is_undone_as_the_slow_way_does(
            before in a_text(),
            added in prop::collection::vec((0..9usize, any::<bool>(), 0..4usize), 0..5),
            later in prop::collection::vec((0..14usize, 0..6usize), 0..3),
        ) {
            let mut after = before.clone();
            for (at, adds, what) in added {
                let line = ["y", " y", "  y", "a"][what];
                let at = at.min(after.len());
                if adds || at == after.len() {
                    after.insert(at, line);
                } else {
                    after[at] = line;
                }
            }
            let entry = FileEntry::new("f", Some(&before.join("\n")), &after.join("\n"));
            let mut now = after;
            for (at, what) in later {
                let at = at.min(now.len());
                match (["y", " a", "   n", "# c", ""].get(what), at < now.len()) {
                    (Some(line), _) => now.insert(at, line),
                    (None, true) => drop(now.remove(at)),
                    (None, false) => {}
                }
            }
            for text in [now.join("\n"), before.join("\n")] {
                prop_assert_eq!(entry.undo(&text), undo_slowly(&entry, &text));
            }
        }
    }

    #[test]
    fn many_lines_take_no_time() {
        let of = 60_000;
        let [before, after] = ["b\n", "a\n# c\n"].map(|lines| lines.repeat(of));
        let started = std::time::Instant::now();
        let mut entry = FileEntry::new("f", Some(&before), &before.replace('b', "a"));
        assert_eq!(
            entry.undo(&format!("{after}x")).unwrap(),
            format!("{}x", "b\n# c\n".repeat(of))
        );
        entry.lines.iter_mut().for_each(|line| line.before = None);
        assert_eq!(entry.undo(&format!("{after}x")).unwrap(), format!("{}x", "# c\n".repeat(of)));
        assert_eq!(entry.undo(&format!("{after} x")).unwrap_err().line, 1);
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
