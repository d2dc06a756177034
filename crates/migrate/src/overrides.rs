//! Values put into a values file, under keys that it may have already.

use crate::copies::Override;
use crate::edit::Edit;
use std::collections::BTreeMap;
use yaml_span::{Kind, NodeId, Style, Tree, Value};

/// What is to stand under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Text(String),
    Map(BTreeMap<String, Wanted>),
}

/// The edits that make a values file say all of these; `None` when two of them disagree,
/// or where the file has a list, an alias or a text in the place of a map.
pub(crate) fn edits(text: &str, overrides: &[Override]) -> Option<Vec<Edit>> {
    let mut wanted = BTreeMap::new();
    for one in overrides {
        plant(&mut wanted, &one.route, &one.value)?;
    }
    if wanted.is_empty() {
        return Some(Vec::new());
    }
    let tree = yaml_span::parse(text).ok()?;
    let file = File { text, tree: &tree, feed: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let mut edits = Vec::new();
    match tree.documents() {
        // A file without a value.
        [] => edits.push(file.added_at(text.len(), &file.block(&wanted, 0))),
        [root] => match &tree.node(*root).kind {
            Kind::Scalar(scalar) if scalar.is_null() && tree.node(*root).span.is_empty() => {
                edits.push(file.added_at(text.len(), &file.block(&wanted, 0)));
            }
            _ => file.map(*root, wanted, &mut edits)?,
        },
        _ => return None,
    }
    Some(edits)
}

fn plant(map: &mut BTreeMap<String, Wanted>, route: &[String], value: &str) -> Option<()> {
    let (key, rest) = route.split_first()?;
    if rest.is_empty() {
        let new = Wanted::Text(value.to_owned());
        let there = map.entry(key.clone()).or_insert_with(|| new.clone());
        return (*there == new).then_some(());
    }
    match map.entry(key.clone()).or_insert_with(|| Wanted::Map(BTreeMap::new())) {
        Wanted::Map(below) => plant(below, rest, value),
        Wanted::Text(_) => None,
    }
}

struct File<'a> {
    text: &'a str,
    tree: &'a Tree<'a>,
    /// How its lines end.
    feed: &'static str,
}

