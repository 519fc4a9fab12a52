//! A contract while it is read: what the readers of both major versions fill.
//!
//! In: nodes. Out: the lists of the model. Holds what 2.x and 3.x write alike: texts, tags, examples,
//! bindings, extensions. Parts are found again by their node, so that two references to one message
//! are one message.

use std::collections::HashMap;

use crate::model::{
    Binding, Channel, ChannelId, Example, Extensions, ExternalDocs, Info, Message, MessageId,
    Operation, Perspective, SecurityId, SecurityScheme, Server, ServerVariable, Tag, Topic,
    Written, WsBinding,
};
use crate::reading::{Reading, is_reference};
use crate::schema::{Dialect, SchemaFormat, SchemaId, SchemaReader};
use crate::tree::{Kind, NodeId, NodeRef};
use crate::value;

/// The parts that were read so far.
pub(crate) struct Draft<'a, 't> {
    pub(crate) reading: &'a Reading<'t>,
    pub(crate) perspective: Perspective,
    pub(crate) schemas: SchemaReader<'a, 't>,
    pub(crate) default_content_type: Option<String>,
    pub(crate) servers: Vec<Server>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) messages: Vec<Message>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) security: Vec<SecurityScheme>,
    pub(crate) components: Vec<(String, SchemaId)>,
    /// Schemas in a language that is not read.
    pub(crate) foreign: HashMap<SchemaId, &'static str>,
    /// Channel extensions that wait until all operations are known.
    pub(crate) channel_nodes: Vec<(ChannelId, NodeRef<'t>)>,
    foreign_ids: HashMap<NodeId, SchemaId>,
    message_ids: HashMap<NodeId, MessageId>,
    security_ids: HashMap<NodeId, SecurityId>,
}

impl<'a, 't> Draft<'a, 't> {
    pub(crate) fn new(reading: &'a Reading<'t>, perspective: Perspective) -> Self {
        Self {
            reading,
            perspective,
            schemas: SchemaReader::new(reading),
            default_content_type: None,
            servers: Vec::new(),
            channels: Vec::new(),
            operations: Vec::new(),
            messages: Vec::new(),
            topics: Vec::new(),
            security: Vec::new(),
            components: Vec::new(),
            foreign: HashMap::new(),
            channel_nodes: Vec::new(),
            foreign_ids: HashMap::new(),
            message_ids: HashMap::new(),
            security_ids: HashMap::new(),
        }
    }

    /// The message that was read from a node, if it was.
    pub(crate) fn known_message(&self, node: NodeRef<'t>) -> Option<MessageId> {
        self.message_ids.get(&node.id()).copied()
    }

    pub(crate) fn add_message(&mut self, node: NodeRef<'t>, message: Message) -> MessageId {
        let id = MessageId(self.messages.len());
        self.messages.push(message);
        self.message_ids.insert(node.id(), id);
        id
    }

    /// The schema at a node that may be written in another language than AsyncAPI's own.
    pub(crate) fn schema_in(&mut self, node: NodeRef<'t>, format: Option<NodeRef<'t>>) -> SchemaId {
        let Some((place, media_type)) = format.and_then(|node| Some((node, node.as_str()?))) else {
            return self.schemas.schema(node, Dialect::AsyncApi);
        };
        match SchemaFormat::parse(media_type) {
            SchemaFormat::Read(dialect) => self.schemas.schema(node, dialect),
            other => {
                let language = match other {
                    SchemaFormat::Foreign(language) => language,
                    _ => "a schema language that is not known",
                };
                self.reading.report(crate::check::foreign_schema(place, media_type, language));
                if let Some(&known) = self.foreign_ids.get(&node.id()) {
                    return known;
                }
                if is_reference(node) {
                    self.reading.find_file(node);
                }
                let id = self.schemas.anything(node);
                self.foreign.insert(id, language);
                self.foreign_ids.insert(node.id(), id);
                id
            }
        }
    }

    /// A schema that was not written down, with the place that stands for it.
    pub(crate) fn any_schema(&mut self, place: NodeRef<'t>) -> SchemaId {
        self.schemas.anything(place)
    }

    pub(crate) fn security_scheme(&mut self, key: &str, node: NodeRef<'t>) -> SecurityId {
        if let Some(&known) = self.security_ids.get(&node.id()) {
            return known;
        }
        let id = SecurityId(self.security.len());
        self.security.push(SecurityScheme {
            key: key.to_owned(),
            origin: self.reading.origin(node),
            kind: text(node, "type").unwrap_or_default(),
            scheme: text(node, "scheme"),
            location: text(node, "in"),
            name: text(node, "name"),
            bearer_format: text(node, "bearerFormat"),
            description: text(node, "description"),
        });
        self.security_ids.insert(node.id(), id);
        id
    }

