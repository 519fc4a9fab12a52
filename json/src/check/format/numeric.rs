//! Ranges of machine numbers, by the names that the OpenAPI format registry gives them.

use crate::Number;

/// From -2³¹ to 2³¹-1, without a fraction.
pub(super) fn is_int32(number: &Number<'_>) -> bool {
    number.to_i64().is_some_and(|value| i32::try_from(value).is_ok())
}

/// From -2⁶³ to 2⁶³-1, without a fraction.
pub(super) fn is_int64(number: &Number<'_>) -> bool {
    number.to_i64().is_some()
}

/// Rounds to a finite `f32`.
pub(super) fn is_float(number: &Number<'_>) -> bool {
    number.as_str().parse::<f32>().is_ok_and(f32::is_finite)
}

/// Rounds to a finite `f64`.
pub(super) fn is_double(number: &Number<'_>) -> bool {
    number.to_f64().is_some()
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use crate::Json;

    #[test]
    fn machine_numbers_end_where_they_end() {
        let has = |format: Format, text| format.accepts(&Json::parse(text).unwrap());
        assert!(has(Format::INT32, "2147483647") && !has(Format::INT32, "2147483648"));
        assert!(has(Format::INT32, "-2147483648.0") && !has(Format::INT32, "-2147483649"));
        assert!(!has(Format::INT32, "1.5"));
        assert!(
            has(Format::INT64, "9223372036854775807") && !has(Format::INT64, "9223372036854775808")
        );
        assert!(has(Format::FLOAT, "3.4e38") && !has(Format::FLOAT, "3.5e38"));
        assert!(has(Format::DOUBLE, "1.7e308") && !has(Format::DOUBLE, "1.8e308"));
        assert!(has(Format::DOUBLE, "\"text\"") && has(Format::BYTE, "5"));
        assert!(has(Format::DECIMAL, "\"-0.10\"") && !has(Format::DECIMAL, "\"0,10\""));
    }
}
