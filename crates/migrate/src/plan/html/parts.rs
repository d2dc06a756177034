//! What the sections of the page are made of.

use chart_lint::model::Status;
use report::escape::html as text;
use std::fmt::Write;

/// Text that charts or policies spell, as code that may go on in the next line where a
/// reader would part it.
pub(super) fn code(shown: &str) -> String {
    let parted = text(shown).replace('/', "/<wbr>").replace('@', "<wbr>@");
    format!("<code>{parted}</code>")
}

/// A status as the page calls it: its class, and its words.
pub(super) fn state(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Disallowed => ("open", "to move"),
        Status::Excepted => ("excepted", "excepted"),
        Status::Unlisted => ("unlisted", "not named"),
        Status::Allowed => ("done", "in place"),
    }
}

/// A word that stands out by the colour of its class, and by itself.
pub(super) fn badge(class: &str, word: &str) -> String {
    format!("<span class=\"badge {class}\">{word}</span>")
}

/// Counts drawn beside each other. What it shows stands in words beside it.
pub(super) fn bar(counts: &[(&str, usize)]) -> String {
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let mut drawn = format!(
        "<svg class=\"bar\" viewBox=\"0 0 {} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        all.max(1)
    );
    let mut from = 0;
    for (class, count) in counts.iter().filter(|(_, count)| *count > 0) {
        let _ =
            write!(drawn, "<rect class=\"{class}\" x=\"{from}\" width=\"{count}\" height=\"1\"/>");
        from += count;
    }
    drawn.push_str("</svg>");
    drawn
}

/// A part of the page with a heading that names it.
pub(super) fn section(page: &mut String, [id, title, about]: [&str; 3]) {
    let _ = writeln!(
        page,
        "<section class=\"panel\" aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n\
         <p class=\"about\">{}</p>",
        text(about)
    );
}

/// A table in the section of that id, which scrolls where it is long. The columns from
/// `numbers` on are numbers. Each cell is told by the head of its column where there is no
/// room for columns.
pub(super) fn table(
    page: &mut String,
    id: &str,
    heads: &[&str],
    numbers: usize,
    rows: impl Iterator<Item = Vec<String>>,
) {
    let _ = write!(
        page,
        "<div class=\"scroll\" role=\"group\" aria-labelledby=\"{id}\" tabindex=\"0\">\
         <table aria-labelledby=\"{id}\"><thead><tr>"
    );
    let class = |column| if column >= numbers { " class=\"number\"" } else { "" };
    for (column, head) in heads.iter().enumerate() {
        let _ = write!(page, "<th scope=\"col\"{}>{head}</th>", class(column));
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (column, (head, cell)) in heads.iter().zip(row).enumerate() {
            let _ = write!(page, "<td data-label=\"{head}\"{}>{cell}</td>", class(column));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></div>\n");
}
