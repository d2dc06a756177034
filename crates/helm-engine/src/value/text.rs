//! Strings whose bytes know where they come from.

use super::origin::{Inputs, Origin};
use crate::source::{FileId, FileText, Span};
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// A string as Go has it: bytes, not necessarily UTF-8. Each byte has an
/// [`Origin`]; bytes with the same one are a run. Clones are cheap, and so are
/// slices: they look at the same bytes.
#[derive(Clone, Default)]
pub struct Text {
    /// None where nothing was written.
    whole: Option<Rc<Whole>>,
    /// The part of it that the text is.
    start: u32,
    end: u32,
}

struct Whole {
    bytes: Bytes,
    runs: Runs,
}

/// What a file holds is kept once.
enum Bytes {
    Own(Vec<u8>),
    OfFile(FileText),
}

impl Bytes {
    fn all(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::OfFile(text) => text.as_bytes(),
        }
    }
}

/// Most texts have one origin, and no list of their own for it.
enum Runs {
    One(Origin),
    Many(Vec<Run>),
}

/// What a run costs of the budget, however few bytes it has.
pub(crate) const RUN_COST: usize = 16;

/// Bytes with one origin.
struct Run {
    /// The offset in the text of the byte after the run's last one.
    end: u32,
    origin: Origin,
}

impl Text {
    /// A text from no file.
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        Self::with_origin(text, Origin::None)
    }

    /// A text with one origin.
    pub fn with_origin(text: impl Into<Vec<u8>>, origin: Origin) -> Self {
        Self::whole(Bytes::Own(text.into()), Runs::One(origin))
    }

    /// The text of a file.
    pub(crate) fn of_file(file: FileId, text: &FileText) -> Self {
        Self::whole(Bytes::OfFile(text.clone()), Runs::One(Origin::copied(file, 0)))
    }

    fn whole(bytes: Bytes, runs: Runs) -> Self {
        match bytes.all().len() {
            0 => Self::default(),
            length => {
                let whole = Some(Rc::new(Whole { bytes, runs }));
                Self { whole, start: 0, end: length as u32 }
            }
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.whole {
            Some(whole) => &whole.bytes.all()[self.start as usize..self.end as usize],
            None => &[],
        }
    }

    /// The text, with what is not UTF-8 replaced.
    pub fn as_str(&self) -> Cow<'_, str> {
        // Much faster than to look for what has to be replaced, which there hardly ever is.
        match std::str::from_utf8(self.bytes()) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(self.bytes()),
        }
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// True without bytes.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The runs with their ranges in this text.
    pub fn runs(&self) -> impl Iterator<Item = (Range<usize>, Origin)> {
        self.runs_in(0..self.len())
    }

    /// The runs that overlap a range, cut to it.
    pub fn runs_in(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Origin)> {
        self.cuts(range).map(|(cut, origin, before)| (cut, origin.shifted(before)))
    }

    /// The runs that overlap a range, cut to it, with the origin of each whole run and
    /// how many of its bytes stand before the cut.
    fn cuts(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, &Origin, usize)> {
        let base = self.start as usize;
        let wanted = base + range.start..base + range.end.min(self.len());
        let (one, many) = match self.whole.as_deref() {
            _ if wanted.is_empty() => (None, None),
            None => (None, None),
            Some(Whole { runs: Runs::One(origin), .. }) => (Some(origin), None),
            Some(Whole { runs: Runs::Many(runs), .. }) => (None, Some(runs)),
        };
        let one = one.map(|origin| (range.start..wanted.end - base, origin, wanted.start));
        let many = many.map(|runs| {
            let first = runs.partition_point(|run| run.end as usize <= wanted.start);
            let mut start = first.checked_sub(1).map_or(0, |before| runs[before].end as usize);
            runs[first..].iter().map_while(move |run| {
                let whole = start..run.end as usize;
                start = whole.end;
                let cut = whole.start.max(wanted.start)..whole.end.min(wanted.end);
                let before = cut.start - whole.start.min(cut.start);
                (cut.start < cut.end)
                    .then(|| (cut.start - base..cut.end - base, &run.origin, before))
            })
        });
        one.into_iter().chain(many.into_iter().flatten())
    }

    /// What a copy of a range costs: where nearly every byte comes from elsewhere, more
    /// than its bytes.
    pub fn cost(&self, range: Range<usize>) -> usize {
        let base = self.start as usize;
        let runs = match self.whole.as_deref() {
            _ if range.is_empty() => 0,
            None => 0,
            Some(Whole { runs: Runs::One(_), .. }) => 1,
            Some(Whole { runs: Runs::Many(runs), bytes }) if range.len() == bytes.all().len() => {
                runs.len()
            }
            Some(Whole { runs: Runs::Many(runs), .. }) => {
                let first = runs.partition_point(|run| run.end as usize <= base + range.start);
                let last = runs.partition_point(|run| (run.end as usize) < base + range.end);
                (last + 1).saturating_sub(first)
            }
        };
        range.len().max(runs * RUN_COST)
    }

    /// The source bytes behind a range.
    pub fn spans(&self, range: Range<usize>) -> Vec<Span> {
        let mut spans = Vec::new();
        for (cut, origin, before) in self.cuts(range) {
            origin.each_span(before, cut.len(), |span| spans.push(span));
        }
        spans
    }

    /// What is computed from a range.
    pub(crate) fn computed(&self, range: Range<usize>) -> Origin {
        let mut runs = self.cuts(range.clone());
        match (runs.next(), runs.next()) {
            (None, _) => Origin::None,
            (Some((cut, origin, before)), None) => origin.as_a_whole(before, cut.len()),
            _ => {
                let mut inputs = Inputs::default();
                for (cut, origin, before) in self.cuts(range) {
                    origin.each_span(before, cut.len(), |span| inputs.add(span));
                    if inputs.is_full() {
                        break;
                    }
                }
                inputs.origin()
            }
        }
    }

    /// The same text for a range of bytes.
    ///
    /// # Panics
    /// When the range is not within the text.
    pub fn slice(&self, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= self.len(), "a range of the text");
        if range.is_empty() {
            return Self::default();
        }
        let (start, end) = (self.start + range.start as u32, self.start + range.end as u32);
        Self { whole: self.whole.clone(), start, end }
    }

    /// True when both are the same bytes of one text.
    pub fn is_same(&self, other: &Self) -> bool {
        let whole = |text: &Self| text.whole.as_ref().map(Rc::as_ptr);
        whole(self) == whole(other) && self.start == other.start && self.end == other.end
    }

    /// Another text that is computed from this one.
    pub fn derive(&self, bytes: impl Into<Vec<u8>>) -> Self {
        Self::with_origin(bytes, self.computed(0..self.len()))
    }

    /// The source bytes behind the whole text, one after another.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = Span> {
        self.runs().flat_map(|(range, origin)| origin.spans(range.len()))
    }

    /// These joined.
    pub fn concat<'a>(parts: impl IntoIterator<Item = &'a Text>) -> Self {
        let mut out = TextBuilder::default();
        for part in parts {
            out.push(part);
        }
        out.finish()
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.as_str(), f)
    }
}

