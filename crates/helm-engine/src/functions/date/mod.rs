//! sprig's functions on dates. All zones are UTC, and the clock stands still.

mod duration;
mod layout;
mod method;
mod parse;
mod time;

use super::given::{Given, any, fail, function, spans, text};
use super::{Budget, Failure, Function, Param};
use crate::value::{IntType, Origin, Struct, Text, Value};
pub(super) use method::METHODS;
use std::rc::Rc;
use time::{DAYS, MONTHS, Time};

const S: Param = Param::String;
const A: Param = Param::Any;

/// The functions on dates.
pub(super) const FUNCTIONS: &[Function] = &[
    function("ago", &[A], ago),
    function("date", &[S, A], date),
    function("dateInZone", &[S, A, S], date),
    function("dateModify", &[S, Param::Time], date_modify),
    function("date_in_zone", &[S, A, S], date),
    function("date_modify", &[S, Param::Time], date_modify),
    function("duration", &[A], duration),
    function("durationRound", &[A], duration_round),
    function("htmlDate", &[A], html_date),
    function("htmlDateInZone", &[A, S], html_date),
    function("mustDateModify", &[S, Param::Time], must_date_modify),
    function("mustToDate", &[S, S], must_to_date),
    function("must_date_modify", &[S, Param::Time], must_date_modify),
    function("now", &[], |_, _| Ok(value(&now(), Origin::None))),
    function("toDate", &[S, S], to_date),
    function("unixEpoch", &[Param::Time], unix_epoch),
];

/// Go's reference time, which nobody takes for the clock's.
fn now() -> Time {
    Time::utc(1_136_214_245, 0)
}

/// The Go type of dates.
pub(super) const TYPE: &str = "time.Time";

/// A date as templates have it: what its methods give are its fields.
fn value(time: &Time, origin: Origin) -> Value {
    let civil = time.civil();
    let number = |number: i64, kind| Value::Int(number, kind, origin.clone());
    let text = |text: &str| Value::Str(Text::with_origin(text, origin.clone()));
    let nanoseconds =
        time.unix.wrapping_mul(1_000_000_000).wrapping_add(i64::from(time.nanosecond));
    let month = MONTHS.get(civil.month.wrapping_sub(1)).copied().unwrap_or_default();
    let fields = vec![
        (Struct::STRING, text(&time.print())),
        ("String", text(&time.print())),
        ("Unix", number(time.unix, IntType::Int64)),
        ("UnixMilli", number(nanoseconds.div_euclid(1_000_000), IntType::Int64)),
        ("UnixNano", number(nanoseconds, IntType::Int64)),
        ("Year", number(civil.year, IntType::Int)),
        ("Month", text(month)),
        ("Day", number(civil.day, IntType::Int)),
        ("YearDay", number(civil.year_day, IntType::Int)),
        ("Weekday", text(DAYS.get(civil.week_day).copied().unwrap_or_default())),
        ("Hour", number(civil.hour, IntType::Int)),
        ("Minute", number(civil.minute, IntType::Int)),
        ("Second", number(civil.second, IntType::Int)),
        ("Nanosecond", number(i64::from(time.nanosecond), IntType::Int)),
        ("IsZero", Value::Bool(time.unix == Time::ZERO && time.nanosecond == 0, origin.clone())),
        ("offset", number(time.offset, IntType::Int)),
        ("zone", text(&time.zone)),
    ];
    Value::Struct(Rc::new(Struct { type_name: TYPE, fields }))
}

/// The date that a value is.
fn as_time(value: &Value) -> Option<Time> {
    let Value::Struct(object) = value else { return None };
    if object.type_name != TYPE {
        return None;
    }
    let field = |name: &str| object.fields.iter().find(|(field, _)| *field == name);
    let number = |name: &str| match field(name) {
        Some((_, Value::Int(number, ..))) => Some(*number),
        _ => None,
    };
    let zone = match field("zone") {
        Some((_, Value::Str(zone))) => zone.as_str().into_owned(),
        _ => return None,
    };
    Some(Time {
        unix: number("Unix")?,
        nanosecond: u32::try_from(number("Nanosecond")?).ok()?,
        offset: number("offset")?,
        zone,
    })
}

/// An argument of the type `time.Time`.
fn time(given: &[Value], index: usize) -> Result<Time, Failure> {
    match as_time(any(given, index)) {
        Some(time) => Ok(time),
        None => fail(format!("wrong type for value; expected {TYPE}")),
    }
}

