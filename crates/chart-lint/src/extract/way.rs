//! The way of an image from its declaration to the container: the helpers and the
//! texts of `tpl` that it goes through.

use helm_engine::evaluate::{Call, Called};
use helm_engine::source::{SourceMap, Span};
use std::iter::successors;

/// How much of a line a step shows, in characters.
const LONGEST: usize = 60;

/// What lies between a declaration and the container, in this order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// Places, each with its text.
    pub(crate) steps: Vec<(Span, String)>,
    /// Where the manifest's own file prints the container, when a helper prints it.
    pub(crate) place: Option<Span>,
}

/// The way of the bytes that name an image to a use of it.
pub(super) fn of(calls: &[Call], name: Span, site: Span, sources: &SourceMap) -> Way {
    let mut way = Way::default();
    let brings = |call: &Call| {
        call.output.runs().any(|(range, origin)| {
            origin.spans(range.len()).iter().any(|span| overlap(*span, name))
        })
    };
    let called_here = |call: &Call| {
        call.site
            .is_some_and(|at| at.file == site.file && (site.start..=site.end).contains(&at.start))
    };
    let around = |call: &Call| match call.called {
        Called::Template(Some(body)) | Called::Text(Some(body)) => overlap(body, site),
        _ => false,
    };
    let of_kind = |is: &dyn Fn(&Call) -> bool| calls.iter().position(|c| is(c) && brings(c));
    let outer = match of_kind(&called_here) {
        Some(call) => {
            let inner: Vec<&Call> = successors(Some(call), |&within| {
                let mut made = calls.iter().enumerate().skip(within + 1);
                made.find(|(_, c)| c.within == Some(within) && brings(c)).map(|(index, _)| index)
            })
            .map(|index| &calls[index])
            .collect();
            way.steps.extend(inner.into_iter().rev().filter_map(|call| step(call, sources)));
            calls[call].within
        }
        None => of_kind(&around),
    };
    let outer: Vec<&Call> =
        successors(outer, |&index| calls[index].within).map(|index| &calls[index]).collect();
    if let Some(outermost) = outer.last() {
        way.steps.push((site, line(sources, site)));
        way.steps.extend(outer.iter().filter_map(|call| step(call, sources)));
        way.place = outermost.site;
    }
    way
}

fn overlap(a: Span, b: Span) -> bool {
    a.file == b.file && a.start < b.end.max(b.start + 1) && b.start < a.end
}

/// What a call leads through: the head of a definition, the call of a `tpl`.
fn step(call: &Call, sources: &SourceMap) -> Option<(Span, String)> {
    if let Called::Template(Some(body)) = call.called {
        let text = sources.text(body);
        let end = text.find("}}").map_or(text.len(), |at| at + 2);
        let head = Span::new(body.file, body.start..body.start + end);
        return Some((head, action(&text[..end])));
    }
    let site = call.site?;
    Some((site, action(sources.text(site))))
}

/// An action without its trim markers, on one line.
fn action(text: &str) -> String {
    let inner = text.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-').trim();
    format!("{{{{ {} }}}}", shortened(inner))
}

/// The line that a span begins on, without its indentation.
pub(crate) fn line(sources: &SourceMap, span: Span) -> String {
    let file = sources.file(span.file);
    let line = file.line(file.position(span.start).line);
    // Of a line that is long the part that matters is shown.
    let text = &file.text()[line.clone()];
    let shown = if text.chars().count() > LONGEST { sources.text(span) } else { text };
    shortened(shown.trim())
}

fn shortened(text: &str) -> String {
    let one_line = text.lines().next().unwrap_or_default();
    match one_line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None if one_line.len() < text.len() => format!("{one_line}…"),
        None => one_line.to_owned(),
    }
}
