//! What a variable stands for, where a condition would say no more than its name.

use memchr::memmem;

/// How many variables inside of one another are looked up.
const MOST_DEEP: usize = 3;
/// How long a definition may be to stand in a condition, in bytes.
const LONGEST: usize = 300;
/// What a template begins with, and what bounds the sight of its variables.
const DEFINE: &[u8] = b"define ";
/// What a definition may read: it is the same wherever it stands.
const ROOTS: [&str; 5] = [".Values.", ".Release.", ".Capabilities.", ".Chart.", ".Files."];

/// A condition with the definitions of its variables in their places, where each is
/// declared once, never set again, and reads nothing that depends on its place.
pub(super) fn with_definitions(condition: &str, template: &str, at: usize) -> String {
    resolved(condition, template, at, MOST_DEEP).unwrap_or_else(|| condition.to_owned())
}

fn resolved(code: &str, template: &str, at: usize, deep: usize) -> Option<String> {
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(sign) = variable(rest) {
        let (before, from) = rest.split_at(sign);
        let length = 1 + name_length(&from[1..]);
        let (name, after) = from.split_at(length);
        let (definition, defined_at) = definition(name, template, at)?;
        let definition = resolved(definition, template, defined_at, deep.checked_sub(1)?)?;
        if definition.len() > LONGEST || !reads_roots_only(&definition) {
            return None;
        }
        out.push_str(before);
        let alone = before.is_empty() && after.is_empty() || !definition.contains([' ', '"', '`']);
        out.push_str(&if alone { definition } else { format!("({definition})") });
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// Where the first variable with a name stands.
fn variable(code: &str) -> Option<usize> {
    let signs = code.match_indices('$').map(|(at, _)| at);
    signs.into_iter().find(|at| name_length(&code[at + 1..]) > 0)
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The pipeline of the only declaration of a variable in the template around `at`, and
/// where it stands.
fn definition<'t>(name: &str, template: &'t str, at: usize) -> Option<(&'t str, usize)> {
    let bytes = template.as_bytes();
    let start = memmem::rfind(bytes.get(..at)?, DEFINE).unwrap_or(0);
    let end = memmem::find(&bytes[at..], DEFINE).map_or(template.len(), |length| at + length);
    let mut found = None;
    for index in memmem::find_iter(&bytes[start..end], name) {
        let place = start + index;
        let after = &template[place + name.len()..end];
        if name_length(after) > 0 {
            continue;
        }
        let after = after.trim_start();
        if after.starts_with('=') || after.starts_with(',') && !after.starts_with(",\"") {
            return None;
        }
        let Some(pipeline) = after.strip_prefix(":=") else { continue };
        if found.is_some() || place > at || !opens(&template[..place]) {
            return None;
        }
        let end = action_end(pipeline)?;
        let text = pipeline[..end].trim().trim_end_matches('-').trim_end();
        found = Some((text, place));
    }
    found
}

/// True where a declaration may stand whose variable has this one value: first in an
/// action, or what `if` and `with` decide by.
fn opens(before: &str) -> bool {
    let Some(start) = before.rfind("{{") else { return false };
    let between = before[start + 2..].trim_start_matches('-').trim();
    matches!(between, "" | "if" | "with")
}

/// Where an action ends: at `}}` outside of quotes.
fn action_end(code: &str) -> Option<usize> {
    let mut quote = None;
    let mut letters = code.char_indices();
    while let Some((at, letter)) = letters.next() {
        match quote {
            None if code[at..].starts_with("}}") => return Some(at),
            None if matches!(letter, '"' | '`' | '\'') => quote = Some(letter),
            Some('"' | '\'') if letter == '\\' => {
                letters.next();
            }
            Some(open) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// True when the fields of a pipeline are those of the whole chart.
fn reads_roots_only(code: &str) -> bool {
    let mut quoted = false;
    let mut previous = ' ';
    for (at, letter) in code.char_indices() {
        if matches!(letter, '"' | '`') {
            quoted = !quoted;
        }
        let field = letter == '.' && !quoted && !previous.is_alphanumeric() && previous != '_';
        if field && previous != ')' && !ROOTS.iter().any(|root| code[at..].starts_with(root)) {
            return false;
        }
        previous = letter;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(condition: &str, template: &str) -> String {
        let at = template.find("{{ if").unwrap_or(template.len());
        with_definitions(condition, template, at)
    }

    #[test]
    fn a_variable_that_is_declared_once_is_what_it_is_declared_as() {
        let template = "{{- $x := and .Values.a (eq .Values.b \"}}\") -}}\n{{ if $x }}";
        assert_eq!(shown("$x", template), "and .Values.a (eq .Values.b \"}}\")");
        assert_eq!(
            shown("or $x .Values.c", template),
            "or (and .Values.a (eq .Values.b \"}}\")) .Values.c"
        );
        assert_eq!(shown("$xy", template), "$xy");
        let nested = "{{ $a := .Values.a }}{{ $b := not $a }}{{ if $b }}";
        assert_eq!(shown("$b", nested), "not .Values.a");
        assert_eq!(shown("$a.enabled", nested), ".Values.a.enabled");
        assert_eq!(shown("$a.ü $.Values.é", nested), ".Values.a.ü $.Values.é");
    }

    #[test]
    fn a_variable_that_has_several_values_is_named() {
        for template in [
            "{{ $x := false }}{{ range .Values.l }}{{ $x = true }}{{ end }}{{ if $x }}",
            "{{ $x := .Values.a }}{{ $x := .Values.b }}{{ if $x }}",
            "{{ range $x := .Values.l }}{{ if $x }}",
            "{{ range $i, $x := .Values.l }}{{ if $x }}",
            "{{ range .Values.l }}{{ $x := .enabled }}{{ if $x }}",
            "{{ $x := include \"a\" . }}{{ if $x }}",
            "{{ define \"a\" }}{{ $x := .Values.a }}{{ end }}{{ define \"b\" }}{{ if $x }}",
            "{{ $x := $y }}{{ $y := $x }}{{ if $x }}",
            "{{ $x := .Values.a",
            "$x",
        ] {
            assert_eq!(shown("$x", template), "$x", "{template}");
        }
    }
}
