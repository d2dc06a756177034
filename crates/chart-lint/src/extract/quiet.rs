//! Templates that need no reading: most of a chart's are services, roles and
//! accounts, and to cut them into tokens is a good part of a run.

use super::registries::Registries;
use super::scan::names_a_registry;
use super::text::may_name_an_image;
use memchr::memmem;
use std::collections::BTreeSet;

/// True of a template that names no image, defines no named template, and has no
/// escape that could spell either.
pub(crate) fn is_quiet(text: &str, registries: Registries<'_>) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    !may_name_an_image(text)
        && !has("define")
        && !has("block")
        && !has("\\")
        && !names_a_registry(text, registries)
}

/// True when a text may call one of these named templates.
pub(crate) fn calls(text: &str, names: &BTreeSet<String>) -> bool {
    names.iter().any(|name| memmem::find(text.as_bytes(), name.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_matter_is_read() {
        let is_quiet = |text| is_quiet(text, Registries::default());
        assert!(is_quiet("kind: Service\nname: {{ include \"a.name\" . }}\n"));
        for text in [
            "image: {{ .x }}",
            "x: {{ .Values.IMAGE }}",
            "{{ define \"a\" }}{{ end }}",
            "{{ block \"a\" . }}{{ end }}",
            "x: {{ default \"ghcr.io/a/b\" .x }}",
            "# ghcr.io/a/b {{ .x }}",
            r#"x: {{ default "\x67hcr.io/a/b" .x }}"#,
        ] {
            assert!(!is_quiet(text), "{text}");
        }
    }
}
