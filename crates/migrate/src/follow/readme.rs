//! The table and the badge that helm-docs writes into a README.

use super::values::{Step, Values, below_by};
use crate::edit::Edit;
use std::ops::Range;

/// How the badge begins that helm-docs makes of a chart's version.
pub(crate) const BADGE: &str = "![Version: ";

/// A row of the table: `| image.tag | string | `"v1"` | |`.
struct Row<'t> {
    /// Its number, from 1.
    line: usize,
    key: &'t str,
    /// The way to the value that it is of.
    route: Vec<Step>,
    /// What follows the key.
    rest: &'t str,
    /// The JSON of the value, where it is in backquotes, with its first byte in the text.
    json: Option<(usize, &'t str)>,
}

/// A value that a row does not follow, and still names.
pub(super) struct Left {
    pub(super) line: usize,
    pub(super) key: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// The edits of the rows that repeat what changes: of one value, or of a map or a list with
/// it.
pub(super) fn edits(text: &str, values: &Values<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for row in rows(text) {
        let Some((start, json)) = row.json else { continue };
        // JSON is YAML.
        let Ok(tree) = yaml_span::parse(json) else { continue };
        let root = tree.documents().first();
        let of_row = root.map(|&root| values.edits(&tree, root, &row.route)).unwrap_or_default();
        edits.extend(of_row.into_iter().map(|edit| Edit { start: start + edit.start, ..edit }));
    }
    edits
}

/// What rows of an edited README do not follow.
pub(super) fn left(text: &str, values: &Values<'_>) -> Vec<Left> {
    let mut left = Vec::new();
    for row in rows(text) {
        let changes = values.changes(&row.route);
        if changes.is_empty() {
            continue;
        }
        let tree = row.json.and_then(|(_, json)| yaml_span::parse(json).ok());
        for (route, change) in changes {
            let told = tree.as_ref().and_then(|tree| {
                let root = *tree.documents().first()?;
                tree.str(below_by(tree, root, route.get(row.route.len()..)?)?)
            });
            // The new name may well end with the old one.
            let rest = row.rest.replace(&change.after, "");
            if told != Some(&change.after) && names(&rest, &change.before) {
                let (line, key) = (row.line, row.key.to_owned());
                left.push(Left { line, key, before: change.before, after: change.after });
            }
        }
    }
    left
}

/// Whether a text has a name as such, and not as the end of a longer one or of an address.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || "/._-@:".contains(c))
            && !after.is_some_and(|c| c.is_alphanumeric() || "_-".contains(c))
    })
}

fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').enumerate().filter_map(move |(at, line)| {
        let line_start = start;
        start += line.len();
        let (cell, rest) = line.strip_prefix('|')?.split_once('|')?;
        let key = cell.trim().trim_matches('`');
        let route = route(key)?;
        let rest_start = line_start + line.len() - rest.len();
        let json = json(rest).map(|at| (rest_start + at.start, &rest[at]));
        Some(Row { line: at + 1, key, route, rest, json })
    })
}

/// The first value in backquotes.
fn json(rest: &str) -> Option<Range<usize>> {
    let mut ticks = rest.match_indices('`').map(|(at, _)| at);
    while let (Some(open), Some(close)) = (ticks.next(), ticks.next()) {
        if rest[open + 1..].starts_with(['"', '{', '[']) {
            return Some(open + 1..close);
        }
    }
    None
}