/// The origin of what is computed from all arguments.
fn origin(given: &[Value]) -> Origin {
    Origin::computed(given.iter().flat_map(spans))
}

fn printed(budget: &mut Budget, text: impl Into<Vec<u8>>, given: &[Value]) -> Given {
    let text = text.into();
    budget.bytes(text.len())?;
    Ok(Value::Str(Text::with_origin(text, origin(given))))
}

/// The date that sprig sees in any value: the clock's, where it sees none.
fn seen(value: &Value) -> Time {
    match value {
        Value::Int(unix, IntType::Int | IntType::Int64 | IntType::Int32, _) => Time::utc(*unix, 0),
        other => as_time(other).unwrap_or_else(now),
    }
}

fn date(budget: &mut Budget, given: &[Value]) -> Given {
    let layout = text(given, 0)?;
    budget.bytes(layout.len().saturating_mul(9))?;
    let text = seen(any(given, 1)).in_utc().format(layout.bytes());
    printed(budget, text, given)
}

fn html_date(budget: &mut Budget, given: &[Value]) -> Given {
    printed(budget, seen(any(given, 0)).in_utc().format(b"2006-01-02"), given)
}

fn date_modify(_: &mut Budget, given: &[Value]) -> Given {
    let time = time(given, 1)?;
    let time = duration::parse(text(given, 0)?.bytes()).map_or(time.clone(), |by| time.add(by));
    Ok(value(&time, origin(given)))
}

fn must_date_modify(_: &mut Budget, given: &[Value]) -> Given {
    let time = time(given, 1)?;
    Ok(value(&time.add(duration::parse(text(given, 0)?.bytes())?), origin(given)))
}

fn to_date(_: &mut Budget, given: &[Value]) -> Given {
    let time = parse::parse(text(given, 0)?.bytes(), text(given, 1)?.bytes());
    Ok(value(&time.unwrap_or_else(|_| Time::utc(Time::ZERO, 0)), origin(given)))
}

fn must_to_date(_: &mut Budget, given: &[Value]) -> Given {
    let time = parse::parse(text(given, 0)?.bytes(), text(given, 1)?.bytes())?;
    Ok(value(&time, origin(given)))
}

fn unix_epoch(budget: &mut Budget, given: &[Value]) -> Given {
    printed(budget, time(given, 0)?.unix.to_string(), given)
}

fn ago(budget: &mut Budget, given: &[Value]) -> Given {
    let then = match any(given, 0) {
        Value::Int(_, IntType::Int32, _) => now(),
        other => seen(other),
    };
    let passed = duration::round_to_second(now().since(&then));
    printed(budget, duration::print(passed), given)
}

fn duration(budget: &mut Budget, given: &[Value]) -> Given {
    let seconds = match any(given, 0) {
        Value::Str(text) => leading_int64(&text.as_str()),
        Value::Int(seconds, IntType::Int64, _) => *seconds,
        _ => 0,
    };
    printed(budget, duration::print(seconds.wrapping_mul(duration::SECOND)), given)
}

/// `strconv.ParseInt` with its error passed over: the nearest number where it is
/// out of range, else 0.
fn leading_int64(text: &str) -> i64 {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    match text.parse::<i64>() {
        Ok(number) => number,
        Err(error) if *error.kind() == PosOverflow => i64::MAX,
        Err(error) if *error.kind() == NegOverflow => i64::MIN,
        Err(_) => 0,
    }
}

fn duration_round(budget: &mut Budget, given: &[Value]) -> Given {
    const HOUR: u64 = 3_600_000_000_000;
    const UNITS: [(u64, &str); 6] = [
        (HOUR * 24 * 365, "y"),
        (HOUR * 24 * 30, "mo"),
        (HOUR * 24, "d"),
        (HOUR, "h"),
        (HOUR / 60, "m"),
        (HOUR / 3600, "s"),
    ];
    let passed = match any(given, 0) {
        Value::Str(text) => duration::parse(text.bytes()).unwrap_or(0),
        Value::Int(nanoseconds, IntType::Int64, _) => *nanoseconds,
        other => as_time(other).map_or(0, |time| now().since(&time)),
    };
    let passed = passed.unsigned_abs();
    let unit = UNITS.iter().find(|(unit, _)| passed > *unit);
    let text = unit.map_or("0s".to_owned(), |(unit, name)| format!("{}{name}", passed / unit));
    printed(budget, text, given)
}
