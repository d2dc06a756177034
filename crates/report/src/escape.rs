//! Text from charts is hostile: it must not drive a terminal, turn the
//! direction of a line, or break out of the format that it is shown in.

use std::borrow::Cow;

/// Whether a character may not reach a reader as it is: control characters
/// (a tab is fine), and those that change the direction or the lines of text.
pub fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One visible character in place of a hostile one, so that columns stay true.
pub(crate) fn visible(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

/// A text on one line: line feeds and all other hostile characters made visible.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hostile) {
        return Cow::Owned(
            text.chars().map(|c| if is_hostile(c) { visible(c) } else { c }).collect(),
        );
    }
    Cow::Borrowed(text)
}

/// A text in HTML, in an element or an attribute, on one line.
pub fn html(text: &str) -> String {
    let mut safe = String::new();
    for c in one_line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A snippet of several lines with its range: line feeds stay, carriage returns
/// before them go, the range follows its characters.
pub(crate) fn snippet(
    text: &str,
    range: std::ops::Range<usize>,
) -> (String, std::ops::Range<usize>) {
    let mut shown = String::with_capacity(text.len());
    let (mut start, mut end) = (None, None);
    for (at, c) in text.char_indices() {
        if at >= range.start {
            start.get_or_insert(shown.len());
        }
        if at >= range.end {
            end.get_or_insert(shown.len());
        }
        match c {
            '\n' => shown.push('\n'),
            '\u{feff}' if at == 0 => {}
            c if is_hostile(c) => shown.push(visible(c)),
            c => shown.push(c),
        }
    }
    let start = start.unwrap_or(shown.len());
    let end = end.unwrap_or(shown.len()).max(start);
    (shown, start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        assert_eq!(one_line("a\x1b[31m\nb\u{202e}c\u{9b}d\x7f"), "a␛[31m␊b\u{fffd}c\u{fffd}d␡");
        assert_eq!(one_line("tab\tand é"), "tab\tand é");
    }

    #[test]
    fn html_is_no_markup() {
        assert_eq!(html("<a b=\"c\">'&\n"), "&lt;a b=&quot;c&quot;&gt;&#39;&amp;␊");
    }

    #[test]
    fn a_range_follows_its_characters() {
        let text = "\u{feff}a\x1bb: ghcr.io\n";
        let at = text.find("ghcr.io").unwrap();
        let (shown, range) = snippet(text, at..at + 7);
        assert_eq!(&shown[range], "ghcr.io");
    }
}
