//! Unified diffs.

use crate::lines::{self, Run};
use std::fmt::Write;

/// Lines before and after a change that are shown with it.
const CONTEXT: usize = 3;

/// The diff of a file, as `patch` and `git apply` read it; empty when nothing differs. A
/// side without a text is a file that is not there.
pub fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let side = |letter: char, text: Option<&str>| match text {
        Some(_) => format!("{letter}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let head = format!("--- {}\n+++ {}\n", side('a', before), side('b', after));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let runs = lines::differing(&old, &new);
    if runs.is_empty() {
        return String::new();
    }
    let mut text = head;
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
        insta::assert_snapshot!(unified("a/b.yaml", Some(&before), Some(&after)));
        assert_eq!(unified("a", Some(&before), Some(&before)), "");
    }

    #[test]
    fn a_missing_last_line_feed_is_said() {
        let expected = "--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
        assert_eq!(unified("f", Some("a"), Some("b")), expected);
    }

    #[test]
    fn added_and_taken_lines_are_shown() {
        let expected = "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\n+n\n b\n";
        assert_eq!(unified("f", Some("a\nb\n"), Some("a\nn\nb\n")), expected);
        let expected = "--- a/f\n+++ b/f\n@@ -1,3 +1,2 @@\n a\n-n\n b\n";
        assert_eq!(unified("f", Some("a\nn\nb\n"), Some("a\nb\n")), expected);
        let expected = "--- a/f\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n";
        assert_eq!(unified("f", Some(""), Some("a\n")), expected);
    }

    #[test]
    fn a_file_that_comes_or_goes_is_said() {
        let expected = "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+a\n";
        assert_eq!(unified("f", None, Some("a\n")), expected);
        let expected = "--- a/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n";
        assert_eq!(unified("f", Some("a\n"), None), expected);
    }
}
