//! How Go prints numbers where Helm turns one into a string.

/// A float of YAML in a field that is a string: Helm's YAML package prints it
/// as Go's `strconv.FormatFloat(value, 'g', -1, 32)`, so `1.10` is `1.1` and
/// `16777217.0` is `1.6777216e+07`.
pub(crate) fn float32(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    // Rust gives the same shortest digits, as `-1.2345675e6`.
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // Go decides with a precision of 6 when it looks for the shortest digits.
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_printed_as_helm_prints_them() {
        // Each answer is real Helm's, of `appVersion`.
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (10.0, "10"),
            (123456.0, "123456"),
            (1234567.0, "1.234567e+06"),
            (1000000.0, "1e+06"),
            (999999.5, "999999.5"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.00012345678, "0.00012345678"),
            (16777217.0, "1.6777216e+07"),
            (123456.789, "123456.79"),
            (1e22, "1e+22"),
            (-1.5e-7, "-1.5e-07"),
            (3.5e38, "+Inf"),
            (1e-50, "0"),
            (20240101.0, "2.02401e+07"),
            (1.10, "1.1"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(float32(value), expected, "{value}");
        }
    }
}
