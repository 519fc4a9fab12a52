//! Bindings: what an object says to one protocol. One file for each protocol that has fields
//! (<https://github.com/asyncapi/bindings>).
//!
//! A binding says in `bindingVersion` which edition of its table it follows; without it the newest is
//! meant. In 3.x the specification's JSON Schemas demand the editions listed there; in 2.x they let
//! anything stand, so there an edition that fits is looked for, and one that is not known is no error.

mod amqp;
mod anypointmq;
mod googlepubsub;
mod http;
mod ibmmq;
mod jms;
mod kafka;
mod mqtt;
mod nats;
mod policy;
mod pulsar;
mod ros2;
mod sns;
mod solace;
mod sqs;
mod ws;

use super::table::{Field, Holder, Object, Value, field};
use crate::document::Version;

/// A protocol that has bindings.
pub(crate) struct Protocol {
    /// The key under `bindings`.
    pub(crate) name: &'static str,
    /// The first version of the specification that names it.
    pub(crate) since: Version,
    /// The tables of each holder, the newest first; none where anything may stand.
    pub(crate) server: &'static [Edition],
    pub(crate) channel: &'static [Edition],
    pub(crate) operation: &'static [Edition],
    pub(crate) message: &'static [Edition],
}

/// A version of a protocol's table.
pub(crate) struct Edition {
    /// `bindingVersion`
    pub(crate) version: &'static str,
    /// The fields.
    pub(crate) object: &'static Object,
    /// Whether AsyncAPI 3.x lets it stand.
    pub(crate) in_3: bool,
}

impl Protocol {
    /// The tables for what has the binding.
    pub(crate) fn editions(&self, holder: Holder) -> &'static [Edition] {
        match holder {
            Holder::Server => self.server,
            Holder::Channel => self.channel,
            Holder::Operation => self.operation,
            Holder::Message => self.message,
        }
    }
}

/// An edition of 3.x and of 2.x.
const fn edition(version: &'static str, object: &'static Object) -> Edition {
    Edition { version, object, in_3: true }
}

/// An edition that 3.x does not have.
const fn old(version: &'static str, object: &'static Object) -> Edition {
    Edition { version, object, in_3: false }
}

/// A protocol without fields of its own: nothing is checked.
const fn open(name: &'static str) -> Protocol {
    Protocol { name, since: Version::V2_0, server: &[], channel: &[], operation: &[], message: &[] }
}

/// `bindingVersion`, which every binding has.
const BINDING_VERSION: Field = field("bindingVersion", Value::Text);

/// Every protocol that the specification names, in the order of its text.
pub(crate) static PROTOCOLS: [&Protocol; 20] = [
    &http::HTTP,
    &ws::WS,
    &kafka::KAFKA,
    &anypointmq::ANYPOINTMQ,
    &amqp::AMQP,
    &AMQP1,
    &mqtt::MQTT,
    &MQTT5,
    &nats::NATS,
    &jms::JMS,
    &sns::SNS,
    &solace::SOLACE,
    &sqs::SQS,
    &STOMP,
    &REDIS,
    &MERCURE,
    &ibmmq::IBMMQ,
    &googlepubsub::GOOGLEPUBSUB,
    &pulsar::PULSAR,
    &ros2::ROS2,
];

static AMQP1: Protocol = open("amqp1");
static MQTT5: Protocol = open("mqtt5");
static STOMP: Protocol = open("stomp");
static REDIS: Protocol = open("redis");
static MERCURE: Protocol = open("mercure");
