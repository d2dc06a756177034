//! Compares what Helm and the engine gave for one chart.

use super::helm::Answer;
use helm_engine::decode;
use helm_engine::encode::to_yaml;
use helm_engine::functions::Budget;
use helm_engine::value::Text;
use std::collections::BTreeMap;

/// What the engine gave for a chart: manifests by path, or the error.
pub(crate) type Ours = Result<BTreeMap<String, String>, String>;

/// How the two compare.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// A dependency is not vendored.
    pub(crate) missing: bool,
    /// Manifests that are the same byte for byte.
    pub(crate) identical: usize,
    /// Manifests that differ and mean the same as YAML.
    pub(crate) equal: usize,
    /// Manifests that differ, with the first line that does.
    pub(crate) different: Vec<(String, String)>,
    /// Manifests that only one of them gave.
    pub(crate) one_sided: Vec<(String, String)>,
    /// What became of errors.
    pub(crate) error: Failure,
}

/// Errors of a chart.
#[derive(Debug, Default)]
pub(crate) enum Failure {
    /// There was none.
    #[default]
    None,
    /// Both failed for the same reason.
    Same { helm: String, ours: String },
    /// Both failed, for different ones.
    Other { helm: String, ours: String },
    /// Only one failed.
    Helm(String),
    /// Only the engine failed.
    Ours(String),
}

impl Verdict {
    /// True when the engine did as Helm did.
    pub(crate) fn agrees(&self) -> bool {
        self.different.is_empty()
            && self.one_sided.is_empty()
            && matches!(self.error, Failure::None | Failure::Same { .. })
    }
}

pub(crate) fn compare(ours: &Ours, theirs: &Answer, missing: bool) -> Verdict {
    let mut verdict = Verdict { missing, ..Verdict::default() };
    let ours = match (ours, &theirs.error) {
        (Err(ours), Some(helm)) => {
            verdict.error = if is_same_reason(ours, helm) {
                Failure::Same { helm: helm.clone(), ours: ours.clone() }
            } else {
                Failure::Other { helm: helm.clone(), ours: ours.clone() }
            };
            return verdict;
        }
        (Ok(_), Some(helm)) => {
            verdict.error = Failure::Helm(helm.clone());
            return verdict;
        }
        (Err(ours), None) => {
            verdict.error = Failure::Ours(ours.clone());
            return verdict;
        }
        (Ok(ours), None) => ours,
    };
    for (path, helm) in &theirs.manifests {
        let Some(text) = ours.get(path) else {
            verdict.one_sided.push((path.clone(), "only Helm gives it".to_owned()));
            continue;
        };
        let (helm, text) = masked(helm, theirs.again.get(path), text);
        if helm == text {
            verdict.identical += 1;
        } else if let (Some(a), Some(b)) = (as_yaml(&helm), as_yaml(&text))
            && a == b
        {
            verdict.equal += 1;
        } else {
            verdict.different.push((path.clone(), difference(&helm, &text)));
        }
    }
    for path in ours.keys() {
        if !theirs.manifests.contains_key(path) {
            verdict.one_sided.push((path.clone(), "only helm-engine gives it".to_owned()));
        }
    }
    verdict
}

/// How both begin where Helm does not load the chart.
pub(crate) const CANNOT_LOAD: &str = "cannot load Chart.yaml";

/// The reason is the last part of the message: Go says before it where it was.
fn is_same_reason(ours: &str, helm: &str) -> bool {
    if ours.starts_with(CANNOT_LOAD) && helm.starts_with(CANNOT_LOAD) {
        return true;
    }
    if ours.starts_with(SCHEMA) && helm.starts_with(SCHEMA) {
        return is_same_refusal(ours, helm);
    }
    let reason = |text: &str| {
        let last = text.trim().rsplit('\n').next().unwrap_or_default().trim().to_owned();
        last.rsplit(": ").next().unwrap_or_default().to_owned()
    };
    let (ours, helm) = (reason(ours), reason(helm));
    // The parser says behind Go's message what was expected.
    ours == helm || ours.strip_prefix(&helm).is_some_and(|rest| rest.starts_with("; "))
}

/// How both begin where a schema refuses the values.
const SCHEMA: &str = "values don't meet the specifications of the schema(s)";

/// What is wrong with a schema itself is told in fewer words than Helm has for it.
const NO_SCHEMA: &str = "is not valid against metaschema";

/// Helm tells of a map's keys in any order.
fn is_same_refusal(ours: &str, helm: &str) -> bool {
    let words = |text: &str| {
        let mut words: Vec<String> = text
            .split([' ', ',', '\n'])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words.sort();
        words
    };
    ours.contains(NO_SCHEMA) && helm.contains(NO_SCHEMA) || words(ours) == words(helm)
}

/// What the engine puts where the clock would be asked, plain and in base64.
const CLOCK: [&str; 4] = ["2006", "1136214245", "MjAwNi0wMS0w", "MjAwNjAxM"];

/// Both texts without the lines that two renders by Helm do not agree on, and
/// without those that have the placeholder of a date.
fn masked(helm: &str, again: Option<&String>, ours: &str) -> (String, String) {
    let again = again.map_or(helm, String::as_str);
    let count = |text: &str| text.split('\n').count();
    if count(helm) != count(ours) || count(helm) != count(again) {
        return (helm.to_owned(), ours.to_owned());
    }
    let mut masked = (String::new(), String::new());
    for ((helm, again), ours) in helm.split('\n').zip(again.split('\n')).zip(ours.split('\n')) {
        let clock = CLOCK.iter().any(|clock| ours.contains(clock) && !helm.contains(clock));
        if helm != again || clock {
            continue;
        }
        masked.0.push_str(helm);
        masked.0.push('\n');
        masked.1.push_str(ours);
        masked.1.push('\n');
    }
    masked
}

/// All documents in one form; none where one is no YAML.
fn as_yaml(text: &str) -> Option<Vec<String>> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            documents.push(String::new());
        } else if let Some(document) = documents.last_mut() {
            document.push_str(line);
        }
    }
    let form = |document: &String| {
        let value = decode::yaml(&Text::from(document.as_str())).ok()?;
        let text = to_yaml(&value, &mut Budget::new(1 << 28, 1 << 28)).ok()?;
        Some(text.as_str().into_owned())
    };
    let forms: Option<Vec<String>> = documents.iter().map(form).collect();
    forms.map(|forms| forms.into_iter().filter(|form| form.trim() != "null").collect())
}

/// The first line that differs.
fn difference(helm: &str, ours: &str) -> String {
    let (mut a, mut b) = (helm.split('\n'), ours.split('\n'));
    let mut line = 1;
    loop {
        match (a.next(), b.next()) {
            (None, None) => return "no line differs".to_owned(),
            (a, b) if a == b => line += 1,
            (a, b) => {
                let shown =
                    |line: Option<&str>| line.map_or("nothing".to_owned(), |l| format!("{l:?}"));
                return format!("line {line}: Helm has {}, helm-engine {}", shown(a), shown(b));
            }
        }
    }
}
