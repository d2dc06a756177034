//! What the tool says of itself.

use crate::args::ExplainArgs;
use crate::docs::{policy_schema, rule_page as page};
use crate::error::Failure;
use crate::outcome::Outcome;
use crate::output::stdout;
use chart_lint::rules::{ALL, RuleMeta, find};
use chart_lint::suggest::closest;

/// `explain [RULE…]`.
pub(crate) fn explain(arguments: &ExplainArgs) -> Result<Outcome, Failure> {
    let text = if arguments.rules.is_empty() {
        names()
    } else if arguments.rules.iter().any(|rule| rule == "all") {
        ALL.map(page).join("\n")
    } else {
        let rules = arguments.rules.iter().map(|name| known(name));
        rules.collect::<Result<Vec<_>, _>>()?.into_iter().map(page).collect::<Vec<_>>().join("\n")
    };
    stdout(&text)?;
    Ok(Outcome::Clean)
}

/// `schema`.
pub(crate) fn schema() -> Result<Outcome, Failure> {
    stdout(policy_schema())?;
    Ok(Outcome::Clean)
}

fn names() -> String {
    let width = ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&RuleMeta| format!("{:width$}  {}\n", rule.name, rule.summary);
    ALL.iter().map(line).collect()
}

fn known(name: &str) -> Result<&'static RuleMeta, Failure> {
    find(name).ok_or_else(|| {
        let failure = Failure::new(format!("there is no rule `{name}`"));
        match closest(name, ALL.iter().map(|rule| rule.name)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`explain` without a name lists the rules"),
        }
    })
}
