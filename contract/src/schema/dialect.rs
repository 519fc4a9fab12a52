//! Which language a schema is written in: AsyncAPI's own, JSON Schema's, OpenAPI's, or another.

/// A schema language that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// AsyncAPI's Schema Object: draft-07 plus `discriminator`, `deprecated`, `externalDocs`.
    AsyncApi,
    /// JSON Schema draft-07 (and what older drafts share with it).
    Draft07,
    /// JSON Schema 2019-09 and 2020-12: `$defs`, `prefixItems`, `dependentRequired`, and keywords
    /// beside `$ref` count.
    Draft2020,
    /// OpenAPI 3.0's Schema Object: `nullable`, boolean `exclusiveMinimum`, `example`.
    OpenApi30,
}

/// What a `schemaFormat` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaFormat {
    /// A schema that is read.
    Read(Dialect),
    /// A known language that is not read: its name.
    Foreign(&'static str),
    /// Nothing that is known.
    Unknown,
}

impl SchemaFormat {
    /// Reads a media type: `application/vnd.aai.asyncapi+yaml;version=2.6.0`. Suffixes and the order of
    /// parameters do not matter.
    pub(crate) fn parse(media_type: &str) -> Self {
        let mut parts = media_type.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let version = parts
            .find_map(|part| part.strip_prefix("version="))
            .map(|version| version.trim_matches('"'))
            .unwrap_or_default();
        let (base, suffix) = match essence.rsplit_once('+') {
            Some((base, suffix @ ("json" | "yaml"))) => (base, suffix),
            _ => (essence.as_str(), ""),
        };
        match base {
            "application/vnd.aai.asyncapi" => Self::Read(Dialect::AsyncApi),
            "application/schema" if version.contains("2019-09") || version.contains("2020-12") => {
                Self::Read(Dialect::Draft2020)
            }
            "application/schema" => Self::Read(Dialect::Draft07),
            "application/vnd.oai.openapi" if version.starts_with("3.1") => {
                Self::Read(Dialect::Draft2020)
            }
            "application/vnd.oai.openapi" => Self::Read(Dialect::OpenApi30),
            "application/json" | "application" if suffix.is_empty() => {
                Self::Read(Dialect::AsyncApi)
            }
            "application/vnd.apache.avro" => Self::Foreign("Avro"),
            "application/raml" => Self::Foreign("RAML"),
            "application/vnd.google.protobuf" | "application/protobuf" => {
                Self::Foreign("Protocol Buffers")
            }
            "application/xml" | "application/xsd" | "text/xml" => Self::Foreign("XML Schema"),
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_name_a_dialect() {
        let parse = SchemaFormat::parse;
        let read = SchemaFormat::Read;
        assert_eq!(parse("application/vnd.aai.asyncapi;version=3.0.0"), read(Dialect::AsyncApi));
        assert_eq!(
            parse("application/vnd.aai.asyncapi+yaml; version=2.0.0"),
            read(Dialect::AsyncApi)
        );
        assert_eq!(parse("application/schema+json;version=draft-07"), read(Dialect::Draft07));
        assert_eq!(parse("application/schema+yaml;version=2020-12"), read(Dialect::Draft2020));
        assert_eq!(
            parse("application/vnd.oai.openapi+json;version=3.0.3"),
            read(Dialect::OpenApi30)
        );
        assert_eq!(parse("application/vnd.oai.openapi;version=3.1.0"), read(Dialect::Draft2020));
        assert_eq!(
            parse("application/vnd.apache.avro+yaml;version=1.9.0"),
            SchemaFormat::Foreign("Avro")
        );
        assert_eq!(parse("something"), SchemaFormat::Unknown);
    }
}
