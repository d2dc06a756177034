//! The plan as a Markdown document.

mod cases;
mod steps;

use super::row::{self, Row};
use super::{Figures, Plan, commands};
use chart_lint::model::Status;
use chart_lint::policy::Urgency;
use report::markdown::{code, prose};
use std::fmt::Write;

/// The plan as a document: where things stand, what moves in which order, what stays,
/// and how to check each step.
pub fn markdown(plan: &Plan<'_>) -> String {
    let mut text = String::from("# Image migration plan\n\n");
    overview(&mut text, plan);
    text.push_str("\n## Current status\n");
    migrated(&mut text, plan);
    needs_migration(&mut text, plan);
    cases::special(&mut text, plan);
    cases::stuck(&mut text, plan);
    cases::unlisted(&mut text, plan);
    cases::unplaced(&mut text, plan);
    steps::phases(&mut text, plan);
    steps::checklist(&mut text, plan);
    steps::verification(&mut text, plan);
    steps::rollback(&mut text, plan);
    charts(&mut text, plan);
    history(&mut text, plan);
    text
}

fn overview(text: &mut String, plan: &Plan<'_>) {
    let f = &plan.figures;
    let policies: Vec<String> = plan.policies.iter().map(|policy| code(policy)).collect();
    let _ = writeln!(
        text,
        "Every container image of these charts, judged by {}. Written by `chart-images plan`: \
         change the charts or the policy, not this file.\n",
        policies.join(", ")
    );
    text.push_str("| Measure | Now |\n|---|---|\n");
    let mut row = |what: &str, value: String| {
        let _ = writeln!(text, "| {what} | {value} |");
    };
    row("Images moved, of those that have to", percent(f.migrated, f.migrated + f.to_move()));
    row("Left at high priority", f.left[0].to_string());
    row("Left at medium priority", f.left[1].to_string());
    row("Left at low priority", f.left[2].to_string());
    row("Left without an equivalent in the policy", f.without_replacement.to_string());
    row("Permitted to stay", f.excepted.to_string());
    row("From registries that the policy does not name", f.unlisted.to_string());
    row("Charts with nothing left to move", percent(f.charts_done, f.charts));
    if let Some(found) = &plan.availability {
        row("Available, by the last verification", percent(found.available, found.all()));
    }
    if f.incomplete > 0 {
        let _ = writeln!(
            text,
            "\n**{} files or images could not be read or analysed**, so images may be missing \
             here; `chart-images lint` says which.",
            f.incomplete
        );
    }
    if f.unplaced > 0 {
        let _ = writeln!(
            text,
            "\n**{} findings belong to no image of this plan**; see *What is in no table*.",
            f.unplaced
        );
    }
}

fn percent(part: usize, whole: usize) -> String {
    let percent = (part * 100).checked_div(whole).unwrap_or(100);
    format!("{part} of {whole} ({percent} %)")
}

fn migrated(text: &mut String, plan: &Plan<'_>) {
    text.push_str("\n### Already migrated\n\n");
    let rows = plan.with_status(Status::Allowed);
    let rows = rows
        .map(|row| with_found(plan, row, vec![reference(row), prose(row.chart), code(&row.at())]));
    table(
        text,
        &heads(plan, &["Image", "Chart", "File"]),
        rows,
        "No image is from an allowed registry yet.",
    );
}

fn needs_migration(text: &mut String, plan: &Plan<'_>) {
    text.push_str("\n### Needs migration\n");
    for urgency in Urgency::ALL {
        let (title, about) = words(urgency);
        let _ = writeln!(text, "\n#### {title}\n\n{about}\n");
        let rows = plan.to_move(urgency).map(|row| {
            let equivalent = row.image.replacement.as_deref();
            let cells = vec![
                reference(row),
                equivalent.map_or_else(|| "none known, see below".to_owned(), code),
                prose(row.chart),
                code(&row.at()),
            ];
            with_found(plan, row, cells)
        });
        table(
            text,
            &heads(plan, &["Current image", "Equivalent", "Chart", "File"]),
            rows,
            "Nothing is left here.",
        );
        for row in plan.to_move(urgency) {
            note(text, row);
        }
    }
}

