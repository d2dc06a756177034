//! `cargo xtask docs [--check]`: writes the generated files of the repository,
//! or fails when one is missing, stale or left over.

use crate::{functions, picture};
use chart_images::docs::{Page, RULES_FOLDER, pages};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let check = match (arguments.next(), arguments.next()) {
        (None, _) => false,
        (Some(flag), None) if flag == "--check" => true,
        _ => return say("usage: cargo xtask docs [--check]", 2),
    };
    let Some(top) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        return say("error: the repository has no top folder", 2);
    };
    let mut pages = pages();
    pages.extend([functions::table(), functions::dictionary()]);
    match picture::draw(top) {
        Ok(text) => pages.push(Page { path: picture::PATH.to_owned(), text }),
        Err(error) => return say(&format!("error: the picture cannot be drawn: {error}"), 2),
    }
    let stale = match stale(top, &pages) {
        Ok(stale) => stale,
        Err(error) => return say(&format!("error: the documentation cannot be read: {error}"), 2),
    };
    if stale.is_empty() {
        return ExitCode::SUCCESS;
    }
    let list = stale.join("\n  ");
    if check {
        return say(&format!("stale; run `cargo xtask docs` and commit:\n  {list}"), 1);
    }
    match write(top, &pages, &stale) {
        Ok(()) => say(&format!("wrote or removed:\n  {list}"), 0),
        Err(error) => say(&format!("error: the documentation cannot be written: {error}"), 2),
    }
}

/// The paths of pages that differ, and of files that no page is for.
fn stale(top: &Path, pages: &[Page]) -> io::Result<Vec<String>> {
    let mut stale = Vec::new();
    for page in pages {
        // A checkout with CRLF line endings is not stale.
        let written = fs::read_to_string(top.join(&page.path)).unwrap_or_default();
        if written.replace("\r\n", "\n") != page.text {
            stale.push(page.path.clone());
        }
    }
    let folder = top.join(RULES_FOLDER);
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = format!("{RULES_FOLDER}/{}", entry?.file_name().to_string_lossy());
            if pages.iter().all(|page| page.path != path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

fn write(top: &Path, pages: &[Page], stale: &[String]) -> io::Result<()> {
    for path in stale {
        let file = top.join(path);
        match pages.iter().find(|page| page.path == *path) {
            Some(page) => {
                if let Some(folder) = file.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(&file, &page.text)?;
            }
            None => fs::remove_file(&file)?,
        }
    }
    Ok(())
}

fn say(text: &str, status: u8) -> ExitCode {
    writeln!(io::stderr(), "{text}").ok();
    ExitCode::from(status)
}
