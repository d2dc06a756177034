//! Go's `filepath.Match`, by which Helm reads the patterns of `.helmignore`.

use std::iter::Peekable;
use std::str::Chars;

/// A compiled pattern. `*` and `?` stop at `/`; a class does not.
#[derive(Debug, Clone)]
pub(super) struct Glob {
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
enum Item {
    Star,
    Any,
    Char(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// `None` where Go says `syntax error in pattern`.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let mut items = Vec::new();
        let mut rest = pattern.chars().peekable();
        while let Some(c) = rest.next() {
            items.push(match c {
                '*' => Item::Star,
                '?' => Item::Any,
                '\\' => Item::Char(rest.next()?),
                '[' => class(&mut rest)?,
                c => Item::Char(c),
            });
        }
        Some(Self { items })
    }

    /// Whether the pattern matches the whole text. Time is at most pattern ×
    /// text: only the last `*` is tried again, as in Go.
    pub(super) fn matches(&self, text: &str) -> bool {
        // Most patterns are endings of names (`*.bak`), which most names do not have.
        if let Some(Item::Char(last)) = self.items.last()
            && !text.ends_with(*last)
        {
            return false;
        }
        let mut item = 0;
        let mut rest = text.chars();
        let mut star: Option<(usize, Chars<'_>)> = None;
        loop {
            let mut ahead = rest.clone();
            match (self.items.get(item), ahead.next()) {
                (None, None) => return true,
                (Some(Item::Star), _) => {
                    item += 1;
                    star = Some((item, rest.clone()));
                    continue;
                }
                (Some(own), Some(c)) if own.takes(c) => {
                    item += 1;
                    rest = ahead;
                    continue;
                }
                _ => {}
            }
            let Some((after, from)) = &mut star else { return false };
            if from.next().is_none_or(|c| c == '/') {
                return false;
            }
            item = *after;
            rest = from.clone();
        }
    }
}

impl Item {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Star => false,
            Self::Any => c != '/',
            Self::Char(own) => *own == c,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|&(low, high)| low <= c && c <= high) != *negated
            }
        }
    }
}

fn class(rest: &mut Peekable<Chars<'_>>) -> Option<Item> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    while ranges.is_empty() || rest.next_if_eq(&']').is_none() {
        let low = class_char(rest)?;
        let high = match rest.next_if_eq(&'-') {
            Some(_) => class_char(rest)?,
            None => low,
        };
        ranges.push((low, high));
    }
    Some(Item::Class { negated, ranges })
}

/// One end of a range; something must follow it, at least the closing bracket.
fn class_char(rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    let c = match rest.next()? {
        '-' | ']' => return None,
        '\\' => rest.next()?,
        c => c,
    };
    rest.peek().map(|_| c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, text: &str) -> Option<bool> {
        Glob::new(pattern).map(|glob| glob.matches(text))
    }

    /// From the table of Go's own tests of `filepath.Match`.
    #[test]
    fn as_go_has_it() {
        for (pattern, text, expected) in [
            ("abc", "abc", Some(true)),
            ("*", "abc", Some(true)),
            ("*c", "abc", Some(true)),
            ("a*", "ab/c", Some(false)),
            ("a*/b", "abc/b", Some(true)),
            ("a*/b", "a/c/b", Some(false)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", Some(true)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", Some(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Some(true)),
            ("a*b?c*x", "abxbbxdbxebxczzy", Some(false)),
            ("ab[c]", "abc", Some(true)),
            ("ab[b-d]", "abc", Some(true)),
            ("ab[e-g]", "abc", Some(false)),
            ("ab[^c]", "abc", Some(false)),
            ("a?b", "a☺b", Some(true)),
            ("a[^a][^a][^a]b", "a☺b", Some(false)),
            ("[a-ζ]*", "α", Some(true)),
            ("a?b", "a/b", Some(false)),
            ("[\\]a]", "]", Some(true)),
            ("[x\\-]", "-", Some(true)),
            ("[\\-x]", "a", Some(false)),
            ("[]a]", "]", None),
            ("[-]", "-", None),
            ("[x-]", "x", None),
            ("[-x]", "x", None),
            ("[a-b-c]", "a", None),
            ("[", "a", None),
            ("[^", "a", None),
            ("[^bc", "a", None),
            ("a[", "ab", None),
            ("\\", "a", None),
            ("*x", "xxx", Some(true)),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_text_matches_itself(pattern in "\\PC{0,12}", text in "[a-z/.é]{0,20}") {
            matches(&pattern, &text);
            prop_assert_eq!(matches(&text, &text), Some(true));
        }
    }
}
