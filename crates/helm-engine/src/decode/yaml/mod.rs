//! YAML as Helm reads it: YAML 1.1 by way of JSON, so that every number is a
//! float and every key a string.

mod decoder;
mod resolve;
mod text;

use super::source::Source;
use super::{Error, documents};
use crate::source::{FileId, FileText};
use crate::value::{Map, Text, Value};
use decoder::Decoder;

/// Reads a values file as Helm loads it: all its documents, merged into one map.
///
/// # Errors
/// When Helm would not load it. Says where, and why in Helm's words where they
/// are known.
pub fn file(file: FileId, text: &FileText) -> Result<Value, Error> {
    let mut values = Map::new();
    let whole = Text::of_file(file, text);
    for range in documents::split(text)? {
        let source = Source::File(file, &whole, range.start);
        let start = range.start;
        let value = document(&text[range], source, true).map_err(|error| Error {
            offset: error.offset.map(|offset| offset + start),
            ..error
        })?;
        match value {
            Value::Nil => {}
            Value::Map(map) if values.is_empty() => values = map,
            Value::Map(map) => merge(&values, &map),
            other => {
                let mismatch = super::mismatch(&other, "map[string]interface {}");
                let wrapped = format!("error unmarshaling JSON: while decoding JSON: {mismatch}");
                return Err(Error::new(start, wrapped));
            }
        }
    }
    Ok(Value::Map(values))
}

/// Reads the first document of a text, whose strings then lead to where the
/// text's bytes come from.
///
/// # Errors
/// When Go's YAML package refuses it; the message is Go's where it is known.
pub fn yaml(text: &Text) -> Result<Value, Error> {
    let string = std::str::from_utf8(text.bytes())
        .map_err(|error| Error::new(error.valid_up_to(), "yaml: invalid leading UTF-8 octet"))?;
    document(string, Source::Text(text), false)
}

/// Reads the first document of a file as [`yaml`] reads that of a text.
///
/// # Errors
/// As there.
pub(crate) fn of_file(file: FileId, text: &FileText) -> Result<Value, Error> {
    document(text, Source::File(file, &Text::of_file(file, text), 0), false)
}

/// Puts a document's entries over those of the documents before it.
fn merge(under: &Map, over: &Map) {
    for (key, entry) in over.entries().iter() {
        if let Value::Map(map) = &entry.value
            && let Some(Value::Map(before)) = under.get(key)
        {
            merge(&before, map);
        } else {
            under.put(key, entry.clone());
        }
    }
}

fn document(text: &str, source: Source<'_>, ends_lines: bool) -> Result<Value, Error> {
    characters(text)?;
    let tree =
        yaml_span::parse_first(text).map_err(|error| syntax(text, error.offset, &error.message))?;
    let Some(&root) = tree.documents().first() else { return Ok(Value::Nil) };
    let mut decoder = Decoder::new(&tree, source, ends_lines && !text.ends_with('\n'));
    let value = decoder.node(root)?;
    match decoder.special.and_then(|at| Some((at, special(&value)?))) {
        Some((at, name)) => Err(Error::new(at, format!("json: unsupported value: {name}"))),
        None => Ok(value),
    }
}

/// The first number that JSON cannot hold, by the name that Go gives it.
fn special(value: &Value) -> Option<&'static str> {
    match value {
        Value::Float(number, _) if number.is_nan() => Some("NaN"),
        Value::Float(number, _) if number.is_infinite() => {
            Some(if *number > 0.0 { "+Inf" } else { "-Inf" })
        }
        Value::List(list) => list.items.iter().find_map(special),
        Value::Map(map) => map.entries().values().find_map(|entry| special(&entry.value)),
        _ => None,
    }
}

/// Refuses the characters that Go's YAML package refuses.
fn characters(text: &str) -> Result<(), Error> {
    let suspect =
        |byte: u8| byte >= 0x7f || (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'));
    // Without a branch for each byte many are looked at in one step.
    let any = |chunk: &[u8]| chunk.iter().fold(false, |found, &byte| found | suspect(byte));
    if !text.as_bytes().chunks(64).any(any) {
        return Ok(());
    }
    let refused = |c: char| {
        matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
            && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
    };
    match text.char_indices().find(|&(_, c)| refused(c)) {
        Some((at, _)) => Err(Error::new(at, "yaml: control characters are not allowed")),
        None => Ok(()),
    }
}

/// The parser's message with the line, as Go's YAML package puts it.
fn syntax(text: &str, offset: usize, message: &str) -> Error {
    let end = text.floor_char_boundary(offset);
    let line = 1 + text[..end].bytes().filter(|&byte| byte == b'\n').count();
    let problem = match message.rsplit_once(", ") {
        Some((context, problem)) if context.starts_with("while") => problem,
        _ => message,
    };
    let place = if line > 1 { format!("line {line}: ") } else { String::new() };
    let problem = match problem {
        "found unknown anchor" => {
            let name = text[end..].trim_start_matches(['*', ' ']);
            let word = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
            let name = name.split(word).next().unwrap_or_default();
            return Error::new(offset, format!("yaml: unknown anchor '{name}' referenced"));
        }
        "expected ',' or ']'" => "did not find expected ',' or ']'",
        "simple key expect ':'" => "could not find expected ':'",
        _ if problem.starts_with("unexpected character: ")
            || problem.starts_with("tabs disallowed") =>
        {
            "found character that cannot start any token"
        }
        _ => problem,
    };
    Error::new(offset, format!("yaml: {place}{problem}"))
}
