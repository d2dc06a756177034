//! The expressions of `--set`: `name=value,list={a,b},table.key=value,list[0]=x`.
//! `\` takes the meaning from the character behind it.

use super::overlay::SetError;
use crate::value::{Entry, IntType, List, Map, Text, TextBuilder, Value};

/// Helm's bound on the index of a list.
const MOST_ITEMS: i64 = 65_536;
/// Helm's bound on tables inside tables.
const MOST_NAMES: usize = 30;

/// Sets values in a map; with `strings` every value is a string.
///
/// # Errors
/// What is wrong with the expression, in Helm's words.
pub fn set_values(expression: &Text, strings: bool, values: &Map) -> Result<(), SetError> {
    let mut parser = Parser { text: expression, at: 0, strings };
    while !parser.is_done() {
        parser.key(values, 0)?;
    }
    Ok(())
}

struct Parser<'t> {
    text: &'t Text,
    at: usize,
    strings: bool,
}

/// A piece of the expression, and the character that ended it; none at the end.
type Piece = (Text, Option<u8>);

fn error<T>(message: impl Into<String>) -> Result<T, SetError> {
    Err(SetError(message.into()))
}

impl Parser<'_> {
    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.bytes().get(self.at).copied()
    }

    /// What stands before one of these characters, all of them ASCII.
    fn until(&mut self, stops: &[u8]) -> Piece {
        let mut out = TextBuilder::default();
        let mut from = self.at;
        while let Some(byte) = self.peek() {
            if stops.contains(&byte) {
                out.push_slice(self.text, from..self.at);
                self.at += 1;
                return (out.finish(), Some(byte));
            }
            if byte == b'\\' {
                out.push_slice(self.text, from..self.at);
                from = (self.at + 1).min(self.text.len());
                self.at += 2;
            } else {
                self.at += 1;
            }
        }
        self.at = self.text.len();
        out.push_slice(self.text, from..self.at);
        (out.finish(), None)
    }

    /// One `name=value`, inside a map.
    fn key(&mut self, data: &Map, depth: usize) -> Result<(), SetError> {
        let (key, stop) = self.until(b"=[,.");
        let name = key.as_str();
        match stop {
            None if key.is_empty() => Ok(()),
            None => error(format!("key {name:?} has no value")),
            Some(b'[') => {
                let index = self.index()?;
                let list = match data.get(&name) {
                    None => Vec::new(),
                    Some(Value::List(list)) => list.items.to_vec(),
                    Some(_) => return error("unable to parse key: the value is not a list"),
                };
                let list = self.item(list, index, depth)?;
                put(data, &key, Value::List(List::new(list)));
                Ok(())
            }
            Some(b'=') => {
                let value = self.value()?;
                put(data, &key, value);
                Ok(())
            }
            Some(b',') => {
                put(data, &key, Value::str(""));
                error(format!("key {name:?} has no value (cannot end with ,)"))
            }
            _ => {
                if depth + 1 > MOST_NAMES {
                    return error(format!(
                        "value name nested level is greater than maximum supported nested level \
                         of {MOST_NAMES}"
                    ));
                }
                let inner = match data.get(&name) {
                    None => Map::new(),
                    Some(Value::Map(map)) => map,
                    Some(_) => return error("unable to parse key: the value is not a map"),
                };
                self.key(&inner, depth + 1)?;
                if inner.is_empty() {
                    return error(format!("key map {name:?} has no value"));
                }
                put(data, &key, Value::Map(inner));
                Ok(())
            }
        }
    }

    fn index(&mut self) -> Result<i64, SetError> {
        let (digits, stop) = self.until(b"]");
        let index = digits.as_str().parse::<i64>();
        match (index, stop) {
            (Ok(index), Some(_)) => Ok(index),
            _ => error(format!("error parsing index: {:?} is not a number", digits.as_str())),
        }
    }

    /// What stands behind `[index]`.
    fn item(&mut self, list: Vec<Value>, index: i64, depth: usize) -> Result<Vec<Value>, SetError> {
        if index < 0 {
            return error(format!("negative {index} index not allowed"));
        }
        let (extra, stop) = self.until(b"[.=");
        if !extra.is_empty() {
            let extra = extra.as_str();
            return error(format!("unexpected data at end of array index: {extra:?}"));
        }
        let existing = usize::try_from(index).ok().and_then(|index| list.get(index).cloned());
        let value = match stop {
            Some(b'=') => self.value()?,
            Some(b'[') => {
                let next = self.index()?;
                let inner = match existing {
                    None | Some(Value::Nil) => Vec::new(),
                    Some(Value::List(list)) => list.items.to_vec(),
                    Some(_) => return error("unable to parse key: the item is not a list"),
                };
                if depth + 1 > MOST_NAMES {
                    return error("lists nest deeper than the limit allows");
                }
                Value::List(List::new(self.item(inner, next, depth + 1)?))
            }
            Some(b'.') => {
                let inner = match existing {
                    Some(Value::Map(map)) => map,
                    _ => Map::new(),
                };
                if depth + 1 > MOST_NAMES {
                    return error("lists and maps nest deeper than the limit allows");
                }
                self.key(&inner, depth + 1)?;
                Value::Map(inner)
            }
            // The expression ends behind the index.
            _ => return Ok(list),
        };
        set_index(list, index, value)
    }

    fn value(&mut self) -> Result<Value, SetError> {
        if self.is_done() {
            return Ok(Value::str(""));
        }
        if self.peek() != Some(b'{') {
            let (text, _) = self.until(b",");
            return Ok(typed(text, self.strings));
        }
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.until(b",}") {
                (_, None) => return error("list must terminate with '}'"),
                (text, Some(stop)) => {
                    items.push(typed(text, self.strings));
                    if stop == b'}' {
                        break;
                    }
                }
            }
        }
        if self.peek() == Some(b',') {
            self.at += 1;
        }
        Ok(Value::List(List::new(items)))
    }
}

fn put(data: &Map, key: &Text, value: Value) {
    if !key.is_empty() {
        let origin = key.computed(0..key.len());
        data.put(&key.as_str(), Entry { key: origin, value });
    }
}

fn set_index(mut list: Vec<Value>, index: i64, value: Value) -> Result<Vec<Value>, SetError> {
    if index > MOST_ITEMS {
        return error(format!(
            "index of {index} is greater than maximum supported index of {MOST_ITEMS}"
        ));
    }
    let at = usize::try_from(index).unwrap_or_default();
    if list.len() <= at {
        list.resize(at + 1, Value::Nil);
    }
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
    Ok(list)
}

fn typed(text: Text, strings: bool) -> Value {
    if strings {
        return Value::Str(text);
    }
    let origin = text.computed(0..text.len());
    let string = text.as_str();
    let integer = || string.parse::<i64>().ok();
    match string.to_ascii_lowercase().as_str() {
        "true" => Value::Bool(true, origin),
        "false" => Value::Bool(false, origin),
        "null" => Value::Nil,
        "0" => Value::Int(0, IntType::Int64, origin),
        _ if !string.starts_with('0') => match integer() {
            Some(number) => Value::Int(number, IntType::Int64, origin),
            None => Value::Str(text.clone()),
        },
        _ => Value::Str(text.clone()),
    }
}
