//! The version of a chart, one further.

use crate::edit::{self, Edit};
use crate::follow;
use crate::journal::{Change, ChartEntry, FileEntry};
use crate::migration::file_of;
use chart_lint::discover::CHART_FILE;
use chart_lint::policy::Bump;
use std::collections::HashMap;
use yaml_span::Kind;

/// The edit of a Chart.yaml that raises its version: by a patch `1.2.3` becomes `1.2.4`.
/// A pre-release becomes the release that it leads to, where that is one of the part, and
/// build metadata goes, as it names a build that is no more. `None` when there is no
/// version of that shape, which Helm does not install, or none is to be raised.
pub(crate) fn bump(chart_yaml: &str, part: Bump) -> Option<Edit> {
    let tree = yaml_span::parse(chart_yaml).ok()?;
    let root = *tree.documents().first()?;
    let node = tree.node(tree.get(root, "version")?.value);
    let Kind::Scalar(_) = &node.kind else { return None };
    let spelled = chart_yaml.get(node.span.clone())?;
    let quoted = spelled.starts_with(['"', '\'']);
    let start = node.span.start + usize::from(quoted);
    let before = if quoted { spelled.get(1..spelled.len() - 1)? } else { spelled };
    Some(Edit { start, before: before.to_owned(), after: next(before, part)? })
}

/// The version that a Chart.yaml has, where it is one that could be raised.
pub(crate) fn of(chart_yaml: &str) -> Option<String> {
    bump(chart_yaml, Bump::Patch).map(|edit| edit.before)
}

/// The version that a Chart.yaml has, and the next one: those that an interrupted rollback began
/// with, unless it has another one since.
pub(crate) fn again(
    chart_yaml: &str,
    begun: Option<&(String, String)>,
) -> Option<(String, String)> {
    let edit = bump(chart_yaml, Bump::Patch)?;
    match begun {
        Some((before, after)) if [before, after].contains(&&edit.before) => begun.cloned(),
        _ => Some((edit.before, edit.after)),
    }
}

/// The version of a migrated chart that is taken back, and the next one. `None` when the
/// migration did not come to its Chart.yaml.
pub(crate) fn raised(
    chart_yaml: &str,
    entry: &ChartEntry,
    begun: Option<&(String, String)>,
) -> Option<(String, String)> {
    let file = of_chart(entry)?;
    if file.is_undone(chart_yaml) { None } else { again(chart_yaml, begun) }
}

/// The version that a migration was about to give a chart, which others may ask for already,
/// and that which the chart still has: the migration was interrupted.
pub(crate) fn stayed(chart_yaml: &str, entry: &ChartEntry) -> Option<(String, String)> {
    let file = of_chart(entry)?;
    let Change { before, after } = entry.version.as_ref()?;
    file.is_undone(chart_yaml).then(|| (after.clone(), before.clone()))
}

fn of_chart(entry: &ChartEntry) -> Option<&FileEntry> {
    let path = file_of(&entry.chart, CHART_FILE);
    entry.files.iter().find(|file| file.path == path)
}

/// What a migration changed in a file, but for what names a version: lines of the chart's own
/// one, which are given too, as the migration left them; those of its dependencies, and their
/// lock.
pub(crate) fn without(entry: &FileEntry, version: Option<&Change>) -> (FileEntry, Vec<String>) {
    let name = entry.path.rsplit('/').next();
    let names_charts = name == Some(CHART_FILE) || name == Some("requirements.yaml");
    let is_lock = entry.path.ends_with(".lock");
    let mut entry = entry.clone();
    let mut own = Vec::new();
    entry.lines.retain(|line| {
        let before = line.before.as_deref().unwrap_or_default();
        let names_it = names_charts && is_other_version(before, &line.after)
            || line.after.contains(follow::BADGE);
        let is_own = version.is_some_and(|Change { before, after }| {
            line.before.as_ref().is_some_and(|text| text.replace(before, after) == line.after)
        });
        if is_own && !names_charts && !is_lock {
            own.push(line.after.clone());
        }
        !(names_it || is_own || is_lock)
    });
    (entry, own)
}

/// True of lines that differ in nothing but versions.
fn is_other_version(before: &str, after: &str) -> bool {
    let words = |text| {
        let is_between = |c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c));
        str::split(text, is_between).collect::<Vec<_>>()
    };
    let (before, after) = (words(before), words(after));
    let is_version = |word: &str| next(word, Bump::Patch).is_some();
    let is_same = |(a, b): (&&str, &&str)| a == b || is_version(a) && is_version(b);
    before.len() == after.len() && before.iter().zip(&after).all(is_same)
}

