//! What holds for every template, right or wrong.
#![allow(clippy::unwrap_used)]

mod invariants;

use invariants::parsed;
use proptest::prelude::*;

fn operand() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "\\.|\\.a|\\.a\\.b|\\$|\\$x|\\$\\.a|f|nil|true|'c'|\"a\\\\n\"|`r`",
        "[-+]?(0x|0b|0)?[0-9a-f_.]{1,4}(e|p|i)?[0-9]?",
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        (prop::collection::vec(inner, 1..3), "(\\.a)?")
            .prop_map(|(operands, fields)| format!("({}){fields}", operands.join(" ")))
    })
}

fn pipeline() -> impl Strategy<Value = String> {
    let command = prop::collection::vec(operand(), 1..3).prop_map(|operands| operands.join(" "));
    ("(\\$x :?= )?", prop::collection::vec(command, 1..3))
        .prop_map(|(variable, commands)| variable + &commands.join(" | f "))
}

fn template() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[ \n]{0,2}[a{}]{0,3}[ \n]{0,2}",
        pipeline().prop_map(|p| format!("{{{{- {p} -}}}}")),
        pipeline().prop_map(|p| format!("{{{{ template \"a\" {p} }}}}")),
        "\\{\\{(- )?/\\* c \\*/( -)?\\}\\}",
        "\\{\\{(break|continue)\\}\\}",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let opens = prop_oneof!["if", "with", "range", "range \\$x, \\$y :=", "block \"b\""];
        let body = prop::collection::vec(inner, 0..4).prop_map(|nodes| nodes.concat());
        (opens, pipeline(), body.clone(), "(\\{\\{ else( if \\.| with \\.)? \\}\\})?", body)
            .prop_map(|(opens, pipeline, body, other, rest)| {
                format!("{{{{ {opens} {pipeline} }}}}{body}{other}{rest}{{{{ end }}}}")
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text(text in any::<String>()) {
        parsed(&text);
        parsed(&format!("{{{{{text}}}}}"));
    }

    #[test]
    fn text_of_the_language(text in "([{]{2}|[}]{2}|-| |/\\*|\\*/|\n|x|\\.|\"|`|'|\\\\|\\(|\\)|\\$|1|end|if |é|\\||:=|,){0,24}") {
        parsed(&text);
    }

    #[test]
    fn templates(text in prop::collection::vec(template(), 1..4)) {
        parsed(&text.concat());
    }
}