    /// `servers.*.variables`
    pub(crate) fn server_variables(&self, server: NodeRef<'t>) -> Vec<ServerVariable> {
        let variables = self.reading.get(server, "variables");
        let entries = variables.into_iter().flat_map(NodeRef::entries);
        entries
            .filter_map(|(name, node)| {
                let node = self.reading.follow(node)?;
                Some(ServerVariable {
                    name: name.text.to_owned(),
                    values: texts(node, "enum"),
                    default: text(node, "default"),
                    description: text(node, "description"),
                    examples: texts(node, "examples"),
                })
            })
            .collect()
    }

    /// `bindings` of a channel: the WebSocket one, and the others.
    pub(crate) fn channel_bindings(
        &mut self,
        channel: NodeRef<'t>,
    ) -> (Option<WsBinding>, Vec<Binding>) {
        let Some(bindings) = self.reading.get(channel, "bindings") else {
            return (None, Vec::new());
        };
        let ws = self.reading.get(bindings, "ws").filter(|ws| ws.kind() == Kind::Map);
        let ws = ws.map(|ws| {
            let mut schema =
                |key| ws.get(key).map(|node| self.schemas.schema(node, Dialect::AsyncApi));
            let (query, headers) = (schema("query"), schema("headers"));
            let subprotocol = ["subprotocol", "x-subprotocol", "subprotocols", "x-subprotocols"]
                .into_iter()
                .find_map(|key| ws.get(key));
            let subprotocols = subprotocol.map_or_else(Vec::new, |node| match node.as_str() {
                Some(one) => one.split(',').map(|name| name.trim().to_owned()).collect(),
                None => node.items().filter_map(NodeRef::as_str).map(str::to_owned).collect(),
            });
            let method = text(ws, "method");
            WsBinding { origin: self.reading.origin(ws), method, query, headers, subprotocols }
        });
        (ws, self.bindings_of(bindings, &["ws"]))
    }

    /// `bindings` of anything else.
    pub(crate) fn bindings(&self, layers: &Layers<'t>) -> Vec<Binding> {
        let bindings = layers.all("bindings").filter_map(|node| self.reading.follow(node));
        bindings.flat_map(|node| self.bindings_of(node, &[])).collect()
    }

    fn bindings_of(&self, bindings: NodeRef<'t>, without: &[&str]) -> Vec<Binding> {
        bindings
            .entries()
            .filter(|(key, _)| !without.contains(&key.text) && !key.text.starts_with("x-"))
            .filter_map(|(key, node)| {
                let value = value::to_json(self.reading.follow(node)?);
                Some(Binding { protocol: key.text.to_owned(), value })
            })
            .collect()
    }

    pub(crate) fn tags(&self, list: Option<NodeRef<'t>>) -> Vec<Tag> {
        let items = list.into_iter().flat_map(NodeRef::items);
        items
            .filter_map(|node| {
                let node = self.reading.follow(node)?;
                Some(Tag { name: text(node, "name")?, description: text(node, "description") })
            })
            .collect()
    }

    pub(crate) fn external_docs(&self, node: Option<NodeRef<'t>>) -> Option<ExternalDocs> {
        let node = self.reading.follow(node?)?;
        Some(ExternalDocs { url: text(node, "url")?, description: text(node, "description") })
    }

    pub(crate) fn info(&self, root: NodeRef<'t>) -> Info {
        let Some(node) = self.reading.get(root, "info") else { return Info::default() };
        let named = |key| self.reading.get(node, key);
        let contact = named("contact");
        Info {
            title: text(node, "title").unwrap_or_default(),
            version: text(node, "version").unwrap_or_default(),
            description: text(node, "description"),
            terms_of_service: text(node, "termsOfService"),
            license: named("license").and_then(|license| text(license, "name")),
            contact: contact.and_then(|contact| {
                ["name", "url", "email"].into_iter().find_map(|key| text(contact, key))
            }),
            tags: self.tags(node.get("tags").or(root.get("tags"))),
            external_docs: self
                .external_docs(node.get("externalDocs").or(root.get("externalDocs"))),
            extensions: extensions(node, &[]),
        }
    }
}

/// An object and its traits: a key is looked up in one after the other.
///
/// In 3.x the object's own keys win over its traits, in 2.x the traits win, the last one first. Objects
/// that stand under one key in several layers are not merged key by key, except bindings and
/// headers, which are taken from all layers.
pub(crate) struct Layers<'t>(Vec<NodeRef<'t>>);

impl<'t> Layers<'t> {
    /// The object with its traits in 3.x.
    pub(crate) fn own_first(reading: &Reading<'t>, node: NodeRef<'t>) -> Self {
        let mut layers = vec![node];
        layers.extend(traits(reading, node).rev());
        Self(layers)
    }

