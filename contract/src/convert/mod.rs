//! Contract → an AsyncAPI document in JSON, in the version that a consumer reads.
//!
//! In: a checked contract. Out: JSON. [`to_2_4`] has the shape that FastWS emits: one channel, messages by
//! their name on the wire, each request with its `x-response`. [`to_3_0`] keeps the structure of 3.x.
//! Both are complete by themselves: schemas of other files become components.

mod schema;
mod v2_4;
mod v3_0;

use json::{Json, Object};

pub use v2_4::to_2_4;
pub use v3_0::to_3_0;

use crate::model::{Contract, Info, Tag};

/// JSON as people read it: two blanks for each level, a line end at the end.
pub fn pretty(json: &Json<'_>) -> String {
    let mut out = String::new();
    write(json, 0, &mut out);
    out.push('\n');
    out
}

fn write(json: &Json<'_>, level: usize, out: &mut String) {
    let line = |level: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&"  ".repeat(level));
    };
    match json {
        Json::Array(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(level + 1, out);
                write(item, level + 1, out);
            }
            line(level, out);
            out.push(']');
        }
        Json::Object(object) if !object.is_empty() => {
            out.push('{');
            for (at, (key, value)) in object.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(level + 1, out);
                out.push_str(&Json::from(key).to_string());
                out.push_str(": ");
                write(value, level + 1, out);
            }
            line(level, out);
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// An object that is built key by key; what is missing is left out.
#[derive(Default)]
struct Builder(Object<'static>);

impl Builder {
    fn set(&mut self, key: &str, value: impl Into<Json<'static>>) -> &mut Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    fn maybe(&mut self, key: &str, value: Option<impl Into<Json<'static>>>) -> &mut Self {
        if let Some(value) = value {
            self.set(key, value);
        }
        self
    }

    fn text(&mut self, key: &str, value: &Option<String>) -> &mut Self {
        self.maybe(key, value.clone())
    }

    fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        if value {
            self.set(key, true);
        }
        self
    }

    fn list(&mut self, key: &str, items: Vec<Json<'static>>) -> &mut Self {
        if !items.is_empty() {
            self.set(key, Json::Array(items));
        }
        self
    }

    fn object(&mut self, key: &str, object: Builder) -> &mut Self {
        if !object.0.is_empty() {
            self.set(key, object.build());
        }
        self
    }

    fn extensions(&mut self, extensions: &[(String, Json<'static>)]) -> &mut Self {
        for (key, value) in extensions {
            self.set(key, value.clone());
        }
        self
    }

    fn build(self) -> Json<'static> {
        Json::Object(self.0)
    }
}

fn reference(pointer: &str) -> Json<'static> {
    let mut object = Builder::default();
    object.set("$ref", pointer.to_owned());
    object.build()
}

fn info(info: &Info) -> Json<'static> {
    let mut object = Builder::default();
    object
        .set("title", info.title.clone())
        .set("version", info.version.clone())
        .text("description", &info.description)
        .text("termsOfService", &info.terms_of_service)
        .extensions(&info.extensions);
    if let Some(name) = &info.license {
        let mut license = Builder::default();
        license.set("name", name.clone());
        object.object("license", license);
    }
    object.build()
}

fn tags(tags: &[Tag]) -> Vec<Json<'static>> {
    tags.iter()
        .map(|tag| {
            let mut object = Builder::default();
            object.set("name", tag.name.clone()).text("description", &tag.description);
            object.build()
        })
        .collect()
}

/// The name of a message on the wire: `name`, else its key.
fn wire_name(contract: &Contract, id: crate::model::MessageId) -> String {
    let message = contract.message(id);
    message.name.clone().unwrap_or_else(|| message.key.clone())
}

/// A runtime expression that points into the payload.
fn location(path: &[String]) -> String {
    let segments = path.iter().map(|segment| crate::tree::escape_segment(segment));
    let pointer: String = segments.map(|segment| format!("/{segment}")).collect();
    format!("$message.payload#{pointer}")
}
