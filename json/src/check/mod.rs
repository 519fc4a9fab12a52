//! The rules of JSON Schema draft-07, one function per keyword, for validators that a generator
//! wrote.
//!
//! In: a [`Json`] tree. Out: nothing, or the first [`Violation`]: a JSON pointer, the keyword, and
//! what was expected. Knows no schema and interprets none: which rules hold for which value is
//! plain generated Rust, one function per schema, and this module is what those functions call.
//!
//! A keyword says nothing about values that it is not for (`minLength` about a number), as draft-07
//! has it, so every function here passes what it does not concern. On success nothing is allocated.
//!
//! ```
//! use asyncapi_ws_json::check::{Checked, Pattern, Type};
//! use asyncapi_ws_json::Json;
//!
//! static SYMBOL: Pattern = Pattern::new("^[A-Z]+$");
//!
//! fn check(request: &Json<'_>) -> Checked {
//!     request.is(Type::OBJECT)?;
//!     request.required(&["symbol"])?;
//!     request.property("symbol", |symbol| {
//!         symbol.is(Type::STRING)?;
//!         symbol.min_length(1)?;
//!         symbol.pattern(&SYMBOL)
//!     })?;
//!     request.property("resolution", |resolution| resolution.among_strings(&["1", "5", "15"]))?;
//!     request.closed(&["symbol", "resolution"], &[])
//! }
//!
//! let request = Json::parse(r#"{"symbol": ""}"#)?;
//! let violation = check(&request).unwrap_err();
//! assert_eq!(violation.to_string(), "/symbol: minLength: expected at least 1 character, got 0");
//! # Ok::<(), asyncapi_ws_json::ParseError>(())
//! ```
//!
//! # What a peer can make it do
//!
//! Checks nest at most [`MAX_NESTING`] deep and one value costs at most [`MAX_STEPS`] of them, so a
//! recursive schema and a hostile value meet an error, not the end of the stack or of the
//! afternoon; such an error is never turned into a success by `not` or `anyOf`. Patterns match in
//! time linear in the text wherever the pattern allows it ([`Pattern`] says where not).
//!
//! # For whoever writes the generator
//!
//! - Right after `type`, check a `const` that tells the branches of a union apart: among failed
//!   branches the one whose `const` matched is reported.
//! - Check `maxLength` before `pattern` and `format`, and `maxItems` before `uniqueItems`.
//! - Call another schema's function through [`Json::check`], which counts the nesting.

mod array;
mod combine;
mod constant;
pub mod format;
mod guard;
mod kind;
mod number;
mod object;
mod pattern;
mod string;
#[cfg(test)]
mod suite;
mod violation;

pub use combine::{anything, nothing};
pub use constant::Constant;
pub use format::Format;
pub use guard::{MAX_NESTING, MAX_STEPS};
pub use kind::Type;
pub use pattern::{MAX_BACKTRACKED, MAX_PATTERN, Pattern, PatternError};
pub use violation::Violation;

use crate::Json;

/// What a check says: nothing, or the first violation found.
pub type Checked = Result<(), Violation>;

/// The check for one schema. A function or a closure that captures nothing; that keeps generated
/// code small and quick to compile.
pub type Check = fn(&Json<'_>) -> Checked;
