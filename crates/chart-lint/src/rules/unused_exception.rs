//! `unused-exception`: an exception that permitted nothing.

use super::RuleMeta;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unused-exception",
    summary: "an exception of the policy permitted no image",
    level: Level::Off,
    explanation: "\
## What it finds

An exception that no image of the charts needed. It is off by default, because
a policy that several repositories share has exceptions that some of them do not
use; ask for it with `--unused-exceptions` or give it a level in the policy.

## Why

An exception that nobody needs permits what nobody decided.

## What to do

Delete it.
",
};
