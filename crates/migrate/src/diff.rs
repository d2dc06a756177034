//! Unified diffs of edits that neither add nor take lines.

use std::fmt::Write;

/// Lines before and after a change that are shown with it.
const CONTEXT: usize = 3;

/// The diff of a file, as `patch` and `git apply` read it; empty when nothing differs.
/// Both texts have the same number of lines.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let changed: Vec<usize> =
        (0..old.len()).filter(|&line| old.get(line) != new.get(line)).collect();
    if changed.is_empty() {
        return String::new();
    }
    let mut text = format!("--- a/{path}\n+++ b/{path}\n");
    let mut rest = changed.as_slice();
    while let Some(&first) = rest.first() {
        // Changes whose context touches share a hunk.
        let near = |pair: &[usize]| pair[1] - pair[0] <= 2 * CONTEXT;
        let joined = rest.windows(2).take_while(|pair| near(pair)).count() + 1;
        let (hunk, later) = rest.split_at(joined);
        rest = later;
        let last = hunk.last().copied().unwrap_or(first);
        let from = first.saturating_sub(CONTEXT);
        let to = (last + 1 + CONTEXT).min(old.len());
        let count = to - from;
        let _ = writeln!(text, "@@ -{0},{count} +{0},{count} @@", from + 1);
        let mut line = from;
        while line < to {
            if !hunk.contains(&line) {
                put(&mut text, ' ', old[line]);
                line += 1;
                continue;
            }
            let run = (line..to).take_while(|line| hunk.contains(line)).count();
            old[line..line + run].iter().for_each(|old| put(&mut text, '-', old));
            new[line..line + run].iter().for_each(|new| put(&mut text, '+', new));
            line += run;
        }
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
}
