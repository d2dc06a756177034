//! Whether what a part of a template assigns to variables may end in an image.
//!
//! Variables live in one template, so its text tells where they go.

use super::mentions;
use super::relevance::{Relevance, follows_a_sign};
use super::signs::may_spell_an_image;
use super::unit::{Named, Templates};
use crate::value::Text;
use go_template::ast::{Branch, List, Node, Operand, OperandKind, Pipeline};

/// The ends of names of what stands behind the name of an image.
const VERSIONS: [&str; 4] = ["tag", "digest", "sha", "version"];

/// True of code that ends with the name of a tag or a digest.
pub(super) fn names_a_version(code: &str) -> bool {
    let name = code.trim_end_matches([')', ' ']).to_ascii_lowercase();
    VERSIONS.iter().any(|word| name.ends_with(word))
}

/// The template that variables live in.
struct Scope<'u> {
    body: &'u List,
    text: &'u Text,
    source: &'u str,
    /// What it prints is a part of an image, and not what has images in it.
    is_part: bool,
}

impl<'u> Scope<'u> {
    fn of(template: &'u Named) -> Self {
        Self {
            body: template.body(),
            text: &template.unit.text,
            source: &template.unit.source,
            is_part: template.is_definition()
                && !spells_an_image(template.body(), &template.unit.source),
        }
    }
}

impl Relevance {
    /// True when a variable that a list assigns to may end in an image.
    pub(super) fn of_assigned(
        &mut self,
        list: &List,
        template: &Named,
        templates: &Templates,
    ) -> bool {
        let mut names = Vec::new();
        assigned(list, &template.unit.source, &mut names);
        self.known_of(std::ptr::from_ref(list).cast(), names, template, templates)
    }

    /// True when a variable that a pipeline sets may end in an image.
    pub(super) fn of_variables(
        &mut self,
        pipeline: &Pipeline,
        template: &Named,
        templates: &Templates,
    ) -> bool {
        let source = &template.unit.source;
        let names = pipeline.variables.iter().map(|variable| variable.name(source)).collect();
        self.known_of(std::ptr::from_ref(pipeline).cast(), names, template, templates)
    }

    fn known_of(
        &mut self,
        node: *const (),
        names: Vec<&str>,
        template: &Named,
        templates: &Templates,
    ) -> bool {
        if let Some(&known) = self.assigned.get(&node) {
            return known;
        }
        let relevant = (!template.is_definition() || self.named(template.name(), templates))
            && self.of(template.body(), &template.unit.source, templates)
            && self.variables_end_in_an_image(names, template, templates);
        self.assigned.insert(node, relevant);
        relevant
    }

    /// Variables of one name go the same ways, wherever in their template they are set.
    fn variables_end_in_an_image(
        &mut self,
        names: Vec<&str>,
        template: &Named,
        templates: &Templates,
    ) -> bool {
        let key = (std::ptr::from_ref(template.body()), names.join(","));
        if let Some(&known) = self.variables.get(&key) {
            return known;
        }
        let relevant = self.ends_in_an_image(names, &Scope::of(template), templates);
        self.variables.insert(key, relevant);
        relevant
    }

    /// Follows variables, and those that are set from them, to where they are printed.
    fn ends_in_an_image<'u>(
        &mut self,
        mut names: Vec<&'u str>,
        scope: &Scope<'u>,
        templates: &Templates,
    ) -> bool {
        loop {
            let before = names.len();
            if self.prints_any(scope.body, &mut names, scope, templates) {
                return true;
            }
            if names.len() == before {
                return false;
            }
        }
    }

    fn prints_any<'u>(
        &mut self,
        list: &'u List,
        names: &mut Vec<&'u str>,
        scope: &Scope<'u>,
        templates: &Templates,
    ) -> bool {
        list.nodes.iter().any(|node| match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => false,
            Node::Action(pipeline) => {
                if !mentions::any_of(pipeline, scope.source, names) {
                    return false;
                }
                for variable in &pipeline.variables {
                    add(names, variable.name(scope.source));
                }
                pipeline.variables.is_empty()
                    && (scope.is_part
                        || follows_a_sign(scope.text, pipeline.span.start())
                        || self.pipeline(pipeline, scope.source, templates))
            }
            Node::Template(invocation) => {
                let argument = invocation.argument.as_ref();
                argument.is_some_and(|argument| mentions::any_of(argument, scope.source, names))
                    && self.named(&invocation.name.value, templates)
            }
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                self.decides_any(branch, names, scope, templates)
                    || self.prints_any(&branch.body, names, scope, templates)
                    || branch
                        .otherwise
                        .as_ref()
                        .is_some_and(|list| self.prints_any(list, names, scope, templates))
            }
        })
    }

    /// True when variables decide about what may print an image.
    fn decides_any<'u>(
        &mut self,
        branch: &'u Branch,
        names: &mut Vec<&'u str>,
        scope: &Scope<'u>,
        templates: &Templates,
    ) -> bool {
        if !mentions::any_of(&branch.pipeline, scope.source, names) {
            return false;
        }
        for variable in &branch.pipeline.variables {
            add(names, variable.name(scope.source));
        }
        [Some(&branch.body), branch.otherwise.as_ref()].into_iter().flatten().any(|list| {
            assigned(list, scope.source, names);
            scope.is_part || self.of(list, scope.source, templates)
        })
    }
}

/// True of a list whose own text is about images.
fn spells_an_image(list: &List, text: &str) -> bool {
    list.nodes.iter().any(|node| match node {
        Node::Text(span) => may_spell_an_image(span.of(text).as_bytes()),
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            spells_an_image(&branch.body, text)
                || branch.otherwise.as_ref().is_some_and(|list| spells_an_image(list, text))
        }
        Node::Action(_) | Node::Template(_) | Node::Break(_) | Node::Continue(_) => false,
    })
}

/// True when all that a list assigns are tags, digests and what stands before them: they
/// make no other image.
pub(super) fn only_versions(list: &List, text: &str) -> bool {
    list.nodes.iter().all(|node| match node {
        Node::Action(pipeline) if pipeline.assigns => {
            let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
            operands.all(|operand| is_version(operand, text))
        }
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            only_versions(&branch.body, text)
                && branch.otherwise.as_ref().is_none_or(|list| only_versions(list, text))
        }
        _ => true,
    })
}

fn is_version(operand: &Operand, text: &str) -> bool {
    match &operand.kind {
        OperandKind::Field | OperandKind::Variable => {
            operand.fields(text).last().is_some_and(names_a_version)
        }
        OperandKind::String(literal) => literal.value.len() <= 1,
        OperandKind::Function => {
            matches!(operand.name(text), "toString" | "quote" | "default")
        }
        OperandKind::Pipeline(pipeline) => {
            let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
            operands.all(|operand| is_version(operand, text))
        }
        _ => false,
    }
}

/// The variables that a list sets and that were there before it.
pub(super) fn assigned<'u>(list: &List, text: &'u str, names: &mut Vec<&'u str>) {
    for node in &list.nodes {
        match node {
            Node::Action(pipeline) if pipeline.assigns => {
                pipeline.variables.iter().for_each(|variable| add(names, variable.name(text)));
            }
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                assigned(&branch.body, text, names);
                branch.otherwise.iter().for_each(|list| assigned(list, text, names));
            }
            _ => {}
        }
    }
}

fn add<'u>(names: &mut Vec<&'u str>, name: &'u str) {
    if !names.contains(&name) {
        names.push(name);
    }
}
