//! References that are spelled in a template: in the strings of its actions, and in the
//! text between them.

use super::lines::ACTION;
use super::sites::Reader;
use crate::extract::found::{Extraction, Found};
use crate::extract::fragment::Fragment;
use crate::extract::scan::{self, Demand};
use crate::model::{Evidence, Part};
use go_template::{Action, StringLiteral, Token};
use image_ref::Reference;
use std::ops::Range;

impl Reader<'_> {
    /// References in the string literals of an action.
    pub(super) fn strings(&self, action: &Action, out: &mut Extraction) {
        let with_path = |literal: &&StringLiteral| literal.value.contains('/');
        let mut literals = action.tokens.iter().filter_map(Token::string).filter(with_path);
        // Most actions have none, and the look around is dear.
        let Some(first) = literals.next() else { return };
        if self.stands_in_comment(action) || compares(self.fragment.text, action) {
            return;
        }
        for literal in std::iter::once(first).chain(literals) {
            let text = literal.value.as_str();
            let prose = text.contains(char::is_whitespace)
                || text.contains('%')
                || text.ends_with(['/', ':', '-']);
            let demand = if prose { Demand::RegistryAndVersion } else { Demand::Registry };
            let literal = Fragment::literal(self.fragment, literal);
            for range in scan::references(literal.text, demand, self.lookup.registries) {
                if let Ok(mut found) = Found::in_one_piece(&literal, range, Evidence::Literal) {
                    found.role = self.role();
                    out.images.push(found);
                }
            }
        }
    }

    /// True on a line whose first character is `#`.
    fn stands_in_comment(&self, action: &Action) -> bool {
        let before = &self.masked[..action.span.start];
        let line = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        before[line..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'#')
    }

    /// References in literal text outside the lines that were read.
    pub(super) fn literal_text(&self, taken: &[Range<usize>], out: &mut Extraction) {
        let Ok(masked) = std::str::from_utf8(&self.masked) else { return };
        for range in scan::references(masked, Demand::Registry, self.lookup.registries) {
            let at = taken.partition_point(|value| value.end <= range.start);
            if taken.get(at).is_some_and(|value| value.start < range.end)
                || self.descriptions.iter().any(|document| document.contains(&range.start))
            {
                continue;
            }
            let versioned = Reference::parse(&masked[range.clone()])
                .is_ok_and(|r| r.tag().is_some() || r.digest().is_some());
            let action_follows =
                matches!(self.masked.get(range.end..range.end + 2), Some([b':' | b'@', ACTION]));
            if !versioned && !action_follows {
                continue;
            }
            if let Ok(mut found) = Found::in_one_piece(self.fragment, range, Evidence::Literal) {
                if action_follows {
                    found.unknown.push(Part::Tag);
                }
                found.role = self.role();
                out.images.push(found);
            }
        }
    }
}

/// True when the strings of an action are compared with an image rather than used as one.
fn compares(text: &str, action: &Action) -> bool {
    const WORDS: [&str; 14] = [
        "hasPrefix",
        "hasSuffix",
        "contains",
        "eq",
        "ne",
        "trimPrefix",
        "trimSuffix",
        "replace",
        "regexMatch",
        "regexReplaceAll",
        "regexFind",
        "has",
        "fail",
        "define",
    ];
    let test = |token: &Token| WORDS.contains(&&text[token.span.clone()]);
    action.tokens.iter().any(test)
}
