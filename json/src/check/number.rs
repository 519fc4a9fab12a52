//! `minimum`, `maximum`, their exclusive sisters, and `multipleOf`: exact, on the digits.

use super::Checked;
use super::violation::{Shown, fail};
use crate::{Json, Number};

impl Json<'_> {
    /// `minimum`: a number is at least this (validation §6.2.4).
    pub fn minimum(&self, bound: &Number<'_>) -> Checked {
        match self {
            Json::Number(number) if number < bound => {
                fail("minimum", format_args!("expected at least {bound}, got {}", Shown(self)))
            }
            _ => Ok(()),
        }
    }

    /// `maximum`: a number is at most this (validation §6.2.2).
    pub fn maximum(&self, bound: &Number<'_>) -> Checked {
        match self {
            Json::Number(number) if number > bound => {
                fail("maximum", format_args!("expected at most {bound}, got {}", Shown(self)))
            }
            _ => Ok(()),
        }
    }

    /// `exclusiveMinimum`: a number is more than this (validation §6.2.5).
    pub fn exclusive_minimum(&self, bound: &Number<'_>) -> Checked {
        match self {
            Json::Number(number) if number <= bound => fail(
                "exclusiveMinimum",
                format_args!("expected more than {bound}, got {}", Shown(self)),
            ),
            _ => Ok(()),
        }
    }

    /// `exclusiveMaximum`: a number is less than this (validation §6.2.3).
    pub fn exclusive_maximum(&self, bound: &Number<'_>) -> Checked {
        match self {
            Json::Number(number) if number >= bound => fail(
                "exclusiveMaximum",
                format_args!("expected less than {bound}, got {}", Shown(self)),
            ),
            _ => Ok(()),
        }
    }

    /// `multipleOf`: a number is an integer times this, exactly (validation §6.2.1).
    ///
    /// ```
    /// # use asyncapi_ws_json::{Json, Number};
    /// const TICK: Number<'static> = Number::from_static("0.0001");
    /// assert!(Json::parse("0.0075")?.multiple_of(&TICK).is_ok());
    /// assert!(Json::parse("0.00751")?.multiple_of(&TICK).is_err());
    /// # Ok::<(), asyncapi_ws_json::ParseError>(())
    /// ```
    pub fn multiple_of(&self, divisor: &Number<'_>) -> Checked {
        match self {
            Json::Number(number) if !number.is_multiple_of(divisor) => fail(
                "multipleOf",
                format_args!("expected a multiple of {divisor}, got {}", Shown(self)),
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact_and_say_themselves() {
        const BOUND: Number<'static> = Number::from_static("9007199254740993");
        let below = Json::parse("9007199254740992").unwrap();
        let equal = Json::parse("9007199254740993.0").unwrap();
        let message = |checked: Checked| checked.unwrap_err().to_string();
        assert_eq!(
            message(below.minimum(&BOUND)),
            "minimum: expected at least 9007199254740993, got 9007199254740992"
        );
        assert!(below.maximum(&BOUND).is_ok() && below.exclusive_maximum(&BOUND).is_ok());
        assert!(equal.minimum(&BOUND).is_ok() && equal.maximum(&BOUND).is_ok());
        assert_eq!(
            message(equal.exclusive_minimum(&BOUND)),
            "exclusiveMinimum: expected more than 9007199254740993, got 9007199254740993.0"
        );
        assert!(equal.exclusive_maximum(&BOUND).is_err());
        assert!(Json::from("9").minimum(&BOUND).is_ok(), "no number, no concern");
    }
}
