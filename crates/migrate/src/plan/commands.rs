//! Commands that check an image by hand.

/// The commands that show that a reference can be pulled, here and in a cluster. The
/// reference is quoted for a POSIX shell where it has to be.
pub(super) fn checks(reference: &str) -> [String; 2] {
    let word = shell_word(reference);
    [
        format!("docker pull {word}"),
        format!(
            "kubectl run test-pull --rm -it --restart=Never --image={word} --command -- /bin/sh -c true"
        ),
    ]
}

fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "./:@-_+".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_reference_stays_one_word() {
        assert_eq!(shell_word("public.ecr.aws/a/b:1"), "public.ecr.aws/a/b:1");
        assert_eq!(shell_word("a;rm -r 'x'"), "'a;rm -r '\\''x'\\'''");
    }
}
