//! Unified diffs.

use crate::lines::{self, Run};
use report::escape::is_hostile;
use std::fmt::Write;

/// Lines before and after a change that are shown with it.
const CONTEXT: usize = 3;

/// The diff of a file, as `patch` and `git apply` read it; empty when nothing differs. A
/// side without a text is a file that is not there.
pub fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let side = |letter: char, text: Option<&str>| match text {
        Some(_) => name(&format!("{letter}/{path}")),
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

/// The name of a file as Git writes it: in quotes where a character could end its line or
/// is not to be seen, and with a tab behind it where a space in it could pass for its end.
fn name(path: &str) -> String {
    let end = if path.contains(' ') { "\t" } else { "" };
    if !path.chars().any(is_quoted) {
        return format!("{path}{end}");
    }
    let mut quoted = String::new();
    for c in path.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_quoted(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            c => quoted.push(c),
        }
    }
    format!("\"{quoted}\"{end}")
}

/// Letters of any script stay readable, as Git leaves them with `core.quotePath=false`.
fn is_quoted(c: char) -> bool {
    matches!(c, '"' | '\\' | '\t') || is_hostile(c)
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
    fn a_name_ends_where_it_ends_and_forges_no_line() {
        let head = |path| unified(path, Some("a\n"), Some("b\n"));
        let hostile = head("x\n+++ b/evil/\u{1b}]0;t\u{7}\u{202e}\"\\\t.yaml");
        let expected = r#"+++ "b/x\n+++ b/evil/\033]0;t\007\342\200\256\"\\\t.yaml""#;
        assert_eq!(hostile.lines().nth(1), Some(&*format!("{expected}\t")));
        assert_eq!(hostile.lines().filter(|line| line.starts_with("+++ ")).count(), 1);
        assert_eq!(head("ä/b.yaml").lines().next(), Some("--- a/ä/b.yaml"));
        assert_eq!(head("a b.yaml").lines().next(), Some("--- a/a b.yaml\t"));
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
