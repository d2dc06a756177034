//! JSON, as Go's `encoding/json` reads it, with its messages.

use super::source::Source;
use super::{DEEPEST, Error};
use crate::value::{Entry, List, Map, Text, TextBuilder, Value};
use std::ops::Range;
use std::rc::Rc;

/// Reads a JSON text whose strings then lead to where its bytes come from.
///
/// # Errors
/// When Go refuses it, with Go's message.
pub(crate) fn json(text: &Text) -> Result<Value, Error> {
    let mut parser = Parser { bytes: text.bytes(), at: 0, source: Source::Text(text), depth: 0 };
    parser.blanks();
    let value = parser.value()?;
    parser.blanks();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.unexpected("after top-level value")),
    }
}

/// What Go says of a value of JSON that has another type than asked for.
pub(crate) fn mismatch(value: &Value, asked: &str) -> String {
    let kind = match value {
        Value::Nil => "null",
        Value::Bool(..) => "bool",
        Value::Int(..) | Value::Float(..) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Struct(_) => "object",
    };
    format!("json: cannot unmarshal {kind} into Go value of type {asked}")
}

struct Parser<'t> {
    bytes: &'t [u8],
    at: usize,
    source: Source<'t>,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What Go says of the byte that stands here.
    fn unexpected(&self, place: &str) -> Error {
        // At the end Go asks whether a blank could stand there.
        let inside = |place: &str| place.starts_with("in ") && place != "in string literal";
        let byte = match self.peek() {
            Some(byte) => byte,
            None if inside(place) || place.ends_with("numeric literal") => b' ',
            None => return Error::new(self.at, "unexpected end of JSON input"),
        };
        let shown = match char::from(byte) {
            '\'' => "\\'".to_owned(),
            '"' => "\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\u{7}' => "\\a".to_owned(),
            '\u{8}' => "\\b".to_owned(),
            '\u{c}' => "\\f".to_owned(),
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            '\u{b}' => "\\v".to_owned(),
            c if c < ' ' || c == '\u{7f}' => format!("\\x{byte:02x}"),
            c if ('\u{80}'..='\u{a0}').contains(&c) || c == '\u{ad}' => {
                format!("\\u{:04x}", u32::from(byte))
            }
            c => c.to_string(),
        };
        Error::new(self.at, format!("invalid character '{shown}' {place}"))
    }

    fn value(&mut self) -> Result<Value, Error> {
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => Ok(Value::Str(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => {
                self.word("true").map(|range| Value::Bool(true, self.source.spelled(range)))
            }
            Some(b'f') => {
                self.word("false").map(|range| Value::Bool(false, self.source.spelled(range)))
            }
            Some(b'n') => self.word("null").map(|_| Value::Nil),
            _ => Err(self.unexpected("looking for beginning of value")),
        }
    }

    fn word(&mut self, word: &str) -> Result<Range<usize>, Error> {
        let start = self.at;
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                let expected = char::from(expected);
                return Err(self.unexpected(&format!("in literal {word} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(start..self.at)
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth += 1;
        self.at += 1;
        if self.depth > DEEPEST {
            return Err(Error::too_deep());
        }
        self.blanks();
        Ok(())
    }

    fn array(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.enter()?;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.blanks();
                items.push(self.value()?);
                self.blanks();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break self.at += 1,
                    _ => return Err(self.unexpected("after array element")),
                }
            }
        }
        self.depth -= 1;
        let origin = self.source.spelled(start..self.at);
        Ok(Value::List(List { origin, ..List::new(items) }))
    }

    fn object(&mut self) -> Result<Value, Error> {
        self.enter()?;
        let mut entries: Vec<(Rc<str>, Entry)> = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.blanks();
                if self.peek() != Some(b'"') {
                    return Err(self.unexpected("looking for beginning of object key string"));
                }
                let start = self.at + 1;
                let key = self.string()?;
                let end = self.at - 1;
                let origin = if key.bytes() == &self.bytes[start..end] {
                    self.source.copied_origin(start..end)
                } else {
                    self.source.spelled(start..end)
                };
                self.blanks();
                if self.peek() != Some(b':') {
                    return Err(self.unexpected("after object key"));
                }
                self.at += 1;
                self.blanks();
                let value = self.value()?;
                entries.push((key.as_str().into(), Entry { key: origin, value }));
                self.blanks();
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break self.at += 1,
                    _ => return Err(self.unexpected("after object key:value pair")),
                }
            }
        }
        self.depth -= 1;
        Ok(Value::Map(entries.into_iter().collect::<Map>()))
    }

    fn digits(&mut self, place: &str) -> Result<(), Error> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.unexpected(place));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let digits = String::from_utf8_lossy(&self.bytes[start..self.at]);
        let number = digits.parse().ok().filter(|number: &f64| number.is_finite());
        let number = number.ok_or_else(|| {
            let message = "json: cannot unmarshal number";
            Error::new(start, format!("{message} {digits} into Go value of type float64"))
        })?;
        Ok(Value::Float(number, self.source.spelled(start..self.at)))
    }

    fn string(&mut self) -> Result<Text, Error> {
        self.at += 1;
        let start = self.at;
        let mut out: Option<TextBuilder> = None;
        let mut done = start;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let builder = out.get_or_insert_default();
                    self.stretch(builder, done..self.at);
                    let from = self.at;
                    let c = self.escape()?;
                    let mut spelled = [0; 4];
                    self.source.push_spelled(builder, c.encode_utf8(&mut spelled), from..self.at);
                    done = self.at;
                }
                Some(0..=0x1f) | None => return Err(self.unexpected("in string literal")),
                Some(_) => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 1;
        match (out, std::str::from_utf8(&self.bytes[start..end])) {
            (None, Ok("")) => Ok(Text::default()),
            (None, Ok(value)) => Ok(self.source.copy(value, start..end)),
            (out, _) => {
                let mut builder = out.unwrap_or_default();
                self.stretch(&mut builder, done..end);
                Ok(builder.finish())
            }
        }
    }

    /// Appends bytes without escapes; what is not UTF-8 is replaced.
    fn stretch(&self, out: &mut TextBuilder, range: Range<usize>) {
        let mut at = range.start;
        for chunk in self.bytes[range].utf8_chunks() {
            let valid = chunk.valid();
            if !valid.is_empty() {
                self.source.push_copy(out, valid, at..at + valid.len());
            }
            at += valid.len();
            for _ in chunk.invalid() {
                self.source.push_spelled(out, "\u{fffd}", at..at + 1);
                at += 1;
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let c = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.unexpected("in string escape code")),
        };
        self.at += 1;
        Ok(c)
    }

    fn unicode(&mut self) -> Result<char, Error> {
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let behind = self.at;
        let rest = self.bytes.get(behind..behind + 6).unwrap_or_default();
        if let [b'\\', b'u', digits @ ..] = rest
            && digits.iter().all(u8::is_ascii_hexdigit)
        {
            self.at += 2;
            let second = self.hex()?;
            if first < 0xdc00 && (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = behind;
        }
        Ok('\u{fffd}')
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("in \\u hexadecimal character escape"));
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}
