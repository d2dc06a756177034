//! Go's durations: nanoseconds, written as `1h2m3.5s`.

use crate::functions::Failure;

pub(super) const SECOND: i64 = 1_000_000_000;

const MOST: u64 = 1 << 63;

/// Go's own quoting of texts in messages about time.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in bytes {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(*byte));
            }
            b' '..0x80 => out.push(char::from(*byte)),
            _ => out += &format!("\\x{byte:02x}"),
        }
    }
    out.push('"');
    out
}

/// Parses a duration.
pub(super) fn parse(text: &[u8]) -> Result<i64, Failure> {
    let failure = |what: &str| Failure(format!("time: {what} {}", quoted(text)));
    let invalid = || failure("invalid duration");
    let (negative, mut rest) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut sum = 0_u64;
    while !rest.is_empty() {
        let digits = leading_digits(rest);
        let whole = integer(&rest[..digits]).ok_or_else(invalid)?;
        let mut found = digits > 0;
        rest = &rest[digits..];
        let (mut part, mut scale) = (0, 1.0);
        if let Some(behind) = rest.strip_prefix(b".") {
            let digits = leading_digits(behind);
            (part, scale) = fraction(&behind[..digits]);
            found |= digits > 0;
            rest = &behind[digits..];
        }
        if !found {
            return Err(invalid());
        }
        let end = rest
            .iter()
            .position(|byte| *byte == b'.' || byte.is_ascii_digit())
            .unwrap_or(rest.len());
        let unit = match &rest[..end] {
            b"" => return Err(failure("missing unit in duration")),
            b"ns" => 1,
            b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
            b"ms" => 1_000_000,
            b"s" => 1_000_000_000,
            b"m" => 60_000_000_000,
            b"h" => 3_600_000_000_000,
            unknown => {
                return Err(failure(&format!("unknown unit {} in duration", quoted(unknown))));
            }
        };
        rest = &rest[end..];
        if whole > MOST / unit {
            return Err(invalid());
        }
        let mut value = whole * unit;
        if part > 0 {
            value = value.saturating_add((part as f64 * (unit as f64 / scale)) as u64);
        }
        sum = sum.checked_add(value).filter(|sum| *sum <= MOST).ok_or_else(invalid)?;
    }
    match (negative, sum) {
        (true, sum) => Ok((sum as i64).wrapping_neg()),
        (false, MOST) => Err(invalid()),
        (false, sum) => Ok(sum as i64),
    }
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// An integer of at most 2⁶³.
pub(super) fn integer(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| {
        number
            .checked_mul(10)?
            .checked_add(u64::from(digit - b'0'))
            .filter(|number| *number <= MOST)
    })
}

/// The digits behind a point, as far as they fit, and the power of ten that they stand over.
fn fraction(digits: &[u8]) -> (u64, f64) {
    let (mut number, mut scale) = (0_u64, 1.0);
    for digit in digits {
        match number.checked_mul(10).map(|number| number + u64::from(digit - b'0')) {
            Some(longer) if number <= (MOST - 1) / 10 && longer <= MOST => {
                number = longer;
                scale *= 10.0;
            }
            _ => break,
        }
    }
    (number, scale)
}

/// The duration as Go prints it.
pub(super) fn print(duration: i64) -> String {
    let sign = if duration < 0 { "-" } else { "" };
    let size = duration.unsigned_abs();
    let text = match size {
        0 => "0s".to_owned(),
        1..1_000 => format!("{size}ns"),
        1_000..1_000_000 => decimal(size, 1_000, "µs"),
        1_000_000..1_000_000_000 => decimal(size, 1_000_000, "ms"),
        _ => {
            let minutes = size / 60_000_000_000;
            let seconds = decimal(size % 60_000_000_000, 1_000_000_000, "s");
            match (minutes / 60, minutes % 60) {
                (0, 0) => seconds,
                (0, minutes) => format!("{minutes}m{seconds}"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
            }
        }
    };
    format!("{sign}{text}")
}

fn decimal(number: u64, unit: u64, name: &str) -> String {
    let width = unit.ilog10() as usize;
    let digits = format!("{:0width$}", number % unit);
    match digits.trim_end_matches('0') {
        "" => format!("{}{name}", number / unit),
        digits => format!("{}.{digits}{name}", number / unit),
    }
}

/// The nearest number of whole seconds, halves away from zero.
pub(super) fn round_to_second(duration: i64) -> i64 {
    let rest = duration % SECOND;
    let down = duration - rest;
    match rest.abs() * 2 {
        ..SECOND => down,
        _ if duration < 0 => down.checked_sub(SECOND).unwrap_or(i64::MIN),
        _ => down.checked_add(SECOND).unwrap_or(i64::MAX),
    }
}
