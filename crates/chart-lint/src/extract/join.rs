//! A reference that is joined from pieces of source.

use super::found::Found;
use super::fragment::Piece;
use crate::model::{Evidence, Part};
use helm_engine::source::Span;
use image_ref::Reference;
use std::ops::Range;

/// Joins pieces to a reference. `None` when they make none.
pub(crate) fn pieces(pieces: &[Piece]) -> Option<Found> {
    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let reference = Reference::parse(&text).ok()?;
    let mut declarations = Vec::new();
    let mut add = |part: Part, range: Option<Range<usize>>| {
        let Some(range) = range else { return };
        for (piece, at) in overlapping(pieces, &range) {
            let known = declarations.iter().position(|(_, p): &(Part, Piece)| p.span == piece.span);
            match known {
                // One scalar that spells several parts spells, as a whole, the reference.
                Some(index) if covers(&at, text.len()) => declarations[index].0 = Part::Reference,
                Some(_) => {}
                None => declarations.push((part, piece.clone())),
            }
        }
    };
    add(Part::Registry, reference.registry_span());
    add(Part::Repository, Some(reference.repository_span()));
    add(Part::Tag, reference.tag_span());
    add(Part::Digest, reference.digest_span());
    for (part, piece) in &mut declarations {
        // `repository: ghcr.io/o/n` holds the registry too, and is called what it mostly is.
        if *part == Part::Registry && spells_more(pieces, piece, &reference) {
            *part = Part::Repository;
        }
    }
    // What only parts the others declares nothing.
    let parts = |piece: &Piece| !piece.text.trim_matches(SEPARATORS).is_empty();
    if declarations.iter().any(|(_, piece)| parts(piece)) {
        declarations.retain(|(_, piece)| parts(piece));
    }
    for (_, piece) in &mut declarations {
        without_separators(piece);
    }
    let decisive = reference.registry_span().unwrap_or_else(|| reference.repository_span());
    let primary = span_of(pieces, &decisive)?;
    Some(Found {
        reference,
        primary,
        declarations,
        unknown: Vec::new(),
        evidence: Evidence::Template,
        role: None,
        condition: None,
        uses: Vec::new(),
        ways: Vec::new(),
        route: Vec::new(),
    })
}

/// Pieces with the range that each has in the joined text.
fn placed(pieces: &[Piece]) -> impl Iterator<Item = (&Piece, Range<usize>)> {
    pieces.iter().scan(0, |at, piece| {
        let start = *at;
        *at += piece.text.len();
        Some((piece, start..*at))
    })
}

fn overlapping<'a>(pieces: &'a [Piece], range: &Range<usize>) -> Vec<(&'a Piece, Range<usize>)> {
    let overlaps = |at: &Range<usize>| at.start < range.end && range.start < at.end;
    placed(pieces).filter(|(_, at)| overlaps(at)).collect()
}

fn covers(at: &Range<usize>, length: usize) -> bool {
    at.start == 0 && at.end == length
}

/// What stands between the parts of a reference.
const SEPARATORS: [char; 3] = ['/', ':', '@'];

/// Leaves out the `/`, `:` and `@` that a template puts between the parts.
fn without_separators(piece: &mut Piece) {
    if piece.span.end - piece.span.start != piece.text.len() {
        return;
    }
    let after = piece.text.trim_start_matches(SEPARATORS);
    let inner = after.trim_end_matches(SEPARATORS);
    if !inner.is_empty() {
        piece.span.start += piece.text.len() - after.len();
        piece.span.end -= after.len() - inner.len();
        piece.text = inner.to_owned();
    }
}

fn spells_more(all: &[Piece], piece: &Piece, reference: &Reference) -> bool {
    placed(all).any(|(p, at)| p.span == piece.span && at.end > reference.repository_span().start)
}

/// The bytes of the first piece that spells the range: just these when the
/// piece's bytes are its text, else all of it.
fn span_of(pieces: &[Piece], range: &Range<usize>) -> Option<Span> {
    let (piece, at) = overlapping(pieces, range).into_iter().next()?;
    let exact = piece.span.end - piece.span.start == piece.text.len();
    if !exact {
        return Some(piece.span);
    }
    let from = range.start.max(at.start) - at.start;
    let to = range.end.min(at.end) - at.start;
    Some(Span::new(piece.span.file, piece.span.start + from..piece.span.start + to))
}