/// A file with the second version of its chart, where it has the first one. `own` are lines
/// that name the version that a migration gave the chart.
pub(crate) fn raise(
    path: &str,
    text: &str,
    version: &(String, String),
    (migrated, own): (Option<&Change>, &[String]),
) -> String {
    let edits = match path.rsplit('/').next() {
        Some(CHART_FILE) => {
            bump(text, Bump::Patch).into_iter().filter(|edit| edit.before == version.0).collect()
        }
        Some("README.md") => follow::version_in_readme(text, version),
        _ => Vec::new(),
    };
    let text = edit::apply(text, &edits).unwrap_or_else(|| text.to_owned());
    let Some(Change { after: migrated, .. }) = migrated else { return text };
    let mut raised: HashMap<String, String> = HashMap::new();
    for own in own {
        let then = own.replace(migrated, &version.1);
        raised.entry(own.replace(migrated, &version.0)).or_insert(then);
    }
    let lines = text.split('\n').map(|line| raised.get(line).map_or(line, String::as_str));
    lines.collect::<Vec<_>>().join("\n")
}

fn next(version: &str, part: Bump) -> Option<String> {
    let (prefix, bare) = version.split_at(usize::from(version.starts_with('v')));
    let without_build = bare.split('+').next()?;
    let (core, pre) = match without_build.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (without_build, None),
    };
    let mut numbers = core.split('.').map(|number| {
        number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse::<u64>().ok()).flatten()
    });
    let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if numbers.next().is_some() {
        return None;
    }
    let (major, minor, patch) = match part {
        Bump::None => return None,
        _ if pre.is_some() && (part == Bump::Patch || patch == 0 && part == Bump::Minor) => {
            (major, minor, patch)
        }
        Bump::Major if pre.is_some() && (minor, patch) == (0, 0) => (major, 0, 0),
        Bump::Patch => (major, minor, patch.checked_add(1)?),
        Bump::Minor => (major, minor.checked_add(1)?, 0),
        Bump::Major => (major.checked_add(1)?, 0, 0),
    };
    Some(format!("{prefix}{major}.{minor}.{patch}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    #[test]
    fn a_version_goes_one_patch_further() {
        for (before, after) in [
            ("1.2.3", "1.2.4"),
            ("0.1.9", "0.1.10"),
            ("v1.0.0", "v1.0.1"),
            ("1.2.3-rc.1", "1.2.3"),
            ("1.2.3+build.7", "1.2.4"),
        ] {
            assert_eq!(next(before, Bump::Patch).as_deref(), Some(after));
        }
        for odd in ["1.2", "1", "a.b.c", "1.2.3.4", "", "1.2.x", "1.2.18446744073709551615"] {
            assert_eq!(next(odd, Bump::Patch), None, "{odd}");
        }
    }

    #[test]
    fn a_line_that_names_another_version_is_told_from_others() {
        for (before, after) in [
            ("version: 1.0.0", "version: 1.0.1"),
            ("  - version: \"=1.0.0\" # ours", "  - version: \"=1.0.1\" # ours"),
            ("- {name: b, version: v1.0.0, alias: x}", "- {name: b, version: v1.0.1, alias: x}"),
            ("version: 1.0.0-rc.1", "version: 1.0.0"),
        ] {
            assert!(is_other_version(before, after), "{before}");
        }
        for (before, after) in [
            ("image: ghcr.io/a:1.0.0", "image: mirror.example.com/gh/a:1.0.0"),
            ("image: ghcr.io/a:1.0.0", "image: m.io/a:1.0.0"),
            ("", "version: 1.0.1"),
            ("version: 1.0.0", "version: 1.0.1 # ours"),
        ] {
            assert!(!is_other_version(before, after), "{before}");
        }
    }

    #[test]
    fn the_policy_chooses_the_part() {
        for (before, part, after) in [
            ("1.2.3", Bump::Minor, "1.3.0"),
            ("1.2.3", Bump::Major, "2.0.0"),
            ("1.3.0-rc.1", Bump::Minor, "1.3.0"),
            ("1.3.1-rc.1", Bump::Minor, "1.4.0"),
            ("2.0.0-rc.1", Bump::Major, "2.0.0"),
            ("2.1.0-rc.1", Bump::Major, "3.0.0"),
        ] {
            assert_eq!(next(before, part).as_deref(), Some(after));
        }
        assert_eq!(next("1.2.3", Bump::None), None);
    }

    #[test]
    fn quotes_and_comments_stay() {
        for (before, after) in [
            ("version: 1.2.3 # now\r\nname: a\r\n", "version: 1.2.4 # now\r\nname: a\r\n"),
            ("name: a\nversion: \"1.2.3\"", "name: a\nversion: \"1.2.4\""),
            ("{version: '1.2.3'}", "{version: '1.2.4'}"),
        ] {
            let edit = bump(before, Bump::Patch).unwrap();
            assert_eq!(edit::apply(before, &[edit]).as_deref(), Some(after));
        }
        assert_eq!(bump("name: a", Bump::Patch), None);
        assert_eq!(bump("version: [1]", Bump::Patch), None);
        assert_eq!(bump(": [", Bump::Patch), None);
    }
}
