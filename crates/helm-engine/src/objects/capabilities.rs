//! `.Capabilities`: what Helm 4.2 says without a cluster.

use crate::render::Cluster;
use crate::value::{List, Struct, Text, Value};
use std::rc::Rc;

/// The versions of Kubernetes' APIs that Helm knows, in its order.
const API_VERSIONS: &str = include_str!("api-versions.txt");

/// `.Capabilities`, of a cluster where one is given.
pub(crate) fn capabilities(cluster: Option<&Cluster>) -> Value {
    let (major, minor) =
        cluster.map_or(("1", "36"), |cluster| (cluster.major.as_str(), cluster.minor.as_str()));
    let version = format!("v{major}.{minor}.0");
    let kube_version = object(
        "common.KubeVersion",
        vec![
            ("Version", Value::str(version.as_str())),
            ("normalizedVersion", Value::str(version.as_str())),
            ("Major", Value::str(major)),
            ("Minor", Value::str(minor)),
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
    let versions = match cluster {
        None => List::of_strings(API_VERSIONS.lines().map(Text::from)),
        Some(cluster) => List::of_strings(
            cluster.api_versions.iter().map(|version| Text::from(version.as_str())),
        ),
    };
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
