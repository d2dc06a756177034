//! `.helmignore` as Helm reads it, which is not as Git reads `.gitignore`.
//!
//! A pattern without `/` is matched against the last part of the path, one
//! with `/` against the whole path from the chart's folder; `*` and `?` do not
//! match `/`; `**` is an error. A pattern that ends in `/` concerns folders. A
//! pattern `!x` leaves out everything that `x` does *not* match. The first
//! pattern that leaves a path out decides; nothing brings it back.

use super::glob::Glob;
use std::fmt;

/// The patterns of one `.helmignore`, and Helm's own `templates/.?*`.
#[derive(Debug, Clone)]
pub struct IgnoreRules {
    rules: Vec<Rule>,
}

/// A pattern that Helm refuses: it would not load the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreError {
    /// The first byte of the line's pattern in the text.
    pub offset: usize,
    /// What is wrong, and what to write instead.
    pub message: &'static str,
}

impl fmt::Display for IgnoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for IgnoreError {}

#[derive(Debug, Clone)]
struct Rule {
    glob: Glob,
    /// The line in the file, from 1; `None` for Helm's own.
    line: Option<u32>,
    negated: bool,
    folders_only: bool,
    whole_path: bool,
}

/// Why a path is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Line(u32),
    Default,
}

impl Default for IgnoreRules {
    /// Only what Helm itself leaves out.
    fn default() -> Self {
        Self { rules: Rule::of_helm().into_iter().collect() }
    }
}

impl IgnoreRules {
    /// Reads a `.helmignore`. Patterns that Helm refuses are returned, and the others hold.
    pub fn parse(text: &str) -> (Self, Vec<IgnoreError>) {
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        let mut start = 0;
        for (number, raw) in text.split('\n').enumerate() {
            let content = if number == 0 { raw.trim_start_matches('\u{feff}') } else { raw };
            let line = content.trim();
            let offset = start + (raw.len() - content.trim_start().len());
            start += raw.len() + 1;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.contains("**") {
                errors.push(IgnoreError {
                    offset,
                    message: "`**` is not supported by .helmignore: Helm does not load the chart; name the folder itself",
                });
                continue;
            }
            match Rule::new(line, Some(number as u32 + 1)) {
                Some(rule) => rules.push(rule),
                None => errors.push(IgnoreError {
                    offset,
                    message: "a `[` that is not closed, or a lone `\\`: Helm does not load the chart; put `\\` before a character to be taken as it is",
                }),
            }
        }
        rules.extend(Rule::of_helm());
        (Self { rules }, errors)
    }

    /// Whether Helm leaves out the file or folder at `path`, relative to the
    /// chart with `/`. A folder left out takes everything in it along.
    pub fn ignores(&self, path: &str, is_folder: bool) -> bool {
        self.reason(path, is_folder).is_some()
    }

    pub(super) fn reason(&self, path: &str, is_folder: bool) -> Option<Reason> {
        let base = path.rsplit('/').next().unwrap_or(path);
        self.rules.iter().find(|rule| rule.leaves_out(path, base, is_folder)).map(|rule| match rule
            .line
        {
            Some(line) => Reason::Line(line),
            None => Reason::Default,
        })
    }
}

impl Rule {
    /// `None` when the pattern does not compile.
    fn new(line: &str, number: Option<u32>) -> Option<Self> {
        // Helm tries the pattern with its marks: `!` and a trailing `/` cannot break it,
        // but a class may end with the slash (`[a/`).
        Glob::new(line)?;
        let (negated, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders_only, line) =
            line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
        let whole_path = line.contains('/');
        let line = line.strip_prefix('/').unwrap_or(line);
        let glob = Glob::new(line)?;
        Some(Self { glob, line: number, negated, folders_only, whole_path })
    }

    /// What Helm adds to every chart's patterns.
    fn of_helm() -> Option<Self> {
        Self::new("templates/.?*", None)
    }

    fn leaves_out(&self, path: &str, base: &str, is_folder: bool) -> bool {
        if self.folders_only && !is_folder {
            return self.negated;
        }
        let text = if self.whole_path { path } else { base };
        self.glob.matches(text) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out(ignore: &str, path: &str) -> bool {
        let folder = path.ends_with('/');
        IgnoreRules::parse(ignore).0.ignores(path.trim_end_matches('/'), folder)
    }

    #[test]
    fn patterns_mean_what_they_mean_to_helm() {
        // Each answer is real Helm's.
        for (ignore, path, expected) in [
            ("/a.txt", "a.txt", true),
            ("/a.txt", "b/a.txt", false),
            ("//b", "b", false),
            ("a.txt", "b/a.txt", true),
            ("b/a.txt", "b/a.txt", true),
            ("b/a.txt", "c/b/a.txt", false),
            ("b/", "b/", true),
            ("b/", "c/b/", true),
            ("b/", "b", false),
            ("b/*", "b/d/", true),
            ("b/*", "b/d/e.txt", false),
            ("*.txt", "b/a.txt", true),
            ("  b  \r", "b", true),
            ("# b", "# b", false),
            ("\u{feff}b", "b", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("a[^b]", "ac", true),
            ("a[^b]", "ab", false),
            ("!a.txt", "a.txt", false),
            ("!a.txt", "Chart.yaml", true),
            ("!/ab", "Chart.yaml", true),
            ("!", "Chart.yaml", true),
            ("!b/", "b", true),
            ("", "templates/.x", true),
            ("", "templates/.d/", true),
            ("", "templates/a/.y", false),
            ("", "charts/c/templates/.x", false),
            ("", ".foo", false),
        ] {
            assert_eq!(left_out(ignore, path), expected, "{ignore:?} on {path:?}");
        }
    }

    #[test]
    fn what_helm_refuses_is_named_with_its_place_and_the_rest_holds() {
        let (rules, errors) = IgnoreRules::parse("# é\n  files/**\n[a\nb\n");
        assert_eq!(errors.iter().map(|e| e.offset).collect::<Vec<_>>(), [7, 16]);
        assert!(errors.iter().all(|e| e.to_string().contains("Helm does not load the chart")));
        assert!(rules.ignores("b", false));
        assert!(!rules.ignores("files/x", false));
    }
}
