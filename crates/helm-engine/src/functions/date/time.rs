//! An instant, and how Go's `time` writes it.

use super::layout::{Element, Fraction, Offset, next};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// An instant with the offset and the name of its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    /// Seconds since 1970 in UTC.
    pub(super) unix: i64,
    pub(super) nanosecond: u32,
    /// Seconds east of UTC.
    pub(super) offset: i64,
    pub(super) zone: String,
}

/// A date and a time of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: usize,
    pub(super) day: i64,
    pub(super) year_day: i64,
    pub(super) week_day: usize,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

/// The number of days from 1970 to a date.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have the leap day last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

impl Time {
    /// Go's zero time: the first of January of the year 1.
    pub(super) const ZERO: i64 = -62_135_596_800;

    pub(super) fn utc(unix: i64, nanosecond: u32) -> Self {
        Self { unix, nanosecond, offset: 0, zone: "UTC".to_owned() }
    }

    /// The same instant in UTC.
    pub(super) fn in_utc(&self) -> Self {
        Self::utc(self.unix, self.nanosecond)
    }

    /// The instant so many nanoseconds later.
    pub(super) fn add(&self, duration: i64) -> Self {
        let nanoseconds = i64::from(self.nanosecond) + duration % 1_000_000_000;
        let carry = nanoseconds.div_euclid(1_000_000_000);
        Self {
            unix: self.unix.wrapping_add(duration / 1_000_000_000).wrapping_add(carry),
            nanosecond: nanoseconds.rem_euclid(1_000_000_000) as u32,
            ..self.clone()
        }
    }

    /// The nanoseconds from another instant to this one, as far as they can be counted.
    pub(super) fn since(&self, earlier: &Self) -> i64 {
        let seconds = i128::from(self.unix) - i128::from(earlier.unix);
        let nanoseconds =
            seconds * 1_000_000_000 + i128::from(self.nanosecond) - i128::from(earlier.nanosecond);
        nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64
    }

    pub(super) fn civil(&self) -> Civil {
        let local = self.unix.saturating_add(self.offset);
        let (number, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let shifted = number + 719_468;
        let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + i64::from(month <= 2);
        Civil {
            year,
            month: month as usize,
            day,
            year_day: number - days(year, 1, 1) + 1,
            week_day: (number + 4).rem_euclid(7) as usize,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }

    /// What Go's `String` gives.
    pub(super) fn print(&self) -> String {
        String::from_utf8_lossy(&self.format(b"2006-01-02 15:04:05.999999999 -0700 MST"))
            .into_owned()
    }

    pub(super) fn format(&self, mut layout: &[u8]) -> Vec<u8> {
        let civil = self.civil();
        let mut out = Vec::new();
        while let Some((start, element, end)) = next(layout) {
            out.extend_from_slice(&layout[..start]);
            layout = &layout[end..];
            out.extend_from_slice(self.element(&civil, element).as_bytes());
        }
        out.extend_from_slice(layout);
        out
    }

    fn element(&self, civil: &Civil, element: Element) -> String {
        use Element as E;
        let month = MONTHS.get(civil.month.wrapping_sub(1)).copied().unwrap_or_default();
        let week_day = DAYS.get(civil.week_day).copied().unwrap_or_default();
        let hour12 = (civil.hour + 11) % 12 + 1;
        let half = if civil.hour >= 12 { "PM" } else { "AM" };
        let sign = if civil.year < 0 { "-" } else { "" };
        match element {
            E::Year => format!("{:02}", civil.year.unsigned_abs() % 100),
            E::LongYear => format!("{sign}{:04}", civil.year.unsigned_abs()),
            E::Month => month.get(..3).unwrap_or_default().to_owned(),
            E::LongMonth => month.to_owned(),
            E::NumberMonth => civil.month.to_string(),
            E::ZeroMonth => format!("{:02}", civil.month),
            E::WeekDay => week_day.get(..3).unwrap_or_default().to_owned(),
            E::LongWeekDay => week_day.to_owned(),
            E::Day => civil.day.to_string(),
            E::UnderDay => format!("{:2}", civil.day),
            E::ZeroDay => format!("{:02}", civil.day),
            E::UnderYearDay => format!("{:3}", civil.year_day),
            E::ZeroYearDay => format!("{:03}", civil.year_day),
            E::Hour => format!("{:02}", civil.hour),
            E::Hour12 => hour12.to_string(),
            E::ZeroHour12 => format!("{hour12:02}"),
            E::Minute => civil.minute.to_string(),
            E::ZeroMinute => format!("{:02}", civil.minute),
            E::Second => civil.second.to_string(),
            E::ZeroSecond => format!("{:02}", civil.second),
            E::UpperPm => half.to_owned(),
            E::LowerPm => half.to_ascii_lowercase(),
            E::ZoneName if !self.zone.is_empty() => self.zone.clone(),
            E::ZoneName => {
                self.offset(Offset { z: false, colons: false, minutes: true, seconds: false })
            }
            E::Offset(form) => self.offset(form),
            E::Fraction(form) => self.fraction(form),
        }
    }

    fn offset(&self, form: Offset) -> String {
        if form.z && self.offset == 0 {
            return "Z".to_owned();
        }
        // Go takes the sign of the minutes: half a minute west is `+`.
        let sign = if self.offset / 60 < 0 { '-' } else { '+' };
        let (minutes, seconds) = ((self.offset / 60).abs(), (self.offset % 60).abs());
        let colon = if form.colons { ":" } else { "" };
        let mut out = format!("{sign}{:02}", minutes / 60);
        if form.minutes {
            out += &format!("{colon}{:02}", minutes % 60);
        }
        if form.seconds {
            out += &format!("{colon}{seconds:02}");
        }
        out
    }

    fn fraction(&self, form: Fraction) -> String {
        if form.trimmed && self.nanosecond == 0 {
            return String::new();
        }
        let mut digits = format!("{:09}", self.nanosecond);
        digits.truncate(form.digits);
        if form.trimmed {
            digits.truncate(digits.trim_end_matches('0').len());
            if digits.is_empty() {
                return digits;
            }
        }
        format!("{}{digits}", char::from(form.separator))
    }
}
