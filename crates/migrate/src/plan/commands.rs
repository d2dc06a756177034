//! Commands that check an image by hand.

use super::Plan;
use chart_lint::model::Status;
use chart_lint::shell;

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
