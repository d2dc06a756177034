//! `Chart.yaml` as templates see it: `.Chart`.

use crate::chart::number::float32;
use crate::chart::{Chart, FileState};
use crate::decode;
use crate::source::SourceMap;
use crate::value::{Entry, ItemType, List, Map, Origin, Text, Value};

/// The metadata of a chart, each text with its bytes in `Chart.yaml`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    /// `name`; the alias where a dependency has one.
    pub(crate) name: Text,
    /// `version`
    pub(crate) version: Text,
    /// `type`
    pub(crate) kind: Text,
    /// `dependencies`, none where there is no such key.
    pub(crate) dependencies: Option<Vec<Dependency>>,
    /// The fields by Go's names, without the name and the dependencies.
    others: Vec<(&'static str, Value)>,
}

/// A dependency as Helm holds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependency {
    pub(crate) name: Text,
    pub(crate) version: Text,
    pub(crate) repository: Text,
    pub(crate) condition: Text,
    pub(crate) tags: Vec<Text>,
    pub(crate) enabled: bool,
    pub(crate) import_values: Vec<Value>,
    pub(crate) alias: Text,
}

impl Metadata {
    /// Reads what the chart's files say. The loader says what is wrong with them.
    pub(crate) fn read(chart: &Chart, sources: &SourceMap) -> Self {
        let files = ["Chart.yaml", "requirements.yaml"].map(|path| {
            let Some(&FileState::Loaded(id)) = chart.file(path).map(|file| &file.state) else {
                return Map::new();
            };
            match decode::of_file(id, sources.file(id).text()) {
                Ok(Value::Map(map)) => map,
                _ => Map::new(),
            }
        });
        let reader = Reader { sources };
        let get = |key| field(&files[1], key).or_else(|| field(&files[0], key));
        let text = |key| get(key).map(|value| reader.text(&value)).unwrap_or_default();
        let texts = |key| {
            let items = get(key).map(|value| reader.texts(&value)).unwrap_or_default();
            Value::List(List::new(items.into_iter().map(Value::Str).collect()))
        };
        let maintainers = items(get("maintainers")).map(|item| {
            let Value::Map(item) = item else { return Value::Map(Map::new()) };
            let map = Map::new();
            for (name, key) in [("Name", "name"), ("Email", "email"), ("URL", "url")] {
                let value = field(&item, key).map(|value| reader.text(&value));
                map.set(name, Value::Str(value.unwrap_or_default()));
            }
            Value::Map(map)
        });
        let given = get("annotations");
        let annotations = if given.is_some() { Map::new() } else { Map::nil() };
        let annotations = annotations.typed(ItemType::String);
        if let Some(Value::Map(map)) = given {
            for (key, entry) in map.entries().iter() {
                let value = Value::Str(reader.raw_text(&entry.value));
                annotations.put(key, Entry { key: entry.key.clone(), value });
            }
        }
        let api_version = match text("apiVersion") {
            empty if empty.is_empty() => Text::from("v1"),
            given => given,
        };
        let kind = text("type");
        let others = vec![
            ("Home", Value::Str(text("home"))),
            ("Sources", texts("sources")),
            ("Version", Value::Str(text("version"))),
            ("Description", Value::Str(text("description"))),
            ("Keywords", texts("keywords")),
            ("Maintainers", Value::List(List::new(maintainers.collect()))),
            ("Icon", Value::Str(text("icon"))),
            ("APIVersion", Value::Str(api_version)),
            ("Condition", Value::Str(text("condition"))),
            ("Tags", Value::Str(text("tags"))),
            ("AppVersion", Value::Str(text("appVersion"))),
            ("Deprecated", Value::bool(get("deprecated").is_some_and(|v| v.is_true()))),
            ("Annotations", Value::Map(annotations)),
            ("KubeVersion", Value::Str(text("kubeVersion"))),
            ("Type", Value::Str(kind.clone())),
        ];
        let dependencies = match get("dependencies") {
            Some(list @ Value::List(_)) => {
                Some(items(Some(list)).map(|item| reader.dependency(&item)).collect())
            }
            _ => None,
        };
        Self { name: text("name"), version: text("version"), kind, dependencies, others }
    }

