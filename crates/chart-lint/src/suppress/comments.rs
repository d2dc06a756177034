//! Where comments stand, and which line they speak of.

use super::MARKER;
use memchr::{memchr, memchr_iter, memmem};
use std::ops::Range;

/// The comments of a text, found without parsing it: lines that start with
/// `#`, a `#` after a blank that a suppression follows at once, and template
/// comments.
///
/// It serves templates, whose YAML is known only once they are evaluated, and
/// files of another revision. A text without the marker has no comment that
/// matters, so the answer is empty.
pub fn in_text(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    if memmem::find(bytes, MARKER.as_bytes()).is_none() {
        return found;
    }
    let mut closes = Closes { text, next: Some(0) };
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        if let Some(comment) = template_comment(text, at, end, &mut closes) {
            // What stands before it on the line may hold a `#` comment that
            // swallows it; the reach is the same, so it need not be told apart.
            at = comment.end;
            found.push(comment);
            continue;
        }
        found.extend(yaml_comment(text, at, end));
        at = end + 1;
    }
    found
}

/// `{{- /* … */ -}}` that opens between `from` and `to`.
fn template_comment(
    text: &str,
    from: usize,
    to: usize,
    closes: &mut Closes<'_>,
) -> Option<Range<usize>> {
    let mut at = from;
    while let Some(n) = memmem::find(&text.as_bytes()[at..to], b"{{") {
        let open = at + n;
        at = open + 2;
        let body = &text[at..];
        let body = body.strip_prefix('-').unwrap_or(body).trim_start();
        if body.starts_with("/*") {
            let close = closes.from(text.len() - body.len() + 2)? + 2;
            let tail = text[close..].trim_start();
            let tail = tail.strip_prefix('-').unwrap_or(tail);
            if let Some(tail) = tail.strip_prefix("}}") {
                return Some(open..text.len() - tail.len());
            }
        }
    }
    None
}

/// The next `*/`. It is remembered, so that a thousand comments that never
/// close do not each search the whole file.
struct Closes<'t> {
    text: &'t str,
    next: Option<usize>,
}

impl Closes<'_> {
    /// The first `*/` at or after an offset; offsets must not fall.
    fn from(&mut self, offset: usize) -> Option<usize> {
        let known = self.next?;
        if known < offset || !self.text[known..].starts_with("*/") {
            let found = memmem::find(&self.text.as_bytes()[offset..], b"*/");
            self.next = found.map(|n| offset + n);
        }
        self.next
    }
}

fn yaml_comment(text: &str, from: usize, to: usize) -> Option<Range<usize>> {
    let line = &text[from..to];
    let line = line.strip_suffix('\r').unwrap_or(line);
    let start = memchr_iter(b'#', line.as_bytes()).find(|&i| {
        let before = &line[..i];
        before.trim_start_matches('\u{feff}').trim().is_empty()
            || (before.ends_with([' ', '\t'])
                && line[i..].trim_start_matches('#').trim_start().starts_with(MARKER))
    })?;
    Some(from + start..from + line.len())
}

/// Which lines hold nothing but comments.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// The offsets at which lines start.
    starts: Vec<usize>,
    /// First and last line (from 1) of each comment that stands alone.
    alone: Vec<(u32, u32)>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str, comments: &[Range<usize>]) -> Self {
        let starts =
            std::iter::once(0).chain(memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1)).collect();
        let mut lines = Self { text, starts, alone: Vec::new() };
        lines.alone = comments
            .iter()
            .filter(|comment| lines.stands_alone(comment))
            .map(|comment| lines.of(comment))
            .collect();
        lines.alone.sort_unstable();
        lines
    }

    /// The line (from 1) that a comment speaks of: its own when it stands
    /// beside something, else the next one that is no comment.
    pub(super) fn applies_to(&self, comment: &Range<usize>) -> u32 {
        let (first, last) = self.of(comment);
        if !self.stands_alone(comment) {
            return if self.blank_before(comment) { last } else { first };
        }
        let mut next = last + 1;
        let below = self.alone.partition_point(|&(first, _)| first <= last);
        for &(first, last) in &self.alone[below..] {
            if first > next {
                break;
            }
            next = last + 1;
        }
        next
    }

    fn of(&self, comment: &Range<usize>) -> (u32, u32) {
        let line = |offset| self.starts.partition_point(|&start| start <= offset) as u32;
        (line(comment.start), line(comment.end.saturating_sub(1).max(comment.start)))
    }

    fn stands_alone(&self, comment: &Range<usize>) -> bool {
        self.blank_before(comment) && self.blank_after(comment)
    }

    /// The braces of a template's comment may lie outside of its range.
    fn blank_before(&self, comment: &Range<usize>) -> bool {
        let start = self.starts[..self.starts.partition_point(|&s| s <= comment.start)].last();
        let before = self.text.get(start.copied().unwrap_or(0)..comment.start).unwrap_or("");
        let before = before.trim_end().trim_end_matches("{{-").trim_end_matches("{{");
        before.trim_end().trim_end_matches('\u{feff}').is_empty()
    }

    fn blank_after(&self, comment: &Range<usize>) -> bool {
        const BLANK: [char; 3] = [' ', '\t', '\r'];
        let after = self.text.get(comment.end..).unwrap_or("").trim_start_matches(BLANK);
        let after = after.strip_prefix('-').filter(|a| a.starts_with("}}")).unwrap_or(after);
        let after = after.strip_prefix("}}").unwrap_or(after).trim_start_matches(BLANK);
        after.is_empty() || after.starts_with('\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_comments_of_both_kinds() {
        let text = "\u{feff}# chart-images\na: 'x # y' # chart-images: z\r\nb: {{ .x }}{{- /* c\nd */ -}} e\n{{ /* open";
        let found: Vec<&str> = in_text(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["# chart-images", "# chart-images: z", "{{- /* c\nd */ -}}"]);
    }

    #[test]
    fn a_text_without_the_marker_is_not_searched() {
        assert!(in_text("# a comment\n").is_empty());
    }

    #[test]
    fn braces_may_lie_outside_of_the_range() {
        let text = "{{- /* c */ -}}\nimage: x";
        let inner = 4..11;
        assert_eq!(&text[inner.clone()], "/* c */");
        assert_eq!(Lines::new(text, std::slice::from_ref(&inner)).applies_to(&inner), 2);
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_lines_exist(text in "(chart-images|[#{}/*é\u{feff} a\r\n-]){0,40}") {
            let found = in_text(&text);
            prop_assert!(found.windows(2).all(|w| w[0].end <= w[1].start));
            let lines = Lines::new(&text, &found);
            for comment in &found {
                prop_assert!(text.get(comment.clone()).is_some());
                prop_assert!(lines.applies_to(comment) as usize <= text.split('\n').count() + 1);
            }
        }
    }
}
