//! `invalid-policy`: the policy file is wrong.

use super::RuleMeta;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "invalid-policy",
    summary: "the policy file has a mistake",
    level: Level::Error,
    explanation: "\
## What it finds

A policy that is not YAML, has an unknown key, a value of the wrong type, a
pattern that cannot match, a date that is none. Nothing is judged by a policy
that is half understood: the run ends with exit status 2.

## Why

A key with a typing mistake is a rule that silently does not exist.

## What to do

Correct the place that the finding names. The schema for editors is
`docs/image-policy.schema.json`, also printed by `chart-images schema`.
",
};
