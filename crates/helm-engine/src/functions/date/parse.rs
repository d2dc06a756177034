//! Dates out of text, by a layout, as Go's `time.Parse` reads them.

use super::duration::{integer, quoted};
use super::layout::{Element, Offset, next};
use super::time::{DAYS, MONTHS, Time, days, is_leap};
use crate::functions::Failure;

/// Why a text is no date of a layout.
enum Bad {
    /// It is not written so.
    Form,
    /// A number is too small or too large.
    Range(&'static str),
}

#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: u32,
    afternoon: Option<bool>,
    is_utc: bool,
    offset: Option<i64>,
    zone: Option<String>,
}

/// Parses a date; without a zone of its own it is in UTC.
pub(super) fn parse(layout: &[u8], value: &[u8]) -> Result<Time, Failure> {
    let mut fields = Fields::default();
    let (mut format, mut rest) = (layout, value);
    let cannot = |rest: &[u8], element: &[u8]| {
        Failure(format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(value),
            quoted(layout),
            quoted(rest),
            quoted(element)
        ))
    };
    let because = |what: &str| Failure(format!("parsing time {}: {what}", quoted(value)));
    while let Some((start, element, end)) = next(format) {
        let prefix = &format[..start];
        rest = skip(rest, prefix).map_err(|rest| cannot(rest, prefix))?;
        let spelled = &format[start..end];
        format = &format[end..];
        rest = fields.read(element, format, rest).map_err(|bad| match bad {
            Bad::Form => cannot(rest, spelled),
            Bad::Range(what) => because(&format!("{what} out of range")),
        })?;
    }
    rest = skip(rest, format).map_err(|rest| cannot(rest, format))?;
    if !rest.is_empty() {
        return Err(because(&format!("extra text: {}", quoted(rest))));
    }
    fields.time().map_err(because)
}

/// What is left behind the text between two elements. Any number of blanks
/// stands for any other.
fn skip<'v>(mut value: &'v [u8], mut prefix: &[u8]) -> Result<&'v [u8], &'v [u8]> {
    while let Some((first, rest)) = prefix.split_first() {
        if *first == b' ' {
            if value.first().is_some_and(|byte| *byte != b' ') {
                return Err(value);
            }
            prefix = after_blanks(prefix);
            value = after_blanks(value);
            continue;
        }
        match value.split_first() {
            Some((byte, left)) if byte == first => value = left,
            _ => return Err(value),
        }
        prefix = rest;
    }
    Ok(value)
}

fn after_blanks(text: &[u8]) -> &[u8] {
    let count = text.iter().take_while(|byte| **byte == b' ').count();
    &text[count..]
}

/// One digit or two; with `fixed` always two.
fn number(value: &[u8], fixed: bool) -> Result<(i64, &[u8]), Bad> {
    match value {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => {
            Ok((i64::from(a - b'0') * 10 + i64::from(b - b'0'), rest))
        }
        [a @ b'0'..=b'9', rest @ ..] if !fixed => Ok((i64::from(a - b'0'), rest)),
        _ => Err(Bad::Form),
    }
}

fn within<'v>(
    (number, rest): (i64, &'v [u8]),
    range: std::ops::RangeInclusive<i64>,
    what: &'static str,
) -> Result<(i64, &'v [u8]), Bad> {
    if range.contains(&number) { Ok((number, rest)) } else { Err(Bad::Range(what)) }
}

fn name<'v>(names: &[&str], length: usize, value: &'v [u8]) -> Result<(usize, &'v [u8]), Bad> {
    let found = names.iter().enumerate().find_map(|(index, name)| {
        let name = &name[..name.len().min(length)];
        let start = value.get(..name.len())?;
        start.eq_ignore_ascii_case(name.as_bytes()).then_some((index, &value[name.len()..]))
    });
    found.ok_or(Bad::Form)
}

/// The parts of a second: a separator and digits.
fn nanoseconds(text: &[u8]) -> Result<u32, Bad> {
    match text {
        [b'.' | b',', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
            let mut number = 0;
            for index in 0..9 {
                number = number * 10 + u32::from(digits.get(index).map_or(0, |digit| digit - b'0'));
            }
            Ok(number)
        }
        _ => Err(Bad::Form),
    }
}

