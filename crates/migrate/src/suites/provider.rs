//! `kubernetesProvider`: the objects that a test says a cluster has, found as the runner finds
//! them, which is by their names alone: it puts no defaults and has no cluster's rules.

use crate::written::{self, Left};
use helm_engine::evaluate::{Asked, Objects};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use yaml_span::{NodeId, Tree};

/// A group, a version and a resource, as `apps`, `v1` and `deployments`.
type Resource = [String; 3];

/// What a test says of a cluster's objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Provider {
    /// The resources of kinds, as `apps/v1/Deployment`, and whether they are in namespaces.
    scheme: BTreeMap<String, (Resource, bool)>,
    /// By their resource, their namespace and their name: the kind, and the object as JSON.
    objects: BTreeMap<(Resource, String, String), (String, String)>,
}

/// What a test of a suite says; `None` where the runner would fail, or it cannot be told.
pub(super) fn provider(
    tree: &Tree<'_>,
    suite: NodeId,
    test: NodeId,
    left: &mut Left,
) -> Option<Provider> {
    let mut provider = Provider::default();
    // What a suite says of a kind is over what its tests say.
    for level in [test, suite] {
        let Some(entry) = tree.get(level, "kubernetesProvider") else { continue };
        let given = map(Some(&written::value_of_suite(tree, entry.value, left)?))?;
        for (kind, said) in map(given.get("scheme"))? {
            provider.scheme.insert(kind, resource_of(&said)?);
        }
        for object in list(given.get("objects"))? {
            let (kind, key) = place_of(&object)?;
            let json = object.to_string();
            if provider.objects.insert(key, (kind, json)).is_some() {
                return None;
            }
        }
    }
    Some(provider)
}

fn map(value: Option<&Value>) -> Option<Map<String, Value>> {
    match value {
        None | Some(Value::Null) => Some(Map::new()),
        Some(Value::Object(map)) => Some(map.clone()),
        Some(_) => None,
    }
}

fn list(value: Option<&Value>) -> Option<Vec<Value>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(items)) => Some(items.clone()),
        Some(_) => None,
    }
}

/// A text of a map; nothing where there is none.
fn text(map: &Map<String, Value>, key: &str) -> Option<String> {
    match map.get(key) {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => None,
    }
}

fn resource_of(said: &Value) -> Option<(Resource, bool)> {
    let said = map(Some(said))?;
    // The runner cannot read an error.
    if said.get("should_err").is_some_and(|error| !error.is_null()) {
        return None;
    }
    let resource = map(said.get("gvr"))?;
    let part = |key| text(&resource, key);
    let is_namespaced = match said.get("namespaced") {
        None | Some(Value::Null) => false,
        Some(on) => on.as_bool()?,
    };
    Some(([part("group")?, part("version")?, part("resource")?], is_namespaced))
}

/// The kind of an object, and where it is found: under the resource that its kind sounds like.
fn place_of(object: &Value) -> Option<(String, (Resource, String, String))> {
    // The runner cannot copy an integer, and takes a list apart.
    if has_integer(object) || object.get("items").is_some() {
        return None;
    }
    let object = map(Some(object))?;
    let (kind, api_version) = (text(&object, "kind")?, text(&object, "apiVersion")?);
    let metadata = map(object.get("metadata"))?;
    if kind.is_empty() || api_version.is_empty() || api_version.matches('/').count() > 1 {
        return None;
    }
    let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
    let resource = [group.to_owned(), version.to_owned(), plural(&kind.to_lowercase())];
    Some((kind, (resource, text(&metadata, "namespace")?, text(&metadata, "name")?)))
}

fn has_integer(value: &Value) -> bool {
    match value {
        Value::Number(number) => !number.is_f64(),
        Value::Array(items) => items.iter().any(has_integer),
        Value::Object(map) => map.values().any(has_integer),
        _ => false,
    }
}

/// As Kubernetes guesses it.
fn plural(kind: &str) -> String {
    if kind.ends_with("endpoints") {
        return kind.to_owned();
    }
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if kind.ends_with('s') => format!("{kind}es"),
        None => format!("{kind}s"),
    }
}

