//! `disallowed-registry`: the gate's main rule.

use super::{Draft, Judged, RuleMeta};
use crate::model::{Level, Status};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "disallowed-registry",
    summary: "an image comes from a registry that the policy disallows",
    level: Level::Error,
    explanation: "\
## What it finds

An image whose registry is in the policy's `registries.disallowed`, and that no
exception permits. An image without a registry comes from Docker Hub: `busybox`
is `docker.io/library/busybox`.

## Why

A registry that throttles, closes or moves breaks deployments at the worst
time: when a node is new and its cache is empty.

## Example

```yaml
image:
  repository: ghcr.io/acme/web   # ghcr.io is disallowed
  tag: \"1.4\"
```

## What to do

Write the image that the finding proposes, if the policy knows a replacement.
Otherwise mirror the image to a registry that the policy allows, or add an
exception with a reason.
",
};

pub(crate) fn check(judged: &Judged<'_>) -> Option<Draft> {
    if judged.judgement.status != Status::Disallowed || judged.judgement.exception.is_some() {
        return None;
    }
    let name = judged.found.reference.name();
    let implied = judged.found.reference.registry().is_none();
    let message = if implied {
        format!(
            "`{}` comes from {}, which is disallowed, because it names no registry",
            judged.shown(),
            name.registry
        )
    } else {
        format!("`{}` comes from {}, which is disallowed", judged.shown(), name.registry)
    };
    let mut draft = Draft::of(&META, judged, message);
    draft.primary_text = if implied {
        format!("{} is implied", name.registry)
    } else {
        "disallowed registry".into()
    };
    draft.help.push(match &judged.replacement {
        Some(replacement) => format!("use `{}`", replacement.text),
        None => format!(
            "mirror it to an allowed registry, add a replacement for `{name}` to the policy, or add an exception with a reason"
        ),
    });
    Some(draft)
}
