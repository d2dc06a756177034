//! `unlisted-registry`: the policy says nothing of the image's registry.

use super::{Draft, Judged, RuleMeta};
use crate::model::{Level, Status};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unlisted-registry",
    summary: "the policy neither allows nor disallows the image's registry",
    level: Level::Warning,
    explanation: "\
## What it finds

An image whose registry is in neither list of the policy. Its level is the
policy's `registries.unlisted`.

## Why

A registry that nobody decided about is a decision that somebody else will make.

## Example

```yaml
image: quay.io/acme/agent:2.0   # the policy does not mention quay.io
```

## What to do

Add the registry to `registries.allowed` or `registries.disallowed`.
",
};

pub(crate) fn check(judged: &Judged<'_>) -> Option<Draft> {
    if judged.judgement.status != Status::Unlisted || judged.judgement.exception.is_some() {
        return None;
    }
    let registry = judged.found.reference.name().registry;
    let message =
        format!("`{}` comes from {registry}, which the policy does not mention", judged.shown());
    let mut draft = Draft::of(&META, judged, message);
    draft.primary_text = "neither allowed nor disallowed".into();
    draft.help.push(format!(
        "add `{registry}` to `registries.allowed` or `registries.disallowed` of the policy"
    ));
    Some(draft)
}
