//! Text that libyaml reads and `yaml-rust2` refuses.
//!
//! Inside brackets and quotes libyaml does not care how far a line is indented;
//! `yaml-rust2` wants it deeper than the parent. Charts have such lines, and Helm
//! reads them. So a line that is refused is given more indentation, in the copy
//! that the parser sees, and its columns are counted back.

use std::collections::BTreeMap;

/// Lines that may be padded in one text.
const MOST_LINES: usize = 32;
/// What the parser says of a line inside brackets that is not deep enough.
const IN_BRACKETS: &str = "invalid indentation";
/// Texts that are longer than this are read once more at most.
const LONG_TEXT: usize = 1 << 20;

/// Blanks that were put before lines (from 1).
#[derive(Debug, Default, Clone)]
pub(crate) struct Padding {
    lines: BTreeMap<usize, usize>,
}

impl Padding {
    /// The column in the text for one of the padded copy.
    pub(crate) fn column(&self, line: usize, column: usize) -> usize {
        column.saturating_sub(self.lines.get(&line).copied().unwrap_or(0))
    }

    /// Pads one more line. False when that cannot help: it is padded, begins
    /// nothing that brackets or quotes could hold, or there are too many.
    pub(crate) fn add(&mut self, text: &str, line: usize, message: &str) -> bool {
        let most = if text.len() > LONG_TEXT { 1 } else { MOST_LINES };
        let mut before = text.lines().take(line.saturating_sub(1));
        let Some(current) = text.lines().nth(line.saturating_sub(1)) else { return false };
        let looks_like_block = current.trim_start().starts_with('-')
            || current.contains(": ")
            || current.trim_end().ends_with(':');
        let in_brackets = message == IN_BRACKETS || current.trim_start().starts_with([']', '}']);
        if self.lines.len() >= most
            || self.lines.contains_key(&line)
            || (looks_like_block && !in_brackets)
        {
            return false;
        }
        let deepest =
            before.by_ref().map(|l| l.len() - l.trim_start_matches(' ').len()).max().unwrap_or(0);
        self.lines.insert(line, deepest + 1);
        true
    }

    /// The copy for the parser.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut padded = String::with_capacity(text.len() + 64);
        for (index, line) in text.split_inclusive('\n').enumerate() {
            if let Some(&blanks) = self.lines.get(&(index + 1)) {
                padded.extend(std::iter::repeat_n(' ', blanks));
            }
            padded.push_str(line);
        }
        padded
    }
}
