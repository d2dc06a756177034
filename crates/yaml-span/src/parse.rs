//! From the events of `yaml-rust2` to the tree.

use crate::block;
use crate::comments::Comments;
use crate::error::Error;
use crate::flow::{self, Followed};
use crate::lines::Lines;
use crate::padding::Padding;
use crate::scalar::{Runs, Scalar, Style, Tag};
use crate::tree::{Entry, Kind, Node, NodeId, Tree};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::{Marker, TScalarStyle};

/// Maps and lists in one another, at most. Deeper text is an error, so that
/// whoever walks a tree may recurse.
pub const DEEPEST: usize = 128;

/// How many bytes of a text have one node, or more.
const BYTES_FOR_A_NODE: usize = 48;
/// How many nodes room is made for before any is read.
const MOST_FORESEEN: usize = 1 << 14;

/// The most nodes of one text: ids are small.
const MOST_NODES: usize = u32::MAX as usize / 2;

/// Parses all documents of a text.
///
/// # Errors
/// When the text is not YAML, nests deeper than [`DEEPEST`], or holds a NUL
/// byte. Says where and what was expected.
pub fn parse(text: &str) -> Result<Tree<'_>, Error> {
    parse_documents(text, usize::MAX)
}

/// Parses the first document of a text. What follows it need not be YAML.
///
/// # Errors
/// As [`parse`].
pub fn parse_first(text: &str) -> Result<Tree<'_>, Error> {
    parse_documents(text, 1)
}

fn parse_documents(text: &str, most: usize) -> Result<Tree<'_>, Error> {
    if let Some(offset) = memchr::memchr(0, text.as_bytes()) {
        return Err(Error { offset, message: "a NUL byte cannot stand in YAML".into() });
    }
    // The parser takes a byte order mark for text.
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[start..];
    let mut padding = Padding::default();
    let comments = Comments::of(body);
    if !comments.is_empty()
        && let Ok(tree) = attempt(text, start, body, &padding, &comments, most)
    {
        return Ok(tree);
    }
    let comments = Comments::default();
    let first = match attempt(text, start, body, &padding, &comments, most) {
        Ok(tree) => return Ok(tree),
        Err(refusal) => refusal,
    };
    let mut last = (first.line, first.error.message.clone());
    while padding.add(body, last.0, &last.1) {
        match attempt(text, start, &padding.apply(body), &padding, &comments, most) {
            Ok(tree) => return Ok(tree),
            Err(refusal) => last = (refusal.line, refusal.error.message),
        }
    }
    Err(first.error)
}

/// Why a text was not read, and the line that stopped the parser.
struct Refusal {
    error: Error,
    line: usize,
}

/// Parses `seen`, which is the text from `start` on with a padding, without what some
/// comments say.
fn attempt<'t>(
    text: &'t str,
    start: usize,
    seen: &str,
    padding: &Padding,
    comments: &Comments,
    most: usize,
) -> Result<Tree<'t>, Refusal> {
    let mut builder = Builder {
        text,
        start,
        lines: Lines::new(&text[start..]),
        padding,
        comments,
        cursor: start,
        tree: Tree {
            text,
            // About one for each line with content: to grow by steps moves them often.
            nodes: Vec::with_capacity((seen.len() / BYTES_FOR_A_NODE).min(MOST_FORESEEN)),
            documents: Vec::new(),
        },
        open: Vec::new(),
        anchors: HashMap::new(),
    };
    let mut parser = Parser::new(comments.without(seen));
    loop {
        let (event, mark) = parser.next_token().map_err(|error| {
            let mark = *error.marker();
            // A tab that may not stand there is found when it was passed.
            let offset = text[..builder.offset(&mark)].trim_end_matches('\t').len();
            Refusal { error: Error { offset, message: error.info().to_owned() }, line: mark.line() }
        })?;
        let done = matches!(event, Event::DocumentEnd) && builder.tree.documents.len() >= most;
        if done || matches!(event, Event::StreamEnd) {
            return Ok(builder.tree);
        }
        // What the builder refuses no padding mends.
        builder.event(event, &mark).map_err(|error| Refusal { error, line: 0 })?;
    }
}

struct Builder<'t, 'p> {
    text: &'t str,
    /// The offset of the first byte that the parser sees.
    start: usize,
    lines: Lines<'t>,
    padding: &'p Padding,
    /// What the parser does not see, from `start` on.
    comments: &'p Comments,
    /// The end of what was read.
    cursor: usize,
    tree: Tree<'t>,
    /// The maps and lists that are not closed, with the key that waits for its value.
    open: Vec<(NodeId, Option<NodeId>)>,
    anchors: HashMap<usize, NodeId>,
}

