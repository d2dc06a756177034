//! YAML as Helm reads it: YAML 1.1 by way of JSON, so that every number is a
//! float and every key a string.

use super::source::Source;
use super::{DEEPEST, Error, documents};
use crate::chart::number::float32;
use crate::encode::base64;
use crate::source::FileId;
use crate::value::{Entry, List, Map, Origin, Text, TextBuilder, Value};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use yaml_span::{Kind, NodeId, Scalar, Style, Tag, Tree};

/// Reads a values file as Helm loads it: all its documents, merged into one map.
///
/// # Errors
/// When Helm would not load it. Says where, and why in Helm's words where they
/// are known.
pub fn file(file: FileId, text: &str) -> Result<Value, Error> {
    let mut values = Map::new();
    for range in documents::split(text)? {
        let source = Source::File(file, range.start);
        let start = range.start;
        let value = document(&text[range], source, true).map_err(|error| Error {
            offset: error.offset.map(|offset| offset + start),
            ..error
        })?;
        match value {
            Value::Nil => {}
            Value::Map(map) if values.is_empty() => values = map,
            Value::Map(map) => merge(&values, &map),
            other => {
                let mismatch = super::mismatch(&other, "map[string]interface {}");
                let wrapped = format!("error unmarshaling JSON: while decoding JSON: {mismatch}");
                return Err(Error::new(start, wrapped));
            }
        }
    }
    Ok(Value::Map(values))
}

/// Reads the first document of a text, whose strings then lead to where the
/// text's bytes come from.
///
/// # Errors
/// When Go's YAML package refuses it; the message is Go's where it is known.
pub fn yaml(text: &Text) -> Result<Value, Error> {
    let string = std::str::from_utf8(text.bytes())
        .map_err(|error| Error::new(error.valid_up_to(), "yaml: invalid leading UTF-8 octet"))?;
    document(string, Source::Text(text), false)
}

/// Puts a document's entries over those of the documents before it.
fn merge(under: &Map, over: &Map) {
    for (key, entry) in over.entries().iter() {
        if let Value::Map(map) = &entry.value
            && let Some(Value::Map(before)) = under.get(key)
        {
            merge(&before, map);
        } else {
            under.put(key, entry.clone());
        }
    }
}

fn document(text: &str, source: Source<'_>, ends_lines: bool) -> Result<Value, Error> {
    characters(text)?;
    let tree =
        yaml_span::parse_first(text).map_err(|error| syntax(text, error.offset, &error.message))?;
    let Some(&root) = tree.documents().first() else { return Ok(Value::Nil) };
    let mut decoder = Decoder {
        tree: &tree,
        source,
        ends_lines: ends_lines && !text.ends_with('\n'),
        aliases: Vec::new(),
        depth: 0,
        decoded: 0,
        from_aliases: 0,
        anchored: HashMap::new(),
        special: None,
    };
    let value = decoder.node(root)?;
    match decoder.special.and_then(|at| Some((at, special(&value)?))) {
        Some((at, name)) => Err(Error::new(at, format!("json: unsupported value: {name}"))),
        None => Ok(value),
    }
}

/// The first number that JSON cannot hold, by the name that Go gives it.
fn special(value: &Value) -> Option<&'static str> {
    match value {
        Value::Float(number, _) if number.is_nan() => Some("NaN"),
        Value::Float(number, _) if number.is_infinite() => {
            Some(if *number > 0.0 { "+Inf" } else { "-Inf" })
        }
        Value::List(list) => list.items.iter().find_map(special),
        Value::Map(map) => map.entries().values().find_map(|entry| special(&entry.value)),
        _ => None,
    }
}

