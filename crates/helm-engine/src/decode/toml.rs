//! TOML, as `github.com/BurntSushi/toml` reads it. Dates and times stay text.

use super::source::Source;
use super::{DEEPEST, Error};
use crate::value::{Entry, IntType, List, Map, Origin, Text, TextBuilder, Value};
use std::ops::Range;

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
                1 => key.runs().next().map(|(_, origin)| origin.clone()).unwrap_or_default(),
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
                    std::rc::Rc::make_mut(&mut items).push(Value::Map(new.clone()));
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

    fn string(&mut self) -> Result<Text, Error> {
        for (quotes, escapes) in [("\"\"\"", true), ("'''", false), ("\"", true), ("'", false)] {
            if self.eat(quotes) {
                return self.quoted(quotes, escapes);
            }
        }
        Err(self.wrong("expected a string"))
    }

    fn quoted(&mut self, quotes: &str, escapes: bool) -> Result<Text, Error> {
        let multiline = quotes.len() == 3;
        if multiline && !self.eat("\r\n") {
            self.eat("\n");
        }
        let mut out = TextBuilder::default();
        let mut done = self.at;
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with(quotes) {
                // Up to two more quotes belong to the text.
                let quote = quotes.chars().next().unwrap_or('"');
                let more = rest[quotes.len()..].chars().take(2).take_while(|&c| c == quote).count();
                let end = self.at + if multiline { more } else { 0 };
                self.copy(&mut out, done..end);
                self.at = end + quotes.len();
                return Ok(out.finish());
            }
            match rest.chars().next() {
                None => return Err(self.wrong("unexpected EOF; expected a closing quote")),
                Some('\n' | '\r') if !multiline => {
                    return Err(self.wrong("strings cannot contain newlines"));
                }
                Some('\\') if escapes => {
                    self.copy(&mut out, done..self.at);
                    self.escape(&mut out, multiline)?;
                    done = self.at;
                }
                Some(c) => self.at += c.len_utf8(),
            }
        }
    }

    fn copy(&self, out: &mut TextBuilder, range: Range<usize>) {
        if !range.is_empty() {
            self.source.push_copy(out, &self.text[range.clone()], range);
        }
    }

    fn escape(&mut self, out: &mut TextBuilder, multiline: bool) -> Result<(), Error> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return Err(self.wrong("unexpected EOF")) };
        let simple = match c {
            'b' => '\u{8}',
            't' => '\t',
            'n' => '\n',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            '"' => '"',
            '\\' => '\\',
            'x' | 'u' | 'U' => {
                let digits = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                self.at += 1;
                let code = self.text.get(self.at..self.at + digits);
                let code = code.filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                let c = code
                    .and_then(|code| u32::from_str_radix(code, 16).ok())
                    .and_then(char::from_u32)
                    .ok_or_else(|| self.wrong("expected hexadecimal digits"))?;
                self.at += digits;
                self.source.push_spelled(out, c.encode_utf8(&mut [0; 4]), start..self.at);
                return Ok(());
            }
            ' ' | '\t' | '\n' | '\r' if multiline => {
                let rest = &self.text[self.at..];
                let trimmed = rest.trim_start_matches([' ', '\t']);
                if !trimmed.starts_with(['\n', '\r']) {
                    return Err(self.wrong("invalid escape character ' '"));
                }
                let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
                self.at += rest.len() - trimmed.len();
                return Ok(());
            }
            other => {
                return Err(self.wrong(&format!("invalid escape character {other:?}")));
            }
        };
        self.at += c.len_utf8();
        self.source.push_spelled(out, simple.encode_utf8(&mut [0; 4]), start..self.at);
        Ok(())
    }
}

enum Number {
    Int(i64),
    Float(f64),
}

fn number(word: &str) -> Option<Number> {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) || unsigned.ends_with(['_', '.']) {
        return None;
    }
    let digits = word.replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(Number::Int);
        }
    }
    let plain = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
    let leading_zero = plain.len() > 1 && plain.starts_with('0');
    if leading_zero && plain.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return digits.parse().ok().map(Number::Int);
    }
    let is_float = plain.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    digits.parse().ok().filter(|_| is_float).map(Number::Float)
}

/// The shape of a date, a time or both.
fn is_date_or_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    let date = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let time = bytes.get(2) == Some(&b':');
    let allowed = |b: &u8| b.is_ascii_digit() || b"-:.+TtZz ".contains(b);
    (date || time) && bytes.iter().all(allowed)
}
