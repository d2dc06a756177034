//! The arguments, read.

use chart_images::sibling::{self, Outcome};
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use migrate::mirror::Program;
use std::ffi::OsString;
use std::str::FromStr;
use std::time::Duration;

const ABOUT: &str =
    "Ask the registries whether images and their replacements exist and are the same";

const AFTER: &str = "\
Asked about are the images that the policy replaces, with their replacements, and those that
stay. Registries that no entry of the policy names are not asked. What is found is kept in
.chart-images/verified.json, for `lint`, `plan` and `migrate`.

Credentials are those of Docker: $DOCKER_CONFIG/config.json or ~/.docker/config.json, with its
helpers. HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are heeded.

Exit status:
  0  all that was asked about is there, and is the same
  1  an image is missing, or is another one
  2  the question was wrong: a bad flag, no chart found, an invalid policy
  3  incomplete: a registry did not tell, or an image is not known, and nothing worse";

/// What is asked for.
pub(crate) struct Arguments {
    /// Which charts, and what judges them.
    pub(crate) charts: ArgMatches,
    pub(crate) json: bool,
    /// What was found within this time is not asked for again.
    pub(crate) max_age: Duration,
    /// The whole takes no longer.
    pub(crate) timeout: Duration,
    pub(crate) offline: bool,
    /// Digests are written into the charts.
    pub(crate) pin: bool,
    /// What is missing is told as a file for this program.
    pub(crate) mirror_plan: Option<Program>,
}

/// A span of time, as arguments have it: `90s`, `10m`, `2h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span(Duration);

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "write a number with s, m, h or d, for instance 10m";
        let unit = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            Some('0') if text == "0" => return Ok(Self(Duration::ZERO)),
            _ => return Err(FORM),
        };
        let digits = &text[..text.len() - 1];
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(FORM);
        }
        let number: u64 = digits.parse().map_err(|_| FORM)?;
        // Nobody means more than a hundred years.
        Ok(Self(Duration::from_secs(number.saturating_mul(unit).min(100 * 366 * 86_400))))
    }
}

fn command() -> Command {
    sibling::arguments(Command::new("chart-images verify"))
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(["human", "json"]))
                .default_value("human")
                .help("How to show what was found on standard output"),
        )
        .arg(span("max-age", "1d").help(
            "Do not ask again for what was found within this time; `0` asks for all again. What \
             no registry told is always asked again",
        ))
        .arg(span("timeout", "10m").help("End after this time with what is known by then"))
        .arg(
            Arg::new("offline")
                .long("offline")
                .action(ArgAction::SetTrue)
                .help("Ask no registry: tell what was found earlier, and what is not known"),
        )
        .arg(
            Arg::new("pin")
                .long("pin")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["offline", "mirror-plan", "no-evaluate"])
                .help(
                    "Write the digest behind the tag of images that an exception of the policy \
                     permits once they are pinned; each change is proved before",
                ),
        )
        .arg(
            Arg::new("mirror-plan")
                .long("mirror-plan")
                .value_name("PROGRAM")
                .value_parser(PossibleValuesParser::new(Program::NAMES))
                .help(
                    "Print the file with which `skopeo sync` or `regsync` copies what is missing \
                     to the policy's mirror, instead of what was found",
                ),
        )
}

fn span(name: &'static str, usual: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("TIME")
        .value_parser(|text: &str| text.parse::<Span>())
        .default_value(usual)
}

/// Reads the arguments; the program's name is not among them. What is printed instead of
/// running has been printed.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Outcome> {
    let name = OsString::from("chart-images verify");
    let matches = command().try_get_matches_from(std::iter::once(name).chain(arguments));
    let mut matches = matches.map_err(|error| {
        use clap::error::ErrorKind::{DisplayHelp, DisplayVersion};
        match error.kind() {
            DisplayHelp | DisplayVersion => match sibling::stdout(&error.to_string()) {
                Ok(()) => Outcome::Clean,
                Err(failure) => failure.print(),
            },
            _ => {
                sibling::say(&error.to_string());
                Outcome::Wrong
            }
        }
    })?;
    let time = |matches: &mut ArgMatches, name| {
        matches.remove_one::<Span>(name).map_or(Duration::ZERO, |span| span.0)
    };
    Ok(Arguments {
        json: matches.remove_one::<String>("format").as_deref() == Some("json"),
        max_age: time(&mut matches, "max-age"),
        timeout: time(&mut matches, "timeout"),
        mirror_plan: matches
            .remove_one::<String>("mirror-plan")
            .and_then(|name| Program::of(&name)),
        pin: matches.get_flag("pin"),
        offline: matches.get_flag("offline"),
        charts: matches,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn spans_of_time_have_a_unit() {
        let seconds = |text: &str| text.parse::<Span>().map(|span| span.0.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("10m"), Ok(600));
        assert_eq!(seconds("2h"), Ok(7200));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert_eq!(seconds("0"), Ok(0));
        for wrong in ["", "s", "5", "-1s", "1.5h", "1w", "é", "+1s"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
