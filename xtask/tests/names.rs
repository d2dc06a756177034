//! What `cargo xtask` calls the verbs, on the real binary.
#![allow(clippy::unwrap_used, reason = "it serves tests only")]

use std::process::{Command, Output};

fn xtask(line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(line.split_whitespace()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn verbs_are_those_of_the_binary_with_a_suffix() {
    let help = xtask("lint-images --help");
    assert!(help.status.success());
    assert!(text(&help.stdout).contains("Usage: cargo xtask lint-images"), "{help:?}");
    let missing = xtask("lint-images no-such-folder");
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no-such-folder"), "{missing:?}");
    let rules = xtask("explain-images");
    assert!(text(&rules.stdout).contains("disallowed-registry"), "{rules:?}");
}

#[test]
fn an_unknown_verb_is_told_the_known_ones() {
    let unknown = xtask("lint");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("lint-images, list-images"), "{unknown:?}");
    assert_eq!(xtask("").status.code(), Some(2));
    assert_eq!(xtask("docs --wrong").status.code(), Some(2));
}
