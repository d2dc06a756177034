//! Which images a comment in a chart permits to stay, though the policy does not.
//!
//! Plan, status and migration ask here, so that they say of an image what `lint` does: a
//! finding that is suppressed inline is answered, and its image does not move. A baseline
//! permits nothing: what it knows is still to be done.

use chart_lint::model::{Comment, Finding, Hidden, HiddenBy, Image, Report, Status};
use std::collections::HashMap;

/// The images of a report that comments permit.
#[derive(Debug, Default)]
pub struct Permitted<'a> {
    by_image: HashMap<Key<'a>, About<'a>>,
}

/// A chart and a reference of it.
type Key<'a> = (&'a str, &'a str);

/// The findings about the registry of such an image.
#[derive(Debug, Default)]
struct About<'a> {
    permitted: Vec<(&'a Finding, Permission<'a>)>,
    open: Vec<&'a Finding>,
}

/// A comment that permits an image.
#[derive(Debug, Clone, Copy)]
pub struct Permission<'a> {
    /// The comment.
    pub comment: &'a Comment,
    /// Why.
    pub reason: &'a str,
}

impl<'a> Permitted<'a> {
    /// The images that the inline suppressions of a report are about.
    pub fn of(report: &'a Report) -> Self {
        let mut all = Self::default();
        for Hidden { finding, because, comment } in &report.hidden {
            if let (HiddenBy::Suppression(reason), Some(comment)) = (because, comment) {
                let permission = Permission { comment, reason };
                all.about(finding, |about| about.permitted.push((finding, permission)));
            }
        }
        if all.by_image.is_empty() {
            return all;
        }
        let known = report.hidden.iter().filter(|hidden| hidden.comment.is_none());
        for finding in report.findings.iter().chain(known.map(|hidden| &hidden.finding)) {
            all.about(finding, |about| about.open.push(finding));
        }
        all
    }

    fn about(&mut self, finding: &'a Finding, add: impl FnOnce(&mut About<'a>)) {
        if let (Some(chart), Some(reference), true) =
            (&finding.chart, &finding.reference, judges_the_registry(finding.rule))
        {
            add(self.by_image.entry((chart, reference)).or_default());
        }
    }

    /// The comment that permits an image to stay where it is. The same image may be permitted
    /// at one place of the chart and not at another; one that has a finding at any of its
    /// places is not permitted.
    pub fn by(&self, image: &Image) -> Option<Permission<'a>> {
        if !matches!(image.status, Status::Disallowed | Status::Unlisted) {
            return None;
        }
        let about = self.by_image.get(&(&*image.chart, &*image.reference))?;
        if about.open.iter().any(|finding| is_at(finding, image)) {
            return None;
        }
        let mut of_image = about.permitted.iter().filter(|(finding, _)| is_at(finding, image));
        of_image.next().map(|(_, permission)| *permission)
    }
}

/// True of the rules that say where an image must not come from; others may be suppressed
/// for it and leave that open.
fn judges_the_registry(rule: &str) -> bool {
    ["disallowed-registry", "unlisted-registry", "expired-exception", "unpinned-exception"]
        .contains(&rule)
}

/// Whether a finding is about a declaration of the image. It may be shown at a part of it.
fn is_at(finding: &Finding, image: &Image) -> bool {
    let place = &finding.primary.location;
    image.declarations.iter().any(|declaration| {
        let all = &declaration.location;
        all.path == place.path
            && all.bytes.start <= place.bytes.start
            && place.bytes.end <= all.bytes.end
    })
}
