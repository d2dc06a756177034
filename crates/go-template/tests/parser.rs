//! The parser against what Go's own accepts and refuses.
#![allow(clippy::unwrap_used)]

use go_template::ast::{Node, OperandKind, Pipeline, Template};
use go_template::parse;

fn parsed(text: &str) -> Template {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The message and the bytes that it points at.
fn refused(text: &str) -> (String, &str) {
    let error = parse(text).expect_err(text);
    (error.message.to_string(), &text[error.span])
}

fn pipeline(text: &str) -> Pipeline {
    match parsed(text).body.nodes.swap_remove(0) {
        Node::Action(pipeline) => pipeline,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn what_go_accepts() {
    for text in [
        "",
        "}} { }",
        "{{.}}{{ . }}{{-\n.\n-}}",
        "{{ nil }}",
        "{{ f nil | g }}",
        "{{ x | }}",
        "{{ .a|f|g .b }}",
        "{{ f\n  .a\n  .b\n}}",
        "{{ ((f)) }}{{ (f .a).b.c }}{{ f.x }}",
        "{{ $x := 1 }}{{ $x }}{{ $x = 2 }}",
        "{{ $x:=1 }}{{$x:= 1}}",
        "{{ $x := $x }}",
        "{{ $y = 1 }}",
        "{{ ($x := 1) }}{{ $x }}",
        "{{ $.a.b }}{{ $ }}{{ f $ }}",
        "{{ if $x := .a }}{{ $x }}{{ else }}{{ $x }}{{ end }}",
        "{{ if .a }}{{ $y := 1 }}{{ else }}{{ $y }}{{ end }}",
        "{{ if .a }}{{ else if $x := .b }}{{ $x }}{{ else if .c }}{{ $x }}{{ else }}{{ end }}",
        "{{ with .a }}{{ else with .b }}{{ else }}{{ end }}",
        "{{ if(.a) }}{{ end }}{{ if.a }}{{ end }}",
        "{{ range $i, $v := .a }}{{ $i }}{{ $v }}{{ break }}{{ else }}{{ end }}",
        "{{ range $x, $ }}{{ end }}",
        "{{ range 3 }}{{ if . }}{{ continue }}{{ end }}{{ end }}",
        "{{ define \"a\" }}{{ end }}{{ define \"a\" }}x{{ end }}{{ define \"a\" }} \n{{ end }}",
        "{{ block \"a\" . }}{{ block `b` .x }}{{ end }}{{ end }}",
        "{{ template \"a\" }}{{ template `a` .x | f }}{{ template \"a\".x }}{{ template \"a\"(f) }}",
        "{{/**/}}{{- /* a */ -}}{{/* }} */}}",
        "{{ \"}}\" }}{{ `{{\n}}` }}{{ '}' }}",
        "{{ é_1 }}{{ .字 }}",
    ] {
        parsed(text);
    }
}

#[test]
fn what_go_refuses() {
    for (text, message, place) in [
        ("{{}}", "missing value for command", "}}"),
        ("{{ if }}{{ end }}", "missing value for if", "}}"),
        ("{{ range $x, }}{{ end }}", "missing value for range", "}}"),
        ("{{ ( ) }}", "missing value for parenthesized pipeline", ")"),
        ("{{ block \"a\" }}{{ end }}", "missing value for block clause", "}}"),
        ("{{ $x := }}", "missing value for command", "}}"),
        ("{{ | f }}", "unexpected \"|\" in command", "|"),
        ("{{ a || b }}", "unexpected \"|\" in command", "|"),
        ("{{ a, b }}", "unexpected \",\" in operand", ","),
        ("{{ f(1) }}", "unexpected \"(\" in operand", "("),
        ("{{ 1\"a\" }}", "unexpected \"\\\"a\\\"\" in operand", "\"a\""),
        ("{{ a if }}", "unexpected \"if\" in operand", "if"),
        ("{{ a := 1 }}", "unexpected \":=\" in operand", ":="),
        ("{{ end }}", "unexpected {{end}}", "{{ end }}"),
        ("{{ else }}", "unexpected {{else}}", "{{ else }}"),
        ("{{ if . }}{{ else }}{{ else }}{{ end }}", "expected end; found {{else}}", "{{ else }}"),
        ("{{ if . }}{{ else with . }}{{ end }}", "unexpected {{else with}}", "{{ else with . }}"),
        ("{{ range . }}{{ else if . }}{{ end }}", "unexpected {{else if}}", "{{ else if . }}"),
        ("{{ if . }}{{ else x }}{{ end }}", "unexpected \"x\" in else", "x"),
        ("{{ if . }}{{ end x }}", "unexpected \"x\" in end", "x"),
        ("a {{ if . }} b", "unexpected EOF; {{end}} of this if", "{{ if . }}"),
        (
            "{{ define \"a\" }}{{ range . }}",
            "unexpected EOF; {{end}} of this range",
            "{{ range . }}",
        ),
        ("{{ if . }}{{ define \"a\" }}{{ end }}{{ end }}", "unexpected {{define}}", "define"),
        ("{{ define a }}{{ end }}", "unexpected \"a\" in define clause", "a"),
        ("{{ define \"a\" . }}{{ end }}", "unexpected \".\" in define clause", "."),
        ("{{ define \"a\" }}{{ else }}{{ end }}", "unexpected {{else}} in define", "{{ else }}"),
        ("{{ template .a }}", "unexpected \".a\" in template clause", ".a"),
        (
            "{{ define \"a\" }}x{{ end }}{{ block \"a\" . }}y{{ end }}",
            "multiple definition of template \"a\"",
            "\"a\"",
        ),
        ("{{ break }}", "{{break}} outside {{range}}", "{{ break }}"),
        (
            "{{ range . }}{{ else }}{{ continue }}{{ end }}",
            "{{continue}} outside",
            "{{ continue }}",
        ),
        ("{{ range . }}{{ break 1 }}{{ end }}", "unexpected \"1\" in {{break}}", "1"),
        (
            "{{ range . }}{{ block \"a\" . }}{{ break }}{{ end }}{{ end }}",
            "{{break}} outside {{range}}",
            "{{ break }}",
        ),
        ("{{ $x }}", "undefined variable \"$x\"", "$x"),
        ("{{ if $x := 1 }}{{ end }}{{ $x }}", "undefined variable \"$x\"", "$x"),
        ("{{ $x := 1 }}{{ define \"a\" }}{{ $x }}{{ end }}", "undefined variable \"$x\"", "$x"),
        ("{{ $x, $y := . }}", "too many declarations in command", "$x,"),
        ("{{ range $x, $y, $z := . }}{{ end }}", "too many declarations in range", "$x, $y,"),
        ("{{ range $x, 1 }}{{ end }}", "range can only initialize variables", "1"),
        ("{{ f | 1 }}", "non executable command in pipeline stage 2", "1"),
        ("{{ f | g | \"a\" . }}", "non executable command in pipeline stage 3", "\"a\" ."),
        ("{{ 1.x }}", "this is no number of Go", "1.x"),
        ("{{ 1.5.a }}", "unexpected . after term \"1.5\"", "."),
        ("{{ nil.a }}", "unexpected . after term \"nil\"", "."),
        ("{{ ..a }}", "unexpected . after term \".\"", "."),
        ("{{ \"a\".b }}", "unexpected . after term", "."),
        ("{{ 089 }}", "integer overflow: \"089\"", "089"),
        ("{{ 0x }}", "illegal number syntax: \"0x\"", "0x"),
        ("{{ 18446744073709551616 }}", "integer overflow", "18446744073709551616"),
        ("{{ 1+i }}", "a complex number is written as 1+2i", "1+i"),
        ("{{ 1+2 }}", "this is no number of Go", "1+2"),
        ("{{ 'ab' }}", "malformed character constant", "'ab'"),
        ("{{ '' }}", "malformed character constant", "''"),
        ("{{ '\\\"' }}", "malformed character constant", "'\\\"'"),
        ("{{ \"\\'\" }}", "this is no escape of Go", "\\'"),
        ("{{ \"\\x+f\" }}", "this is no escape of Go", "\\x"),
        ("{{ \"\\400\" }}", "this is no escape of Go", "\\400"),
        ("{{ (f }}", "unclosed left paren", "}}"),
        ("{{ f) }}", "unexpected right paren", ")"),
        ("{{ .a\n", "the action is not closed", "{{ .a"),
        ("{{- if }", "the action is not closed", "{{- if }"),
        ("{{/* a }}", "the comment is not closed", "{{/* a }}"),
        ("{{/*/}}", "the comment is not closed", "{{/*/}}"),
        ("{{/* a */ b }}", "a comment ends its action", "*/"),
        ("{{ /* a */}}", "this character begins nothing", "/"),
        ("{{ $x=1 }}", "a blank was expected before", "="),
        ("{{ template\"a\" }}", "a blank was expected before", "\""),
        ("{{ .a[0] }}", "a blank was expected before", "["),
        ("{{ f\u{c}x }}", "a blank was expected before", "\u{c}"),
        ("{{ x² }}", "a blank was expected before", "²"),
    ] {
        let (found, found_place) = refused(text);
        assert!(found.starts_with(message), "{text}: {found}");
        assert_eq!(found_place, place, "{text}: {found}");
    }
}

#[test]
fn text_is_trimmed_as_go_trims_it() {
    for (text, left) in [
        (" a {{- . -}} b ", vec![" a", "b "]),
        (" a {{- /* c */ -}} b ", vec![" a", "b "]),
        (" a {{/* c */ -}} b ", vec![" a ", "b "]),
        (" a {{- /* c */}} b ", vec![" a", " b "]),
        ("{{ . -}} \t\r\n {{- . }}", vec![]),
        ("{{ . -}} \u{b}\u{a0} {{- . }}", vec!["\u{b}\u{a0}"]),
        ("a {{-3 }} b", vec!["a ", " b"]),
        ("{{ . -}}", vec![]),
    ] {
        let texts: Vec<&str> = (parsed(text).body.nodes.iter())
            .filter_map(|node| match node {
                Node::Text(span) => Some(span.of(text)),
                _ => None,
            })
            .collect();
        assert_eq!(texts, left, "{text}");
    }
}

#[test]
fn each_part_knows_its_bytes() {
    let text = "{{ $x := (f .a \"b\").c.d | g 'x' $.e }}";
    let tree = pipeline(text);
    let show = |span: &go_template::Span| span.of(text);
    assert_eq!(show(&tree.span), "$x := (f .a \"b\").c.d | g 'x' $.e");
    assert_eq!(show(&tree.variables[0].span), "$x");
    assert_eq!(show(&tree.commands[0].span), "(f .a \"b\").c.d");
    assert_eq!(show(&tree.commands[1].span), "g 'x' $.e");
    let chain = &tree.commands[0].operands[0];
    let OperandKind::Chain(inner) = &chain.kind else { panic!() };
    assert_eq!(show(&inner.span), "(f .a \"b\")");
    assert_eq!((chain.fields(text).path(), chain.fields(text).last()), (".c.d", Some("d")));
    let OperandKind::Pipeline(inner) = &inner.kind else { panic!() };
    assert_eq!(show(&inner.span), "f .a \"b\"");
    let variable = &tree.commands[1].operands[2];
    assert_eq!(variable.kind, OperandKind::Variable);
    assert_eq!((show(&variable.span), variable.name(text)), ("$.e", "$"));
    assert_eq!(variable.fields(text).collect::<Vec<_>>(), ["e"]);
    let functions = parsed(text).functions;
    assert_eq!(functions.iter().map(|span| span.of(text)).collect::<Vec<_>>(), ["f", "g"]);
    let function = &tree.commands[1].operands[0];
    assert_eq!((function.name(text), function.fields(text).count()), ("g", 0));
}

#[test]
fn blocks_know_their_bytes() {
    let text = "{{ if .a }}x{{ else if .b }}y{{ else }}z{{ end }}";
    let Node::If(outer) = &parsed(text).body.nodes[0] else { panic!() };
    assert_eq!((outer.span.range(), outer.head.of(text)), (0..text.len(), "{{ if .a }}"));
    let Node::If(inner) = &outer.otherwise.as_ref().unwrap().nodes[0] else { panic!() };
    assert_eq!(inner.head.of(text), "{{ else if .b }}");
    assert_eq!(inner.span.of(text), "{{ else if .b }}y{{ else }}z{{ end }}");

    let text = "{{ define \"a\" }}{{ block \"b\" .x }}y{{ end }}{{ end }}{{ define `c` }}{{ end }}";
    let template = parsed(text);
    assert_eq!(template.body.nodes, []);
    let found: Vec<(&str, &str)> =
        (template.definitions.iter()).map(|d| (d.name.value.as_str(), d.span.of(text))).collect();
    assert_eq!(found[0], ("a", "{{ define \"a\" }}{{ block \"b\" .x }}y{{ end }}{{ end }}"));
    assert_eq!(found[1], ("b", "{{ block \"b\" .x }}y{{ end }}"));
    assert_eq!(found[2], ("c", "{{ define `c` }}{{ end }}"));
    let Node::Template(used) = &template.definitions[0].body.nodes[0] else { panic!() };
    assert_eq!(used.span.of(text), "{{ block \"b\" .x }}");
    assert_eq!(used.argument.as_ref().unwrap().span.of(text), ".x");
}

#[test]
fn numbers_of_every_form() {
    let number = |text: &str| {
        let text = format!("{{{{ {text} }}}}");
        match &pipeline(&text).commands[0].operands[0].kind {
            OperandKind::Number(number) => **number,
            ref other => panic!("{text}: {other:?}"),
        }
    };
    for (text, int) in [
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("1_000", 1000),
        ("0777", 511),
        ("0o17", 15),
        ("0b1_01", 5),
        ("0x_1F", 31),
        ("-9223372036854775808", i64::MIN),
        ("1e3", 1000),
        ("0x1p4", 16),
        ("'a'", 97),
        ("'\\xff'", 255),
        ("'\\''", 39),
        ("'字'", 0x5b57),
        ("4+0i", 4),
    ] {
        assert_eq!(number(text).int, Some(int), "{text}");
        assert_eq!(number(text).float, Some(int as f64), "{text}");
    }
    for (text, float) in [
        ("1.5", 1.5),
        (".5", 0.5),
        ("-2.e-3", -0.002),
        ("1_0.2_5", 10.25),
        ("0x1.8p-1", 0.75),
        ("0x.8p1", 1.0),
        ("0x0.0000000000001p-1022", 5e-324),
        ("0x1.fffffffffffff7p0", 1.999_999_999_999_999_8),
        ("0x1.fffffffffffff8p0", 2.0),
        ("0x1p-2000", 0.0),
    ] {
        assert_eq!(number(text).float, Some(float), "{text}");
        assert!(number(text).looks_like_float, "{text}");
    }
    assert_eq!(number("18446744073709551615").uint, Some(u64::MAX));
    assert_eq!(number("18446744073709551615").int, None);
    assert_eq!(number("+7").uint, None);
    assert_eq!(number("1+2i").complex, Some((1.0, 2.0)));
    assert_eq!(number("1_0.5e+1-.5i").complex, Some((105.0, -0.5)));
    assert_eq!(number("3i").complex, Some((0.0, 3.0)));
    assert_eq!((number("3i").float, number("0i").float), (None, Some(0.0)));
    assert!(number("'a'").is_char && !number("97").is_char);
    assert!(!number("0xe").looks_like_float && number("-0xe").looks_like_float);
    for text in ["0x1p1024", "1e400", "0x1.8", "0b12", "1__0", "1_", "0_x1", "0b1+2i", "0x1+2i"] {
        assert!(parse(&format!("{{{{ {text} }}}}")).is_err(), "{text}");
    }
}

#[test]
fn nesting_ends_in_an_error() {
    let parentheses =
        |count: usize| format!("{{{{ {}.{} }}}}", "(".repeat(count), ")".repeat(count));
    let blocks = |count: usize| {
        [
            format!("{}{}", "{{ with . }}".repeat(count), "{{ end }}".repeat(count)),
            format!("{{{{ if . }}}}{}{{{{ end }}}}", "{{ else if . }}".repeat(count - 1)),
        ]
    };
    let run = move || {
        for text in blocks(400).into_iter().chain([parentheses(100)]) {
            assert_eq!(parsed(&text).clone(), parsed(&text));
        }
        for text in [401, 20_000].into_iter().flat_map(blocks) {
            assert_eq!(refused(&text).0, "blocks nest more than 400 levels deep");
        }
        for text in [101, 20_000].map(parentheses) {
            assert_eq!(refused(&text).0, "parentheses nest more than 100 levels deep");
        }
    };
    // Half of what a thread has by default.
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}
