//! Holds a value against a schema, keyword by keyword in the order of Helm's library.

use super::draft::Draft;
use super::number::{count, shown};
use super::problem::{Problem, push_step, quoted, strings, wanted};
use super::reference::{Target, has_own_id, resolve};
use super::{MOST_DEEP, MOST_STEPS};
use crate::functions::{Budget, deep_equal, regex_matches};
use crate::value::{Map, Text, Value};

/// The types, in the order in which messages name them.
pub(super) const TYPES: [&str; 7] =
    ["null", "boolean", "number", "integer", "string", "array", "object"];

/// What a value is to a schema.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(..) => "boolean",
        Value::Int(..) | Value::Float(..) => "number",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Struct(_) => "object",
    }
}

/// A number as it is.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number, _) => Some(*number),
        Value::Int(number, ..) => Some(*number as f64),
        _ => None,
    }
}

pub(super) struct Validator<'s> {
    root: &'s Value,
    pub(super) draft: Draft,
    /// The pointer to the value that is looked at.
    pub(super) at: String,
    /// The references that are being followed, each with where the value stood.
    followed: Vec<(String, usize)>,
    steps: usize,
    deep: usize,
    pub(super) budget: Budget,
}

impl<'s> Validator<'s> {
    pub(super) fn new(root: &'s Value, draft: Draft) -> Self {
        Self {
            root,
            draft,
            at: String::new(),
            followed: Vec::new(),
            steps: 0,
            deep: 0,
            budget: Budget::new(64 << 20, MOST_STEPS),
        }
    }

