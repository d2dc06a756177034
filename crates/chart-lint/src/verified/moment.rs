//! Points in time, as the file writes them: `2026-11-25T22:00:00Z`.

use crate::date::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: u64 = 86_400;

/// A second, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The second it is now.
    pub fn now() -> Self {
        Self(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }

    /// How long ago it was at another moment; nothing where it is yet to come.
    pub fn age_at(self, now: Self) -> Duration {
        Duration::from_secs(now.0.saturating_sub(self.0))
    }

    /// The day.
    pub fn date(self) -> Date {
        Date::from_days(self.0 / DAY)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0 % DAY;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{:02}Z", self.date(), second % 60)
    }
}

/// A text that is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMoment;

impl fmt::Display for NoMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time is written YYYY-MM-DDTHH:MM:SSZ, for instance 2026-11-25T22:00:00Z")
    }
}

impl std::error::Error for NoMoment {}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, NoMoment> {
        let time = text.strip_suffix('Z').ok_or(NoMoment)?;
        let (date, time) = time.split_once('T').ok_or(NoMoment)?;
        let date: Date = date.parse().map_err(|_| NoMoment)?;
        let days = date.days().ok_or(NoMoment)?;
        let parts: Vec<&str> = time.split(':').collect();
        let [hour, minute, second] = parts[..] else { return Err(NoMoment) };
        let number = |text: &str, below: u64| match text.as_bytes() {
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => {
                let number = u64::from(a - b'0') * 10 + u64::from(b - b'0');
                if number < below { Ok(number) } else { Err(NoMoment) }
            }
            _ => Err(NoMoment),
        };
        let second = number(hour, 24)? * 3600 + number(minute, 60)? * 60 + number(second, 60)?;
        Ok(Self(days * DAY + second))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-25T22:00:07Z"] {
            assert_eq!(
                text.parse::<Moment>().map(|moment| moment.to_string()).as_deref(),
                Ok(text)
            );
        }
        assert_eq!("1970-01-02T00:00:01Z".parse(), Ok(Moment(DAY + 1)));
    }

    #[test]
    fn refuses_what_is_no_moment() {
        for text in [
            "",
            "2026-11-25",
            "2026-11-25T22:00:00",
            "2026-11-25 22:00:00Z",
            "2026-11-25T24:00:00Z",
            "2026-11-25T22:60:00Z",
            "2026-11-25T2:00:00Z",
            "2026-02-30T22:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-11-25T22:00:00.5Z",
        ] {
            assert_eq!(text.parse::<Moment>(), Err(NoMoment), "{text}");
        }
    }

    #[test]
    fn what_is_yet_to_come_has_no_age() {
        assert_eq!(Moment(10).age_at(Moment(70)), Duration::from_secs(60));
        assert_eq!(Moment(70).age_at(Moment(10)), Duration::ZERO);
    }
}
