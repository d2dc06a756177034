//! Matches replaced by other text, which may name their groups.

use super::compile::Expression;
use super::find::width;
use crate::functions::given::Writer;
use crate::functions::runes::runes;
use crate::functions::{Budget, Failure};
use crate::value::Text;
use regex::bytes::Captures;
use std::ops::Range;

/// A piece of a replacement.
enum Piece {
    /// Text, by its place in the replacement.
    Literal(Range<usize>),
    /// A group by its number.
    Group(usize),
}

/// The text with all matches replaced.
pub(super) fn replace(
    budget: &mut Budget,
    expression: &Expression,
    text: &Text,
    with: &Text,
    literally: bool,
) -> Result<Text, Failure> {
    let pieces = match literally {
        true => vec![Piece::Literal(0..with.len())],
        false => parse(with.bytes(), &expression.names),
    };
    let bytes = text.bytes();
    let mut out = Writer::new(budget);
    let mut groups = Groups::new(expression, &pieces);
    let (mut copied, mut at) = (0, 0);
    while at <= bytes.len() {
        let Some(found) = groups.find(bytes, at) else { break };
        // How far the search looked is not known.
        out.reading(bytes.len() - at)?;
        out.step()?;
        out.slice(text, copied..found.start)?;
        // Nothing right behind a match is no match of its own.
        if found.end > copied || found.start == 0 {
            for piece in &pieces {
                out.step()?;
                match piece {
                    Piece::Literal(range) => out.slice(with, range.clone())?,
                    Piece::Group(0) => out.slice(text, found.clone())?,
                    Piece::Group(number) => {
                        if let Some(range) = groups.range(*number) {
                            out.slice(text, range)?;
                        }
                    }
                }
            }
        }
        copied = found.end;
        // On by at least one character.
        at = found.end.max(at + width(bytes, at));
    }
    out.slice(text, copied..bytes.len())?;
    Ok(out.finish())
}

/// Finds matches, with their groups only where these are wanted.
struct Groups<'e, 'b> {
    expression: &'e Expression,
    wanted: bool,
    last: Option<Captures<'b>>,
}

impl<'e, 'b> Groups<'e, 'b> {
    fn new(expression: &'e Expression, pieces: &[Piece]) -> Self {
        let wanted = pieces.iter().any(|piece| matches!(piece, Piece::Group(1..)));
        Self { expression, wanted, last: None }
    }

    fn find(&mut self, bytes: &'b [u8], at: usize) -> Option<Range<usize>> {
        if !self.wanted {
            return self.expression.regex.find_at(bytes, at).map(|found| found.range());
        }
        self.last = self.expression.regex.captures_at(bytes, at);
        self.range(0)
    }

    fn range(&self, number: usize) -> Option<Range<usize>> {
        Some(self.last.as_ref()?.get(number)?.range())
    }
}

/// Takes `$1`, `${name}` and `$$` out of a replacement. What names no group is left out.
fn parse(with: &[u8], names: &[Option<String>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(dollar) = memchr::memchr(b'$', &with[at..]).map(|offset| at + offset) {
        let after = dollar + 1;
        if with.get(after) == Some(&b'$') {
            pieces.push(Piece::Literal(start..after));
            at = after + 1;
            start = at;
            continue;
        }
        let Some((name, length)) = name(&with[after..]) else {
            // A dollar for itself.
            at = after;
            continue;
        };
        pieces.push(Piece::Literal(start..dollar));
        at = after + length;
        start = at;
        pieces.extend(group(name, names).map(Piece::Group));
    }
    pieces.push(Piece::Literal(start..with.len()));
    pieces
}

/// A name, perhaps in braces, and the number of bytes read.
fn name(text: &[u8]) -> Option<(&[u8], usize)> {
    let brace = text.starts_with(b"{");
    let text = if brace { &text[1..] } else { text };
    let belongs = |letter: char| letter.is_alphabetic() || letter.is_numeric() || letter == '_';
    let length = runes(text).take_while(|(_, letter)| belongs(*letter)).last()?.0.end;
    match brace {
        false => Some((&text[..length], length)),
        true if text.get(length) == Some(&b'}') => Some((&text[..length], length + 2)),
        true => None,
    }
}

fn group(name: &[u8], names: &[Option<String>]) -> Option<usize> {
    let name = std::str::from_utf8(name).ok()?;
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit())
        && (name.len() == 1 || !name.starts_with('0'));
    match is_number {
        true => name.parse().ok().filter(|number| *number < names.len()),
        false => names.iter().position(|known| known.as_deref() == Some(name)),
    }
}
