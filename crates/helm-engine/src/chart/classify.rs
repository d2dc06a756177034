//! What a file of a chart is, from its path alone.

/// What a file of a chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// `Chart.yaml`.
    ChartYaml,
    /// `requirements.yaml`, the dependencies of charts of apiVersion v1.
    Requirements,
    /// `values.yaml`.
    Values,
    /// Values to be given with `-f`: `values-*.yaml`, `*-values.yaml`, `ci/*.yaml`….
    ExtraValues,
    /// The same under `ci/`, where `.helmignore` leaves it out: the package lacks it,
    /// and the chart's own tests install the chart with it.
    TestValues,
    /// Anything under `templates/`: Helm renders all of it.
    Template,
    /// A manifest under `crds/`.
    Crd,
    /// `questions.yaml`, the form that Rancher shows.
    Questions,
    /// `values.schema.json`.
    ValuesSchema,
    /// A text that a template can bring with `.Files`.
    Text,
    /// A file without a known ending, which a template can bring if it is text.
    Other,
    /// `Chart.lock`, `requirements.lock`.
    Lock,
    /// What is for people: README, LICENSE, `*.md`….
    Documentation,
    /// `.helmignore`.
    HelmIgnore,
    /// YAML under `tests/`: inputs of helm-unittest. (`templates/tests/` holds templates,
    /// and a template can bring the scripts that are there.)
    UnitTest,
    /// A packaged chart, or another archive.
    Archive,
    /// The `.prov` beside a packaged chart.
    Signature,
    /// An image, font, key store… by its ending.
    Binary,
    /// What Git, editors and build tools keep beside a chart.
    Tooling,
    /// A folder that was left out as a whole.
    Folder,
}

impl FileKind {
    /// A word or two for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ChartYaml => "chart metadata",
            Self::Requirements => "requirements",
            Self::Values => "values",
            Self::ExtraValues => "extra values",
            Self::TestValues => "test values",
            Self::Template => "template",
            Self::Crd => "crd",
            Self::Questions => "questions",
            Self::ValuesSchema => "values schema",
            Self::Text => "text",
            Self::Other => "other",
            Self::Lock => "lock",
            Self::Documentation => "documentation",
            Self::HelmIgnore => "helmignore",
            Self::UnitTest => "unit test",
            Self::Archive => "archive",
            Self::Signature => "signature",
            Self::Binary => "binary",
            Self::Tooling => "tooling",
            Self::Folder => "folder",
        }
    }

    /// Why files of this kind are not even opened; `None` when they are read.
    pub fn skipped(self) -> Option<&'static str> {
        Some(match self {
            Self::Lock => "a lock file repeats Chart.yaml",
            Self::Documentation => "documentation",
            Self::HelmIgnore => "says what to leave out",
            Self::UnitTest => "a unit test is not deployed",
            Self::Archive => "an archive outside charts/ is no dependency",
            Self::Signature => "a signature",
            Self::Binary => "binary by its ending",
            Self::Tooling => "not for the chart",
            Self::Folder => "a folder",
            _ => return None,
        })
    }

    /// Whether bytes that are no text make a file of this kind a binary one
    /// rather than a text that cannot be read. Only where the name promises
    /// nothing: a NUL must not hide a template from the gate.
    pub(super) fn may_be_binary(self) -> bool {
        self == Self::Other
    }
}

impl std::fmt::Display for FileKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the file at `path`, relative to its chart and not in a subchart, is.
pub(super) fn classify(path: &str) -> FileKind {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match path {
        "Chart.yaml" => return FileKind::ChartYaml,
        "requirements.yaml" => return FileKind::Requirements,
        "values.yaml" => return FileKind::Values,
        "values.schema.json" => return FileKind::ValuesSchema,
        "questions.yaml" | "questions.yml" => return FileKind::Questions,
        "Chart.lock" | "requirements.lock" => return FileKind::Lock,
        ".helmignore" => return FileKind::HelmIgnore,
        _ => {}
    }
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let yaml = matches!(ending, "yaml" | "yml");
    match path.split_once('/').map_or("", |(first, _)| first) {
        "templates" => return FileKind::Template,
        "tests" if yaml || ending == "snap" => return FileKind::UnitTest,
        "crds" if yaml || ending == "json" => return FileKind::Crd,
        "charts" if ending == "tgz" => return FileKind::Archive,
        _ => {}
    }
    if yaml && (folder == "ci" || names_values(&lower)) {
        return FileKind::ExtraValues;
    }
    by_name(&lower).unwrap_or_else(|| by_ending(ending))
}

/// `values-prod.yaml`, `prod-values.yaml`, `prod.values.yaml`, and with the
/// other separators that charts use.
fn names_values(lower: &str) -> bool {
    let stem = lower.rsplit_once('.').map_or(lower, |(stem, _)| stem);
    let separator = |c: char| matches!(c, '-' | '.' | '_');
    stem == "values"
        || stem.strip_prefix("values").is_some_and(|rest| rest.starts_with(separator))
        || stem.strip_suffix("values").is_some_and(|rest| rest.ends_with(separator))
}

