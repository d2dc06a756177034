//! Values as text: sprig's `strval`, Go's `%v` and `%q`.

use super::given::Writer;
use super::runes;
use super::{Budget, Failure};
use crate::value::{ItemType, Origin, Text, Value};

/// How deep values may be nested to be printed.
const DEEPEST: usize = 100;

/// Writes what sprig makes of a value that is wanted as a string.
pub(super) fn strval(out: &mut Writer<'_>, value: &Value) -> Result<(), Failure> {
    match value {
        Value::List(list) if list.of == ItemType::Byte => {
            let byte = |item: &Value| match item {
                Value::Int(byte, ..) => *byte as u8,
                _ => 0,
            };
            let bytes: Vec<u8> = list.items.iter().map(byte).collect();
            out.text(&Text::with_origin(bytes, list.origin.clone()))
        }
        _ => printed(out, value, 0),
    }
}

/// Writes a value as `%v` prints it.
pub(super) fn printed(out: &mut Writer<'_>, value: &Value, depth: usize) -> Result<(), Failure> {
    if depth > DEEPEST {
        return Err(Failure("a value is nested too deeply to be printed".to_owned()));
    }
    let scalar = |text: String, origin: &Origin| Text::with_origin(text, origin.clone());
    match value {
        Value::Nil => out.literal("<nil>"),
        Value::Bool(truth, origin) => out.text(&scalar(truth.to_string(), origin)),
        Value::Int(number, kind, origin) => {
            let text = match kind {
                crate::value::IntType::Uint64 => (*number as u64).to_string(),
                _ => number.to_string(),
            };
            out.text(&scalar(text, origin))
        }
        Value::Float(number, origin) => out.text(&scalar(float(*number), origin)),
        Value::Str(text) => out.text(text),
        Value::List(list) => {
            out.literal("[")?;
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.literal(" ")?;
                }
                printed(out, item, depth + 1)?;
            }
            out.literal("]")
        }
        Value::Map(map) => {
            out.literal("map[")?;
            for (index, (key, entry)) in map.entries().iter().enumerate() {
                if index > 0 {
                    out.literal(" ")?;
                }
                out.text(&Text::with_origin(key.as_bytes(), entry.key.clone()))?;
                out.literal(":")?;
                printed(out, &entry.value, depth + 1)?;
            }
            out.literal("]")
        }
        Value::Struct(object) => {
            if let Some((_, text)) = object.fields.iter().find(|(name, _)| *name == STRING) {
                return printed(out, text, depth + 1);
            }
            out.literal("{")?;
            for (index, (_, field)) in object.fields.iter().enumerate() {
                if index > 0 {
                    out.literal(" ")?;
                }
                printed(out, field, depth + 1)?;
            }
            out.literal("}")
        }
    }
}

/// The field of a struct that holds what its method `String` gives.
pub(super) const STRING: &str = "String()";

/// A `float64` as `%v` prints it: `%g` with as few digits as tell it from its neighbours.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    // For this `%g` counts the shortest digits as six.
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..6 => number.to_string(),
        exponent => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
    }
}

/// Writes a text as `%q` prints it; what needs no escape stays a copy.
pub(super) fn quoted(out: &mut Writer<'_>, text: &Text) -> Result<(), Failure> {
    out.literal("\"")?;
    let mut copied = 0;
    for (range, character) in runes::runes(text.bytes()) {
        let invalid = range.len() == 1 && character == char::REPLACEMENT_CHARACTER;
        let escape = match character {
            _ if invalid => format!("\\x{:02x}", text.bytes()[range.start]),
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\x07' => "\\a".to_owned(),
            '\x08' => "\\b".to_owned(),
            '\x0c' => "\\f".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\x0b' => "\\v".to_owned(),
            _ if is_printable(character) => continue,
            '\0'..='\x7f' => format!("\\x{:02x}", character as u32),
            '\u{80}'..='\u{ffff}' => format!("\\u{:04x}", character as u32),
            _ => format!("\\U{:08x}", character as u32),
        };
        out.slice(text, copied..range.start)?;
        copied = range.end;
        out.instead(text, range, escape.as_bytes())?;
    }
    out.slice(text, copied..text.len())?;
    out.literal("\"")
}

/// Bytes as `%q` prints them, for messages.
pub(super) fn quoted_string(bytes: &[u8]) -> String {
    let mut budget = Budget::new(usize::MAX, 0);
    let mut out = Writer::new(&mut budget);
    match quoted(&mut out, &Text::new(bytes)) {
        Ok(()) => out.finish().as_str().into_owned(),
        Err(Failure(message)) => message,
    }
}

/// `strconv.IsPrint`
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    // Behind another character Rust escapes just what is not printable.
    let mut buffer = [b'a'; 5];
    let length = character.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..=length])
        .is_ok_and(|text| text.escape_debug().nth(1) == Some(character))
}
