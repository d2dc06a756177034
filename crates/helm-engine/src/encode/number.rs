//! Floats as Go's `encoding/json` prints them.

/// The digits of a float in JSON; `None` for one that JSON cannot hold.
pub(super) fn json(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let size = number.abs();
    if size == 0.0 {
        return Some(format!("{number}"));
    }
    let scientific = yaml_span::shortest(number);
    if (1e-6..1e21).contains(&size) {
        return Some(positional(&scientific));
    }
    let Some((digits, exponent)) = scientific.split_once('e') else { return Some(scientific) };
    Some(match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}e-{exponent}"),
        None => format!("{digits}e+{exponent}"),
    })
}

/// `1.25e1` as `12.5`.
fn positional(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    let Ok(point) = usize::try_from(exponent) else {
        let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
        return format!("{sign}0.{zeros}{digits}");
    };
    match digits.split_at_checked(point + 1) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits:0<width$}", width = point + 1),
    }
}

/// What Go calls a float that JSON cannot hold.
pub(super) fn special(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    }
}

/// The digits of a float after its way through JSON into YAML, where whole
/// numbers that fit into 64 bits have become integers.
pub(super) fn yaml(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let whole = number.fract() == 0.0 && number.abs() < 1e21;
    // The last float below 2^64, and -2^63 itself.
    if whole && (-9_223_372_036_854_775_808.0..=18_446_744_073_709_549_568.0).contains(&number) {
        return positional(&yaml_span::shortest(number));
    }
    yaml_span::print_float(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What real Helm's `toJson` and `toYaml` printed.
    #[test]
    fn floats_are_printed_as_helm_prints_them() {
        for (number, in_json, in_yaml) in [
            (0.0, "0", "0"),
            (-0.0, "-0", "0"),
            (1e6, "1000000", "1000000"),
            (1234567.5, "1234567.5", "1.2345675e+06"),
            (1e21, "1e+21", "1e+21"),
            (12345678901234567890.0, "12345678901234567000", "12345678901234567000"),
            (1e20, "100000000000000000000", "1e+20"),
            (-1e19, "-10000000000000000000", "-1e+19"),
            (0.000001, "0.000001", "1e-06"),
            (0.0000001, "1e-7", "1e-07"),
            (1.5e-10, "1.5e-10", "1.5e-10"),
            (0.1, "0.1", "0.1"),
            (-12.5, "-12.5", "-12.5"),
            (679951205475397.2, "679951205475397.2", "6.799512054753972e+14"),
        ] {
            assert_eq!(json(number).as_deref(), Some(in_json));
            assert_eq!(yaml(number), in_yaml);
        }
        assert_eq!(json(f64::NAN), None);
    }
}