/// Refuses the characters that Go's YAML package refuses.
fn characters(text: &str) -> Result<(), Error> {
    let suspect =
        |byte: u8| byte >= 0x7f || (byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'));
    if !text.bytes().any(suspect) {
        return Ok(());
    }
    let refused = |c: char| {
        matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
            && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
    };
    match text.char_indices().find(|&(_, c)| refused(c)) {
        Some((at, _)) => Err(Error::new(at, "yaml: control characters are not allowed")),
        None => Ok(()),
    }
}

/// The parser's message with the line, as Go's YAML package puts it.
fn syntax(text: &str, offset: usize, message: &str) -> Error {
    let end = text.floor_char_boundary(offset);
    let line = 1 + text[..end].bytes().filter(|&byte| byte == b'\n').count();
    let problem = match message.rsplit_once(", ") {
        Some((context, problem)) if context.starts_with("while") => problem,
        _ => message,
    };
    let place = if line > 1 { format!("line {line}: ") } else { String::new() };
    let problem = match problem {
        "found unknown anchor" => {
            let name = text[end..].trim_start_matches(['*', ' ']);
            let word = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'));
            let name = name.split(word).next().unwrap_or_default();
            return Error::new(offset, format!("yaml: unknown anchor '{name}' referenced"));
        }
        "expected ',' or ']'" => "did not find expected ',' or ']'",
        "simple key expect ':'" => "could not find expected ':'",
        _ if problem.starts_with("unexpected character: ") => {
            "found character that cannot start any token"
        }
        _ => problem,
    };
    Error::new(offset, format!("yaml: {place}{problem}"))
}

struct Decoder<'t> {
    tree: &'t Tree<'t>,
    source: Source<'t>,
    /// The last line is read as if it ended with a line feed, as Helm's reader
    /// of values files makes it.
    ends_lines: bool,
    /// The targets of the aliases that are being followed.
    aliases: Vec<NodeId>,
    depth: usize,
    decoded: usize,
    from_aliases: usize,
    /// Strings with anchors, so that an alias costs no copy.
    anchored: HashMap<NodeId, Text>,
    /// Where an infinity or a NaN stands. It is refused unless a later key of the
    /// same name replaces it.
    special: Option<usize>,
}

