//! `unresolved-image`: a use whose registry cannot be told.

use super::{Draft, RuleMeta};
use crate::extract::{Unresolved, Why};
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unresolved-image",
    summary: "it cannot be told which image a template uses",
    level: Level::Error,
    explanation: "\
## What it finds

A template that uses an image which the chart's files do not tell, with what is
unknown: the value that nothing sets, the named template that nothing defines,
the error that ends the template before it. It is reported so that no image is
passed over in silence.

## Why

What cannot be told cannot be judged: the image may come from anywhere. So at
level error, which is the default, it does not fail a run but makes it
incomplete: exit status 3 when nothing worse is found. A policy that says
`rules: {unresolved-image: warning}` lowers it.

It is a warning at most where the chart does not use the image as its own values
make it (a branch or a chart that they leave off, for which they give no image
either), where a chart that it needs is not vendored (see `missing-dependency`),
and where the templates were read and not evaluated: reading cannot tell what an
evaluation can.

## Example

```yaml
containers:
  - name: worker
    image: {{ .Values.worker.image }}   # values.yaml has no worker.image
```

## What to do

Give the value a default in `values.yaml`, or pass the values file that sets it.
If it was only read, run without `--no-evaluate`.
",
};

/// `lacks` is true of a chart with a dependency that is not vendored.
pub(crate) fn check(unresolved: &Unresolved, lacks: bool) -> Draft {
    let mut message = match unresolved.text.as_str() {
        "" => "a container has no image".to_owned(),
        text => format!("cannot tell which image `{text}` is"),
    };
    let set = "give it a default in values.yaml, so that it can be judged";
    let (reason, help) = match &unresolved.why {
        Why::OnlyRead => (None, "run without `--no-evaluate`, or give it a default in values.yaml"),
        Why::Empty(values) if values.is_empty() => {
            (Some("it is evaluated to nothing".to_owned()), set)
        }
        Why::Empty(values) => {
            let names: Vec<String> = values.iter().map(|name| format!("`{name}`")).collect();
            let verb = if names.len() == 1 { "is" } else { "are" };
            (Some(format!("{} {verb} not set", names.join(" and "))), set)
        }
        Why::OfMissing(name) => (
            Some(format!("its values are those of the chart `{name}`, which is not vendored")),
            "vendor the chart, or give it a default in values.yaml",
        ),
        Why::Undefined(name) if lacks => (
            Some(format!("no vendored chart defines the template `{name}`")),
            "vendor the chart that defines it",
        ),
        Why::Undefined(name) => (
            Some(format!("nothing defines the template `{name}`")),
            "define it, or include another",
        ),
        Why::Failed(error) => (
            Some(format!(
                "the template fails before it: {}",
                error.lines().next().unwrap_or(error)
            )),
            "mend the template, or give the values that it asks for a default",
        ),
        Why::ChartOff => (
            Some("the values leave its chart off, so it was only read".to_owned()),
            "judge the chart by itself, or with values that turn it on",
        ),
        Why::Unreached => (
            Some("no branch that was evaluated leads to it".to_owned()),
            "if no values lead to it, take it out of the template",
        ),
    };
    if let Some(reason) = reason {
        message.push_str(": ");
        message.push_str(&reason);
    }
    let mut draft = Draft::at(&META, unresolved.site.span, message);
    if !unresolved.is_run || lacks && matches!(unresolved.why, Why::Undefined(_)) {
        draft.at_most = Level::Warning;
    }
    draft.primary_text = match &unresolved.site.container {
        Some(container) => format!("the image of container `{container}`"),
        None => "the image used here".into(),
    };
    draft.help.push(help.into());
    draft
}
