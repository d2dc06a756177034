//! Go's `strconv.ParseInt` and `strconv.ParseFloat`.

/// Why text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::functions) enum Bad {
    /// It is not written as one.
    Syntax,
    /// It is too large; this is the nearest one.
    Range(i64),
}

/// An integer of a base; base 0 takes it from the prefix, and takes `_`.
pub(in crate::functions) fn parse_int(text: &[u8], base: u32) -> Result<i64, Bad> {
    let (negative, digits) = match text {
        [b'+', digits @ ..] => (false, digits),
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let any_base = base == 0;
    let (base, rest) = match (base, digits) {
        (0, [b'0', b'b' | b'B', rest @ ..]) if !rest.is_empty() => (2, rest),
        (0, [b'0', b'o' | b'O', rest @ ..]) if !rest.is_empty() => (8, rest),
        (0, [b'0', b'x' | b'X', rest @ ..]) if !rest.is_empty() => (16, rest),
        (0, [b'0', rest @ ..]) => (8, rest),
        (0, digits) => (10, digits),
        (base, digits) => (base, digits),
    };
    if digits.is_empty() {
        return Err(Bad::Syntax);
    }
    let mut underscores = false;
    let mut number: Option<u64> = Some(0);
    for &byte in rest {
        if byte == b'_' && any_base {
            underscores = true;
            continue;
        }
        let digit = (byte as char).to_digit(base).ok_or(Bad::Syntax)?;
        number = number
            .and_then(|number| number.checked_mul(base.into()))
            .and_then(|number| number.checked_add(digit.into()));
    }
    if underscores && !underscores_ok(text) {
        return Err(Bad::Syntax);
    }
    let largest = 1 << 63;
    match (negative, number) {
        (false, Some(number)) if number < largest => Ok(number as i64),
        (true, Some(number)) if number <= largest => Ok((number as i64).wrapping_neg()),
        (false, _) => Err(Bad::Range(i64::MAX)),
        (true, _) => Err(Bad::Range(i64::MIN)),
    }
}

/// A float, decimal or hexadecimal.
pub(in crate::functions) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let special = bare.to_ascii_lowercase();
    if matches!(special.as_str(), "inf" | "infinity") {
        return text.parse().ok();
    }
    if special == "nan" {
        return (bare.len() == text.len()).then_some(f64::NAN);
    }
    if text.contains('_') && !underscores_ok(text.as_bytes()) {
        return None;
    }
    let text = text.replace('_', "");
    let bare = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let number = match bare.strip_prefix("0x").or_else(|| bare.strip_prefix("0X")) {
        Some(digits) => {
            let number = hexadecimal(digits)?;
            if text.starts_with('-') { -number } else { number }
        }
        None if bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') => text.parse().ok()?,
        None => return None,
    };
    number.is_finite().then_some(number)
}

/// `1.8p1`, the digits behind `0x`.
fn hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') {
        -100_000
    } else {
        100_000
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut number, mut scale) = (0_u128, 0_i64);
    for (digit, fractional) in
        whole.chars().map(|c| (c, false)).chain(fraction.chars().map(|c| (c, true)))
    {
        let digit = digit.to_digit(16)?;
        if number >> 120 == 0 {
            number = number << 4 | u128::from(digit);
            scale -= if fractional { 4 } else { 0 };
        } else {
            // Only whether something follows matters to rounding.
            number |= u128::from(digit != 0);
            scale += if fractional { 0 } else { 4 };
        }
    }
    let exponent = exponent.clamp(-100_000, 100_000) + scale.clamp(-100_000, 100_000);
    // In two steps, so that neither factor is out of range before the product is.
    let half = (exponent / 2).clamp(-1000, 1000) as i32;
    let other = (exponent - i64::from(half)).clamp(-1000, 1000) as i32;
    Some(number as f64 * 2_f64.powi(half) * 2_f64.powi(other))
}

/// Underscores stand between digits, or behind the prefix of the base.
fn underscores_ok(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"+").or(text.strip_prefix(b"-")).unwrap_or(text);
    let (mut after_digit, mut after_underscore) = (false, false);
    let (mut hex, mut rest) = (false, text);
    if let [b'0', prefix @ (b'b' | b'B' | b'o' | b'O' | b'x' | b'X'), behind @ ..] = text {
        after_digit = true;
        hex = matches!(prefix, b'x' | b'X');
        rest = behind;
    }
    for byte in rest {
        if byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit() {
            (after_digit, after_underscore) = (true, false);
        } else if *byte == b'_' {
            if !after_digit {
                return false;
            }
            (after_digit, after_underscore) = (false, true);
        } else {
            if after_underscore {
                return false;
            }
            after_digit = false;
        }
    }
    !after_underscore
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("0777", Ok(511)),
            ("0x1F", Ok(31)),
            ("0b101", Ok(5)),
            ("0o17", Ok(15)),
            ("1_000", Ok(1000)),
            ("0_7", Ok(7)),
            ("0x_f", Ok(15)),
            ("08", Err(Bad::Syntax)),
            ("0x", Err(Bad::Syntax)),
            ("_1", Err(Bad::Syntax)),
            ("1_", Err(Bad::Syntax)),
            ("1__0", Err(Bad::Syntax)),
            ("", Err(Bad::Syntax)),
            ("-", Err(Bad::Syntax)),
            ("0", Ok(0)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", Err(Bad::Range(i64::MAX))),
            ("-9223372036854775809", Err(Bad::Range(i64::MIN))),
            ("99999999999999999999999", Err(Bad::Range(i64::MAX))),
            ("9999999999999999999999x", Err(Bad::Syntax)),
        ] {
            assert_eq!(parse_int(text.as_bytes(), 0), expected, "{text}");
        }
        assert_eq!(parse_int(b"1_0", 10), Err(Bad::Syntax));
        assert_eq!(parse_int(b"010", 10), Ok(10));
    }

    #[test]
    fn floats_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("1_000", Some(1000.0)),
            ("0x1p4", Some(16.0)),
            ("0x_1p4", Some(16.0)),
            ("1_0.5", Some(10.5)),
            ("inf", Some(f64::INFINITY)),
            ("-infinity", Some(f64::NEG_INFINITY)),
            ("+nan", None),
            ("infx", None),
            ("1e400", None),
            ("1e-400", Some(0.0)),
            ("0x1", None),
            ("1e", None),
            ("1e5_0", Some(1e50)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("", None),
            (".", None),
            ("0x.8p1", Some(1.0)),
            ("1__0", None),
            ("0b1", None),
            ("0x1.8p1", Some(3.0)),
            ("-0x1.8p1", Some(-3.0)),
            ("_1", None),
            ("1_", None),
            (" 1", None),
            ("0x1p99999999999999999999", None),
        ] {
            assert_eq!(parse_float(text.as_bytes()), expected, "{text}");
        }
        assert!(parse_float(b"nan").is_some_and(f64::is_nan));
    }
}
