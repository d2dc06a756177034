//! `image-drift`: a list of images in Chart.yaml and the images that the chart runs disagree.

use super::{Draft, RuleMeta};
use crate::extract::Found;
use crate::model::{Evidence, Level, Part, Role};
use helm_engine::source::Span;
use image_ref::Reference;
use std::collections::BTreeMap;

pub(crate) static META: RuleMeta = RuleMeta {
    name: "image-drift",
    summary: "the list of images in Chart.yaml and the images that the chart runs disagree",
    level: Level::Warning,
    explanation: "\
## What it finds

An annotation `artifacthub.io/images`, `images` or `helm.sh/images` of Chart.yaml
that lists an image which nothing in the chart names, an image in another tag or
from another registry than the chart runs, or that leaves out an image of a
container that the chart runs with its own values (those of Helm tests need not be
listed). Names are compared normalised: `busybox` is `docker.io/library/busybox`.

It is judged only where the templates were evaluated (not with `--no-evaluate`) and the
evaluation came to its end: with every dependency vendored, without a template that
fails, and with every image told. A chart that names no image beside its list runs
none; what the list names is run by something else, and is left alone.

## Why

Artifact Hub scans what the list says, mirrors copy what it says, and reviewers
believe it. An image that is not in it is not scanned and not mirrored.

## Example

```yaml
annotations:
  artifacthub.io/images: |
    - name: web
      image: public.ecr.aws/acme/web:1.3   # the chart runs 1.4
```

## What to do

Correct the list. If it names an image that the program itself starts, which no
template can show, say so in a suppression:
`# chart-images: allow image-drift -- the operator starts it`.
",
};

/// What a chart runs, as far as the list is concerned.
pub(crate) struct Runs<'a> {
    /// All images that the chart and its subcharts name, on any branch.
    pub(crate) all: Vec<&'a Found>,
    /// Those of the chart's own templates.
    pub(crate) own: Vec<&'a Found>,
    /// What the lists of its subcharts name.
    pub(crate) listed_below: Vec<&'a Found>,
}

/// What the rule says of the list whose key this is, with what stays of each
/// finding when lines move.
pub(crate) fn check(key: Span, listed: &[&Found], runs: &Runs<'_>) -> Vec<(Draft, String)> {
    // What a chart without a container lists is run by something else.
    if runs.all.is_empty() {
        return Vec::new();
    }
    let mut drafts: Vec<(Draft, String)> =
        listed.iter().filter_map(|entry| entry_drifts(entry, runs)).collect();
    drafts.extend(left_out(key, listed, runs));
    drafts
}

/// An entry of the list.
fn entry_drifts(entry: &Found, runs: &Runs<'_>) -> Option<(Draft, String)> {
    let name = entry.reference.name();
    let shown = entry.reference.text();
    let (message, span, label, help);
    let same: Vec<&&Found> = runs.all.iter().filter(|f| f.reference.name() == name).collect();
    if same.is_empty() {
        if runs.all.iter().any(|found| may_become(found, entry)) {
            return None;
        }
        span = entry.primary;
        let moved = runs.all.iter().find(|found| {
            found.unknown.is_empty() && found.reference.name().repository == name.repository
        });
        match moved {
            Some(found) => {
                let registry = found.reference.name().registry;
                message = format!("`{shown}` is listed, and the chart takes it from {registry}");
                label = "another registry";
                help = format!("list `{}`", found.reference.text());
            }
            None => {
                message = format!("`{shown}` is listed, and nothing in the chart names it");
                label = "not run";
                help = "take it out of the list, or list what runs instead".to_owned();
            }
        }
    } else {
        // Where a part is not known there is nothing to compare.
        if same.iter().any(|found| !found.unknown.is_empty() || agrees(entry, found)) {
            return None;
        }
        let weight = |found: &&&&Found| (found.condition.is_some(), found.evidence);
        let run = same.iter().min_by_key(weight)?;
        message = format!("`{shown}` is listed, and the chart runs `{}`", run.reference.text());
        span = version(entry);
        label = "not what runs";
        help = format!("list `{}`", run.reference.text());
    }
    let mut draft = Draft::at(&META, span, message);
    draft.reference = Some(shown.to_owned());
    draft.primary_text = label.into();
    draft.help.push(help);
    Some((draft, format!("{name}\0listed")))
}

