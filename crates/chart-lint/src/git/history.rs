//! The commits that led to where a repository is.

use super::{GitError, Repository};
use crate::date::Date;
use std::collections::BTreeSet;

/// A commit of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its object id in hex digits.
    pub id: String,
    /// The day on which it was committed, in UTC.
    pub day: Date,
}

impl Repository {
    /// The commits of the first-parent line of `HEAD` that changed something at or below
    /// these paths, newest first. Paths are relative to the top folder; the empty one is all.
    /// Before the first commit there are none.
    ///
    /// # Errors
    /// When the clone is shallow: what it has is not the history, and nothing in it would
    /// say so.
    pub fn history(&self, paths: &BTreeSet<String>) -> Result<Vec<Commit>, GitError> {
        if let Err(error) = self.tree("HEAD") {
            return if self.has_no_commit()? { Ok(Vec::new()) } else { Err(error) };
        }
        if self.shallow()? {
            return Err(GitError::Shallow);
        }
        let paths: Vec<String> = paths
            .iter()
            .map(|path| match &**path {
                "" => ":(top)".to_owned(),
                path => format!(":(top,literal){path}"),
            })
            .collect();
        let mut arguments = vec!["rev-list", "--first-parent", "--timestamp", "HEAD", "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let output = self.output(&arguments)?;
        if !output.status.success() {
            return Err(GitError::failed(&self.top, "list the commits", &output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(commit).collect())
    }

    /// Whether nothing was committed yet. Of what is broken, Git says so.
    fn has_no_commit(&self) -> Result<bool, GitError> {
        let output = self.output(&["rev-list", "--max-count=1", "--all"])?;
        Ok(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty())
    }
}

/// Reads `SECONDS ID`.
fn commit(line: &str) -> Option<Commit> {
    let (seconds, id) = line.split_once(' ')?;
    // What lies before 1970 is a clock that was wrong.
    let day = Date::from_days(seconds.parse().unwrap_or(0_u64) / 86_400);
    id.bytes().all(|b| b.is_ascii_hexdigit()).then(|| Commit { id: id.to_owned(), day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_commit_with_any_clock() {
        let day = |line: &str| commit(line).unwrap().day.to_string();
        assert_eq!(day("1793491200 ab12"), "2026-11-01");
        assert_eq!(day("0 ab12"), "1970-01-01");
        assert_eq!(day("-5 ab12"), "1970-01-01");
        assert_eq!(day("18446744073709551615 ab12"), "9999-12-31");
        assert_eq!(commit("1793491200 --all"), None);
        assert_eq!(commit("nothing"), None);
    }
}