/// Equal bytes are equal, wherever they come from.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Text {}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Builds a [`Text`] from pieces.
#[derive(Default)]
pub struct TextBuilder {
    /// All there is so far, as long as that is a slice of one text: many templates print
    /// one value and nothing else.
    slice: Text,
    bytes: Vec<u8>,
    /// The runs before the last one.
    runs: Vec<Run>,
    last: Option<Run>,
}

impl TextBuilder {
    /// The number of bytes so far.
    pub fn len(&self) -> usize {
        self.bytes().len()
    }

    /// True before the first byte.
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        if self.bytes.is_empty() { self.slice.bytes() } else { &self.bytes }
    }

    /// Appends a text.
    pub fn push(&mut self, text: &Text) {
        self.push_slice(text, 0..text.len());
    }

    /// Appends a range of a text.
    pub fn push_slice(&mut self, text: &Text, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.is_empty() {
            self.slice = text.slice(range);
            return;
        }
        self.unsliced();
        let base = self.bytes.len();
        self.bytes.extend_from_slice(&text.bytes()[range.clone()]);
        if let Some(Whole { runs: Runs::One(origin), .. }) = text.whole.as_deref() {
            let origin = origin.shifted(text.start as usize + range.start);
            return self.run(self.bytes.len(), origin);
        }
        for (cut, origin, before) in text.cuts(range.clone()) {
            self.run(base + cut.end - range.start, origin.shifted(before));
        }
    }

    /// Copies the slice, behind which something else comes.
    fn unsliced(&mut self) {
        let slice = std::mem::take(&mut self.slice);
        if slice.is_empty() {
            return;
        }
        self.bytes.extend_from_slice(slice.bytes());
        for (cut, origin, before) in slice.cuts(0..slice.len()) {
            self.run(cut.end, origin.shifted(before));
        }
    }

    /// Appends bytes with an origin.
    pub fn push_bytes(&mut self, bytes: &[u8], origin: Origin) {
        self.unsliced();
        self.bytes.extend_from_slice(bytes);
        self.run(self.bytes.len(), origin);
    }

    /// Appends text from no file.
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes(), Origin::None);
    }

    /// The text.
    pub fn finish(mut self) -> Text {
        let Some(last) = self.last else { return self.slice };
        if self.runs.is_empty() {
            return Text::with_origin(self.bytes, last.origin);
        }
        self.runs.push(last);
        Text::whole(Bytes::Own(self.bytes), Runs::Many(self.runs))
    }

    /// What was appended up to an offset has an origin.
    fn run(&mut self, end: usize, origin: Origin) {
        let last_start = self.runs.last().map_or(0, |run| run.end as usize);
        match &mut self.last {
            Some(last) if last.end as usize == end => {}
            Some(last) if last.origin.goes_on(last.end as usize - last_start, &origin) => {
                last.end = end as u32;
            }
            None if end == 0 => {}
            last => {
                let before = last.replace(Run { end: end as u32, origin });
                self.runs.extend(before);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn copied(text: &str, start: usize) -> Text {
        Text::with_origin(text, Origin::copied(FileId(0), start))
    }

    #[test]
    fn slices_and_joins_keep_each_byte_s_source() {
        let text = Text::concat([&copied("ghcr.io", 10), &Text::from("/"), &copied("dex", 40)]);
        assert_eq!(&*text.as_str(), "ghcr.io/dex");
        let spans = text.slice(5..10).spans(0..5);
        assert_eq!(spans, [Span::new(FileId(0), 15..17), Span::new(FileId(0), 40..42)]);
    }

    #[test]
    fn what_goes_on_is_one_run() {
        let text = Text::concat([&copied("ab", 3), &copied("cd", 5), &copied("ef", 0)]);
        let runs: Vec<Range<usize>> = text.runs().map(|(range, _)| range).collect();
        assert_eq!(runs, [0..4, 4..6]);
        assert_eq!(Text::concat([&Text::default(), &Text::default()]).runs().count(), 0);
    }
}
