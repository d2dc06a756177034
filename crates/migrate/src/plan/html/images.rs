//! The table of all images, which sorts and filters.

use super::parts::{badge, code, section, state};
use crate::plan::{Plan, Row};
use chart_lint::model::Status;
use report::escape::html as text;
use std::fmt::Write;

const HEADS: [&str; 6] = ["Image", "Equivalent", "State", "Priority", "Chart", "File"];

/// Controls, shown by the script that they need. Where there is no room for columns
/// `#sort` stands for their heads.
fn controls() -> String {
    let mut options = String::new();
    for (index, head) in HEADS.iter().enumerate() {
        let _ = write!(
            options,
            "<option value=\"{index}\">{head}</option>\
             <option value=\"-{index}\">{head}, backwards</option>"
        );
    }
    format!(
        "<form class=\"tools\" id=\"tools\" role=\"search\" aria-labelledby=\"of-images\" hidden>\n\
         <label>Find <input id=\"words\" type=\"search\" autocomplete=\"off\" \
         placeholder=\"image, chart, file…\"></label>\n\
         <label>State <select id=\"state\"><option value=\"\">all</option>\
         <option value=\"disallowed\">to move</option><option>excepted</option>\
         <option value=\"unlisted\">not named</option>\
         <option value=\"allowed\">in place</option></select></label>\n\
         <label>Priority <select id=\"priority\"><option value=\"\">all</option>\
         <option>high</option><option>medium</option><option>low</option></select></label>\n\
         <label class=\"sort\">Sort by <select id=\"sort\"><option value=\"\">the charts' order</option>\
         {options}</select></label>\n\
         <button type=\"reset\">Show all</button>\n\
         <p id=\"count\" role=\"status\"></p>\n</form>\n"
    )
}

pub(super) fn images(page: &mut String, plan: &Plan<'_>) {
    if plan.rows.is_empty() {
        section(page, ["of-images", "Images", "The charts name no image."]);
        page.push_str("</section>\n");
        return;
    }
    let about = "Every image, what it becomes, and the line to change.";
    section(page, ["of-images", "Images", about]);
    let _ = write!(
        page,
        "{}<table id=\"images\" aria-labelledby=\"of-images\"><thead><tr>",
        controls()
    );
    for head in HEADS {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &plan.rows {
        image(page, row);
    }
    page.push_str(
        "</tbody></table>\n<p id=\"none\" hidden>No image fits. Change the words or show all.</p>\n\
         </section>\n",
    );
}

fn image(page: &mut String, row: &Row<'_>) {
    let image = row.image;
    let urgency = image.priority.urgency;
    let (class, word) = state(row.status);
    let (priority, level, order) = match row.status {
        Status::Disallowed => {
            (badge(urgency.as_str(), urgency.as_str()), urgency.as_str(), urgency as usize)
        }
        _ => (String::new(), "", 3),
    };
    let cells = [
        name(row),
        equivalent(row),
        badge(class, word),
        priority,
        text(row.chart),
        code(&row.at()),
    ];
    let state = row.status.as_str();
    let _ = write!(page, "<tr data-state=\"{state}\" data-priority=\"{level}\">");
    for (head, cell) in HEADS.into_iter().zip(cells) {
        let head = match head {
            "Equivalent" if row.status == Status::Excepted => "It stays:",
            head => head,
        };
        let order = match head {
            "Priority" => format!(" data-order=\"{order}\""),
            _ => String::new(),
        };
        let _ = write!(page, "<td data-label=\"{head}\"{order}>{cell}</td>");
    }
    page.push_str("</tr>\n");
}

/// The image as the chart names it, with what one has to know of it.
fn name(row: &Row<'_>) -> String {
    let image = row.image;
    let mut name = code(&image.reference);
    if row.is_partial() {
        name.push('…');
    }
    let found = row.verified.filter(|_| row.status != Status::Disallowed);
    let notes = [
        found.map(|entry| match entry.answer.is_same() {
            true => "verified: available".to_owned(),
            false => format!("verified: {}", row.found()),
        }),
        image.condition.as_ref().map(|condition| format!("only {condition}")),
        row.vendored.then(|| "in a copy of a dependency".to_owned()),
        image.priority.by_policy.as_ref().and_then(|word| word.reason.clone()),
    ];
    for note in notes.iter().flatten() {
        name.push_str(&noted(note));
    }
    name
}

/// What it becomes, what was found of that, or why it stays.
fn equivalent(row: &Row<'_>) -> String {
    let image = row.image;
    let replacement = image.replacement.as_deref().filter(|_| row.permit.is_none());
    let mut equivalent = replacement.map(code).unwrap_or_default();
    if row.status == Status::Disallowed && image.replacement.is_none() {
        equivalent.push_str("none known");
    }
    if row.status == Status::Disallowed && row.verified.is_some() {
        equivalent.push_str(&noted(&format!("verified: {}", row.found())));
    }
    if let Some(permit) = &row.permit {
        let until = permit.until.map(|day| format!(" (until {day})")).unwrap_or_default();
        equivalent.push_str(&noted(&format!("{}{until}", permit.reason)));
    }
    if let Some(lapsed) = row.lapsed() {
        equivalent.push_str(&noted(&lapsed));
    }
    equivalent
}

fn noted(note: &str) -> String {
    format!("<span class=\"note\">{}</span>", text(note))
}
