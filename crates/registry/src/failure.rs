//! Why a question has no answer.

use std::fmt;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of reason.
    pub reason: Reason,
    /// The registry's words, or what was seen; harmless to print.
    pub said: String,
}

/// The kinds of reasons, never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The registry says that it has no such tag or digest.
    MissingTag,
    /// The registry says that it has no such repository.
    MissingRepository,
    /// The registry does not tell it to who asks.
    Unauthorised,
    /// The registry wants to be asked less often, or later.
    Throttled,
    /// No answer that can be used: no connection, an error of the registry's own, an answer
    /// that is cut, too large or wrong.
    Unreachable,
    /// The run was over before its turn came: nothing is known of it.
    NotAsked,
}

/// The most of a registry's words that is kept, in characters.
const MOST_WORDS: usize = 300;

impl Failure {
    pub(crate) fn new(reason: Reason, said: impl AsRef<str>) -> Self {
        Self { reason, said: harmless(said.as_ref()) }
    }

    pub(crate) fn unreachable(said: impl AsRef<str>) -> Self {
        Self::new(Reason::Unreachable, said)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Failure {}

/// Words of a stranger: one line, of bounded length, that cannot drive a terminal.
pub(crate) fn harmless(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || turns(c));
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_WORDS) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_harmless_line() {
        assert_eq!(harmless("  a\r\n\tb \u{1b}[31mc\u{202e}d  "), "a b [31mc d");
        assert_eq!(harmless(&"x".repeat(1000)).chars().count(), MOST_WORDS + 1);
    }
}
