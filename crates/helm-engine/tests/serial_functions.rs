//! `toYaml` and its siblings, against what real Helm printed.

#![allow(clippy::unwrap_used, clippy::panic)]

use helm_engine::functions::{Budget, lookup};
use helm_engine::value::{IntType, List, Map, Origin, Text, Value};

fn try_call(name: &str, value: Value) -> Result<Value, String> {
    let function = lookup(name).unwrap();
    let mut budget = Budget::new(1 << 20, 1 << 20);
    (function.call)(&mut budget, &[value]).map_err(|failure| failure.0)
}

fn call(name: &str, value: Value) -> String {
    match try_call(name, value).unwrap() {
        Value::Str(text) => text.as_str().into_owned(),
        other => panic!("{other:?}"),
    }
}

fn json(text: &str) -> Value {
    try_call("mustFromJson", Value::str(text)).unwrap()
}

fn map(key: &str, value: Value) -> Value {
    let map = Map::new();
    map.set(key, value);
    Value::Map(map)
}

/// A string as the value of `k`, and as an item.
fn as_value(text: &str) -> String {
    let printed = call("toYaml", map("k", Value::str(text)));
    printed.strip_prefix("k: ").unwrap().to_owned()
}

#[test]
fn strings_are_quoted_as_helm_quotes_them() {
    for (text, printed) in [
        ("a", "a"),
        ("", "\"\""),
        ("~", "\"~\""),
        ("y", "\"y\""),
        ("null", "\"null\""),
        ("<<", "<<"),
        ("=", "="),
        ("0777", "\"0777\""),
        ("0o17", "\"0o17\""),
        ("1_000", "\"1_000\""),
        (".5", "\".5\""),
        ("._5", "._5"),
        ("-.inf", "\"-.inf\""),
        ("2024-01-01", "\"2024-01-01\""),
        ("2024-13-01", "2024-13-01"),
        ("2024-02-30", "2024-02-30"),
        ("2024-01-01T00:00:00Z", "\"2024-01-01T00:00:00Z\""),
        ("1:30", "\"1:30\""),
        ("1:99", "1:99"),
        ("a: b", "'a: b'"),
        ("a:", "'a:'"),
        ("- a", "'- a'"),
        ("-a", "-a"),
        ("-", "'-'"),
        ("?a", "?a"),
        (":a", ":a"),
        ("a #b", "'a #b'"),
        ("a#b", "a#b"),
        ("#a", "'#a'"),
        ("---", "'---'"),
        ("it's", "it's"),
        ("a'b: c", "'a''b: c'"),
        ("\"q\"", "'\"q\"'"),
        ("a\tb", "\"a\\tb\""),
        ("a\r\nb", "\"a\\r\\nb\""),
        ("\0\u{1b}", "\"\\0\\e\""),
        ("\u{1F600}", "\"\\U0001F600\""),
        ("\u{feff}x", "\"\\uFEFF\\x78\""),
        ("x\u{feff}", "\"x\\uFEFF\""),
        ("a\u{85}b", "a b"),
        ("a \u{85}\u{85} b", "|-\n  a\n  b"),
        ("a\u{2028}b", "'a\u{2028}  b'"),
        ("a\u{2028} b: c", "\"a\\L b: c\""),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n", "|\n  a"),
        ("a\n\n", "|+\n  a\n"),
        ("\n", "|2+\n"),
        ("\n\na", "|2-\n\n\n  a"),
        (" a\nb", "|2-\n   a\n  b"),
        ("a \nb", "\"a \\nb\""),
        ("a\n b", "|-\n  a\n   b"),
    ] {
        assert_eq!(as_value(text), printed, "{text:?}");
    }
}

#[test]
fn long_lines_are_folded_at_a_blank() {
    let word = "a".repeat(90);
    assert_eq!(as_value(&format!("{word} b c")), format!("{word}\n  b c"));
    assert_eq!(as_value(&format!("{word}  b")), format!("{word}  b"));
    assert_eq!(as_value(&format!("{word} b: c")), format!("'{word}\n  b: c'"));
    assert_eq!(as_value(&format!("{word} \t")), format!("\"{word}\n  \\t\""));
}

#[test]
fn keys_are_quoted_and_set_apart() {
    let key = |key: &str| call("toYaml", map(key, Value::int(1)));
    assert_eq!(key(""), "\"\": 1");
    assert_eq!(key("a\nb"), "? |-\n  a\n  b\n: 1");
    assert_eq!(key("a\n\n"), "? |+\n  a\n\n: 1");
    assert_eq!(key("a\rb"), "? \"a\\rb\"\n: 1");
    let long = "é".repeat(129);
    assert_eq!(key(&long), format!("? {long}\n: 1"));
    assert_eq!(key(&"a".repeat(1022)).len(), 1022 + 6);
    assert_eq!(key(&"a".repeat(1023)), "");
    assert_eq!(key("a\u{85}b"), "");
}

