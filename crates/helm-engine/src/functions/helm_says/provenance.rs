//! Where the bytes of what functions give come from.

use crate::functions::{Budget, lookup};
use crate::source::{FileId, Span};
use crate::value::{List, Origin, Text, Value};
use std::slice;

const FILE: &str = "registry: ghcr.io # repository: dexidp/dex, tag: V2.42.0\nnote: a\"b\n";

/// A piece of the file, as a value that was read from it.
fn read(text: &str) -> Value {
    let start = FILE.find(text).unwrap();
    Value::Str(Text::with_origin(text, Origin::copied(FileId(0), start)))
}

fn call(name: &str, arguments: &[Value]) -> Value {
    (lookup(name).unwrap().call)(&mut Budget::new(1 << 20, 1 << 20), arguments).unwrap()
}

fn text(name: &str, arguments: &[Value]) -> Text {
    match call(name, arguments) {
        Value::Str(text) => text,
        other => panic!("{other:?}"),
    }
}

/// Asserts that all copied bytes are the file's, and gives these, `_` for the others.
fn copied(text: &Text) -> String {
    let mut out = String::new();
    for (range, origin) in text.runs() {
        match origin {
            Origin::Copied { start, .. } => {
                let start = start as usize;
                let source = &FILE[start..start + range.len()];
                assert_eq!(source.as_bytes(), &text.bytes()[range]);
                out += source;
            }
            _ => out += &"_".repeat(range.len()),
        }
    }
    assert_eq!(out.len(), text.len());
    out
}

fn given(text: &str) -> Value {
    Value::str(text)
}

fn int(number: i64) -> Value {
    Value::int(number)
}

#[track_caller]
fn keeps(name: &str, arguments: &[Value], printed: &str, source: &str) {
    let text = text(name, arguments);
    assert_eq!(text.as_str(), printed);
    assert_eq!(copied(&text), source);
}

#[test]
fn parts_are_copies() {
    let image = read("dexidp/dex");
    keeps("trunc", &[int(6), image.clone()], "dexidp", "dexidp");
    keeps("trunc", &[int(-3), image.clone()], "dex", "dex");
    keeps("substr", &[int(7), int(-1), image.clone()], "dex", "dex");
    keeps("trimPrefix", &[given("dexidp/"), image.clone()], "dex", "dex");
    keeps("trimSuffix", &[given("/dex"), image.clone()], "dexidp", "dexidp");
    keeps("trimAll", &[given("dex"), image.clone()], "idp/", "idp/");
    keeps("trim", &[read(" ghcr.io ")], "ghcr.io", "ghcr.io");
    keeps("base", slice::from_ref(&image), "dex", "dex");
    keeps("dir", slice::from_ref(&image), "dexidp", "dexidp");
    keeps("clean", slice::from_ref(&image), "dexidp/dex", "dexidp/dex");
    keeps("ext", &[read("ghcr.io")], ".io", ".io");
    keeps("regexFind", &[given("[a-z]+$"), image.clone()], "dex", "dex");
    keeps("abbrev", &[int(7), image.clone()], "dexi...", "dexi___");
    keeps("initials", &[read("ghcr.io # repository")], "g#r", "g#r");
    keeps("nospace", &[read("ghcr.io #")], "ghcr.io#", "ghcr.io#");
    keeps("plural", &[image, given("x"), int(1)], "dexidp/dex", "dexidp/dex");
}

#[test]
fn what_surrounds_text_leaves_it_a_copy() {
    let image = read("dexidp/dex");
    let lines = read("V2.42.0\nnote: a\"b");
    keeps("indent", &[int(2), lines.clone()], "  V2.42.0\n  note: a\"b", "__V2.42.0\n__note: a\"b");
    keeps("nindent", &[int(1), image.clone()], "\n dexidp/dex", "__dexidp/dex");
    keeps("quote", slice::from_ref(&image), "\"dexidp/dex\"", "_dexidp/dex_");
    keeps("quote", &[read("a\"b")], "\"a\\\"b\"", "_a__b_");
    keeps("squote", slice::from_ref(&image), "'dexidp/dex'", "_dexidp/dex_");
    keeps("cat", &[read("ghcr.io"), image.clone()], "ghcr.io dexidp/dex", "ghcr.io_dexidp/dex");
    keeps("repeat", &[int(2), read("dex")], "dexdex", "dexdex");
    keeps(
        "wrap",
        &[int(9), read("ghcr.io # repository")],
        "ghcr.io #\nrepository",
        "ghcr.io #_repository",
    );
    let parts = Value::List(List::new(vec![read("ghcr.io"), image]));
    keeps("join", &[given("/"), parts], "ghcr.io/dexidp/dex", "ghcr.io_dexidp/dex");
}

