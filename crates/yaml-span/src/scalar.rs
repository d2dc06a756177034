//! Scalars, and the bytes that spell them.

use crate::resolve::{self, Value};
use std::borrow::Cow;
use std::ops::Range;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// The tag of a scalar: which type it is said to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tag {
    /// It has none.
    #[default]
    None,
    /// `!!str`
    Str,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!bool`
    Bool,
    /// `!!null`
    Null,
    /// `!!binary`
    Binary,
    /// Any other.
    Other,
}

impl Tag {
    /// The tag with this suffix.
    pub(crate) fn from_suffix(suffix: &str) -> Self {
        match suffix {
            "str" => Self::Str,
            "int" => Self::Int,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "null" => Self::Null,
            "binary" => Self::Binary,
            _ => Self::Other,
        }
    }
}

/// A part of a scalar's value and the bytes that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The part of the value.
    pub value: Range<usize>,
    /// The bytes of the text.
    pub source: Range<usize>,
    /// True when the part is these bytes; otherwise they spell it as a whole.
    pub copied: bool,
}

/// A scalar's value and the bytes that spell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar<'t> {
    /// The text that it stands for.
    pub value: Cow<'t, str>,
    /// How it is written.
    pub style: Style,
    /// The bytes between the quotes; for a block those after its header's line.
    pub content: Range<usize>,
    /// The type that its tag asks for.
    pub tag: Tag,
    pub(crate) runs: Runs,
}

/// Which bytes spell which part of a value: pieces in order of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Runs {
    /// The value is copied from this offset on.
    Copied(usize),
    /// Several pieces.
    Pieces(Vec<Run>),
    /// The value could not be followed; all of it is spelled by all of the content.
    Unknown,
}

/// A piece of a value and the bytes that spell it: copied, or spelled as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) value: usize,
    pub(crate) source: usize,
    pub(crate) value_len: usize,
    pub(crate) source_len: usize,
    pub(crate) copied: bool,
}

impl<'t> Scalar<'t> {
    /// The bytes of the text that spell a range of the value.
    ///
    /// A character that an escape spells is spelled by the whole escape; a
    /// range that spans several lines of a block includes their indentation.
    /// A range past the end of the value is cut.
    pub fn source(&self, in_value: Range<usize>) -> Range<usize> {
        let length = self.value.len();
        let (start, end) = (in_value.start.min(length), in_value.end.min(length));
        match &self.runs {
            Runs::Copied(offset) => offset + start..offset + end.max(start),
            Runs::Unknown => self.content.clone(),
            Runs::Pieces(runs) if runs.is_empty() => self.content.clone(),
            Runs::Pieces(runs) => {
                let from = first_byte(runs, start);
                if start >= end {
                    return from..from;
                }
                from..last_byte(runs, end).max(from)
            }
        }
    }

    /// The offset that the whole value is copied from, when it is.
    pub fn copied_from(&self) -> Option<usize> {
        match self.runs {
            Runs::Copied(offset) => Some(offset),
            _ => None,
        }
    }

    /// The parts of the value in order, with the bytes that spell each. What no
    /// byte spells, as the last line feed of a block at the end of a text, is in none.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        let length = self.value.len();
        let whole = match &self.runs {
            Runs::Pieces(_) => None,
            Runs::Copied(offset) => Some((*offset..*offset + length, true)),
            Runs::Unknown => Some((self.content.clone(), false)),
        };
        let whole = whole.filter(|_| length > 0).map(|(source, copied)| Piece {
            value: 0..length,
            source,
            copied,
        });
        let several = match &self.runs {
            Runs::Pieces(runs) => runs.as_slice(),
            _ => &[],
        };
        let several = several.iter().filter(move |run| run.value < length).map(move |run| Piece {
            value: run.value..(run.value + run.value_len).min(length),
            source: run.source..run.source + run.source_len,
            copied: run.copied && run.value + run.value_len <= length,
        });
        whole.into_iter().chain(several)
    }

    /// True when the value is null: nothing, `~` or `null`, without quotes.
    pub fn is_null(&self) -> bool {
        self.resolved() == Value::Null
    }

    /// True when the value is a number, a boolean or null rather than text.
    pub fn is_not_text(&self) -> bool {
        self.resolved() != Value::Text
    }

    /// What the scalar is by YAML 1.1, as Helm reads it.
    pub fn resolved(&self) -> Value {
        if self.style == Style::Plain && self.tag != Tag::Str {
            resolve::plain(&self.value)
        } else {
            Value::Text
        }
    }

    /// The text that a Helm template prints for the scalar: `1.10` is `1.1`,
    /// `20230617` is `2.0230617e+07`, null is nothing.
    pub fn printed(&self) -> Cow<'_, str> {
        match self.resolved() {
            Value::Text => Cow::Borrowed(&self.value),
            Value::Null => Cow::Borrowed(""),
            Value::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            // Helm passes values through JSON, so an integer is a float too.
            Value::Int(number) => Cow::Owned(crate::number::print_float(number as f64)),
            Value::Float(number) => Cow::Owned(crate::number::print_float(number)),
        }
    }
}

/// Where a byte of the value is spelled.
fn first_byte(runs: &[Run], at: usize) -> usize {
    let index = runs.partition_point(|run| run.value + run.value_len <= at).min(runs.len() - 1);
    let run = runs[index];
    if run.copied {
        run.source + at.saturating_sub(run.value).min(run.source_len)
    } else {
        run.source
    }
}

/// Where the spelling of the value before `end` ends.
fn last_byte(runs: &[Run], end: usize) -> usize {
    let index = runs.partition_point(|run| run.value + run.value_len < end).min(runs.len() - 1);
    let run = runs[index];
    if run.copied {
        run.source + (end - run.value).min(run.source_len)
    } else {
        run.source + run.source_len
    }
}

/// Gathers runs, joining those that are copied one after the other.
#[derive(Default)]
pub(crate) struct RunsBuilder {
    runs: Vec<Run>,
}

impl RunsBuilder {
    /// Adds bytes that are the value's.
    pub(crate) fn copied(&mut self, value: Range<usize>, source: Range<usize>) {
        self.push(value, source, true);
    }

    /// Adds bytes that spell a piece of the value as a whole, perhaps as many as it has.
    pub(crate) fn spelled(&mut self, value: Range<usize>, source: Range<usize>) {
        self.push(value, source, false);
    }

    fn push(&mut self, value: Range<usize>, source: Range<usize>, copied: bool) {
        let run = Run {
            value: value.start,
            source: source.start,
            value_len: value.len(),
            source_len: source.len(),
            copied,
        };
        if run.value_len == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut() {
            let adjacent = last.value + last.value_len == run.value
                && last.source + last.source_len == run.source;
            if last.copied && run.copied && adjacent {
                last.value_len += run.value_len;
                last.source_len += run.source_len;
                return;
            }
        }
        self.runs.push(run);
    }

    pub(crate) fn finish(self) -> Runs {
        match self.runs.as_slice() {
            [] => Runs::Pieces(Vec::new()),
            [run] if run.value == 0 && run.copied => Runs::Copied(run.source),
            _ => Runs::Pieces(self.runs),
        }
    }
}