impl File<'_> {
    /// Puts what is wanted into a map that is there.
    fn map(
        &self,
        map: NodeId,
        wanted: BTreeMap<String, Wanted>,
        edits: &mut Vec<Edit>,
    ) -> Option<()> {
        let node = self.tree.node(map);
        let Kind::Mapping(entries) = &node.kind else { return None };
        let is_flow = self.text.get(node.span.clone())?.starts_with('{');
        let mut new = BTreeMap::new();
        for (key, wanted) in wanted {
            // The last of equal keys counts; what a merge brings is not written here.
            let there = entries.iter().rev().find(|entry| self.tree.str(entry.key) == Some(&*key));
            match there {
                Some(entry) => self.value(entry.key, entry.value, wanted, edits)?,
                None => drop(new.insert(key, wanted)),
            }
        }
        if new.is_empty() {
            return Some(());
        }
        if is_flow {
            let comma = if entries.is_empty() { "" } else { ", " };
            let close = node.span.end.checked_sub(1)?;
            let open = self.text.get(..close)?.trim_end().len();
            edits.push(insert(open, format!("{comma}{}", flow_entries(&new))));
            return Some(());
        }
        let first = self.tree.node(entries.first()?.key).span.start;
        let column = self.column(first)?;
        let end = self.with_comments(self.end_of(map), column);
        edits.push(self.added_at(end, &self.block(&new, column)));
        Some(())
    }

    /// The end of the comments under a map that are as far in as its keys: values that
    /// are commented out belong to it.
    fn with_comments(&self, end: usize, column: usize) -> usize {
        let mut last = end;
        let mut at = self.next_line(end);
        while column > 0 && at < self.text.len() {
            let line = &self.text[at..self.line_end(at)];
            let comment = line.trim_start();
            if comment.starts_with('#') && line.len() - comment.len() >= column {
                last = self.line_end(at);
            } else if !comment.is_empty() {
                break;
            }
            at = self.next_line(at);
        }
        last
    }

    /// Makes a value that is there another one.
    fn value(
        &self,
        key: NodeId,
        value: NodeId,
        wanted: Wanted,
        edits: &mut Vec<Edit>,
    ) -> Option<()> {
        let node = self.tree.node(value);
        match (&node.kind, wanted) {
            (Kind::Mapping(_), Wanted::Map(below)) => self.map(value, below, edits),
            (Kind::Scalar(scalar), Wanted::Map(below)) if scalar.is_null() => {
                if node.span.is_empty() {
                    let start = self.tree.node(key).span.start;
                    let indentation = self.column(start)? + 2;
                    let end = self.line_end(self.tree.node(key).span.end);
                    edits.push(self.added_at(end, &self.block(&below, indentation)));
                } else {
                    edits.push(self.replace(value, format!("{{{}}}", flow_entries(&below)))?);
                }
                Some(())
            }
            (Kind::Scalar(_), Wanted::Text(text)) if !node.anchored => {
                if node.span.is_empty() {
                    edits.push(insert(self.after_colon(key)?, format!(" {}", scalar(&text))));
                } else {
                    edits.push(self.replace(value, scalar(&text))?);
                }
                Some(())
            }
            _ => None,
        }
    }

    fn replace(&self, node: NodeId, after: String) -> Option<Edit> {
        let span = self.tree.node(node).span.clone();
        let before = self.text.get(span.clone())?;
        (!before.contains('\n')).then(|| Edit { start: span.start, before: before.into(), after })
    }

    /// Lines put behind the line that ends here.
    fn added_at(&self, end: usize, block: &str) -> Edit {
        let start = match self.text.get(end..) {
            Some(rest) if rest.starts_with("\r\n") => end + 2,
            Some(rest) if rest.starts_with('\n') => end + 1,
            _ => end,
        };
        if start == 0 || self.text[..start].ends_with('\n') {
            return insert(start, block.to_owned());
        }
        // The last line has no end, and the new last one gets none either.
        let block = block.strip_suffix(self.feed).unwrap_or(block);
        insert(start, format!("{}{block}", self.feed))
    }

    /// Where the last line of a node ends, before its line feed.
    fn end_of(&self, node: NodeId) -> usize {
        let here = self.tree.node(node);
        let end = match &here.kind {
            Kind::Mapping(entries) => entries.last().map(|entry| {
                self.end_of(entry.value).max(self.line_end(self.tree.node(entry.key).span.end))
            }),
            Kind::Sequence(items) => items.last().map(|&item| self.end_of(item)),
            Kind::Scalar(_) | Kind::Alias(_) => None,
        };
        if matches!(&here.kind, Kind::Scalar(scalar) if matches!(scalar.style, Style::Literal | Style::Folded))
        {
            return self.end_of_block(here.span.end);
        }
        let own = self.line_end(here.span.end.max(here.span.start));
        end.map_or(own, |end| if end > here.span.start { end } else { own })
    }

    /// The end of a block scalar with the empty lines under it, which may be its own.
    fn end_of_block(&self, mut at: usize) -> usize {
        if !self.text[..at].ends_with('\n') {
            at = self.next_line(at);
        }
        while at < self.text.len() && self.text[at..self.line_end(at)].trim().is_empty() {
            at = self.next_line(at);
        }
        match self.text[..at].strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line).len(),
            None => at,
        }
    }

    fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |feed| at + feed + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = rest.find('\n').map_or(self.text.len(), |feed| at + feed);
        end - usize::from(self.text[..end].ends_with('\r') && end > at)
    }

    /// The bytes before a place on its line; `None` when they are not all blanks, as in a
    /// map that begins in an item of a list.
    fn column(&self, at: usize) -> Option<usize> {
        let line = self.text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let before = self.text[line..at].trim_start_matches('\u{feff}');
        before.bytes().all(|byte| byte == b' ').then_some(before.len())
    }

    fn after_colon(&self, key: NodeId) -> Option<usize> {
        let end = self.tree.node(key).span.end;
        let colon = self.text.get(end..)?.find(':')?;
        Some(end + colon + 1)
    }

    fn block(&self, wanted: &BTreeMap<String, Wanted>, indentation: usize) -> String {
        let mut text = String::new();
        for (key, wanted) in wanted {
            let key = format!("{:indentation$}{}:", "", scalar(key));
            match wanted {
                Wanted::Text(value) => {
                    text.push_str(&format!("{key} {}{}", scalar(value), self.feed));
                }
                Wanted::Map(below) => {
                    text.push_str(&format!("{key}{}", self.feed));
                    text.push_str(&self.block(below, indentation + 2));
                }
            }
        }
        text
    }
}

fn insert(start: usize, after: String) -> Edit {
    Edit { start, before: String::new(), after }
}

