//! Whether the images that the charts are to run can be had.

use super::row::Row;
use chart_lint::date::Date;
use chart_lint::verified::Answer;

/// What a verification found of the images that have to be there: of the replacement
/// where an image is to move, of the image itself where it stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// It is there, and is the image that it should be.
    pub available: usize,
    /// It is there, and is another image or lacks a platform.
    pub different: usize,
    /// Its registry says that it is not there.
    pub missing: usize,
    /// It was asked for, and nothing that counts was answered.
    pub unknown: usize,
    /// Nobody has asked.
    pub not_asked: usize,
    /// The day of the oldest answer.
    pub since: Option<Date>,
}

impl Availability {
    pub(super) fn of(rows: &[Row<'_>]) -> Self {
        let mut all = Self::default();
        for row in rows.iter().filter(|row| row.target().is_some()) {
            let Some(entry) = row.verified else {
                all.not_asked += 1;
                continue;
            };
            match entry.answer {
                answer if answer.is_same() => all.available += 1,
                answer if answer.is_missing() => all.missing += 1,
                Answer::Different => all.different += 1,
                _ => all.unknown += 1,
            }
            let day = entry.asked.date();
            all.since = Some(all.since.map_or(day, |oldest| oldest.min(day)));
        }
        all
    }

    /// All images that have to be there.
    pub fn all(&self) -> usize {
        self.available + self.different + self.missing + self.unknown + self.not_asked
    }
}