impl<'t> Builder<'t, '_> {
    fn offset(&mut self, mark: &Marker) -> usize {
        self.start + self.lines.offset(mark.line(), self.padding.column(mark.line(), mark.col()))
    }

    fn event(&mut self, event: Event, mark: &Marker) -> Result<(), Error> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.map_or(Tag::None, |tag| Tag::from_suffix(&tag.suffix));
                let (scalar, span) = self.scalar(value, style, mark, tag)?;
                self.cursor = self.cursor.max(span.end);
                self.add(Kind::Scalar(scalar), span, anchor)?;
            }
            Event::Alias(anchor) => {
                let start = self.offset(mark);
                let name = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
                let rest = &self.text[start..];
                let end = start + rest.find(name).unwrap_or(rest.len());
                let target = self.anchors.get(&anchor).copied().ok_or_else(|| Error {
                    offset: start,
                    message: format!("`{}` refers to no anchor before it", &self.text[start..end]),
                })?;
                self.cursor = self.cursor.max(end);
                self.add(Kind::Alias(target), start..end, 0)?;
            }
            Event::SequenceStart(anchor, _) => {
                self.open(Kind::Sequence(Vec::new()), mark, anchor)?
            }
            Event::MappingStart(anchor, _) => self.open(Kind::Mapping(Vec::new()), mark, anchor)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(mark),
            Event::DocumentStart => self.anchors.clear(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind<'t>, mark: &Marker, anchor: usize) -> Result<(), Error> {
        let at = self.offset(mark);
        if self.open.len() >= DEEPEST {
            let message = format!("maps and lists nest deeper than {DEEPEST} levels");
            return Err(Error { offset: at, message });
        }
        // A flow collection begins with its bracket, a block list with its dash; a
        // block map with its first key, which its marker is past.
        let begins = match self.text.as_bytes().get(at) {
            Some(b'[' | b'{') => true,
            Some(b'-') => matches!(kind, Kind::Sequence(_)),
            _ => false,
        };
        let id = self.add(kind, at..at, anchor)?;
        if !begins {
            self.tree.nodes[id.0 as usize].span = usize::MAX..usize::MAX;
        }
        self.open.push((id, None));
        Ok(())
    }

    fn close(&mut self, mark: &Marker) {
        let at = self.offset(mark);
        let Some((id, _)) = self.open.pop() else { return };
        let (mut start, cursor) = (self.tree.node(id).span.start, self.cursor);
        let first = match &self.tree.node(id).kind {
            Kind::Mapping(entries) => entries.first().map(|entry| entry.key),
            Kind::Sequence(items) => items.first().copied(),
            _ => None,
        };
        let known = start != usize::MAX;
        if !known {
            start = first.map_or(cursor, |first| self.tree.node(first).span.start);
        }
        if known && matches!(self.text.as_bytes().get(at), Some(b']' | b'}')) {
            self.cursor = self.cursor.max(at + 1);
        }
        let end = self.cursor.max(start);
        self.tree.nodes[id.0 as usize].span = start..end;
    }

    /// Adds a node to what is open.
    fn add(&mut self, kind: Kind<'t>, span: Range<usize>, anchor: usize) -> Result<NodeId, Error> {
        if self.tree.nodes.len() >= MOST_NODES {
            return Err(Error {
                offset: span.start,
                message: "the text has too many nodes".into(),
            });
        }
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node { span, kind, anchored: anchor > 0 });
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        let Some((parent, waiting)) = self.open.last_mut() else {
            self.tree.documents.push(id);
            return Ok(id);
        };
        match &mut self.tree.nodes[parent.0 as usize].kind {
            Kind::Sequence(items) => items.push(id),
            Kind::Mapping(entries) => match waiting.take() {
                Some(key) => entries.push(Entry { key, value: id }),
                None => *waiting = Some(id),
            },
            _ => {}
        }
        Ok(id)
    }

    fn scalar(
        &mut self,
        mut value: String,
        style: TScalarStyle,
        mark: &Marker,
        tag: Tag,
    ) -> Result<(Scalar<'t>, Range<usize>), Error> {
        let at = self.offset(mark);
        let (style, start, followed) = match style {
            TScalarStyle::Plain if value.is_empty() => {
                // Not written: its marker is the next token's.
                let here = self.cursor.min(at);
                let followed =
                    Followed { runs: Runs::Copied(here), content: here..here, end: here };
                (Style::Plain, here, Some(followed))
            }
            TScalarStyle::Plain => (Style::Plain, at, flow::plain(self.text, at, &value)),
            TScalarStyle::SingleQuoted => {
                (Style::SingleQuoted, at, flow::single_quoted(self.text, at, &value))
            }
            TScalarStyle::DoubleQuoted => {
                (Style::DoubleQuoted, at, flow::double_quoted(self.text, at, &value))
            }
            TScalarStyle::Literal | TScalarStyle::Folded => {
                let style =
                    if style == TScalarStyle::Literal { Style::Literal } else { Style::Folded };
                let header = self.header(if style == Style::Literal { b'|' } else { b'>' }, at);
                let mut followed = block::block(self.text, header, mark.col(), &value);
                // The parser ends a block with a line feed that the end of the text does not have.
                if followed.as_ref().is_some_and(|f| f.end == self.text.len())
                    && value.ends_with('\n')
                {
                    value.pop();
                }
                // Nor are there line feeds in a block without content that ends the text.
                if let Some(kept) = block::blank_at_the_end(self.text, header) {
                    value = kept;
                    followed = None;
                }
                (style, header, followed)
            }
        };
        let end = followed.as_ref().map_or(usize::MAX, |followed| followed.end);
        if !self.comments.is_empty() && self.comments.is_in(&(start - self.start..end - self.start))
        {
            let message = "a scalar has what looks like a comment".to_owned();
            return Err(Error { offset: start, message });
        }
        let followed = followed.unwrap_or_else(|| {
            // It cannot be told which byte spells what: all of the line does.
            let rest = &self.text[start..];
            let end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
            Followed { runs: Runs::Unknown, content: start..end, end }
        });
        let span = start..followed.end;
        let value = match self.text.get(span.clone()) {
            Some(same) if same == value => Cow::Borrowed(same),
            _ => Cow::Owned(value),
        };
        Ok((Scalar { value, style, content: followed.content, tag, runs: followed.runs }, span))
    }

    /// The header of the block scalar whose content is at `content`: behind what
    /// was read there are only blanks, comments, tags, anchors and indicators.
    fn header(&self, indicator: u8, content: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = self.cursor;
        while at < content.max(self.cursor) && at < bytes.len() {
            match bytes[at] {
                b if b == indicator => return at,
                b'#' if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                    at =
                        memchr::memchr2(b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |i| at + i);
                }
                b'!' | b'&' => {
                    let end = bytes[at..].iter().position(u8::is_ascii_whitespace);
                    at = end.map_or(bytes.len(), |i| at + i);
                }
                _ => at += 1,
            }
        }
        content.min(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is read of a text without what its comments say is what is read of all of it.
    fn agree(text: &str) {
        let read = |comments: &Comments| {
            let tree = attempt(text, 0, text, &Padding::default(), comments, usize::MAX);
            tree.map(|tree| format!("{tree:?}")).ok()
        };
        if let Some(without) = read(&Comments::of(text)) {
            assert_eq!(Some(without), read(&Comments::default()), "{text}");
        }
    }

    #[test]
    fn what_is_no_comment_inside_of_a_scalar_is_read() {
        for text in [
            "a: 1\n# b\nc: 2 # d\n",
            "k: \"A\n  # more\"\nmore\"\nx: 1\n",
            "k: 'A\n  # more'\nmore'\nx: 1\n",
            "k: \"a\n  # foo\n  foo\"\n",
            "k: |\n  # script\n  run # it\n# comment\nx: 1\n",
            "k: >\n  # a\n  b\n",
            "k: a\n  b\n  # c\nx: [1,\n# 2\n 3]\n",
            "- |\n# no content\n- |+\n\n # c\n",
        ] {
            agree(text);
            let trees = [&Comments::of(text), &Comments::default()]
                .map(|comments| attempt(text, 0, text, &Padding::default(), comments, 1).is_ok());
            assert!(trees[1] || !trees[0], "{text}");
        }
        let tree = parse("k: |\n  # script\n  run # it\n").expect("a tree");
        let value = tree.get(tree.documents()[0], "k").expect("a value").value;
        assert_eq!(tree.str(value), Some("# script\nrun # it\n"));
    }

    proptest! {
        #[test]
        fn comments_say_nothing(lines in prop::collection::vec(
            "( {0,4}|\t)(#|# |k: |- |\\||>|\"|'|\\[|\\]|\\{|\\}|a|b: c|,|\\\\|---| |: ){0,6}", 0..12)) {
            agree(&lines.join("\n"));
        }
    }
}
