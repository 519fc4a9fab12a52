//! A broken rule, and where.

use std::fmt;

use super::Checked;
use super::guard;
use crate::{DecodeError, Json, Place, pointer};

/// The first rule found broken: where, which, and what was expected.
///
/// Displays as `/payload/symbol: minLength: expected at least 1 character, got 0`.
#[derive(Clone, PartialEq, Eq)]
pub struct Violation(
    /// Nothing where somebody only wants to know whether there is a violation, as a branch of
    /// `anyOf` does: then none of the text is made. Boxed, since it travels through every check.
    Option<Box<Report>>,
);

#[derive(Clone, PartialEq, Eq)]
struct Report {
    /// From the innermost outwards.
    places: Vec<Place>,
    rule: &'static str,
    detail: String,
    /// Whether it ends the whole check: a limit was met, so nobody knows what the value is.
    fatal: bool,
    /// Whether it already says how many branches it was chosen from.
    chosen: bool,
}

/// Fails with a violation of the keyword `rule`; `detail` is only written out if somebody reads it.
#[cold]
#[inline(never)]
pub(super) fn fail(rule: &'static str, detail: fmt::Arguments<'_>) -> Checked {
    Err(Violation::new(rule, detail))
}

/// Fails because a limit was met.
#[cold]
#[inline(never)]
pub(super) fn fail_at_limit(rule: &'static str, detail: fmt::Arguments<'_>) -> Checked {
    Err(Violation(Some(Box::new(Report { fatal: true, ..Report::new(rule, detail) }))))
}

impl Report {
    fn new(rule: &'static str, detail: fmt::Arguments<'_>) -> Self {
        let detail = detail.to_string();
        Self { places: Vec::new(), rule, detail, fatal: false, chosen: false }
    }
}

impl Violation {
    /// A violation found outside of the functions here, such as one between two properties.
    ///
    /// `rule` is the keyword or a name like it; `detail` says what was expected.
    ///
    /// ```
    /// # use asyncapi_ws_json::check::Violation;
    /// let violation = Violation::new("order", format_args!("expected low at most high"));
    /// assert_eq!(violation.within("bar").to_string(), "/bar: order: expected low at most high");
    /// ```
    pub fn new(rule: &'static str, detail: fmt::Arguments<'_>) -> Self {
        if guard::probing() {
            return Self(None);
        }
        Self(Some(Box::new(Report::new(rule, detail))))
    }

    /// The JSON pointer (RFC 6901) to the value that broke the rule, from the value that was
    /// checked; empty for that value itself.
    pub fn pointer(&self) -> String {
        self.0.as_ref().map_or_else(String::new, |report| pointer(&report.places))
    }

    /// The keyword: `minLength`.
    pub fn rule(&self) -> &'static str {
        self.0.as_ref().map_or("", |report| report.rule)
    }

    /// What was expected and what is there instead.
    pub fn detail(&self) -> &str {
        self.0.as_ref().map_or("", |report| &report.detail)
    }

    /// The same violation seen from the object whose member `property` was checked.
    pub fn within(self, property: &str) -> Self {
        self.inside(|| Place::Property(property.into()))
    }

    /// The same violation seen from the array whose item at `index` was checked.
    pub fn within_item(self, index: usize) -> Self {
        self.inside(|| Place::Item(index))
    }

    fn inside(mut self, place: impl FnOnce() -> Place) -> Self {
        if let Some(report) = &mut self.0 {
            report.places.push(place());
        }
        self
    }

    pub(super) fn is_fatal(&self) -> bool {
        self.0.as_ref().is_some_and(|report| report.fatal)
    }

    /// How far below the checked value the broken rule is.
    pub(super) fn depth(&self) -> usize {
        self.0.as_ref().map_or(0, |report| report.places.len())
    }

    /// Says that this is what the closest of `count` branches of `rule` failed with.
    pub(super) fn of_branches(mut self, rule: &'static str, count: usize) -> Self {
        if let Some(report) = &mut self.0
            && !report.chosen
            && count > 1
        {
            use fmt::Write as _;
            report.chosen = true;
            // Writing into a string cannot fail.
            let _ = write!(report.detail, " (the closest of {count} {rule} branches)");
        }
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.depth() > 0 {
            write!(f, "{}: ", self.pointer())?;
        }
        write!(f, "{}: {}", self.rule(), self.detail())
    }
}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Violation({self})")
    }
}

impl std::error::Error for Violation {}

/// What a type refused although every check passed.
impl From<DecodeError> for Violation {
    fn from(error: DecodeError) -> Self {
        let (places, detail) = error.into_parts();
        Self(Some(Box::new(Report { places, rule: "type", detail, fatal: false, chosen: false })))
    }
}

/// A value as a message shows it: short, whatever the peer sent.
pub(super) struct Shown<'v>(pub(super) &'v Json<'v>);

/// How many characters of a value a message repeats.
const SHOWN: usize = 40;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Json::Array(items) => write!(f, "an array of {}", items.len()),
            Json::Object(object) => write!(f, "an object of {}", object.len()),
            Json::String(text) => ShownText(text).fmt(f),
            Json::Number(number) => match number.as_str() {
                text if text.len() <= SHOWN => f.write_str(text),
                text => write!(f, "{}…", &text[..SHOWN]),
            },
            Json::Null | Json::Bool(_) => self.0.fmt(f),
        }
    }
}

/// A string as a message shows it.
pub(super) struct ShownText<'v>(pub(super) &'v str);

impl fmt::Display for ShownText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{:?}…", &self.0[..end]),
            None => write!(f, "{:?}", self.0),
        }
    }
}

/// `1 item`, `2 items`.
pub(super) struct Count(pub(super) usize, pub(super) &'static str, pub(super) &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { self.1 } else { self.2 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_says_where_which_rule_and_what_was_expected() {
        let violation = Violation::new("minimum", format_args!("expected at least 0, got -1"));
        assert_eq!(violation.to_string(), "minimum: expected at least 0, got -1");
        let violation = violation.within("price").within_item(3).within("bids/asks");
        assert_eq!(violation.pointer(), "/bids~1asks/3/price");
        assert_eq!(
            violation.to_string(),
            "/bids~1asks/3/price: minimum: expected at least 0, got -1"
        );
        assert_eq!(
            (violation.rule(), violation.detail()),
            ("minimum", "expected at least 0, got -1")
        );
    }

    #[test]
    fn what_a_peer_sent_is_repeated_only_in_part() {
        let long = Json::from("é".repeat(1000));
        assert_eq!(Shown(&long).to_string().chars().count(), 40 + 3);
        let digits = "1".repeat(1000);
        let number = Json::parse(&digits).unwrap();
        assert_eq!(Shown(&number).to_string().chars().count(), 41);
        assert_eq!(Shown(&Json::parse("[1,2]").unwrap()).to_string(), "an array of 2");
    }

    #[test]
    fn a_refusal_of_the_type_keeps_its_place() {
        let tree = Json::parse(r#"{"a":[1,"x"]}"#).unwrap();
        let error = tree.decode::<std::collections::BTreeMap<String, Vec<i64>>>().unwrap_err();
        assert_eq!(
            Violation::from(error).to_string(),
            "/a/1: type: invalid type: string \"x\", expected i64"
        );
    }
}