#[test]
fn what_yaml_cannot_hold_prints_nothing_or_fails() {
    for text in ["a\u{7f}b", "a\u{80}b", "a\u{fffe}b"] {
        assert_eq!(call("toYaml", Value::str(text)), "");
        let failure = try_call("mustToYaml", Value::str(text)).unwrap_err();
        assert_eq!(failure, "yaml: control characters are not allowed");
    }
    assert_eq!(call("toYaml", Value::float(f64::NAN)), "");
    let failure = try_call("mustToYaml", Value::float(f64::INFINITY)).unwrap_err();
    assert_eq!(failure, "error marshaling into JSON: json: unsupported value: +Inf");
    let failure = try_call("toToml", Value::Nil).unwrap_err();
    assert_eq!(failure, "reflect: call of reflect.Value.Type on zero Value");
}

#[test]
fn layout_of_lists_and_maps() {
    let value = json(
        r#"{"b":[1,[2,[]],{"c":"x","d":[{}]}],"a10":null,"a9":true,"1":{"e":{"f":1e21}},"A":[]}"#,
    );
    assert_eq!(
        call("toYaml", value.clone()),
        "\"1\":\n  e:\n    f: 1e+21\nA: []\na9: true\na10: null\nb:\n- 1\n- - 2\n  - []\n- c: x\n  d:\n  - {}"
    );
    assert_eq!(
        call("toYamlPretty", value.clone()),
        "\"1\":\n  e:\n    f: 1e+21\nA: []\na9: true\na10: null\nb:\n  - 1\n  - - 2\n    - []\n  - c: x\n    d:\n      - {}"
    );
    assert_eq!(
        call("toPrettyJson", value.clone()),
        "{\n  \"1\": {\n    \"e\": {\n      \"f\": 1e+21\n    }\n  },\n  \"A\": [],\n  \"a10\": null,\n  \"a9\": true,\n  \"b\": [\n    1,\n    [\n      2,\n      []\n    ],\n    {\n      \"c\": \"x\",\n      \"d\": [\n        {}\n      ]\n    }\n  ]\n}"
    );
    let tables = json(
        r#"{"b":{"x":1,"y":{"z":"q\"\n"}},"a":"t","l":[{"m":1},{"m":2.0}],"n":[1,"a"],"o":null,"k k":{}}"#,
    );
    assert_eq!(
        call("toToml", tables),
        "a = \"t\"\nn = [1.0, \"a\"]\n\n[b]\n  x = 1.0\n  [b.y]\n    z = \"q\\\"\\n\"\n\n[\"k k\"]\n\n[[l]]\n  m = 1.0\n\n[[l]]\n  m = 2.0\n"
    );
}

#[test]
fn json_escapes() {
    let value = Value::str("<a>&\u{2028}\u{8}\u{1}\u{7f}\"\\/é\n");
    assert_eq!(
        call("toJson", value.clone()),
        "\"\\u003ca\\u003e\\u0026\\u2028\\b\\u0001\u{7f}\\\"\\\\/é\\n\""
    );
    assert!(call("toRawJson", value).starts_with("\"<a>&\\u2028"));
    assert_eq!(call("toJson", Value::Str(Text::new(&b"h\xc3\xa9\xc3"[..]))), "\"hé\\ufffd\"");
    assert_eq!(call("toYaml", Value::Str(Text::new(&b"h\xc3\xa9\xc3"[..]))), "hé\u{fffd}");
    assert_eq!(call("toYamlPretty", Value::Str(Text::new(&b"h\xc3"[..]))), "!!binary aMM=");
}

#[test]
fn integers_keep_their_digits() {
    let number = |number, kind| Value::Int(number, kind, Origin::None);
    assert_eq!(call("toYaml", number(i64::MIN, IntType::Int64)), "-9223372036854775808");
    assert_eq!(call("toJson", number(-1, IntType::Uint64)), "18446744073709551615");
    assert_eq!(call("toYaml", json("20000000")), "20000000");
    assert_eq!(call("toYamlPretty", json("20000000")), "2e+07");
    assert_eq!(call("toYaml", json("-0")), "0");
}

