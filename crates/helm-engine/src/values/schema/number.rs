//! Numbers in messages, as Go's message printer writes them: `1,234.5` and `2×10⁰⁷`.

/// A number of a value or a limit.
pub(super) fn shown(number: f64) -> String {
    let plain = format!("{number:e}");
    let (digits, exponent) = plain.split_once('e').unwrap_or((&plain, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-4..6).contains(&exponent) && number != 0.0 {
        return format!("{digits}×10{}", superscript(exponent));
    }
    let plain = number.to_string();
    let (whole, rest) = plain.find('.').map_or((plain.as_str(), ""), |dot| plain.split_at(dot));
    format!("{}{rest}", grouped(whole))
}

/// A count, with its thousands apart.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

fn grouped(whole: &str) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn superscript(exponent: i32) -> String {
    let sign = if exponent < 0 { "⁻" } else { "" };
    let raised =
        |digit: char| digit.to_digit(10).and_then(|it| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(it as usize));
    let digits = format!("{:02}", exponent.unsigned_abs());
    format!("{sign}{}", digits.chars().filter_map(raised).collect::<String>())
}
