//! What holds for objects and their members.

use super::pattern::{Outcome, Pattern};
use super::violation::{Count, fail, fail_at_limit};
use super::{Check, Checked, Violation, guard};
use crate::{Json, Object};

impl<'a> Json<'a> {
    /// `required`: all these members are there (validation §6.5.3).
    pub fn required(&self, names: &[&str]) -> Checked {
        let Json::Object(object) = self else { return Ok(()) };
        match names.iter().find(|name| !object.contains_key(name)) {
            None => Ok(()),
            Some(missing) => fail("required", format_args!("expected a property {missing:?}")),
        }
    }

    /// One entry of `properties`: the member, if it is there, passes (validation §6.5.4).
    pub fn property(&self, name: &str, check: Check) -> Checked {
        match self.get(name) {
            None => Ok(()),
            Some(value) => guard::descend(check, value).map_err(|violation| violation.within(name)),
        }
    }

    /// One entry of `patternProperties`: every member whose name matches passes (validation
    /// §6.5.5).
    pub fn pattern_property(&self, pattern: &Pattern, check: Check) -> Checked {
        self.members_where(|name| matches(pattern, name), check)
    }

    /// `additionalProperties` with a schema: every member that is neither named in `properties` nor
    /// matched by `patternProperties` passes (validation §6.5.6).
    pub fn additional_properties(
        &self,
        names: &[&str],
        patterns: &[&Pattern],
        check: Check,
    ) -> Checked {
        self.members_where(|name| is_additional(name, names, patterns), check)
    }

    /// `additionalProperties: false`: there is no such member.
    pub fn closed(&self, names: &[&str], patterns: &[&Pattern]) -> Checked {
        let Json::Object(object) = self else { return Ok(()) };
        for name in object.keys() {
            if is_additional(name, names, patterns)? {
                let detail = format_args!("expected no property of this name{}", Known(names));
                return Err(Violation::new("additionalProperties", detail).within(name));
            }
        }
        Ok(())
    }

    /// `propertyNames`: the name of every member, as a string, passes (validation §6.5.8).
    pub fn property_names(&self, check: Check) -> Checked {
        let Json::Object(object) = self else { return Ok(()) };
        for name in object.keys() {
            guard::descend(check, &Json::from(name)).map_err(|violation| violation.within(name))?;
        }
        Ok(())
    }

    /// `minProperties` (validation §6.5.2).
    pub fn min_properties(&self, least: usize) -> Checked {
        match self {
            Json::Object(object) if object.len() < least => {
                let least = Count(least, "property", "properties");
                fail(
                    "minProperties",
                    format_args!("expected at least {least}, got {}", object.len()),
                )
            }
            _ => Ok(()),
        }
    }

    /// `maxProperties` (validation §6.5.1).
    pub fn max_properties(&self, most: usize) -> Checked {
        match self {
            Json::Object(object) if object.len() > most => {
                let most = Count(most, "property", "properties");
                fail("maxProperties", format_args!("expected at most {most}, got {}", object.len()))
            }
            _ => Ok(()),
        }
    }

    /// One entry of `dependencies` with names: where the member `name` is, these are too
    /// (validation §6.5.7).
    pub fn dependent_required(&self, name: &str, others: &[&str]) -> Checked {
        let Some(object) = self.with_member(name) else { return Ok(()) };
        match others.iter().find(|other| !object.contains_key(other)) {
            None => Ok(()),
            Some(missing) => fail(
                "dependencies",
                format_args!("expected a property {missing:?} beside {name:?}"),
            ),
        }
    }

    /// One entry of `dependencies` with a schema: where the member `name` is, the object passes.
    pub fn dependent_schema(&self, name: &str, check: Check) -> Checked {
        if self.with_member(name).is_some() { guard::enter(check, self) } else { Ok(()) }
    }

    fn with_member(&self, name: &str) -> Option<&Object<'a>> {
        self.as_object().filter(|object| object.contains_key(name))
    }

    fn members_where(
        &self,
        concerned: impl Fn(&str) -> Result<bool, Violation>,
        check: Check,
    ) -> Checked {
        let Json::Object(object) = self else { return Ok(()) };
        for (name, value) in object.iter() {
            if concerned(name)? {
                guard::descend(check, value).map_err(|violation| violation.within(name))?;
            }
        }
        Ok(())
    }
}

fn is_additional(name: &str, names: &[&str], patterns: &[&Pattern]) -> Result<bool, Violation> {
    if names.contains(&name) {
        return Ok(false);
    }
    for pattern in patterns {
        if matches(pattern, name)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn matches(pattern: &Pattern, name: &str) -> Result<bool, Violation> {
    match pattern.run(name) {
        Outcome::Matches => Ok(true),
        Outcome::Differs => Ok(false),
        Outcome::Unknown(reason) => {
            fail_at_limit("patternProperties", format_args!("{reason}")).map(|()| false)
        }
    }
}

/// The names that there are, if they are few.
struct Known<'n>(&'n [&'n str]);

impl std::fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if (1..=8).contains(&self.0.len()) {
            write!(f, ": there are {}", self.0.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Type;
    use super::super::nothing;
    use super::*;

    static EXTENSION: Pattern = Pattern::new("^x-");

    fn message(checked: Checked) -> String {
        checked.unwrap_err().to_string()
    }

    #[test]
    fn members_are_checked_by_name_by_pattern_and_by_being_neither() {
        let json = Json::parse(r#"{"a/b": 1, "x-y": "z", "other": null}"#).unwrap();
        assert!(json.required(&["a/b", "other"]).is_ok());
        assert_eq!(
            message(json.required(&["a/b", "c", "d"])),
            "required: expected a property \"c\""
        );
        assert_eq!(
            message(json.property("a/b", |value| value.is(Type::NULL))),
            "/a~1b: type: expected null, got number"
        );
        assert!(json.property("absent", nothing).is_ok());
        assert_eq!(
            message(json.pattern_property(&EXTENSION, |value| value.max_length(0))),
            "/x-y: maxLength: expected at most 0 characters, got 1"
        );
        assert_eq!(
            message(json.closed(&["a/b"], &[&EXTENSION])),
            "/other: additionalProperties: expected no property of this name: there are a/b"
        );
        assert!(json.closed(&["a/b", "other"], &[&EXTENSION]).is_ok());
        assert_eq!(
            message(
                json.additional_properties(&["a/b"], &[&EXTENSION], |value| value.is(Type::STRING))
            ),
            "/other: type: expected string, got null"
        );
        assert_eq!(
            message(json.property_names(|name| name.max_length(3))),
            "/other: maxLength: expected at most 3 characters, got 5"
        );
        assert_eq!(
            message(json.min_properties(4)),
            "minProperties: expected at least 4 properties, got 3"
        );
        assert_eq!(
            message(json.max_properties(1)),
            "maxProperties: expected at most 1 property, got 3"
        );
        assert_eq!(
            message(json.dependent_required("other", &["a/b", "more"])),
            "dependencies: expected a property \"more\" beside \"other\""
        );
        assert!(json.dependent_required("absent", &["more"]).is_ok());
        assert!(json.dependent_schema("other", |json| json.min_properties(4)).is_err());
        assert!(json.dependent_schema("absent", nothing).is_ok());
    }
}
