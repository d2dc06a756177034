//! Numbers as Go's `%v` prints them, which is how a Helm template does.

/// Prints a float as Go's `%v`: the shortest digits that give it back, with an
/// exponent for numbers from a million on.
///
/// ```
/// assert_eq!(yaml_span::print_float(8.0), "8");
/// assert_eq!(yaml_span::print_float(1.1), "1.1");
/// assert_eq!(yaml_span::print_float(20000000.0), "2e+07");
/// ```
pub fn print_float(number: f64) -> String {
    let scientific = shortest(number);
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    // Go: `%e is used if the exponent is less than -4 or greater than or equal to
    // the precision. If precision was the shortest possible, use precision 6.`
    if !(-4..6).contains(&exponent) {
        let sign_of_exponent = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{sign_of_exponent}{:02}", exponent.abs());
    }
    format!("{sign}{}", positional(&digits, exponent))
}

/// The shortest digits that give a float back, as Rust's `{:e}` writes them.
/// Where two rows of digits are as short and as near, Go takes the even one.
pub fn shortest(number: f64) -> String {
    /// Fewer digits never lie halfway.
    const MOST_WITHOUT_TIES: usize = 15;
    let found = format!("{number:e}");
    let digits = found
        .split('e')
        .next()
        .map_or(0, |digits| digits.bytes().filter(u8::is_ascii_digit).count());
    if digits <= MOST_WITHOUT_TIES {
        return found;
    }
    let nearest = format!("{number:.*e}", digits - 1);
    if nearest.parse() == Ok(number) { nearest } else { found }
}

fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = "0".repeat((-exponent - 1) as usize);
        return format!("0.{zeros}{digits}");
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

#[cfg(test)]
mod tests {
    use super::print_float;

    /// What real Helm printed for these numbers in a values file.
    #[test]
    fn prints_as_go_does() {
        for (number, printed) in [
            (1.1, "1.1"),
            (8.0, "8"),
            (100_000.0, "100000"),
            (999_999.0, "999999"),
            (1_000_000.0, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (20_230_617.0, "2.0230617e+07"),
            (12_345_678_901.0, "1.2345678901e+10"),
            (9_007_199_254_740_993.0, "9.007199254740992e+15"),
            (123_456.789, "123456.789"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0"),
            (-0.5, "-0.5"),
            (679_951_205_475_397.2, "6.799512054753972e+14"),
        ] {
            assert_eq!(print_float(number), printed);
        }
    }
}
