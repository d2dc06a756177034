//! One run: what is asked about, what is known, what the registries tell.

use crate::args::Arguments;
use crate::asking::ask_all;
use crate::file;
use crate::mirror;
use crate::pin;
use crate::progress::Progress;
use crate::show;
use crate::subject::{Skipped, Subject, Subjects};
use chart_images::sibling::{Failure, Inventory, Outcome, harmless, inventory, say, stdout};
use chart_lint::verified::{Answer, Entry, Moment, Verified};
use registry::credentials::Credentials;
use registry::{Client, Options, Settings, Stop};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a run found.
pub(crate) struct Results {
    /// Each subject with what is known of it.
    pub(crate) rows: Vec<(Subject, Option<Entry>)>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) without_replacement: usize,
    /// How many were answered in this run; the rest was known or is not.
    pub(crate) asked: usize,
    pub(crate) time: Duration,
    pub(crate) offline: bool,
    /// Charts could not be read in full, so there may be more images.
    pub(crate) inventory_is_partial: bool,
}

impl Results {
    /// How the run ends.
    pub(crate) fn outcome(&self) -> Outcome {
        let bad = |answer: Answer| answer.is_missing() || answer == Answer::Different;
        let mut answers = self.rows.iter().map(|(_, entry)| entry.as_ref().map(|e| e.answer));
        if answers.clone().flatten().any(bad) {
            return Outcome::Findings;
        }
        let unknown = answers.any(|answer| answer.is_none_or(Answer::is_unknown));
        match unknown || !self.skipped.is_empty() || self.inventory_is_partial {
            true => Outcome::Incomplete,
            false => Outcome::Clean,
        }
    }
}

/// `verify`.
pub(crate) fn verify(arguments: Arguments) -> Result<Outcome, Failure> {
    let began = Instant::now();
    let inventory = inventory(arguments.charts)?;
    if inventory.outcome == Outcome::Wrong {
        return Err(
            Failure::new("a policy is wrong, so nothing is asked").help("`lint` shows where")
        );
    }
    let Subjects { all, skipped, without_replacement } = Subjects::of(&inventory);
    let known = file::read(&inventory.root)?;
    // What is to be copied has to be there, so its own registry is asked too.
    let copies = arguments.mirror_plan.is_some() && !arguments.offline;
    let mut rows = with_known(all, &known, arguments.max_age, copies);
    if arguments.pin {
        // A digest that is to be written is asked for now.
        let wanted = rows.iter_mut().filter(|(subject, _)| subject.needs_digest);
        wanted.for_each(|(_, entry)| *entry = None);
    }
    let open: Vec<usize> = (0..rows.len()).filter(|&row| rows[row].1.is_none()).collect();
    let mut asked = 0;
    if !arguments.offline && !open.is_empty() {
        let subjects = open.iter().map(|&row| rows[row].0.clone()).collect();
        let entries = ask(subjects, &inventory, began + arguments.timeout)?;
        for (row, entry) in open.into_iter().zip(entries) {
            asked += usize::from(entry.is_some());
            rows[row].1 = entry;
        }
    }
    let results = Results {
        rows,
        skipped,
        without_replacement,
        asked,
        time: began.elapsed(),
        offline: arguments.offline,
        inventory_is_partial: inventory.outcome != Outcome::Clean,
    };
    // What is known is kept before it is shown: a reader that goes away must not cost it. And
    // where it cannot be kept, it is shown all the same.
    let kept = match asked {
        0 => Ok(()),
        _ => file::keep(&inventory.root, results.rows.iter().filter_map(|(_, e)| e.as_ref())),
    };
    stdout(&match arguments.mirror_plan {
        Some(program) => mirror::plan(&results, program)?,
        None if arguments.json => show::json(&results),
        None => show::human(&results),
    })?;
    kept?;
    let mut outcome = results.outcome();
    if arguments.pin {
        let pinned = pin::pin(&inventory, &results)?;
        say(&show::pinned(&pinned));
        if !pinned.refused.is_empty() && outcome == Outcome::Clean {
            outcome = Outcome::Incomplete;
        }
    }
    if results.inventory_is_partial {
        say("note: the inventory may be incomplete; `lint` tells what could not be read\n");
    }
    Ok(outcome)
}

/// Each subject with what an earlier run found, unless that is too old or nothing.
fn with_known(
    subjects: Vec<Subject>,
    known: &Verified,
    max_age: Duration,
    copies: bool,
) -> Vec<(Subject, Option<Entry>)> {
    let now = Moment::now();
    let is_fresh = |entry: &&Entry| {
        let tells_enough = !copies || !entry.answer.is_missing() || entry.source_digest.is_some();
        tells_enough
            && !entry.answer.is_unknown()
            && entry.asked <= now
            && entry.asked.age_at(now) < max_age
    };
    subjects
        .into_iter()
        .map(|subject| {
            let entry = known.find(&subject.reference, &subject.target).filter(is_fresh).cloned();
            (subject, entry)
        })
        .collect()
}

fn ask(
    subjects: Vec<Subject>,
    inventory: &Inventory,
    deadline: Instant,
) -> Result<Vec<Option<Entry>>, Failure> {
    let credentials = Credentials::of_docker().map_err(|why| {
        Failure::new(why).help("correct it, or set DOCKER_CONFIG to a folder without one")
    })?;
    let mut options = Options::new(credentials, Duration::ZERO);
    options.deadline = deadline;
    options.settings = settings(inventory);
    let stop = Stop::default();
    stop_on_interrupt(&stop)?;
    let progress = Progress::of(subjects.len());
    Ok(ask_all(subjects, Client::new(options, stop.clone()), &stop, deadline, &progress))
}

/// How the policies say that registries are asked.
fn settings(inventory: &Inventory) -> HashMap<String, Settings> {
    let mut settings = HashMap::new();
    for (path, policy) in &inventory.policies {
        for endpoint in policy.endpoints() {
            let new = Settings {
                endpoint: endpoint.endpoint.clone(),
                insecure: endpoint.insecure,
                at_once: endpoint.at_once.map(usize::from),
                per_second: endpoint.per_second,
            };
            let registry = &endpoint.registry;
            let kept = settings.entry(registry.clone()).or_insert_with(|| new.clone());
            if *kept != new {
                say(&format!(
                    "note: another policy says otherwise how {} is asked, so {} is not heeded there\n",
                    harmless(registry),
                    harmless(path)
                ));
            }
        }
    }
    settings
}

/// The first interrupt ends the run with what is known, the second ends the process.
fn stop_on_interrupt(stop: &Stop) -> Result<(), Failure> {
    let stop = stop.clone();
    let interrupts = AtomicUsize::new(0);
    ctrlc::set_handler(move || {
        if interrupts.fetch_add(1, Ordering::Relaxed) > 0 {
            std::process::exit(130);
        }
        stop.stop();
    })
    .map_err(|error| Failure::new(format!("interrupts cannot be caught: {error}")))
}
