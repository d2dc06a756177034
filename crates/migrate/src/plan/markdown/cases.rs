//! What the plan cannot move as it is: what is permitted to stay, what has no equivalent,
//! what the policy does not name, what is no image that is known.

use super::{code, command, heads, prose, reference, table, with_found};
use crate::plan::Plan;
use crate::plan::row::{self, Permit, Row};
use chart_lint::model::Status;
use std::fmt::Write;

/// What an exception of the policy or a comment in a chart permits to stay.
pub(super) fn special(text: &mut String, plan: &Plan<'_>) {
    text.push_str("\n### Special cases\n");
    let permits = || plan.with_status(Status::Excepted).filter_map(|row| row.permit);
    let mut exceptions: Vec<Permit<'_>> = Vec::new();
    for permit in permits().filter(|permit| !permit.is_comment) {
        if !exceptions.iter().any(|known| known.location == permit.location) {
            exceptions.push(permit);
        }
    }
    let lapsed = plan.rows.iter().filter(|row| row.lapsed().is_some()).count();
    let is_commented = permits().any(|permit| permit.is_comment);
    if lapsed > 0 {
        let _ = writeln!(
            text,
            "\n{lapsed} to move {} named by an exception that does not hold; *Needs migration* says \
             why.",
            if lapsed == 1 { "is" } else { "are" }
        );
    } else if exceptions.is_empty() {
        text.push_str("\nNo exception of the policy is used.\n");
    }
    for exception in exceptions {
        of_exception(text, plan, &exception);
    }
    if is_commented {
        of_comments(text, plan);
    }
}

fn of_exception(text: &mut String, plan: &Plan<'_>, exception: &Permit<'_>) {
    let _ =
        writeln!(text, "\nPermitted by {}: {}\n", code(&exception.at()), prose(exception.reason));
    let rows: Vec<&Row<'_>> = plan
        .with_status(Status::Excepted)
        .filter(|row| row.permit.is_some_and(|permit| permit.location == exception.location))
        .collect();
    let cells = rows.iter().map(|row| {
        let cells = vec![reference(row), until(exception), prose(row.chart), code(&row.at())];
        with_found(plan, row, cells)
    });
    table(text, &heads(plan, &["Current image", "Permitted", "Chart", "File"]), cells, "");
    if let Some(owner) = &exception.owner {
        let _ = writeln!(text, "\n{} answers for it.", prose(owner));
    }
    choices(text, plan, &rows, "exception");
}

fn of_comments(text: &mut String, plan: &Plan<'_>) {
    text.push_str("\nPermitted by comments in the charts:\n\n");
    let is_commented = |row: &&Row<'_>| row.permit.is_some_and(|permit| permit.is_comment);
    let rows: Vec<&Row<'_>> = plan.with_status(Status::Excepted).filter(is_commented).collect();
    let cells = rows.iter().filter_map(|row| {
        let permit = row.permit?;
        let cells = vec![
            reference(row),
            until(&permit),
            prose(permit.reason),
            code(&permit.at()),
            prose(row.chart),
            code(&row.at()),
        ];
        Some(with_found(plan, row, cells))
    });
    let names = ["Current image", "Permitted", "Reason", "Comment", "Chart", "File"];
    table(text, &heads(plan, &names), cells, "");
    choices(text, plan, &rows, "comment");
}

fn until(permit: &Permit<'_>) -> String {
    permit.until.map_or("no end is set".to_owned(), |day| format!("until {day}"))
}

fn choices(text: &mut String, plan: &Plan<'_>, rows: &[&Row<'_>], permitted_by: &str) {
    let is_pinned = rows.iter().all(|row| row.image.digest.is_some());
    let pinned = if is_pinned { "pinned by digest" } else { "better pinned by digest" };
    let _ = writeln!(
        text,
        "\nChoices:\n\n\
         1. Keep the original registry, {pinned}, as the {permitted_by} has it.\n\
         2. Mirror the images to {}: {} (or `regsync`) prints the file that copies them, and the \
         lines for `replacements`. Then take the {permitted_by} away, which would keep them.\n\
         3. Ask the publisher for a mirror on an allowed registry.",
        own(plan, rows.iter().copied()),
        command(plan, "plan --format skopeo --excepted")
    );
}

/// The registries of one's own that the policies of some rows name.
fn own<'r, 'a: 'r>(plan: &Plan<'_>, rows: impl Iterator<Item = &'r Row<'a>>) -> String {
    let mut all: Vec<&String> = rows.filter_map(|row| plan.own.get(row.policy)).flatten().collect();
    all.sort();
    all.dedup();
    match all.is_empty() {
        true => "a registry of your own, which `mirror` in the policy is to name".to_owned(),
        false => all.into_iter().map(|name| code(name)).collect::<Vec<_>>().join(" or "),
    }
}

/// What is to move, and the policy does not say where to.
pub(super) fn stuck(text: &mut String, plan: &Plan<'_>) {
    if plan.without_replacement().next().is_none() {
        return;
    }
    let _ = writeln!(
        text,
        "\n### Without an equivalent\n\n\
         The policy names no replacement for these. Choices for each:\n\n\
         1. Mirror it to {}: {} (or `regsync`) prints the file that copies it, and the lines \
         for `replacements`.\n\
         2. Move to another image, and name that under `replacements`.\n\
         3. Except it, with a reason.\n",
        own(plan, plan.without_replacement()),
        command(plan, "plan --format skopeo")
    );
    let rows = plan.without_replacement();
    let rows = rows.map(|row| vec![reference(row), prose(row.chart), code(&row.at())]);
    table(text, &["Current image", "Chart", "File"], rows, "");
    for row in plan.without_replacement() {
        if let Some(lapsed) = row.lapsed() {
            let (image, at) = (reference(row), code(&row.at()));
            let _ = writeln!(text, "\n- {image} ({at}): {}", prose(&lapsed));
        }
    }
}

/// What no list of the policy names.
pub(super) fn unlisted(text: &mut String, plan: &Plan<'_>) {
    if plan.with_status(Status::Unlisted).next().is_none() {
        return;
    }
    text.push_str(
        "\n### Registries that the policy does not name\n\n\
         Decide each: add its registry to `allowed` or to `disallowed`.\n\n",
    );
    let rows = plan.with_status(Status::Unlisted);
    let rows = rows.map(|row| {
        vec![code(&row.image.registry), reference(row), prose(row.chart), code(&row.at())]
    });
    table(text, &["Registry", "Image", "Chart", "File"], rows, "");
}

/// What is no image of the inventory, so that no other table has it.
pub(super) fn unplaced(text: &mut String, plan: &Plan<'_>) {
    if plan.unplaced.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n### What is in no table\n\n\
         What is here is no image, is not known or could not be read, so it has no place in this \
         plan. {} tells more of each.\n",
        command(plan, "lint")
    );
    let rows = plan.unplaced.iter().map(|finding| {
        let at = code(&row::at(&finding.primary.location));
        vec![code(finding.rule), prose(&finding.message), at]
    });
    table(text, &["Rule", "What", "File"], rows, "");
}
