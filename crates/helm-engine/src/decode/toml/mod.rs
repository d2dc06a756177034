//! TOML, as `github.com/BurntSushi/toml` reads it. Dates and times stay text.

mod number;
mod string;

use super::source::Source;
use super::{DEEPEST, Error};
use crate::value::{Entry, IntType, List, Map, Origin, Text, Value};
use number::{Number, is_date_or_time, number};

/// Reads a TOML text whose strings then lead to where its bytes come from.
///
/// # Errors
/// When it is not TOML.
pub(crate) fn toml(text: &Text) -> Result<Value, Error> {
    let string = std::str::from_utf8(text.bytes())
        .map_err(|error| Error::new(error.valid_up_to(), "toml: invalid UTF-8 byte"))?;
    let mut parser = Parser { text: string, at: 0, source: Source::Text(text), depth: 0 };
    parser.document()
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    source: Source<'t>,
    depth: usize,
}

/// A part of a dotted key.
type Key = (String, Origin);

impl Parser<'_> {
    fn document(&mut self) -> Result<Value, Error> {
        let root = Map::new();
        let mut table = root.clone();
        loop {
            self.blank_lines();
            if self.at >= self.text.len() {
                return Ok(Value::Map(root));
            }
            if self.eat("[[") {
                let keys = self.keys()?;
                self.expect("]]")?;
                table = self.open(&root, &keys, true)?;
            } else if self.eat("[") {
                let keys = self.keys()?;
                self.expect("]")?;
                table = self.open(&root, &keys, false)?;
            } else {
                self.entry(&table)?;
            }
            self.blanks();
            if !matches!(self.peek(), None | Some('\n' | '\r' | '#')) {
                return Err(self.wrong("expected a new line"));
            }
        }
    }

    fn wrong(&self, problem: &str) -> Error {
        let line = 1 + self.text[..self.at].bytes().filter(|&byte| byte == b'\n').count();
        Error::new(self.at, format!("toml: line {line}: {problem}"))
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        let here = self.text[self.at..].starts_with(token);
        if here {
            self.at += token.len();
        }
        here
    }

    fn expect(&mut self, token: &str) -> Result<(), Error> {
        self.blanks();
        if self.eat(token) { Ok(()) } else { Err(self.wrong(&format!("expected '{token}'"))) }
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    /// Blanks, line breaks and comments.
    fn blank_lines(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            if self.peek() != Some('#') {
                return;
            }
            let rest = &self.text[self.at..];
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    fn keys(&mut self) -> Result<Vec<Key>, Error> {
        let mut keys = Vec::new();
        loop {
            self.blanks();
            let start = self.at;
            let key = match self.peek() {
                Some('"' | '\'') => self.string()?,
                _ => {
                    let bare = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
                    let rest = &self.text[start..];
                    let length = rest.find(bare).unwrap_or(rest.len());
                    if length == 0 {
                        return Err(self.wrong("expected a key"));
                    }
                    self.at += length;
                    self.source.copy(&rest[..length], start..start + length)
                }
            };
            let origin = match key.runs().count() {
                1 => key.runs().next().map(|(_, origin)| origin).unwrap_or_default(),
                _ => self.source.spelled(start..self.at),
            };
            keys.push((key.as_str().into_owned(), origin));
            if keys.len() > DEEPEST {
                return Err(Error::too_deep());
            }
            self.blanks();
            if !self.eat(".") {
                return Ok(keys);
            }
        }
    }

    /// The table under these keys, made where it is not there yet.
    fn open(&self, root: &Map, keys: &[Key], in_array: bool) -> Result<Map, Error> {
        let mut table = root.clone();
        for (index, (key, origin)) in keys.iter().enumerate() {
            let entry = |value| Entry { key: origin.clone(), value };
            let last = index + 1 == keys.len();
            let found = table.get(key);
            table = match found {
                None if last && in_array => {
                    let new = Map::new();
                    let list = List::new(vec![Value::Map(new.clone())]);
                    table.put(key, entry(Value::List(list)));
                    new
                }
                None => {
                    let new = Map::new();
                    table.put(key, entry(Value::Map(new.clone())));
                    new
                }
                Some(Value::List(list)) if last && in_array => {
                    let new = Map::new();
                    // The only other owner of the items is the table that gives them up here.
                    table.remove(key);
                    let mut items = list.items;
                    items.to_mut().push(Value::Map(new.clone()));
                    table.put(key, entry(Value::List(List { items, ..List::default() })));
                    new
                }
                Some(Value::Map(map)) if !(last && in_array) => map,
                Some(Value::List(list)) => match list.items.last() {
                    Some(Value::Map(map)) if !last => map.clone(),
                    _ => return Err(self.wrong(&format!("Key '{key}' has already been defined."))),
                },
                Some(_) => {
                    return Err(self.wrong(&format!("Key '{key}' has already been defined.")));
                }
            };
        }
        Ok(table)
    }

    fn entry(&mut self, table: &Map) -> Result<(), Error> {
        let keys = self.keys()?;
        self.expect("=")?;
        self.blanks();
        let value = self.value()?;
        let Some(((key, origin), before)) = keys.split_last() else { return Ok(()) };
        let table = self.open(table, before, false)?;
        if table.get(key).is_some() {
            return Err(self.wrong(&format!("Key '{key}' has already been defined.")));
        }
        table.put(key, Entry { key: origin.clone(), value });
        Ok(())
    }

    fn value(&mut self) -> Result<Value, Error> {
        match self.peek() {
            Some('"' | '\'') => Ok(Value::Str(self.string()?)),
            Some('[') => self.array(),
            Some('{') => self.inline_table(),
            Some(_) => self.plain(),
            None => Err(self.wrong("expected value but found EOF instead")),
        }
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Error::too_deep()) } else { Ok(()) }
    }

    fn array(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.enter()?;
        let mut items = Vec::new();
        loop {
            self.blank_lines();
            if self.eat("]") {
                break;
            }
            items.push(self.value()?);
            self.blank_lines();
            if !self.eat(",") && self.peek() != Some(']') {
                return Err(self.wrong("expected a comma (',') or array terminator (']')"));
            }
        }
        self.depth -= 1;
        let origin = self.source.spelled(start..self.at);
        Ok(Value::List(List { origin, ..List::new(items) }))
    }

    fn inline_table(&mut self) -> Result<Value, Error> {
        self.enter()?;
        let table = Map::new();
        loop {
            self.blank_lines();
            if self.eat("}") {
                break;
            }
            self.entry(&table)?;
            self.blank_lines();
            if !self.eat(",") && self.peek() != Some('}') {
                return Err(self.wrong("expected a comma or an inline table terminator '}'"));
            }
        }
        self.depth -= 1;
        Ok(Value::Map(table))
    }

    /// A boolean, a number, a date.
    fn plain(&mut self) -> Result<Value, Error> {
        let start = self.at;
        let rest = &self.text[start..];
        let ends = |c: char| matches!(c, ',' | ']' | '}' | '#' | '\n' | '\r' | ' ' | '\t');
        let mut length = rest.find(ends).unwrap_or(rest.len());
        let is_date = |text: &str| text.len() == 10 && text.as_bytes().get(4) == Some(&b'-');
        let time_follows = rest[length..]
            .strip_prefix(' ')
            .is_some_and(|time| time.as_bytes().first().is_some_and(u8::is_ascii_digit));
        if is_date(&rest[..length]) && time_follows {
            length += 1 + rest[length + 1..].find(ends).unwrap_or(rest.len() - length - 1);
        }
        let word = &rest[..length];
        let range = start..start + length;
        let origin = self.source.spelled(range.clone());
        let value = match word {
            "true" => Value::Bool(true, origin),
            "false" => Value::Bool(false, origin),
            "inf" | "+inf" => Value::Float(f64::INFINITY, origin),
            "-inf" => Value::Float(f64::NEG_INFINITY, origin),
            "nan" | "+nan" | "-nan" => Value::Float(f64::NAN, origin),
            _ => match number(word) {
                Some(Number::Int(number)) => Value::Int(number, IntType::Int64, origin),
                Some(Number::Float(number)) => Value::Float(number, origin),
                None if is_date_or_time(word) => Value::Str(self.source.copy(word, range)),
                None => {
                    let problem = format!("expected value but found {word:?} instead");
                    return Err(self.wrong(&problem));
                }
            },
        };
        self.at += length;
        Ok(value)
    }
}
