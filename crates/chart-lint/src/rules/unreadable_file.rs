//! `unreadable-file`: a file of a chart that could not be read or understood.

use super::RuleMeta;
use crate::model::Level;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "unreadable-file",
    summary: "a file of a chart could not be read, so its images are not judged",
    level: Level::Error,
    explanation: "\
## What it finds

A file that Helm would load and that cannot be read, is not UTF-8, is not YAML
where it has to be, is too large, changed while it was read, or leaves the
repository by a symbolic link. So is one with a line break that Helm sees and
editors do not show (a lone carriage return, U+0085, U+2028, U+2029), behind
which an image could hide in a comment. The other files are still judged; the run
ends with exit status 3 when nothing worse was found.

## Why

A gate that passes over what it cannot read is open. So this level cannot be
changed, and a baseline cannot hold it.

## What to do

Mend the file, or list it in `.helmignore` if the chart does not need it.
",
};
