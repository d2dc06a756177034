//! The plan as one HTML page that needs nothing else: no network, no server, no file
//! beside it. Without scripts it is the same page without sorting and filtering.

mod head;
mod images;
mod integrity;
mod parts;
mod phases;
mod progress;
mod states;

use super::{Plan, commands};
use integrity::hash;
use report::escape::html as text;
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
    let commands = commands::all(plan);
    head::head(&mut page, plan, !commands.is_empty());
    page.push_str("<main>\n");
    head::overview(&mut page, plan);
    if let Some(history) = &plan.history {
        progress::progress(&mut page, history, &plan.figures);
    }
    phases::phases(&mut page, plan);
    page.push_str("<div class=\"pair\">\n");
    states::charts(&mut page, plan);
    states::registries(&mut page, plan);
    page.push_str("</div>\n");
    images::images(&mut page, plan);
    checks(&mut page, &commands);
    page.push_str("</main>\n");
    if !plan.rows.is_empty() {
        let _ = writeln!(page, "<script>{SCRIPT}</script>");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// How to check by hand what images are to move to.
fn checks(page: &mut String, commands: &[String]) {
    if commands.is_empty() {
        return;
    }
    parts::section(page, ["of-checks", "Verification", &commands::ABOUT.replace('`', "")]);
    page.push_str(
        "<pre class=\"scroll\" role=\"group\" aria-labelledby=\"of-checks\" tabindex=\"0\">",
    );
    for command in commands {
        let _ = writeln!(page, "{}", text(command));
    }
    page.push_str("</pre>\n</section>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart_lint::check::{CheckRequest, check};
    use chart_lint::date::Date;
    use chart_lint::discover::discover;
    use std::fs;

    /// No reference that the grammar takes has such characters, and the page does not
    /// rely on that.
    #[test]
    fn a_hostile_image_is_text() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::write(root.join("Chart.yaml"), "apiVersion: v2\nname: a\nversion: 1.0.0\n").unwrap();
        fs::write(root.join("values.yaml"), "image: ghcr.io/acme/web:1\n").unwrap();
        let found = discover(std::slice::from_ref(&root), &root).unwrap();
        let mut report = check(&CheckRequest::new(root, found, Date::today()));
        let hostile = "<script>\"'&\u{202e}@/";
        let image = &mut report.images[0];
        image.reference = hostile.to_owned();
        image.registry = hostile.to_owned();
        image.replacement = Some(hostile.to_owned());
        let page = html(&Plan::of(&report, None));
        let text = "<code>&lt;script&gt;&quot;&#39;&amp;\u{fffd}<wbr>@/<wbr></code>";
        assert_eq!(page.matches(text).count(), 3, "{page}");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
    }
}
