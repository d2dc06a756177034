//! `chart-images: allow RULE[, RULE…] [until YYYY-MM-DD] -- REASON`.

use super::{MARKER, NEVER_SUPPRESSED};
use crate::date::Date;
use crate::suggest::closest;
use std::ops::Range;

/// A comment that permits the findings of some rules on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The rules it permits.
    pub rules: Vec<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why; never empty.
    pub reason: String,
    /// The bytes of the suppression in the file, from its marker to its end.
    pub span: Range<usize>,
    /// The line that it permits findings on, from 1.
    pub line: u32,
    /// Its words with single blanks, by which it is known to a revision.
    pub text: String,
}

impl Suppression {
    /// Whether its last day is over.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    /// Whether it permits a finding of this rule on this line (from 1).
    pub fn permits(&self, rule: &str, line: u32, today: Date) -> bool {
        self.line == line && !self.expired(today) && self.rules.iter().any(|r| r == rule)
    }
}

/// A comment that means to suppress and does not say it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The bytes at fault in the file.
    pub span: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// Reads one comment; `None` when it is about something else.
pub(super) fn parse(
    text: &str,
    comment: Range<usize>,
    rules: &[&str],
) -> Option<Result<Suppression, Malformed>> {
    let body = inside(text, comment)?;
    let mut words = Words { text, at: body.start, end: body.end };
    let rest = words.rest().strip_prefix(MARKER)?;
    words.at += MARKER.len();
    if let Some(after) = rest.trim_start().strip_prefix(':') {
        words.at = body.end - after.len();
    } else {
        // `chart-images allow …` means to suppress; a sentence about the tool does not.
        let next = rest.starts_with(char::is_whitespace).then(|| words.clone().next()).flatten()?;
        if !matches!(&text[next], "allow" | "ignore" | "disable" | "suppress") {
            return None;
        }
        let message = format!("a colon is missing after `{MARKER}`");
        return Some(Err(malformed(body.start..body.start + MARKER.len(), message)));
    }
    Some(statement(words, body, rules))
}

fn statement(
    mut words: Words<'_>,
    body: Range<usize>,
    rules: &[&str],
) -> Result<Suppression, Malformed> {
    let text = words.text;
    let Some(verb) = words.next() else {
        return Err(malformed(body, format!("nothing follows `{MARKER}:`")));
    };
    if &text[verb.clone()] != "allow" {
        let message = format!("`{}` is no word of a suppression", &text[verb.clone()]);
        return Err(malformed(verb, message));
    }
    let mut allowed = Vec::new();
    let mut until = None;
    let reason = loop {
        let Some(word) = words.next() else {
            return Err(malformed(body, "the suppression gives no reason".into()));
        };
        match &text[word.clone()] {
            "--" => break words.rest(),
            "until" => until = Some(date(&mut words, word)?),
            "," => {}
            _ if until.is_some() => {
                let message = format!("`{}` stands after the date", &text[word.clone()]);
                return Err(malformed(word, message));
            }
            rule => {
                check_rule(rule, word, rules)?;
                allowed.push(rule.to_owned());
            }
        }
    };
    let reason = single_blanks(reason);
    if allowed.is_empty() {
        return Err(malformed(body, "the suppression names no rule".into()));
    }
    if reason.is_empty() {
        return Err(malformed(body, "the suppression gives no reason".into()));
    }
    let text = single_blanks(&text[body.clone()]);
    Ok(Suppression { rules: allowed, until, reason, span: body, line: 0, text })
}

fn date(words: &mut Words<'_>, until: Range<usize>) -> Result<Date, Malformed> {
    let Some(word) = words.next().filter(|w| &words.text[w.clone()] != "--") else {
        return Err(malformed(until, "no date follows `until`".into()));
    };
    let written = &words.text[word.clone()];
    written.parse().map_err(|error| malformed(word, format!("`{written}` is no date: {error}")))
}

fn check_rule(rule: &str, span: Range<usize>, rules: &[&str]) -> Result<(), Malformed> {
    if NEVER_SUPPRESSED.contains(&rule) {
        return Err(malformed(span, format!("`{rule}` cannot be suppressed")));
    }
    if rules.contains(&rule) {
        return Ok(());
    }
    let mut error = malformed(span, format!("there is no rule `{rule}`"));
    if let Some(near) = closest(rule, rules.iter().copied()) {
        error.help = format!("did you mean `{near}`?");
    }
    Err(error)
}

fn malformed(span: Range<usize>, message: String) -> Malformed {
    let help = format!(
        "write `{MARKER}: allow RULE -- REASON`; `until YYYY-MM-DD` may stand before the `--`"
    );
    Malformed { span, message, help }
}

