//! A value as Python's `str` writes it, where that is not what minijinja writes.

use minijinja::value::{Value, ValueKind};

/// The text of a value.
pub(crate) fn written(value: &Value) -> String {
    if value.kind() == ValueKind::Number && !value.is_integer() {
        return f64::try_from(value.clone()).map_or_else(|_| value.to_string(), float);
    }
    value.to_string()
}

/// A number as Python's `repr` writes it: the shortest digits that mean it, with an exponent below 1e-4 and from
/// 1e16 on.
pub(crate) fn float(number: f64) -> String {
    if !number.is_finite() {
        return format!("{number}").to_lowercase();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number == 0.0 || (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn a_number_is_written_as_python_writes_it() {
        let wanted = [
            (1.0, "1.0"),
            (-0.1, "-0.1"),
            (0.0, "0.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e22, "1.5e+22"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (1e-7, "1e-07"),
            (1e300, "1e+300"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ];
        for (number, text) in wanted {
            assert_eq!(float(number), text);
        }
    }
}