    /// The object with its traits in 2.x.
    pub(crate) fn traits_first(reading: &Reading<'t>, node: NodeRef<'t>) -> Self {
        let mut layers: Vec<_> = traits(reading, node).rev().collect();
        layers.push(node);
        Self(layers)
    }

    /// The value of a key in the first layer that has it.
    pub(crate) fn get(&self, key: &str) -> Option<NodeRef<'t>> {
        self.all(key).next()
    }

    /// The values of a key in all layers that have it.
    pub(crate) fn all<'s>(&'s self, key: &'s str) -> impl Iterator<Item = NodeRef<'t>> + 's {
        self.0.iter().filter_map(move |layer| layer.get(key))
    }

    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.get(key)?.as_str().map(str::to_owned)
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(NodeRef::as_bool).unwrap_or_default()
    }

    /// Extensions of all layers but the named ones; of two with one name the first counts.
    pub(crate) fn extensions(&self, without: &[&str]) -> Extensions {
        let mut all: Extensions = Vec::new();
        for layer in &self.0 {
            for (name, value) in extensions(*layer, without) {
                if all.iter().all(|known| known.0 != name) {
                    all.push((name, value));
                }
            }
        }
        all
    }
}

fn traits<'t>(
    reading: &Reading<'t>,
    node: NodeRef<'t>,
) -> impl DoubleEndedIterator<Item = NodeRef<'t>> {
    let list = node.get("traits").into_iter().flat_map(NodeRef::items);
    let traits: Vec<NodeRef<'t>> = list
        .filter_map(|item| {
            // 3.x allows `[trait, parameters]`; only the trait means something.
            let first = if item.kind() == Kind::List { item.items().next()? } else { item };
            reading.follow(first)
        })
        .collect();
    traits.into_iter()
}

/// The text under a key.
pub(crate) fn text(node: NodeRef<'_>, key: &str) -> Option<String> {
    node.get(key)?.as_str().map(str::to_owned)
}

/// The texts in the list under a key; numbers as they are written.
pub(crate) fn texts(node: NodeRef<'_>, key: &str) -> Vec<String> {
    let items = node.get(key).into_iter().flat_map(NodeRef::items);
    items.filter_map(|item| item.as_str().or(item.as_number())).map(str::to_owned).collect()
}

/// The texts in the list under a key, as they stand in the document.
pub(crate) fn words<'t>(node: NodeRef<'t>, key: &str) -> Vec<&'t str> {
    let items = node.get(key).into_iter().flat_map(NodeRef::items);
    items.filter_map(NodeRef::as_str).collect()
}

/// Extensions of an object but the named ones.
pub(crate) fn extensions(node: NodeRef<'_>, without: &[&str]) -> Extensions {
    node.entries()
        .filter(|(key, _)| key.text.starts_with("x-") && !without.contains(&key.text))
        .map(|(key, value)| (key.text.to_owned(), value::to_json(value)))
        .collect()
}

/// `examples` of a message. In 2.0 an example may be the payload itself.
pub(crate) fn examples<'t>(reading: &Reading<'t>, list: Option<NodeRef<'t>>) -> Vec<Example> {
    let items = list.into_iter().flat_map(NodeRef::items);
    items
        .filter_map(|item| {
            let node = reading.follow(item)?;
            let part = |key| {
                let value = reading.follow(node.get(key)?)?;
                Some((value::to_json(value), value.span()))
            };
            Some(Example {
                name: text(node, "name"),
                summary: text(node, "summary"),
                payload: part("payload"),
                headers: part("headers"),
            })
        })
        .collect()
}

/// A runtime expression that points into the payload, split into its segments:
/// `$message.payload#/a/b` → `a`, `b`.
pub(crate) fn payload_location(expression: &str) -> Option<Vec<String>> {
    let pointer = expression.trim().strip_prefix("$message.payload#")?;
    if pointer.is_empty() || pointer == "/" {
        return Some(Vec::new());
    }
    let segments = pointer.strip_prefix('/')?.split('/');
    Some(segments.map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect())
}

/// Where a message's correlation id is.
pub(crate) fn correlation<'t>(
    reading: &Reading<'t>,
    node: Option<NodeRef<'t>>,
) -> Option<Vec<String>> {
    let node = reading.follow(node?)?;
    payload_location(node.get("location")?.as_str()?)
}

/// Whether a correlation id that breaks its schema counts as absent.
pub(crate) fn lenient_correlation<'t>(reading: &Reading<'t>, node: Option<NodeRef<'t>>) -> bool {
    let node = node.and_then(|node| reading.follow(node));
    node.and_then(|node| node.get("x-invalid")).and_then(NodeRef::as_str) == Some("ignore")
}

/// A value of an extension with its place.
pub(crate) fn written_value(node: Option<NodeRef<'_>>) -> Option<Written> {
    node.map(|node| Written { value: value::to_json(node), span: node.span() })
}
