//! Line breaks that Helm sees and people do not.
//!
//! Helm's YAML is that of Go, where a lone carriage return, U+0085, U+2028 and
//! U+2029 end a line. Editors, reviews and Git show what follows as the rest of
//! a comment, so an image could hide there.

use super::found::Flaw;

/// The first such break of a text.
pub(crate) fn hidden_break(text: &str) -> Option<Flaw> {
    let bytes = text.as_bytes();
    let mut candidates = memchr::memchr3_iter(b'\r', 0xC2, 0xE2, bytes);
    candidates.find_map(|offset| {
        let name = match bytes[offset..] {
            [b'\r', b'\n', ..] => return None,
            [b'\r', ..] => "a carriage return without a line feed",
            [0xC2, 0x85, ..] => "U+0085 (next line)",
            [0xE2, 0x80, 0xA8, ..] => "U+2028 (line separator)",
            [0xE2, 0x80, 0xA9, ..] => "U+2029 (paragraph separator)",
            _ => return None,
        };
        Some(Flaw {
            offset,
            message: format!("{name} ends a line for Helm, though editors do not show it so"),
            help: "remove the character, so that everyone reads the same lines",
        })
    })
}

#[cfg(test)]
mod tests {
    use super::hidden_break;

    #[test]
    fn breaks_that_editors_do_not_show_are_found() {
        for (text, offset) in
            [("a\rb", 1), ("a\r\n\r", 3), ("é\u{85}", 2), ("“\u{2028}", 3), ("\u{2029}", 0)]
        {
            assert_eq!(hidden_break(text).map(|flaw| flaw.offset), Some(offset), "{text:?}");
        }
    }

    #[test]
    fn other_text_has_none() {
        assert!(hidden_break("a\r\nb\n ©“…”\r\n").is_none());
    }
}
