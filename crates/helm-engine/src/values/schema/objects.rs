//! The keywords about maps.

use super::draft::Draft;
use super::problem::{Problem, names, quoted, strings};
use super::validator::Validator;
use crate::value::{Map, Text, Value};

impl Validator<'_> {
    pub(super) fn object(
        &mut self,
        schema: &Map,
        map: &Map,
        value: &Value,
        problems: &mut Vec<Problem>,
    ) {
        self.sizes(["minProperties", "maxProperties"], schema, map.len(), problems);
        if let Some(required) = schema.get("required") {
            problems.extend(self.missing(&strings(&required), map));
        }
        self.properties(schema, map, problems);
        if let Some(of_names) = schema.get("propertyNames") {
            for key in map.entries().keys() {
                let name = Value::Str(Text::from(&**key));
                if let Some(cause) = self.validate(&of_names, &name) {
                    let text = format!("invalid propertyName {}", quoted(key));
                    problems.push(self.caused(text, vec![cause]));
                }
            }
        }
        self.dependent(schema, map, value, problems);
    }

    fn missing(&self, required: &[Text], map: &Map) -> Option<Problem> {
        let missing: Vec<_> =
            required.iter().map(Text::as_str).filter(|name| map.get(name).is_none()).collect();
        let word = if missing.len() == 1 { "property" } else { "properties" };
        let text = format!("missing {word} {}", names(missing.iter().map(|name| &**name)));
        (!missing.is_empty()).then(|| self.problem(text))
    }

    fn properties(&mut self, schema: &Map, map: &Map, problems: &mut Vec<Problem>) {
        let named = as_map(schema.get("properties"));
        let by_pattern = as_map(schema.get("patternProperties"));
        let others = schema.get("additionalProperties");
        let mut surplus = Vec::new();
        for (key, entry) in map.entries().iter() {
            let mut known = false;
            if let Some(schema) = named.as_ref().and_then(|named| named.get(key)) {
                known = true;
                problems.extend(self.below(key, &schema, &entry.value));
            }
            for (pattern, schema) in by_pattern.iter().flat_map(entries) {
                if self.matches(&Text::from(&*pattern), &Text::from(&**key)) {
                    known = true;
                    problems.extend(self.below(key, &schema, &entry.value));
                }
            }
            match &others {
                _ if known => {}
                None => {}
                Some(Value::Bool(false, _)) => surplus.push(key.clone()),
                Some(schema) => problems.extend(self.below(key, schema, &entry.value)),
            }
        }
        if !surplus.is_empty() {
            let text = names(surplus.iter().map(|name| &**name));
            problems.push(self.problem(format!("additional properties {text} not allowed")));
        }
    }

    /// What must be there, or hold, when a key is there.
    fn dependent(&mut self, schema: &Map, map: &Map, value: &Value, problems: &mut Vec<Problem>) {
        let keywords: &[&str] = match self.draft {
            draft if draft < Draft::Y2019 => &["dependencies"],
            _ => &["dependentSchemas", "dependentRequired"],
        };
        for keyword in keywords {
            for (key, needs) in as_map(schema.get(keyword)).iter().flat_map(entries) {
                if map.get(&key).is_none() {
                    continue;
                }
                if !matches!(needs, Value::List(_)) {
                    problems.extend(self.validate(&needs, value));
                    continue;
                }
                let needed = strings(&needs);
                let absent: Vec<_> = needed
                    .iter()
                    .map(Text::as_str)
                    .filter(|name| map.get(name).is_none())
                    .collect();
                if !absent.is_empty() {
                    let absent = names(absent.iter().map(|name| &**name));
                    let text = format!("properties {absent} required, if {} exists", quoted(&key));
                    problems.push(self.problem(text));
                }
            }
        }
    }
}

fn as_map(value: Option<Value>) -> Option<Map> {
    match value {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}

fn entries(map: &Map) -> Vec<(std::rc::Rc<str>, Value)> {
    map.entries().iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect()
}
