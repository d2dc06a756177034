//! What extraction finds, before any policy looks at it.

use super::fragment::{Fragment, Piece};
use super::join;
use super::way::Way;
use crate::model::{Evidence, Part, Role};
use helm_engine::source::Span;
use image_ref::{ParseError, Reference};

/// An image that a chart names, with the bytes of each of its parts.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// The reference, parsed.
    pub(crate) reference: Reference,
    /// The bytes to change to move the image: the registry where it is written,
    /// else the repository.
    pub(crate) primary: Span,
    /// Each piece of source that spells a part of the reference.
    pub(crate) declarations: Vec<(Part, Piece)>,
    /// Parts that only an evaluation of the templates can tell.
    pub(crate) unknown: Vec<Part>,
    /// How it was found.
    pub(crate) evidence: Evidence,
    /// What it is for, when the place tells.
    pub(crate) role: Option<Role>,
    /// What has to be otherwise than the chart's values make it for the image to be used.
    pub(crate) condition: Option<String>,
    /// Where it ends up.
    pub(crate) uses: Vec<Site>,
    /// The way to each use, by its bytes, when ways are asked for.
    pub(crate) ways: Vec<(Span, Way)>,
    /// The path of its map or scalar in the values, when it stands there.
    pub(crate) route: Vec<String>,
}

/// A place that consumes a reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Site {
    pub(crate) span: Span,
    pub(crate) kind: Option<String>,
    pub(crate) container: Option<String>,
}

/// A text where an image must stand, that is no reference.
#[derive(Debug, Clone)]
pub(crate) struct Invalid {
    /// The text as composed.
    pub(crate) text: String,
    /// The bytes to change.
    pub(crate) span: Span,
    /// What is wrong with it.
    pub(crate) error: ParseError,
}

/// A use whose image is not known.
#[derive(Debug, Clone)]
pub(crate) struct Unresolved {
    /// The place.
    pub(crate) site: Site,
    /// The text of the template there.
    pub(crate) text: String,
    /// What keeps it from being known.
    pub(crate) why: Why,
    /// True where the chart comes to it as its own values make it, or where the
    /// evaluation did not come to its end; false where only other values lead there.
    pub(crate) is_run: bool,
}

/// What keeps an image from being known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// The templates were read alone, and it takes an evaluation to tell.
    OnlyRead,
    /// Nothing is printed there, because these values are not set.
    Empty(Vec<String>),
    /// The values are those of this dependency, which is not vendored.
    OfMissing(String),
    /// No template has this name, which the way to the image includes.
    Undefined(String),
    /// The template fails before it.
    Failed(String),
    /// The values leave its chart off, and its templates were read alone.
    ChartOff,
    /// No branch that was evaluated leads to it.
    Unreached,
}

/// An `oci://` repository of a dependency.
#[derive(Debug, Clone)]
pub(crate) struct ChartRegistry {
    /// The dependency's name.
    pub(crate) dependency: String,
    /// Registry and path, without `oci://`.
    pub(crate) repository: Piece,
}

/// What keeps a file from being read as Helm reads it.
#[derive(Debug, Clone)]
pub(crate) struct Flaw {
    /// Where, in bytes from 0.
    pub(crate) offset: usize,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: &'static str,
}

impl From<&yaml_span::Error> for Flaw {
    fn from(error: &yaml_span::Error) -> Self {
        Self {
            offset: error.offset,
            message: format!("not YAML: {error}"),
            help: "correct the text at this place; until then the images of this file are not judged",
        }
    }
}

/// All that was found in one chart.
#[derive(Debug, Default)]
pub(crate) struct Extraction {
    pub(crate) images: Vec<Found>,
    pub(crate) invalid: Vec<Invalid>,
    pub(crate) unresolved: Vec<Unresolved>,
    /// Where evaluation printed nothing for the image of a container.
    pub(crate) blanks: Vec<Site>,
    /// The lists of images in annotations.
    pub(crate) lists: Vec<Span>,
    pub(crate) chart_registries: Vec<ChartRegistry>,
}

impl Found {
    /// The bytes that name the repository: two finds with the same ones are one image.
    pub(crate) fn identity(&self) -> Span {
        self.names().next().unwrap_or(self.primary)
    }

    /// The bytes that name the registry alone, where it is written.
    pub(crate) fn registry(&self) -> impl Iterator<Item = Span> {
        let registry = self.declarations.iter().filter(|(part, _)| *part == Part::Registry);
        registry.map(|(_, piece)| piece.span)
    }

    /// The bytes that name the repository, piece by piece.
    pub(crate) fn names(&self) -> impl Iterator<Item = Span> {
        let names = |part: &Part| matches!(part, Part::Repository | Part::Reference);
        self.declarations.iter().filter(move |(part, _)| names(part)).map(|(_, piece)| piece.span)
    }

    /// A reference that one piece of text spells in full.
    pub(crate) fn in_one_piece(
        fragment: &Fragment<'_>,
        range: std::ops::Range<usize>,
        evidence: Evidence,
    ) -> Result<Self, Invalid> {
        let text = &fragment.text[range.clone()];
        let at = |part: std::ops::Range<usize>| {
            fragment.span(range.start + part.start..range.start + part.end)
        };
        let reference = Reference::parse(text).map_err(|error| Invalid {
            text: text.to_owned(),
            span: at(error.span.start.min(text.len())..error.span.end.min(text.len())),
            error,
        })?;
        let pieces = fragment.pieces(range.clone());
        let whole = matches!(&pieces[..], [one] if one.span == fragment.span(range.clone()));
        if !whole && let Some(found) = join::pieces(&pieces) {
            return Ok(Self { evidence, ..found });
        }
        let primary = at(reference.registry_span().unwrap_or_else(|| reference.repository_span()));
        Ok(Self {
            declarations: vec![(Part::Reference, fragment.piece(range.clone()))],
            reference,
            primary,
            unknown: Vec::new(),
            evidence,
            role: None,
            condition: None,
            uses: Vec::new(),
            ways: Vec::new(),
            route: Vec::new(),
        })
    }
}
