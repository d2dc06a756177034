//! TOML, as `github.com/BurntSushi/toml` writes it.

use super::Error;
use super::shape::{self, Ancestors, Entries};
use super::writer::Writer;
use crate::functions::{Budget, Failure};
use crate::value::{Entry, Origin, Text, Value};
use std::rc::Rc;

/// A value as TOML.
pub(crate) fn toml(value: &Value, budget: &mut Budget) -> Result<Text, Error> {
    let mut encoder = Encoder { out: Writer::new(budget), ancestors: Ancestors::default() };
    encoder.encode(&mut Vec::new(), value)?;
    Ok(encoder.out.finish())
}

/// A key on the way to a value.
type Key = (Rc<str>, Origin);

struct Encoder<'b> {
    out: Writer<'b>,
    ancestors: Ancestors,
}

impl Encoder<'_> {
    /// Writes a value under its keys.
    fn encode(&mut self, path: &mut Vec<Key>, value: &Value) -> Result<(), Error> {
        match value {
            value if shape::is_null(value) => Ok(()),
            Value::Map(map) => {
                self.ancestors.enter(Some(map))?;
                self.table(path, shape::entries(map))?;
                self.ancestors.leave(Some(map));
                Ok(())
            }
            Value::Struct(of) => {
                self.ancestors.enter(None)?;
                self.table(path, shape::go_fields(of))?;
                self.ancestors.leave(None);
                Ok(())
            }
            Value::List(list) if self.is_array_of_tables(&list.items)? => {
                self.ancestors.enter(None)?;
                self.array_of_tables(path, &list.items)?;
                self.ancestors.leave(None);
                Ok(())
            }
            _ => {
                if let Some((last, before)) = path.split_last() {
                    self.out.blanks(2 * before.len())?;
                    self.key(last)?;
                    self.out.own(" = ")?;
                    self.element(value)?;
                    self.new_line()?;
                    return Ok(());
                }
                self.element(value)
            }
        }
    }

    fn table(&mut self, path: &mut Vec<Key>, entries: Entries) -> Result<(), Error> {
        if path.len() == 1 {
            // A blank line stands between tables.
            self.new_line()?;
        }
        if !path.is_empty() {
            self.header(path, "[", "]")?;
        }
        self.body(path, entries)
    }

    fn body(&mut self, path: &mut Vec<Key>, entries: Entries) -> Result<(), Error> {
        let (direct, tables) = self.split(entries)?;
        for (key, entry) in direct.into_iter().chain(tables) {
            path.push((key, entry.key));
            self.encode(path, &entry.value)?;
            path.pop();
        }
        Ok(())
    }

    fn array_of_tables(&mut self, path: &mut Vec<Key>, items: &[Value]) -> Result<(), Error> {
        if path.is_empty() {
            return Err(Error::Refused(
                "toml: top-level values must be Go maps or structs".to_owned(),
            ));
        }
        for item in items {
            self.new_line()?;
            self.header(path, "[[", "]]")?;
            let map = match item {
                Value::Map(map) => Some(map),
                _ => None,
            };
            self.ancestors.enter(map)?;
            self.body(path, members(item))?;
            self.ancestors.leave(map);
        }
        Ok(())
    }

    fn header(&mut self, path: &[Key], open: &str, close: &str) -> Result<(), Failure> {
        self.out.blanks(2 * path.len().saturating_sub(1))?;
        self.out.own(open)?;
        for (index, key) in path.iter().enumerate() {
            if index > 0 {
                self.out.own(".")?;
            }
            self.key(key)?;
        }
        self.out.own(close)?;
        self.new_line()
    }

    /// A value behind `=` or in an array.
    fn element(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            // Go's encoder panics here; only the top level can be nil.
            Value::Nil => self.out.own("")?,
            Value::Bool(value, origin) => {
                self.out.from(if *value { "true" } else { "false" }, origin.clone())?;
            }
            Value::Int(number, kind, origin) => {
                self.out.from(&super::json::integer(*number, *kind), origin.clone())?;
            }
            Value::Float(number, origin) => self.out.from(&float(*number), origin.clone())?,
            Value::Str(text) => self.quoted(text)?,
            Value::List(list) => {
                self.ancestors.enter(None)?;
                self.out.own("[")?;
                for (index, item) in list.items.iter().enumerate() {
                    if index > 0 {
                        self.out.own(", ")?;
                    }
                    self.element(item)?;
                }
                self.out.own("]")?;
                self.ancestors.leave(None);
            }
            Value::Map(map) => {
                self.ancestors.enter(Some(map))?;
                self.inline_table(shape::entries(map))?;
                self.ancestors.leave(Some(map));
            }
            Value::Struct(of) => {
                self.ancestors.enter(None)?;
                self.inline_table(shape::go_fields(of))?;
                self.ancestors.leave(None);
            }
        }
        Ok(())
    }

    fn inline_table(&mut self, entries: Entries) -> Result<(), Error> {
        let (direct, tables) = self.split(entries)?;
        self.out.own("{")?;
        let total = direct.len() + tables.len();
        for (index, (key, entry)) in direct.into_iter().chain(tables).enumerate() {
            if shape::is_null(&entry.value) {
                continue;
            }
            self.key(&(key, entry.key))?;
            self.out.own(" = ")?;
            self.element(&entry.value)?;
            if index + 1 < total {
                self.out.own(", ")?;
            }
        }
        Ok(self.out.own("}")?)
    }

    /// Entries that are no tables come first.
    fn split(&mut self, entries: Entries) -> Result<(Entries, Entries), Error> {
        let (mut direct, mut tables) = (Entries::new(), Entries::new());
        for entry in entries {
            let is_table = match &entry.1.value {
                Value::Map(_) | Value::Struct(_) => true,
                Value::List(list) => self.is_array_of_tables(&list.items)?,
                _ => false,
            };
            if is_table { tables.push(entry) } else { direct.push(entry) }
        }
        Ok((direct, tables))
    }

    /// True when all items are tables. Go refuses a list that holds nil.
    fn is_array_of_tables(&mut self, items: &[Value]) -> Result<bool, Error> {
        self.ancestors.enter(None)?;
        let mut all = !items.is_empty();
        for item in items {
            match item {
                Value::Nil => {
                    return Err(Error::Refused(
                        "toml: cannot encode array with nil element".to_owned(),
                    ));
                }
                Value::List(list) => {
                    self.is_array_of_tables(&list.items)?;
                    all = false;
                }
                Value::Map(_) | Value::Struct(_) => {}
                _ => all = false,
            }
        }
        self.ancestors.leave(None);
        Ok(all)
    }

    fn key(&mut self, (key, origin): &Key) -> Result<(), Failure> {
        let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if !key.is_empty() && key.bytes().all(bare) {
            return self.out.from(key, origin.clone());
        }
        self.quoted(&Text::with_origin(&**key, origin.clone()))
    }

    fn quoted(&mut self, text: &Text) -> Result<(), Failure> {
        self.out.own("\"")?;
        let mut done = 0;
        for (at, &byte) in text.bytes().iter().enumerate() {
            let escape = match byte {
                b'"' => "\\\"".to_owned(),
                b'\\' => "\\\\".to_owned(),
                8 => "\\b".to_owned(),
                9 => "\\t".to_owned(),
                10 => "\\n".to_owned(),
                12 => "\\f".to_owned(),
                13 => "\\r".to_owned(),
                0..=0x1f | 0x7f => format!("\\u{byte:04x}"),
                _ => continue,
            };
            self.out.copy(text, done..at)?;
            self.out.respell(&escape, text, at..at + 1)?;
            done = at + 1;
        }
        self.out.copy(text, done..text.len())?;
        self.out.own("\"")
    }

    fn new_line(&mut self) -> Result<(), Failure> {
        if self.out.is_empty() {
            return Ok(());
        }
        self.out.own("\n")
    }
}

/// The entries of a table.
fn members(value: &Value) -> Vec<(Rc<str>, Entry)> {
    match value {
        Value::Map(map) => shape::entries(map),
        Value::Struct(of) => shape::go_fields(of),
        _ => Vec::new(),
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let digits = yaml_span::print_float(number);
    if digits.contains(['e', '.']) { digits } else { format!("{digits}.0") }
}
