//! Go's `math` on floats.

use crate::functions::convert::to_float;
use crate::value::Value;

/// The first argument and all others, one after another.
pub(super) fn fold(args: &[Value], with: fn(f64, f64) -> f64) -> f64 {
    args.iter().map(to_float).reduce(with).unwrap_or(0.0)
}

/// `math.Max`: infinity before NaN, 0 before -0.
pub(super) fn max(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        return f64::INFINITY;
    }
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if a == 0.0 && b == 0.0 {
        return if a.is_sign_negative() { b } else { a };
    }
    if a > b { a } else { b }
}

/// `math.Min`: minus infinity before NaN, -0 before 0.
pub(super) fn min(a: f64, b: f64) -> f64 {
    if a == f64::NEG_INFINITY || b == f64::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    if a == 0.0 && b == 0.0 {
        return if a.is_sign_negative() { a } else { b };
    }
    if a < b { a } else { b }
}

/// sprig's `round` to places, upwards from a fraction on. Go's remainder of a
/// negative number is negative, so those go down.
pub(super) fn round(number: f64, places: i64, up_from: f64) -> f64 {
    let power = power_of_ten(places);
    let digits = power * number;
    // Go's remainder of an infinite number is not a number.
    let up = digits.is_finite() && digits - digits.trunc() >= up_from;
    (if up { digits.ceil() } else { digits.floor() }) / power
}

/// `math.Pow(10, places)`, with Go's own rounding.
fn power_of_ten(places: i64) -> f64 {
    let exponent = (places as f64).abs();
    if exponent == 0.0 {
        return 1.0;
    }
    // Go multiplies fractions and adds exponents; past these it overflows.
    if exponent >= 9.3e18 {
        return if places < 0 { 0.0 } else { f64::INFINITY };
    }
    let (mut result, mut result_exponent) = (1.0_f64, 0_i64);
    // 10 = 0.625 * 2^4
    let (mut fraction, mut scale) = (0.625_f64, 4_i64);
    let mut left = exponent as i64;
    while left != 0 {
        if !(-1 << 12..1 << 12).contains(&scale) {
            result_exponent = result_exponent.saturating_add(scale);
            break;
        }
        if left & 1 == 1 {
            result *= fraction;
            result_exponent += scale;
        }
        fraction *= fraction;
        scale <<= 1;
        if fraction < 0.5 {
            fraction += fraction;
            scale -= 1;
        }
        left >>= 1;
    }
    if places < 0 {
        result = 1.0 / result;
        result_exponent = -result_exponent;
    }
    scaled(result, result_exponent)
}

/// A fraction times a power of two.
fn scaled(fraction: f64, exponent: i64) -> f64 {
    let exponent = exponent.clamp(-4000, 4000) as i32;
    let half = exponent / 2;
    fraction
        * 2_f64.powi(half.clamp(-1000, 1000))
        * 2_f64.powi((exponent - half).clamp(-1000, 1000))
}
