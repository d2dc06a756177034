//! How far the whole was over time, drawn and as a table.

use super::parts::{code, section, table};
use crate::plan::{Figures, History};
use chart_lint::date::Date;
use std::fmt::Write;

/// The drawing is so many units wide and high; the page stretches it.
const WIDTH: usize = 1000;
const HEIGHT: usize = 240;

/// The last of the width is between the last commit and now.
const NOW: usize = 80;

/// What is drawn on one another, from below.
const LAYERS: [(&str, &str); 4] = [
    ("done", "in place"),
    ("excepted", "excepted"),
    ("unlisted", "not named by the policy"),
    ("open", "to move"),
];

pub(super) fn progress(page: &mut String, history: &History, now: &Figures) {
    section(page, ["of-progress", "Progress", &history.about()]);
    match (history.points.first(), history.points.last()) {
        (Some(first), Some(last)) => {
            page.push_str("<div class=\"progress\">\n");
            drawing(page, history, now, first.day, last.day);
            numbers(page, history, now);
            page.push_str("</div>\n");
        }
        _ => page.push_str("<p>No commit has changed anything here yet.</p>\n"),
    }
    page.push_str("</section>\n");
}

fn layers(figures: &Figures) -> [usize; 4] {
    [figures.migrated, figures.excepted, figures.unlisted, figures.to_move()]
}

/// A state holds until the next commit, so the drawing has steps and no slopes.
fn drawing(page: &mut String, history: &History, now: &Figures, first: Date, last: Date) {
    let days = |day: Date| day.days().unwrap_or_default() as usize;
    let span = (days(last) - days(first)).max(1);
    let at = |day: Date| (WIDTH - NOW) * (days(day) - days(first)) / span;
    let points = history.points.iter();
    let points = points.map(|point| (at(point.day), point.day.to_string(), &point.figures));
    let steps: Vec<_> = points.chain([(WIDTH - NOW / 2, "now".to_owned(), now)]).collect();
    let most = steps.iter().map(|(.., figures)| figures.images).max().unwrap_or(0).max(1);
    let _ = write!(
        page,
        "<figure>\n<div class=\"plot\"><span>{most}</span><span>0</span>\
         <svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-labelledby=\"drawn\"><title id=\"drawn\">{}</title>\n",
        title(history, now)
    );
    let ends = steps.iter().map(|(x, ..)| *x).skip(1).chain([WIDTH]);
    for ((x, day, figures), end) in steps.iter().zip(ends) {
        let _ = write!(page, "<g><title>{day}: {}</title>", told(figures));
        let mut below = 0;
        for ((class, _), count) in LAYERS.into_iter().zip(layers(figures)) {
            // Rounded as sums, so that layers leave no gap.
            let (low, high) = (HEIGHT * below / most, HEIGHT * (below + count) / most);
            let (y, width, height) = (HEIGHT - high, end - x, high - low);
            below += count;
            if width > 0 && height > 0 {
                let _ = write!(
                    page,
                    "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
                );
            }
        }
        page.push_str("</g>\n");
    }
    for quarter in 1..4 {
        let _ = write!(page, "<path class=\"grid\" d=\"M0 {}H{WIDTH}\"/>", HEIGHT * quarter / 4);
    }
    let until = if first == last { String::new() } else { format!("{last} · ") };
    let _ = write!(
        page,
        "</svg></div>\n<div class=\"days\"><span>{first}</span><span>{until}now</span></div>\n\
         <figcaption><ul class=\"legend\">"
    );
    for (class, name) in LAYERS {
        let _ = write!(page, "<li class=\"{class}\">{name}</li>");
    }
    page.push_str("</ul></figcaption>\n</figure>\n");
}

/// The drawing in words.
fn title(history: &History, now: &Figures) -> String {
    match history.points.first() {
        Some(first) => {
            format!("{}: {}. Now: {}.", first.day, told(&first.figures), told(now))
        }
        None => String::new(),
    }
}

fn told(figures: &Figures) -> String {
    let counts = LAYERS.into_iter().zip(layers(figures)).filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|((_, name), count)| format!("{count} {name}")).collect();
    if counts.is_empty() { "no images".to_owned() } else { counts.join(", ") }
}

fn numbers(page: &mut String, history: &History, now: &Figures) {
    let row = |day: String, f: &Figures| {
        let moved = format!("{} %", f.percent());
        let counts = [f.migrated, f.excepted, f.to_move()].map(|count| count.to_string());
        let missing = match f.incomplete {
            0 => String::new(),
            count => format!("<span class=\"note\">{count} not read</span>"),
        };
        [vec![format!("{day}{missing}"), moved], counts.to_vec()].concat()
    };
    let point =
        |day: Date, commit: &str| format!("{day}<span class=\"note\">{}</span>", code(commit));
    // The newest first: a reader asks where it stands.
    let points = history.points.iter().rev();
    let points = points.map(|at| row(point(at.day, at.short()), &at.figures));
    let rows = [row("now".to_owned(), now)].into_iter().chain(points);
    table(page, "of-progress", &["Day", "Moved", "In place", "Excepted", "To move"], 1, rows);
}
