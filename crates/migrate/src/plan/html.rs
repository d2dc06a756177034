//! The plan as one HTML page that needs nothing else: no network, no server, no file
//! beside it. Without scripts it is the same page without sorting and filtering.

use super::row::Row;
use super::{ChartState, Plan};
use chart_lint::model::Status;
use report::escape::html as text;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

/// The plan as a page. What charts spell is text in it, whatever it looks like: it is
/// escaped, and the page's own policy lets no script run but its own.
pub fn html(plan: &Plan<'_>) -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Image migration plan</title>\n<style>{STYLE}</style>\n<main>\n\
         <h1>Image migration plan</h1>\n"
    );
    figures(&mut page, plan);
    images(&mut page, plan);
    registries(&mut page, plan);
    charts(&mut page, &plan.charts);
    let _ = writeln!(page, "</main>\n<script>{SCRIPT}</script>\n</html>");
    page
}

fn figures(page: &mut String, plan: &Plan<'_>) {
    let f = &plan.figures;
    let policies: Vec<String> = plan.policies.iter().map(|p| code(p)).collect();
    let all = f.migrated + f.to_move();
    let _ = writeln!(
        page,
        "<p>Every container image of these charts, judged by {}.</p>\n\
         <label>{} of {all} images moved ({} %) <progress max=\"{all}\" value=\"{}\"></progress></label>\n\
         <ul class=\"figures\">",
        policies.join(", "),
        f.migrated,
        f.percent(),
        f.migrated
    );
    let mut figure = |class: &str, number: String, what: &str| {
        let _ = writeln!(page, "<li><strong class=\"{class}\">{number}</strong> {what}</li>");
    };
    for (class, left) in ["high", "medium", "low"].into_iter().zip(f.left) {
        figure(class, left.to_string(), &format!("left at {class} priority"));
    }
    figure("", f.without_replacement.to_string(), "left without an equivalent");
    figure("", f.excepted.to_string(), "permitted by an exception");
    figure("", f.unlisted.to_string(), "from registries that the policy does not name");
    figure("done", format!("{} of {}", f.charts_done, f.charts), "charts with nothing left");
    if f.incomplete > 0 {
        figure("high", f.incomplete.to_string(), "files or images that could not be read");
    }
    page.push_str("</ul>\n");
}

fn images(page: &mut String, plan: &Plan<'_>) {
    page.push_str(
        "<h2 id=\"of-images\">Images</h2>\n\
         <div class=\"tools\" id=\"tools\" hidden>\n\
         <label>Words <input id=\"words\" type=\"search\" autocomplete=\"off\"></label>\n\
         <label>State <select id=\"state\"><option value=\"\">all</option>\
         <option>disallowed</option><option>excepted</option><option>unlisted</option>\
         <option>allowed</option></select></label>\n\
         <span id=\"count\" role=\"status\"></span></div>\n\
         <table id=\"images\" aria-labelledby=\"of-images\"><thead><tr>",
    );
    let heads = ["Image", "Equivalent", "State", "Priority", "Chart", "File"];
    for head in heads {
        let _ = write!(page, "<th scope=\"col\"><button type=\"button\">{head}</button></th>");
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &plan.rows {
        image(page, row, heads);
    }
    page.push_str("</tbody></table>\n");
}

fn image(page: &mut String, row: &Row<'_>, heads: [&str; 6]) {
    let image = row.image;
    let state = image.status.as_str();
    let urgency = image.priority.urgency;
    let moves = image.status == Status::Disallowed;
    let mut equivalent = image.replacement.as_deref().map(code).unwrap_or_default();
    if moves && image.replacement.is_none() {
        equivalent.push_str("none known");
    }
    if row.verified.is_some() {
        let _ = write!(equivalent, "<span class=\"note\">{}</span>", text(&row.found()));
    }
    if let Some(exception) = &image.exception {
        let until = exception.expires.map(|day| format!(" (until {day})")).unwrap_or_default();
        let _ =
            write!(equivalent, "<span class=\"note\">{}{until}</span>", text(&exception.reason));
    }
    let mut name = code(&image.reference);
    if row.is_partial() {
        name.push('…');
    }
    for note in [
        image.condition.clone(),
        row.vendored.then(|| "in a copy of a dependency".to_owned()),
        image.priority.by_policy.as_ref().and_then(|word| word.reason.clone()),
    ]
    .into_iter()
    .flatten()
    {
        let _ = write!(name, "<span class=\"note\">{}</span>", text(&note));
    }
    let (priority, class, order) = match moves {
        true => (urgency.as_str(), urgency.as_str(), urgency as usize),
        false => ("", "", 3),
    };
    let cells = [
        ("", name),
        ("", equivalent),
        (state, state.to_owned()),
        (class, priority.to_owned()),
        ("", text(row.chart)),
        ("", code(&row.at())),
    ];
    let _ = write!(page, "<tr data-state=\"{state}\">");
    for (head, (class, cell)) in heads.into_iter().zip(cells) {
        let sort =
            if head == "Priority" { format!(" data-sort=\"{order}\"") } else { String::new() };
        let _ = write!(page, "<td data-label=\"{head}\" class=\"{class}\"{sort}>{cell}</td>");
    }
    page.push_str("</tr>\n");
}

/// How many images each registry has, and what the policy says of them.
fn registries(page: &mut String, plan: &Plan<'_>) {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for row in &plan.rows {
        let of = counts.entry(&row.image.registry).or_default();
        of[match row.image.status {
            Status::Disallowed => 0,
            Status::Excepted => 1,
            Status::Unlisted => 2,
            Status::Allowed => 3,
        }] += 1;
    }
    let heads = ["Registry", "To move", "Excepted", "Not named by the policy", "In place"];
    let rows = counts.into_iter().map(|(registry, counts)| {
        std::iter::once(code(registry)).chain(counts.map(|count| count.to_string())).collect()
    });
    table(page, "Registries", &heads, rows);
}

fn charts(page: &mut String, charts: &[ChartState<'_>]) {
    let heads = ["Chart", "Folder", "In place", "To move"];
    let rows = charts.iter().map(|chart| {
        vec![text(chart.name), code(chart.path), chart.done.to_string(), chart.left.to_string()]
    });
    table(page, "Charts", &heads, rows);
}

fn table(page: &mut String, title: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let id = format!("of-{}", title.to_lowercase());
    let _ =
        write!(page, "<h2 id=\"{id}\">{title}</h2>\n<table aria-labelledby=\"{id}\"><thead><tr>");
    heads.iter().for_each(|head| {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    });
    page.push_str("</tr></thead><tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (head, cell) in heads.iter().zip(row) {
            let _ = write!(page, "<td data-label=\"{head}\">{cell}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
}

fn code(shown: &str) -> String {
    format!("<code>{}</code>", text(shown))
}

/// The hash by which a page's policy knows a script or a style: SHA-256 in base64.
fn hash(source: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(source.as_bytes());
    let mut encoded = String::new();
    for three in digest.chunks(3) {
        let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            encoded.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_base64() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(hash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }
}
