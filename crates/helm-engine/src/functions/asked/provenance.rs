//! Values keep their source bytes through our functions.

use super::{VALUES, ask, at, printed};
use crate::source::{FileId, Span};
use crate::value::{Origin, Text, Value};

/// The source bytes of each run of a text that has some.
fn sources(text: &Text) -> Vec<(String, Vec<&'static str>)> {
    let shown = |range: std::ops::Range<usize>| {
        (text.slice(range.clone()).as_str().into_owned(), spelled(text.spans(range)))
    };
    text.runs().map(|(range, _)| shown(range)).filter(|(_, sources)| !sources.is_empty()).collect()
}

fn spelled(spans: Vec<Span>) -> Vec<&'static str> {
    spans.into_iter().map(|span| &VALUES[span.range()]).collect()
}

/// Asserts that a text is printed and which of its runs come from where.
#[track_caller]
fn assert_sources(expression: &str, expected: &str, runs: &[(&str, &[&str])]) {
    let text = printed(expression).unwrap();
    assert_eq!(text.as_str(), expected, "{expression}");
    let runs: Vec<(String, Vec<&str>)> =
        runs.iter().map(|(run, sources)| ((*run).to_owned(), sources.to_vec())).collect();
    assert_eq!(sources(&text), runs, "{expression}");
}

const REPOSITORY: (&str, &[&str]) = ("dexidp/dex", &["dexidp/dex"]);
const TAG: (&str, &[&str]) = ("v2.42.0", &["v2.42.0"]);

#[test]
fn a_string_is_the_same_bytes_however_it_is_reached() {
    for expression in [
        ".Values.image.repository",
        "get .Values.image \"repository\"",
        "index .Values \"image\" \"repository\"",
        "dig \"image\" \"repository\" \"x\" (merge (dict) .Values)",
        "pluck \"repository\" .Values.image | first",
        "default \"x\" .Values.image.repository",
        "coalesce .Values.n .Values.image.repository",
        "ternary .Values.image.repository \"x\" true",
        "list 1 .Values.image.repository | last",
        "index (concat (list) (list .Values.image.repository)) 0",
        "$m := merge (dict \"image\" (dict \"tag\" \"1\")) .Values ; $m.image.repository",
        "$m := mergeOverwrite (dict \"image\" (dict \"repository\" \"1\")) .Values ; $m.image.repository",
        "$m := deepCopy .Values ; $m.image.repository",
        "$m := pick .Values \"image\" ; $m.image.repository",
        "$m := omit .Values \"a\" ; $m.image.repository",
        "$m := dict \"r\" .Values.image.repository ; $m.r",
        "$m := set (dict) \"r\" .Values.image.repository ; $m.r",
        "first (without (list \"a\" .Values.image.repository) \"a\")",
        "first (uniq (list .Values.image.repository \"dexidp/dex\"))",
        "first (compact (list \"\" .Values.image.repository))",
        "last (values (pick .Values.image \"repository\"))",
        "first (rest (reverse (append (prepend (list .Values.image.repository) 1) 2)))",
        "first (slice (initial (list 1 .Values.image.repository 2)) 1)",
        "first (last (chunk 1 (list 1 .Values.image.repository)))",
        "toString .Values.image.repository",
        "first (toStrings (list .Values.image.repository))",
        "print .Values.image.repository",
        "html .Values.image.repository",
        "js .Values.image.repository",
    ] {
        assert_sources(expression, "dexidp/dex", &[REPOSITORY]);
    }
}

#[test]
fn printf_keeps_arguments_and_numbers_apart() {
    assert_sources(
        "printf \"%s/%s:%v\" .Values.image.registry .Values.image.repository .Values.image.tag",
        "ghcr.io/dexidp/dex:v2.42.0",
        &[("ghcr.io", &["ghcr.io"]), REPOSITORY, TAG],
    );
    assert_sources("printf \"%-12s|\" .Values.image.tag", "v2.42.0     |", &[TAG]);
    assert_sources(
        "printf \"%.6s\" .Values.image.repository",
        "dexidp",
        &[("dexidp", &["dexidp"])],
    );
    assert_sources("printf \"%q\" .Values.image.tag", "\"v2.42.0\"", &[TAG]);
    assert_sources("printf \"%05.1f\" .Values.f", "001.5", &[("1.5", &["1.5"])]);
    assert_sources("printf \"%v\" .Values.big", "2e+07", &[("2e+07", &["20000000"])]);
    assert_sources("printf \"%d\" (int .Values.big)", "20000000", &[("20000000", &["20000000"])]);
    assert_sources("printf \"%t\" .Values.t", "true", &[("true", &["true"])]);
    assert_sources("printf \"%d\" .Values.s", "%!d(string=hello)", &[("hello", &["hello"])]);
    assert_sources(
        "print .Values.image.port .Values.f",
        "8080 1.5",
        &[("8080", &["8080"]), ("1.5", &["1.5"])],
    );
    assert_sources(
        "urlquery .Values.image.repository",
        "dexidp%2Fdex",
        &[("dexidp", &["dexidp"]), ("%2F", &["/"]), ("dex", &["dex"])],
    );
}

#[test]
fn a_printed_map_knows_its_keys_and_values() {
    assert_sources(
        "pick .Values.image \"tag\" \"port\"",
        "map[port:8080 tag:v2.42.0]",
        &[("port", &["port"]), ("8080", &["8080"]), ("tag", &["tag"]), TAG],
    );
    assert_sources("keys (pick .Values.image \"tag\")", "[tag]", &[("tag", &["tag"])]);
}

#[test]
fn a_merged_entry_brings_the_place_of_its_key() {
    let Value::Map(map) = ask("merge (dict \"tag\" \"\") .Values.image").unwrap() else { panic!() };
    let tag = Origin::copied(FileId(0), at("tag:"));
    assert_eq!(map.entry("tag").unwrap().key, tag);
    assert_eq!(map.entry("registry").unwrap().key, Origin::copied(FileId(0), at("registry:")));
}

#[test]
fn numbers_know_what_they_were_computed_from() {
    let spans = |expression: &str| spelled(ask(expression).unwrap().spans());
    assert_eq!(spans("add .Values.image.port 1"), ["8080"]);
    assert_eq!(spans("add .Values.image.port .Values.big"), ["8080", "20000000"]);
    assert_eq!(spans("mulf .Values.f 2"), ["1.5"]);
    assert_eq!(spans("round .Values.f 1"), ["1.5"]);
    assert_eq!(spans("max 5 .Values.big"), ["20000000"]);
    assert_eq!(spans("int64 .Values.image.port"), ["8080"]);
    assert_eq!(spans("atoi (toString .Values.image.port)"), ["8080"]);
    assert!(spans("add 1 2").is_empty());
}
