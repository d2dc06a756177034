//! The order of a map's keys in YAML: numbers in keys count as numbers.

use std::cmp::Ordering;

/// Which of Go's YAML packages writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `go.yaml.in/yaml/v2`: `toYaml`.
    V2,
    /// `go.yaml.in/yaml/v3`: `toYamlPretty`.
    V3,
}

/// Sorts as Go's YAML package does. The relation need not be an order for every
/// set of keys (long rows of digits overflow), which the standard sort may not be given.
pub(super) fn sort<T>(items: Vec<T>, dialect: Dialect, key: impl Fn(&T) -> &str) -> Vec<T> {
    let in_order = items.windows(2).all(|pair| less(key(&pair[0]), key(&pair[1]), dialect));
    if in_order {
        return items;
    }
    let mut runs: Vec<Vec<T>> = items.into_iter().map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(first) = rest.next() {
            merged.push(match rest.next() {
                Some(second) => merge(first, second, |a, b| less(key(a), key(b), dialect)),
                None => first,
            });
        }
        runs = merged;
    }
    runs.pop().unwrap_or_default()
}

fn merge<T>(first: Vec<T>, second: Vec<T>, less: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut out = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some(a), Some(b)) = (first.peek(), second.peek()) {
        let next = if less(b, a) { second.next() } else { first.next() };
        out.extend(next);
    }
    out.extend(first);
    out.extend(second);
    out
}

fn less(a: &str, b: &str, dialect: Dialect) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return compare(a.as_bytes(), b.as_bytes(), dialect, |byte| char::from(*byte));
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    compare(&a, &b, dialect, |c| *c)
}

fn compare<T: PartialEq>(a: &[T], b: &[T], dialect: Dialect, of: impl Fn(&T) -> char) -> bool {
    let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (Some(x), Some(y)) = (a.get(common), b.get(common)) else { return a.len() < b.len() };
    let (x, y) = (of(x), of(y));
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (false, false) => {}
        (x_is_letter, y_is_letter) => {
            let behind_digit = common.checked_sub(1).is_some_and(|i| is_digit(of(&a[i])));
            let letter_first = dialect == Dialect::V3 && behind_digit;
            return if letter_first { x_is_letter } else { y_is_letter };
        }
    }
    // Zeros behind other digits are part of a number, in front of them they are not.
    let mut start: i64 = 0;
    if x == '0' || y == '0' {
        let before = a[..common].iter().rev().map(&of).take_while(|&c| is_digit(c));
        start = i64::from(before.into_iter().any(|c| c != '0'));
    }
    let number = |text: &[T]| {
        let digits = text[common..].iter().map(&of).take_while(|&c| is_digit(c));
        digits.fold((start, 0_usize), |(number, length), c| {
            let digit = i64::from(c as u32) - i64::from('0' as u32);
            (number.wrapping_mul(10).wrapping_add(digit), length + 1)
        })
    };
    let ((x_number, x_length), (y_number, y_length)) = (number(a), number(b));
    x_number.cmp(&y_number).then(x_length.cmp(&y_length)).then(x.cmp(&y)) == Ordering::Less
}

/// Go's `unicode.IsDigit`, of which only these occur in practice; the others
/// are told by what Rust calls numeric and is no letter-like number.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && is_decimal(c))
}

/// The first digit of each row of ten in Unicode's category Nd below U+10000.
const ZEROS: [u32; 37] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0,
];

fn is_decimal(c: char) -> bool {
    let code = c as u32;
    ZEROS.iter().any(|&zero| (zero..zero + 10).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_in_natural_order() {
        let keys = ["b", "a10", "a9", "a", "2", "10", "1", "A", "a1", "-", "_", "é", "ab"];
        let sorted = sort(keys.to_vec(), Dialect::V2, |key| key);
        // As real Helm printed them. With `a01` and `a1b` among them its order
        // changes from one call to the next.
        let expected = ["-", "_", "1", "2", "10", "A", "a", "a1", "a9", "a10", "ab", "b", "é"];
        assert_eq!(sorted, expected);
    }
}