#[test]
fn reading_gives_helm_s_values_and_messages() {
    let wrapped = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}";
    let unresolved = format!(r#"{{"Error":"{wrapped}"}}"#);
    for (name, text, printed) in [
        ("fromYaml", "", "{}"),
        ("fromYaml", "a: 1\na: 2", r#"{"a":2}"#),
        ("fromYaml", "a: |\n  x", r#"{"a":"x"}"#),
        ("fromYaml", "a: |\n", r#"{"a":""}"#),
        ("fromYaml", "a: |+\n\n\n", r#"{"a":"\n\n"}"#),
        ("fromYaml", "---\na: 1\n---\nb: [", r#"{"a":1}"#),
        ("fromYaml", "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", r#"{"a":{"b":1},"c":{"b":1,"d":2}}"#),
        ("fromYaml", "a: .inf\na: 1", r#"{"a":1}"#),
        ("fromYaml", "a: !foo 1\nb: !!int \"1\"\nc: !!binary aGk=", r#"{"a":"1","b":1,"c":"hi"}"#),
        ("fromYaml", "1.10: x\ny: z\n0x1F: a", r#"{"1.1":"x","31":"a","true":"z"}"#),
        ("fromYaml", "- a", &unresolved),
        (
            "fromYaml",
            "a: *x",
            r#"{"Error":"error converting YAML to JSON: yaml: unknown anchor 'x' referenced"}"#,
        ),
        (
            "fromYaml",
            "a: \"\\/\"",
            r#"{"Error":"error converting YAML to JSON: yaml: found unknown escape character"}"#,
        ),
        ("fromYamlArray", "- 1\n- a", r#"[1,"a"]"#),
        ("fromJson", r#"{"a":"\u00e9\ud83d\ude00\/"}"#, "{\"a\":\"é\u{1F600}/\"}"),
        (
            "fromJson",
            r#"{"a":1,}"#,
            r#"{"Error":"invalid character '}' looking for beginning of object key string"}"#,
        ),
        ("fromJson", "{", r#"{"Error":"unexpected end of JSON input"}"#),
        ("fromJson", "tru", r#"{"Error":"invalid character ' ' in literal true (expecting 'e')"}"#),
        ("fromJson", "é", r#"{"Error":"invalid character 'Ã' looking for beginning of value"}"#),
        (
            "fromJsonArray",
            "{}",
            r#"["json: cannot unmarshal object into Go value of type []interface {}"]"#,
        ),
        (
            "fromToml",
            "a.b = 1\n[t]\nx = [1, \"a\"]\ny = {z = 1.5}\n[[l]]\nc = '''q'''\n[[l]]\n",
            r#"{"a":{"b":1},"l":[{"c":"q"},{}],"t":{"x":[1,"a"],"y":{"z":1.5}}}"#,
        ),
    ] {
        let value = try_call(name, Value::str(text)).unwrap();
        assert_eq!(call("toJson", value), printed, "{name} {text:?}");
    }
    assert_eq!(
        try_call("mustFromJson", Value::str("[1")).unwrap_err(),
        "unexpected end of JSON input"
    );
}

#[test]
fn hostile_values_end_in_an_error_that_names_the_limit() {
    let cycle = Map::new();
    cycle.set("self", Value::Map(cycle.clone()));
    assert_eq!(call("toYaml", Value::Map(cycle.clone())), "");
    let failure = try_call("mustToJson", Value::Map(cycle.clone())).unwrap_err();
    assert!(failure.contains("encountered a cycle"), "{failure}");
    cycle.remove("self");

    let deep = (0..300).fold(Value::Nil, |inner, _| Value::List(List::new(vec![inner])));
    for name in ["toYaml", "toYamlPretty", "toJson"] {
        assert!(try_call(name, deep.clone()).unwrap_err().contains("256 levels"));
    }
    // The same list twice in a list, many times over.
    let wide = (0..40)
        .fold(Value::str("x"), |inner, _| Value::List(List::new(vec![inner.clone(), inner])));
    assert!(try_call("toYaml", wide.clone()).unwrap_err().contains("limit"));
    assert!(try_call("toJson", wide).unwrap_err().contains("limit"));

    for (name, text) in [
        ("fromJson", "[".repeat(100_000)),
        ("fromJson", "{\"a\":".repeat(100_000)),
        ("fromToml", format!("a = {}", "[".repeat(100_000))),
        ("fromToml", vec!["a"; 100_000].join(".")),
    ] {
        assert!(try_call(name, Value::Str(text.into())).unwrap_err().contains("256 levels"));
    }
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for n in 1..10 {
        let items = vec![format!("*a{}", n - 1); 10].join(",");
        bomb.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    let value = try_call("fromYaml", Value::Str(bomb.into())).unwrap();
    assert!(call("toJson", value).contains("document contains excessive aliasing"));
}
