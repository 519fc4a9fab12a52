//! The contract: one version-independent picture of an AsyncAPI document.
//!
//! Everything is seen from the described application (the server): it *receives* what a client sends
//! and *sends* what a client gets. Parts name each other by ids into the lists of [`Contract`]; schemas
//! and shapes are in [`crate::schema`].

mod channel;
mod endpoint;
mod info;
mod message;
mod operation;
mod security;
mod server;
mod topic;

pub use channel::{Binding, Channel, ChannelId, Parameter, WsBinding};
pub use endpoint::{
    Action, CloseCode, CodeTable, Codec, Endpoint, EndpointId, Notice, NoticeKind, Notices,
    Situation, Subprotocol,
};
pub use info::{ExternalDocs, Info, Tag};
pub use message::{Example, Message, MessageId};
pub use operation::{Direction, Operation, OperationId, Perspective, Refusal, Reply};
pub use security::{SecurityId, SecurityScheme};
pub use server::{Server, ServerVariable};
pub use topic::{
    Carried, Delivery, Interval, Overflow, ParameterSource, Template, TemplatePart, Topic, TopicId,
    TopicParameter, TopicUse, Written,
};

use json::Json;

use crate::answer::{Answers, payload_schema};
use crate::document::Version;
use crate::names::Names;
use crate::schema::{SchemaId, Schemas, ShapeId, Shapes};
use crate::wire::Wire;

/// A checked contract. Only [`load`](crate::load) makes one.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The version of AsyncAPI that the document is written in.
    pub version: Version,
    /// Whose operations the document describes.
    pub perspective: Perspective,
    /// Title, version, description of the API.
    pub info: Info,
    /// `id`
    pub id: Option<String>,
    /// `defaultContentType`
    pub default_content_type: Option<String>,
    /// Where the application can be reached.
    pub servers: Vec<Server>,
    /// The sockets: channels with one address are one.
    pub endpoints: Vec<Endpoint>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The operations.
    pub operations: Vec<Operation>,
    /// The messages, each once.
    pub messages: Vec<Message>,
    /// The topics of all channels.
    pub topics: Vec<Topic>,
    /// The security schemes.
    pub security: Vec<SecurityScheme>,
    /// Schemas that have a name of their own under `components`, or in the file that holds them.
    pub components: Vec<(String, SchemaId)>,
    /// Every schema.
    pub schemas: Schemas,
    /// The shape of every schema that needs a type.
    pub shapes: Shapes,
    /// How frames are told apart, and what of them is envelope.
    pub wire: Wire,
    /// Answers that the contract writes down.
    pub answers: Answers,
    /// The names of everything that generated code names.
    pub names: Names,
    /// Extensions of the root: `x-…`.
    pub extensions: Extensions,
}

/// Extensions of an object: `x-…`.
pub type Extensions = Vec<(String, Json<'static>)>;

macro_rules! by_id {
    ($($id:ident, $item:ident, $list:ident, $method:ident;)*) => {
        impl Contract {
            $(
                #[doc = concat!("The ", stringify!($method), " of this id.")]
                pub fn $method(&self, id: $id) -> &$item {
                    &self.$list[id.0]
                }
            )*
        }
        $(
            impl $id {
                /// The position in the contract's list.
                pub fn index(self) -> usize {
                    self.0
                }
            }
        )*
    };
}

by_id! {
    EndpointId, Endpoint, endpoints, endpoint;
    ChannelId, Channel, channels, channel;
    OperationId, Operation, operations, operation;
    MessageId, Message, messages, message;
    TopicId, Topic, topics, topic;
    SecurityId, SecurityScheme, security, security_scheme;
}

impl Contract {
    /// The ids of all endpoints.
    pub fn endpoint_ids(&self) -> impl Iterator<Item = EndpointId> + Clone + use<> {
        (0..self.endpoints.len()).map(EndpointId)
    }

    /// The ids of all operations.
    pub fn operation_ids(&self) -> impl Iterator<Item = OperationId> + Clone + use<> {
        (0..self.operations.len()).map(OperationId)
    }

    /// The ids of all messages.
    pub fn message_ids(&self) -> impl Iterator<Item = MessageId> + Clone + use<> {
        (0..self.messages.len()).map(MessageId)
    }

    /// The ids of all topic families.
    pub fn topic_ids(&self) -> impl Iterator<Item = TopicId> + Clone + use<> {
        (0..self.topics.len()).map(TopicId)
    }

    /// The topics that an operation subscribes to or unsubscribes from.
    pub fn topics_of_operation(
        &self,
        operation: OperationId,
    ) -> impl Iterator<Item = (TopicId, TopicUse)> {
        self.topic_ids().filter_map(move |id| Some((id, self.topic(id).used_by(operation)?)))
    }

    /// The shape of what a message is about: the payload in its envelope, or the whole frame.
    pub fn payload_shape(&self, message: MessageId) -> Option<ShapeId> {
        let whole = self.message(message).payload;
        self.shapes.of(payload_schema(&self.wire, message, whole)?)
    }

    /// Components that are no types of their own (a text, a list, another component), with the names
    /// that they would have.
    pub fn aliases(&self) -> impl Iterator<Item = (&str, ShapeId)> {
        self.names.aliases().iter().map(|(name, shape)| (name.as_str(), *shape))
    }

    /// The operations of an endpoint in one direction, in the order of the document.
    pub fn operations_of(
        &self,
        endpoint: EndpointId,
        direction: Direction,
    ) -> impl Iterator<Item = OperationId> {
        let channels = &self.endpoint(endpoint).channels;
        self.operations.iter().enumerate().filter_map(move |(at, operation)| {
            let here = channels.contains(&operation.channel) && operation.direction == direction;
            here.then_some(OperationId(at))
        })
    }

    /// The topics of an endpoint.
    pub fn topics_of(&self, endpoint: EndpointId) -> impl Iterator<Item = TopicId> {
        let channels = &self.endpoint(endpoint).channels;
        self.topics
            .iter()
            .enumerate()
            .filter_map(move |(at, topic)| channels.contains(&topic.channel).then_some(TopicId(at)))
    }
}
