//! How far each chart is, and what comes from each registry.

use super::parts::{badge, bar, code, section, state, table};
use crate::plan::Plan;
use chart_lint::model::Status;
use report::escape::html as text;
use std::collections::BTreeMap;

pub(super) fn charts(page: &mut String, plan: &Plan<'_>) {
    let heads = ["Chart", "State", "In place", "To move"];
    let rows = plan.charts.iter().map(|chart| {
        let state = match chart.left {
            0 => badge("done", "done"),
            _ => badge("open", "to move"),
        };
        let drawn = bar(&[("done", chart.done), ("open", chart.left)]);
        vec![
            format!(
                "<strong>{}</strong><span class=\"note\">{}</span>",
                text(chart.name),
                code(chart.path)
            ),
            format!("{state}{drawn}"),
            chart.done.to_string(),
            chart.left.to_string(),
        ]
    });
    section(page, ["of-charts", "Charts", "What is permitted to stay is in place."]);
    table(page, "of-charts", &heads, 2, rows);
    page.push_str("</section>\n");
}

/// How many images each registry has, and what the policy says of them.
pub(super) fn registries(page: &mut String, plan: &Plan<'_>) {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for row in &plan.rows {
        counts.entry(&row.image.registry).or_default()[index(row.status)] += 1;
    }
    let heads = ["Registry", "Images", "In place", "Excepted", "Not named", "To move"];
    let rows = counts.into_iter().map(|(registry, counts)| {
        let shares = ALL.map(|status| (state(status).0, counts[index(status)]));
        let total: usize = counts.iter().sum();
        let [done, excepted, unlisted, open] = counts.map(|count| count.to_string());
        vec![
            format!("{}{}", code(registry), bar(&shares)),
            total.to_string(),
            done,
            excepted,
            unlisted,
            open,
        ]
    });
    section(page, ["of-registries", "Registries", "Where the charts take their images from."]);
    table(page, "of-registries", &heads, 1, rows);
    page.push_str("</section>\n");
}

const ALL: [Status; 4] = [Status::Allowed, Status::Excepted, Status::Unlisted, Status::Disallowed];

fn index(status: Status) -> usize {
    match status {
        Status::Allowed => 0,
        Status::Excepted => 1,
        Status::Unlisted => 2,
        Status::Disallowed => 3,
    }
}
