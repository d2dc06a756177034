//! How far a migration was, commit by commit.

use super::Figures;
use chart_lint::date::Date;

/// How far the whole was over time. All of it is judged by the present policy, so that
/// the figures tell what changed in the charts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The points, oldest first; those that changed no chart are left out.
    pub points: Vec<Point>,
    /// Days on which a commit changed what was asked about.
    pub days: usize,
    /// Of those, the days that were looked at.
    pub looked_at: usize,
}

/// How far the whole was at the last commit of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// The day on which it was committed, in UTC.
    pub day: Date,
    /// The commit's object id in hex digits.
    pub commit: String,
    /// What there was.
    pub figures: Figures,
}

impl Point {
    /// As much of the commit's id as a reader needs.
    pub(super) fn short(&self) -> &str {
        self.commit.get(..10).unwrap_or(&self.commit)
    }
}

impl History {
    /// What the points are, as a sentence.
    pub(super) fn about(&self) -> String {
        let which = match self.looked_at < self.days {
            true => {
                format!(
                    "{} of the {} days that changed something here, chosen evenly",
                    self.looked_at, self.days
                )
            }
            false => "each day that changed something here".to_owned(),
        };
        format!(
            "The last commit of {which}; all judged by the present policy. \
             Commits that left the charts as they were are not shown."
        )
    }
}
