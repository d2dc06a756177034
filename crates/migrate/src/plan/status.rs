//! The figures of a plan, for a terminal.

use super::Plan;
use report::escape::one_line;
use std::fmt::Write;

/// Characters of a bar.
const WIDTH: usize = 20;

/// How far the whole is, a line for each measure, then the charts that are not done.
pub fn status(plan: &Plan<'_>) -> String {
    let f = &plan.figures;
    let mut text = String::new();
    let mut line = |what: &str, value: String| {
        let _ = writeln!(text, "{what:<14}{value}");
    };
    line("images moved", share(f.migrated, f.migrated + f.to_move()));
    line("charts done", share(f.charts_done, f.charts));
    if let Some(found) = &plan.availability {
        line("available", share(found.available, found.all()));
        let rest = [
            (found.different, "another image"),
            (found.missing, "missing"),
            (found.unknown, "without an answer"),
            (found.not_asked, "not asked for"),
        ];
        let rest: Vec<String> = rest
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let since = found.since.map(|day| format!("the oldest answer is of {day}"));
        let rest: Vec<String> = rest.into_iter().chain(since).collect();
        if !rest.is_empty() {
            line("", rest.join(", "));
        }
    } else {
        line("available", "not known; `verify` asks the registries".to_owned());
    }
    let [high, medium, low] = f.left;
    line("left", format!("{} ({high} high, {medium} medium, {low} low)", f.to_move()));
    line("  of these", format!("{} without an equivalent in the policy", f.without_replacement));
    line("excepted", f.excepted.to_string());
    line("unlisted", format!("{} from registries that the policy does not name", f.unlisted));
    if f.incomplete > 0 {
        line("not read", format!("{} files or images; `lint` says which", f.incomplete));
    }
    if f.unplaced > 0 {
        let text = "findings that belong to no image here; `lint` tells them";
        line("besides", format!("{} {text}", f.unplaced));
    }
    let open: Vec<_> = plan.charts.iter().filter(|chart| chart.left > 0).collect();
    if !open.is_empty() {
        text.push_str("\ncharts with images left:\n");
    }
    for chart in open {
        let _ = writeln!(text, "{:>6}  {}", chart.left, one_line(chart.path));
    }
    text
}

fn share(part: usize, whole: usize) -> String {
    let percent = (part * 100).checked_div(whole).unwrap_or(100);
    let full = percent * WIDTH / 100;
    let counts = format!("{part} of {whole}");
    format!("{counts:<12}{percent:>3} %  {}{}", "█".repeat(full), "░".repeat(WIDTH - full))
}
