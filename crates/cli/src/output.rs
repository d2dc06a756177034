//! Where reports go, and in which formats.

use crate::error::Failure;
use crate::terminal::{self, Style};
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Rdjsonl,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Human, Self::Concise, Self::Json, Self::Sarif, Self::Github, Self::Rdjsonl]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Human => "For a person: the text with the bytes to change underlined",
            Self::Concise => "One line for each finding",
            Self::Json => "For programs",
            Self::Sarif => "For code scanning, SARIF 2.1.0",
            Self::Github => "Annotations of GitHub Actions",
            Self::Rdjsonl => "For reviewdog, with suggestions",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

impl Format {
    /// Those that can show a list of images.
    pub(crate) fn of_lists() -> impl TypedValueParser<Value = Self> {
        let names = [Self::Human, Self::Concise, Self::Json].map(Self::name);
        PossibleValuesParser::new(names).try_map(|name| <Self as ValueEnum>::from_str(&name, false))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Rdjsonl => "rdjsonl",
        }
    }

    fn names(lists_only: bool) -> Vec<&'static str> {
        let lists = |format: &&Self| {
            !lists_only || matches!(format, Self::Human | Self::Concise | Self::Json)
        };
        Self::value_variants().iter().filter(lists).map(|format| format.name()).collect()
    }
}

/// A format and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The format.
    pub(crate) format: Format,
    /// The file; `None` is standard output.
    pub(crate) file: Option<PathBuf>,
}

impl Target {
    /// Reads `FORMAT=FILE` with a format that can show a list.
    pub(crate) fn of_lists(text: &str) -> Result<Self, String> {
        Self::parse(text, true)
    }

    fn parse(text: &str, lists_only: bool) -> Result<Self, String> {
        let (name, file) =
            text.split_once('=').ok_or("write FORMAT=FILE, for instance json=images.json")?;
        let names = Format::names(lists_only);
        let format = names
            .contains(&name)
            .then(|| <Format as ValueEnum>::from_str(name, false).ok())
            .flatten()
            .ok_or_else(|| format!("`{name}` is none of {}", names.join(", ")))?;
        if file.is_empty() {
            return Err("no file follows the `=`".into());
        }
        Ok(Self { format, file: (file != "-").then(|| file.into()) })
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text, false)
    }
}

/// All that is to be written: standard output first, then files.
///
/// # Errors
/// When two formats would share standard output or a file.
pub(crate) fn targets(format: Option<Format>, outputs: &[Target]) -> Result<Vec<Target>, Failure> {
    let mut targets = outputs.to_vec();
    let taken = targets.iter().any(|target| target.file.is_none());
    if format.is_some() || !taken {
        targets.insert(0, Target { format: format.unwrap_or(Format::Human), file: None });
    }
    for (i, target) in targets.iter().enumerate() {
        if targets[..i].iter().any(|earlier| earlier.file == target.file) {
            let place = match &target.file {
                Some(file) => file.display().to_string(),
                None => "standard output".to_owned(),
            };
            let message = format!("two formats cannot share {place}");
            return Err(Failure::new(message)
                .help("send one of them to a file of its own with --output FORMAT=FILE"));
        }
    }
    targets.sort_by_key(|target| target.file.is_some());
    Ok(targets)
}

/// Writes every target; `render` draws the report in a format.
pub(crate) fn write(
    targets: &[Target],
    style: Style,
    render: impl Fn(Format, Style) -> String,
) -> Result<(), Failure> {
    // Files first: a reader of standard output that goes away must not cost them.
    for target in targets.iter().rev() {
        match &target.file {
            Some(file) => replace(file, &render(target.format, Style::plain()))?,
            None => stdout(&render(target.format, style))?,
        }
    }
    Ok(())
}

/// Writes to standard output.
///
/// # Errors
/// When it cannot be written; a reader that goes away is no error.
pub fn stdout(text: &str) -> Result<(), Failure> {
    terminal::print(text).map_err(unwritten)
}

/// Writes a diff to standard output: every byte of it, unless that is a terminal, which a
/// line of a chart is not to drive.
pub(crate) fn diff(text: &str) -> Result<(), Failure> {
    terminal::print_lines_of_files(text).map_err(unwritten)
}

fn unwritten(error: io::Error) -> Failure {
    Failure::new(format!("standard output cannot be written: {error}"))
}

/// Writes a file as a whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn replace(file: &Path, text: &str) -> Result<(), Failure> {
    migrate::files::replace(file, text).map_err(|error| {
        let failure = Failure::new(format!("{} cannot be written: {error}", file.display()));
        if error.kind() == io::ErrorKind::NotFound {
            return failure.help("make its folder first");
        }
        failure
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn parse(text: &str) -> Result<Target, String> {
        text.parse()
    }

    #[test]
    fn standard_output_has_one_format() {
        let json = parse("json=-").unwrap();
        let sarif = parse("sarif=a=b").unwrap();
        assert_eq!(sarif.file.as_deref(), Some(Path::new("a=b")));
        let default = targets(None, std::slice::from_ref(&sarif)).unwrap();
        assert_eq!(default[0], Target { format: Format::Human, file: None });
        assert_eq!(default[1], sarif);
        assert_eq!(targets(None, &[sarif.clone(), json.clone()]).unwrap()[0], json);
        assert!(targets(Some(Format::Human), &[json]).is_err());
        assert!(targets(None, &[sarif.clone(), sarif]).is_err());
    }

    #[test]
    fn outputs_are_read_strictly() {
        for bad in ["json", "xml=a", "json=", "=a", "JSON=a"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(Target::of_lists("sarif=a").is_err());
        assert!(Target::of_lists("json=a").is_ok());
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("report.json");
        replace(&file, "long text").unwrap();
        replace(&file, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
        assert!(replace(&dir.path().join("no/report.json"), "x").is_err());
        assert!(replace(dir.path(), "x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_pointing_and_the_mode_stays() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file", &link).unwrap();
        replace(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
