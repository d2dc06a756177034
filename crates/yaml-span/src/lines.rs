//! Byte offsets of the lines and columns that `yaml-rust2` counts.

/// Turns lines and columns into offsets. Asking in order is cheap.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// The last answer: line, column, offset.
    last: (usize, usize, usize),
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(1 + text.len() / 32);
        starts.push(0);
        let mut at = 0;
        while let Some(end) = memchr::memchr2(b'\n', b'\r', &bytes[at..]) {
            at += end + 1;
            // `\r\n` is one break.
            if bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
                at += 1;
            }
            starts.push(at);
        }
        Self { text, starts, last: (0, 0, 0) }
    }

    /// The offset of a line (from 1) and a column (from 0, in characters). The
    /// end of the text when there is no such place.
    pub(crate) fn offset(&mut self, line: usize, column: usize) -> usize {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else { return self.text.len() };
        let (from, skip) = match self.last {
            (l, c, offset) if l == line && c <= column => (offset, column - c),
            _ => (start, column),
        };
        let rest = &self.text[from..];
        let head = &rest.as_bytes()[..skip.min(rest.len())];
        let length = if head.is_ascii() {
            head.len()
        } else {
            rest.char_indices().nth(skip).map_or(rest.len(), |(offset, _)| offset)
        };
        self.last = (line, column, from + length);
        from + length
    }
}
