//! Spans are true: what a span covers is what its node says.
#![allow(clippy::unwrap_used)]

mod invariants;

use invariants::parsed;
use proptest::prelude::*;
use yaml_span::parse;

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
        parsed(text);
        parsed(&text.replace('\n', "\r\n"));
        parsed(&format!("\u{feff}{text}"));
        parsed(text.trim_end_matches('\n'));
    }
}

#[test]
fn what_spells_as_many_other_bytes_is_no_copy() {
    for (text, value, copied) in [
        ("b\nc", "b c", "bc"),
        ("'a\nb'", "a b", "ab"),
        ("\"a\\N\"", "a\u{85}", "a"),
        ("\"a\\_b\"", "a\u{a0}b", "ab"),
        (">-\n a\n b\n", "a b", "ab"),
    ] {
        parsed(text);
        let tree = parse(text).unwrap();
        let root = tree.documents()[0];
        let id = tree.get(root, "a").map_or(root, |entry| entry.value);
        let yaml_span::Kind::Scalar(scalar) = &tree.node(id).kind else { panic!("{text:?}") };
        let pieces = scalar.pieces().filter(|piece| piece.copied);
        let found: String = pieces.map(|piece| &scalar.value[piece.value]).collect();
        assert_eq!((&*scalar.value, &*found), (value, copied), "{text:?}");
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
        parsed(text);
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
        parsed(&text);
    }

    #[test]
    fn no_text_panics(text in "[ \\-a:\\[\\]{},'\"|>&*!#%?\\n\\r\\té\\\\]{0,40}") {
        let _ = parse(&text).map(|tree| invariants::holds(&tree));
    }
}