/// The words of a comment, without what makes it a comment.
fn inside(text: &str, comment: Range<usize>) -> Option<Range<usize>> {
    let whole = text.get(comment.clone())?;
    let open = whole.trim_start_matches("{{-").trim_start_matches("{{").trim_start();
    let (open, closed) = match open.strip_prefix("/*") {
        Some(open) => {
            let close = open.trim_end().trim_end_matches("}}").trim_end_matches('-').trim_end();
            (open, close.strip_suffix("*/").unwrap_or(close))
        }
        None => {
            let open = open.trim_start_matches('#');
            (open, open)
        }
    };
    let start = comment.end - open.len();
    let closed = closed.trim_end();
    let blank = closed.len() - closed.trim_start().len();
    Some(start + blank..start + closed.len())
}

fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Splits at blanks and commas; a comma is a word of its own.
#[derive(Clone)]
struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Words<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.rest().trim_start();
        let start = self.end - rest.len();
        let length = match rest.find(|c: char| c.is_whitespace() || c == ',') {
            Some(0) => 1,
            Some(length) => length,
            None => rest.len(),
        };
        self.at = start + length;
        (length > 0).then_some(start..self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: [&str; 2] = ["disallowed-registry", "unlisted-registry"];

    fn read(text: &str) -> Option<Result<Suppression, Malformed>> {
        parse(text, 0..text.len(), &RULES)
    }

    #[test]
    fn reads_rules_date_and_reason() {
        let text = "# chart-images: allow disallowed-registry,unlisted-registry until 2027-06-30 -- the  vendor -- moves";
        let s = read(text).unwrap().unwrap();
        assert_eq!(s.rules, RULES);
        assert_eq!(s.until, Some("2027-06-30".parse().unwrap()));
        assert_eq!(s.reason, "the vendor -- moves");
        assert_eq!(s.span, 2..text.len());
        assert!(!s.expired("2027-06-30".parse().unwrap()));
        assert!(s.expired("2027-07-01".parse().unwrap()));
    }

    #[test]
    fn every_kind_of_comment_says_the_same() {
        let texts = [
            "#chart-images:allow unlisted-registry -- why",
            "## chart-images: allow unlisted-registry -- why  ",
            "{{/* chart-images: allow unlisted-registry -- why */}}",
            "{{- /*chart-images: allow unlisted-registry -- why*/ -}}",
            "/*\n chart-images: allow unlisted-registry -- why\n*/",
        ];
        for text in texts {
            let s = read(text).unwrap().unwrap();
            assert_eq!((s.rules.len(), s.reason.as_str()), (1, "why"), "{text}");
            assert!(text[s.span.clone()].starts_with("chart-images:"), "{text}");
            assert!(text[s.span].ends_with("why"), "{text}");
        }
    }

    #[test]
    fn mistakes_name_the_bytes() {
        for (text, at, says) in [
            (
                "# chart-images: allow unlisted-registry",
                "chart-images: allow unlisted-registry",
                "no reason",
            ),
            (
                "# chart-images: allow unlisted-registry --  ",
                "chart-images: allow unlisted-registry --",
                "no reason",
            ),
            ("# chart-images: allow -- why", "chart-images: allow -- why", "no rule"),
            ("# chart-images:", "chart-images:", "nothing follows"),
            ("# chart-images: ignore x", "ignore", "no word"),
            ("# chart-images allow unlisted-registry -- x", "chart-images", "colon"),
            ("# chart-images: allow unlisted -- x", "unlisted", "no rule `unlisted`"),
            ("# chart-images: allow unlisted-registry until -- x", "until", "no date"),
            (
                "# chart-images: allow unlisted-registry until 2027-02-30 -- x",
                "2027-02-30",
                "no such day",
            ),
            (
                "# chart-images: allow unlisted-registry until 2027-02-03 x -- x",
                "x",
                "after the date",
            ),
            ("# chart-images: allow unlisted-registry a reason", "a", "no rule `a`"),
        ] {
            let error = read(text).unwrap().unwrap_err();
            assert_eq!(&text[error.span.clone()], at, "{text}");
            assert!(error.message.contains(says), "{text}: {}", error.message);
        }
        let near = read("# chart-images: allow disalowed-registry -- x").unwrap().unwrap_err();
        assert_eq!(near.help, "did you mean `disallowed-registry`?");
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_inside(text in "[#{}/* a-z,:\\-é\n]{0,40}", head in "(# |\\{\\{- /\\* )?(chart-images)?(:)? ?(allow)?") {
            let text = head + &text;
            match read(&text) {
                Some(Ok(s)) => prop_assert!(text.get(s.span).is_some()),
                Some(Err(e)) => prop_assert!(text.get(e.span).is_some()),
                None => {}
            }
        }
    }
}
