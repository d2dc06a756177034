//! Methods of dates that take arguments or give other dates.

use super::time::{Time, days};
use super::{as_time, date, time, value};
use crate::functions::given::{any, fail, int, spans};
use crate::functions::method::Method;
use crate::functions::{Failure, Param};
use crate::value::{Origin, Value};
use std::cmp::Ordering;

fn receiver(value: &Value) -> Result<Time, Failure> {
    match as_time(value) {
        Some(time) => Ok(time),
        None => fail("wrong type for value; expected time.Time"),
    }
}

fn order(of: &Value, given: &[Value]) -> Result<Ordering, Failure> {
    let (this, other) = (receiver(of)?, time(given, 0)?);
    Ok((this.unix, this.nanosecond).cmp(&(other.unix, other.nanosecond)))
}

fn origin(of: &Value) -> Origin {
    Origin::computed(spans(of))
}

/// The date some years, months and days later; what is past the end of a month
/// runs over into the next.
fn add_date(time: &Time, years: i64, months: i64, more: i64) -> Time {
    let civil = time.civil();
    let months = (civil.month as i64 - 1).saturating_add(months);
    let year = civil.year.saturating_add(years).saturating_add(months.div_euclid(12));
    // Years that Go's arithmetic could still tell apart.
    let year = year.clamp(-100_000_000_000, 100_000_000_000);
    let first = days(year, months.rem_euclid(12) + 1, 1);
    let day = first.saturating_add(civil.day - 1).saturating_add(more);
    let seconds = (civil.hour * 60 + civil.minute) * 60 + civil.second;
    Time {
        unix: day.saturating_mul(86_400).saturating_add(seconds).saturating_sub(time.offset),
        ..time.clone()
    }
}

const DATE: &[Param] = &[Param::Any];

pub(in crate::functions) const METHODS: &[Method] = &[
    Method {
        name: "AddDate",
        params: &[Param::Int, Param::Int, Param::Int],
        call: |_, of, given| {
            let (years, months, days) = (int(given, 0)?, int(given, 1)?, int(given, 2)?);
            Ok(value(&add_date(&receiver(of)?, years, months, days), origin(of)))
        },
    },
    Method {
        name: "After",
        params: DATE,
        call: |_, of, given| Ok(Value::bool(order(of, given)?.is_gt())),
    },
    Method {
        name: "Before",
        params: DATE,
        call: |_, of, given| Ok(Value::bool(order(of, given)?.is_lt())),
    },
    Method {
        name: "Equal",
        params: DATE,
        call: |_, of, given| Ok(Value::bool(order(of, given)?.is_eq())),
    },
    Method {
        name: "Format",
        params: &[Param::String],
        call: |budget, of, given| date(budget, &[any(given, 0).clone(), of.clone()]),
    },
    Method {
        name: "Local",
        params: &[],
        call: |_, of, _| Ok(value(&receiver(of)?.in_utc(), origin(of))),
    },
    Method {
        name: "UTC",
        params: &[],
        call: |_, of, _| Ok(value(&receiver(of)?.in_utc(), origin(of))),
    },
];