/// Files known by their name or its first word.
fn by_name(lower: &str) -> Option<FileKind> {
    const DOCUMENTS: [&str; 14] = [
        "readme",
        "license",
        "licence",
        "copying",
        "notice",
        "changelog",
        "changes",
        "history",
        "contributing",
        "authors",
        "maintainers",
        "owners",
        "codeowners",
        "security",
    ];
    const TOOLS: [&str; 10] = [
        ".gitignore",
        ".gitattributes",
        ".gitkeep",
        ".gitmodules",
        ".editorconfig",
        ".ds_store",
        ".dockerignore",
        ".prettierignore",
        ".helmdocsignore",
        ".yamllint",
    ];
    let first = lower.split('.').next().unwrap_or_default();
    if DOCUMENTS.contains(&first) {
        return Some(FileKind::Documentation);
    }
    TOOLS.contains(&lower).then_some(FileKind::Tooling)
}

fn by_ending(ending: &str) -> FileKind {
    match ending {
        "md" | "markdown" | "rst" | "adoc" | "gotmpl" => FileKind::Documentation,
        "yaml" | "yml" | "json" | "toml" | "tpl" | "txt" | "conf" | "cfg" | "properties" | "sh"
        | "bash" | "ini" | "env" | "xml" | "sql" | "lua" | "py" | "js" | "rules" | "cue"
        | "tmpl" | "hcl" | "star" | "rego" => FileKind::Text,
        "tgz" | "tar" | "gz" | "bz2" | "xz" | "zst" | "zip" | "jar" | "war" => FileKind::Archive,
        "prov" | "asc" | "sig" => FileKind::Signature,
        "png" | "jpg" | "jpeg" | "gif" | "ico" | "svg" | "webp" | "bmp" | "pdf" | "woff"
        | "woff2" | "ttf" | "otf" | "eot" | "mp4" | "jks" | "p12" | "pfx" | "gpg" | "der"
        | "keystore" | "so" | "exe" | "dll" | "wasm" | "class" | "pyc" | "db" | "sqlite" => {
            FileKind::Binary
        }
        _ => FileKind::Other,
    }
}

/// The path of a file relative to the subchart it is in, however deep.
pub(super) fn in_own_chart(mut path: &str) -> &str {
    while let Some((folder, rest)) = path.strip_prefix("charts/").and_then(|p| p.split_once('/')) {
        if folder.starts_with(['_', '.']) {
            break;
        }
        path = rest;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_by_its_path() {
        for (path, kind) in [
            ("Chart.yaml", FileKind::ChartYaml),
            ("files/Chart.yaml", FileKind::Text),
            ("values.yaml", FileKind::Values),
            ("values.yml", FileKind::ExtraValues),
            ("values-prod.yaml", FileKind::ExtraValues),
            ("values_prod.yml", FileKind::ExtraValues),
            ("ci/prod.values.yaml", FileKind::ExtraValues),
            ("examples/prod-values.yaml", FileKind::ExtraValues),
            ("ci/default.yaml", FileKind::ExtraValues),
            ("ci/deep/default.yaml", FileKind::Text),
            ("myvalues.yaml", FileKind::Text),
            ("values-readme.md", FileKind::Documentation),
            ("templates/values-x.yaml", FileKind::Template),
            ("templates/README.md", FileKind::Template),
            ("templates/tests/pod.yaml", FileKind::Template),
            ("tests/pod_test.yaml", FileKind::UnitTest),
            ("tests/__snapshot__/pod_test.yaml.snap", FileKind::UnitTest),
            ("tests/probe.sh", FileKind::Text),
            ("files/tests/x.yaml", FileKind::Text),
            ("crds/a.YAML", FileKind::Crd),
            ("crds/README.md", FileKind::Documentation),
            ("requirements.yaml", FileKind::Requirements),
            ("requirements.lock", FileKind::Lock),
            ("questions.yml", FileKind::Questions),
            ("values.schema.json", FileKind::ValuesSchema),
            ("LICENSE", FileKind::Documentation),
            ("README.md.gotmpl", FileKind::Documentation),
            ("files/.env", FileKind::Text),
            ("files/Dockerfile", FileKind::Other),
            ("logo.svg", FileKind::Binary),
            ("charts/x-1.tgz", FileKind::Archive),
            (".helmignore", FileKind::HelmIgnore),
            ("", FileKind::Other),
        ] {
            assert_eq!(classify(path), kind, "{path}");
        }
    }

    #[test]
    fn a_path_is_seen_from_the_innermost_chart() {
        assert_eq!(in_own_chart("charts/a/charts/b/values.yaml"), "values.yaml");
        assert_eq!(in_own_chart("charts/a-1.tgz"), "charts/a-1.tgz");
        assert_eq!(in_own_chart("charts/_a/x"), "charts/_a/x");
    }
}
