//! Floats as Go's `strconv.ParseFloat` reads them.

use super::number::underscores_separate;

/// Parses a float. None when it is none, or too large for one.
pub(super) fn parse(text: &str) -> Option<f64> {
    if !underscores_separate(text) {
        return None;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_negative = text.starts_with('-');
    let value = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => hex(&unsigned[2..])?,
        // Rust reads `inf` and `nan` too.
        [b'0'..=b'9' | b'.', ..] if unsigned.contains('_') => {
            unsigned.replace('_', "").parse().ok()?
        }
        [b'0'..=b'9' | b'.', ..] => unsigned.parse().ok()?,
        _ => return None,
    };
    value.is_finite().then_some(if is_negative { -value } else { value })
}

/// `1.8p-3`, behind its `0x`.
fn hex(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once(['p', 'P'])?;
    let exponent = exponent.replace('_', "");
    let magnitude = exponent.strip_prefix(['+', '-']).unwrap_or(&exponent);
    if magnitude.is_empty() || !magnitude.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // What does not fit is too large in any case.
    let magnitude = magnitude.parse::<i64>().unwrap_or(i64::MAX).min(100_000);
    let mut exponent = if exponent.starts_with('-') { -magnitude } else { magnitude };
    let mut mantissa = 0u64;
    let mut any = false;
    let mut dot = false;
    for c in digits.chars() {
        if c == '.' && !dot {
            dot = true;
            continue;
        }
        if c == '_' {
            continue;
        }
        let digit = u64::from(c.to_digit(16)?);
        any = true;
        let places = i64::from(dot) * -4;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            exponent = exponent.saturating_add(places);
        } else {
            // No room: it only matters whether something is there.
            mantissa |= u64::from(digit != 0);
            exponent = exponent.saturating_add(places + 4);
        }
    }
    any.then(|| scale(mantissa, exponent))
}

/// `mantissa × 2^exponent`, rounded once, to the even one of two as near.
fn scale(mantissa: u64, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    // The value's highest bit, and the lowest one that a float of its size keeps.
    let highest = exponent.saturating_add(63 - i64::from(mantissa.leading_zeros()));
    if highest > 1023 {
        return f64::INFINITY;
    }
    let lowest = (highest - 52).max(-1074);
    let drop = lowest - exponent;
    let kept = if drop <= 0 {
        mantissa << (-drop).min(63)
    } else if drop > 64 {
        0
    } else {
        let whole = u128::from(mantissa);
        let kept = whole >> drop;
        let rest = whole & ((1u128 << drop) - 1);
        let half = 1u128 << (drop - 1);
        let up = rest > half || rest == half && kept & 1 == 1;
        u64::try_from(kept + u128::from(up)).unwrap_or(u64::MAX)
    };
    // Exact: `kept` has at most 53 bits, and each factor is a float.
    let factor = |power: i64| f64::from_bits(u64::try_from(1023 + power).unwrap_or(0) << 52);
    let half = lowest / 2;
    kept as f64 * factor(half) * factor(lowest - half)
}
