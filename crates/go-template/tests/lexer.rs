//! The lexer against texts that are right, wrong and random.
#![allow(clippy::unwrap_used)]

mod invariants;

use go_template::{Segment, TokenKind, lex};
use proptest::prelude::*;
use std::ops::Range;

fn span(segment: &Segment) -> Range<usize> {
    match segment {
        Segment::Text(span) | Segment::Comment(span) => span.clone(),
        Segment::Action(action) => action.span.clone(),
    }
}

/// The words of the first action, without blanks.
fn words(text: &str) -> Vec<&str> {
    let lexed = lex(text);
    assert_eq!(lexed.errors, [], "{text}");
    let action = lexed.segments.iter().find_map(|s| match s {
        Segment::Action(action) => Some(action.clone()),
        _ => None,
    });
    let tokens = action.expect("an action").tokens;
    tokens.iter().filter(|t| t.kind != TokenKind::Space).map(|t| &text[t.span.clone()]).collect()
}

#[test]
fn tokens_of_every_kind() {
    assert_eq!(words("{{ if and .a.b $x }}"), ["if", "and", ".a", ".b", "$x"]);
    assert_eq!(words("{{- $k, $v := .m -}}"), ["$k", ",", "$v", ":=", ".m"]);
    assert_eq!(
        words("{{ printf \"%s\\\"\" `a\nb` 'x' | f }}"),
        ["printf", "\"%s\\\"\"", "`a\nb`", "'x'", "|", "f"]
    );
    assert_eq!(words("{{ 0x1F -1_000 1e+3 .5 1+2i }}"), ["0x1F", "-1_000", "1e+3", ".5", "1+2i"]);
    assert_eq!(words("{{ (index . 0).x }}"), ["(", "index", ".", "0", ")", ".x"]);
    assert_eq!(words("{{.x}}"), [".x"]);
    assert_eq!(words("{{ \"}}\" }}"), ["\"}}\""]);
    assert_eq!(words("{{\n  include \"a\"\n  .\n}}"), ["include", "\"a\"", "."]);
}

#[test]
fn a_dash_trims_only_beside_white_space() {
    let trims = |text: &str| match &lex(text).segments[0] {
        Segment::Action(action) => (action.trim_left, action.trim_right),
        other => panic!("{other:?}"),
    };
    assert_eq!(trims("{{- x -}}"), (true, true));
    assert_eq!(trims("{{-3}}"), (false, false));
}

#[test]
fn comments() {
    for text in ["{{/* a }} b */}}", "{{- /* a */ -}}", "{{- /*\n*/}}"] {
        let lexed = lex(text);
        assert_eq!(lexed.segments, [Segment::Comment(0..text.len())], "{text}");
        assert_eq!(lexed.errors, []);
    }
}

#[test]
fn what_is_not_closed_ends_with_its_line() {
    for text in ["a {{ x\nimage: b\n", "a {{ \"x }}\nimage: b\n", "a {{ 'x\nimage: b\n"] {
        let lexed = lex(text);
        assert!(!lexed.errors.is_empty(), "{text}");
        let last = lexed.segments.last().map(span).unwrap();
        assert_eq!(&text[last], "\nimage: b\n");
    }
}

#[test]
fn strings_know_their_bytes() {
    let text = r#"{{ "a\tgcr.io\u00e9x" }}"#;
    let lexed = lex(text);
    let Segment::Action(action) = &lexed.segments[0] else { panic!() };
    let literal = action.tokens.iter().find_map(|t| t.string()).unwrap();
    assert_eq!(literal.value, "a\tgcr.io\u{e9}x");
    assert_eq!(&text[literal.source(2..8)], "gcr.io");
    assert_eq!(&text[literal.source(1..2)], "\\t");
    assert_eq!(&text[literal.source(8..10)], "\\u00e9");
    assert_eq!(&text[literal.source(10..11)], "x");
    assert_eq!(&text[literal.source(0..11)], r"a\tgcr.io\u00e9x");
}

proptest! {
    #[test]
    fn segments_and_tokens_cover_every_byte(text in "[ {}\\-/*\"'`$.a|(\\n\\\\é0]{0,60}") {
        invariants::lexed(&text);
    }
}
