//! A tree of YAML as values.

use super::super::source::Source;
use super::super::{DEEPEST, Error};
use super::resolve::{Resolved, resolve};
use crate::chart::number::float32;
use crate::value::{Entry, List, Origin, Text, Value};
use std::collections::HashMap;
use std::rc::Rc;
use yaml_span::{Kind, NodeId, Scalar, Style, Tag, Tree};

pub(super) struct Decoder<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) source: Source<'t>,
    /// The last line is read as if it ended with a line feed, as Helm's reader
    /// of values files makes it.
    pub(super) ends_lines: bool,
    /// The targets of the aliases that are being followed.
    aliases: Vec<NodeId>,
    depth: usize,
    decoded: usize,
    from_aliases: usize,
    /// Strings with anchors, so that an alias costs no copy.
    anchored: HashMap<NodeId, Text>,
    /// Where an infinity or a NaN stands. It is refused unless a later key of the
    /// same name replaces it.
    pub(super) special: Option<usize>,
}

impl<'t> Decoder<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, source: Source<'t>, ends_lines: bool) -> Self {
        Self {
            tree,
            source,
            ends_lines,
            aliases: Vec::new(),
            depth: 0,
            decoded: 0,
            from_aliases: 0,
            anchored: HashMap::new(),
            special: None,
        }
    }

    pub(super) fn node(&mut self, id: NodeId) -> Result<Value, Error> {
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
        self.tabs(&span, scalar)?;
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
}
