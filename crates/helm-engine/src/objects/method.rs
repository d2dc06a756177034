//! Methods of Helm's objects.

use super::files;
use crate::encode::to_yaml;
use crate::functions::{self, Failure, Method, Param};
use crate::value::{ItemType, Value};

/// The method of a value with a name.
pub(crate) fn method(receiver: &Value, name: &str) -> Option<&'static Method> {
    let methods: &[Method] = match receiver {
        Value::Map(map) if files::is_files(map) => files::METHODS,
        Value::Map(map) if map.name == VALUES => OF_VALUES,
        Value::List(list) if list.of == ItemType::String => OF_VERSIONS,
        Value::Struct(object) => match object.type_name {
            "common.KubeVersion" => OF_KUBE_VERSION,
            _ => return functions::method(object, name),
        },
        _ => return None,
    };
    methods.iter().find(|method| method.name == name)
}

/// Go's name of the type of `.Values`.
pub(crate) const VALUES: &str = "common.Values";

const OF_VERSIONS: &[Method] = &[Method {
    name: "Has",
    params: &[Param::String],
    call: |_, receiver, args| {
        let (Value::List(list), Some(Value::Str(wanted))) = (receiver, args.first()) else {
            return Ok(Value::bool(false));
        };
        let has = list.items.iter().any(|item| matches!(item, Value::Str(text) if text == wanted));
        Ok(Value::bool(has))
    },
}];

const OF_KUBE_VERSION: &[Method] = &[
    Method { name: "String", params: &[], call: |_, receiver, _| Ok(version(receiver)) },
    Method { name: "GitVersion", params: &[], call: |_, receiver, _| Ok(version(receiver)) },
];

fn version(receiver: &Value) -> Value {
    match receiver {
        Value::Struct(object) => object.field("Version").cloned().unwrap_or_default(),
        _ => Value::Nil,
    }
}

const OF_VALUES: &[Method] = &[
    Method {
        name: "YAML",
        params: &[],
        call: |budget, receiver, _| to_yaml(receiver, budget).map(Value::Str),
    },
    Method { name: "AsMap", params: &[], call: |_, receiver, _| Ok(unnamed(receiver)) },
    Method {
        name: "Table",
        params: &[Param::String],
        call: |_, receiver, args| {
            let path = path(args);
            match receiver {
                Value::Map(map) => {
                    let found = crate::values::table(map, &path);
                    found.map(Value::Map).map_err(|key| Failure(format!("{key:?} is not a table")))
                }
                _ => Ok(Value::Nil),
            }
        },
    },
    Method {
        name: "PathValue",
        params: &[Param::String],
        call: |_, receiver, args| {
            let path = path(args);
            match receiver {
                Value::Map(map) => crate::values::path_value(map, &path).ok_or_else(|| {
                    let key = path.rsplit('.').next().unwrap_or_default();
                    Failure(format!("{key:?} is not a value"))
                }),
                _ => Ok(Value::Nil),
            }
        },
    },
];

fn path(args: &[Value]) -> String {
    match args.first() {
        Some(Value::Str(path)) => path.as_str().into_owned(),
        _ => String::new(),
    }
}

fn unnamed(receiver: &Value) -> Value {
    match receiver {
        Value::Map(map) => Value::Map(map.clone().named("")),
        other => other.clone(),
    }
}
