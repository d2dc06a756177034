//! Values that would take all memory, all time or the whole stack.

use super::super::{Budget, Failure, lookup, print::print_value};
use super::ask;
use crate::value::{List, Map, Value};

const TOO_MUCH_TEXT: &str = "the templates make more text than the limit allows";
const TOO_DEEP: &str = "values nest deeper than the limit of 256 levels";

fn call(name: &str, args: &[Value]) -> Result<Value, Failure> {
    (lookup(name).unwrap().call)(&mut Budget::new(1 << 20, 1 << 16), args)
}

fn failure(result: Result<Value, Failure>) -> String {
    result.unwrap_err().0
}

#[test]
fn what_makes_too_much_is_refused_before_it_is_made() {
    for expression in [
        "until 1000000000",
        "until -9223372036854775808",
        "untilStep 0 9223372036854775807 1",
        "untilStep 9223372036854775800 9223372036854775807 2",
        "seq 1000000000",
        "seq -9223372036854775807 9223372036854775806",
        "printf \"%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d\" 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8",
        "printf \"%9999999s%9999999s\" \"\" \"\"",
        "printf \"%.9999999f%.9999999f\" 1.0 1.0",
    ] {
        let text = ask(expression).map_or_else(|failure| failure.0, |_| String::new());
        assert_eq!(text, TOO_MUCH_TEXT, "{expression}");
    }
    let text = failure(ask("chunk -9223372036854775808 (list)"));
    assert_eq!(text, "runtime error: makeslice: len out of range");
    assert_eq!(ask("round 1.5 9223372036854775807").map(|_| ()), Ok(()));
    assert_eq!(ask("round 1.5 -9223372036854775808").map(|_| ()), Ok(()));
}

/// A list that holds itself twice at each level: small to keep, huge to print.
fn doubled() -> Value {
    let mut value = Value::str("x");
    for _ in 0..60 {
        value = Value::List(List::new(vec![value.clone(), value]));
    }
    value
}

#[test]
fn what_is_shared_many_times_over_does_not_explode() {
    let (a, b) = (doubled(), doubled());
    assert_eq!(failure(call("print", std::slice::from_ref(&a))), TOO_MUCH_TEXT);
    assert_eq!(failure(call("toString", std::slice::from_ref(&a))), TOO_MUCH_TEXT);
    assert_eq!(failure(call("deepCopy", std::slice::from_ref(&a))), TOO_MUCH_TEXT);
    assert_eq!(
        failure(call("deepEqual", &[a, b])),
        "the templates take more steps than the limit allows"
    );
}

#[test]
fn a_map_within_itself_ends() {
    let map = || {
        let map = Map::new();
        map.set("self", Value::Map(map.clone()));
        Value::Map(map)
    };
    let (a, b) = (map(), map());
    assert_eq!(failure(call("print", std::slice::from_ref(&a))), TOO_DEEP);
    assert_eq!(failure(call("eq", &[a.clone(), b.clone()])), TOO_DEEP);
    assert_eq!(failure(call("deepEqual", &[a.clone(), b.clone()])), TOO_DEEP);
    assert_eq!(failure(call("deepCopy", std::slice::from_ref(&a))), TOO_DEEP);
    assert_eq!(failure(call("merge", &[a.clone(), b.clone()])), TOO_DEEP);
    assert_eq!(failure(call("mergeOverwrite", &[a.clone(), a])), TOO_DEEP);
    let Value::Map(b) = b else { panic!() };
    b.remove("self");
}

#[test]
fn what_nests_within_the_limit_is_walked() {
    let nested = || {
        (0..255).fold(Value::Nil, |inner, _| {
            let map = Map::new();
            map.set("a", inner);
            Value::Map(map)
        })
    };
    let budget = &mut Budget::new(1 << 20, 1 << 16);
    assert!(print_value(budget, &nested()).is_ok());
    for (name, args) in [
        ("deepEqual", vec![nested(), nested()]),
        ("deepCopy", vec![nested()]),
        ("merge", vec![nested(), nested()]),
    ] {
        assert!(call(name, &args).is_ok(), "{name}");
    }
}

#[test]
fn nothing_panics_on_arguments_of_other_types() {
    let values = [
        Value::Nil,
        Value::bool(true),
        Value::int(-1),
        Value::float(f64::NAN),
        Value::str(""),
        Value::List(List::nil()),
        Value::Map(Map::new()),
    ];
    for function in super::super::FAMILIES.iter().flat_map(|family| *family) {
        let budget = &mut Budget::new(1 << 16, 1 << 10);
        let _ = (function.call)(budget, &[]);
        for a in &values {
            let _ = (function.call)(budget, std::slice::from_ref(a));
            for b in &values {
                let _ = (function.call)(budget, &[a.clone(), b.clone()]);
                let _ = (function.call)(budget, &[a.clone(), b.clone(), a.clone()]);
            }
        }
    }
}
