//! Nothing that templates can pass makes a function panic or grow without a bound.

use crate::functions::{Budget, FAMILIES, Failure, Param, lookup};
use crate::value::{List, Map, Text, Value};
use proptest::prelude::*;
use std::collections::HashSet;

fn call(name: &str, arguments: &[Value]) -> Result<Value, Failure> {
    (lookup(name).unwrap().call)(&mut Budget::new(1 << 20, 1 << 16), arguments)
}

#[test]
fn no_name_stands_twice() {
    let mut names = HashSet::new();
    for function in FAMILIES.iter().flat_map(|family| *family) {
        assert!(names.insert(function.name), "{}", function.name);
    }
}

#[test]
fn what_would_be_too_long_is_refused_before_it_is_made() {
    let long = i64::MAX / 2;
    for (name, arguments) in [
        ("repeat", vec![Value::int(long), Value::str("a")]),
        ("indent", vec![Value::int(long), Value::str("a")]),
        ("nindent", vec![Value::int(1 << 40), Value::str("a\nb")]),
        ("randAlphaNum", vec![Value::int(long)]),
        ("randBytes", vec![Value::int(long)]),
        (
            "replace",
            vec![Value::str(""), Value::str("x".repeat(2000)), Value::str("y".repeat(2000))],
        ),
        (
            "regexReplaceAll",
            vec![Value::str(""), Value::str("y".repeat(2000)), Value::str("x".repeat(2000))],
        ),
        ("splitList", vec![Value::str(""), Value::str("y".repeat(1 << 17))]),
        ("regexFindAll", vec![Value::str(""), Value::str("y".repeat(1 << 17)), Value::int(-1)]),
    ] {
        let Err(Failure(message)) = call(name, &arguments) else { panic!("{name}") };
        assert!(message.contains("limit"), "{name}: {message}");
    }
}

#[test]
fn large_expressions_are_refused() {
    for pattern in [
        "(((\\pL{10}){10}){10}){1}".to_owned(),
        "(?:a{1000}b{1000}){1}".repeat(200),
        "(".repeat(100_000),
        format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)),
        "a|".repeat(100_000),
        format!("{}*", "(?i)*".repeat(1_000)),
        "[\\pL\\pN\\p{Greek}]".repeat(5_000),
    ] {
        let found = call("regexMatch", &[Value::str(pattern), Value::str("a")]);
        assert!(!found.is_ok_and(|value| value.is_true()));
    }
}

fn argument(param: Param) -> BoxedStrategy<Value> {
    let texts = prop_oneof![
        "\\PC{0,12}".prop_map(Text::from),
        "[a-z0-9./:@%#?=\\[\\]{}()*+|\\\\$^<>~ ,x-]{0,16}".prop_map(Text::from),
        "[0-9TZ:. +-]{0,12}|2006-01-02|[0-9hms.-]{0,8}".prop_map(Text::from),
        prop::collection::vec(any::<u8>(), 0..10).prop_map(Text::new),
    ];
    let ints = prop_oneof![-12_i64..40, any::<i64>(), Just(i64::MIN), Just(i64::MAX)];
    let texts = texts.prop_map(Value::Str).boxed();
    let items = prop::collection::vec(texts.clone(), 0..4);
    match param {
        Param::String => texts,
        Param::Int => ints.prop_map(Value::int).boxed(),
        Param::List => items.prop_map(|items| Value::List(List::new(items))).boxed(),
        Param::Map => {
            let keys = ["scheme", "host", "path", "query", "opaque", "fragment", "userinfo"];
            prop::collection::vec((prop::sample::select(keys.to_vec()), texts), 0..6)
                .prop_map(|entries| {
                    let map = Map::new();
                    for (key, value) in entries {
                        map.set(key, value);
                    }
                    Value::Map(map)
                })
                .boxed()
        }
        _ => prop_oneof![
            Just(Value::Nil),
            any::<bool>().prop_map(Value::bool),
            any::<f64>().prop_map(Value::float),
            any::<i64>().prop_map(Value::int64),
            ints.prop_map(Value::int),
            items.prop_map(|items| Value::List(List::new(items))),
            texts,
            any::<i64>().prop_map(|unix| {
                let time = Value::str("2006-01-02");
                let date = call("toDate", &[time.clone(), time]).unwrap();
                let by = Value::str(format!("{unix}ns"));
                call("dateModify", &[by, date]).unwrap()
            }),
        ]
        .boxed(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_argument_makes_a_function_panic(
        calls in FAMILIES
            .iter()
            .flat_map(|family| *family)
            .map(|function| {
                let params = function.params.iter().chain(function.rest.iter());
                params.map(|param| argument(*param)).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    ) {
        let functions = FAMILIES.iter().flat_map(|family| *family);
        for (function, arguments) in functions.zip(calls) {
            let _ = call(function.name, &arguments);
        }
    }
}
