//! Follows plain and quoted scalars through the text that spells them.

use crate::scalar::{Runs, RunsBuilder};
use std::ops::Range;

/// A scalar that was followed: what spells it, and where it ends.
pub(crate) struct Followed {
    pub(crate) runs: Runs,
    /// The bytes between the quotes.
    pub(crate) content: Range<usize>,
    /// The offset after the scalar with its quotes.
    pub(crate) end: usize,
}

/// A plain scalar that begins at `start`.
pub(crate) fn plain(text: &str, start: usize, value: &str) -> Option<Followed> {
    // Nearly every plain scalar is one line, copied.
    if text.get(start..start + value.len()) == Some(value) {
        let end = start + value.len();
        return Some(Followed { runs: Runs::Copied(start), content: start..end, end });
    }
    let mut walk = Walk::new(text, start, value);
    while !walk.value_done() {
        if !(walk.fold() || walk.copy()) {
            return None;
        }
    }
    let end = walk.at;
    Some(Followed { runs: walk.runs.finish(), content: start..end, end })
}

/// A single-quoted scalar whose opening quote is at `start`.
pub(crate) fn single_quoted(text: &str, start: usize, value: &str) -> Option<Followed> {
    let mut walk = Walk::new(text, start + 1, value);
    loop {
        match walk.byte()? {
            b'\'' if text.as_bytes().get(walk.at + 1) == Some(&b'\'') => walk.derived(2, 1)?,
            b'\'' => return walk.close(start),
            _ if walk.fold() => {}
            _ if walk.copy() => {}
            _ => return None,
        }
    }
}

/// A double-quoted scalar whose opening quote is at `start`.
pub(crate) fn double_quoted(text: &str, start: usize, value: &str) -> Option<Followed> {
    let mut walk = Walk::new(text, start + 1, value);
    loop {
        match walk.byte()? {
            b'"' => return walk.close(start),
            b'\\' => walk.escape()?,
            _ if walk.fold() => {}
            _ if walk.copy() => {}
            _ => return None,
        }
    }
}

/// Two places that move together: one in the text, one in the value.
struct Walk<'t, 'v> {
    text: &'t str,
    at: usize,
    value: &'v str,
    done: usize,
    runs: RunsBuilder,
}

impl<'t, 'v> Walk<'t, 'v> {
    fn new(text: &'t str, at: usize, value: &'v str) -> Self {
        Self { text, at, value, done: 0, runs: RunsBuilder::default() }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn value_done(&self) -> bool {
        self.done >= self.value.len()
    }

    /// Takes one character that is copied.
    fn copy(&mut self) -> bool {
        let Some(next) = self.text[self.at..].chars().next() else { return false };
        if !self.value[self.done..].starts_with(next) {
            return false;
        }
        let length = next.len_utf8();
        self.runs.copied(self.done..self.done + length, self.at..self.at + length);
        self.at += length;
        self.done += length;
        true
    }

    /// Takes `source` bytes that spell `value` bytes.
    fn derived(&mut self, source: usize, value: usize) -> Option<()> {
        self.value.get(self.done..self.done + value)?;
        self.text.get(self.at..self.at + source)?;
        self.runs.spelled(self.done..self.done + value, self.at..self.at + source);
        self.at += source;
        self.done += value;
        Some(())
    }

    /// Takes a line break with the blanks around it: a space, or the line feeds
    /// of the empty lines. False when none stands here.
    fn fold(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let blank = |b: &u8| matches!(b, b' ' | b'\t');
        let mut end = self.at;
        while bytes.get(end).is_some_and(blank) {
            end += 1;
        }
        if !matches!(bytes.get(end), Some(b'\n' | b'\r')) {
            return false;
        }
        let mut breaks = 0;
        while let Some(b) = bytes.get(end) {
            match b {
                b'\r' if bytes.get(end + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => breaks += 1,
                b' ' | b'\t' => {}
                _ => break,
            }
            end += 1;
        }
        let length = if breaks > 1 { breaks - 1 } else { 1 };
        let expected = if breaks > 1 { b'\n' } else { b' ' };
        let value = &self.value.as_bytes()[self.done..];
        if value.len() < length || !value[..length].iter().all(|&b| b == expected) {
            return false;
        }
        self.runs.spelled(self.done..self.done + length, self.at..end);
        self.at = end;
        self.done += length;
        true
    }

    /// Takes an escape.
    fn escape(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let digits = match *bytes.get(self.at + 1)? {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            b'\n' | b'\r' => return self.joined_line(),
            _ => 0,
        };
        let length = self.text[self.at + 1..].chars().next().map_or(1, char::len_utf8);
        let next = self.value[self.done..].chars().next()?;
        self.derived(1 + length + digits, next.len_utf8())
    }

    /// A break behind a backslash spells nothing, nor do the blanks after it.
    fn joined_line(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while bytes.get(self.at).is_some_and(|b| b.is_ascii_whitespace()) {
            let line_feed = bytes[self.at] == b'\n';
            // An empty line after the joined one is a line feed of the value.
            if line_feed
                && self.value[self.done..].starts_with('\n')
                && bytes[self.at - 1] != b'\\'
                && bytes[self.at - 1] != b'\r'
            {
                self.runs.copied(self.done..self.done + 1, self.at..self.at + 1);
                self.done += 1;
            }
            self.at += 1;
        }
        Some(())
    }

    /// The closing quote is here; the value has to be complete.
    fn close(self, start: usize) -> Option<Followed> {
        if !self.value_done() {
            return None;
        }
        Some(Followed { content: start + 1..self.at, end: self.at + 1, runs: self.runs.finish() })
    }
}
