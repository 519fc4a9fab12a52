//! The values of `format` that are understood; the others are annotations without effect.

/// A known value of `format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RFC 3339 date and time.
    DateTime,
    /// RFC 3339 full date.
    Date,
    /// RFC 3339 full time.
    Time,
    /// ISO 8601 duration, RFC 3339 appendix A.
    Duration,
    /// RFC 4122.
    Uuid,
    /// RFC 3986, absolute.
    Uri,
    /// RFC 3986, absolute or relative.
    UriReference,
    /// RFC 3987, absolute.
    Iri,
    /// RFC 3987, absolute or relative.
    IriReference,
    /// RFC 6570.
    UriTemplate,
    /// RFC 5322 §3.4.1.
    Email,
    /// RFC 6531.
    IdnEmail,
    /// RFC 1123.
    Hostname,
    /// RFC 5890.
    IdnHostname,
    /// RFC 2673 §3.2.
    Ipv4,
    /// RFC 4291 §2.2.
    Ipv6,
    /// RFC 6901.
    JsonPointer,
    /// A JSON pointer that starts somewhere.
    RelativeJsonPointer,
    /// ECMA-262 expression.
    Regex,
    /// Integer of 32 bits, signed.
    Int32,
    /// Integer of 64 bits, signed.
    Int64,
    /// IEEE 754 single precision.
    Float,
    /// IEEE 754 double precision.
    Double,
    /// Base64, RFC 4648 §4.
    Byte,
    /// Any bytes, as text.
    Binary,
    /// A decimal number whose digits matter.
    Decimal,
}

/// Every format with the name that documents give it.
const NAMES: [(&str, Format); 26] = [
    ("date-time", Format::DateTime),
    ("date", Format::Date),
    ("time", Format::Time),
    ("duration", Format::Duration),
    ("uuid", Format::Uuid),
    ("uri", Format::Uri),
    ("uri-reference", Format::UriReference),
    ("iri", Format::Iri),
    ("iri-reference", Format::IriReference),
    ("uri-template", Format::UriTemplate),
    ("email", Format::Email),
    ("idn-email", Format::IdnEmail),
    ("hostname", Format::Hostname),
    ("idn-hostname", Format::IdnHostname),
    ("ipv4", Format::Ipv4),
    ("ipv6", Format::Ipv6),
    ("json-pointer", Format::JsonPointer),
    ("relative-json-pointer", Format::RelativeJsonPointer),
    ("regex", Format::Regex),
    ("int32", Format::Int32),
    ("int64", Format::Int64),
    ("float", Format::Float),
    ("double", Format::Double),
    ("byte", Format::Byte),
    ("binary", Format::Binary),
    ("decimal", Format::Decimal),
];

impl Format {
    /// The format of this name, if it is known.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|pair| pair.0 == name).map(|pair| pair.1)
    }

    /// The name that documents give it.
    pub fn name(self) -> &'static str {
        // Every variant stands in the table: the test below counts them.
        NAMES.iter().find(|pair| pair.1 == self).map_or("", |pair| pair.0)
    }

    /// Whether the format speaks of numbers; `decimal` speaks of numbers and of strings.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Int32 | Self::Int64 | Self::Float | Self::Double | Self::Decimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name() {
        assert_eq!(Format::Decimal as usize + 1, NAMES.len());
        for (name, format) in NAMES {
            assert_eq!(format.name(), name);
        }
    }
}
