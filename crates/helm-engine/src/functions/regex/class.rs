//! Sets of characters and escapes, from RE2's syntax to Rust's.

use super::error::{self, Mistake};
use std::fmt::Write;

/// Writes a character so that it stands for itself, in a set and outside of one.
pub(super) fn literal(out: &mut String, character: char) {
    match character {
        _ if character.is_ascii_alphanumeric() || !character.is_ascii() => out.push(character),
        _ => {
            // Writing to a string does not fail.
            let _ = write!(out, "\\x{{{:X}}}", character as u32);
        }
    }
}

/// The sets that have letters of their own; only ASCII is in them.
pub(super) fn perl_class(rest: &str) -> Option<&'static str> {
    Some(match rest.as_bytes() {
        [b'\\', b'd', ..] => "[0-9]",
        [b'\\', b'D', ..] => "[^0-9]",
        [b'\\', b's', ..] => r"[\t\n\f\r ]",
        [b'\\', b'S', ..] => r"[^\t\n\f\r ]",
        [b'\\', b'w', ..] => "[0-9A-Za-z_]",
        [b'\\', b'W', ..] => "[^0-9A-Za-z_]",
        _ => return None,
    })
}

/// `\pN`, `\p{Greek}`, `\P{^Greek}`: as Rust spells it, and the number of bytes read.
pub(super) fn unicode_class(rest: &str) -> Result<Option<(String, usize)>, Mistake> {
    let mut negated = match rest.as_bytes() {
        [b'\\', b'p', ..] => false,
        [b'\\', b'P', ..] => true,
        _ => return Ok(None),
    };
    let bad = |length: usize| Mistake::new(error::CHAR_RANGE, &rest[..length]);
    let (mut name, length) = match rest[2..].chars().next() {
        None => return Err(bad(2)),
        Some('{') => match rest.find('}') {
            Some(end) => (&rest[3..end], end + 1),
            None => return Err(bad(rest.len())),
        },
        Some(letter) => (&rest[2..2 + letter.len_utf8()], 2 + letter.len_utf8()),
    };
    if let Some(positive) = name.strip_prefix('^') {
        (name, negated) = (positive, !negated);
    }
    let letters = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b' ');
    let folded: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    // Categories and scripts; properties are for Rust alone.
    let property = ["alphabetic", "lowercase", "uppercase", "whitespace"]
        .contains(&folded.to_ascii_lowercase().as_str());
    if name.is_empty() || property || !name.bytes().all(letters) {
        return Err(bad(length));
    }
    let class = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
    Ok(Some((class, length)))
}

/// The character that an escape stands for, and the number of bytes read.
pub(super) fn escape(rest: &str) -> Result<(char, usize), Mistake> {
    let mut letters = rest.char_indices().skip(1);
    let Some((_, letter)) = letters.next() else {
        return Err(Mistake::new(error::BACKSLASH, ""));
    };
    let after = 1 + letter.len_utf8();
    let bad = |length: usize| Mistake::new(error::ESCAPE, &rest[..length]);
    let digits = &rest[after..];
    match letter {
        'a' => Ok(('\x07', after)),
        'f' => Ok(('\x0c', after)),
        'n' => Ok(('\n', after)),
        'r' => Ok(('\r', after)),
        't' => Ok(('\t', after)),
        'v' => Ok(('\x0b', after)),
        '0'..='7' => {
            let count =
                digits.bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            // One digit would be a reference to a group.
            if letter != '0' && count == 0 {
                return Err(bad(after));
            }
            let end = after + count;
            let number = u32::from_str_radix(&rest[1..end], 8).ok();
            number
                .and_then(char::from_u32)
                .map(|character| (character, end))
                .ok_or_else(|| bad(end))
        }
        'x' => hexadecimal(rest),
        _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => Ok((letter, after)),
        _ => Err(bad(after)),
    }
}

/// `\x7F` or `\x{10FFFF}`
fn hexadecimal(rest: &str) -> Result<(char, usize), Mistake> {
    let digits = &rest[2..];
    let (digits, end) = match digits.strip_prefix('{') {
        Some(braced) => match braced.find(|letter: char| !letter.is_ascii_hexdigit()) {
            Some(length) if braced[length..].starts_with('}') => (&braced[..length], length + 4),
            Some(length) => {
                let odd = braced[length..].chars().next().map_or(0, char::len_utf8);
                return Err(Mistake::new(error::ESCAPE, &rest[..3 + length + odd]));
            }
            None => return Err(Mistake::new(error::ESCAPE, rest)),
        },
        None => {
            let two: usize = digits.chars().take(2).map(char::len_utf8).sum();
            if two != 2 || !digits[..2].bytes().all(|byte| byte.is_ascii_hexdigit()) {
                return Err(Mistake::new(error::ESCAPE, &rest[..2 + two]));
            }
            (&digits[..2], 4)
        }
    };
    let too_large = |number: &str| u32::from_str_radix(number, 16).is_ok_and(|it| it > 0x0010_FFFF);
    if let Some(length) = (1..=digits.len()).find(|length| too_large(&digits[..*length])) {
        return Err(Mistake::new(error::ESCAPE, &rest[..3 + length]));
    }
    u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
        .map(|character| (character, end))
        .ok_or_else(|| Mistake::new(error::ESCAPE, &rest[..end]))
}

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// `[:alpha:]` or `[:^alpha:]`, and the number of bytes read.
fn posix_class(rest: &str) -> Result<Option<usize>, Mistake> {
    let Some(name) = rest.strip_prefix("[:") else { return Ok(None) };
    let Some(length) = name.find(":]") else { return Ok(None) };
    let end = length + 4;
    let name = &name[..length];
    match POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        true => Ok(Some(end)),
        false => Err(Mistake::new(error::CHAR_RANGE, &rest[..end])),
    }
}

/// A set in brackets: as Rust spells it, and the number of bytes read.
pub(super) fn set(whole: &str) -> Result<(String, usize), Mistake> {
    let mut out = String::from("[");
    let mut at = 1;
    if whole[at..].starts_with('^') {
        out.push('^');
        at += 1;
    }
    let start = at;
    while at == start || !whole[at..].starts_with(']') {
        let rest = &whole[at..];
        if let Some(length) = posix_class(rest)? {
            out += &rest[..length];
            at += length;
        } else if let Some((class, length)) = unicode_class(rest)? {
            out += &class;
            at += length;
        } else if let Some(class) = perl_class(rest) {
            out += class;
            at += 2;
        } else {
            at += range(&mut out, rest, whole)?;
        }
    }
    out.push(']');
    Ok((out, at + 1))
}

/// A character, or two with a hyphen between them.
fn range(out: &mut String, rest: &str, whole: &str) -> Result<usize, Mistake> {
    let (low, mut end) = character(rest, whole)?;
    literal(out, low);
    let hyphen = rest[end..].strip_prefix('-').filter(|behind| !behind.is_empty());
    if let Some(behind) = hyphen.filter(|behind| !behind.starts_with(']')) {
        let (high, length) = character(behind, whole)?;
        end += 1 + length;
        if high < low {
            return Err(Mistake::new(error::CHAR_RANGE, &rest[..end]));
        }
        out.push('-');
        literal(out, high);
    }
    Ok(end)
}

fn character(rest: &str, whole: &str) -> Result<(char, usize), Mistake> {
    match rest.chars().next() {
        None => Err(Mistake::new(error::MISSING_BRACKET, whole)),
        Some('\\') => escape(rest),
        Some(letter) => Ok((letter, letter.len_utf8())),
    }
}