impl Decoder<'_> {
    fn node(&mut self, id: NodeId) -> Result<Value, Error> {
        self.count(id)?;
        let tree = self.tree;
        let node = tree.node(id);
        match &node.kind {
            Kind::Scalar(scalar) => self.scalar(id, scalar),
            Kind::Alias(target) => {
                self.follow(id, *target)?;
                let value = self.node(*target);
                self.aliases.pop();
                value
            }
            Kind::Sequence(items) => {
                self.enter()?;
                let items = items.iter().map(|&item| self.node(item)).collect::<Result<_, _>>()?;
                self.depth -= 1;
                let origin = self.source.spelled(node.span.clone());
                Ok(Value::List(List { origin, ..List::new(items) }))
            }
            Kind::Mapping(_) => {
                let mut entries = Vec::new();
                self.mapping(id, &mut entries)?;
                // Of equal keys the last one stays.
                Ok(Value::Map(entries.into_iter().collect()))
            }
        }
    }

    /// Go's limits on what aliases may add.
    fn count(&mut self, id: NodeId) -> Result<(), Error> {
        self.decoded += 1;
        if self.aliases.is_empty() {
            return Ok(());
        }
        self.from_aliases += 1;
        let share = self.from_aliases as f64 / self.decoded as f64;
        let most = match self.decoded {
            0..=400_000 => 0.99,
            4_000_000.. => 0.10,
            count => 0.99 - 0.89 * ((count - 400_000) as f64 / 3_600_000.0),
        };
        if self.from_aliases > 100 && self.decoded > 1000 && share > most {
            let at = self.tree.node(id).span.start;
            return Err(Error::new(at, "yaml: document contains excessive aliasing"));
        }
        Ok(())
    }

    fn follow(&mut self, alias: NodeId, target: NodeId) -> Result<(), Error> {
        if self.aliases.contains(&target) || self.holds(target, alias) {
            let span = self.tree.node(alias).span.clone();
            let name = self.tree.text().get(span.start + 1..span.end).unwrap_or_default();
            let message = format!("yaml: anchor '{name}' value contains itself");
            return Err(Error::new(span.start, message));
        }
        self.aliases.push(target);
        Ok(())
    }

    /// True when the target's text holds the alias.
    fn holds(&self, target: NodeId, alias: NodeId) -> bool {
        let (target, alias) = (self.tree.node(target), self.tree.node(alias));
        target.span.start <= alias.span.start && alias.span.end <= target.span.end
    }

    fn enter(&mut self) -> Result<(), Error> {
        if self.depth >= DEEPEST {
            return Err(Error::too_deep());
        }
        self.depth += 1;
        Ok(())
    }

    /// Gathers a map's entries, those of `<<` where they stand.
    fn mapping(&mut self, id: NodeId, out: &mut Vec<(Rc<str>, Entry)>) -> Result<(), Error> {
        self.enter()?;
        for entry in self.tree.entries(id) {
            if self.is_merge(entry.key) {
                self.merged(entry.value, out)?;
                continue;
            }
            let (name, key) = self.key(entry.key)?;
            let value = self.node(entry.value)?;
            out.push((name, Entry { key, value }));
        }
        self.depth -= 1;
        Ok(())
    }

    fn is_merge(&self, key: NodeId) -> bool {
        match &self.tree.node(key).kind {
            Kind::Scalar(scalar) => {
                scalar.value == "<<" && scalar.style == Style::Plain && scalar.tag == Tag::None
            }
            _ => false,
        }
    }

    /// The maps of a `<<`: one, or a list of which the first one wins.
    fn merged(&mut self, id: NodeId, out: &mut Vec<(Rc<str>, Entry)>) -> Result<(), Error> {
        let tree = self.tree;
        match &tree.node(id).kind {
            Kind::Sequence(items) => {
                for &item in items.iter().rev() {
                    self.merged_map(item, out)?;
                }
                Ok(())
            }
            _ => self.merged_map(id, out),
        }
    }

    fn merged_map(&mut self, id: NodeId, out: &mut Vec<(Rc<str>, Entry)>) -> Result<(), Error> {
        self.count(id)?;
        match self.tree.node(id).kind {
            Kind::Mapping(_) => self.mapping(id, out),
            Kind::Alias(target) if matches!(self.tree.node(target).kind, Kind::Mapping(_)) => {
                self.follow(id, target)?;
                self.count(target)?;
                self.mapping(target, out)?;
                self.aliases.pop();
                Ok(())
            }
            _ => {
                let message = "yaml: map merge requires map or sequence of maps as the value";
                Err(Error::new(self.tree.node(id).span.start, message))
            }
        }
    }

    /// A key as a string, and its origin.
    fn key(&mut self, id: NodeId) -> Result<(Rc<str>, Origin), Error> {
        self.count(id)?;
        let target = self.tree.resolve(id);
        let at = self.tree.node(id).span.start;
        let Kind::Scalar(scalar) = &self.tree.node(target).kind else {
            return Err(Error::new(at, "yaml: invalid map key"));
        };
        self.escapes(scalar)?;
        let spelled = || self.source.spelled(scalar.content.clone());
        Ok(match resolve(scalar, at)? {
            Resolved::Text => {
                let origin = match scalar.copied_from() {
                    Some(from) => self.source.copied_origin(from..from + scalar.value.len()),
                    None => spelled(),
                };
                (scalar.value.as_ref().into(), origin)
            }
            Resolved::Bytes(bytes) => (String::from_utf8_lossy(&bytes).into(), spelled()),
            Resolved::Bool(value) => (if value { "true" } else { "false" }.into(), spelled()),
            Resolved::Int(number) if i64::try_from(number).is_ok() => {
                (number.to_string().into(), spelled())
            }
            Resolved::Float(number) => {
                let name = match float32(number).as_str() {
                    "+Inf" => ".inf".into(),
                    "-Inf" => "-.inf".into(),
                    "NaN" => ".nan".into(),
                    digits => digits.into(),
                };
                (name, spelled())
            }
            Resolved::Int(_) => {
                return Err(Error::new(at, "unsupported map key of type: uint64"));
            }
            Resolved::Null => {
                let message = "unsupported map key of type: %!s(<nil>), key: <nil>";
                return Err(Error::new(at, message));
            }
        })
    }

    fn scalar(&mut self, id: NodeId, scalar: &Scalar<'_>) -> Result<Value, Error> {
        let span = self.tree.node(id).span.clone();
        self.escapes(scalar)?;
        let origin = || self.source.spelled(scalar.content.clone());
        Ok(match resolve(scalar, span.start)? {
            Resolved::Null => Value::Nil,
            Resolved::Bool(value) => Value::Bool(value, origin()),
            Resolved::Int(number) => Value::Float(number as f64, origin()),
            Resolved::Float(number) => {
                if !number.is_finite() {
                    self.special = Some(span.start);
                }
                Value::Float(number, origin())
            }
            Resolved::Bytes(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                Value::Str(Text::with_origin(text, origin()))
            }
            Resolved::Text => {
                if !self.tree.node(id).anchored {
                    return Ok(Value::Str(self.text(span, scalar)));
                }
                if let Some(text) = self.anchored.get(&id) {
                    return Ok(Value::Str(text.clone()));
                }
                let text = self.text(span, scalar);
                self.anchored.insert(id, text.clone());
                Value::Str(text)
            }
        })
    }

    /// Go's YAML package does not know the escape `\/`.
    fn escapes(&self, scalar: &Scalar<'_>) -> Result<(), Error> {
        if scalar.style != Style::DoubleQuoted || scalar.copied_from().is_some() {
            return Ok(());
        }
        let text = self.tree.text();
        let slash = |source: &Range<usize>| text.get(source.clone()) == Some("\\/");
        match scalar.pieces().map(|piece| piece.source).find(slash) {
            Some(source) => Err(syntax(text, source.start, "found unknown escape character")),
            None => Ok(()),
        }
    }

    fn text(&self, span: Range<usize>, scalar: &Scalar<'_>) -> Text {
        let value = scalar.value.as_ref();
        if is_block(scalar) && value.bytes().all(|byte| byte == b'\n') {
            return self.blank_block(span, scalar);
        }
        let break_is_missing = self.ends_lines && self.break_is_missing(span, scalar);
        if let (Some(from), false) = (scalar.copied_from(), break_is_missing) {
            return match value.len() {
                0 => Text::default(),
                length => self.source.copy(value, from..from + length),
            };
        }
        let mut out = TextBuilder::default();
        let mut done = 0;
        for piece in scalar.pieces() {
            let (Some(gap), Some(part)) =
                (value.get(done..piece.value.start), value.get(piece.value.clone()))
            else {
                continue;
            };
            self.source.push_spelled(&mut out, gap, scalar.content.clone());
            if piece.copied {
                self.source.push_copy(&mut out, part, piece.source);
            } else {
                self.source.push_spelled(&mut out, part, piece.source);
            }
            done = piece.value.end;
        }
        let rest = value.get(done..).unwrap_or_default();
        self.source.push_spelled(&mut out, rest, scalar.content.clone());
        if break_is_missing {
            self.source.push_spelled(&mut out, "\n", scalar.content.clone());
        }
        out.finish()
    }

    /// A block of blank lines only: nothing, unless its header keeps them.
    fn blank_block(&self, span: Range<usize>, scalar: &Scalar<'_>) -> Text {
        let mut lines = self.tree.text().get(span.start..).unwrap_or_default().split('\n');
        let header = lines.next().unwrap_or_default().split_whitespace().next();
        if !header.is_some_and(|header| header.contains('+')) {
            return Text::default();
        }
        let blank = |line: &&str| line.bytes().all(|byte| matches!(byte, b' ' | b'\r'));
        let mut count = 0;
        // The last piece has no line feed.
        while let Some(line) = lines.next().filter(blank) {
            let has_feed = lines.clone().next().is_some();
            count += usize::from(has_feed || (self.ends_lines && !line.is_empty()));
        }
        let mut out = TextBuilder::default();
        self.source.push_spelled(&mut out, &"\n".repeat(count), scalar.content.clone());
        out.finish()
    }

    /// True for a block at the end of a text without a last line feed, when its
    /// header does not strip that.
    fn break_is_missing(&self, span: Range<usize>, scalar: &Scalar<'_>) -> bool {
        let text = self.tree.text();
        if !is_block(scalar) || span.end != text.len() || scalar.value.is_empty() {
            return false;
        }
        let header = text.get(span).unwrap_or_default();
        !header.bytes().take_while(|b| !b.is_ascii_whitespace()).any(|b| b == b'-')
    }
}

