//! `*` and `**` over text that is split into parts.
//!
//! The cost is bounded by the product of the lengths, whatever the pattern.

use std::ops::Range;

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Token {
    /// This byte.
    Byte(u8),
    /// Any text without the separator.
    Star,
    /// Any text.
    DoubleStar,
}

/// Splits a pattern.
pub(crate) fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut bytes = pattern.bytes().peekable();
    while let Some(byte) = bytes.next() {
        tokens.push(match byte {
            b'*' if bytes.next_if_eq(&b'*').is_some() => Token::DoubleStar,
            b'*' => Token::Star,
            byte => Token::Byte(byte),
        });
    }
    tokens
}

/// What each wildcard matched, in order; the earlier ones match as little as they can.
pub(crate) fn captures(tokens: &[Token], text: &str, separator: u8) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    // `reaches[i]` tells from which offsets the tokens from `i` on match the rest.
    let width = bytes.len() + 1;
    let mut reaches = vec![false; width * (tokens.len() + 1)];
    reaches[width * tokens.len() + bytes.len()] = true;
    for (i, token) in tokens.iter().enumerate().rev() {
        for at in (0..width).rev() {
            let goes_on = |wild: bool| wild && at < bytes.len() && reaches[width * i + at + 1];
            let reached = match token {
                Token::Byte(b) => {
                    at < bytes.len() && bytes[at] == *b && reaches[width * (i + 1) + at + 1]
                }
                Token::Star => {
                    reaches[width * (i + 1) + at]
                        || goes_on(at < bytes.len() && bytes[at] != separator)
                }
                Token::DoubleStar => reaches[width * (i + 1) + at] || goes_on(true),
            };
            reaches[width * i + at] = reached;
        }
    }
    if !reaches[0] {
        return None;
    }
    let mut captured = Vec::new();
    let mut at = 0;
    for (i, token) in tokens.iter().enumerate() {
        if matches!(token, Token::Byte(_)) {
            at += 1;
            continue;
        }
        let start = at;
        while !reaches[width * (i + 1) + at] {
            at += 1;
        }
        captured.push(start..at);
    }
    Some(captured)
}

/// Whether some text matches both patterns.
pub(crate) fn overlap(a: &[Token], b: &[Token], separator: u8) -> bool {
    let takes = |wild: &Token, other: &Token| match (wild, other) {
        (Token::Byte(_), _) => false,
        (Token::Star, Token::Byte(byte)) => *byte != separator,
        _ => true,
    };
    let width = b.len() + 1;
    // `meets[i][j]` tells whether the tokens from `i` and from `j` on do.
    let mut meets = vec![false; width * (a.len() + 1)];
    for i in (0..=a.len()).rev() {
        for j in (0..=b.len()).rev() {
            let from = |i: usize, j: usize| meets[width * i + j];
            meets[width * i + j] = match (a.get(i), b.get(j)) {
                (None, None) => true,
                (Some(Token::Byte(_)), None) | (None, Some(Token::Byte(_))) => false,
                (Some(_), None) => from(i + 1, j),
                (None, Some(_)) => from(i, j + 1),
                (Some(Token::Byte(x)), Some(Token::Byte(y))) => x == y && from(i + 1, j + 1),
                (Some(x), Some(y)) => {
                    // A wildcard ends here, or takes what the other pattern has.
                    let ends = |wild: &Token| !matches!(wild, Token::Byte(_));
                    (ends(x) || takes(y, x)) && from(i + 1, j)
                        || (ends(y) || takes(x, y)) && from(i, j + 1)
                }
            };
        }
    }
    meets[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
        captures(&tokens(pattern), text, b'/').map(|c| c.into_iter().map(|r| &text[r]).collect())
    }

    #[test]
    fn stars() {
        assert_eq!(matched("a/*", "a/b"), Some(vec!["b"]));
        assert_eq!(matched("a/*", "a/b/c"), None);
        assert_eq!(matched("a/**", "a/b/c"), Some(vec!["b/c"]));
        assert_eq!(matched("*-x", "a-x-x"), Some(vec!["a-x"]));
        assert_eq!(matched("**/*", "a/b/c"), Some(vec!["a/b", "c"]));
        assert_eq!(matched("", ""), Some(vec![]));
    }

    #[test]
    fn patterns_overlap_where_some_text_matches_both() {
        for (a, b, meant) in [
            ("a/b", "a/b", true),
            ("a/b", "a/c", false),
            ("a/*", "a/b", true),
            ("a/*", "a/b/c", false),
            ("a/**", "a/b/c", true),
            ("a/*", "*/b", true),
            ("a*", "b*", false),
            ("*/x", "**/y/x", false),
            ("**/x", "a/*/x", true),
            ("*x", "**/x", false),
            ("", "**", true),
            ("", "a", false),
        ] {
            let overlap = |a: &str, b: &str| overlap(&tokens(a), &tokens(b), b'/');
            assert_eq!(overlap(a, b), meant, "{a} and {b}");
            assert_eq!(overlap(b, a), meant, "{b} and {a}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        let text = "a".repeat(255);
        let pattern = "*a".repeat(100) + "b";
        assert_eq!(matched(&pattern, &text), None);
    }
}
