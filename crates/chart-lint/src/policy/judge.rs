//! What a policy says of an image.
//!
//! An exception beats disallowed, disallowed beats allowed; within a list the
//! longer pattern is asked first. What no list names is unlisted.

use super::{Exception, Place, Policy};
use crate::date::Date;
use crate::model::Status;
use image_ref::{Name, Reference};

/// An image as a policy sees it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its name, normalised.
    pub name: &'a Name,
    /// Whether it is pinned by digest.
    pub pinned: bool,
    /// The chart's folder relative to the root.
    pub chart: &'a str,
    /// The chart's name.
    pub chart_name: Option<&'a str>,
    /// The files of its declarations, relative to the root.
    pub paths: &'a [&'a str],
}

/// What a policy says of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub status: Status,
    /// The line of the policy that decided; `None` when no line names the registry.
    pub decided_by: Option<Place>,
    /// The exception that names the image, whether it holds or not.
    pub exception: Option<ExceptionMatch>,
}

/// An exception that names an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionMatch {
    /// Its index in the policy, from 0.
    pub index: usize,
    /// Why it does not hold; `None` when it does.
    pub unmet: Option<Unmet>,
}

/// Why an exception does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// It holds only for images pinned by digest, and this one is not.
    NeedsDigest,
    /// Its last day is over.
    Expired(Date),
}

/// What the policy would have instead of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The reference, with tag and digest kept.
    pub text: String,
    /// The line of the policy that says so.
    pub decided_by: Place,
}

impl Policy {
    /// Judges an image.
    pub fn judge(&self, subject: &Subject<'_>, today: Date) -> Judgement {
        let registry = &subject.name.registry;
        if let Some(listed) = self.disallowed.iter().find(|listed| listed.pattern.matches(registry))
        {
            let Some((exception, place)) = self.exception(subject, today) else {
                return Judgement {
                    status: Status::Disallowed,
                    decided_by: Some(listed.place),
                    exception: None,
                };
            };
            let status =
                if exception.unmet.is_some() { Status::Disallowed } else { Status::Excepted };
            return Judgement { status, decided_by: Some(place), exception: Some(exception) };
        }
        match self.allowed.iter().find(|listed| listed.pattern.matches(registry)) {
            Some(listed) => Judgement {
                status: Status::Allowed,
                decided_by: Some(listed.place),
                exception: None,
            },
            // An exception may name an unlisted registry too.
            None => match self.exception(subject, today) {
                Some((exception, place)) if exception.unmet.is_none() => Judgement {
                    status: Status::Excepted,
                    decided_by: Some(place),
                    exception: Some(exception),
                },
                _ => Judgement { status: Status::Unlisted, decided_by: None, exception: None },
            },
        }
    }

    /// The exception for an image: one that holds before one that does not, the
    /// longer pattern before the shorter.
    fn exception(&self, subject: &Subject<'_>, today: Date) -> Option<(ExceptionMatch, Place)> {
        let matching = self.exceptions.iter().enumerate().filter_map(|(index, exception)| {
            let (pattern, place) = exception
                .images
                .iter()
                .filter(|(pattern, _)| pattern.matches(subject.name))
                .max_by_key(|(pattern, _)| pattern.specificity())?;
            if !exception.narrowing.covers(subject) {
                return None;
            }
            let unmet = exception.unmet(subject, today);
            Some((unmet.is_none(), pattern.specificity(), ExceptionMatch { index, unmet }, *place))
        });
        let best = matching.max_by_key(|(holds, specificity, found, _)| {
            (*holds, *specificity, std::cmp::Reverse(found.index))
        });
        best.map(|(_, _, found, place)| (found, place))
    }

    /// What the policy would have instead. The first replacement that matches wins.
    pub fn replacement(&self, image: &Reference) -> Option<Suggestion> {
        self.replacements.iter().find_map(|substitute| {
            let text = substitute.replacement.apply(image)?;
            Some(Suggestion { text, decided_by: substitute.place })
        })
    }
}

impl Exception {
    fn unmet(&self, subject: &Subject<'_>, today: Date) -> Option<Unmet> {
        match self.expires {
            Some(date) if date < today => Some(Unmet::Expired(date)),
            _ if self.requires_digest && !subject.pinned => Some(Unmet::NeedsDigest),
            _ => None,
        }
    }
}
