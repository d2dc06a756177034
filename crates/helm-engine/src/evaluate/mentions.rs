//! Whether a body speaks of the item that it is run for, or a pipeline of variables.

use go_template::ast::{Branch, List, Node, Operand, OperandKind, Pipeline};

/// True when the body of a `range` may look at its item: by the dot, or by the
/// variable that holds it.
pub(super) fn its_item(branch: &Branch, text: &str) -> bool {
    let name = branch.pipeline.variables.last().map(|variable| variable.name(text));
    // What is assigned to lives on behind the loop.
    branch.pipeline.assigns || in_list(&branch.body, text, name)
}

/// True when a pipeline speaks of one of these variables.
pub(super) fn any_of(pipeline: &Pipeline, text: &str, names: &[&str]) -> bool {
    let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
    operands.any(|operand| any_of_in_operand(operand, text, names))
}

fn any_of_in_operand(operand: &Operand, text: &str, names: &[&str]) -> bool {
    match &operand.kind {
        OperandKind::Variable => names.contains(&operand.name(text)),
        OperandKind::Pipeline(pipeline) => any_of(pipeline, text, names),
        OperandKind::Chain(inner) => any_of_in_operand(inner, text, names),
        _ => false,
    }
}

fn in_list(list: &List, text: &str, name: Option<&str>) -> bool {
    list.nodes.iter().any(|node| match node {
        Node::Text(_) | Node::Break(_) | Node::Continue(_) => false,
        Node::Action(pipeline) => in_pipeline(pipeline, text, name),
        Node::Template(invocation) => {
            invocation.argument.as_ref().is_some_and(|argument| in_pipeline(argument, text, name))
        }
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            in_pipeline(&branch.pipeline, text, name)
                || in_list(&branch.body, text, name)
                || branch.otherwise.as_ref().is_some_and(|list| in_list(list, text, name))
        }
    })
}

fn in_pipeline(pipeline: &Pipeline, text: &str, name: Option<&str>) -> bool {
    let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
    operands.any(|operand| in_operand(operand, text, name))
}

fn in_operand(operand: &Operand, text: &str, name: Option<&str>) -> bool {
    match &operand.kind {
        OperandKind::Dot | OperandKind::Field => true,
        OperandKind::Variable => name == Some(operand.name(text)),
        OperandKind::Pipeline(pipeline) => in_pipeline(pipeline, text, name),
        OperandKind::Chain(inner) => in_operand(inner, text, name),
        OperandKind::Nil
        | OperandKind::Bool(_)
        | OperandKind::Number(_)
        | OperandKind::String(_)
        | OperandKind::Function => false,
    }
}

#[cfg(test)]
mod tests {
    use super::its_item;
    use go_template::ast::Node;

    fn of(text: &str) -> bool {
        let template = go_template::parse(text).expect("a template");
        match template.body.nodes.as_slice() {
            [Node::Range(branch)] => its_item(branch, text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_item_is_spoken_of_by_the_dot_or_by_its_variable() {
        assert!(!of("{{ range $path, $_ := .Files }}{{ $.Files.Get $path }}{{ end }}"));
        assert!(of(
            "{{ range $path, $it := .Files }}{{ if $path }}{{ len $it }}{{ end }}{{ end }}"
        ));
        assert!(of("{{ range $path, $_ := .Files }}{{ include \"x\" (dict \"a\" .) }}{{ end }}"));
        assert!(of("{{ range .Files }}{{ (index . 0).x }}{{ end }}"));
        assert!(of("{{ range .Files }}{{ .Name }}{{ end }}"));
        assert!(!of("{{ range .Files }}{{ template \"x\" $ }}{{ end }}"));
    }
}
