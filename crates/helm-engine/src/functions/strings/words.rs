//! `camelcase`, `snakecase` and `kebabcase`, with the words of Go's xstrings.

use crate::functions::given::{Given, Writer, text};
use crate::functions::runes::{self, decode, runes};
use crate::functions::{Budget, Failure};
use crate::value::{Text, Value};
use std::ops::Range;

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// Letters, but for Chinese characters.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !matches!(c, '\u{3400}'..='\u{4D85}' | '\u{4E00}'..='\u{9FCC}' | '\u{20000}'..='\u{2B81D}')
}

/// `SomeWords` of `some-words`.
pub(super) fn camelcase(budget: &mut Budget, given: &[Value]) -> Given {
    let text = text(given, 0)?;
    let mut out = Writer::new(budget);
    let mut letters = runes(text.bytes());
    // Connectors in front stay; where there is nothing else, the last one twice.
    let mut connector = None;
    let (mut at, mut last) = loop {
        match (letters.next(), connector) {
            (Some((range, letter)), _) if is_connector(letter) => {
                out.character(text, range.clone(), letter)?;
                connector = Some((range, letter));
            }
            (Some(found), _) => break found,
            (None, Some((range, letter))) => {
                out.character(text, range, letter)?;
                return out.value();
            }
            (None, None) => return out.value(),
        }
    };
    let mut lower_the_rest = runes::is_upper(last);
    last = runes::to_upper(last);
    for (range, mut letter) in letters {
        if is_connector(letter) && is_connector(last) {
            out.character(text, at, last)?;
            (at, last) = (range, letter);
            continue;
        }
        if is_connector(last) {
            lower_the_rest = runes::is_upper(letter);
            letter = runes::to_upper(letter);
        } else {
            if lower_the_rest {
                if runes::is_upper(letter) {
                    letter = runes::to_lower(letter);
                } else {
                    lower_the_rest = false;
                }
            }
            out.character(text, at, last)?;
        }
        (at, last) = (range, letter);
    }
    out.character(text, at, last)?;
    out.value()
}

pub(super) fn snakecase(budget: &mut Budget, given: &[Value]) -> Given {
    joined(budget, text(given, 0)?, '_')
}

pub(super) fn kebabcase(budget: &mut Budget, given: &[Value]) -> Given {
    joined(budget, text(given, 0)?, '-')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invalid,
    Number,
    Capitals,
    Letters,
    Connector,
    Punctuation,
    Other,
}

/// Reads words one by one.
struct Words<'t> {
    text: &'t Text,
    at: usize,
    connector: char,
}

impl Words<'_> {
    fn rest(&self) -> &[u8] {
        self.text.bytes().get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> (Kind, Range<usize>) {
        let (kind, length) = next_word(self.rest());
        let range = self.at..self.at + length;
        self.at = range.end;
        (kind, range)
    }

    fn write(&self, out: &mut Writer<'_>, kind: Kind, word: Range<usize>) -> Result<(), Failure> {
        if kind != Kind::Capitals && kind != Kind::Connector {
            return out.slice(self.text, word);
        }
        let start = word.start;
        for (range, letter) in runes(self.text.bytes().get(word).unwrap_or_default()) {
            let range = start + range.start..start + range.end;
            let letter = match letter {
                _ if is_connector(letter) => self.connector,
                _ if runes::is_upper(letter) => runes::to_lower(letter),
                _ => letter,
            };
            out.character(self.text, range, letter)?;
        }
        Ok(())
    }

    fn connect(&self, out: &mut Writer<'_>) -> Result<(), Failure> {
        out.literal(self.connector.encode_utf8(&mut [0; 4]))
    }
}

