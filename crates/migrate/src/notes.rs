//! Notes of all migrations, kept between two markers of a Markdown file.

use crate::journal::Journal;
use std::fmt::Write;

/// What stands before the notes.
pub const BEGIN: &str = "<!-- chart-images: migrations -->";
/// What stands behind them.
pub const END: &str = "<!-- /chart-images: migrations -->";

/// The text with its notes made anew; at its end where it has no markers. They have the
/// line endings that it has.
///
/// # Errors
/// When one marker is there without the other, or before it.
pub fn keep(text: &str, journals: &[Journal]) -> Result<String, String> {
    let ends = |line: &str| line.ends_with("\r\n");
    let end = if text.split_inclusive('\n').next().is_some_and(ends) { "\r\n" } else { "\n" };
    let section = format!("{BEGIN}\n{}{END}", of(journals)).replace('\n', end);
    match (text.find(BEGIN), text.find(END)) {
        (None, None) => {
            let missing = match text {
                "" => 0,
                text if text.ends_with(&end.repeat(2)) => 0,
                text if text.ends_with(end) => 1,
                _ => 2,
            };
            Ok(format!("{text}{}{section}{end}", end.repeat(missing)))
        }
        (Some(begin), Some(end)) if begin < end => {
            Ok(format!("{}{section}{}", &text[..begin], &text[end + END.len()..]))
        }
        (Some(_), _) => Err(format!("it has `{BEGIN}` without `{END}` behind it")),
        (None, _) => Err(format!("it has `{END}` without `{BEGIN}` before it")),
    }
}

/// A table of what moved, the newest first.
fn of(journals: &[Journal]) -> String {
    let mut text = String::new();
    for chart in journals.iter().flat_map(|journal| &journal.charts) {
        if chart.moved.is_empty() {
            continue;
        }
        if text.is_empty() {
            text.push_str("\n| chart | version | before | after |\n|---|---|---|---|\n");
        }
        let version =
            chart.version.as_ref().map(|version| version.after.as_str()).unwrap_or_default();
        for moved in &chart.moved {
            let _ = writeln!(
                text,
                "| {} | {} | `{}` | `{}` |",
                plain(&chart.chart),
                plain(version),
                plain(&moved.before),
                plain(&moved.after)
            );
        }
    }
    match text.is_empty() {
        true => "\nNothing was migrated.\n\n".to_owned(),
        false => format!("{text}\n"),
    }
}

/// A text that ends neither its cell nor its code.
fn plain(text: &str) -> String {
    text.replace(['|', '`', '<', '\n', '\r'], "?")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Change, ChartEntry};

    fn journal() -> Journal {
        let change =
            |before: &str, after: &str| Change { before: before.into(), after: after.into() };
        let chart = ChartEntry {
            chart: "charts/a|b".into(),
            version: Some(change("1.0.0", "1.0.1")),
            moved: vec![change("ghcr.io/a:1", "m.io/a:1")],
            files: Vec::new(),
        };
        Journal { version: 1, charts: vec![chart] }
    }

    #[test]
    fn the_section_is_kept_and_the_rest_stays() {
        let row = "| charts/a?b | 1.0.1 | `ghcr.io/a:1` | `m.io/a:1` |\n";
        let first = keep("# Mine", &[journal()]).unwrap();
        assert!(first.starts_with("# Mine\n\n") && first.contains(row), "{first}");
        let more = format!("{first}\nafter\n");
        assert_eq!(keep(&more, &[journal()]).unwrap(), more);
        let none = keep(&more, &[]).unwrap();
        assert!(!none.contains(row) && none.ends_with("\n\nafter\n"), "{none}");
        assert!(keep("", &[]).unwrap().starts_with(BEGIN));
    }

    #[test]
    fn line_endings_stay() {
        let lines = |text: &str| text.replace("\r\n", "\n");
        for text in ["# Mine\r\n", "# Mine\r\n\r\n", "# Mine\r\nx"] {
            let kept = keep(text, &[journal()]).unwrap();
            assert_eq!(kept.matches('\n').count(), kept.matches("\r\n").count(), "{kept:?}");
            assert_eq!(lines(&kept), keep(&lines(text), &[journal()]).unwrap());
            assert_eq!(keep(&kept, &[journal()]).unwrap(), kept);
        }
    }

    #[test]
    fn what_a_journal_holds_is_no_markup() {
        let mut journal = journal();
        journal.charts[0].version = Some(Change { before: "1".into(), after: "<b>|`\n2".into() });
        let text = keep("", &[journal]).unwrap();
        assert!(text.contains("| charts/a?b | ?b>???2 | `ghcr.io"), "{text}");
    }

    #[test]
    fn half_a_section_is_refused() {
        for text in [BEGIN, END, &format!("{END}{BEGIN}")] {
            assert!(keep(text, &[]).is_err(), "{text}");
        }
    }
}
