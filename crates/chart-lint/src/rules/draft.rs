//! A finding while it is written: in spans, before places are resolved.

use super::RuleMeta;
use crate::extract::Found;
use crate::model::{Finding, Level, Part};
use crate::policy::{Judgement, Place, Suggestion};
use helm_engine::source::Span;

/// An image and what the policy says of it.
pub(crate) struct Judged<'a> {
    /// The image.
    pub(crate) found: &'a Found,
    /// The policy's word.
    pub(crate) judgement: Judgement,
    /// What the policy would have instead.
    pub(crate) replacement: Option<Suggestion>,
    /// The flag that gave each of its declarations, where no file has it.
    pub(crate) from: Vec<Option<String>>,
}

impl Judged<'_> {
    /// The reference as messages show it, with `…` for what is unknown.
    pub(crate) fn shown(&self) -> String {
        shown(self.found)
    }
}

/// The reference with a mark for each part that only an evaluation can tell.
pub(crate) fn shown(found: &Found) -> String {
    let mut text = found.reference.text().to_owned();
    for part in &found.unknown {
        text.push_str(match part {
            Part::Tag => ":…",
            Part::Digest => "@…",
            Part::Repository | Part::Registry | Part::Reference => "/…",
        });
    }
    text
}

/// How the help of an image that is used under a condition begins.
const USED_ONLY: &str = "used only ";

/// True of a finding about an image that is used under a condition.
pub(crate) fn is_conditional(finding: &Finding) -> bool {
    finding.help.iter().any(|help| help.starts_with(USED_ONLY))
}

/// A finding in spans.
pub(crate) struct Draft {
    pub(crate) rule: &'static RuleMeta,
    pub(crate) message: String,
    pub(crate) reference: Option<String>,
    pub(crate) primary: Span,
    pub(crate) primary_text: String,
    pub(crate) related: Vec<(Span, String)>,
    pub(crate) decided_by: Option<Place>,
    pub(crate) help: Vec<String>,
    pub(crate) replacement: Option<String>,
    /// The most that it weighs, whatever the policy says.
    pub(crate) at_most: Level,
}

impl Draft {
    /// A finding at a place.
    pub(crate) fn at(rule: &'static RuleMeta, primary: Span, message: String) -> Self {
        Self {
            rule,
            message,
            reference: None,
            primary,
            primary_text: String::new(),
            related: Vec::new(),
            decided_by: None,
            help: Vec::new(),
            replacement: None,
            at_most: Level::Error,
        }
    }

    /// A finding about an image: at the bytes to change, with its other
    /// declarations, its uses and the policy's line.
    pub(crate) fn of(rule: &'static RuleMeta, judged: &Judged<'_>, message: String) -> Self {
        let found = judged.found;
        let mut draft = Self::at(rule, found.primary, message);
        draft.reference = Some(found.reference.text().to_owned());
        draft
            .help
            .extend(found.condition.iter().map(|condition| format!("{USED_ONLY}{condition}")));
        draft.replacement = judged.replacement.as_ref().map(|s| s.text.clone());
        draft.decided_by = judged.judgement.decided_by;
        for ((part, piece), from) in found.declarations.iter().zip(&judged.from) {
            let overlaps = piece.span.file == found.primary.file
                && piece.span.start <= found.primary.start
                && found.primary.end <= piece.span.end;
            if !overlaps {
                let from = from.iter().map(|flag| format!(", from `{flag}`")).collect::<String>();
                draft.related.push((piece.span, format!("the {}{from}", part.as_str())));
            }
        }
        for site in &found.uses {
            if site.span == found.primary {
                continue;
            }
            let text = match (&site.kind, &site.container) {
                (Some(kind), Some(container)) => {
                    format!("used by container `{container}` of a {kind}")
                }
                (Some(kind), None) => format!("used by a {kind}"),
                (None, Some(container)) => format!("used by container `{container}`"),
                (None, None) => "used here".to_owned(),
            };
            draft.related.push((site.span, text));
        }
        draft
    }
}
