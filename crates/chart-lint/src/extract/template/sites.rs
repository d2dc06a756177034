//! Reads a template from top to bottom: its literal images, its strings, and
//! the places where an image comes from somewhere else.

use super::Templates;
use super::inline::{self, Printed};
use super::lines::{self, ACTION, Line};
use super::scope::Scopes;
use super::units::Unit;
use crate::extract::found::{Extraction, Found, Site};
use crate::extract::fragment::Fragment;
use crate::extract::join;
use crate::extract::lookup::Lookup;
use crate::extract::manifest::role_of;
use crate::extract::words::{KeyWord, is_another_address, is_placeholder, key_word};
use crate::extract::yaml::Place;
use crate::model::{Evidence, Part, Role};
use go_template::{Action, Lexed, Segment};
use image_ref::Reference;
use std::ops::Range;

/// A use whose image is not spelled in the template.
#[derive(Debug, Clone)]
pub(crate) struct DynamicSite {
    /// The place.
    pub(crate) site: Site,
    /// What its containers are for.
    pub(crate) role: Option<Role>,
    /// The text of the template.
    pub(crate) text: String,
    /// What it reads.
    pub(crate) unit: Unit,
    /// The named template that it stands in.
    pub(crate) define: Option<String>,
    /// True when another find already tells its registry.
    pub(crate) known: bool,
}

