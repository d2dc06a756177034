//! `unused-suppression`: an inline suppression that suppresses nothing.

use super::RuleMeta;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unused-suppression",
    summary: "an inline suppression has no effect",
    level: Level::Warning,
    explanation: "\
## What it finds

A comment `# chart-images: allow RULE -- reason` that suppresses nothing: there
is no such finding on its line or the next one, its date is past, its reason is
missing, it names no rule, or the policy forbids inline suppressions.

## Why

A suppression without effect misleads its reader, and hides the next finding at
its place.

## Example

```yaml
# chart-images: allow disallowed-registry
image: ghcr.io/acme/web:1.4     # still reported: the suppression gives no reason
```

## What to do

Delete the comment, or write it in full:
`# chart-images: allow disallowed-registry until 2030-01-31 -- mirror is not ready`.
",
};
