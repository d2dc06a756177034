//! What is done in which order, with the command that does it.

use super::parts::{badge, code, section, table};
use crate::plan::{Plan, commands, phase};
use chart_lint::policy::Urgency;
use report::escape::html as text;

pub(super) fn phases(page: &mut String, plan: &Plan<'_>) {
    let back = commands::rollback(plan, "--chart CHART");
    let about = format!(
        "Verify, migrate, lint and test, deploy. {back} takes a chart back, with --bump in a new \
         version where it was published."
    );
    section(page, ["of-phases", "Phases", &about]);
    let rows = Urgency::ALL.into_iter().map(|urgency| {
        let left = plan.to_move(urgency).count();
        let known = plan.to_move(urgency).filter(|row| row.image.replacement.is_some()).count();
        let mut does = match known {
            0 => String::new(),
            _ => code(&commands::migrate(plan, urgency)),
        };
        if known < left {
            let stuck = format!("{} with no equivalent known", left - known);
            does.push_str(&format!("<span class=\"note\">{stuck}</span>"));
        }
        if left == 0 {
            does.push_str("done");
        }
        let priority = badge(urgency.as_str(), urgency.as_str());
        vec![format!("{} {priority}", phase(urgency)), does, left.to_string()]
    });
    let excepted = plan.figures.excepted;
    let decide = "decide what becomes of what may stay, before its permission expires";
    let decide = if excepted == 0 { "nothing is excepted" } else { decide };
    let last =
        [vec![format!("4 {}", badge("excepted", "excepted")), text(decide), excepted.to_string()]];
    table(page, "of-phases", &["Phase", "Command", "Images"], 2, rows.chain(last));
    page.push_str("</section>\n");
}
