//! Spans are true: what a span covers is what its node says.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use yaml_span::{Kind, NodeId, Scalar, Style, Tree, parse};

/// Every scalar of a tree with its span.
fn scalars<'a>(tree: &'a Tree<'_>) -> Vec<(std::ops::Range<usize>, &'a Scalar<'a>)> {
    let mut found = Vec::new();
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    while let Some(id) = open.pop() {
        let node = tree.node(id);
        match &node.kind {
            Kind::Scalar(scalar) => found.push((node.span.clone(), scalar)),
            Kind::Mapping(entries) => open.extend(entries.iter().flat_map(|e| [e.key, e.value])),
            Kind::Sequence(items) => open.extend(items),
            Kind::Alias(_) => {}
        }
    }
    found
}

/// What must hold of every scalar of every text.
fn check(text: &str) {
    let tree = parse(text).unwrap_or_else(|e| panic!("{e} at {} in {text:?}", e.offset));
    for (span, scalar) in scalars(&tree) {
        let spelled = &text[span.clone()];
        match scalar.style {
            Style::Plain if !scalar.value.contains([' ', '\n']) => {
                assert_eq!(spelled, scalar.value, "{text:?}")
            }
            Style::Plain => {}
            Style::SingleQuoted => {
                assert!(spelled.starts_with('\'') && spelled.ends_with('\''), "{spelled:?}")
            }
            Style::DoubleQuoted => {
                assert!(spelled.starts_with('"') && spelled.ends_with('"'), "{spelled:?}")
            }
            Style::Literal => assert!(spelled.starts_with('|'), "{spelled:?} in {text:?}"),
            Style::Folded => assert!(spelled.starts_with('>'), "{spelled:?} in {text:?}"),
        }
        // Each letter and digit that is copied stands where `source` says.
        for (at, c) in scalar.value.char_indices() {
            let source = scalar.source(at..at + c.len_utf8());
            // The last line feed of a block is spelled by the break behind it.
            assert!(
                span.start <= source.start && (source.end <= span.end || c == '\n'),
                "{text:?}"
            );
            let there = &text[source.clone()];
            if c.is_ascii_alphanumeric() && !there.starts_with('\\') {
                assert_eq!(there, c.to_string(), "{:?} at {at} of {text:?}", scalar.value);
            }
        }
    }
}

#[test]
fn every_style() {
    for text in [
        "a: b\n",
        "a: 'it''s'\n",
        "a: \"x\\ty\\u00e9\\\n   z\"\n",
        "a: |\n  one\n  two\n",
        "a: |-\n  one\n\n    deeper\n",
        "a: |2\n   leading\n",
        "a: >\n  fol\n  ded\n\n  para\n    more\n  less\n",
        "a: >-\n\n\n  x\n",
        "- |+\n  keep\n\n- b\n",
        "a: plain\n  goes on\n\n  here\nb: 1\n",
        "a: 'single\n  goes on'\nb: \"double\n\n  goes on\"\n",
        "{a: b, 'c': [d, \"e\"], f: {g: h}}\n",
        "a: &x b\nc: *x\nd: !!str 1\n",
        "? k\n: v\n? |\n  block key\n: w\n",
        "a:\nb:\n- \n- c\n",
        "--- # c\na: 1\n...\n---\nb: |\n  x\n",
        "é: ü # ä\nß: [ö, 'ÿ']\n日本: |\n  語\n  x\n",
        "a: | # comment | with pipe\n  x\n",
        "a: !t |\n  x\n",
        "a: &b |\n  x\n",
    ] {
        check(text);
        check(&text.replace('\n', "\r\n"));
        check(&format!("\u{feff}{text}"));
        check(text.trim_end_matches('\n'));
    }
}

#[test]
fn a_block_that_ends_the_text_gains_nothing() {
    let tree = parse("a: |\n  x").unwrap();
    let value = tree.get(tree.documents()[0], "a").unwrap().value;
    assert_eq!(tree.str(value), Some("x"));
}

#[test]
fn the_last_duplicate_and_merges_count() {
    let tree = parse("d: &d {x: 1, y: 2}\na: 1\na: 2\nm:\n  x: 0\n  <<: *d\n").unwrap();
    let root = tree.documents()[0];
    let text = |map, key| tree.get(map, key).and_then(|e| tree.str(e.value));
    assert_eq!(text(root, "a"), Some("2"));
    let map = tree.get(root, "m").unwrap().value;
    assert_eq!(text(map, "y"), Some("2"));
    assert_eq!(text(map, "x"), Some("1"), "a later `<<` overrides an earlier key");
}

#[test]
fn brackets_may_close_at_the_parents_indentation() {
    for text in [
        "a:\n  b: [\n    x,\n    'y'\n  ]\n  c: é\n",
        "a:\n  b: {\n  k: v\n  }\nc: d\n",
        "a:\n  b: [\n  [\n  x\n  ],\n  ]\n",
    ] {
        check(text);
    }
}

#[test]
fn errors_say_where() {
    let error = parse("a: 'x\nb: 1\n").unwrap_err();
    assert!(!error.message.is_empty());
    let error = parse("a: *x").unwrap_err();
    assert_eq!(error.offset, 3);
    let error = parse("a: \0").unwrap_err();
    assert_eq!(error.offset, 3);
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    for text in
        ["[".repeat(100_000), "- ".repeat(100_000), "{a: ".repeat(100_000), "? ".repeat(100_000)]
    {
        assert!(parse(&text).is_err());
    }
    let deep: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(parse(&deep).is_err());
}

#[test]
fn an_alias_bomb_stays_small() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let tree = parse(&text).unwrap();
    assert_eq!(tree.entries(tree.documents()[0]).len(), 40);
}

fn scalar_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zé][a-z0-9é./-]{0,12}",
        "'[a-zé ]{0,8}(''[a-z]{1,3})?'",
        "\"[a-zé ]{0,8}(\\\\n|\\\\\"|\\\\u00e9)?[a-z]{0,4}\"",
    ]
}

fn document() -> impl Strategy<Value = String> {
    let line = (0usize..3, "[a-zé]{1,6}", scalar_text(), prop::bool::ANY, 0usize..4);
    (prop::collection::vec(line, 1..12), prop::bool::ANY, prop::bool::ANY).prop_map(|(lines, crlf, bom)| {
        let mut text = String::new();
        for (index, (depth, key, value, comment, form)) in lines.into_iter().enumerate() {
            let indent = "  ".repeat(depth);
            let note = if comment { " # ünd: 'so'" } else { "" };
            text += &match form {
                0 => format!("k{index}{key}:{note}\n{indent}  - {value}{note}\n{indent}  - {{a: {value}}}\n"),
                1 => format!("k{index}{key}: |{note}\n{indent}  {key}: {key}\n\n{indent}    {key}\n"),
                2 => format!("k{index}{key}: >-{note}\n{indent}  {key}\n{indent}  {key}\n"),
                _ => format!("k{index}{key}: {value}{note}\n"),
            };
        }
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        if bom { format!("\u{feff}{text}") } else { text }
    })
}

proptest! {
    #[test]
    fn spans_of_documents_are_true(text in document()) {
        check(&text);
    }

    #[test]
    fn no_text_panics(text in "[ \\-a:\\[\\]{},'\"|>&*!#%?\\n\\r\\té\\\\]{0,40}") {
        if parse(&text).is_ok() {
            let tree = parse(&text).unwrap();
            for (_, scalar) in scalars(&tree) {
                let _ = scalar.source(0..scalar.value.len());
            }
        }
    }
}
