//! Whether a changed chart renders what it rendered, but for its images.
//!
//! The inventory tells which images a chart uses; that no label, URL or condition changes
//! along, which is made of the same values, only its text tells.

use crate::follows_from::Known;
use crate::migration::ChartChange;
use crate::prove::{Mismatch, Seen};
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
    let known = Known::of(change);
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
            same_lines(path, text, new, &known)?;
        }
    }
    Ok(())
}

/// Compares two texts line by line; a line without text says nothing.
fn same_lines(path: &str, before: &str, after: &str, known: &Known) -> Result<(), Mismatch> {
    let (old, new) = (lines(before), lines(after));
    let leads_to = |at: usize| {
        let above = at.checked_sub(1).map_or("", |above| old[above]);
        old[at] == new[at] || known.leads_to(above, old[at], new[at])
    };
    let both = old.len().min(new.len());
    let first = (0..both).find(|&at| !leads_to(at));
    if first.is_none() && old.len() == new.len() {
        return Ok(());
    }
    let at = first.unwrap_or(both);
    let line = |lines: &[&str]| lines.get(at).copied().unwrap_or_default().to_owned();
    let (was, is) = (line(&old), line(&new));
    let words = match old.len().cmp(&new.len()) {
        Ordering::Less => format!("{path} would have another line, `{}`", shown(&is)),
        Ordering::Greater => format!("{path} would lack the line `{}`", shown(&was)),
        Ordering::Equal => {
            let (was, is) = (shown(&was), shown(&is));
            format!("`{was}` in {path} would become `{is}`, which is more than an image")
        }
    };
    Err(Mismatch { words, seen: Seen::Line(was, is), ..Mismatch::default() })
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
