//! Strings whose bytes know where they come from.

use super::origin::Origin;
use crate::source::Span;
use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

/// A string as Go has it: bytes, not necessarily UTF-8. Each byte has an
/// [`Origin`]; bytes with the same one are a run. Clones are cheap.
#[derive(Clone, Default)]
pub struct Text(Rc<Inner>);

#[derive(Default)]
struct Inner {
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

/// Bytes with one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The offset in the text of the byte after the run's last one.
    end: u32,
    origin: Origin,
}

impl Run {
    /// What a run costs of the budget, however few bytes it has.
    pub const COST: usize = 16;
}

impl Text {
    /// A text from no file.
    pub fn new(text: impl Into<Vec<u8>>) -> Self {
        Self::with_origin(text, Origin::None)
    }

    /// A text with one origin.
    pub fn with_origin(text: impl Into<Vec<u8>>, origin: Origin) -> Self {
        let bytes = text.into();
        let runs = match bytes.len() {
            0 => Vec::new(),
            length => vec![Run { end: length as u32, origin }],
        };
        Self(Rc::new(Inner { bytes, runs }))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The text, with what is not UTF-8 replaced.
    pub fn as_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0.bytes)
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// True without bytes.
    pub fn is_empty(&self) -> bool {
        self.0.bytes.is_empty()
    }

    /// The runs with their ranges in this text.
    pub fn runs(&self) -> impl Iterator<Item = (Range<usize>, &Origin)> {
        let mut start = 0;
        self.0.runs.iter().map(move |run| {
            let range = start..run.end as usize;
            start = run.end as usize;
            (range, &run.origin)
        })
    }

    /// The runs that overlap a range, cut to it.
    pub fn runs_in(&self, range: Range<usize>) -> impl Iterator<Item = (Range<usize>, Origin)> {
        let first = self.0.runs.partition_point(|run| run.end as usize <= range.start);
        let mut start = first.checked_sub(1).map_or(0, |before| self.0.runs[before].end as usize);
        self.0.runs[first..].iter().map_while(move |run| {
            let whole = start..run.end as usize;
            start = whole.end;
            let cut = whole.start.max(range.start)..whole.end.min(range.end);
            (cut.start < cut.end)
                .then(|| (cut.clone(), run.origin.shifted(cut.start - whole.start)))
        })
    }

    /// What a copy of a range costs: where nearly every byte comes from elsewhere, more
    /// than its bytes.
    pub fn cost(&self, range: Range<usize>) -> usize {
        let first = self.0.runs.partition_point(|run| run.end as usize <= range.start);
        let last = self.0.runs.partition_point(|run| (run.end as usize) < range.end);
        let runs = if range.is_empty() { 0 } else { (last + 1).saturating_sub(first) };
        range.len().max(runs * Run::COST)
    }

    /// The source bytes behind a range.
    pub fn spans(&self, range: Range<usize>) -> Vec<Span> {
        self.runs_in(range).flat_map(|(range, origin)| origin.spans(range.len())).collect()
    }

    /// The same text for a range of bytes.
    ///
    /// # Panics
    /// When the range is not within the text.
    pub fn slice(&self, range: Range<usize>) -> Self {
        if range == (0..self.len()) {
            return self.clone();
        }
        let mut out = TextBuilder::default();
        out.push_slice(self, range);
        out.finish()
    }

    /// Another text that is computed from this one.
    pub fn derive(&self, bytes: impl Into<Vec<u8>>) -> Self {
        Self::with_origin(bytes, self.computed())
    }

    /// The origin of what is computed from the whole text.
    pub fn computed(&self) -> Origin {
        Origin::computed(self.inputs())
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
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

impl TextBuilder {
    /// The number of bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// True before the first byte.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends a text.
    pub fn push(&mut self, text: &Text) {
        self.push_slice(text, 0..text.len());
    }

    /// Appends a range of a text.
    pub fn push_slice(&mut self, text: &Text, range: Range<usize>) {
        let base = self.bytes.len();
        self.bytes.extend_from_slice(&text.bytes()[range.clone()]);
        for (run, origin) in text.runs_in(range.clone()) {
            self.run(base + run.end - range.start, origin);
        }
    }

    /// Appends bytes with an origin.
    pub fn push_bytes(&mut self, bytes: &[u8], origin: Origin) {
        self.bytes.extend_from_slice(bytes);
        self.run(self.bytes.len(), origin);
    }

    /// Appends text from no file.
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes(), Origin::None);
    }

    /// The text.
    pub fn finish(self) -> Text {
        Text(Rc::new(Inner { bytes: self.bytes, runs: self.runs }))
    }

    fn run(&mut self, end: usize, origin: Origin) {
        let last_start =
            self.runs.len().checked_sub(2).map_or(0, |index| self.runs[index].end as usize);
        match self.runs.last_mut() {
            Some(last) if last.end as usize == end => {}
            Some(last) if last.origin.goes_on(last.end as usize - last_start, &origin) => {
                last.end = end as u32
            }
            None if end == 0 => {}
            _ => self.runs.push(Run { end: end as u32, origin }),
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
