//! JSON, as Go's `encoding/json` writes it.

use super::Error;
use super::number;
use super::shape::{self, Ancestors, Entries};
use super::writer::Writer;
use crate::functions::{Budget, Failure};
use crate::value::{IntType, Origin, Text, Value};

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// On one line, with `<`, `>` and `&` escaped: `toJson`.
    Compact,
    /// On one line, without those escapes: `toRawJson`.
    Raw,
    /// On several lines, with two blanks a level: `toPrettyJson`.
    Pretty,
}

/// A value as JSON.
pub(crate) fn json(value: &Value, layout: Layout, budget: &mut Budget) -> Result<Text, Error> {
    let mut encoder =
        Encoder { out: Writer::new(budget), layout, ancestors: Ancestors::default(), level: 0 };
    encoder.value(value)?;
    Ok(encoder.out.finish())
}

/// The digits of an integer of one of Go's types.
pub(super) fn integer(number: i64, kind: IntType) -> String {
    match kind {
        IntType::Uint64 => (number as u64).to_string(),
        _ => number.to_string(),
    }
}

struct Encoder<'b> {
    out: Writer<'b>,
    layout: Layout,
    ancestors: Ancestors,
    level: usize,
}

impl Encoder<'_> {
    fn value(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            value if shape::is_null(value) => self.out.own("null")?,
            Value::Nil => {}
            Value::Bool(value, origin) => {
                self.out.from(if *value { "true" } else { "false" }, origin.clone())?;
            }
            Value::Int(number, kind, origin) => {
                self.out.from(&integer(*number, *kind), origin.clone())?;
            }
            Value::Float(number, origin) => {
                let digits = number::json(*number).ok_or_else(|| {
                    let special = number::special(*number);
                    Error::Refused(format!("json: unsupported value: {special}"))
                })?;
                self.out.from(&digits, origin.clone())?;
            }
            Value::Str(text) => self.string(text)?,
            Value::List(list) => match shape::bytes(list) {
                Some(text) => self.string(&text)?,
                None => {
                    self.ancestors.enter(None)?;
                    self.list(&list.items)?;
                    self.ancestors.leave(None);
                }
            },
            Value::Map(map) => {
                self.ancestors.enter(Some(map))?;
                self.object(shape::entries(map))?;
                self.ancestors.leave(Some(map));
            }
            Value::Struct(of) if shape::time(of).is_some() => {
                self.string(&shape::time(of).unwrap_or_default())?;
            }
            Value::Struct(of) => {
                self.ancestors.enter(None)?;
                self.object(shape::fields(of))?;
                self.ancestors.leave(None);
            }
        }
        Ok(())
    }

    fn list(&mut self, items: &[Value]) -> Result<(), Error> {
        self.out.own("[")?;
        self.level += 1;
        for (index, item) in items.iter().enumerate() {
            self.separate(index)?;
            self.value(item)?;
        }
        self.level -= 1;
        Ok(self.close(items.is_empty(), "]")?)
    }

    fn object(&mut self, entries: Entries) -> Result<(), Error> {
        self.out.own("{")?;
        self.level += 1;
        let is_empty = entries.is_empty();
        for (index, (key, entry)) in entries.into_iter().enumerate() {
            self.separate(index)?;
            self.string(&Text::with_origin(&*key, entry.key))?;
            self.out.own(if self.layout == Layout::Pretty { ": " } else { ":" })?;
            self.value(&entry.value)?;
        }
        self.level -= 1;
        Ok(self.close(is_empty, "}")?)
    }

    /// What stands before an item.
    fn separate(&mut self, index: usize) -> Result<(), Failure> {
        if index > 0 {
            self.out.own(",")?;
        }
        self.new_line()
    }

    fn close(&mut self, is_empty: bool, bracket: &str) -> Result<(), Failure> {
        if !is_empty {
            self.new_line()?;
        }
        self.out.own(bracket)
    }

    fn new_line(&mut self) -> Result<(), Failure> {
        if self.layout == Layout::Pretty {
            self.out.own("\n")?;
            self.out.blanks(2 * self.level)?;
        }
        Ok(())
    }

    fn string(&mut self, text: &Text) -> Result<(), Failure> {
        self.out.own("\"")?;
        let mut at = 0;
        for chunk in text.bytes().utf8_chunks() {
            let mut done = at;
            for (offset, c) in chunk.valid().char_indices() {
                let Some(escape) = self.escape(c) else { continue };
                let start = at + offset;
                self.out.copy(text, done..start)?;
                done = start + c.len_utf8();
                self.out.respell(&escape, text, start..done)?;
            }
            at += chunk.valid().len();
            self.out.copy(text, done..at)?;
            for _ in chunk.invalid() {
                self.out.respell("\\ufffd", text, at..at + 1)?;
                at += 1;
            }
        }
        self.out.from("\"", Origin::None)
    }

    fn escape(&self, c: char) -> Option<String> {
        Some(match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '<' | '>' | '&' if self.layout == Layout::Raw => return None,
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                format!("\\u{:04x}", c as u32)
            }
            _ => return None,
        })
    }
}
