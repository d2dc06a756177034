//! The patterns of `.Files.Glob`: those of Go's package gobwas/glob, where `*`
//! stops at `/` and `**` does not.

use regex::bytes::Regex;
use std::fmt::Write;

/// A pattern. One that is no pattern matches everything, as in Helm.
pub(super) struct Glob(Option<Regex>);

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        Self(translate(pattern).and_then(|regex| Regex::new(&regex).ok()))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(path.as_bytes()))
    }
}

/// The same as a regular expression; none where the pattern is none.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::from("(?s)^");
    let mut rest = pattern.chars().peekable();
    let mut open = 0_usize;
    while let Some(character) = rest.next() {
        match character {
            '*' => {
                let mut any = false;
                while rest.next_if_eq(&'*').is_some() {
                    any = true;
                }
                out.push_str(if any { ".*" } else { "[^/]*" });
            }
            '?' => out.push_str("[^/]"),
            '{' => {
                open += 1;
                out.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                out.push(')');
            }
            ',' if open > 0 => out.push('|'),
            '[' => class(&mut rest, &mut out)?,
            '\\' => literal(rest.next()?, &mut out),
            other => literal(other, &mut out),
        }
    }
    (open == 0).then(|| out + "$")
}

fn literal(character: char, out: &mut String) {
    out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
}

/// `[abc]`, `[a-z]`, `[!a-z]`.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    let negated = rest.next_if_eq(&'!').is_some();
    out.push_str(if negated { "[^" } else { "[" });
    let mut any = false;
    loop {
        match rest.next()? {
            ']' if any => break,
            '-' if any && rest.peek() != Some(&']') => out.push('-'),
            '\\' => write!(out, "\\x{{{:x}}}", rest.next()? as u32).ok()?,
            other => write!(out, "\\x{{{:x}}}", other as u32).ok()?,
        }
        any = true;
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stop_at_slashes_and_double_stars_do_not() {
        for (pattern, path, matches) in [
            ("*", "a.txt", true),
            ("*", "a/b.txt", false),
            ("**", "a/b.txt", true),
            ("conf/*.yaml", "conf/a.yaml", true),
            ("conf/*.yaml", "conf/b/a.yaml", false),
            ("conf/**.yaml", "conf/b/a.yaml", true),
            ("conf/**/*.yaml", "conf/a.yaml", false),
            ("{a,b}.txt", "b.txt", true),
            ("[!a].txt", "a.txt", false),
            ("[a-c].txt", "b.txt", true),
            ("a.txt", "aXtxt", false),
            ("{a", "anything", true),
        ] {
            assert_eq!(Glob::new(pattern).matches(path), matches, "{pattern} {path}");
        }
    }
}