/// The way that a key says: `image.tag`, `images[0].name`, `labels."app.io/name"`.
fn route(key: &str) -> Option<Vec<Step>> {
    let mut route = Vec::new();
    let mut rest = key;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = quoted.split_once('"')?;
            route.push(Step::Key(name.to_owned()));
            rest = after;
        } else if let Some(item) = rest.strip_prefix('[') {
            let (number, after) = item.split_once(']')?;
            route.push(Step::Item(number.parse().ok()?));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            route.push(Step::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    (!route.is_empty()).then_some(route)
}

/// The badge with another version.
pub(crate) fn version_in_readme(text: &str, (before, after): &(String, String)) -> Vec<Edit> {
    let escaped = |version: &str| version.replace('-', "--");
    let places = [
        (format!("{BADGE}{before}]"), BADGE, before.clone(), after.clone()),
        (
            format!("/badge/Version-{}-", escaped(before)),
            "/badge/Version-",
            escaped(before),
            escaped(after),
        ),
    ];
    let edit = |(whole, start, before, after): (String, &str, String, String)| {
        Some(Edit { start: text.find(&whole)? + start.len(), before, after })
    };
    places.into_iter().filter_map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    const BEFORE: &str = "image:\n  registry: ghcr.io\n  repository: acme/web\nlist: [busybox:1, {x: ghcr.io/b:1}]\nby.name: {image: ghcr.io/c:1}\n";

    /// The values of [`BEFORE`] before and after, and a README in which they follow.
    fn followed(readme: &str) -> (String, Vec<(usize, String)>) {
        let after = BEFORE
            .replace("ghcr.io", "m.io")
            .replace("acme/web", "gh/acme/web")
            .replace("busybox", "m.io/library/busybox");
        let values = Values::parse(BEFORE, &after, &[]).unwrap();
        let readme = edit::apply(readme, &edits(readme, &values)).unwrap();
        let left = left(&readme, &values);
        (readme, left.into_iter().map(|left| (left.line, left.before)).collect())
    }

    #[test]
    fn the_badge_follows() {
        let text = "![Version: 1.0.0-rc.1](https://img.shields.io/badge/Version-1.0.0--rc.1-informational?style=flat-square) ![AppVersion: 1.0.0-rc.1](x)\n";
        let version = ("1.0.0-rc.1".to_owned(), "1.0.0".to_owned());
        assert_eq!(
            edit::apply(text, &version_in_readme(text, &version)).as_deref(),
            Some(
                "![Version: 1.0.0](https://img.shields.io/badge/Version-1.0.0-informational?style=flat-square) ![AppVersion: 1.0.0-rc.1](x)\n"
            )
        );
    }

    #[test]
    fn rows_follow_whatever_they_hold() {
        let readme = "| Key | Type | Default |\r\n| image.registry | string | `\"ghcr.io\"` | ghcr.io |\r\n| other.registry | string | `\"ghcr.io\"` |\n| `image.repository` | string | `\"acme/web\"` |\n| image | object | `{\"pullPolicy\":\"a\\u003cb\",\"registry\":\"ghcr.io\",\"repository\":\"acme/web\"}` | the `image` |\n| list | list | `[\"busybox:1\",{\"x\":\"ghcr.io/b:1\"}]` | |\n| list[1].x | string | `\"ghcr.io/b:1\"` |\n| \"by.name\".image | string | `\"ghcr.io/c:1\"` |\n";
        let (text, left) = followed(readme);
        let meant = readme
            .replace("`\"ghcr.io\"` | ghcr.io", "`\"m.io\"` | ghcr.io")
            .replace("acme/web", "gh/acme/web")
            .replace("\"registry\":\"ghcr.io\"", "\"registry\":\"m.io\"")
            .replace("busybox", "m.io/library/busybox")
            .replace("ghcr.io/", "m.io/");
        assert_eq!(text, meant);
        assert_eq!(left, []);
    }

    #[test]
    fn what_cannot_be_found_is_told_where_the_old_name_is() {
        let readme = "| image | object | `{\"registry\":\"ghcr.io\",\"repository\":\"acme/w...` | |\n| list | list | see values.yaml | a list |\n| list[0] | string | `\"busybox\\:1\"` | or busybox:1 |\n| x | string | `\"busybox:1\"` | |\n| image.registry | string | <code>ghcr.io</code> |\n| image.repository | string | see values.yaml | see https://a.io/acme/web or acme/web-ui |\n";
        let (text, left) = followed(readme);
        assert_eq!(text, readme);
        let told = [(1, "ghcr.io"), (3, "busybox:1"), (5, "ghcr.io")];
        assert_eq!(left, told.map(|(line, before)| (line, before.to_owned())));
    }
}
