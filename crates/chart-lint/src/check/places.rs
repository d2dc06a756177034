//! From spans to what a report keeps: places, findings, images.

use super::chart::DEFAULT_ROLE;
use crate::deployment::Given;
use crate::extract::{Flaw, Found};
use crate::model::{
    ByteRange, Declaration, Excepted, Finding, Image, Label, Lapsed, Level, Location, PolicyWord,
    Position, Priority, Snippet, Use,
};
use crate::policy::{self, ExceptionMatch, Judgement, Policy, Suggestion};
use crate::rules::{Draft, UNREADABLE_FILE};
use helm_engine::chart::Problem;
use helm_engine::source::{FileId, SourceMap, Span};
use image_ref::Name;
use std::sync::Arc;

/// What the policy says of an image.
pub(super) struct Verdict<'a> {
    pub(super) policy: &'a Policy,
    pub(super) judgement: &'a Judgement,
    pub(super) priority: Option<&'a policy::Priority>,
    pub(super) replacement: Option<&'a Suggestion>,
}

/// The flags that gave the declarations of an image, where no file has them.
pub(super) fn flags(sources: &SourceMap, given: &Given, found: &Found) -> Vec<Option<String>> {
    found.declarations.iter().map(|(_, piece)| given.words(sources, piece.span)).collect()
}

/// An image with places in files alone: what a flag gave stands where it is used. None
/// when no flag gave anything of it.
pub(super) fn in_files(given: &Given, found: &Found) -> Option<Found> {
    let spans = found.declarations.iter().map(|(_, piece)| piece.span).chain([found.primary]);
    if !spans.into_iter().any(|span| given.is_set(span.file)) {
        return None;
    }
    let used = found.uses.first()?.span;
    let mut placed = found.clone();
    let all = placed.declarations.iter_mut().map(|(_, piece)| &mut piece.span);
    for span in all.chain([&mut placed.primary]) {
        if given.is_set(span.file) {
            *span = used;
        }
    }
    Some(placed)
}

/// An image as the inventory holds it.
pub(super) fn image(
    sources: &SourceMap,
    found: &Found,
    name: &Name,
    chart: &Arc<str>,
    verdict: &Verdict<'_>,
) -> Image {
    let Verdict { policy, judgement, priority, replacement } = verdict;
    let declarations = found.declarations.iter().map(|(part, piece)| Declaration {
        part: *part,
        location: Location::new(sources, piece.span),
        text: piece.text.clone(),
        from: None,
    });
    let uses = found.uses.iter().map(|site| Use {
        location: Location::new(sources, site.span),
        kind: site.kind.clone(),
        container: site.container.clone(),
        why: Vec::new(),
    });
    let role = found.role.unwrap_or(DEFAULT_ROLE);
    let named = judgement.exception.as_ref();
    Image {
        chart: chart.clone(),
        reference: found.reference.text().to_owned(),
        registry: name.registry.clone(),
        repository: name.repository.clone(),
        tag: found.reference.tag().map(str::to_owned),
        digest: found.reference.digest().map(str::to_owned),
        unknown: found.unknown.clone(),
        status: judgement.status,
        role,
        priority: Priority {
            urgency: priority.map_or(role.into(), |priority| priority.urgency),
            by_policy: priority.map(|priority| PolicyWord {
                reason: priority.reason.clone(),
                location: policy.location(priority.place),
            }),
        },
        exception: named
            .filter(|named| named.unmet.is_none())
            .and_then(|named| exception(policy, named)),
        lapsed: named.and_then(|named| {
            let because = named.unmet?;
            Some(Lapsed { exception: exception(policy, named)?, because })
        }),
        replacement: replacement.map(|suggestion| suggestion.text.clone()),
        conditional: found.condition.is_some(),
        condition: found.condition.clone(),
        evidence: found.evidence,
        declarations: declarations.collect(),
        uses: uses.collect(),
    }
}

/// The exception that names an image.
fn exception(policy: &Policy, named: &ExceptionMatch) -> Option<Excepted> {
    let exception = policy.exceptions().get(named.index)?;
    Some(Excepted {
        reason: exception.reason.clone(),
        expires: exception.expires,
        owner: exception.owner.clone(),
        location: policy.location(exception.place),
    })
}

/// A finding of a rule. Until fingerprints are given, its fingerprint holds the anchor.
pub(super) fn finding(
    sources: &SourceMap,
    policy: &Policy,
    draft: Draft,
    level: Level,
    anchor: String,
    chart: &Arc<str>,
) -> Finding {
    let label =
        |(span, text): (Span, String)| Label { location: Location::new(sources, span), text };
    let decided_by = draft.decided_by.map(|place| {
        let location = policy.location(place);
        Label { text: format!("decided by {} in the policy", location.text()), location }
    });
    Finding {
        rule: draft.rule.name,
        level,
        message: draft.message,
        reference: draft.reference,
        chart: Some(chart.clone()),
        primary: label((draft.primary, draft.primary_text)),
        related: draft.related.into_iter().map(label).chain(decided_by).collect(),
        help: draft.help,
        replacement: draft.replacement,
        fix: None,
        fingerprint: anchor,
    }
}

/// A file that could not be read.
pub(super) fn problem(sources: &SourceMap, problem: &Problem, chart: &Arc<str>) -> Finding {
    let location = match (problem.file, problem.offset) {
        (Some(file), Some(offset)) => at_offset(sources, file, offset),
        _ => Location {
            start: problem.position.unwrap_or(START),
            end: problem.position.unwrap_or(START),
            ..whole_file(&problem.path)
        },
    };
    unreadable(location, &problem.path, &problem.message, problem.help.clone(), Some(chart))
}

/// A file that cannot be read as Helm reads it.
pub(super) fn flawed(sources: &SourceMap, file: FileId, flaw: &Flaw, chart: &Arc<str>) -> Finding {
    let location = at_offset(sources, file, flaw.offset);
    let path = location.path.clone();
    unreadable(location, &path, &flaw.message, flaw.help.to_owned(), Some(chart))
}

/// An `unreadable-file` about a place.
pub(super) fn unreadable(
    location: Location,
    path: &str,
    message: &str,
    help: String,
    chart: Option<&Arc<str>>,
) -> Finding {
    Finding {
        rule: UNREADABLE_FILE.name,
        level: Level::Error,
        message: format!("{path}: {message}"),
        reference: None,
        chart: chart.cloned(),
        primary: Label { location, text: "here".to_owned() },
        related: Vec::new(),
        help: vec![help],
        replacement: None,
        fix: None,
        fingerprint: message.to_owned(),
    }
}

const START: Position = Position { line: 1, column: 1 };

/// A place that stands for a file whose text is not at hand.
pub(super) fn whole_file(path: &str) -> Location {
    Location {
        path: Arc::from(path),
        start: START,
        end: START,
        bytes: ByteRange { start: 0, end: 0 },
        snippet: Snippet {
            first_line: 1,
            text: String::new(),
            range: ByteRange { start: 0, end: 0 },
        },
    }
}

/// The character at an offset.
fn at_offset(sources: &SourceMap, file: FileId, offset: usize) -> Location {
    let text = sources.file(file).text();
    let start = text.floor_char_boundary(offset.min(text.len()));
    let end = start
        + text[start..]
            .chars()
            .next()
            .filter(|c| !matches!(c, '\n' | '\r'))
            .map_or(0, char::len_utf8);
    Location::new(sources, Span::new(file, start..end))
}