fn fraction_length(value: &[u8]) -> usize {
    match value {
        [b'.' | b',', digits @ ..] => {
            match digits.iter().take_while(|byte| byte.is_ascii_digit()).count() {
                0 => 0,
                count => count + 1,
            }
        }
        _ => 0,
    }
}

impl Fields {
    /// Reads one element, and gives what is left.
    fn read<'v>(
        &mut self,
        element: Element,
        layout: &[u8],
        value: &'v [u8],
    ) -> Result<&'v [u8], Bad> {
        use Element as E;
        let rest;
        match element {
            E::Year => {
                (self.year, rest) = number(value, true)?;
                self.year += if self.year >= 69 { 1900 } else { 2000 };
            }
            E::LongYear => {
                let digits = value.get(..4).ok_or(Bad::Form)?;
                if !digits.iter().all(u8::is_ascii_digit) {
                    return Err(Bad::Form);
                }
                self.year = integer(digits).ok_or(Bad::Form)? as i64;
                rest = &value[4..];
            }
            E::Month | E::LongMonth => {
                let length = if element == E::Month { 3 } else { usize::MAX };
                let (index, left) = name(&MONTHS, length, value)?;
                self.month = Some(index as i64 + 1);
                rest = left;
            }
            E::WeekDay => (_, rest) = name(&DAYS, 3, value)?,
            E::LongWeekDay => (_, rest) = name(&DAYS, usize::MAX, value)?,
            E::NumberMonth | E::ZeroMonth => {
                let found = number(value, element == E::ZeroMonth)?;
                let (month, left) = within(found, 1..=12, "month")?;
                self.month = Some(month);
                rest = left;
            }
            E::Day | E::UnderDay | E::ZeroDay => {
                let value = match value {
                    [b' ', left @ ..] if element == E::UnderDay => left,
                    _ => value,
                };
                let (day, left) = number(value, element == E::ZeroDay)?;
                self.day = Some(day);
                rest = left;
            }
            E::UnderYearDay | E::ZeroYearDay => {
                let fixed = element == E::ZeroYearDay;
                let blanks = value.iter().take_while(|byte| **byte == b' ').count().min(2);
                let value = if fixed { value } else { &value[blanks..] };
                let digits = value.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
                if digits == 0 || fixed && digits != 3 {
                    return Err(Bad::Form);
                }
                self.year_day = integer(&value[..digits]).map(|day| day as i64);
                rest = &value[digits..];
            }
            E::Hour => (self.hour, rest) = within(number(value, false)?, 0..=23, "hour")?,
            E::Hour12 | E::ZeroHour12 => {
                let found = number(value, element == E::ZeroHour12)?;
                (self.hour, rest) = within(found, 0..=12, "hour")?;
            }
            E::Minute | E::ZeroMinute => {
                let found = number(value, element == E::ZeroMinute)?;
                (self.minute, rest) = within(found, 0..=59, "minute")?;
            }
            E::Second | E::ZeroSecond => {
                let found = number(value, element == E::ZeroSecond)?;
                let (second, left) = within(found, 0..=59, "second")?;
                self.second = second;
                // Parts of a second may follow that the layout does not show.
                let shown = matches!(next(layout), Some((_, E::Fraction(_), _)));
                let length = if shown { 0 } else { fraction_length(left) };
                if length > 0 {
                    self.nanosecond = nanoseconds(&left[..length])?;
                }
                rest = &left[length..];
            }
            E::UpperPm | E::LowerPm => {
                self.afternoon = Some(match (value.get(..2), element) {
                    (Some(b"PM"), E::UpperPm) | (Some(b"pm"), E::LowerPm) => true,
                    (Some(b"AM"), E::UpperPm) | (Some(b"am"), E::LowerPm) => false,
                    _ => return Err(Bad::Form),
                });
                rest = &value[2..];
            }
            E::Offset(form) => match value {
                [b'Z', left @ ..] if form.z => {
                    self.is_utc = true;
                    rest = left;
                }
                _ => rest = self.read_offset(form, value)?,
            },
            E::ZoneName => match value.strip_prefix(b"UTC") {
                Some(left) => {
                    self.is_utc = true;
                    rest = left;
                }
                None => {
                    let length = zone_length(value).ok_or(Bad::Form)?;
                    self.zone = Some(String::from_utf8_lossy(&value[..length]).into_owned());
                    rest = &value[length..];
                }
            },
            E::Fraction(form) => {
                let length = if form.trimmed { fraction_length(value) } else { form.digits + 1 };
                if length > 0 {
                    self.nanosecond = nanoseconds(value.get(..length).ok_or(Bad::Form)?)?;
                }
                rest = &value[length..];
            }
        }
        Ok(rest)
    }

    fn read_offset<'v>(&mut self, form: Offset, value: &'v [u8]) -> Result<&'v [u8], Bad> {
        let (sign, mut rest) = value.split_first().ok_or(Bad::Form)?;
        let mut parts = [0; 3];
        let limits = [
            (24, "time zone offset hour"),
            (60, "time zone offset minute"),
            (60, "time zone offset second"),
        ];
        let count = 1 + usize::from(form.minutes) + usize::from(form.seconds);
        for (index, part) in parts.iter_mut().take(count).enumerate() {
            if index > 0 && form.colons {
                rest = rest.strip_prefix(b":").ok_or(Bad::Form)?;
            }
            (*part, rest) = number(rest, true)?;
        }
        for (part, (most, what)) in parts.iter().zip(limits) {
            if *part > most {
                return Err(Bad::Range(what));
            }
        }
        let offset = (parts[0] * 60 + parts[1]) * 60 + parts[2];
        self.offset = Some(match sign {
            b'+' => offset,
            b'-' => -offset,
            _ => return Err(Bad::Form),
        });
        Ok(rest)
    }

    fn time(mut self) -> Result<Time, &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            if !(1..=if is_leap(self.year) { 366 } else { 365 }).contains(&year_day) {
                return Err("day-of-year out of range");
            }
            let found = Time::utc((days(self.year, 1, 1) + year_day - 1) * 86_400, 0).civil();
            let (month, day) = (found.month as i64, found.day);
            if self.month.is_some_and(|other| other != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|other| other != day) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        let longest = match month {
            2 => 28 + i64::from(is_leap(self.year)),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=longest).contains(&day) {
            return Err("day out of range");
        }
        let seconds = (self.hour * 60 + self.minute) * 60 + self.second;
        let utc = Time::utc(days(self.year, month, day) * 86_400 + seconds, self.nanosecond);
        if self.is_utc {
            return Ok(utc);
        }
        match (self.offset, self.zone) {
            (Some(0), None) | (None, None) => Ok(utc),
            (Some(offset), zone) => {
                Ok(Time { unix: utc.unix - offset, offset, zone: zone.unwrap_or_default(), ..utc })
            }
            // A name says nothing about the time but for `GMT+3`.
            (None, Some(zone)) => {
                let hours = zone.strip_prefix("GMT").and_then(|hours| hours.parse::<i64>().ok());
                let offset = hours.unwrap_or(0) * 3600;
                // Go sets the zone and does not move the time.
                Ok(Time { offset, zone, ..utc })
            }
        }
    }
}

/// The length of the name of a zone.
fn zone_length(value: &[u8]) -> Option<usize> {
    let signed = |value: &[u8]| -> usize {
        let [b'+' | b'-', digits @ ..] = value else { return 0 };
        let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match integer(&digits[..count]) {
            Some(..=23) if count > 0 => count + 1,
            _ => 0,
        }
    };
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix(b"GMT") {
        return Some(3 + signed(rest));
    }
    if matches!(value, [b'+' | b'-', ..]) && value.len() >= 3 {
        return Some(signed(value)).filter(|length| *length > 0);
    }
    match value.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count() {
        5 if value[4] == b'T' => Some(5),
        4 if value[3] == b'T' || value.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}
