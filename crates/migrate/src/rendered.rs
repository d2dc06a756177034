//! Whether a changed chart renders what it rendered, but for its images.
//!
//! The inventory tells which images a chart uses; that no label, URL or condition changes
//! along, which is made of the same values, only its text tells.

use crate::follows_from::Known;
use crate::migration::ChartChange;
use crate::prove::{Line, Mismatch, Seen};
use chart_lint::model::Rendering;
use std::cmp::Ordering;

/// Compares what a chart rendered with what it is to render. What fails already may fail.
pub(crate) fn same_but(
    before: &Rendering,
    after: &Rendering,
    change: &ChartChange,
) -> Result<(), Mismatch> {
    if let Some(error) = after.errors.first().filter(|_| before.errors.is_empty()) {
        return Err(fails("", error));
    }
    for (path, result) in &after.templates {
        if let Err(error) = result
            && !matches!(before.templates.get(path), Some(Err(_)))
        {
            return Err(fails(path, error));
        }
    }
    if let Some(path) = after.templates.keys().find(|path| !before.templates.contains_key(*path)) {
        return Err(Mismatch {
            words: format!("{path} would be rendered, too"),
            ..Mismatch::default()
        });
    }
    let known = Known::of(change);
    let mut differ = Vec::new();
    for (path, text) in &before.templates {
        // Notes are for people, and name images in sentences.
        let Ok(text) = text else { continue };
        if path.ends_with("NOTES.txt") {
            continue;
        }
        let Some(Ok(new)) = after.templates.get(path) else {
            return Err(Mismatch {
                words: format!("{path} would not be rendered"),
                ..Mismatch::default()
            });
        };
        if text != new {
            differ
                .extend(differing(path, text, new, &known).take(MOST.saturating_sub(differ.len())));
        }
    }
    match differ.first() {
        None => Ok(()),
        Some(first) => Err(Mismatch {
            words: first.words.clone(),
            seen: Seen::Lines(differ),
            ..Mismatch::default()
        }),
    }
}

/// So many lines tell which images are to blame for them.
const MOST: usize = 1000;

/// The lines of two texts of which one does not become the other by what is known; a line
/// without text says nothing. Where one text has more of them, the first tells it.
fn differing<'t>(
    path: &'t str,
    before: &'t str,
    after: &'t str,
    known: &'t Known,
) -> impl Iterator<Item = Line> + 't {
    let (old, new) = (lines(before), lines(after));
    let both = old.len().min(new.len());
    // Behind a line more nothing stands where it stood.
    let most = if old.len() == new.len() { usize::MAX } else { 1 };
    let leads_to = move |at: usize, old: &[&str], new: &[&str]| {
        let above = at.checked_sub(1).map_or("", |above| old[above]);
        at < both && (old[at] == new[at] || known.leads_to(above, old[at], new[at]))
    };
    let end = both + usize::from(old.len() != new.len());
    let differ = (0..end).filter_map(move |at| {
        if leads_to(at, &old, &new) {
            return None;
        }
        let line = |lines: &[&str]| lines.get(at).copied().unwrap_or_default().to_owned();
        let (before, after) = (line(&old), line(&new));
        let words = match old.len().cmp(&new.len()) {
            Ordering::Less => format!("{path} would have another line, `{}`", shown(&after)),
            Ordering::Greater => format!("{path} would lack the line `{}`", shown(&before)),
            Ordering::Equal => {
                let (before, after) = (shown(&before), shown(&after));
                format!("`{before}` in {path} would become `{after}`, which is more than an image")
            }
        };
        Some(Line { before, after, words })
    });
    differ.take(most)
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim().is_empty()).collect()
}

/// A line as a message shows it.
fn shown(line: &str) -> String {
    const MOST: usize = 120;
    let line = line.trim();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A template that fails and did not, with the error.
fn fails(path: &str, error: &str) -> Mismatch {
    let name = if path.is_empty() { "the chart" } else { path };
    let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
    // `app/charts/sub/templates/NOTES.txt` is of the chart `charts/sub`.
    let of_chart = path.rsplit_once("/templates/").map(|(chart, _)| chart).unwrap_or_default();
    let of_chart = of_chart.split_once('/').map(|(_, below)| below).unwrap_or_default();
    let words = format!("{name} would fail: {error}");
    Mismatch { words, seen: Seen::Failure(of_chart.to_owned()), ..Mismatch::default() }
}
