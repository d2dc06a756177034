//! `.Capabilities`: what Helm 4.2 says without a cluster.

use crate::value::{List, Struct, Text, Value};
use std::rc::Rc;

/// The versions of Kubernetes' APIs that Helm knows, in its order.
const API_VERSIONS: &str = include_str!("api-versions.txt");

/// `.Capabilities`
pub(crate) fn capabilities() -> Value {
    let kube_version = object(
        "common.KubeVersion",
        vec![
            ("Version", Value::str("v1.36.0")),
            ("normalizedVersion", Value::str("v1.36.0")),
            ("Major", Value::str("1")),
            ("Minor", Value::str("36")),
        ],
    );
    let helm_version = object(
        "version.BuildInfo",
        vec![
            ("Version", Value::str("v4.2")),
            ("GitCommit", Value::str("")),
            ("GitTreeState", Value::str("")),
            ("GoVersion", Value::str("go1.26.6")),
            ("KubeClientVersion", Value::str("v1.36")),
        ],
    );
    let versions = List::of_strings(API_VERSIONS.lines().map(Text::from));
    object(
        "*common.Capabilities",
        vec![
            ("KubeVersion", kube_version),
            ("APIVersions", Value::List(versions)),
            ("HelmVersion", helm_version),
        ],
    )
}

fn object(type_name: &'static str, fields: Vec<(&'static str, Value)>) -> Value {
    Value::Struct(Rc::new(Struct { type_name, fields }))
}
