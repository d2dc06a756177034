//! Where a number of an action ends.

use crate::letters::word;

/// A number as Go's lexer cuts it: what it is worth, and whether it is worth
/// anything (`089` is not), is the parser's matter.
pub(crate) struct Scan {
    /// The bytes that it takes.
    pub(crate) length: usize,
    /// Where the imaginary part of a complex number (`1+2i`) begins, with its sign.
    pub(crate) imaginary: Option<usize>,
    /// It is no number: a letter follows it, or what is added to it is not imaginary.
    pub(crate) bad: bool,
}

/// Scans the number at the start of a text.
pub(crate) fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let real = part(bytes);
    let follows = word(&text[real..]);
    if follows > 0 {
        return Scan { length: real + follows, imaginary: None, bad: true };
    }
    if !matches!(bytes.get(real), Some(b'+' | b'-')) {
        return Scan { length: real, imaginary: None, bad: false };
    }
    let length = real + part(&bytes[real..]);
    let follows = word(&text[length..]);
    let bad = follows > 0 || bytes[length - 1] != b'i';
    Scan { length: length + follows, imaginary: Some(real), bad }
}

/// The length of a real or imaginary number: a sign, a prefix, digits, a
/// fraction, an exponent, an `i`; every one may be missing.
fn part(bytes: &[u8]) -> usize {
    let mut at = 0;
    let take = |at: &mut usize, set: &[u8]| {
        let found = bytes.get(*at).is_some_and(|b| set.contains(b));
        *at += usize::from(found);
        found
    };
    let decimal: fn(&u8) -> bool = |b| b.is_ascii_digit() || *b == b'_';
    let mut digits = decimal;
    let (mut exponent, mut has_exponent): (&[u8], bool) = (b"eE", true);
    take(&mut at, b"+-");
    if take(&mut at, b"0") {
        if take(&mut at, b"xX") {
            digits = |b| b.is_ascii_hexdigit() || *b == b'_';
            exponent = b"pP";
        } else if take(&mut at, b"oO") {
            digits = |b| matches!(b, b'0'..=b'7' | b'_');
            has_exponent = false;
        } else if take(&mut at, b"bB") {
            digits = |b| matches!(b, b'0' | b'1' | b'_');
            has_exponent = false;
        }
    }
    let run = |at: &mut usize, of: fn(&u8) -> bool| {
        *at += bytes[*at..].iter().take_while(|b| of(b)).count();
    };
    run(&mut at, digits);
    if take(&mut at, b".") {
        run(&mut at, digits);
    }
    if has_exponent && take(&mut at, exponent) {
        take(&mut at, b"+-");
        run(&mut at, decimal);
    }
    take(&mut at, b"i");
    at
}
