//! Texts that stand for something else: `format: date-time`, `date`, `uuid`, `byte`.
//!
//! Each is its text, exactly as it came, so that what is passed on is what was received: a time with
//! three zeros behind the point is not the same text as one without. What a text stands for is a
//! method away, and made into a text again without a detour. Construction checks the format; what
//! comes over the wire is checked by the contract's rules.
//!
//! Where a program wants other types (`chrono`, `uuid`), the generator puts those in place by the name
//! of the format, and the texts become what those types write.

mod base64;
mod date;
mod date_time;
mod uuid;

use std::fmt;

pub use self::base64::Base64;
pub use self::date::Date;
pub use self::date_time::DateTime;
pub use self::uuid::Uuid;

/// A text is not of its format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    text: String,
    format: &'static str,
}

impl FormatError {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the format: `date-time`.
    pub fn format(&self) -> &'static str {
        self.format
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no {}", self.text, self.format)
    }
}

impl std::error::Error for FormatError {}

/// What all of them have in common: a text that was checked, or came over the wire.
macro_rules! text_of_format {
    ($name:ident, $format:literal, $check:expr) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = super::FormatError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = super::FormatError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                let check: crate::check::Format = $check;
                match crate::json::Json::from(text.as_str()).format(&check) {
                    Ok(()) => Ok(Self(text)),
                    Err(_) => Err(super::FormatError { text, format: $format }),
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = super::FormatError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self)
            }
        }
    };
}

use text_of_format;
