//! Whether a body speaks of the item that it is run for, or a pipeline of variables.

use go_template::ast::{Branch, List, Node, Operand, OperandKind, Pipeline};

/// True when the body of a `range` may look at its item: by the dot, or by the
/// variable that holds it.
pub(super) fn its_item(branch: &Branch) -> bool {
    let name = branch.pipeline.variables.last().map(|variable| variable.name.as_str());
    // What is assigned to lives on behind the loop.
    branch.pipeline.assigns || in_list(&branch.body, name)
}

/// True when a pipeline speaks of one of these variables.
pub(super) fn any_of(pipeline: &Pipeline, names: &[&str]) -> bool {
    names.iter().any(|name| variable_in(pipeline, name))
}

fn variable_in(pipeline: &Pipeline, name: &str) -> bool {
    let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
    operands.any(|operand| variable_in_operand(operand, name))
}

fn variable_in_operand(operand: &Operand, name: &str) -> bool {
    match &operand.kind {
        OperandKind::Variable(variable, _) => variable == name,
        OperandKind::Pipeline(pipeline) => variable_in(pipeline, name),
        OperandKind::Chain(inner, _) => variable_in_operand(inner, name),
        _ => false,
    }
}

fn in_list(list: &List, name: Option<&str>) -> bool {
    list.nodes.iter().any(|node| match node {
        Node::Text(_) | Node::Break(_) | Node::Continue(_) => false,
        Node::Action(pipeline) => in_pipeline(pipeline, name),
        Node::Template(invocation) => {
            invocation.argument.as_ref().is_some_and(|argument| in_pipeline(argument, name))
        }
        Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
            in_pipeline(&branch.pipeline, name)
                || in_list(&branch.body, name)
                || branch.otherwise.as_ref().is_some_and(|list| in_list(list, name))
        }
    })
}

fn in_pipeline(pipeline: &Pipeline, name: Option<&str>) -> bool {
    let mut operands = pipeline.commands.iter().flat_map(|command| &command.operands);
    operands.any(|operand| in_operand(operand, name))
}

fn in_operand(operand: &Operand, name: Option<&str>) -> bool {
    match &operand.kind {
        OperandKind::Dot | OperandKind::Field(_) => true,
        OperandKind::Variable(variable, _) => name == Some(variable),
        OperandKind::Pipeline(pipeline) => in_pipeline(pipeline, name),
        OperandKind::Chain(inner, _) => in_operand(inner, name),
        OperandKind::Nil
        | OperandKind::Bool(_)
        | OperandKind::Number(_)
        | OperandKind::String(_)
        | OperandKind::Function(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::its_item;
    use go_template::ast::Node;

    fn of(text: &str) -> bool {
        let template = go_template::parse(text).expect("a template");
        match template.body.nodes.as_slice() {
            [Node::Range(branch)] => its_item(branch),
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
