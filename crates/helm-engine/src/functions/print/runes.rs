//! Go's runes: the characters of bytes that need not be UTF-8.

/// The first character and its length. A byte that begins none is U+FFFD of
/// length 1.
pub(in crate::functions) fn decode(bytes: &[u8]) -> (char, usize) {
    let length = match bytes.first() {
        None => return (char::REPLACEMENT_CHARACTER, 0),
        Some(byte @ 0..0x80) => return (*byte as char, 1),
        Some(0x80..0xe0) => 2,
        Some(0xe0..0xf0) => 3,
        Some(_) => 4,
    };
    bytes
        .get(..length)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .and_then(|text| text.chars().next())
        .map_or((char::REPLACEMENT_CHARACTER, 1), |character| (character, length))
}

/// The number of characters.
pub(in crate::functions) fn count(bytes: &[u8]) -> usize {
    let of_chunk =
        |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().count() + chunk.invalid().len();
    bytes.utf8_chunks().map(of_chunk).sum()
}

/// The length of the first `most` characters.
pub(in crate::functions) fn prefix(bytes: &[u8], most: usize) -> usize {
    if most >= bytes.len() {
        return bytes.len();
    }
    let mut end = 0;
    for _ in 0..most {
        match decode(&bytes[end..]) {
            (_, 0) => break,
            (_, length) => end += length,
        }
    }
    end
}

/// Go's `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the
/// blank.
pub(in crate::functions) fn is_print(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    // In the middle of a text, Rust escapes just what is not printable.
    let mut text = [b'a'; 5];
    let length = character.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..=length])
        .is_ok_and(|text| text.escape_debug().nth(1) == Some(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_no_utf_8_is_one_character() {
        assert_eq!(decode("é".as_bytes()), ('é', 2));
        assert_eq!(decode(b"\xc3"), ('\u{fffd}', 1));
        assert_eq!(decode(b"\xe2\x82"), ('\u{fffd}', 1));
        assert_eq!(count(b"a\xe2\x82\xc3\xa9"), 4);
        assert_eq!(prefix(b"a\xe2\x82\xc3\xa9b", 4), 5);
        assert_eq!(prefix(b"ab", 9), 2);
        assert_eq!(prefix("éé".as_bytes(), 1), 2);
    }

    #[test]
    fn printable_is_what_go_prints() {
        for (character, printable) in [
            ('a', true),
            (' ', true),
            ('\u{7f}', false),
            ('\u{a0}', false),
            ('\u{ad}', false),
            ('é', true),
            ('\u{301}', true),
            ('\u{200b}', false),
            ('\u{2028}', false),
            ('\u{feff}', false),
            ('\u{1f600}', true),
            ('\u{e000}', false),
            ('\u{10ffff}', false),
            ('"', true),
            ('\\', true),
        ] {
            assert_eq!(is_print(character), printable, "{character:?}");
        }
    }
}
