//! Days, as policies and suppressions write them: `2027-06-30`.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day of the Gregorian calendar, without a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateError {
    /// It is not four digits, two digits, two digits, joined by `-`.
    Form,
    /// It has that form, and the calendar has no such day.
    NoSuchDay,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a date is written YYYY-MM-DD, for instance 2027-06-30",
            Self::NoSuchDay => "the calendar has no such day",
        })
    }
}

impl std::error::Error for DateError {}

impl Date {
    /// The day with these numbers; `None` when the calendar has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        (year > 0 && day > 0 && day <= days_in(year, month)?).then_some(Self { year, month, day })
    }

    /// The day it is now, in UTC, so that a run says the same on every machine.
    pub fn today() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::from_days(since.as_secs() / 86_400)
    }

    /// How many days after 1970-01-01 it is; `None` before that.
    pub fn days(self) -> Option<u64> {
        let length = |year, month| days_in(year, month).map_or(0, u64::from);
        let years = (1970..self.year).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let months = (1..self.month).map(|month| (self.year, month));
        let before: u64 = years.chain(months).map(|(year, month)| length(year, month)).sum();
        (self.year >= 1970).then(|| before + u64::from(self.day) - 1)
    }

    /// The day that is so many days after 1970-01-01. Years past 9999 are cut.
    pub(crate) fn from_days(mut days: u64) -> Self {
        for year in 1970..=9999 {
            for month in 1..=12 {
                let length = u64::from(days_in(year, month).unwrap_or(31));
                if days < length {
                    return Self { year, month, day: days as u8 + 1 };
                }
                days -= length;
            }
        }
        Self { year: 9999, month: 12, day: 31 }
    }
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let digits = |i: usize| matches!(i, 4 | 7) || bytes[i].is_ascii_digit();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !(0..10).all(digits) {
            return Err(DateError::Form);
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range].iter().fold(0_u16, |n, b| n * 10 + u16::from(b - b'0'))
        };
        Self::new(number(0..4), number(5..7) as u8, number(8..10) as u8).ok_or(DateError::NoSuchDay)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        let date: Date = "2028-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "2028-02-29");
        assert!(date < "2028-03-01".parse().unwrap());
    }

    #[test]
    fn refuses_what_is_no_day() {
        for (text, error) in [
            ("2027-02-29", DateError::NoSuchDay),
            ("2100-02-29", DateError::NoSuchDay),
            ("2027-13-01", DateError::NoSuchDay),
            ("2027-00-10", DateError::NoSuchDay),
            ("0000-01-01", DateError::NoSuchDay),
            ("2027-6-30", DateError::Form),
            ("2027/06/30", DateError::Form),
            ("", DateError::Form),
            ("20é7-06-0", DateError::Form),
        ] {
            assert_eq!(text.parse::<Date>(), Err(error), "{text}");
        }
    }

    #[test]
    fn counts_days_from_the_epoch() {
        assert_eq!(Date::from_days(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_days(19_782).to_string(), "2024-02-29");
        assert_eq!(Date::from_days(20_000).to_string(), "2024-10-04");
        assert_eq!(Date::from_days(u64::MAX).to_string(), "9999-12-31");
        for days in [0, 58, 59, 19_782, 20_000] {
            assert_eq!(Date::from_days(days).days(), Some(days));
        }
        assert_eq!("1969-12-31".parse().map(Date::days), Ok(None));
    }
}
