//! Numbers and dates of TOML.

/// A number of TOML.
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

/// Reads a number.
pub(super) fn number(word: &str) -> Option<Number> {
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
pub(super) fn is_date_or_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    let date = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    let time = bytes.get(2) == Some(&b':');
    let allowed = |b: &u8| b.is_ascii_digit() || b"-:.+TtZz ".contains(b);
    (date || time) && bytes.iter().all(allowed)
}