pub(super) struct Reader<'a> {
    pub(super) fragment: &'a Fragment<'a>,
    pub(super) actions: Vec<&'a Action>,
    pub(super) masked: Vec<u8>,
    pub(super) lookup: &'a Lookup<'a>,
    scopes: Scopes,
    /// The next action to enter.
    next: usize,
    /// The role that the file's place gives.
    given: Option<Role>,
    kind: Option<String>,
    hook: Option<String>,
    /// Documents that describe what others may write, and run nothing themselves.
    pub(super) descriptions: Vec<Range<usize>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        fragment: &'a Fragment<'a>,
        lexed: &'a Lexed,
        role: Option<Role>,
        lookup: &'a Lookup<'a>,
    ) -> Self {
        let actions = lexed.segments.iter().filter_map(|segment| match segment {
            Segment::Action(action) => Some(action),
            _ => None,
        });
        Self {
            fragment,
            actions: actions.collect(),
            masked: lines::mask(fragment.text, lexed),
            lookup,
            scopes: Scopes::default(),
            next: 0,
            given: role,
            kind: None,
            hook: None,
            descriptions: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, templates: &mut Templates, out: &mut Extraction) {
        let lines = lines::keyed(&self.masked);
        let mut taken: Vec<Range<usize>> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            self.enter_until(line.key.start, templates, out);
            let key = &self.fragment.text[line.key.clone()];
            self.note_manifest(line, key);
            if self.describes() {
                continue;
            }
            if key_word(key) == KeyWord::Image && !line.value.is_empty() {
                taken.push(line.value.clone());
                self.image(&lines, index, key, templates, out);
            }
        }
        self.enter_until(usize::MAX, templates, out);
        self.literal_text(&taken, out);
    }

    /// What the line tells of the manifest around it.
    fn note_manifest(&mut self, line: &Line, key: &str) {
        let value = &self.fragment.text[line.value.clone()];
        if line.indent == 0
            && matches!(key, "apiVersion" | "kind")
            && let Some(open) = self.descriptions.last_mut()
        {
            open.end = open.end.min(line.key.start);
        }
        match key {
            "apiVersion" if line.indent == 0 => (self.kind, self.hook) = (None, None),
            "kind" if line.indent == 0 && value == "CustomResourceDefinition" => {
                self.kind = Some(value.to_owned());
                self.descriptions.push(line.key.start..usize::MAX);
            }
            "kind" if line.indent == 0 && !value.contains("{{") => {
                self.kind = Some(value.to_owned())
            }
            "helm.sh/hook" => self.hook = Some(value.to_owned()),
            _ => {}
        }
    }

    /// True inside of a CRD: its schema and the examples in it run nothing.
    fn describes(&self) -> bool {
        self.kind.as_deref() == Some("CustomResourceDefinition")
    }

    pub(super) fn role(&self) -> Option<Role> {
        self.given.or_else(|| role_of(self.kind.as_deref()?, self.hook.as_deref()))
    }

    /// Enters the actions that begin before an offset.
    fn enter_until(&mut self, offset: usize, templates: &mut Templates, out: &mut Extraction) {
        while let Some(&action) = self.actions.get(self.next).filter(|a| a.span.start < offset) {
            self.next += 1;
            self.strings(action, out);
            let reach = self.scopes.enter(self.fragment.text, action);
            templates.units.note_call(&reach);
            if let Some(define) = self.scopes.define() {
                let text = &self.fragment.text[action.span.clone()];
                let unit = templates.units.entry(define);
                unit.add(reach, text);
                // `v{{ .Chart.AppVersion }}`: the prefix is literal text.
                if unit.app_version == Some("")
                    && ends_with_v(&self.masked[..action.span.start])
                    && text.contains("AppVersion")
                {
                    unit.app_version = Some("v");
                }
            }
        }
    }

    /// The value of a line whose key says `image`.
    fn image(
        &mut self,
        lines: &[Line],
        index: usize,
        key: &str,
        templates: &mut Templates,
        out: &mut Extraction,
    ) {
        let value = lines[index].value.clone();
        let container = self.container(lines, index);
        let site =
            Site { span: self.fragment.span(value.clone()), kind: self.kind.clone(), container };
        if self.masked[value.clone()].contains(&ACTION) {
            self.dynamic(value, site, key, templates, out);
            return;
        }
        let text = &self.fragment.text[value.clone()];
        let exact = key == "image";
        if is_placeholder(text)
            || is_another_address(text)
            || !exact && !text.contains(['/', ':', '@'])
        {
            return;
        }
        match Found::in_one_piece(self.fragment, value, Evidence::Literal) {
            Ok(mut found) => {
                found.role = self.role();
                found.uses.push(Site { span: found.primary, ..site });
                out.images.push(found);
            }
            Err(invalid) if exact && !text.contains(char::is_whitespace) => {
                out.invalid.push(invalid)
            }
            Err(_) => {}
        }
    }

    /// A value with actions: joined here if it is plain, else a use to be linked.
    fn dynamic(
        &mut self,
        value: Range<usize>,
        site: Site,
        key: &str,
        templates: &mut Templates,
        out: &mut Extraction,
    ) {
        let mut unit = Unit::default();
        let mut pieces = Some(Vec::new());
        let mut literal_from = value.start;
        while let Some(&action) = self.actions.get(self.next).filter(|a| a.span.start < value.end) {
            self.next += 1;
            self.strings(action, out);
            if let Some(pieces) = &mut pieces
                && literal_from < action.span.start
            {
                pieces.push(self.fragment.piece(literal_from..action.span.start));
            }
            literal_from = action.span.end;
            match inline::action(self.fragment, action, &self.scopes, self.lookup) {
                Printed::Pieces(printed) => {
                    if let Some(pieces) = &mut pieces {
                        pieces.extend(printed);
                    }
                }
                Printed::Unknown => pieces = None,
            }
            let text = &self.fragment.text[action.span.clone()];
            let reach = self.scopes.enter(self.fragment.text, action);
            templates.units.note_call(&reach);
            unit.add(reach, text);
            if unit.app_version == Some("") && ends_with_v(&self.masked[..action.span.start]) {
                unit.app_version = Some("v");
            }
        }
        if literal_from < value.end
            && let Some(pieces) = &mut pieces
        {
            pieces.push(self.fragment.piece(literal_from..value.end));
        }
        let found = pieces
            .and_then(|pieces| join::pieces(&pieces))
            .or_else(|| self.literal_prefix(value.clone()));
        let known = found.is_some();
        if let Some(mut found) = found {
            found.role = self.role();
            found.uses.push(site.clone());
            out.images.push(found);
        }
        let text = self.fragment.text[value].split_whitespace().collect::<Vec<_>>().join(" ");
        let other_key = key != "image";
        let define = self.scopes.define().map(str::to_owned);
        let known = known || other_key;
        templates.sites.push(DynamicSite { site, role: self.role(), text, unit, define, known });
    }

    /// The literal text before the first action, when it decides the registry.
    fn literal_prefix(&self, value: Range<usize>) -> Option<Found> {
        let end = value.start + self.masked[value.clone()].iter().position(|&b| b == ACTION)?;
        let prefix = &self.fragment.text[value.start..end];
        let slash = prefix.rfind('/');
        let (name, unknown) =
            match prefix.rfind([':', '@']).filter(|&colon| slash.is_none_or(|s| s < colon)) {
                Some(colon) => (&prefix[..colon], Part::Tag),
                None => (&prefix[..slash?], Part::Repository),
            };
        // A lone host names no repository; what it stands for is the registry.
        let range = value.start..value.start + name.len();
        let reference = Reference::parse(name).ok()?;
        if unknown == Part::Repository && reference.registry().is_none() && is_host(name) {
            return None;
        }
        let mut found = Found::in_one_piece(self.fragment, range, Evidence::Literal).ok()?;
        found.unknown.push(unknown);
        Some(found)
    }

    /// The `name:` beside an `image:` line.
    fn container(&self, lines: &[Line], index: usize) -> Option<String> {
        let indent = lines[index].indent;
        let is_name =
            |line: &&Line| line.indent == indent && &self.fragment.text[line.key.clone()] == "name";
        let mut before = lines[..index].iter().rev();
        let mut found = None;
        if !lines[index].item {
            for line in before.by_ref().take_while(|line| line.indent >= indent) {
                found = found.or(Some(line).filter(is_name));
                if found.is_some() || line.item && line.indent == indent {
                    break;
                }
            }
        }
        let after = || {
            lines[index + 1..]
                .iter()
                .take_while(|line| line.indent >= indent && !(line.item && line.indent == indent))
                .find(is_name)
        };
        let name = found.or_else(after)?.value.clone();
        self.plain_text(name)
    }

    /// A value as text, its plain actions joined.
    fn plain_text(&self, value: Range<usize>) -> Option<String> {
        let mut text = String::new();
        let mut from = value.start;
        for action in self.actions.iter().filter(|a| value.contains(&a.span.start)) {
            text.push_str(&self.fragment.text[from..action.span.start]);
            match inline::action(self.fragment, action, &self.scopes, self.lookup) {
                Printed::Pieces(pieces) => {
                    pieces.iter().for_each(|piece| text.push_str(&piece.text))
                }
                Printed::Unknown => return None,
            }
            from = action.span.end;
        }
        text.push_str(self.fragment.text.get(from..value.end)?);
        (!text.is_empty()).then_some(text)
    }
}

/// A string of values that a template runs through `tpl`.
pub(crate) fn extract_string(
    fragment: &Fragment<'_>,
    word: KeyWord,
    place: &Place<'_>,
    out: &mut Extraction,
) {
    let lexed = go_template::lex(fragment.text);
    let mut templates = Templates::default();
    let mut reader = Reader::new(fragment, &lexed, place.role, &place.lookup);
    if word == KeyWord::Image && !fragment.text.trim().contains('\n') {
        let whole = 0..fragment.text.len();
        let site = Site { span: fragment.span(whole.clone()), kind: None, container: None };
        reader.dynamic(whole, site, "image", &mut templates, out);
    } else {
        reader.read(&mut templates, out);
    }
}

fn ends_with_v(before: &[u8]) -> bool {
    before.ends_with(b":v") || before.ends_with(b"\"v") || before.ends_with(b"'v") || before == b"v"
}

fn is_host(text: &str) -> bool {
    !text.contains('/') && (text.contains('.') || text.contains(':') || text == "localhost")
}
