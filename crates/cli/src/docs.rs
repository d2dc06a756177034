//! The documentation that is made from the program, so that it cannot lag behind.

use chart_lint::baseline::may_be_known;
use chart_lint::rules::{ALL, RuleMeta};

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its path in the repository, with `/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// The folder that holds nothing but generated pages.
pub const RULES_FOLDER: &str = "docs/rules";

/// All generated files.
pub fn pages() -> Vec<Page> {
    let rules = ALL.iter().map(|rule| Page {
        path: format!("{RULES_FOLDER}/{}.md", rule.name),
        text: rule_page(rule),
    });
    let index = Page { path: format!("{RULES_FOLDER}/README.md"), text: index() };
    rules.chain([index]).collect()
}

/// The documentation of a rule, in Markdown: what `explain` prints.
pub(crate) fn rule_page(rule: &RuleMeta) -> String {
    // What says that the gate could not work cannot be turned down.
    let word = if may_be_known(rule.name) { "unless the policy sets another" } else { "always" };
    format!(
        "# {}\n\n{}.\n\nLevel: {}, {word}\n\n{}",
        rule.name,
        sentence(rule.summary).trim_end_matches('.'),
        rule.level.as_str(),
        rule.explanation
    )
}

/// The JSON schema of the policy file. It is generated from the types by the
/// feature `schema` of `chart-lint`, which the gate is built without.
pub(crate) fn policy_schema() -> &'static str {
    include_str!("../../../docs/image-policy.schema.json")
}

fn index() -> String {
    let mut text = "# Rules\n\n| rule | level | finds |\n|---|---|---|\n".to_owned();
    for rule in ALL {
        let (name, level) = (rule.name, rule.level.as_str());
        text.push_str(&format!("| [{name}]({name}.md) | {level} | {} |\n", rule.summary));
    }
    text
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