#[test]
fn replaced_text_is_what_replaces_it() {
    let image = read("dexidp/dex");
    keeps(
        "replace",
        &[given("dexidp"), read("ghcr.io"), image.clone()],
        "ghcr.io/dex",
        "ghcr.io/dex",
    );
    keeps("replace", &[given("/"), given("-"), image.clone()], "dexidp-dex", "dexidp_dex");
    let swapped = [given("(.*)/(.*)"), image.clone(), given("$2@${1}")];
    keeps("regexReplaceAll", &swapped, "dex@dexidp", "dex_dexidp");
    let literal = [given("/"), image, given("$1")];
    keeps("regexReplaceAllLiteral", &literal, "dexidp$1dex", "dexidp__dex");
}

#[test]
fn letters_that_stay_are_copies_and_others_know_theirs() {
    keeps("lower", &[read("V2.42.0")], "v2.42.0", "_2.42.0");
    keeps("upper", &[read("2.42.0")], "2.42.0", "2.42.0");
    keeps("title", &[read("dexidp/dex")], "Dexidp/Dex", "_exidp/_ex");
    keeps("untitle", &[read("V2")], "v2", "_2");
    keeps("kebabcase", &[read("dexidp/dex")], "dexidp/dex", "dexidp/dex");
    keeps("snakecase", &[read("V2.42.0")], "v2.42.0", "_2.42.0");
    let lower = text("lower", &[read("V2.42.0")]);
    let start = FILE.find('V').unwrap();
    assert_eq!(lower.spans(0..1), [Span::new(FileId(0), start..start + 1)]);
}

#[test]
fn items_are_copies() {
    for (name, arguments) in [
        ("splitList", vec![given("/"), read("dexidp/dex")]),
        ("regexSplit", vec![given("/"), read("dexidp/dex"), int(-1)]),
        ("regexFindAll", vec![given("[a-z]+"), read("dexidp/dex"), int(-1)]),
        ("sortAlpha", vec![call("splitList", &[given("/"), read("dexidp/dex")])]),
    ] {
        let Value::List(list) = call(name, &arguments) else { panic!() };
        let items: Vec<String> = list
            .items
            .iter()
            .map(|item| match item {
                Value::Str(text) => copied(text),
                other => panic!("{other:?}"),
            })
            .collect();
        let mut wanted = vec!["dexidp", "dex"];
        if name == "sortAlpha" {
            wanted.reverse();
        }
        assert_eq!(items, wanted, "{name}");
    }
    for name in ["split", "splitn"] {
        let mut arguments = vec![given("/"), read("dexidp/dex")];
        if name == "splitn" {
            arguments.insert(1, int(2));
        }
        let Value::Map(map) = call(name, &arguments) else { panic!() };
        let Some(Value::Str(last)) = map.get("_1") else { panic!() };
        assert_eq!(copied(&last), "dex");
    }
}

#[test]
fn parts_of_urls_and_versions_are_copies() {
    let url = Value::Str(Text::concat([
        &Text::from("https://"),
        &match read("ghcr.io") {
            Value::Str(text) => text,
            _ => panic!(),
        },
    ]));
    let Value::Map(parts) = call("urlParse", &[url]) else { panic!() };
    let Some(Value::Str(host)) = parts.get("host") else { panic!() };
    assert_eq!(copied(&host), "ghcr.io");
    keeps("urlJoin", &[Value::Map(parts)], "https://ghcr.io", "________ghcr.io");
    let Value::Struct(version) = call("semver", &[read("2.42.0")]) else { panic!() };
    let Some(Value::Str(original)) = version.field("Original") else { panic!() };
    assert_eq!(copied(original), "2.42.0");
    let start = FILE.find("42").unwrap();
    let minor = version.field("Minor").unwrap();
    assert_eq!(minor.spans(), [Span::new(FileId(0), start..start + 2)]);
}

#[test]
fn what_is_computed_knows_all_that_it_is_computed_from() {
    let whole = |text: &str| {
        let start = FILE.find(text).unwrap();
        Span::new(FileId(0), start..start + text.len())
    };
    for name in ["sha256sum", "sha1sum", "b64enc", "b32enc", "adler32sum", "shuffle"] {
        let text = text(name, &[read("ghcr.io")]);
        assert_eq!(text.spans(0..text.len()), [whole("ghcr.io")], "{name}");
    }
    for name in ["contains", "hasPrefix", "regexMatch"] {
        let truth = call(name, &[read("ghcr.io"), read("dexidp/dex")]);
        assert_eq!(truth.spans(), [whole("ghcr.io"), whole("dexidp/dex")], "{name}");
    }
    let truth = call("semverCompare", &[given(">2"), read("2.42.0")]);
    assert_eq!(truth.spans(), [whole("2.42.0")]);
}
