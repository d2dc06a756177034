//! `replacement-missing`: a verification did not find what is to be pulled.

use super::{Draft, Judged, RuleMeta};
use crate::model::{Level, Status};
use crate::verified::{Answer, Verified};

pub(crate) static META: RuleMeta = RuleMeta {
    name: "replacement-missing",
    summary: "a registry does not have an image, or what is to replace it",
    level: Level::Warning,
    explanation: "\
## What it finds

An image whose replacement by the policy is missing in its registry or is another
image, and an image that stays where it is and is missing there. What registries have
is read from `.chart-images/verified.json`, which `chart-images verify` writes; this
rule asks nobody, and says nothing of images that were not verified.

## Why

A replacement that does not exist is no replacement: charts that name it do not start.

## Example

```yaml
image: ghcr.io/dexidp/dex:v2.42.0   # to become public.ecr.aws/dexidp/dex:v2.42.0,
                                    # and public.ecr.aws has no such repository
```

## What to do

Copy the image to a registry of your own (`chart-images verify --mirror-plan skopeo`
prints how), and name it in the policy's `replacements`. If the image is there by now,
verify again.
",
};

pub(crate) fn check(judged: &Judged<'_>, verified: &Verified) -> Option<Draft> {
    let found = judged.found;
    if !found.unknown.is_empty() {
        return None;
    }
    let stays = matches!(judged.judgement.status, Status::Allowed | Status::Excepted);
    let replacement = judged.replacement.as_ref().filter(|_| !stays);
    let target = match replacement {
        Some(replacement) => &*replacement.text,
        None if stays => found.reference.text(),
        None => return None,
    };
    let entry = verified.find(found.reference.text(), target)?;
    let registry = image_ref::Reference::parse(target).ok()?.name().registry;
    let what = match entry.answer {
        Answer::MissingTag => format!("is missing: {registry} has the repository without it"),
        Answer::MissingRepository => format!("is missing: {registry} has no such repository"),
        Answer::Different => "is another image".to_owned(),
        _ => return None,
    };
    let message = match replacement {
        Some(_) => {
            format!("`{target}`, which is to replace `{}`, {what}", found.reference.text())
        }
        None => format!("`{target}` {what}"),
    };
    let mut draft = Draft::of(&META, judged, message);
    draft.primary_text = match replacement {
        Some(_) => "its replacement is not ready".into(),
        None => "missing".into(),
    };
    // What is proposed here is what is missing.
    draft.replacement = None;
    let said = if entry.said.is_empty() { String::new() } else { format!(": {}", entry.said) };
    draft.help.push(format!("verified on {}{said}", entry.asked.date()));
    Some(draft)
}
