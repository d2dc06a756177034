//! What has to be otherwise than the values make it.

use crate::source::Span;
use std::fmt;

const VALUES: &str = ".Values.";

/// A decision that has to be other than the values make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The pipeline that decides, as it is written; values of a subchart as the values
    /// of the whole chart have them.
    pub text: String,
    /// Its bytes, when they are bytes of one file.
    pub span: Option<Span>,
    /// How it has to come out.
    pub wanted: Wanted,
}

/// How a decision has to come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It has to hold, as `if` understands it.
    True,
    /// It has to fail.
    False,
    /// It has to be this text.
    Equal(String),
}

impl Wanted {
    /// That it holds, or that it fails.
    pub(super) fn truth(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Condition {
    /// True of two that read the same and come out alike wherever they stand.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        let is_of_the_chart = || self.text.contains(VALUES) || self.text.contains("include ");
        self.text == other.text && self.wanted == other.wanted && is_of_the_chart()
    }

    /// The same without `not` before a value.
    pub(super) fn without_not(mut self) -> Self {
        let wanted = match self.wanted {
            Wanted::True => Wanted::False,
            _ => Wanted::True,
        };
        if let Some(value) = self.text.strip_prefix("not ").map(str::trim)
            && is_value(value)
            && !matches!(self.wanted, Wanted::Equal(_))
        {
            self.text = value.to_owned();
            self.wanted = wanted;
        }
        self
    }

    /// The same with the values of a subchart as its parent calls them. Globals have
    /// one name everywhere.
    pub(super) fn seen_from_above(&self, below: &str) -> Self {
        let mut parts = self.text.split(VALUES);
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push_str(VALUES);
            if !part.starts_with("global.") {
                text.push_str(below);
            }
            text.push_str(part);
        }
        Self { text, ..self.clone() }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.wanted {
            Wanted::True => write!(f, "when `{text}`"),
            Wanted::False => write!(f, "unless `{text}`"),
            Wanted::Equal(value) => write!(f, "with `{text}` equal to {value:?}"),
        }
    }
}

/// True of a pipeline that only reads a value of the chart, so that it comes out alike
/// wherever it stands.
pub(super) fn is_value(text: &str) -> bool {
    let path = text.strip_prefix('$').unwrap_or(text);
    let part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    path.starts_with(VALUES) && path.chars().all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_says_what_to_set() {
        let shown = |wanted| {
            let text = ".Values.a".to_owned();
            Condition { text, span: None, wanted }.to_string()
        };
        assert_eq!(shown(Wanted::True), "when `.Values.a`");
        assert_eq!(shown(Wanted::False), "unless `.Values.a`");
        assert_eq!(shown(Wanted::Equal("b".into())), "with `.Values.a` equal to \"b\"");
    }

    #[test]
    fn a_value_that_is_not_to_hold_is_named_itself() {
        let shown = |text: &str, wanted| {
            let condition = Condition { text: text.to_owned(), span: None, wanted };
            condition.without_not().to_string()
        };
        assert_eq!(shown("not .Values.a", Wanted::True), "unless `.Values.a`");
        assert_eq!(shown("not .Values.a", Wanted::False), "when `.Values.a`");
        assert_eq!(shown("not (eq .Values.a 1)", Wanted::True), "when `not (eq .Values.a 1)`");
    }

    #[test]
    fn a_subcharts_values_are_named_as_its_parent_does() {
        let text = "and .Values.a $.Values.global.b".to_owned();
        let condition = Condition { text, span: None, wanted: Wanted::True };
        assert_eq!(condition.seen_from_above("x.y.").text, "and .Values.x.y.a $.Values.global.b");
        assert_eq!(condition.seen_from_above(""), condition);
    }

    #[test]
    fn only_what_reads_a_value_comes_out_alike_everywhere() {
        assert!(is_value(".Values.a.b_1") && is_value("$.Values.a"));
        assert!(!is_value("not .Values.a") && !is_value(".enabled") && !is_value("$x"));
    }
}
