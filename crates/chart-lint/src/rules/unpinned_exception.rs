//! `unpinned-exception`: an exception would permit the image if it had a digest.

use super::{Draft, Judged, RuleMeta};
use crate::model::Level;
use crate::policy::Unmet;
use crate::verified::Verified;

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

Pin the image: write its digest behind the tag. `chart-images verify --pin` asks the
registry for it and writes it; without `--pin` this finding names it then. `crane digest
IMAGE` and `docker buildx imagetools inspect IMAGE` print it, too.

```yaml
image: ghcr.io/sigstore/timestamp-server:v1.2.2@sha256:…
```
",
};

pub(crate) fn check(judged: &Judged<'_>, verified: Option<&Verified>) -> Option<Draft> {
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
    let text = judged.found.reference.text();
    // A verification asked for the image itself, and so learned what its tag is.
    let entry = verified.and_then(|verified| verified.find(text, text));
    match entry.and_then(|entry| Some((entry.target_digest.as_deref()?, entry.asked.date()))) {
        Some((digest, day)) => {
            let pinned = format!("{text}@{digest}");
            draft.help.push(format!(
                "write `{pinned}` (verified on {day}); pinned, this exception permits it"
            ));
            draft.replacement = Some(pinned);
        }
        None => draft
            .help
            .push(format!("add the digest (`{text}@sha256:…`); pinned, this exception permits it")),
    }
    Some(draft)
}