/// What a reader has to know of a row beside its table.
fn note(text: &mut String, row: &Row<'_>) {
    let mut say = |note: String| {
        let _ = write!(text, "\n- {} ({}): {note}\n", reference(row), code(&row.at()));
    };
    if let Some(word) = &row.image.priority.by_policy {
        let place = code(&row::at(&word.location));
        let role = row.image.role.as_str();
        let reason = word.reason.as_deref().map(|reason| format!(": {}", prose(reason)));
        say(format!(
            "the policy sets its priority at {place}{} (its role is {role})",
            reason.unwrap_or_default()
        ));
    }
    if let Some(lapsed) = row.lapsed() {
        say(prose(&lapsed));
    }
    if let Some(condition) = &row.image.condition {
        say(format!("it runs only {}", prose(condition)));
    }
    if row.vendored {
        say("its chart is a copy of a dependency; set the image in the values of the chart that \
             brings it, since the next update undoes an edit of the copy"
            .to_owned());
    }
    if row.is_partial() {
        let parts: Vec<&str> = row.image.unknown.iter().map(|part| part.as_str()).collect();
        say(format!("its {} is told only by the templates", parts.join(" and ")));
    }
}

fn words(urgency: Urgency) -> (&'static str, &'static str) {
    match urgency {
        Urgency::High => (
            "High priority (production runtime)",
            "These images run in production pods and move first.",
        ),
        Urgency::Medium => (
            "Medium priority (utility and jobs)",
            "These images prepare, maintain or run once: jobs, cron jobs and hooks.",
        ),
        Urgency::Low => ("Low priority (tests)", "These images run in Helm's test pods only."),
    }
}

fn charts(text: &mut String, plan: &Plan<'_>) {
    text.push_str("\n## Charts\n\n");
    let rows = plan.charts.iter().map(|chart| {
        let state =
            if chart.left == 0 { "done".to_owned() } else { format!("{} left", chart.left) };
        vec![prose(chart.name), code(chart.path), chart.done.to_string(), state]
    });
    table(text, &["Chart", "Folder", "Images in place", "State"], rows, "No chart has an image.");
}

fn history(text: &mut String, plan: &Plan<'_>) {
    let Some(history) = &plan.history else { return };
    let _ = writeln!(text, "\n## Progress\n\n{}\n", history.about());
    let row = |day: String, commit: String, f: &Figures| {
        let day = if f.incomplete > 0 { format!("{day}, {} not read", f.incomplete) } else { day };
        let moved = percent(f.migrated, f.migrated + f.to_move());
        let left = f.to_move().to_string();
        vec![day, commit, moved, left, f.excepted.to_string(), percent(f.charts_done, f.charts)]
    };
    let points = history
        .points
        .iter()
        .map(|point| row(point.day.to_string(), code(point.short()), &point.figures));
    let rows = points.chain([row("now".to_owned(), String::new(), &plan.figures)]);
    table(text, &["Day", "Commit", "Images moved", "Left", "Excepted", "Charts done"], rows, "");
}

/// The reference; an ellipsis stands for what only the templates tell.
fn reference(row: &Row<'_>) -> String {
    let mut shown = code(&row.image.reference);
    if row.is_partial() {
        shown.push('…');
    }
    shown
}

/// The heads of a table of images; where a verification tells it, with what it found.
fn heads<'h>(plan: &Plan<'_>, heads: &[&'h str]) -> Vec<&'h str> {
    heads.iter().copied().chain(plan.availability.as_ref().map(|_| "Verified")).collect()
}

/// The cells of a row of such a table.
fn with_found(plan: &Plan<'_>, row: &Row<'_>, mut cells: Vec<String>) -> Vec<String> {
    let is_known = row.status != Status::Disallowed || row.image.replacement.is_some();
    let found = || if is_known { row.found() } else { String::new() };
    cells.extend(plan.availability.as_ref().map(|_| found()));
    cells
}

/// A table, or what to say where it has no rows.
fn table(
    text: &mut String,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    otherwise: &str,
) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        if !otherwise.is_empty() {
            let _ = writeln!(text, "{otherwise}");
        }
        return;
    }
    let _ = writeln!(text, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}

/// A command of the tool that asks about the same charts, as code.
fn command(plan: &Plan<'_>, words: &str) -> String {
    code(&commands::call(plan, words))
}
