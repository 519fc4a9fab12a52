//! `format`, as an assertion: each a function from a text or a number to yes or no.
//!
//! One file per family, each with the document it follows. A format says nothing about values of a
//! type that it is not for. Only the formats that a program names end up in it.

mod date_time;
mod email;
mod encoded;
mod hostname;
mod idna;
mod idna_tables;
mod numeric;
mod pointer;
mod uri;
mod uri_template;

use std::fmt;

use crate::{Json, Number};

/// A format: its name, and what has it.
///
/// ```
/// # use asyncapi_ws_json::check::Format;
/// # use asyncapi_ws_json::Json;
/// assert!(Json::from("2024-02-29").format(&Format::DATE).is_ok());
/// assert!(Json::from("2023-02-29").format(&Format::DATE).is_err());
/// assert!(Json::from(20230229).format(&Format::DATE).is_ok(), "not a string, not its concern");
/// ```
#[derive(Clone, Copy)]
pub struct Format {
    name: &'static str,
    accepts: Accepts,
}

#[derive(Clone, Copy)]
enum Accepts {
    Text(fn(&str) -> bool),
    Number(fn(&Number<'_>) -> bool),
}

impl Format {
    /// `date-time`: RFC 3339 §5.6.
    pub const DATE_TIME: Self = Self::text("date-time", date_time::is_date_time);
    /// `date`: `full-date` of RFC 3339 §5.6.
    pub const DATE: Self = Self::text("date", date_time::is_date);
    /// `time`: `full-time` of RFC 3339 §5.6, with its offset.
    pub const TIME: Self = Self::text("time", date_time::is_time);
    /// `duration`: RFC 3339 appendix A.
    pub const DURATION: Self = Self::text("duration", date_time::is_duration);
    /// `uuid`: RFC 9562 §4.
    pub const UUID: Self = Self::text("uuid", encoded::is_uuid);
    /// `uri`: RFC 3986, with a scheme.
    pub const URI: Self = Self::text("uri", uri::is_uri);
    /// `uri-reference`: RFC 3986 §4.1.
    pub const URI_REFERENCE: Self = Self::text("uri-reference", uri::is_uri_reference);
    /// `iri`: RFC 3987, with a scheme.
    pub const IRI: Self = Self::text("iri", uri::is_iri);
    /// `iri-reference`: RFC 3987.
    pub const IRI_REFERENCE: Self = Self::text("iri-reference", uri::is_iri_reference);
    /// `uri-template`: RFC 6570.
    pub const URI_TEMPLATE: Self = Self::text("uri-template", uri_template::is_uri_template);
    /// `email`: `Mailbox` of RFC 5321 §4.1.2.
    pub const EMAIL: Self = Self::text("email", email::is_email);
    /// `idn-email`: the same with RFC 6531.
    pub const IDN_EMAIL: Self = Self::text("idn-email", email::is_idn_email);
    /// `hostname`: RFC 1123 §2.1, A-labels checked by RFC 5890.
    pub const HOSTNAME: Self = Self::text("hostname", hostname::is_hostname);
    /// `idn-hostname`: RFC 5890 and 5891.
    pub const IDN_HOSTNAME: Self = Self::text("idn-hostname", hostname::is_idn_hostname);
    /// `ipv4`: a dotted quad, RFC 2673 §3.2.
    pub const IPV4: Self = Self::text("ipv4", |text| text.parse::<std::net::Ipv4Addr>().is_ok());
    /// `ipv6`: RFC 4291 §2.2.
    pub const IPV6: Self = Self::text("ipv6", |text| text.parse::<std::net::Ipv6Addr>().is_ok());
    /// `json-pointer`: RFC 6901.
    pub const JSON_POINTER: Self = Self::text("json-pointer", pointer::is_json_pointer);
    /// `relative-json-pointer`: draft-handrews-relative-json-pointer-01.
    pub const RELATIVE_JSON_POINTER: Self =
        Self::text("relative-json-pointer", pointer::is_relative_json_pointer);
    /// `regex`: a pattern of ECMA-262, flag `u`.
    pub const REGEX: Self = Self::text("regex", super::pattern::is_pattern);
    /// `byte`: base64 with padding, RFC 4648 §4.
    pub const BYTE: Self = Self::text("byte", encoded::is_base64);
    /// `decimal` of a string: a number as JSON writes it.
    pub const DECIMAL: Self = Self::text("decimal", |text| Number::parse(text).is_ok());
    /// `int32`: an integer from -2³¹ to 2³¹-1 (OpenAPI format registry).
    pub const INT32: Self = Self::number("int32", numeric::is_int32);
    /// `int64`: an integer from -2⁶³ to 2⁶³-1 (OpenAPI format registry).
    pub const INT64: Self = Self::number("int64", numeric::is_int64);
    /// `float`: within the range of a single-precision IEEE 754 number.
    pub const FLOAT: Self = Self::number("float", numeric::is_float);
    /// `double`: within the range of a double-precision IEEE 754 number.
    pub const DOUBLE: Self = Self::number("double", numeric::is_double);

    const ALL: [Self; 25] = [
        Self::DATE_TIME,
        Self::DATE,
        Self::TIME,
        Self::DURATION,
        Self::UUID,
        Self::URI,
        Self::URI_REFERENCE,
        Self::IRI,
        Self::IRI_REFERENCE,
        Self::URI_TEMPLATE,
        Self::EMAIL,
        Self::IDN_EMAIL,
        Self::HOSTNAME,
        Self::IDN_HOSTNAME,
        Self::IPV4,
        Self::IPV6,
        Self::JSON_POINTER,
        Self::RELATIVE_JSON_POINTER,
        Self::REGEX,
        Self::BYTE,
        Self::DECIMAL,
        Self::INT32,
        Self::INT64,
        Self::FLOAT,
        Self::DOUBLE,
    ];

    const fn text(name: &'static str, accepts: fn(&str) -> bool) -> Self {
        Self { name, accepts: Accepts::Text(accepts) }
    }

    const fn number(name: &'static str, accepts: fn(&Number<'_>) -> bool) -> Self {
        Self { name, accepts: Accepts::Number(accepts) }
    }

    /// The format that a schema calls by this name, if it is one that can be asserted. Links every
    /// format; generated code names the one it means.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name == name)
    }

    /// The name in a schema.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the value has the format, or is none of those that it is for.
    pub fn accepts(&self, value: &Json<'_>) -> bool {
        match (self.accepts, value) {
            (Accepts::Text(accepts), Json::String(text)) => accepts(text),
            (Accepts::Number(accepts), Json::Number(number)) => accepts(number),
            _ => true,
        }
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Format({})", self.name)
    }
}

/// Asserts what has a format and what has not; the only place in the tests that asks.
#[cfg(test)]
#[track_caller]
fn check(format: Format, good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(format.accepts(&Json::from(*text)), "{format:?} refuses {text:?}");
    }
    for text in bad {
        assert!(!format.accepts(&Json::from(*text)), "{format:?} takes {text:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_makes_a_format_panic(
            text in prop_oneof![
                any::<String>(),
                r"[-a-zA-Z0-9:.%@\[\]/?#\\\x22{}+TZ=xn·é\u{5d0}\u{200d} ]{0,40}",
                r"xn--[a-z0-9-]{0,20}",
            ]
        ) {
            for format in Format::ALL {
                format.accepts(&Json::from(&*text));
            }
        }
    }

    #[test]
    fn formats_are_found_by_name() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
        }
        assert_eq!(Format::named("password"), None);
    }
}
