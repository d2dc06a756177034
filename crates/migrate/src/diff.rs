//! Unified diffs.

use crate::lines::{self, Run};
use std::fmt::Write;

/// Lines before and after a change that are shown with it.
const CONTEXT: usize = 3;

/// The diff of a file, as `patch` and `git apply` read it; empty when nothing differs.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let runs = lines::differing(&old, &new);
    if runs.is_empty() {
        return String::new();
    }
    let mut text = format!("--- a/{path}\n+++ b/{path}\n");
    let mut rest = runs.as_slice();
    while let Some(first) = rest.first() {
        // Changes whose context touches share a hunk.
        let near = |pair: &[Run]| pair[1].old.start - pair[0].old.end < 2 * CONTEXT;
        let joined = rest.windows(2).take_while(|pair| near(pair)).count() + 1;
        let (hunk, later) = rest.split_at(joined);
        rest = later;
        let last = hunk.last().unwrap_or(first);
        let shown = |start: usize, end: usize, all: usize| {
            start.saturating_sub(CONTEXT)..(end + CONTEXT).min(all)
        };
        let from = shown(first.old.start, last.old.end, old.len());
        let to = shown(first.new.start, last.new.end, new.len());
        let at = |lines: &std::ops::Range<usize>| {
            // A side without lines is named by the line before it.
            format!("{},{}", lines.start + usize::from(!lines.is_empty()), lines.len())
        };
        let _ = writeln!(text, "@@ -{} +{} @@", at(&from), at(&to));
        let mut line = from.start;
        for run in hunk {
            old[line..run.old.start].iter().for_each(|same| put(&mut text, ' ', same));
            old[run.old.clone()].iter().for_each(|old| put(&mut text, '-', old));
            new[run.new.clone()].iter().for_each(|new| put(&mut text, '+', new));
            line = run.old.end;
        }
        old[line..from.end].iter().for_each(|same| put(&mut text, ' ', same));
    }
    text
}

fn put(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_have_three_lines_around_them() {
        let before: String = (1..=20).map(|line| format!("l{line}\n")).collect();
        let after =
            before.replace("l2\n", "L2\n").replace("l6\n", "L6\n").replace("l20\n", "L20\n");
        insta::assert_snapshot!(unified("a/b.yaml", &before, &after));
        assert_eq!(unified("a", &before, &before), "");
    }

    #[test]
    fn a_missing_last_line_feed_is_said() {
        let expected = "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
        assert_eq!(unified("f", "a", "b"), expected);
    }

    #[test]
    fn added_and_taken_lines_are_shown() {
        let expected = "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n+n\n b\n";
        assert_eq!(unified("f", "a\nb\n", "a\nn\nb\n"), expected);
        let expected = "--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n a\n-n\n b\n";
        assert_eq!(unified("f", "a\nn\nb\n", "a\nb\n"), expected);
        assert_eq!(unified("f", "", "a\n"), "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n");
    }
}
