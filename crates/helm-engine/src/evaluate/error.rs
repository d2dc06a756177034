//! Why an evaluation failed, and the way there.

use crate::functions::go_quoted;
use crate::source::Span;
use crate::value::Text;
use std::fmt;

/// How many frames an error remembers, and how many it shows at each end.
const MOST_FRAMES: usize = 2_000;
const SHOWN_FRAMES: usize = 32;
/// How much an error shows of the text of a `tpl`.
const SHOWN_TEXT: usize = 2_000;

/// Why a template could not be evaluated.
#[derive(Debug, Clone)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// What is wrong, in Go's words where they are known.
    pub message: String,
    /// Where, the innermost place first, then what included it.
    pub frames: Vec<Frame>,
}

/// Kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The values or the chart are not what Helm accepts.
    Chart,
    /// A template cannot be parsed.
    Parse,
    /// The evaluation breaks a rule of Go's templates.
    Evaluation,
    /// A function says no.
    Call,
    /// A template asks for the failure: `required`, `fail`.
    Refused,
    /// A limit of the engine.
    Limit,
}

/// One template in which the failure is, or that included it.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The name of the template that is executed.
    pub template: String,
    /// The place in it.
    pub place: Place,
    /// What is evaluated there.
    pub context: String,
    /// What stands between this frame and the one inside.
    pub via: Via,
}

/// How a template came to execute another.
#[derive(Debug, Clone, Default)]
pub enum Via {
    /// It did not: this frame is the innermost.
    #[default]
    Here,
    /// By `include`.
    Include,
    /// By `tpl`, of this text.
    Tpl(Text),
}

/// A place in a template.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// The template's path as Helm names it; `gotpl` for the text of a `tpl`.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column as Go counts: bytes from 0.
    pub column: usize,
    /// The bytes in the source: of a `tpl`, those that its text comes from.
    pub spans: Vec<Span>,
}

impl Error {
    /// A failure that is in no template.
    pub(crate) fn bare(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), frames: Vec::new() }
    }

    /// Adds the frame that leads to those known.
    pub(super) fn led_by(&mut self, frame: impl FnOnce() -> Frame) {
        if self.frames.len() < MOST_FRAMES {
            self.frames.push(frame());
        }
    }

    /// The frames to show, the outermost first: not all where there are many.
    fn shown(&self) -> impl Iterator<Item = &Frame> {
        let count = self.frames.len();
        let left_out = SHOWN_FRAMES..count.saturating_sub(SHOWN_FRAMES);
        let frames = self.frames.iter().enumerate().rev();
        frames.filter(move |(index, _)| !left_out.contains(index)).map(|(_, frame)| frame)
    }

    /// The innermost place.
    pub fn place(&self) -> Option<&Place> {
        self.frames.first().map(|frame| &frame.place)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.name, self.line, self.column)
    }
}

impl std::error::Error for Error {}

/// As Helm prints it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(outermost) = self.frames.last() else { return f.write_str(&self.message) };
        let through_tpl = self.frames.iter().any(|frame| matches!(frame.via, Via::Tpl(_)));
        match self.kind {
            ErrorKind::Chart => f.write_str(&self.message),
            ErrorKind::Parse if !through_tpl => {
                let place = &outermost.place;
                write!(f, "parse error at ({}:{}): {}", place.name, place.line, self.message)
            }
            ErrorKind::Refused => {
                write!(f, "execution error at ({}): {}", outermost.place, self.message)
            }
            ErrorKind::Evaluation if !through_tpl => self.listed(f),
            _ => self.chained(f),
        }
    }
}

impl Error {
    /// The frames as Helm lists them where it understands Go's message.
    fn listed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = String::new();
        for frame in self.shown() {
            let message = match frame.via {
                Via::Here => self.message.split(" template:").next().unwrap_or_default(),
                _ => "error calling include:",
            };
            let Frame { template, place, context, .. } = frame;
            lines.push_str(&format!(
                "{place}\n  executing {template:?} at <{context}>:\n    {message}\n"
            ));
        }
        if let Some((_, inner)) = self.message.split_once("error calling include: template: ") {
            lines.push_str(&format!("template: {inner}\n"));
        }
        f.write_str(lines.trim())
    }

    /// The frames as Go prints them.
    fn chained(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for frame in self.shown() {
            let Frame { template, place, context, via } = frame;
            if self.kind == ErrorKind::Parse && matches!(via, Via::Here) {
                write!(f, "template: {}:{}: ", place.name, place.line)?;
                continue;
            }
            write!(f, "template: {place}: executing {template:?} at <{context}>: ")?;
            match via {
                Via::Here => {}
                Via::Include => f.write_str("error calling include: ")?,
                Via::Tpl(text) => {
                    let doing = match self.kind {
                        ErrorKind::Parse => "cannot parse template",
                        _ => "error during tpl function execution for",
                    };
                    let shown = text.slice(0..text.len().min(SHOWN_TEXT));
                    write!(f, "error calling tpl: {doing} {}: ", go_quoted(&shown))?;
                }
            }
        }
        f.write_str(&self.message)
    }
}
