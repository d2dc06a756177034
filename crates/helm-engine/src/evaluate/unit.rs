//! Texts that are parsed, and the templates that they define.

use super::error::{Error, ErrorKind, Frame, Place, Via};
use super::special::{Special, TPL};
use super::trace::Called;
use crate::functions;
use crate::source::{FileText, Span};
use crate::value::Text;
use go_template::ast::{self, List, Node};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// A template file, or the text of a `tpl`.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The name that Go gives its places.
    pub(crate) name: String,
    /// The text, each byte with its origin.
    pub(crate) text: Text,
    /// The same text, which the tree speaks of.
    pub(super) source: FileText,
    tree: Arc<ast::Template>,
}

impl Unit {
    /// A unit of a tree that this text was parsed to.
    pub(crate) fn new(
        name: String,
        text: Text,
        source: FileText,
        tree: Arc<ast::Template>,
    ) -> Self {
        Self { name, text, source, tree }
    }

    /// The place of an offset.
    pub(super) fn place(&self, at: usize, span: Range<usize>) -> Place {
        let at = at.min(self.text.len());
        let before = &self.text.bytes()[..at];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |found| found + 1);
        let end = span.end.min(self.text.len());
        Place {
            name: self.name.clone(),
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
            column: at - start,
            spans: self.text.spans(span.start.min(end)..end),
        }
    }

    /// The source bytes of a range, when they are bytes of one file, one after the other.
    pub(super) fn span(&self, range: Range<usize>) -> Option<Span> {
        let end = range.end.min(self.text.len());
        match self.text.spans(range.start.min(end)..end).as_slice() {
            [span] => Some(*span),
            _ => None,
        }
    }

    /// From the first of its source bytes to the last, when they are of one file.
    fn extent(&self) -> Option<Span> {
        let spans = self.text.spans(0..self.text.len());
        let first = spans.first()?;
        let one = spans.iter().all(|span| span.file == first.file);
        let start = spans.iter().map(|span| span.start).min()?;
        let end = spans.iter().map(|span| span.end).max()?;
        one.then(|| Span::new(first.file, start..end))
    }

    /// The text at a range, as an error shows it.
    pub(super) fn context(&self, range: Range<usize>) -> String {
        let bytes = self.text.bytes().get(range).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes);
        let action = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
        let Some(action) = action else { return text.into_owned() };
        // Go prints actions without their trim markers, and a block as what it does.
        let action = action.trim_matches('-').trim();
        match action.strip_prefix("block ") {
            Some(rest) => format!("{{{{template {rest}}}}}"),
            None => format!("{{{{{action}}}}}"),
        }
    }

    /// The templates that this text defines: its own body under its name, then
    /// each definition.
    pub(crate) fn templates(self: &Rc<Self>) -> impl Iterator<Item = (Rc<str>, Named)> {
        let named = |body| Named { unit: Rc::clone(self), body };
        let own = (Rc::from(self.name.as_str()), named(None));
        let definitions = self.tree.definitions.iter().enumerate();
        std::iter::once(own).chain(definitions.map(move |(index, definition)| {
            (Rc::from(definition.name.value.as_str()), named(Some(index)))
        }))
    }

    /// Its own body.
    pub(crate) fn own(self: &Rc<Self>) -> Named {
        Named { unit: Rc::clone(self), body: None }
    }
}

/// A template with a name.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Where it is defined.
    pub(super) unit: Rc<Unit>,
    /// Which definition it is; the unit's own body when none.
    body: Option<usize>,
}

impl Named {
    /// What it prints.
    pub(super) fn body(&self) -> &List {
        let definition = self.body.and_then(|index| self.unit.tree.definitions.get(index));
        definition.map_or(&self.unit.tree.body, |definition| &definition.body)
    }

    /// True of `{{ define }}`.
    pub(super) fn is_definition(&self) -> bool {
        self.body.is_some()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        let definition = self.body.and_then(|index| self.unit.tree.definitions.get(index));
        definition.map_or(&self.unit.name, |definition| &definition.name.value)
    }

    /// What it is, for who follows the calls.
    pub(super) fn called(&self) -> Called {
        let definition = self.body.and_then(|index| self.unit.tree.definitions.get(index));
        match definition {
            Some(definition) => Called::Template(self.unit.span(definition.span.range())),
            None if self.unit.name == TPL => Called::Text(self.unit.extent()),
            None => Called::Template(None),
        }
    }

    fn is_blank(&self) -> bool {
        self.body().nodes.iter().all(|node| match node {
            Node::Text(span) => span.of(&self.unit.source).trim().is_empty(),
            _ => false,
        })
    }
}

/// Templates by name. What a `tpl` defines is a layer over what was there.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    named: HashMap<Rc<str>, Named>,
    under: Option<Rc<Templates>>,
}

impl Templates {
    /// A layer over others.
    pub(super) fn over(under: Rc<Templates>) -> Self {
        Self { named: HashMap::new(), under: Some(under) }
    }

    /// Adds what a unit defines. It takes the place of what has the name, unless
    /// it is blank.
    pub(crate) fn add(&mut self, unit: &Rc<Unit>) {
        for (name, named) in unit.templates() {
            if !named.is_blank() || self.find(&name).is_none() {
                self.named.insert(name, named);
            }
        }
    }

    /// The template with a name.
    pub(crate) fn find(&self, name: &str) -> Option<&Named> {
        let mut layer = self;
        loop {
            if let Some(named) = layer.named.get(name) {
                return Some(named);
            }
            layer = layer.under.as_deref()?;
        }
    }
}

/// Parses a text as Helm does: functions that do not exist are errors. `source` is the
/// same text.
///
/// # Errors
/// The first error, with its place.
pub(crate) fn parse(name: &str, text: &Text, source: &str) -> Result<Arc<ast::Template>, Error> {
    let failed = |span: Range<usize>, message| refused(name, text, span.start, span, message);
    let tree = go_template::parse(source)
        .map_err(|error| failed(error.span, error.message.into_owned()))?;
    let is_known = |name| Special::named(name).is_some() || functions::lookup(name).is_some();
    if let Some(unknown) = tree.functions.iter().find(|span| !is_known(span.of(source))) {
        let message = format!("function {:?} not defined", unknown.of(source));
        return Err(failed(unknown.range(), message));
    }
    Ok(Arc::new(tree))
}

/// A text as what can be parsed.
///
/// # Errors
/// When it is not UTF-8.
pub(super) fn utf8<'t>(name: &str, text: &'t Text) -> Result<&'t str, Error> {
    std::str::from_utf8(text.bytes()).map_err(|error| {
        let message = "the template is not UTF-8".to_owned();
        refused(name, text, error.valid_up_to(), 0..0, message)
    })
}

fn refused(name: &str, text: &Text, at: usize, span: Range<usize>, message: String) -> Error {
    let unit = Unit::new(name.to_owned(), text.clone(), FileText::from(""), Arc::default());
    let frame = Frame {
        template: name.to_owned(),
        place: unit.place(at, span.clone()),
        context: unit.context(span),
        via: Via::Here,
    };
    Error { kind: ErrorKind::Parse, message, frames: vec![frame] }
}
