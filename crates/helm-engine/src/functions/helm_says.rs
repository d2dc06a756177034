//! What Helm printed for calls of functions, against what they give here.
//!
//! Each line of a table is an expression, a tab, and what `printf "%#v"` gave of
//! it; behind a `!` stands the error as a JSON string.

use super::{Budget, Failure, lookup, method};
use crate::value::{IntType, ItemType, Text, Value};

/// Calls what an expression says.
pub(super) fn call(text: &str) -> Result<Value, Failure> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.expression()?;
    assert_eq!(reader.at, text.len(), "{text}");
    Ok(value)
}

/// Judges a table.
pub(super) fn agree(table: &str) {
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (expression, wanted) = line.rsplit_once('\t').unwrap_or_else(|| panic!("{line}"));
        let found = match call(expression) {
            Ok(value) => spelled(&value),
            Err(Failure(message)) => format!("!{}", json(&message)),
        };
        if found != wanted {
            wrong.push(format!("{expression}\n  Helm: {wanted}\n  here: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A value as Go's source spells it.
fn spelled(value: &Value) -> String {
    match value {
        Value::Nil => "<nil>".into(),
        Value::Bool(truth, _) => truth.to_string(),
        Value::Int(number, IntType::Uint64 | IntType::Uint8, _) => format!("0x{number:x}"),
        Value::Int(number, ..) => number.to_string(),
        Value::Float(number, _) => number.to_string(),
        Value::Str(text) => super::plain::quoted_string(text.bytes()),
        Value::List(list) if list.nil => "[]string(nil)".into(),
        Value::List(list) if list.items.is_empty() && list.of == ItemType::String => {
            "[]string{}".into()
        }
        Value::List(list) => {
            let kind = if list.of == ItemType::String { "string" } else { "interface {}" };
            let items: Vec<String> = list.items.iter().map(spelled).collect();
            format!("[]{kind}{{{}}}", items.join(", "))
        }
        Value::Map(map) => {
            let kind = if map.of == ItemType::String { "string" } else { "interface {}" };
            let entries = map.entries();
            let items = entries.iter().map(|(key, entry)| {
                format!("{}:{}", super::plain::quoted_string(key.as_bytes()), spelled(&entry.value))
            });
            format!("map[string]{kind}{{{}}}", items.collect::<Vec<_>>().join(", "))
        }
        Value::Struct(object) => format!("{object:?}"),
    }
}

fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            '\0'..' ' => out += &format!("\\u{:04x}", letter as u32),
            _ => out.push(letter),
        }
    }
    out + "\""
}

/// Reads a call of a function with literals and calls in parentheses.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn expression(&mut self) -> Result<Value, Failure> {
        if self.rest().starts_with('(') {
            return self.argument();
        }
        let mut arguments = Vec::new();
        let name = self.word();
        loop {
            self.blanks();
            match self.rest().chars().next() {
                None | Some(')') => break,
                _ => arguments.push(self.argument()?),
            }
        }
        let function = lookup(&name).unwrap_or_else(|| panic!("no function {name}"));
        assert!(arguments.len() >= function.params.len(), "{}", self.text);
        (function.call)(&mut Budget::new(1 << 20, 1 << 20), &arguments)
    }

    fn blanks(&mut self) {
        while self.rest().starts_with(' ') {
            self.at += 1;
        }
    }

    fn word(&mut self) -> String {
        let end = |letter: char| letter == ' ' || letter == ')';
        let length = self.rest().find(end).unwrap_or(self.rest().len());
        let word = self.rest()[..length].to_owned();
        self.at += length;
        word
    }

    fn argument(&mut self) -> Result<Value, Failure> {
        match self.rest().as_bytes()[0] {
            b'(' => {
                self.at += 1;
                let value = self.expression()?;
                assert!(self.rest().starts_with(')'), "{}", self.text);
                self.at += 1;
                let mut value = value;
                while self.rest().starts_with('.') {
                    self.at += 1;
                    let name = self.word();
                    value = self.member(&value, &name)?;
                }
                Ok(value)
            }
            b'`' => {
                let length = self.rest()[1..].find('`').expect("a closing backquote");
                let text = self.rest()[1..=length].to_owned();
                self.at += length + 2;
                Ok(Value::str(text))
            }
            b'"' => {
                self.at += 1;
                Ok(Value::Str(Text::new(self.quoted())))
            }
            _ => {
                let word = self.word();
                Ok(match word.as_str() {
                    "nil" => Value::Nil,
                    "true" | "false" => Value::bool(word == "true"),
                    _ => match word.parse::<i64>() {
                        Ok(number) => Value::int(number),
                        Err(_) => Value::float(word.parse().expect("a number")),
                    },
                })
            }
        }
    }

    /// A field, or a method with all arguments that follow.
    fn member(&mut self, value: &Value, name: &str) -> Result<Value, Failure> {
        let Value::Struct(object) = value else { panic!("no struct") };
        if let Some(field) = object.field(name) {
            return Ok(field.clone());
        }
        let method = method(object, name).unwrap_or_else(|| panic!("no field {name}"));
        let mut arguments = Vec::new();
        while arguments.len() < method.params.len() {
            self.blanks();
            arguments.push(self.argument()?);
        }
        (method.call)(&mut Budget::new(1 << 20, 1 << 20), value, &arguments)
    }

    fn quoted(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            let letter = self.rest().chars().next().expect("a closing quote");
            self.at += letter.len_utf8();
            match letter {
                '"' => return out,
                '\\' => {
                    let escape = self.rest().as_bytes()[0];
                    self.at += 1;
                    let mut code = |length: usize| {
                        let code = u32::from_str_radix(&self.text[self.at..self.at + length], 16);
                        self.at += length;
                        code.expect("a number")
                    };
                    match escape {
                        b'n' => out.push(b'\n'),
                        b't' => out.push(b'\t'),
                        b'r' => out.push(b'\r'),
                        b'x' => out.push(code(2) as u8),
                        b'u' => {
                            let letter = char::from_u32(code(4)).expect("a character");
                            out.extend(letter.to_string().bytes());
                        }
                        other => out.push(other),
                    }
                }
                other => out.extend(other.to_string().bytes()),
            }
        }
    }
}

#[test]
fn strings() {
    agree(include_str!("helm_says/strings.tsv"));
}

#[test]
fn regular_expressions() {
    agree(include_str!("helm_says/regex.tsv"));
}

#[test]
fn versions() {
    agree(include_str!("helm_says/semver.tsv"));
}

#[test]
fn encodings() {
    agree(include_str!("helm_says/encoding.tsv"));
}

#[test]
fn paths_and_urls() {
    agree(include_str!("helm_says/paths.tsv"));
}

#[test]
fn keys_and_secrets() {
    agree(include_str!("helm_says/crypto.tsv"));
}

#[test]
fn dates() {
    agree(include_str!("helm_says/dates.tsv"));
}

mod hostile;
mod provenance;
