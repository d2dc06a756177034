//! The plan as one HTML page that needs nothing else: no network, no server, no file
//! beside it. Without scripts it is the same page without sorting and filtering.

mod head;
mod images;
mod integrity;
mod parts;
mod progress;
mod states;

use super::Plan;
use integrity::hash;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The plan as a page. What charts spell is text in it, whatever it looks like: it is
/// escaped, and the page's own policy lets no script run but its own.
pub fn html(plan: &Plan<'_>) -> String {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Image migration plan</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    head::head(&mut page, plan);
    page.push_str("<main>\n");
    head::overview(&mut page, plan);
    if let Some(history) = &plan.history {
        progress::progress(&mut page, history, &plan.figures);
    }
    page.push_str("<div class=\"pair\">\n");
    states::charts(&mut page, plan);
    states::registries(&mut page, plan);
    page.push_str("</div>\n");
    images::images(&mut page, plan);
    let _ = writeln!(page, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>");
    page
}