    /// What a schema says against a value; a group where that is more than one thing.
    pub(super) fn validate(&mut self, schema: &Value, value: &Value) -> Option<Problem> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.deep >= MOST_DEEP {
            return None;
        }
        self.deep += 1;
        let problems = match schema {
            Value::Bool(false, _) => vec![self.problem("false schema")],
            Value::Map(map) if self.at.is_empty() || !has_own_id(schema, self.draft) => {
                self.keywords(map, value)
            }
            _ => Vec::new(),
        };
        self.deep -= 1;
        Problem::group(&self.at, problems)
    }

    /// What a schema says against a value under a key or an index.
    pub(super) fn below(&mut self, key: &str, schema: &Value, value: &Value) -> Option<Problem> {
        let mark = self.at.len();
        push_step(&mut self.at, key);
        let problem = self.validate(schema, value);
        self.at.truncate(mark);
        problem
    }

    /// A problem of the value that is looked at.
    pub(super) fn problem(&self, text: impl Into<String>) -> Problem {
        self.caused(text, Vec::new())
    }

    pub(super) fn caused(&self, text: impl Into<String>, causes: Vec<Problem>) -> Problem {
        Problem { at: self.at.clone(), text: text.into(), causes, open: false }
    }

    fn keywords(&mut self, schema: &Map, value: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.draft.refers_only() && schema.get("$ref").is_some() {
            problems.extend(self.reference(schema, value));
            return problems;
        }
        // Where these fail the rest is not looked at.
        if let Some(problem) = self.type_or_choice(schema, value) {
            return vec![problem];
        }
        problems.extend(self.reference(schema, value));
        match value {
            Value::Map(map) => self.object(schema, map, value, &mut problems),
            Value::List(list) => self.array(schema, list, &mut problems),
            Value::Str(text) => self.string(schema, text, &mut problems),
            _ => {
                if let Some(number) = number(value) {
                    self.number(schema, number, &mut problems);
                }
            }
        }
        self.combined(schema, value, &mut problems);
        problems
    }

    fn type_or_choice(&mut self, schema: &Map, value: &Value) -> Option<Problem> {
        if let Some(types) = schema.get("type") {
            let named = match &types {
                Value::Str(text) => vec![text.clone()],
                types => strings(types),
            };
            let is = |name: &&str| named.iter().any(|one| one.as_str() == **name);
            let whole = number(value).is_some_and(|number| number.fract() == 0.0);
            let fits = is(&kind(value)) || whole && is(&"integer");
            if !named.is_empty() && !fits {
                let names: Vec<&str> = TYPES.into_iter().filter(|name| is(name)).collect();
                let text = format!("got {}, want {}", kind(value), names.join(" or "));
                return Some(self.problem(text));
            }
        }
        if let Some(only) = schema.get("const")
            && self.draft > Draft::Four
            && !self.equal(value, &only)
        {
            let text = wanted(&only).map(|only| format!("value must be {only}"));
            return Some(self.problem(text.unwrap_or_else(|| "'const' failed".to_owned())));
        }
        if let Some(Value::List(list)) = schema.get("enum")
            && !list.items.iter().any(|item| self.equal(value, item))
        {
            let choices: Option<Vec<String>> = list.items.iter().map(wanted).collect();
            let text = match choices.as_deref() {
                None => "'enum' failed".to_owned(),
                Some([only]) => format!("value must be {only}"),
                Some(choices) => format!("value must be one of {}", choices.join(", ")),
            };
            return Some(self.problem(text));
        }
        None
    }

    /// True of values that are the same, whatever type a number has.
    pub(super) fn equal(&mut self, a: &Value, b: &Value) -> bool {
        match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            // What is too much to compare counts as the same.
            _ => deep_equal(&mut self.budget, a, b).unwrap_or(true),
        }
    }

    fn reference(&mut self, schema: &Map, value: &Value) -> Option<Problem> {
        let Some(Value::Str(reference)) = schema.get("$ref") else { return None };
        let reference = reference.as_str().into_owned();
        let Target::Found(target) = resolve(self.root, self.draft, &reference) else { return None };
        let step = (reference, self.at.len());
        if self.followed.contains(&step) {
            return Some(self.problem(format!("{} causes a reference cycle", step.0)));
        }
        self.followed.push(step);
        let problem = self.validate(&target, value);
        self.followed.pop();
        problem.map(Problem::referred)
    }

    fn string(&mut self, schema: &Map, text: &Text, problems: &mut Vec<Problem>) {
        let length = text.as_str().chars().count();
        self.sizes(["minLength", "maxLength"], schema, length, problems);
        if let Some(Value::Str(pattern)) = schema.get("pattern")
            && !self.matches(&pattern, text)
        {
            let (text, pattern) = (quoted(&text.as_str()), quoted(&pattern.as_str()));
            problems.push(self.problem(format!("{text} does not match pattern {pattern}")));
        }
    }

    /// True as well of a pattern that cannot be told.
    pub(super) fn matches(&mut self, pattern: &Text, text: &Text) -> bool {
        regex_matches(&mut self.budget, pattern, text).unwrap_or(true)
    }

    /// `minLength` and `maxLength`, and what is like them.
    pub(super) fn sizes(
        &self,
        [least, most]: [&str; 2],
        schema: &Map,
        got: usize,
        problems: &mut Vec<Problem>,
    ) {
        for (keyword, breaks) in [
            (least, (|got, want| got < want) as fn(f64, f64) -> bool),
            (most, |got, want| got > want),
        ] {
            if let Some(want) = schema.get(keyword).as_ref().and_then(number)
                && breaks(got as f64, want)
            {
                let text = format!("{keyword}: got {}, want {}", count(got), shown_count(want));
                problems.push(self.problem(text));
            }
        }
    }

    fn number(&self, schema: &Map, got: f64, problems: &mut Vec<Problem>) {
        let limit = |keyword: &str| schema.get(keyword).as_ref().and_then(number);
        let exclusive = |keyword: &str| matches!(schema.get(keyword), Some(Value::Bool(true, _)));
        let mut say = |keyword: &str, want: f64| {
            let text = format!("{keyword}: got {}, want {}", shown(got), shown(want));
            problems.push(self.problem(text));
        };
        for (keyword, exclusively, sign) in
            [("minimum", "exclusiveMinimum", 1.0), ("maximum", "exclusiveMaximum", -1.0)]
        {
            // In draft 4 the exclusive one is a flag of the other.
            let (bound, open) = match (limit(keyword), exclusive(exclusively)) {
                (Some(bound), true) => (None, Some(bound)),
                (bound, false) => (bound, limit(exclusively)),
                (None, true) => (None, None),
            };
            if let Some(want) = bound.filter(|want| got * sign < want * sign) {
                say(keyword, want);
            }
            if let Some(want) = open.filter(|want| got * sign <= want * sign) {
                say(exclusively, want);
            }
        }
        if let Some(want) = limit("multipleOf").filter(|want| *want > 0.0) {
            // Decimals such as 0.1 are not exact.
            let times = got / want;
            if (times - times.round()).abs() > 1e-9 * times.abs().max(1.0) {
                say("multipleOf", want);
            }
        }
    }

    /// `allOf`, `anyOf`, `oneOf`, `not`, and `if`.
    fn combined(&mut self, schema: &Map, value: &Value, problems: &mut Vec<Problem>) {
        if let Some(not) = schema.get("not")
            && self.validate(&not, value).is_none()
        {
            problems.push(self.problem("'not' failed"));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let Some(Value::List(list)) = schema.get(keyword) else { continue };
            let mut causes = Vec::new();
            let mut matched = Vec::new();
            for (index, part) in list.items.iter().enumerate() {
                match self.validate(part, value) {
                    Some(problem) => causes.push(problem),
                    None => matched.push(index.to_string()),
                }
            }
            match (keyword, matched.len()) {
                ("allOf", _) if !causes.is_empty() => {
                    problems.push(self.caused("'allOf' failed", causes));
                }
                ("anyOf", 0) => problems.push(self.caused("'anyOf' failed", causes)),
                ("oneOf", 0) => {
                    problems.push(self.caused("'oneOf' failed, none matched", causes));
                }
                ("oneOf", 2..) => {
                    let both = matched[..2].join(", ");
                    let text = format!("'oneOf' failed, subschemas {both} matched");
                    problems.push(self.problem(text));
                }
                _ => {}
            }
        }
        if let Some(condition) = schema.get("if").filter(|_| self.draft >= Draft::Seven) {
            let way = if self.validate(&condition, value).is_none() { "then" } else { "else" };
            if let Some(then) = schema.get(way) {
                problems.extend(self.validate(&then, value));
            }
        }
    }
}

fn shown_count(want: f64) -> String {
    if want >= 0.0 && want.fract() == 0.0 { count(want as usize) } else { shown(want) }
}
