//! The keywords about lists.

use super::draft::Draft;
use super::number::count;
use super::problem::Problem;
use super::validator::{Validator, number};
use crate::value::{List, Map, Value};

impl Validator<'_> {
    pub(super) fn array(&mut self, schema: &Map, list: &List, problems: &mut Vec<Problem>) {
        self.sizes(["minItems", "maxItems"], schema, list.items.len(), problems);
        if let Some(Value::Bool(true, _)) = schema.get("uniqueItems") {
            problems.extend(self.twice(list));
        }
        self.items(schema, list, problems);
        if let Some(wanted) = schema.get("contains").filter(|_| self.draft > Draft::Four) {
            self.contains(schema, &wanted, list, problems);
        }
    }

    fn twice(&mut self, list: &List) -> Option<Problem> {
        for (second, item) in list.items.iter().enumerate() {
            let first = list.items.iter().take(second).position(|other| self.equal(other, item));
            if let Some(first) = first {
                return Some(self.problem(format!("items at {first} and {second} are equal")));
            }
        }
        None
    }

    fn items(&mut self, schema: &Map, list: &List, problems: &mut Vec<Problem>) {
        let (first, rest) = if self.draft == Draft::Y2020 {
            (schema.get("prefixItems"), schema.get("items"))
        } else {
            match schema.get("items") {
                Some(Value::List(first)) => {
                    (Some(Value::List(first)), schema.get("additionalItems"))
                }
                items => (None, items),
            }
        };
        let first = match &first {
            Some(Value::List(first)) => &first.items[..],
            _ => &[],
        };
        for (index, (schema, item)) in first.iter().zip(list.items.iter()).enumerate() {
            problems.extend(self.below(&index.to_string(), schema, item));
        }
        let Some(rest) = rest else { return };
        let surplus = list.items.len().saturating_sub(first.len());
        if let (Value::Bool(false, _), true, true) =
            (&rest, self.draft < Draft::Y2020 && !first.is_empty(), surplus > 0)
        {
            let text = format!("last {} additionalItem(s) not allowed", count(surplus));
            problems.push(self.problem(text));
            return;
        }
        // Helm's library counts these from zero again.
        for (index, item) in list.items.iter().skip(first.len()).enumerate() {
            problems.extend(self.below(&index.to_string(), &rest, item));
        }
    }

    fn contains(&mut self, schema: &Map, wanted: &Value, list: &List, problems: &mut Vec<Problem>) {
        let (mut found, mut causes) = (Vec::new(), Vec::new());
        for (index, item) in list.items.iter().enumerate() {
            match self.below(&index.to_string(), wanted, item) {
                None => found.push(index.to_string()),
                Some(cause) => causes.push(cause),
            }
        }
        let counted = |keyword: &str| {
            let count = schema.get(keyword).as_ref().and_then(number);
            count.filter(|_| self.draft >= Draft::Y2019)
        };
        let (least, most) = (counted("minContains"), counted("maxContains"));
        let matched = |bound: &str, want: f64| {
            let (count, at) = (found.len(), found.join(" "));
            format!(
                "{bound} {want} items required to match contains schema, but matched {count} items at {at}"
            )
        };
        match least {
            None if found.is_empty() => {
                problems.push(self.caused("no items match contains schema", causes));
            }
            Some(want) if (found.len() as f64) < want => {
                problems.push(self.caused(matched("min", want), causes));
            }
            _ => {}
        }
        if let Some(want) = most.filter(|want| found.len() as f64 > *want) {
            problems.push(self.problem(matched("max", want)));
        }
    }
}
