//! Floats as Go's `encoding/json` prints them.

/// The digits of a float in JSON; `None` for one that JSON cannot hold.
pub(super) fn json(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        // Rust prints the shortest digits, without an exponent, as Go's 'f' does.
        return Some(format!("{number}"));
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return Some(scientific) };
    Some(match exponent.strip_prefix('-') {
        Some(exponent) => format!("{digits}e-{exponent}"),
        None => format!("{digits}e+{exponent}"),
    })
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
        return format!("{number}");
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
        ] {
            assert_eq!(json(number).as_deref(), Some(in_json));
            assert_eq!(yaml(number), in_yaml);
        }
        assert_eq!(json(f64::NAN), None);
    }
}
