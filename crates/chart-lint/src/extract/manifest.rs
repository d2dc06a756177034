//! What a Kubernetes manifest says of itself: its kind, and what its containers are for.

use crate::model::Role;
use yaml_span::{Entry, NodeId, Tree};

/// What a Kubernetes manifest says of itself.
pub(super) struct Manifest {
    pub(super) kind: String,
    pub(super) role: Option<Role>,
}

impl Manifest {
    pub(super) fn of(tree: &Tree<'_>, root: NodeId) -> Option<Self> {
        let text = |entry: Entry| tree.str(entry.value);
        let kind = tree.get(root, "kind").and_then(text)?.to_owned();
        tree.get(root, "apiVersion")?;
        let hook = tree
            .get(root, "metadata")
            .and_then(|metadata| tree.get(metadata.value, "annotations"))
            .and_then(|annotations| tree.get(annotations.value, "helm.sh/hook"))
            .and_then(text);
        Some(Self { role: role_of(&kind, hook), kind })
    }
}

/// What the containers of a manifest are for.
pub(crate) fn role_of(kind: &str, hook: Option<&str>) -> Option<Role> {
    match (hook, kind) {
        (Some(hook), _) if only_tests(hook) => Some(Role::Test),
        (Some(_), _) | (None, "Job" | "CronJob") => Some(Role::Utility),
        (None, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Pod")
        | (None, "ReplicationController") => Some(Role::Runtime),
        _ => None,
    }
}

/// True of a hook that runs for `helm test` and at no other time. `test-success` is what
/// it was called in Helm 2, and Helm still runs it.
fn only_tests(hook: &str) -> bool {
    hook.split(',').all(|event| matches!(event.trim(), "test" | "test-success" | "test-failure"))
}
