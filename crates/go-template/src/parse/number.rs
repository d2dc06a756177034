//! What a number is worth.

use super::float;
use crate::ast::Number;
use crate::number;

/// A character constant.
pub(super) fn character(value: u32) -> Number {
    Number {
        int: Some(i64::from(value)),
        uint: Some(u64::from(value)),
        float: Some(f64::from(value)),
        is_char: true,
        ..Number::default()
    }
}

/// Parses a number as Go does: into every type that can hold it.
pub(super) fn parse(text: &str) -> Result<Number, &'static str> {
    const ILLEGAL: &str = "illegal number syntax";
    if let Some(at) = number::scan(text).imaginary {
        let real = text.get(..at).and_then(float::parse);
        let imaginary = text.get(at..).and_then(|t| t.strip_suffix('i')).and_then(float::parse);
        return match (real, imaginary) {
            (Some(real), Some(imaginary)) => Ok(complex(real, imaginary)),
            _ => Err("a complex number is written as 1+2i"),
        };
    }
    if let Some(imaginary) = text.strip_suffix('i').and_then(float::parse) {
        return Ok(complex(0.0, imaginary));
    }
    let mut number = Number { looks_like_float: looks_like_float(text), ..Number::default() };
    number.uint = unsigned(text);
    number.int = signed(text);
    if number.int == Some(0) {
        // `-0` too.
        number.uint = Some(0);
    }
    number.float = match (number.int, number.uint) {
        (Some(int), _) => Some(int as f64),
        (None, Some(uint)) => Some(uint as f64),
        (None, None) => {
            let value = float::parse(text).ok_or(ILLEGAL)?;
            if !text.contains(['.', 'e', 'E', 'p', 'P']) {
                return Err("integer overflow");
            }
            number.int = whole(value);
            number.uint = whole_unsigned(value);
            Some(value)
        }
    };
    Ok(number)
}

fn complex(real: f64, imaginary: f64) -> Number {
    let mut number = Number { complex: Some((real, imaginary)), ..Number::default() };
    if imaginary == 0.0 {
        number.float = Some(real);
        number.int = whole(real);
        number.uint = whole_unsigned(real);
    }
    number
}

/// Whether Go makes a float of it where nothing says what it should be.
fn looks_like_float(text: &str) -> bool {
    let is_hex = text.len() > 2 && (text.starts_with("0x") || text.starts_with("0X"));
    // `-0xe` is -14.0: Go looks for the prefix before the sign.
    (!is_hex || text.contains(['p', 'P'])) && text.contains(['.', 'e', 'E', 'p', 'P'])
}

/// The integer that a float is.
fn whole(value: f64) -> Option<i64> {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    (fits && value.trunc() == value).then_some(value as i64)
}

fn whole_unsigned(value: f64) -> Option<u64> {
    let fits = (0.0..18_446_744_073_709_551_616.0).contains(&value);
    (fits && value.trunc() == value).then_some(value as u64)
}

fn signed(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(magnitude) => 0i64.checked_sub_unsigned(unsigned(magnitude)?),
        None => i64::try_from(unsigned(text.strip_prefix('+').unwrap_or(text))?).ok(),
    }
}

/// Go's `ParseUint` with base 0.
fn unsigned(text: &str) -> Option<u64> {
    let (base, digits) = match text.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
        [b'0', _, ..] => (8, &text[1..]),
        [_, ..] => (10, text),
        [] => return None,
    };
    if !underscores_separate(text) {
        return None;
    }
    let mut value = 0u64;
    for c in digits.chars().filter(|&c| c != '_') {
        let digit = u64::from(c.to_digit(base)?);
        value = value.checked_mul(u64::from(base))?.checked_add(digit)?;
    }
    Some(value)
}

/// Each underscore stands between digits, or between a prefix and a digit.
pub(super) fn underscores_separate(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mut before, hex, rest) = match text.as_bytes() {
        [b'0', b'x' | b'X', rest @ ..] => ('0', true, rest),
        [b'0', b'b' | b'B' | b'o' | b'O', rest @ ..] => ('0', false, rest),
        rest => ('^', false, rest),
    };
    for byte in rest {
        before = match byte {
            b'_' if before != '0' => return false,
            b'_' => '_',
            byte if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() => '0',
            _ if before == '_' => return false,
            _ => '!',
        };
    }
    before != '_'
}
