//! Words of commands that a person is told to run.

use std::fmt::Write;

/// A text as one word of a command: what a chart says is not to become a command of its
/// own. It stays on one line and hides nothing, for it is shown before it is run.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    if !text.chars().any(is_unseen) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = String::from("$'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            c if is_unseen(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(word, "\\{byte:03o}");
                }
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// What ends a line, drives a terminal or turns the direction of text.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_chart_says_is_one_word_of_the_command() {
        for (text, expected) in [
            ("charts/a-b_1.2", "charts/a-b_1.2"),
            ("public.ecr.aws/a/b:1@sha256:0", "public.ecr.aws/a/b:1@sha256:0"),
            ("https://charts.acme.example/x", "https://charts.acme.example/x"),
            ("a b", "'a b'"),
            ("x; rm -rf ~", "'x; rm -rf ~'"),
            ("$(id)", "'$(id)'"),
            ("it's", r"'it'\''s'"),
            ("--version", "'--version'"),
            ("", "''"),
            ("a\nb'\\\u{1b}\u{202e}", r"$'a\012b\'\\\033\342\200\256'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
