//! `unpinned-exception`: an exception would permit the image if it had a digest.

use super::{Draft, Judged, RuleMeta};
use crate::model::Level;
use crate::policy::Unmet;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unpinned-exception",
    summary: "an exception would permit the image if it were pinned by digest",
    level: Level::Error,
    explanation: "\
## What it finds

An image from a disallowed registry that an exception of the policy names, where
the exception says `requires: digest` and the reference has none.

## Why

A tag can be moved to other content; a digest cannot. Some images may stay where
they are only because nobody can change them under you.

## Example

```yaml
image: ghcr.io/sigstore/timestamp-server:v1.2.2   # a tag alone
```

## What to do

Pin the image: `crane digest IMAGE` or `docker buildx imagetools inspect IMAGE`
prints its digest. Write it behind the tag.

```yaml
image: ghcr.io/sigstore/timestamp-server:v1.2.2@sha256:…
```
",
};

pub(crate) fn check(judged: &Judged<'_>) -> Option<Draft> {
    let exception = judged.judgement.exception.as_ref()?;
    if !matches!(exception.unmet, Some(Unmet::NeedsDigest)) {
        return None;
    }
    let message = format!(
        "`{}` matches an exception that holds only for images pinned by digest",
        judged.shown()
    );
    let mut draft = Draft::of(&META, judged, message);
    draft.primary_text = "not pinned".into();
    draft.help.push(format!(
        "add the digest (`{}@sha256:…`); pinned, this exception permits it",
        judged.found.reference.text()
    ));
    Some(draft)
}