fn flow_entries(wanted: &BTreeMap<String, Wanted>) -> String {
    let entry = |(key, wanted): (&String, &Wanted)| match wanted {
        // In a flow a colon could end the text.
        Wanted::Text(value) => format!("{}: {}", scalar(key), quoted(value)),
        Wanted::Map(below) => format!("{}: {{{}}}", scalar(key), flow_entries(below)),
    };
    wanted.iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// A text as YAML spells it: plain where it is sure to be read as text.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"./:@_-".contains(&b))
        && !text.ends_with(':')
        && !matches!(Value::of_plain(text), Value::Null | Value::Bool(_));
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit;

    fn over(text: &str, overrides: &[(&str, &str)]) -> Option<String> {
        let overrides: Vec<Override> = overrides
            .iter()
            .map(|(route, value)| Override {
                route: route.split('.').map(str::to_owned).collect(),
                before: String::new(),
                value: (*value).to_owned(),
            })
            .collect();
        edit::apply(text, &edits(text, &overrides)?)
    }

    #[test]
    fn new_keys_go_to_the_end_of_the_map_that_is_there() {
        for (before, after) in [
            ("", "sub:\n  image: m.io/a:1\n"),
            ("# nothing\n", "# nothing\nsub:\n  image: m.io/a:1\n"),
            ("a: 1\n", "a: 1\nsub:\n  image: m.io/a:1\n"),
            ("a: 1", "a: 1\nsub:\n  image: m.io/a:1"),
            ("a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\nsub:\r\n  image: m.io/a:1\r\n"),
            ("a:\n  - x # y\n", "a:\n  - x # y\nsub:\n  image: m.io/a:1\n"),
            ("a: |+\n  text\n\n", "a: |+\n  text\n\nsub:\n  image: m.io/a:1\n"),
            ("s: |\n  text", "s: |\n  text\nsub:\n  image: m.io/a:1"),
            ("sub:\n    on: true\nb: 1\n", "sub:\n    on: true\n    image: m.io/a:1\nb: 1\n"),
            ("sub:\n  # about b\nb: 1\n", "sub:\n  image: m.io/a:1\n  # about b\nb: 1\n"),
            (
                "s:\n  a: 1\n\n  # b: 2\n\n# t\nt: 1\n",
                "s:\n  a: 1\n\n  # b: 2\n\n# t\nt: 1\nsub:\n  image: m.io/a:1\n",
            ),
            (
                "sub:\n  a:\n    b: 1\n\n    # c: 2\n  # d: 3\n\n# t\nt: 1\n",
                "sub:\n  a:\n    b: 1\n\n    # c: 2\n  # d: 3\n  image: m.io/a:1\n\n# t\nt: 1\n",
            ),
            ("sub: # none\nb: 1\n", "sub: # none\n  image: m.io/a:1\nb: 1\n"),
            ("sub: {}\nb: 1\n", "sub: {image: \"m.io/a:1\"}\nb: 1\n"),
            ("sub: { a: 1 } # x\n", "sub: { a: 1, image: \"m.io/a:1\" } # x\n"),
            ("sub: ~\n", "sub: {image: \"m.io/a:1\"}\n"),
            ("sub:\n  image: 'b:2' # x\n", "sub:\n  image: m.io/a:1 # x\n"),
            ("sub:\n  image:\n  a: 1\n", "sub:\n  image: m.io/a:1\n  a: 1\n"),
            ("{a: 1}\n", "{a: 1, sub: {image: \"m.io/a:1\"}}\n"),
        ] {
            assert_eq!(over(before, &[("sub.image", "m.io/a:1")]).as_deref(), Some(after));
        }
    }

    #[test]
    fn several_share_their_keys() {
        let text = over(
            "a: 1\n",
            &[("s.image.registry", "m.io"), ("s.image.repository", "a/b"), ("s.x", "1")],
        );
        assert_eq!(
            text.as_deref(),
            Some("a: 1\ns:\n  image:\n    registry: m.io\n    repository: a/b\n  x: \"1\"\n")
        );
    }

    #[test]
    fn what_has_no_place_is_refused() {
        for text in [
            "sub: [a]\n",
            "x: &a {}\nsub: *a\n",
            "sub: text\n",
            "- a\n",
            "a: [\n",
            "a: 1\n---\nb: 1\n",
        ] {
            assert_eq!(over(text, &[("sub.image", "a")]), None, "{text}");
        }
        assert_eq!(over("", &[("a", "1"), ("a", "2")]), None);
        assert_eq!(over("", &[("a", "1"), ("a.b", "2")]), None);
    }
}