/// True of an image whose name a template puts together, when other values may put
/// together the entry's: `acme/web` with `/` and `lite` behind it.
fn may_become(found: &Found, entry: &Found) -> bool {
    let name = entry.reference.name();
    let (repository, whole) = (name.repository.as_str(), name.to_string());
    let names = found
        .declarations
        .iter()
        .filter(|(part, _)| matches!(part, Part::Repository | Part::Reference));
    let begins = |text: &str| {
        let rest = repository.strip_prefix(text).or_else(|| whole.strip_prefix(text));
        rest.is_some_and(|rest| {
            !rest.is_empty() && (text.ends_with(['/', '-']) || rest.starts_with(['/', '-']))
        })
    };
    names.map(|(_, piece)| piece.text.as_str()).any(|text| text.contains('/') && begins(text))
}

/// True unless both say a version and it is not the same.
fn agrees(a: &Found, b: &Found) -> bool {
    let differ = |part: fn(&Reference) -> Option<&str>| matches!((part(&a.reference), part(&b.reference)), (Some(a), Some(b)) if a != b);
    // With the same digest it is the same image, whatever the tag says.
    let same = a.reference.digest().is_some() && a.reference.digest() == b.reference.digest();
    same || !differ(Reference::tag) && !differ(Reference::digest)
}

/// The bytes of an entry's tag, else of the whole.
fn version(entry: &Found) -> Span {
    let whole = entry.declarations.first().map_or(entry.primary, |(_, piece)| piece.span);
    let exact = whole.end - whole.start == entry.reference.text().len();
    match entry.reference.tag_span().or_else(|| entry.reference.digest_span()) {
        Some(range) if exact => {
            Span::new(whole.file, whole.start + range.start..whole.start + range.end)
        }
        _ => whole,
    }
}

/// The images that a list leaves out: one finding, at its key.
fn left_out(key: Span, listed: &[&Found], runs: &Runs<'_>) -> Option<(Draft, String)> {
    let is_listed = |found: &Found| {
        let repository = found.reference.name().repository;
        let mut lists = listed.iter().chain(&runs.listed_below);
        lists.any(|entry| entry.reference.name().repository == repository)
    };
    let runs_it = |found: &&&Found| {
        found.evidence == Evidence::Evaluation
            && found.condition.is_none()
            && found.role != Some(Role::Test)
            && found.uses.iter().any(|site| site.container.is_some())
    };
    let mut missing: BTreeMap<String, &Found> = BTreeMap::new();
    for found in runs.own.iter().filter(runs_it).filter(|found| !is_listed(found)) {
        missing.entry(found.reference.name().to_string()).or_insert(found);
    }
    if missing.is_empty() {
        return None;
    }
    let shown: Vec<String> =
        missing.values().map(|found| format!("`{}`", found.reference.text())).collect();
    let message = format!(
        "the chart runs {}, and the list leaves {} out",
        words(&shown),
        match shown.len() {
            1 => "it",
            _ => "them",
        }
    );
    let mut draft = Draft::at(&META, key, message);
    draft.primary_text = "the list".into();
    draft.related.extend(
        missing.values().map(|found| (found.primary, format!("runs `{}`", found.reference.text()))),
    );
    draft.help.push("add to the list what the chart runs".into());
    Some((draft, "left out".to_owned()))
}

/// `a`, `a and b`, `a, b and 3 more`.
fn words(shown: &[String]) -> String {
    const MOST: usize = 3;
    match shown {
        [one] => one.clone(),
        [first @ .., last] if shown.len() <= MOST => format!("{} and {last}", first.join(", ")),
        _ => {
            let (first, rest) = shown.split_at(MOST.min(shown.len()));
            format!("{} and {} more", first.join(", "), rest.len())
        }
    }
}
