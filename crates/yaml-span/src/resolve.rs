//! What a plain scalar is by YAML 1.1, as Helm's YAML library reads it.

/// What a scalar is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Nothing, `~`, `null`.
    Null,
    /// `true`, `on`, `yes`, `y` and their opposites.
    Bool(bool),
    /// An integer, in any of the forms of YAML 1.1 and Go.
    Int(i128),
    /// Any other number.
    Float(f64),
    /// Anything else, dates included.
    Text,
}

impl Value {
    /// What a text is when it stands in YAML without quotes.
    pub fn of_plain(text: &str) -> Self {
        plain(text)
    }
}

/// Resolves a plain scalar.
pub(crate) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        _ => {}
    }
    let first = text.as_bytes()[0];
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return Value::Text;
    }
    // Behind a point Go wants a digit on both sides of an underscore.
    if first == b'.' && !underscores_separate_digits(text) {
        return Value::Text;
    }
    let digits = text.replace('_', "");
    integer(&digits)
        .map(Value::Int)
        .or_else(|| float(&digits).map(Value::Float))
        .unwrap_or(Value::Text)
}

fn underscores_separate_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b'_', bytes).all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)))
}

/// Integers with the prefixes of Go and YAML 1.1: `0x`, `0b`, `0o` and a leading `0`.
fn integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(|number| sign * i128::from(number))
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|e| {
        let digits = e.strip_prefix(['+', '-']).unwrap_or(e);
        !digits.is_empty() && is_digits(digits)
    });
    let some_digits = !whole.is_empty() || !fraction.is_empty();
    if !(is_digits(whole) && is_digits(fraction) && some_digits && exponent_fits) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What real Helm made of these in a values file.
    #[test]
    fn resolves_as_helm_does() {
        for (text, value) in [
            ("1.10", Value::Float(1.1)),
            ("1_000", Value::Int(1000)),
            ("0777", Value::Int(511)),
            ("0o17", Value::Int(15)),
            ("0x1F", Value::Int(31)),
            ("0b11", Value::Int(3)),
            ("08", Value::Float(8.0)),
            ("1e3", Value::Float(1000.0)),
            (".5", Value::Float(0.5)),
            (".5_0", Value::Float(0.5)),
            ("._5", Value::Text),
            (".5_", Value::Text),
            ("1.", Value::Float(1.0)),
            ("+1", Value::Int(1)),
            ("y", Value::Bool(true)),
            ("No", Value::Bool(false)),
            ("~", Value::Null),
            ("1:30", Value::Text),
            ("2024-01-01", Value::Text),
            ("1e400", Value::Text),
            ("0x", Value::Text),
            ("_1", Value::Text),
            ("1.2.3", Value::Text),
            ("-", Value::Text),
            (".", Value::Text),
        ] {
            assert_eq!(plain(text), value, "{text}");
        }
    }
}
