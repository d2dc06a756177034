//! `unresolved-image`: a use whose registry cannot be told.

use super::{Draft, RuleMeta};
use crate::extract::Unresolved;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unresolved-image",
    summary: "an image's registry cannot be told from the chart's files",
    level: Level::Warning,
    explanation: "\
## What it finds

A template that takes an image from a place which no value of the chart fills,
or builds it in a way that cannot be followed. It is reported so that no image
is passed over in silence.

## Why

What cannot be read cannot be judged: the image may come from anywhere.

## Example

```yaml
image: {{ .Values.worker.image }}   # values.yaml has no worker.image
```

## What to do

Give the value a default in `values.yaml`, or pass the values file that sets it.
",
};

pub(crate) fn check(unresolved: &Unresolved) -> Draft {
    let message = format!("cannot tell which image `{}` is", unresolved.text);
    let mut draft = Draft::at(&META, unresolved.site.span, message);
    draft.primary_text = match &unresolved.site.container {
        Some(container) => format!("the image of container `{container}`"),
        None => "the image used here".into(),
    };
    draft.help.push("give it a default in values.yaml, so that it can be judged".into());
    draft
}
