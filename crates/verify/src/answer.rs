//! From what registries tell to an answer.

use crate::subject::Subject;
use chart_lint::verified::{Answer, Entry, Moment};
use registry::{Client, Comparison, Failure, Platform, Reason, Uncompared};

/// Asks about a subject. Nothing, where its turn did not come.
pub(crate) fn ask(client: &Client, subject: &Subject) -> Option<Entry> {
    let mut entry = Entry {
        reference: subject.reference.clone(),
        target: subject.target.clone(),
        answer: Answer::Identical,
        source_digest: None,
        target_digest: None,
        platforms: Vec::new(),
        lost: Vec::new(),
        asked: Moment::EPOCH,
        said: String::new(),
    };
    let (source, target) = (&subject.source_image, &subject.target_image);
    let comparable = subject.source_is_named || source.digest().is_some();
    if source == target || !comparable {
        // What is to be written down is held against the bytes that it is the digest of.
        let digest = match subject.needs_digest {
            true => client.checked_digest(target),
            false => client.digest(target),
        };
        match digest {
            Ok(digest) => entry.target_digest = Some(digest),
            Err(failure) => failed(&mut entry, &failure)?,
        }
        if source != target && entry.target_digest.is_some() {
            entry.answer = Answer::UnknownSource;
            let registry = &source.registry;
            entry.said = format!("no entry of the policy names {registry}, so it is not asked");
        }
    } else {
        compared(&mut entry, client.compare(source, target))?;
        if entry.answer.is_missing() && subject.source_is_named {
            // Whether it can be copied, and what it is.
            entry.source_digest = client.digest(source).ok();
        }
    }
    entry.asked = Moment::now();
    Some(entry)
}

fn compared(entry: &mut Entry, result: Result<Comparison, Uncompared>) -> Option<()> {
    match result {
        Ok(Comparison::Identical { digest }) => {
            entry.source_digest = Some(digest.clone());
            entry.target_digest = Some(digest);
        }
        Ok(Comparison::Apart { source, target, platforms, lost, changed }) => {
            entry.source_digest = Some(source);
            entry.target_digest = Some(target);
            entry.platforms = texts(&platforms);
            entry.lost = texts(&lost);
            (entry.answer, entry.said) = match (lost.is_empty(), changed.is_empty()) {
                (true, true) => (
                    Answer::SamePlatforms,
                    "the digests differ, every platform is the same".to_owned(),
                ),
                (lost_none, changed_none) => {
                    let lost = format!("{} would be lost", entry.lost.join(", "));
                    let changed = format!("{} has other content", texts(&changed).join(", "));
                    let said = [(lost, lost_none), (changed, changed_none)];
                    let said: Vec<String> =
                        said.into_iter().filter(|(_, none)| !none).map(|(said, _)| said).collect();
                    (Answer::Different, said.join("; "))
                }
            };
        }
        Err(Uncompared::Target(failure)) => failed(entry, &failure)?,
        Err(Uncompared::Source { target, failure }) => {
            if failure.reason == Reason::NotAsked {
                return None;
            }
            entry.target_digest = Some(target);
            entry.answer = Answer::UnknownSource;
            entry.said = format!("of {}: {failure}", entry.reference);
        }
        Err(Uncompared::Content { source, target, failure }) => {
            failed(entry, &failure)?;
            entry.source_digest = Some(source);
            entry.target_digest = Some(target);
            // The target is there; a part of it that is missing is a wrong answer.
            if entry.answer.is_missing() {
                entry.answer = Answer::Unreachable;
                entry.said = format!("the index names what the registry has not: {failure}");
            }
        }
    }
    Some(())
}

fn failed(entry: &mut Entry, failure: &Failure) -> Option<()> {
    entry.answer = match failure.reason {
        Reason::MissingTag => Answer::MissingTag,
        Reason::MissingRepository => Answer::MissingRepository,
        Reason::Unauthorised => Answer::Unauthorised,
        Reason::Throttled => Answer::Throttled,
        Reason::Unreachable => Answer::Unreachable,
        Reason::NotAsked => return None,
    };
    entry.said = failure.said.clone();
    Some(())
}

fn texts(platforms: &[Platform]) -> Vec<String> {
    platforms.iter().map(ToString::to_string).collect()
}
