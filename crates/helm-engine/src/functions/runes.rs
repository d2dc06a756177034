//! Go's characters (runes): where they begin and end, and of what kind they are.

use super::print;
use std::ops::Range;

/// The characters of bytes as Go decodes them: each byte that is not UTF-8 is
/// U+FFFD by itself.
pub(super) fn runes(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (character, length) = decode(bytes.get(at..)?)?;
        let range = at..at + length;
        at = range.end;
        Some((range, character))
    })
}

/// The first character and the number of its bytes.
pub(super) fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    Some(print::runes::decode(bytes)).filter(|(_, length)| *length > 0)
}

/// The last character and the number of its bytes.
pub(super) fn decode_last(bytes: &[u8]) -> Option<(char, usize)> {
    let mut start = bytes.len().checked_sub(1)?;
    while start > 0 && bytes.len() - start < 4 && bytes[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    match decode(&bytes[start..]) {
        Some((character, length)) if start + length == bytes.len() => Some((character, length)),
        _ => Some((char::REPLACEMENT_CHARACTER, 1)),
    }
}

/// `unicode.ToUpper`: one character for one.
pub(super) fn to_upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => shifted_iota(c),
    }
}

/// `unicode.ToTitle`
pub(super) fn to_title(c: char) -> char {
    match c {
        // Letters of two: Ǆ, ǅ, ǆ and the like have a form of their own.
        '\u{1C4}'..='\u{1C6}' => '\u{1C5}',
        '\u{1C7}'..='\u{1C9}' => '\u{1C8}',
        '\u{1CA}'..='\u{1CC}' => '\u{1CB}',
        '\u{1F1}'..='\u{1F3}' => '\u{1F2}',
        // Georgian has capitals but no title case.
        '\u{10D0}'..='\u{10FF}' => c,
        _ => to_upper(c),
    }
}

/// `unicode.ToLower`
pub(super) fn to_lower(c: char) -> char {
    // Of all capitals only İ becomes two characters, and the first is Go's.
    c.to_lowercase().next().unwrap_or(c)
}

/// Greek letters with an iota below: alone, their capital is another single
/// character; in full it would be two.
fn shifted_iota(c: char) -> char {
    let by = match c {
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => 8,
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => 9,
        _ => 0,
    };
    char::from_u32(c as u32 + by).unwrap_or(c)
}

/// `unicode.IsUpper`: the category Lu, which is less than Unicode's Uppercase.
pub(super) fn is_upper(c: char) -> bool {
    c.is_uppercase()
        && !matches!(c, '\u{2160}'..='\u{216F}' | '\u{24B6}'..='\u{24CF}' | '\u{1F130}'..='\u{1F189}')
}

/// `unicode.IsTitle`: the category Lt.
pub(super) fn is_title(c: char) -> bool {
    matches!(c, '\u{1C5}' | '\u{1C8}' | '\u{1CB}' | '\u{1F2}' | '\u{1F88}'..='\u{1F8F}'
        | '\u{1F98}'..='\u{1F9F}' | '\u{1FA8}'..='\u{1FAF}' | '\u{1FBC}' | '\u{1FCC}' | '\u{1FFC}')
}

/// `unicode.IsLower`: the category Ll, which is less than Unicode's Lowercase.
pub(super) fn is_lower(c: char) -> bool {
    c.is_lowercase()
        && !matches!(c, 'ª' | 'º' | '\u{2B0}'..='\u{2E4}' | '\u{345}' | '\u{37A}'
            | '\u{10FC}' | '\u{1D2C}'..='\u{1D6A}' | '\u{1D78}' | '\u{1D9B}'..='\u{1DBF}'
            | '\u{2071}' | '\u{207F}' | '\u{2090}'..='\u{209C}' | '\u{2170}'..='\u{217F}'
            | '\u{24D0}'..='\u{24E9}' | '\u{2C7C}' | '\u{2C7D}' | '\u{A69C}' | '\u{A69D}'
            | '\u{A770}' | '\u{A7F2}'..='\u{A7F4}' | '\u{A7F8}' | '\u{A7F9}'
            | '\u{AB5C}'..='\u{AB5F}' | '\u{AB69}' | '\u{10780}'..='\u{107BA}'
            | '\u{1E030}'..='\u{1E06D}')
}

/// `unicode.IsPunct`: exact for ASCII and the blocks that text is written with.
pub(super) fn is_punctuation(c: char) -> bool {
    match c {
        '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~' => false,
        '\0'..='\x7F' => c.is_ascii_punctuation(),
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' => true,
        '\u{2044}' | '\u{2052}' => false,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' => true,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301F}' => true,
        '\u{FF01}'..='\u{FF03}' | '\u{FF05}'..='\u{FF0A}' | '\u{FF0C}'..='\u{FF0F}' => true,
        '\u{FF1A}' | '\u{FF1B}' | '\u{FF1F}' | '\u{FF20}' | '\u{FF3B}'..='\u{FF3D}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_characters_stand_alone() {
        let found: Vec<_> = runes(b"a\xe2\x82\xc3\xa9\xff").map(|(range, _)| range).collect();
        assert_eq!(found, [0..1, 1..2, 2..3, 3..5, 5..6]);
        assert_eq!(decode_last("aé".as_bytes()), Some(('é', 2)));
        assert_eq!(decode_last(b"a\xa9"), Some((char::REPLACEMENT_CHARACTER, 1)));
        assert_eq!(decode_last(b""), None);
    }

    #[test]
    fn one_character_gives_one() {
        assert_eq!(['ß', 'ŉ', 'ᾳ', 'ᾀ', 'ǆ'].map(to_upper), ['ß', 'ŉ', 'ᾼ', 'ᾈ', 'Ǆ']);
        assert_eq!(to_lower('İ'), 'i');
        assert_eq!(['ǆ', 'ა', 'é'].map(to_title), ['ǅ', 'ა', 'É']);
    }
}
