//! Go's layouts: a date written as the reference time would be.

/// An element of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Year,
    LongYear,
    Month,
    LongMonth,
    NumberMonth,
    ZeroMonth,
    WeekDay,
    LongWeekDay,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    UpperPm,
    LowerPm,
    ZoneName,
    Offset(Offset),
    Fraction(Fraction),
}

/// How the distance from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for UTC.
    pub(super) z: bool,
    pub(super) colons: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
}

/// How parts of a second are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fraction {
    /// Zeros at the end are left out.
    pub(super) trimmed: bool,
    pub(super) digits: usize,
    pub(super) separator: u8,
}

/// Where the next element of a layout begins and ends.
pub(super) fn next(layout: &[u8]) -> Option<(usize, Element, usize)> {
    (0..layout.len()).find_map(|at| {
        let rest = &layout[at..];
        // `_2006` is an underscore and a year.
        if rest.starts_with(b"_2006") {
            return Some((at + 1, Element::LongYear, at + 5));
        }
        let (element, length) = element(rest)?;
        Some((at, element, at + length))
    })
}

fn element(rest: &[u8]) -> Option<(Element, usize)> {
    use Element as E;
    let word = |length: usize| !rest.get(length).is_some_and(u8::is_ascii_lowercase);
    Some(match rest {
        [b'J', b'a', b'n', b'u', b'a', b'r', b'y', ..] => (E::LongMonth, 7),
        [b'J', b'a', b'n', ..] if word(3) => (E::Month, 3),
        [b'M', b'o', b'n', b'd', b'a', b'y', ..] => (E::LongWeekDay, 6),
        [b'M', b'o', b'n', ..] if word(3) => (E::WeekDay, 3),
        [b'M', b'S', b'T', ..] => (E::ZoneName, 3),
        [b'0', b'1', ..] => (E::ZeroMonth, 2),
        [b'0', b'2', ..] => (E::ZeroDay, 2),
        [b'0', b'3', ..] => (E::ZeroHour12, 2),
        [b'0', b'4', ..] => (E::ZeroMinute, 2),
        [b'0', b'5', ..] => (E::ZeroSecond, 2),
        [b'0', b'6', ..] => (E::Year, 2),
        [b'0', b'0', b'2', ..] => (E::ZeroYearDay, 3),
        [b'1', b'5', ..] => (E::Hour, 2),
        [b'1', ..] => (E::NumberMonth, 1),
        [b'2', b'0', b'0', b'6', ..] => (E::LongYear, 4),
        [b'2', ..] => (E::Day, 1),
        [b'_', b'2', ..] => (E::UnderDay, 2),
        [b'_', b'_', b'2', ..] => (E::UnderYearDay, 3),
        [b'3', ..] => (E::Hour12, 1),
        [b'4', ..] => (E::Minute, 1),
        [b'5', ..] => (E::Second, 1),
        [b'P', b'M', ..] => (E::UpperPm, 2),
        [b'p', b'm', ..] => (E::LowerPm, 2),
        [b'-', ..] => offset(rest, false)?,
        [b'Z', ..] => offset(rest, true)?,
        [b'.' | b',', ..] => fraction(rest)?,
        _ => return None,
    })
}

fn offset(rest: &[u8], z: bool) -> Option<(Element, usize)> {
    let forms: [(&[u8], bool, bool, bool); 5] = [
        (b"070000", false, true, true),
        (b"07:00:00", true, true, true),
        (b"0700", false, true, false),
        (b"07:00", true, true, false),
        (b"07", false, false, false),
    ];
    forms.into_iter().find(|(form, ..)| rest[1..].starts_with(form)).map(
        |(form, colons, minutes, seconds)| {
            (Element::Offset(Offset { z, colons, minutes, seconds }), form.len() + 1)
        },
    )
}

fn fraction(rest: &[u8]) -> Option<(Element, usize)> {
    let digit = *rest.get(1).filter(|digit| matches!(digit, b'0' | b'9'))?;
    let digits = rest[1..].iter().take_while(|byte| **byte == digit).count();
    if rest.get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let fraction = Fraction { trimmed: digit == b'9', digits, separator: rest[0] };
    Some((Element::Fraction(fraction), 1 + digits))
}
