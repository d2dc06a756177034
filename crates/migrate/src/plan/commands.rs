//! The commands of a plan: the tool's own, and those that check an image by hand.

use super::{Plan, phase};
use chart_lint::model::Status;
use chart_lint::policy::Urgency;
use chart_lint::{shell, verified};

/// What a command has to be told so that it asks about the same charts as the plan did.
/// Paths are relative to the root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whether it would take another folder for the root than the one that it is run in.
    pub names_root: bool,
    /// The revision that the policy is taken from.
    pub policy_from: Option<String>,
    /// The policy that judges in the place of the nearest.
    pub policy: Option<String>,
    /// The charts, folders or files; none for the whole root.
    pub paths: Vec<String>,
}

/// A command of the tool that asks about the same charts as the plan.
pub(super) fn call(plan: &Plan<'_>, command: &str) -> String {
    let Asked { policy_from, policy, paths, .. } = &plan.asked;
    let flags = [("--policy-from ", policy_from), ("--policy ", policy)];
    let flags = flags.into_iter().filter_map(|(flag, value)| Some((flag, value.as_ref()?)));
    let mut call = format!("chart-images {command}{}", root(plan));
    for (flag, value) in flags.chain(paths.iter().map(|path| ("", path))) {
        call.push_str(&format!(" {flag}{}", shell::word(value)));
    }
    call
}

fn root(plan: &Plan<'_>) -> &'static str {
    if plan.asked.names_root { " --root ." } else { "" }
}

/// The command that does a phase.
pub(super) fn migrate(plan: &Plan<'_>, urgency: Urgency) -> String {
    let phase = phase(urgency);
    call(plan, &format!("migrate --phase {phase} --verified {}", verified::PATH))
}

/// The command that goes back. It knows of the charts what their migration wrote down, and
/// wants to be told no more than where that is.
pub(super) fn rollback(plan: &Plan<'_>, arguments: &str) -> String {
    format!("chart-images rollback {arguments}{}", root(plan))
}

/// A folder as `--chart` takes it, which reads patterns.
pub(super) fn chart(folder: &str) -> String {
    let mut pattern = String::new();
    for c in folder.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' | '\\' => pattern.extend(['[', c, ']']),
            c => pattern.push(c),
        }
    }
    shell::word(&pattern)
}

/// The commands for every equivalent that something is to move to, sorted by it.
pub(super) fn all(plan: &Plan<'_>) -> Vec<String> {
    let mut targets: Vec<&str> = plan
        .with_status(Status::Disallowed)
        .filter(|row| !row.is_partial())
        .filter_map(|row| row.image.replacement.as_deref())
        .collect();
    targets.sort_unstable();
    targets.dedup();
    targets.into_iter().flat_map(checks).collect()
}

/// What the commands tell.
pub(super) const ABOUT: &str = "`chart-images verify` asks the registries whether each equivalent \
    exists and is the same image. That a cluster can pull it, these tell; where an image has no \
    shell, the error that says so tells that it was pulled.";

/// The commands that show that a reference can be pulled, here and in a cluster. The
/// reference is quoted for a POSIX shell where it has to be.
fn checks(reference: &str) -> [String; 2] {
    let word = shell::word(reference);
    [
        format!("docker pull {word}"),
        format!(
            "kubectl run test-pull --rm -it --restart=Never --image={word} --command -- /bin/sh -c true"
        ),
    ]
}
