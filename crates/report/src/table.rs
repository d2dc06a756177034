//! `list-images` for a person: a table.

use crate::escape::one_line;
use crate::{ways, words};
use chart_lint::model::{Declaration, Report};

fn place(declared: &Declaration) -> String {
    let at = &declared.location;
    let place = format!("{}:{}", one_line(&at.path), at.start.line);
    match &declared.from {
        Some(flag) => format!("{place} from {}", one_line(flag)),
        None => place,
    }
}

/// The images, one a line, in aligned columns.
pub fn list(report: &Report) -> String {
    let header = ["IMAGE", "STATUS", "ROLE", "DECLARED AT", "REPLACEMENT"].map(str::to_owned);
    let mut rows: Vec<[String; 5]> = vec![header];
    for image in &report.images {
        let declared = image.declarations.first();
        let mut reference = one_line(&image.reference).into_owned();
        if !image.unknown.is_empty() {
            reference.push('…');
        }
        rows.push([
            reference,
            image.status.as_str().to_owned(),
            image.role.as_str().to_owned(),
            declared.map(place).unwrap_or_default(),
            image.replacement.as_deref().map(one_line).unwrap_or_default().into_owned(),
        ]);
    }
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    let told = std::iter::once(Vec::new()).chain(report.images.iter().map(ways::of_image));
    for (row, ways) in rows.iter().zip(told) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
        for way in ways {
            text.push_str(&format!("  {}\n", way.replace('\n', "\n  ")));
        }
    }
    let s = report.summary();
    let images = words::count(s.images, "image");
    text.push_str(&format!("\n{images} in {}\n", words::count(s.charts, "chart")));
    text
}
