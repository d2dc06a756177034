//! `docs/functions.md`: every function of Helm's, and how it is evaluated. And the
//! dictionary of the fuzz targets, from the same names.

use chart_images::docs::Page;
use helm_engine::{evaluate, functions};

/// What is said of the functions: families under `#`, then lines of
/// `names : answer : bytes`.
const NOTES: &str = include_str!("functions.txt");

const HEAD: &str = "\
# Helm's functions

<!-- Written by `cargo xtask docs` from xtask/src/functions.txt. -->

Every function that Helm 4 gives to templates, and no other. *Exact* answers are Helm's, byte for
byte: real Helm judged them, in the fixtures under `charts-fixtures/engine` and in the expressions
under `crates/helm-engine/src/functions`. A *placeholder* stands for what is random, secret, or
known to a clock or a cluster only; it has the shape of what Helm would give.

*Bytes* says what the engine knows of where the answer comes from. *Copied*: each byte leads to
the byte of a values file, a template or a `Chart.yaml` that it was copied from. *Spelled*: to the
bytes that are written differently there (an escape, a number, a letter of the other case).
*Computed*: to everything that it was computed from, up to 64 places.
";

/// The words of the language, for the dictionary.
const LANGUAGE: &str = r#"{{ }} {{- -}} {{/* */}} end}} {{else}} {{if {{with {{range {{define {{template
{{block {{break}} {{continue}} $i,$x:= := $x $ | ( ) .Values .Values.a .Chart.Name .Release.Name
.Files.Get .Files.Glob .Capabilities.KubeVersion.Version .Template.Name .Subcharts true false nil "a"
`a` 'a' 0x1F 1e3 -1 1.5 "%s" "%d" "%[1]v" "%*d" \x00 \x0a a: &a *a <<: |- >-"#;

/// What is said of one function.
struct Note {
    family: &'static str,
    name: &'static str,
    answer: &'static str,
    bytes: &'static str,
}

fn notes() -> Vec<Note> {
    let mut notes = Vec::new();
    let mut family = "";
    for line in NOTES.lines().filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("# ") {
            family = name;
            continue;
        }
        let Some((names, rest)) = line.split_once(" : ") else { continue };
        let Some((answer, bytes)) = rest.rsplit_once(" : ") else { continue };
        let mut names: Vec<&str> = names.split(' ').collect();
        names.sort_unstable();
        notes.extend(names.into_iter().map(|name| Note { family, name, answer, bytes }));
    }
    notes
}

/// The names that the engine knows.
fn known() -> Vec<&'static str> {
    let mut names: Vec<&str> = functions::names().chain(evaluate::SPECIAL).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The table.
pub(crate) fn table() -> Page {
    let mut text = HEAD.to_owned();
    let mut family = "";
    for note in notes() {
        if note.family != family {
            family = note.family;
            text += &format!("\n## {family}\n\n| function | answer | bytes |\n|---|---|---|\n");
        }
        text += &format!("| `{}` | {} | {} |\n", note.name, note.answer, note.bytes);
    }
    Page { path: "docs/functions.md".to_owned(), text }
}

/// The dictionary.
pub(crate) fn dictionary() -> Page {
    let mut text = "# Written by `cargo xtask docs`.\n".to_owned();
    for word in LANGUAGE.split_whitespace() {
        text += &format!("\"{}\"\n", word.replace('"', "\\\""));
    }
    for name in known() {
        text += &format!("\"{name} \"\n");
    }
    Page { path: "fuzz/templates.dict".to_owned(), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    #[test]
    fn each_function_has_one_note() {
        let mut noted: Vec<&str> = notes().iter().map(|note| note.name).collect();
        noted.sort_unstable();
        assert_eq!(noted, known());
    }

    /// `helm-functions.txt` lists the words that real Helm takes for functions, of all
    /// that stand in the documents of Go's templates and sprig and in public charts.
    #[test]
    fn no_function_of_helm_s_is_missing_and_none_is_ours_alone() {
        let helm: Vec<&str> = include_str!("helm-functions.txt").lines().collect();
        assert_eq!(known(), helm);
    }

    /// The words of the files that real Helm judged.
    fn judged() -> HashSet<String> {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let functions = top.join("crates/helm-engine/src/functions");
        let mut words = HashSet::new();
        for folder in ["asked", "helm_says"] {
            for path in files(&functions.join(folder)) {
                if path.extension().is_some_and(|ending| ending == "rs") {
                    continue;
                }
                for line in fs::read_to_string(path).unwrap().lines() {
                    let end = line.find(" => ").or_else(|| line.find('\t')).unwrap_or(0);
                    words_of(&line[..end], &mut words);
                }
            }
        }
        for path in files(&top.join("charts-fixtures/engine")) {
            let text = fs::read_to_string(&path).unwrap();
            for action in text.split("{{").skip(1) {
                words_of(action.split("}}").next().unwrap_or_default(), &mut words);
            }
        }
        words
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
        }
        found
    }

    /// The words that stand where a function may: not fields, not in strings.
    fn words_of(text: &str, words: &mut HashSet<String>) {
        let lexed = go_template::lex(&format!("{{{{ {text} }}}}"));
        for segment in lexed.segments {
            let go_template::Segment::Action(action) = segment else { continue };
            let is_word =
                |token: &&go_template::Token| token.kind == go_template::TokenKind::Identifier;
            let start = "{{ ".len();
            for token in action.tokens.iter().filter(is_word) {
                words.insert(text[token.span.start - start..token.span.end - start].to_owned());
            }
        }
    }

    #[test]
    fn real_helm_judged_each_function() {
        let judged = judged();
        let missing: Vec<&str> =
            known().into_iter().filter(|name| !judged.contains(*name)).collect();
        assert!(missing.is_empty(), "in no fixture that Helm judges: {missing:?}");
    }
}
