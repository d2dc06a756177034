//! Files that hold nothing but CustomResourceDefinitions, told without parsing them.
//!
//! They are the largest files of many charts and run nothing: their schemas and
//! examples describe what others may write.

/// True when each document of a text is a CustomResourceDefinition.
///
/// The look is coarse, so it is strict: at the margin only the keys of such a
/// definition may stand, written plainly. Whatever else could make a root key
/// (quotes, flow maps, anchors) makes the answer false, and the text is parsed.
pub(crate) fn only_definitions(text: &str) -> bool {
    const KIND: &str = "kind: CustomResourceDefinition";
    const OTHERS: [&str; 4] = ["apiVersion:", "metadata:", "spec:", "status:"];
    if memchr::memmem::find(text.as_bytes(), KIND.as_bytes()).is_none() {
        return false;
    }
    // A document that says nothing is no definition, and hides nothing either.
    let (mut said, mut defined, mut any) = (false, false, false);
    let mut start = 0;
    while start < text.len() {
        let rest = &text.as_bytes()[start..];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = &text[start..start + length];
        start += length + 1;
        match rest[0] {
            b' ' | b'#' | b'\r' | b'\n' => {}
            _ if line.trim_end() == "---" => {
                if said && !defined {
                    return false;
                }
                (said, defined) = (false, false);
            }
            _ if line.trim_end() == KIND => {
                (said, defined, any) = (true, true, true);
            }
            _ if OTHERS.iter().any(|key| line.starts_with(key)) => said = true,
            _ => return false,
        }
        // An indented root would not be seen.
        if !said && line.starts_with(' ') && !line.trim_start().is_empty() {
            return false;
        }
    }
    any && (defined || !said)
}

#[cfg(test)]
mod tests {
    use super::only_definitions;

    const CRD: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: a\nspec:\n  group: b\n";
    const POD: &str = "apiVersion: v1\nkind: Pod\nspec: {}\n";

    #[test]
    fn definitions_are_told() {
        for text in [
            CRD.to_owned(),
            format!("# Source\n---\n{CRD}---\n{CRD}---\n"),
            CRD.replace('\n', "\r\n"),
        ] {
            assert!(only_definitions(&text), "{text}");
        }
    }

    #[test]
    fn whatever_else_could_run_is_not_taken_for_one() {
        let indented = "  apiVersion: v1\n  kind: Pod\n";
        for text in [
            String::new(),
            "# kind: CustomResourceDefinition\n".to_owned(),
            POD.to_owned(),
            format!("{CRD}---\n{POD}"),
            format!("{POD}---\n{CRD}"),
            format!("{CRD}---\n{indented}"),
            format!("{indented}---\n{CRD}"),
            format!("--- {{kind: Pod}}\n---\n{CRD}"),
            format!("{CRD}\"kind\": Pod\n"),
            format!("{CRD}'kind': Pod\n"),
            format!("{CRD}kind: Pod\n"),
            format!("{CRD}? kind\n: Pod\n"),
            format!("{CRD}!!str kind: Pod\n"),
            format!("{CRD}&a kind: Pod\n"),
            format!("{CRD}<<: {{kind: Pod}}\n"),
            format!("{CRD}...\n{POD}"),
            format!("{CRD}\tkind: Pod\n"),
            "{kind: Pod,\nkind: CustomResourceDefinition\n}\n".to_owned(),
        ] {
            assert!(!only_definitions(&text), "{text}");
        }
    }
}