    /// True for charts that only define templates.
    pub(crate) fn is_library(&self) -> bool {
        self.kind.bytes().eq_ignore_ascii_case(b"library")
    }

    /// `.Chart`
    pub(crate) fn object(&self, is_root: bool) -> Map {
        let map = Map::new();
        map.set("Name", Value::Str(self.name.clone()));
        for (name, value) in &self.others {
            map.set(name, value.clone());
        }
        let dependencies = self.dependencies.iter().flatten().map(Dependency::object);
        map.set("Dependencies", Value::List(List::new(dependencies.collect())));
        map.set("IsRoot", Value::bool(is_root));
        map
    }
}

impl Dependency {
    fn object(&self) -> Value {
        let map = Map::new();
        let texts = |texts: &[Text]| {
            Value::List(List::new(texts.iter().cloned().map(Value::Str).collect()))
        };
        map.set("Name", Value::Str(self.name.clone()));
        map.set("Version", Value::Str(self.version.clone()));
        map.set("Repository", Value::Str(self.repository.clone()));
        map.set("Condition", Value::Str(self.condition.clone()));
        map.set("Tags", texts(&self.tags));
        map.set("Enabled", Value::bool(self.enabled));
        map.set("ImportValues", Value::List(List::new(self.import_values.clone())));
        map.set("Alias", Value::Str(self.alias.clone()));
        Value::Map(map)
    }
}

/// The value that Go's decoder takes for a field: of the keys that are the same
/// without regard to case the one that sorts last.
fn field(map: &Map, key: &str) -> Option<Value> {
    let entries = map.entries();
    let named = entries.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key));
    named.map(|(_, entry)| entry.value.clone()).filter(|value| !matches!(value, Value::Nil))
}

fn items(value: Option<Value>) -> impl Iterator<Item = Value> {
    let items = match value {
        Some(Value::List(list)) => list.items.to_vec(),
        _ => Vec::new(),
    };
    items.into_iter()
}

struct Reader<'s> {
    sources: &'s SourceMap,
}

impl Reader<'_> {
    /// A value in a field that is a string, with its white space made blanks and
    /// what does not print left out.
    fn text(&self, value: &Value) -> Text {
        let text = self.raw_text(value);
        let string = text.as_str();
        if string.chars().all(|c| c == ' ' || !(c.is_whitespace() || c.is_control())) {
            return text;
        }
        let clean = |c: char| if c.is_whitespace() { ' ' } else { c };
        let cleaned: String = string.chars().map(clean).filter(|c| !c.is_control()).collect();
        text.derive(cleaned)
    }

    fn raw_text(&self, value: &Value) -> Text {
        match value {
            Value::Str(text) => text.clone(),
            Value::Bool(truth, origin) => Text::with_origin(truth.to_string(), origin.clone()),
            Value::Float(number, origin) => {
                // An integer is printed as one, however large.
                let written = origin.spans(0).first().map(|span| self.sources.text(*span));
                let text = match written.and_then(|text| text.parse::<i64>().ok()) {
                    Some(integer) => integer.to_string(),
                    None => float32(*number),
                };
                match (written, origin.spans(0).first()) {
                    (Some(written), Some(span)) if written == text => {
                        Text::with_origin(text, Origin::copied(span.file, span.start))
                    }
                    _ => Text::with_origin(text, origin.clone()),
                }
            }
            _ => Text::default(),
        }
    }

    fn texts(&self, value: &Value) -> Vec<Text> {
        match value {
            Value::List(list) => list.items.iter().map(|item| self.text(item)).collect(),
            _ => Vec::new(),
        }
    }

    fn dependency(&self, item: &Value) -> Dependency {
        let Value::Map(map) = item else { return Dependency::default() };
        let text = |key| field(map, key).map(|value| self.text(&value)).unwrap_or_default();
        let tags = field(map, "tags").map(|value| self.texts(&value)).unwrap_or_default();
        Dependency {
            name: text("name"),
            version: text("version"),
            repository: text("repository"),
            condition: text("condition"),
            tags,
            enabled: field(map, "enabled").is_some_and(|value| value.is_true()),
            import_values: items(field(map, "import-values")).collect(),
            alias: text("alias"),
        }
    }
}
