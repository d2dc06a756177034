//! Which strings would be something else without quotes.

use yaml_span::Value;

/// True when a plain scalar with this text is read as a string again, and by
/// parsers of YAML 1.1 too.
pub(super) fn is_text(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return false };
    match first {
        b'.' => !is_special_float(text) && !is_number(text),
        b'+' | b'-' | b'0'..=b'9' => {
            !is_special_float(text) && !is_timestamp(text) && !is_number(text) && !is_base60(text)
        }
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            // Go's v3 no longer reads YAML 1.1's booleans, but still quotes them.
            Value::of_plain(text) == Value::Text
        }
        _ => true,
    }
}

fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

fn is_number(text: &str) -> bool {
    matches!(Value::of_plain(text), Value::Int(_) | Value::Float(_))
}

/// `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or_default();
    let mut count = 0;
    let sixties = parts.all(|part| {
        count += 1;
        matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
    });
    first.starts_with(|c: char| c.is_ascii_digit())
        && digits(first)
        && sixties
        && count > 0
        && digits(fraction)
}

/// The forms of a date, with or without a time, that Go's YAML packages know.
fn is_timestamp(text: &str) -> bool {
    let mut rest = Digits(text);
    let Some(year) = rest.exactly(4) else { return false };
    let Some((month, day)) = rest
        .after("-")
        .and_then(|()| rest.number(1))
        .and_then(|month| rest.after("-").and_then(|()| rest.number(1)).map(|day| (month, day)))
    else {
        return false;
    };
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
        return false;
    }
    if rest.0.is_empty() {
        return true;
    }
    let spaced = rest.0.starts_with(' ');
    if !(spaced || rest.0.starts_with(['t', 'T'])) {
        return false;
    }
    rest.0 = &rest.0[1..];
    if rest.time().is_none() {
        return false;
    }
    if spaced {
        return rest.0.is_empty();
    }
    rest.zone()
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(400) || (year.is_multiple_of(4) && !year.is_multiple_of(100))
}

/// What is left of a time, read as Go's `time.Parse` reads it.
struct Digits<'t>(&'t str);

impl Digits<'_> {
    fn exactly(&mut self, count: usize) -> Option<u32> {
        let digits = self.0.get(..count)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        self.0 = &self.0[count..];
        digits.parse().ok()
    }

    /// One or two digits.
    fn number(&mut self, least: usize) -> Option<u32> {
        let two = self.0.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        self.exactly(if two { 2 } else { least })
    }

    fn after(&mut self, prefix: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(prefix)?;
        Some(())
    }

    /// `15:4:5` with any fraction.
    fn time(&mut self) -> Option<()> {
        let hour = self.number(1)?;
        self.after(":")?;
        let minute = self.number(1)?;
        self.after(":")?;
        let second = self.number(1)?;
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if let Some(fraction) = self.0.strip_prefix(['.', ',']) {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if length > 0 {
                self.0 = &fraction[length..];
            }
        }
        Some(())
    }

    /// `Z`, or an offset of hours and minutes, and nothing more.
    fn zone(&mut self) -> bool {
        if self.0 == "Z" {
            return true;
        }
        let Some(offset) = self.0.strip_prefix(['+', '-']) else { return false };
        self.0 = offset;
        let hours = self.exactly(2);
        let minutes = self.after(":").and_then(|()| self.exactly(2));
        // Go takes offsets of up to 24 hours.
        hours.is_some_and(|h| h <= 24) && minutes.is_some_and(|m| m <= 60) && self.0.is_empty()
    }
}
