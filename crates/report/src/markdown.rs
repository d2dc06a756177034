//! Text from charts, in Markdown.

use crate::escape::one_line;

/// A cell that Markdown and HTML read as the text it is.
pub fn cell(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", escaped(text)) }
}

/// On one line, with everything that Markdown could take for markup, a link or a
/// mention as a character reference.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in one_line(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '\\' | '~' | '@' | '#' | '!' | ':'
            | '"' | '\'' => {
                safe.push_str(&format!("&#{};", c as u32));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Code in a line or a table: in backticks where that is safe, so that the source is
/// easy to read too.
pub fn code(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " ./:@-_+=,{}()<>*!".contains(c);
    if !text.is_empty() && text.trim() == text && text.chars().all(plain) {
        return format!("`{text}`");
    }
    cell(text)
}

/// Text of a chart or a policy as it is, on one line: readable in the source too, and
/// without markup, links or mentions. What stands in backticks is code, as conditions
/// have it.
pub fn prose(text: &str) -> String {
    let ticks = text.matches('`').count();
    let mut safe = String::new();
    for (index, part) in text.split('`').enumerate() {
        let opened = index % 2 == 1;
        if opened && index < ticks {
            safe.push_str(&code(part));
            continue;
        }
        if opened {
            safe.push_str("&#96;");
        }
        let line = one_line(part);
        let mut rest = line.chars().peekable();
        while let Some(c) = rest.next() {
            let markup = "&<>|*_[]\\~#@".contains(c);
            // A bare address becomes a link by itself.
            let address = c == ':' && rest.peek() == Some(&'/');
            if markup || address {
                safe.push_str(&format!("&#{};", c as u32));
            } else {
                safe.push(c);
            }
        }
    }
    safe.replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_plain_where_it_can_be() {
        assert_eq!(code("ghcr.io/a/b:1@sha256:0"), "`ghcr.io/a/b:1@sha256:0`");
        assert_eq!(code("a`b|c\n"), "<code>a&#96;b&#124;c␊</code>");
        assert_eq!(code("a\u{202e}b"), "<code>a\u{fffd}b</code>");
        assert_eq!(code(""), "");
    }

    #[test]
    fn prose_is_no_markup() {
        assert_eq!(prose("it's (only) a: b"), "it's (only) a: b");
        assert_eq!(prose("when `.Values.a`"), "when `.Values.a`");
        assert_eq!(prose("an open ` tick"), "an open &#96; tick");
        assert_eq!(prose("[x](https://y) @z"), "&#91;x&#93;(https&#58;//y) &#64;z");
        assert_eq!(prose("a\n| b"), "a␊&#124; b");
    }
}
