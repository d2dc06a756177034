//! What a scalar holds that decides how it may be written.

use super::super::order::Dialect;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// The styles that a scalar allows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Analysis {
    /// It has line breaks.
    pub(super) multiline: bool,
    plain: bool,
    single_quoted: bool,
    literal: bool,
}

/// A line break to Go's YAML packages.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What double quotes need not escape.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

impl Analysis {
    pub(super) fn of(value: &str, dialect: Dialect) -> Self {
        if value.is_empty() {
            return Self { multiline: false, plain: true, single_quoted: true, literal: false };
        }
        let mut indicators = value.starts_with("---") || value.starts_with("...");
        let (mut breaks, mut special, mut tabs) = (false, false, false);
        let (mut edge_blank, mut trailing_space) = (false, false);
        let (mut break_space, mut space_break) = (false, false);
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        let mut chars = value.chars().peekable();
        let mut first = true;
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let before_blank = matches!(next, None | Some(' ' | '\t'));
            indicators |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => first,
                '#' => after_blank,
                '?' | '-' => first && before_blank,
                ':' => before_blank,
                _ => false,
            };
            match c {
                '\t' if dialect == Dialect::V3 => tabs = true,
                c => special |= !is_printable(c),
            }
            let edge = first || next.is_none();
            if c == ' ' {
                edge_blank |= edge;
                trailing_space |= next.is_none();
                break_space |= after_break;
                (after_space, after_break) = (true, false);
            } else if is_break(c) {
                breaks = true;
                edge_blank |= edge;
                space_break |= after_space;
                (after_space, after_break) = (false, true);
            } else {
                (after_space, after_break) = (false, false);
            }
            after_blank = matches!(c, ' ' | '\t' | '\0') || is_break(c);
            first = false;
        }
        let unquotable = space_break || special;
        Self {
            multiline: breaks,
            plain: !(edge_blank || break_space || unquotable || tabs || breaks || indicators),
            single_quoted: !(break_space || unquotable || tabs),
            literal: !(trailing_space || unquotable),
        }
    }

    /// The style that a wish comes down to.
    pub(super) fn style(&self, wish: Style) -> Style {
        match wish {
            Style::Plain if self.plain => Style::Plain,
            Style::Plain | Style::SingleQuoted if self.single_quoted => Style::SingleQuoted,
            Style::Literal if self.literal => Style::Literal,
            _ => Style::DoubleQuoted,
        }
    }
}
