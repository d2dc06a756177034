//! Go's `strconv.FormatFloat` for `float64`.

/// How many digits of a fraction can differ from zero.
const MOST_DIGITS: usize = 1100;

/// Formats as `e`, `E`, `f`, `g`, `G`, `b`, `x` or `X`. Without a precision as
/// many digits as give the number back.
pub(super) fn format(number: f64, verb: char, precision: Option<usize>) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let number = number.abs();
    let text = match verb {
        'b' => binary(number),
        'x' | 'X' => hexadecimal(number, precision),
        'f' => fixed(number, precision),
        'e' | 'E' => exponent(number, precision),
        _ => general(number, precision),
    };
    match verb {
        'E' | 'G' | 'X' => format!("{sign}{}", text.to_uppercase()),
        _ => format!("{sign}{text}"),
    }
}

/// Rust's own formatting takes no more than 65,535 digits, and the rest are zeros.
fn with_zeros(precision: usize, print: impl Fn(usize) -> String) -> (String, usize) {
    let exact = precision.min(MOST_DIGITS);
    (print(exact), precision - exact)
}

fn fixed(number: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else { return format!("{number}") };
    let (text, zeros) = with_zeros(precision, |exact| format!("{number:.exact$}"));
    text + &"0".repeat(zeros)
}

fn exponent(number: f64, precision: Option<usize>) -> String {
    let (text, zeros) = match precision {
        None => (format!("{number:e}"), 0),
        Some(precision) => with_zeros(precision, |exact| format!("{number:.exact$e}")),
    };
    let (mantissa, exponent) = split(&text);
    with_exponent(&format!("{mantissa}{}", "0".repeat(zeros)), exponent)
}

/// `%e` for exponents under -4 or over the precision, else `%f`; no zeros at the end.
fn general(number: f64, precision: Option<usize>) -> String {
    let text = match precision {
        None => format!("{number:e}"),
        Some(precision) => {
            let digits = precision.clamp(1, MOST_DIGITS) - 1;
            format!("{number:.digits$e}")
        }
    };
    let (mantissa, exponent) = split(&text);
    let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    let digits = if number == 0.0 { "0" } else { digits.trim_end_matches('0') };
    let count = digits.len() as i64;
    let limit = match precision {
        None => 6,
        Some(precision) => {
            let precision = precision.max(1) as i64;
            if precision > count && count > exponent { count } else { precision }
        }
    };
    // Go takes zero for a number without digits, whose exponent is -1.
    if number != 0.0 && (exponent < -4 || exponent >= limit) {
        let (first, others) = digits.split_at(1);
        let point = if others.is_empty() { "" } else { "." };
        return with_exponent(&format!("{first}{point}{others}"), exponent);
    }
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

fn split(scientific: &str) -> (&str, i64) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa, exponent.parse().unwrap_or_default())
}

fn with_exponent(mantissa: &str, exponent: i64) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The mantissa and its exponent of two, and the bits behind the leading one.
fn parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let mantissa = bits & ((1 << 52) - 1);
    match (bits >> 52) & 0x7ff {
        0 => (mantissa, -1022),
        exponent => (mantissa | 1 << 52, exponent as i64 - 1023),
    }
}

fn binary(number: f64) -> String {
    let (mantissa, exponent) = parts(number);
    format!("{mantissa}p{:+}", exponent - 52)
}

fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(number);
    if mantissa == 0 {
        exponent = 0;
    }
    // The leading digit goes to bit 60, so that hexadecimal digits follow it.
    mantissa <<= 8;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(precision @ 0..15) = precision {
        let shift = precision as u32 * 4;
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let lead = (mantissa >> 60) & 1;
    let digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let digits = match precision {
        None => digits.trim_end_matches('0').to_owned(),
        Some(precision @ 0..15) => digits[..precision].to_owned(),
        Some(precision) => digits + &"0".repeat(precision - 15),
    };
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("0x{lead}{point}{digits}p{sign}{:02}", exponent.abs())
}
