//! Whether a schema is one: keywords with values of the kind that they take. Helm
//! holds the schema against the schema of schemas; this tells of the same mistakes,
//! the first of them.

use super::draft::Draft;
use super::problem::{Problem, below, quoted};
use super::reference::each;
use super::validator::{TYPES, kind};
use crate::functions::{Budget, regex_mistake};
use crate::value::{Map, Value};

/// What a keyword takes.
#[derive(Clone, Copy)]
enum Takes {
    Schema,
    Schemas,
    Named,
    Number,
    Count,
    Strings,
    Text,
    Truth,
    List,
    Pattern,
    Type,
}

/// By name, as the keys of a map are.
const KEYWORDS: [(&str, Takes); 37] = [
    ("$defs", Takes::Named),
    ("$ref", Takes::Text),
    ("additionalProperties", Takes::Schema),
    ("allOf", Takes::Schemas),
    ("anyOf", Takes::Schemas),
    ("contains", Takes::Schema),
    ("definitions", Takes::Named),
    ("description", Takes::Text),
    ("else", Takes::Schema),
    ("enum", Takes::List),
    ("exclusiveMaximum", Takes::Number),
    ("exclusiveMinimum", Takes::Number),
    ("format", Takes::Text),
    ("if", Takes::Schema),
    ("items", Takes::Schema),
    ("maxItems", Takes::Count),
    ("maxLength", Takes::Count),
    ("maxProperties", Takes::Count),
    ("maximum", Takes::Number),
    ("minItems", Takes::Count),
    ("minLength", Takes::Count),
    ("minProperties", Takes::Count),
    ("minimum", Takes::Number),
    ("multipleOf", Takes::Number),
    ("not", Takes::Schema),
    ("oneOf", Takes::Schemas),
    ("pattern", Takes::Pattern),
    ("patternProperties", Takes::Named),
    ("prefixItems", Takes::Schemas),
    ("properties", Takes::Named),
    ("propertyNames", Takes::Schema),
    ("required", Takes::Strings),
    ("then", Takes::Schema),
    ("title", Takes::Text),
    ("type", Takes::Type),
    ("unevaluatedProperties", Takes::Schema),
    ("uniqueItems", Takes::Truth),
];

/// The first mistake of a schema.
pub(super) fn mistake(root: &Value, draft: Draft) -> Option<Problem> {
    if !matches!(root, Value::Map(_) | Value::Bool(..)) {
        return Some(problem("", format!("got {}, want boolean or object", kind(root))));
    }
    let mut found = None;
    each(root, draft, &mut String::new(), true, &mut |at, schema| {
        found = of_keywords(at, schema, draft);
        found.is_none()
    });
    found
}

fn of_keywords(at: &str, schema: &Map, draft: Draft) -> Option<Problem> {
    schema.entries().iter().find_map(|(key, entry)| {
        let found = KEYWORDS.binary_search_by(|(keyword, _)| (*keyword).cmp(key)).ok()?;
        let (keyword, takes) = KEYWORDS[found];
        let value = &entry.value;
        // Older editions knew other forms of these.
        match (keyword, value) {
            ("exclusiveMaximum" | "exclusiveMinimum", Value::Bool(..)) if draft == Draft::Four => {
                return None;
            }
            ("items", Value::List(_)) if draft < Draft::Y2020 => return None,
            ("prefixItems", _) if draft < Draft::Y2020 => return None,
            _ => {}
        }
        wrong(&|| below(at, keyword), value, takes)
    })
}

fn wrong(at: &dyn Fn() -> String, value: &Value, takes: Takes) -> Option<Problem> {
    let problem = |text: String| problem(&at(), text);
    let got = |want: &str| Some(problem(format!("got {}, want {want}", kind(value))));
    match (takes, value) {
        (Takes::Schema, Value::Map(_) | Value::Bool(..))
        | (Takes::Text, Value::Str(_))
        | (Takes::Truth, Value::Bool(..))
        | (Takes::List, Value::List(_))
        | (Takes::Number, Value::Float(..)) => None,
        (Takes::Schema, _) => got("boolean or object"),
        (Takes::Named, Value::Map(map)) => map
            .entries()
            .iter()
            .find_map(|(name, entry)| wrong(&|| below(&at(), name), &entry.value, Takes::Schema)),
        (Takes::Named, _) => got("object"),
        (Takes::Pattern, Value::Str(text)) => {
            let mistake = regex_mistake(&mut Budget::new(64 << 20, 1 << 20), text)?;
            let text = format!("{} is not valid regex: {mistake}", quoted(&text.as_str()));
            Some(problem(text))
        }
        (Takes::Text | Takes::Pattern, _) => got("string"),
        (Takes::Truth, _) => got("boolean"),
        (Takes::Number, _) => got("number"),
        (Takes::Count, Value::Float(number, _)) if number.fract() != 0.0 => got("integer"),
        (Takes::Count, Value::Float(number, _)) if *number < 0.0 => {
            Some(problem(format!("minimum: got {number}, want 0")))
        }
        (Takes::Count, Value::Float(..)) => None,
        (Takes::Count, _) => got("integer"),
        (Takes::Schemas, Value::List(list)) if list.items.is_empty() => {
            Some(problem("minItems: got 0, want 1".to_owned()))
        }
        (Takes::Schemas, Value::List(list)) => {
            let each = list.items.iter().enumerate();
            each.map(|(index, item)| wrong(&|| format!("{}/{index}", at()), item, Takes::Schema))
                .find_map(|problem| problem)
        }
        (Takes::Strings, Value::List(list)) => {
            let odd = list.items.iter().find(|item| !matches!(item, Value::Str(_)))?;
            Some(problem(format!("got {}, want string", kind(odd))))
        }
        (Takes::Schemas | Takes::Strings | Takes::List, _) => got("array"),
        (Takes::Type, Value::Str(_)) if is_type(value) => None,
        (Takes::Type, Value::List(list))
            if !list.items.is_empty() && list.items.iter().all(is_type) =>
        {
            None
        }
        (Takes::Type, _) => Some(problem("'anyOf' failed".to_owned())),
    }
}

fn is_type(value: &Value) -> bool {
    matches!(value, Value::Str(text) if TYPES.contains(&&*text.as_str()))
}

fn problem(at: &str, text: String) -> Problem {
    Problem { at: at.to_owned(), text, causes: Vec::new(), open: false }
}

#[cfg(test)]
mod tests {
    use super::KEYWORDS;

    #[test]
    fn keywords_are_found_by_name() {
        assert!(KEYWORDS.is_sorted_by_key(|(keyword, _)| *keyword));
    }
}
