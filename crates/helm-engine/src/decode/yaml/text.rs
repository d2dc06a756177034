//! A scalar's text, each part with the bytes that spell it.

use super::super::Error;
use super::decoder::Decoder;
use super::syntax;
use crate::value::{Text, TextBuilder};
use std::ops::Range;
use yaml_span::{Scalar, Style};

impl Decoder<'_> {
    /// Go's YAML package does not know the escape `\/`.
    pub(super) fn escapes(&self, scalar: &Scalar<'_>) -> Result<(), Error> {
        if scalar.style != Style::DoubleQuoted || scalar.copied_from().is_some() {
            return Ok(());
        }
        let text = self.tree.text();
        let slash = |source: &Range<usize>| text.get(source.clone()) == Some("\\/");
        match scalar.pieces().map(|piece| piece.source).find(slash) {
            Some(source) => Err(syntax(text, source.start, "found unknown escape character")),
            None => Ok(()),
        }
    }

    /// Nor does it know a tab before the first letter of a block, whose indentation it tells by
    /// that line unless the header does.
    pub(super) fn tabs(&self, span: &Range<usize>, scalar: &Scalar<'_>) -> Result<(), Error> {
        let text = self.tree.text();
        let block = text.get(span.start..).filter(|_| is_block(scalar)).unwrap_or_default();
        let Some((header, lines)) = block.split_once('\n') else { return Ok(()) };
        let is_told = header
            .split_whitespace()
            .next()
            .is_some_and(|header| header.bytes().any(|byte| byte.is_ascii_digit()));
        let first = lines.trim_start_matches([' ', '\n', '\r']);
        if is_told || !first.starts_with('\t') {
            return Ok(());
        }
        let message = "found a tab character where an indentation space is expected";
        Err(syntax(text, text.len() - first.len(), message))
    }

    pub(super) fn text(&self, span: Range<usize>, scalar: &Scalar<'_>) -> Text {
        let value = scalar.value.as_ref();
        if is_block(scalar) && value.bytes().all(|byte| byte == b'\n') {
            return self.blank_block(span, scalar);
        }
        let break_is_missing = self.ends_lines && self.break_is_missing(span, scalar);
        if let (Some(from), false) = (scalar.copied_from(), break_is_missing) {
            return match value.len() {
                0 => Text::default(),
                length => self.source.copy(value, from..from + length),
            };
        }
        let mut out = TextBuilder::default();
        let mut done = 0;
        for piece in scalar.pieces() {
            let (Some(gap), Some(part)) =
                (value.get(done..piece.value.start), value.get(piece.value.clone()))
            else {
                continue;
            };
            self.source.push_spelled(&mut out, gap, scalar.content.clone());
            if piece.copied {
                self.source.push_copy(&mut out, part, piece.source);
            } else {
                self.source.push_spelled(&mut out, part, piece.source);
            }
            done = piece.value.end;
        }
        let rest = value.get(done..).unwrap_or_default();
        self.source.push_spelled(&mut out, rest, scalar.content.clone());
        if break_is_missing {
            self.source.push_spelled(&mut out, "\n", scalar.content.clone());
        }
        out.finish()
    }

    /// A block of blank lines only: nothing, unless its header keeps them.
    fn blank_block(&self, span: Range<usize>, scalar: &Scalar<'_>) -> Text {
        let mut lines = self.tree.text().get(span.start..).unwrap_or_default().split('\n');
        let header = lines.next().unwrap_or_default().split_whitespace().next();
        if !header.is_some_and(|header| header.contains('+')) {
            return Text::default();
        }
        let blank = |line: &&str| line.bytes().all(|byte| matches!(byte, b' ' | b'\r'));
        let mut count = 0;
        // The last piece has no line feed.
        while let Some(line) = lines.next().filter(blank) {
            let has_feed = lines.clone().next().is_some();
            count += usize::from(has_feed || (self.ends_lines && !line.is_empty()));
        }
        let mut out = TextBuilder::default();
        self.source.push_spelled(&mut out, &"\n".repeat(count), scalar.content.clone());
        out.finish()
    }

    /// True for a block at the end of a text without a last line feed, when its
    /// header does not strip that.
    fn break_is_missing(&self, span: Range<usize>, scalar: &Scalar<'_>) -> bool {
        let text = self.tree.text();
        if !is_block(scalar) || span.end != text.len() || scalar.value.is_empty() {
            return false;
        }
        let header = text.get(span).unwrap_or_default();
        !header.bytes().take_while(|b| !b.is_ascii_whitespace()).any(|b| b == b'-')
    }
}

fn is_block(scalar: &Scalar<'_>) -> bool {
    matches!(scalar.style, Style::Literal | Style::Folded)
}
