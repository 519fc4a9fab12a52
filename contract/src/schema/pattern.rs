//! ECMA-262 expressions, as `pattern` and `patternProperties` use them. The one file that knows the
//! library.

use regress::Regex;

/// Compiles an expression, with the `u` flag if it can be read so (draft-07 recommends Unicode), else
/// without.
///
/// # Errors
/// What is wrong with the expression.
pub(crate) fn compile(expression: &str) -> Result<Regex, String> {
    Regex::with_flags(expression, "u")
        .or_else(|_| Regex::new(expression))
        .map_err(|error| error.text)
}