fn is_block(scalar: &Scalar<'_>) -> bool {
    matches!(scalar.style, Style::Literal | Style::Folded)
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// What a scalar is, with its tag.
enum Resolved {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text,
    Bytes(Vec<u8>),
}

fn resolve(scalar: &Scalar<'_>, at: usize) -> Result<Resolved, Error> {
    let value = scalar.value.as_ref();
    let plain = match scalar.tag {
        Tag::None if scalar.style == Style::Plain => true,
        Tag::None | Tag::Str | Tag::Other => return Ok(Resolved::Text),
        Tag::Binary => {
            let bytes = base64::decode(value).ok_or_else(|| {
                Error::new(at, "yaml: !!binary value contains invalid base64 data")
            })?;
            return Ok(Resolved::Bytes(bytes));
        }
        Tag::Int | Tag::Float | Tag::Bool | Tag::Null => false,
    };
    let resolved = match yaml_span::Value::of_plain(value) {
        yaml_span::Value::Text if special_float(value).is_some() => {
            Resolved::Float(special_float(value).unwrap_or(f64::NAN))
        }
        yaml_span::Value::Null => Resolved::Null,
        yaml_span::Value::Bool(value) => Resolved::Bool(value),
        yaml_span::Value::Int(number) => Resolved::Int(number),
        yaml_span::Value::Float(number) => Resolved::Float(number),
        yaml_span::Value::Text => Resolved::Text,
    };
    let fits = match (scalar.tag, &resolved) {
        (Tag::Int, Resolved::Int(_))
        | (Tag::Float, Resolved::Int(_) | Resolved::Float(_))
        | (Tag::Bool, Resolved::Bool(_))
        | (Tag::Null, Resolved::Null) => true,
        _ => plain,
    };
    if fits {
        return Ok(resolved);
    }
    let is = match resolved {
        Resolved::Null => "!!null",
        Resolved::Bool(_) => "!!bool",
        Resolved::Int(_) => "!!int",
        Resolved::Float(_) => "!!float",
        Resolved::Text | Resolved::Bytes(_) => "!!str",
    };
    let said = match scalar.tag {
        Tag::Int => "!!int",
        Tag::Float => "!!float",
        Tag::Bool => "!!bool",
        _ => "!!null",
    };
    Err(Error::new(at, format!("yaml: cannot decode {is} `{value}` as a {said}")))
}
