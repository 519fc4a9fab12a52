//! `x-subprotocols`: what a client may offer in `Sec-WebSocket-Protocol`, and what follows from it.

use super::{keys, one_of, required_text, wrong};
use crate::extension::INVALID;
use crate::model::{Codec, Subprotocol, WsBinding};
use crate::reading::Reading;
use crate::tree::{Kind, NodeRef};

pub(super) fn read<'t>(reading: &Reading<'t>, list: NodeRef<'t>) -> Vec<Subprotocol> {
    if list.kind() != Kind::List {
        wrong(reading, list, "`x-subprotocols`", "a list");
    }
    let mut subprotocols: Vec<Subprotocol> = Vec::new();
    for node in list.items() {
        let Some(subprotocol) = subprotocol(reading, node) else { continue };
        if subprotocols.iter().any(|known| known.name == subprotocol.name) {
            let message =
                format!("the subprotocol `{}` stands in the list twice", subprotocol.name);
            reading.find(&INVALID, node.span(), message);
        } else {
            subprotocols.push(subprotocol);
        }
    }
    subprotocols
}

fn subprotocol<'t>(reading: &Reading<'t>, node: NodeRef<'t>) -> Option<Subprotocol> {
    let what = "a subprotocol";
    if !keys(reading, node, what, &["name", "codec", "closes", "description"]) {
        return None;
    }
    let name = required_text(reading, node, what, "name")?;
    if name.is_empty() || !name.bytes().all(is_token) {
        let place = node.get("name").unwrap_or(node);
        let message = format!(
            "`{name}` cannot be a subprotocol: it travels in an HTTP header (RFC 6455 §4.1)"
        );
        reading.find(&INVALID, place.span(), message);
        return None;
    }
    let codec = node.get("codec");
    let codec = codec.and_then(|node| one_of(reading, node, "`codec`", &["json", "msgpack"]));
    let closes = node.get("closes");
    let closes = closes.and_then(|node| one_of(reading, node, "`closes`", &["declared", "plain"]));
    Some(Subprotocol {
        name,
        codec: if codec == Some("msgpack") { Codec::MessagePack } else { Codec::Json },
        declared_closes: closes != Some("plain"),
    })
}

/// The subprotocols that a WebSocket binding names: JSON, with the closes of a plain client.
pub(super) fn of_binding(ws: &WsBinding) -> Vec<Subprotocol> {
    let names =
        ws.subprotocols.iter().filter(|name| !name.is_empty() && name.bytes().all(is_token));
    names
        .map(|name| Subprotocol { name: name.clone(), codec: Codec::Json, declared_closes: false })
        .collect()
}

/// A character of a token (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
