//! The top of the page: what it is about, and how far the whole is.

use super::parts::{bar, code};
use crate::plan::Plan;
use std::fmt::Write;

pub(super) fn head(page: &mut String, plan: &Plan<'_>, has_checks: bool) {
    let f = &plan.figures;
    let policies: Vec<String> = plan.policies.iter().map(|policy| code(policy)).collect();
    let policies = match policies.is_empty() {
        true => String::new(),
        false => format!(", judged by {}", policies.join(", ")),
    };
    let _ = writeln!(
        page,
        "<header>\n<h1>Image migration plan</h1>\n\
         <p>{} in {}{policies}.</p>",
        counted(f.images, "container image"),
        counted(f.charts, "chart"),
    );
    let progress = plan.history.as_ref().map(|_| ("of-progress", "Progress"));
    let checks = has_checks.then_some(("of-checks", "Verification"));
    let sections = [
        ("of-phases", "Phases"),
        ("of-charts", "Charts"),
        ("of-registries", "Registries"),
        ("of-images", "Images"),
    ];
    page.push_str("<nav aria-label=\"Sections\"><ul>");
    for (id, name) in progress.into_iter().chain(sections).chain(checks) {
        let _ = write!(page, "<li><a href=\"#{id}\">{name}</a></li>");
    }
    page.push_str("</ul></nav>\n</header>\n");
}

pub(super) fn overview(page: &mut String, plan: &Plan<'_>) {
    let f = &plan.figures;
    let [high, medium, low] = f.left;
    let all = f.migrated + f.to_move();
    let shares = [
        ("done", f.migrated),
        ("excepted", f.excepted),
        ("unlisted", f.unlisted),
        ("high", high),
        ("medium", medium),
        ("low", low),
    ];
    let moved = match all {
        0 => "The policy wants no image moved.".to_owned(),
        _ => format!(
            "{} of the {} that the policy wants moved {} in place.",
            f.migrated,
            counted(all, "image"),
            if f.migrated == 1 { "is" } else { "are" },
        ),
    };
    let _ = writeln!(
        page,
        "<section class=\"overview\" aria-labelledby=\"of-overview\">\n\
         <h2 id=\"of-overview\"><strong>{} %</strong> moved</h2>\n\
         <p>{moved}</p>\n{}\n<ul class=\"figures\">",
        f.percent(),
        bar(&shares),
    );
    let mut figure = |class: &str, number: String, what: &str| {
        let _ = writeln!(page, "<li class=\"{class}\"><strong>{number}</strong> {what}</li>");
    };
    let of = |part: usize, all: usize| format!("{part}<small> of {all}</small>");
    figure("done", f.migrated.to_string(), "in place");
    figure("excepted", f.excepted.to_string(), "permitted to stay");
    figure("unlisted", f.unlisted.to_string(), "not named by the policy");
    figure("high", high.to_string(), "to move at high priority");
    figure("medium", medium.to_string(), "to move at medium priority");
    figure("low", low.to_string(), "to move at low priority");
    figure("", f.without_replacement.to_string(), "to move, with no equivalent known");
    figure("", of(f.charts_done, f.charts), "charts with nothing left to move");
    if let Some(found) = &plan.availability {
        figure("", of(found.available, found.all()), "verified to be available");
    }
    if f.incomplete > 0 {
        figure("high", f.incomplete.to_string(), "files or images that could not be read");
    }
    if f.unplaced > 0 {
        let what = "findings that belong to no image; chart-images lint tells them";
        figure("high", f.unplaced.to_string(), what);
    }
    page.push_str("</ul>\n</section>\n");
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}
