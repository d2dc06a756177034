//! Expressions of `--set`; each expectation is what Helm made of it.

use helm_engine::functions::{Budget, lookup};
use helm_engine::source::FileId;
use helm_engine::value::{Map, Origin, Text, Value};
use helm_engine::values::set_values;

fn set(expression: &str, strings: bool) -> Result<String, String> {
    let values = Map::new();
    set_values(&Text::from(expression), strings, &values).map_err(|error| error.to_string())?;
    let Some(to_json) = lookup("toJson") else { panic!("there is no toJson") };
    match (to_json.call)(&mut Budget::new(1 << 20, 1 << 20), &[Value::Map(values)]) {
        Ok(Value::Str(text)) => Ok(text.as_str().into_owned()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_are_set_as_helm_sets_them() {
    for (expression, expected) in [
        ("a=1", r#"{"a":1}"#),
        ("a=0", r#"{"a":0}"#),
        ("a=007", r#"{"a":"007"}"#),
        ("a=true,b=FALSE,c=null", r#"{"a":true,"b":false,"c":null}"#),
        ("a=", r#"{"a":""}"#),
        ("a.b.c=x", r#"{"a":{"b":{"c":"x"}}}"#),
        ("a={x,y},b=1", r#"{"a":["x","y"],"b":1}"#),
        ("a={1,true,0}", r#"{"a":[1,true,0]}"#),
        ("a[0]=x", r#"{"a":["x"]}"#),
        ("a[2]=x", r#"{"a":[null,null,"x"]}"#),
        ("a[0].b=1,a[1].b=2", r#"{"a":[{"b":1},{"b":2}]}"#),
        ("a[0][1]=z", r#"{"a":[[null,"z"]]}"#),
        (r"a\.b=1", r#"{"a.b":1}"#),
        (r"a=x\,y", r#"{"a":"x,y"}"#),
        (r"a={x\,y}", r#"{"a":["x,y"]}"#),
        ("a.b=1,a.c=2", r#"{"a":{"b":1,"c":2}}"#),
        ("a=1=2", r#"{"a":"1=2"}"#),
        ("a=-5", r#"{"a":-5}"#),
        ("a=1.5", r#"{"a":"1.5"}"#),
        ("a={}", r#"{"a":[""]}"#),
        ("a=1,", r#"{"a":1}"#),
        ("é=ü", r#"{"é":"ü"}"#),
        ("a=1e3", r#"{"a":"1e3"}"#),
        ("a[0]", r#"{"a":[]}"#),
        ("=1", "{}"),
        ("a= 1", r#"{"a":" 1"}"#),
    ] {
        assert_eq!(set(expression, false).as_deref(), Ok(expected), "{expression}");
    }
    assert_eq!(set("a=1,b={true}", true).as_deref(), Ok(r#"{"a":"1","b":["true"]}"#));
}

#[test]
fn what_helm_refuses_is_refused() {
    for (expression, expected) in [
        ("a", "key \"a\" has no value"),
        ("a=1,b", "key \"b\" has no value"),
        ("a.b", "key \"b\" has no value"),
        ("a.=1", "key map \"a\" has no value"),
        (",", "key \"\" has no value (cannot end with ,)"),
        ("a[x]=1", "error parsing index: \"x\" is not a number"),
        ("a[-1]=1", "negative -1 index not allowed"),
        ("a[0]x=1", "unexpected data at end of array index: \"x\""),
        ("a={x", "list must terminate with '}'"),
        ("a[70000]=1", "index of 70000 is greater than maximum supported index of 65536"),
        ("a=1,a.b=2", "unable to parse key: the value is not a map"),
        ("a=1,a[0]=2", "unable to parse key: the value is not a list"),
    ] {
        assert_eq!(set(expression, false), Err(expected.to_owned()), "{expression}");
    }
    assert!(set(&("a.".repeat(40) + "b=1"), false).unwrap_err().contains("nested level"));
    assert!(set(&("a".to_owned() + &"[0]".repeat(10_000) + "=1"), false).is_err());
}

#[test]
fn what_is_set_knows_where_it_is_written() {
    let file = FileId(7);
    let text = Text::with_origin(r"a.b=x\,y", Origin::copied(file, 0));
    let values = Map::new();
    set_values(&text, false, &values).unwrap();
    let Some(Value::Map(a)) = values.get("a") else { panic!() };
    let Some(Value::Str(b)) = a.get("b") else { panic!() };
    let places: Vec<_> = b.spans(0..b.len()).iter().map(|span| span.range()).collect();
    assert_eq!(places, [4..5, 6..8]);
}