impl Provider {
    /// The objects to look among; `None` where there are none, and so no cluster.
    pub(super) fn objects(&self) -> Option<Rc<dyn Objects>> {
        if self.objects.is_empty() {
            return None;
        }
        let mut found =
            Found { scheme: self.scheme.clone(), one: HashMap::new(), lists: HashMap::new() };
        // By the resource, then by all namespaces or one.
        let mut lists: BTreeMap<&Resource, BTreeMap<Option<&str>, Vec<&str>>> = BTreeMap::new();
        for ((resource, namespace, name), (_, json)) in &self.objects {
            let place = (resource.clone(), namespace.clone(), name.clone());
            found.one.insert(place, Rc::from(&**json));
            let of_resource = lists.entry(resource).or_default();
            for namespace in [None, Some(&**namespace)] {
                of_resource.entry(namespace).or_default().push(json);
            }
        }
        for (resource, by_namespace) in lists {
            let kind = self.objects.iter().find(|((other, ..), _)| other == resource);
            let kind = kind.map(|(_, (kind, _))| &**kind).unwrap_or_default();
            let count = by_namespace.get(&None).map_or(0, Vec::len);
            let printed = |items: &[&str]| -> Rc<str> { list_of(resource, kind, items, count) };
            let all = printed(by_namespace.get(&None).map(Vec::as_slice).unwrap_or_default());
            let some = by_namespace
                .iter()
                .filter_map(|(namespace, items)| Some(((*namespace)?.to_owned(), printed(items))));
            let lists = Lists { all, empty: printed(&[]), some: some.collect() };
            found.lists.insert(resource.clone(), lists);
        }
        Some(Rc::new(found))
    }
}

/// A list as the runner's client makes it of `count` objects.
fn list_of([group, version, _]: &Resource, kind: &str, items: &[&str], count: usize) -> Rc<str> {
    let api_version = match group.is_empty() {
        true => version.clone(),
        false => format!("{group}/{version}"),
    };
    let (api_version, kind) = (Value::from(api_version), Value::from(format!("{kind}List")));
    Rc::from(format!(
        r#"{{"apiVersion":{api_version},"items":[{}],"kind":{kind},"metadata":{{"continue":"","resourceVersion":"{}"}}}}"#,
        items.join(","),
        count + 1
    ))
}

/// The objects of a cluster, as they are asked for.
#[derive(Debug)]
struct Found {
    scheme: BTreeMap<String, (Resource, bool)>,
    one: HashMap<(Resource, String, String), Rc<str>>,
    lists: HashMap<Resource, Lists>,
}

/// The lists of a resource.
#[derive(Debug)]
struct Lists {
    all: Rc<str>,
    /// Of a namespace with objects.
    some: HashMap<String, Rc<str>>,
    /// Of any other.
    empty: Rc<str>,
}

