//! `invalid-reference`: a text where an image must stand that no runtime accepts.

use super::{Draft, RuleMeta};
use crate::extract::Invalid;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "invalid-reference",
    summary: "a text where an image must stand is no image reference",
    level: Level::Error,
    explanation: "\
## What it finds

A text under a key that says `image`, or parts that are joined to one, which is
no reference by the grammar that container runtimes use
(`[registry/]repository[:tag][@digest]`). The finding names the character and
the rule that it breaks.

## Why

A pod with such an image never starts (`InvalidImageName`), and a reference that
cannot be read cannot be judged.

## Example

```yaml
image: docker.io//acme/web:1.4   # an empty part
```

## What to do

Correct the text. If it is not an image at all, suppress the finding with a
comment that says why.
",
};

pub(crate) fn check(invalid: &Invalid) -> Draft {
    let mut draft = Draft::at(
        &META,
        invalid.span,
        format!("`{}` is no image reference: {}", invalid.text, invalid.error),
    );
    draft.reference = Some(invalid.text.clone());
    draft.primary_text = "here".into();
    draft.help.push("write `[registry/]repository[:tag][@digest]`".into());
    draft
}
