//! The gamma function and its logarithm, by the approximation of Lanczos (N = 13, g = 6.024_68...), which is what CPython has:
//! a C library's own differ from it in the last digit.

use std::f64::consts::PI;

/// g, a number whose half less is exact.
const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = G - 0.5;

/// The rational function of the sum: numerator and denominator, lowest power first.
const SUM: [(f64, f64); 13] = [
    (23_531_376_880.410_76, 0.0),
    (42_919_803_642.649_1, 39_916_800.0),
    (35_711_959_237.355_67, 120_543_840.0),
    (17_921_034_426.037_21, 150_917_976.0),
    (6_039_542_586.352_028, 105_258_076.0),
    (1_439_720_407.311_721_6, 45_995_730.0),
    (248_874_557.862_054_17, 13_339_535.0),
    (31_426_415.585_400_194, 2_637_558.0),
    (2_876_370.628_935_372_5, 357_423.0),
    (186_056.265_395_223_48, 32_670.0),
    (8_071.672_002_365_816, 1_925.0),
    (210.824_277_751_579_36, 66.0),
    (2.506_628_274_631_000_2, 1.0),
];

fn lanczos_sum(x: f64) -> f64 {
    let (mut num, mut den) = (0.0, 0.0);
    if x < 5.0 {
        for (n, d) in SUM.iter().rev() {
            num = num * x + n;
            den = den * x + d;
        }
    } else {
        // Powers of 1/x keep away from overflow.
        for (n, d) in &SUM {
            num = num / x + n;
            den = den / x + d;
        }
    }
    num / den
}

/// `sin(pi * x)`, exact about its zeros.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * r
}

/// The gamma function of what is neither an integer below 24 nor an infinity; infinite where it is too large.
pub fn gamma(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    if size < 1e-20 {
        return 1.0 / x;
    }
    if size > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = size + G_MINUS_HALF;
    // What was lost in that sum.
    let lost = match size > G_MINUS_HALF {
        true => (y - size) - G_MINUS_HALF,
        false => (y - G_MINUS_HALF) - size,
    };
    let z = lost * G / y;
    let (mut r, by_power): (f64, fn(f64, f64) -> f64) = if x < 0.0 {
        let r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        (r - z * r, |r, power| r / power)
    } else {
        let r = lanczos_sum(size) / y.exp();
        (r + z * r, |r, power| r * power)
    };
    if size < 140.0 {
        r = by_power(r, y.powf(size - 0.5));
    } else {
        let root = y.powf(size / 2.0 - 0.25);
        r = by_power(by_power(r, root), root);
    }
    r
}

/// The logarithm of the absolute value of gamma, of what is no integer up to 2.
pub fn log_gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return x.abs();
    }
    let size = x.abs();
    if size < 1e-20 {
        return -size.ln();
    }
    let r = lanczos_sum(size).ln() - G + (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 { PI.ln() - sin_pi(size).abs().ln() - size.ln() - r } else { r }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_cpython() {
        assert_eq!(gamma(2.5), 1.3293403881791372);
        assert_eq!(gamma(0.5), 1.7724538509055159);
        assert_eq!(gamma(-1.5), 2.3632718012073544);
        assert_eq!(log_gamma(0.5), 0.5723649429247004);
        assert_eq!(log_gamma(2.5), 0.2846828704729196);
        assert_eq!(log_gamma(-1.5), 0.8600470153764812);
        assert_eq!(log_gamma(1e300), 6.897755278982137e302);
        assert!(gamma(172.5).is_infinite() && gamma(f64::NAN).is_nan());
    }
}
