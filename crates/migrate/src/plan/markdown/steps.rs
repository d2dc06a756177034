//! What is to be done, in which order, with which command, and how to go back.

use super::{code, command, prose, words};
use crate::plan::{Plan, Row, commands, phase};
use chart_lint::model::Status;
use chart_lint::policy::Urgency;
use chart_lint::shell;
use chart_lint::verified;
use std::fmt::Write;

pub(super) fn phases(text: &mut String, plan: &Plan<'_>) {
    text.push_str(
        "\n## Phases\n\n\
         Commands are for the folder in which the paths of this plan begin.\n",
    );
    for urgency in Urgency::ALL {
        let (title, _) = words(urgency);
        let _ = writeln!(text, "\n### Phase {}: {title}\n", phase(urgency));
        match plan.to_move(urgency).count() {
            0 => text.push_str("Done: no image is left.\n"),
            count => steps(text, plan, urgency, count),
        }
    }
    text.push_str("\n### Phase 4: Exceptions\n\n");
    if plan.figures.excepted == 0 {
        text.push_str("No image is permitted to stay.\n");
        return;
    }
    let permits = plan.with_status(Status::Excepted).filter_map(|row| row.permit);
    let first = permits.filter_map(|permit| permit.until).min();
    let before = first.map(|day| format!(", the first before {day} is over")).unwrap_or_default();
    let _ = writeln!(
        text,
        "Decide what becomes of the {} that may stay (see *Special cases*){before}.",
        plan.figures.excepted,
    );
}

fn steps(text: &mut String, plan: &Plan<'_>, urgency: Urgency, count: usize) {
    let equivalents: Vec<&Row<'_>> =
        plan.to_move(urgency).filter(|row| row.image.replacement.is_some()).collect();
    let _ = writeln!(text, "{count} to move.\n");
    if count > equivalents.len() {
        let _ = writeln!(
            text,
            "{} of them {} no equivalent; see *Without an equivalent*.\n",
            count - equivalents.len(),
            if count - equivalents.len() == 1 { "has" } else { "have" }
        );
    }
    if equivalents.is_empty() {
        return;
    }
    let known = plan.availability.as_ref().map(|_| {
        let same = |row: &&&Row<'_>| row.verified.is_some_and(|entry| entry.answer.is_same());
        let same = equivalents.iter().filter(same).count();
        format!(" Found so by the last verification: {same} of {}.", equivalents.len())
    });
    let _ = writeln!(
        text,
        "1. {} asks whether each equivalent is there and is the same image (by hand: see \
         *Verification*).{}\n\
         2. {} writes the equivalents in the place of the images, proved; `--dry-run` shows it \
         first, `--commit` commits each chart{}.\n\
         3. {} and `helm lint`; run the charts' tests.\n\
         4. Deploy to development, to staging, to production; watch that pods start.\n\
         5. If something is wrong, go back (see *Rollback*).",
        command(plan, "verify"),
        known.unwrap_or_default(),
        code(&commands::migrate(plan, urgency)),
        match plan.availability {
            Some(_) => "",
            None => "; `--unverified` stands for `--verified` where you checked by hand",
        },
        command(plan, "lint"),
    );
}

pub(super) fn checklist(text: &mut String, plan: &Plan<'_>) {
    let _ = writeln!(
        text,
        "\n## Checklist\n\n\
         ### Before\n\n\
         - [ ] Every equivalent is there and is the same image: {}\n\
         - [ ] This plan is committed: it holds the current versions\n\
         - [ ] The way back is agreed (see *Rollback*)\n\
         - [ ] Migration notes have a place: `--notes FILE` keeps a table of what moved in a Markdown \
         file of yours, between two markers that `chart-images migrate --help` tells\n\n\
         ### For each chart\n",
        command(plan, "verify")
    );
    if plan.figures.to_move() == 0 {
        text.push_str("Every chart is done.\n");
    } else {
        text.push_str(
            "The first box of a chart is done by its command: it changes the declarations, lets \
             tests, schemas, README and dependants follow, raises the version, and commits all of \
             it with a message that tells what moved. What it cannot do it says, with the \
             line.\n\n",
        );
    }
    for chart in plan.charts.iter().filter(|chart| chart.left > 0) {
        let images = if chart.left == 1 { "1 image" } else { &format!("{} images", chart.left) };
        let name = prose(chart.name);
        let of_chart = |row: &&Row<'_>| &*row.image.chart == chart.path;
        if plan.without_replacement().filter(of_chart).count() == chart.left {
            let _ = writeln!(text, "- [ ] {name}: {images} left (see *Without an equivalent*)");
            continue;
        }
        let folder = shell::word(chart.path);
        let chosen = commands::chart(chart.path);
        let named = format!("migrate --chart {chosen} --commit --verified {}", verified::PATH);
        let _ = writeln!(
            text,
            "- [ ] {name}: {images} moved, expectations follow, version raised, committed: {}\n  \
             - [ ] Each new image can be pulled (see *Verification*)\n  \
             - [ ] {}; {} where it has such tests",
            command(plan, &named),
            code(&format!("helm lint {folder}")),
            code(&format!("helm unittest {folder}")),
        );
    }
    let _ = writeln!(
        text,
        "\n### After\n\n\
         - [ ] Deployed to development, staging and production; all pods started; pull times \
         watched\n\
         - [ ] {} ends with 0: nothing is left to move\n\
         - [ ] {} is a required check, so that nothing moves back\n\
         - [ ] What was learned is written down",
        command(plan, "status"),
        command(plan, "lint"),
    );
}

pub(super) fn verification(text: &mut String, plan: &Plan<'_>) {
    let checks = commands::all(plan);
    if checks.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n## Verification\n\n{}\n\n```sh\n{}\n```",
        commands::ABOUT,
        checks.join("\n")
    );
}

pub(super) fn rollback(text: &mut String, plan: &Plan<'_>) {
    let _ = writeln!(
        text,
        "\n## Rollback\n\n\
         1. At once: {} gives back the lines that a migration changed in the chart, and nothing \
         else; without `--chart` in every chart. A commit of `--commit` can be reverted as well.\n\
         2. Where the chart was published since: {} does the same and raises its version.\n\
         3. In a cluster: `helm rollback RELEASE`, or deploy the chart's previous version.",
        code(&commands::rollback(plan, "--chart CHART")),
        code(&commands::rollback(plan, "--chart CHART --bump")),
    );
}
