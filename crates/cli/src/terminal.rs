//! What the terminal is and wants, and writing to it.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use report::escape::is_hostile;
use std::borrow::Cow;
use std::env;
use std::io::{self, IsTerminal, Write};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Color {
    /// On a terminal that wants them.
    #[default]
    Auto,
    Always,
    Never,
}

impl ValueEnum for Color {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Always, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Auto => (
                "auto",
                "On a terminal, unless `NO_COLOR` is set or the terminal is `dumb`; \
                 `CLICOLOR_FORCE` asks for them everywhere",
            ),
            Self::Always => ("always", "Always"),
            Self::Never => ("never", "Never"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// How output for a person is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether colours and links are drawn.
    pub(crate) color: bool,
    /// Columns to use.
    pub(crate) width: usize,
}

/// Columns where nothing tells better: output that is piped reads well there.
const USUAL_WIDTH: usize = 100;

impl Style {
    /// For standard output.
    pub(crate) fn of_stdout(color: Color) -> Self {
        Self::of(color, io::stdout().is_terminal(), |name| {
            env::var_os(name).map(|value| value.to_string_lossy().into_owned())
        })
    }

    /// For a file.
    pub(crate) fn plain() -> Self {
        Self { color: false, width: USUAL_WIDTH }
    }

    /// <https://no-color.org>, <https://bixense.com/clicolors>.
    fn of(color: Color, terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto
                if variable("CLICOLOR_FORCE").is_some_and(|v| v != "0" && !v.is_empty()) =>
            {
                true
            }
            Color::Auto => terminal && variable("TERM").is_none_or(|term| term != "dumb"),
        };
        // Asking the terminal itself takes a system call that safe Rust has
        // not got; shells that export their width are believed.
        let width = variable("COLUMNS").and_then(|columns| columns.parse().ok());
        let width = width.filter(|_| terminal).unwrap_or(USUAL_WIDTH).clamp(40, 240);
        Self { color, width }
    }
}

/// Writes to standard output. A reader that goes away (`| head`) has read what
/// it wants, so that is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes to standard error; when that cannot be, there is nowhere to say so.
pub fn say(text: &str) {
    io::stderr().lock().write_all(text.as_bytes()).ok();
}

/// A text without control characters, which could drive the terminal, and without marks
/// that turn its direction, by which one name passes for another.
pub fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    text.chars().for_each(|c| put(&mut safe, c));
    safe
}

fn put(safe: &mut String, c: char) {
    if c != '\n' && (c == '\t' || is_hostile(c)) {
        safe.extend(c.escape_unicode());
    } else {
        safe.push(c);
    }
}

/// A text with the lines of files: to a program as it is, for it may apply it, and without
/// what drives it to a terminal. Tabs and the ends of Windows' lines are shown as ever.
fn lines_of_files(text: &str, is_terminal: bool) -> Cow<'_, str> {
    if !is_terminal {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\t' => safe.push(c),
            '\r' if rest.peek() == Some(&'\n') => safe.push(c),
            c => put(&mut safe, c),
        }
    }
    Cow::Owned(safe)
}

/// Writes a text with the lines of files to standard output, for instance a diff.
pub(crate) fn print_lines_of_files(text: &str) -> io::Result<()> {
    print(&lines_of_files(text, io::stdout().is_terminal()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        let of = |color, terminal, variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
            };
            Style::of(color, terminal, variable)
        };
        assert!(of(Color::Auto, true, &[]).color);
        assert!(!of(Color::Auto, false, &[]).color);
        assert!(!of(Color::Auto, true, &[("NO_COLOR", "1")]).color);
        assert!(of(Color::Auto, true, &[("NO_COLOR", "")]).color);
        assert!(!of(Color::Auto, true, &[("TERM", "dumb")]).color);
        assert!(of(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]).color);
        assert!(!of(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]).color);
        assert!(!of(Color::Auto, true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]).color);
        assert!(of(Color::Always, false, &[("NO_COLOR", "1")]).color);
        assert!(!of(Color::Never, true, &[]).color);
        assert_eq!(of(Color::Auto, true, &[("COLUMNS", "132")]).width, 132);
        assert_eq!(of(Color::Auto, true, &[("COLUMNS", "2")]).width, 40);
        assert_eq!(of(Color::Auto, false, &[("COLUMNS", "132")]).width, USUAL_WIDTH);
    }

    #[test]
    fn names_cannot_drive_the_terminal() {
        assert_eq!(harmless("a\x1b[31m\r\u{202e}b\nc é"), "a\\u{1b}[31m\\u{d}\\u{202e}b\nc é");
    }
    #[test]
    fn a_diff_drives_no_terminal_and_reaches_programs_as_it_is() {
        let diff = "--- a/f\n \tkey: a\r\n-x\ry\u{1b}]0;title\u{7}\u{202e}\n";
        assert_eq!(lines_of_files(diff, false), diff);
        let shown = "--- a/f\n \tkey: a\r\n-x\\u{d}y\\u{1b}]0;title\\u{7}\\u{202e}\n";
        assert_eq!(lines_of_files(diff, true), shown);
    }
}