/// Small letters, with a connector between the words.
fn joined(budget: &mut Budget, text: &Text, connector: char) -> Given {
    use Kind::{Connector, Invalid, Letters, Number, Punctuation};
    let mut out = Writer::new(budget);
    if text.is_empty() {
        return out.value();
    }
    let mut words = Words { text, at: 0, connector };
    let (mut kind, mut word) = words.next();
    while !words.rest().is_empty() {
        if kind != Connector {
            words.write(&mut out, kind, word.clone())?;
        }
        let (before, last) = (kind, word);
        (kind, word) = words.next();
        match before {
            Number => {
                while kind == Letters || kind == Number {
                    words.write(&mut out, kind, word)?;
                    (kind, word) = words.next();
                }
                if !matches!(kind, Invalid | Punctuation | Connector) {
                    words.connect(&mut out)?;
                }
            }
            Connector => words.write(&mut out, before, last)?,
            Punctuation => {}
            _ if kind != Number => {
                if !matches!(kind, Connector | Punctuation) {
                    words.connect(&mut out)?;
                }
            }
            _ if words.rest().is_empty() => {}
            // A number belongs to the word before it (`bld4_floor`), unless small
            // letters follow it (`http_2xx`).
            _ => {
                let number = word;
                (kind, word) = words.next();
                if kind != Letters {
                    words.write(&mut out, Number, number)?;
                    if !matches!(kind, Connector | Punctuation) {
                        words.connect(&mut out)?;
                    }
                    continue;
                }
                words.connect(&mut out)?;
                words.write(&mut out, Number, number)?;
                while kind == Letters || kind == Number {
                    words.write(&mut out, kind, word)?;
                    (kind, word) = words.next();
                }
                if !matches!(kind, Invalid | Connector | Punctuation) {
                    words.connect(&mut out)?;
                }
            }
        }
    }
    words.write(&mut out, kind, word)?;
    out.value()
}

/// The first character that is UTF-8, and the bytes up to its end.
fn next_valid(bytes: &[u8], before: char) -> (char, usize) {
    let mut size = 0;
    while let Some((letter, length)) = decode(bytes.get(size..).unwrap_or_default()) {
        size += length;
        if letter != char::REPLACEMENT_CHARACTER {
            return (letter, size);
        }
    }
    (before, size)
}

/// The kind and the length of the first word.
fn next_word(bytes: &[u8]) -> (Kind, usize) {
    let (first, size) = next_valid(bytes, char::REPLACEMENT_CHARACTER);
    if first == char::REPLACEMENT_CHARACTER {
        return (Kind::Invalid, size);
    }
    let run = |from: usize, belongs: &dyn Fn(char) -> bool| {
        let (mut at, mut before) = (from, first);
        while at < bytes.len() {
            let (letter, size) = next_valid(&bytes[at..], before);
            if !belongs(letter) {
                break;
            }
            before = letter;
            at += size;
        }
        at
    };
    let small = |c: char| is_letter(c) && !runes::is_upper(c);
    match first {
        _ if is_connector(first) => (Kind::Connector, run(size, &is_connector)),
        _ if runes::is_punctuation(first) => (Kind::Punctuation, run(size, &runes::is_punctuation)),
        _ if runes::is_upper(first) => (Kind::Capitals, capitals(bytes, first, size, &run)),
        _ if is_letter(first) => (Kind::Letters, run(size, &small)),
        _ if first.is_numeric() => (Kind::Number, run(size, &char::is_numeric)),
        _ => {
            let other = |c: char| {
                !(is_connector(c) || is_letter(c) || c.is_numeric() || runes::is_punctuation(c))
            };
            (Kind::Other, run(size, &other))
        }
    }
}

/// Where the characters end that belong together, from an offset on.
type Run<'r> = dyn Fn(usize, &dyn Fn(char) -> bool) -> usize + 'r;

/// A capital and small letters, or capitals up to the last one, which begins
/// the next word where a small letter follows it (`HTTPStatus`).
fn capitals(bytes: &[u8], first: char, size: usize, run: &Run<'_>) -> usize {
    if size >= bytes.len() {
        return size;
    }
    let (second, second_size) = next_valid(&bytes[size..], first);
    if !runes::is_upper(second) {
        return match is_letter(second) {
            true => run(size, &|c| is_letter(c) && !runes::is_upper(c)),
            false => size,
        };
    }
    let (mut end, mut last_size, mut before) = (size + second_size, second_size, second);
    while end < bytes.len() {
        let (letter, size) = next_valid(&bytes[end..], before);
        if !runes::is_upper(letter) {
            return if is_letter(letter) { end - last_size } else { end };
        }
        before = letter;
        end += size;
        last_size = size;
    }
    end
}