impl Objects for Found {
    fn find(&self, asked: &Asked<'_>) -> Result<Option<Rc<str>>, String> {
        let kind = format!("{}/{}", asked.api_version, asked.kind);
        // A kind that nobody told of is no resource.
        let (resource, is_namespaced) = self.scheme.get(&kind).cloned().unwrap_or_default();
        let namespace = if is_namespaced { asked.namespace } else { "" };
        if !asked.name.is_empty() {
            let place = (resource, namespace.to_owned(), asked.name.to_owned());
            return Ok(self.one.get(&place).map(Rc::clone));
        }
        let lists = self.lists.get(&resource).ok_or_else(|| {
            format!("coding error: no object tells the runner how a list of {kind} is called")
        })?;
        let list = match namespace.is_empty() {
            true => &lists.all,
            false => lists.some.get(namespace).unwrap_or(&lists.empty),
        };
        Ok(Some(Rc::clone(list)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEME: &str = "  scheme:
    v1/Secret: {gvr: {version: v1, resource: secrets}, namespaced: true}
    v1/Namespace: {gvr: {version: v1, resource: namespaces}}
    v1/Pod: {gvr: {version: v1, resource: pods}, namespaced: true}
    v1/Wrong: {gvr: {version: v1, resource: other}, namespaced: true}
    v1/ConfigMap: {gvr: {version: v1, resource: configmaps}, namespaced: false}
";

    fn read(suite: &str, test: &str) -> Option<Provider> {
        let text = format!("kubernetesProvider:\n{SCHEME}{suite}tests:\n  - it: t\n{test}");
        let tree = yaml_span::parse(&text).unwrap();
        let suite = tree.documents()[0];
        let test = tree.items(tree.get(suite, "tests").unwrap().value)[0];
        provider(&tree, suite, test, &mut Left::default())
    }

    fn objects(all: &str) -> String {
        let lines = all.lines().map(|line| format!("      - {{{line}}}\n")).collect::<String>();
        format!("    kubernetesProvider:\n      objects:\n{lines}")
    }

    #[test]
    fn objects_are_found_as_the_runner_finds_them() {
        let of_suite = "  objects:
    - {kind: Secret, apiVersion: v1, metadata: {name: a, namespace: n}, data: {k: dg==}}
    - {kind: Secret, apiVersion: v1, metadata: {name: b, namespace: m}, ready: true, f: 1.5}
    - {kind: Secret, apiVersion: v1, metadata: {name: c}}
    - {kind: Namespace, apiVersion: v1, metadata: {name: b}}
    - {kind: Namespace, apiVersion: v1, metadata: {name: a}}
    - {kind: Endpoints, apiVersion: v1, metadata: {name: a, namespace: n}}
";
        let of_test = objects(
            "kind: ConfigMap, apiVersion: v1, metadata: {name: a, namespace: n}\nkind: Wrong, apiVersion: v1, metadata: {name: a, namespace: n}",
        );
        let found = read(of_suite, &of_test).unwrap().objects().unwrap();
        let ask = |kind, namespace, name| {
            let found = found.find(&Asked { api_version: "v1", kind, namespace, name });
            found.map(|json| json.map_or("{}".to_owned(), |json| json.to_string()))
        };
        // What helm-unittest 1.1.2 printed of each.
        let a = r#"{"apiVersion":"v1","data":{"k":"dg=="},"kind":"Secret","metadata":{"name":"a","namespace":"n"}}"#;
        let b = r#"{"apiVersion":"v1","f":1.5,"kind":"Secret","metadata":{"name":"b","namespace":"m"},"ready":true}"#;
        let c = r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"c"}}"#;
        let ns = r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}"#;
        let other = r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"b"}}"#;
        let list = |kind: &str, items: &str, version: u8| {
            format!(
                r#"{{"apiVersion":"v1","items":[{items}],"kind":"{kind}List","metadata":{{"continue":"","resourceVersion":"{version}"}}}}"#
            )
        };
        for (kind, namespace, name, expected) in [
            ("Secret", "n", "a", a.to_owned()),
            ("Secret", "m", "a", "{}".to_owned()),
            ("Secret", "", "a", "{}".to_owned()),
            ("Secret", "", "c", c.to_owned()),
            ("Secret", "m", "b", b.to_owned()),
            ("Secret", "", "", list("Secret", &format!("{c},{b},{a}"), 4)),
            ("Secret", "n", "", list("Secret", a, 4)),
            ("Secret", "zz", "", list("Secret", "", 4)),
            ("Namespace", "", "a", ns.to_owned()),
            ("Namespace", "x", "a", ns.to_owned()),
            ("Namespace", "", "", list("Namespace", &format!("{ns},{other}"), 3)),
            ("ConfigMap", "n", "a", "{}".to_owned()),
            ("Endpoints", "n", "a", "{}".to_owned()),
            ("Service", "n", "a", "{}".to_owned()),
            ("Wrong", "n", "a", "{}".to_owned()),
            ("Pod", "n", "a", "{}".to_owned()),
        ] {
            assert_eq!(ask(kind, namespace, name), Ok(expected), "{kind} {namespace}/{name}");
        }
        let of_map =
            r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"n"}}"#;
        assert_eq!(ask("ConfigMap", "n", ""), Ok(list("ConfigMap", of_map, 2)));
        // A list of a kind without an object, and of one that is not told of, fails there too.
        for kind in ["Pod", "Service"] {
            assert!(ask(kind, "n", "").unwrap_err().starts_with("coding error: "));
        }
    }

    #[test]
    fn without_objects_there_is_no_cluster() {
        for test in ["", "    kubernetesProvider:\n", "    kubernetesProvider: {objects: []}\n"] {
            assert!(read("", test).unwrap().objects().is_none(), "{test}");
        }
        assert_eq!(read("", "    kubernetesProvider: [a]\n"), None);
    }

    #[test]
    fn what_fails_in_the_runner_is_not_told() {
        let one = "apiVersion: v1, kind: Secret, metadata: {name: a}";
        assert!(read("", &objects(one)).is_some());
        let twice = format!("{one}\n{one}, data: {{k: x}}");
        for wrong in [
            "apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: 3}",
            &*twice,
            "apiVersion: v1, metadata: {name: a}",
            "kind: Secret, metadata: {name: a}",
            "apiVersion: a/b/c, kind: Secret, metadata: {name: a}",
            "apiVersion: v1, kind: SecretList, items: []",
        ] {
            assert_eq!(read("", &objects(wrong)), None, "{wrong}");
        }
        let failing = "    kubernetesProvider: {scheme: {v1/Pod: {should_err: no}}}\n";
        assert_eq!(read("", failing), None);
    }

    #[test]
    fn kinds_sound_like_their_resources() {
        for (kind, resource) in [
            ("pod", "pods"),
            ("ingress", "ingresses"),
            ("policy", "policies"),
            ("endpoints", "endpoints"),
        ] {
            assert_eq!(plural(kind), resource);
        }
    }
}
