//! What was found, for people and for programs.

use crate::pin::Pinned;
use crate::run::Results;
use chart_images::sibling::harmless;
use chart_lint::verified::{Answer, Entry};
use serde::Serialize;
use std::fmt::Write;

/// For a person: what is not as it should be, then the counts.
pub(crate) fn human(results: &Results) -> String {
    let mut text = String::new();
    for (subject, entry) in &results.rows {
        let (word, said) = match entry {
            Some(Entry { answer: Answer::Identical, .. }) => continue,
            Some(entry) => (entry.answer.as_str(), line(&entry.said)),
            None => ("not-asked", String::new()),
        };
        let _ = write!(text, "{word}  {}", subject.target);
        if subject.reference != subject.target {
            let _ = write!(text, "  for {}", subject.reference);
        }
        let _ = writeln!(text, "  {}", line(&subject.at));
        if !said.is_empty() {
            let _ = writeln!(text, "  {said}");
        }
    }
    for skipped in &results.skipped {
        let _ = writeln!(
            text,
            "not-asked  {}  {}\n  {}",
            line(&skipped.reference),
            line(&skipped.at),
            line(&skipped.because)
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    if results.offline {
        text.push_str("offline: no registry was asked\n");
    }
    let counts: Vec<String> = counts(results)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
    let _ = writeln!(
        text,
        "{} images: {counts} ({} asked in {:.1} s)",
        results.rows.len() + results.skipped.len(),
        results.asked,
        results.time.as_secs_f64()
    );
    if results.without_replacement > 0 {
        let _ = writeln!(
            text,
            "{} more are to move and have no replacement in the policy",
            results.without_replacement
        );
    }
    harmless(&text)
}

/// What was pinned, and what was not.
pub(crate) fn pinned(pinned: &Pinned) -> String {
    let mut text = String::new();
    for (_, now, at) in &pinned.done {
        let _ = writeln!(text, "pinned: {now} at {}", line(at));
    }
    for (reference, at, because) in &pinned.refused {
        let _ =
            writeln!(text, "not pinned: {} at {}: {}", line(reference), line(at), line(because));
    }
    if pinned.done.is_empty() && pinned.refused.is_empty() {
        text.push_str("nothing to pin: no exception wants a digest that was found\n");
    }
    harmless(&text)
}

/// Words and names of others, on one line: they cannot begin one, which a runner of workflows
/// might take for a command.
fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// How many have each answer; what was not asked comes last.
fn counts(results: &Results) -> Vec<(&'static str, usize)> {
    let of = |answer: Option<Answer>| {
        let same = |entry: &Option<Entry>| entry.as_ref().map(|entry| entry.answer) == answer;
        results.rows.iter().filter(|(_, entry)| same(entry)).count()
    };
    let known = Answer::ALL.map(|answer| (answer.as_str(), of(Some(answer))));
    let not_asked = of(None) + results.skipped.len();
    known.into_iter().chain([("not-asked", not_asked)]).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    offline: bool,
    complete: bool,
    images: Vec<Row<'a>>,
    without_replacement: usize,
    summary: serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize)]
struct Row<'a> {
    reference: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    at: &'a str,
    /// Absent where its turn did not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<&'a Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<&'a str>,
}

/// For programs. Fields may be added; none changes meaning.
pub(crate) fn json(results: &Results) -> String {
    let asked = results.rows.iter().map(|(subject, entry)| Row {
        reference: &subject.reference,
        target: Some(&subject.target),
        at: &subject.at,
        verified: entry.as_ref(),
        skipped: None,
    });
    let skipped = results.skipped.iter().map(|skipped| Row {
        reference: &skipped.reference,
        target: None,
        at: &skipped.at,
        verified: None,
        skipped: Some(&skipped.because),
    });
    let is_known = |entry: &Option<Entry>| entry.as_ref().is_some_and(|e| !e.answer.is_unknown());
    let document = Document {
        version: 1,
        offline: results.offline,
        complete: results.skipped.is_empty()
            && !results.inventory_is_partial
            && results.rows.iter().all(|(_, entry)| is_known(entry)),
        images: asked.chain(skipped).collect(),
        without_replacement: results.without_replacement,
        summary: counts(results)
            .into_iter()
            .map(|(word, count)| (word.to_owned(), count.into()))
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn words_of_others_begin_no_line() {
        assert_eq!(line("x\r\n::stop-commands::t"), "x  ::stop-commands::t");
    }
}
