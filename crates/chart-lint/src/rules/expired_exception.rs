//! `expired-exception`: the date of the exception that permitted an image is past.

use super::{Draft, Judged, RuleMeta};
use crate::model::Level;
use crate::policy::Unmet;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "expired-exception",
    summary: "the exception that permitted the image is past its date",
    level: Level::Error,
    explanation: "\
## What it finds

An image from a disallowed registry that an exception of the policy names, where
the exception's `expires` date is past. The exception holds on that day and no
longer after it.

## Why

An exception with a date is a promise to come back to it. When the day has
passed, the promise is due.

## Example

```yaml
exceptions:
  - images: [\"ghcr.io/acme/**\"]
    reason: until the mirror is set up
    expires: 2024-12-31
```

## What to do

Move the image, or give the exception a new date with a reason that still holds.
",
};

pub(crate) fn check(judged: &Judged<'_>) -> Option<Draft> {
    let exception = judged.judgement.exception.as_ref()?;
    let Some(Unmet::Expired(date)) = exception.unmet else { return None };
    let message = format!("the exception that permitted `{}` expired on {date}", judged.shown());
    let mut draft = Draft::of(&META, judged, message);
    draft.primary_text = "no longer excepted".into();
    draft.help.push(match &judged.replacement {
        Some(replacement) => {
            format!("use `{}`, or give the exception a new date", replacement.text)
        }
        None => "move the image to an allowed registry, or give the exception a new date".into(),
    });
    Some(draft)
}
