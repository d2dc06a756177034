//! What lines of comments say, which the parser need not see.
//!
//! Most of a values file is comments, and `yaml-rust2` passes over them character by
//! character. It is given such a line up to its `#`, so that lines and columns stay what
//! they are. Inside quotes and blocks that line is no comment: a text in which a scalar
//! has one is read again as it is.

use std::ops::Range;
use std::slice;
use std::str::Chars;

/// What stands behind the `#` of lines that are comments.
#[derive(Debug, Default)]
pub(crate) struct Comments(Vec<Range<usize>>);

impl Comments {
    /// Those of a text.
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let blanks = bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let sign = at + blanks;
            let end = memchr::memchr2(b'\n', b'\r', &bytes[sign..]);
            let end = end.map_or(bytes.len(), |length| sign + length);
            if bytes.get(sign) == Some(&b'#') && sign + 1 < end {
                found.push(sign + 1..end);
            }
            at = end + 1;
        }
        Self(found)
    }

    /// True without any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True of bytes that reach into one.
    pub(crate) fn is_in(&self, bytes: &Range<usize>) -> bool {
        let next = self.0.partition_point(|comment| comment.start <= bytes.start);
        self.0.get(next).is_some_and(|comment| comment.start <= bytes.end)
    }

    /// The text without them.
    pub(crate) fn without<'t>(&'t self, text: &'t str) -> Without<'t> {
        Without { text, next: self.0.iter(), at: 0, chars: "".chars() }
    }
}

/// The characters of a text, without some of its bytes.
pub(crate) struct Without<'t> {
    text: &'t str,
    next: slice::Iter<'t, Range<usize>>,
    /// Where the characters after the present ones begin.
    at: usize,
    chars: Chars<'t>,
}

impl Iterator for Without<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        loop {
            if let Some(character) = self.chars.next() {
                return Some(character);
            }
            if self.at >= self.text.len() {
                return None;
            }
            let (end, next) = match self.next.next() {
                Some(left_out) => (left_out.start, left_out.end),
                None => (self.text.len(), self.text.len()),
            };
            self.chars = self.text.get(self.at..end).unwrap_or_default().chars();
            self.at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_are_comments_are_left_out_up_to_their_end() {
        let text = "# é\r\na: b # c\n  #d\n#\n\t # e\nf: '#'";
        let comments = Comments::of(text);
        let seen: String = comments.without(text).collect();
        assert_eq!(seen, "#\r\na: b # c\n  #\n#\n\t #\nf: '#'");
        assert_eq!(Comments::default().without(text).collect::<String>(), text);
        assert!(Comments::of("a: b # c\n").is_empty());
    }

    #[test]
    fn bytes_reach_into_a_comment_behind_its_sign() {
        let text = "a: 'b\n  # c'\n";
        let comments = Comments::of(text);
        assert!(comments.is_in(&(3..12)));
        assert!(!comments.is_in(&(0..6)));
        assert!(!comments.is_in(&(12..13)));
    }
}
