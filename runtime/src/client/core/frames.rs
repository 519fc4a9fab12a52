//! From a frame to its messages, and to whoever they are for.

use super::{Core, Listener};
use crate::client::{ClientError, Notice};
use crate::codec::Codec;
use crate::json::Json;
use crate::typed::{DecodeError, Decoded, Frame, Message, parse_frame, receive, receive_tree};

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Incoming<'a> {
    /// From a text frame.
    Text(&'a str),
    /// From a binary frame.
    Binary(&'a [u8]),
}

impl<M: Message + Clone + Send + Sync + 'static> Core<M> {
    /// A message came on the connection at hand.
    pub(crate) fn frame(&mut self, incoming: Incoming<'_>) {
        self.heard();
        match (self.codec(), incoming) {
            (Codec::Json, Incoming::Text(text)) => self.text(text),
            #[cfg(feature = "msgpack")]
            (Codec::MessagePack, Incoming::Binary(bytes)) => {
                match rmp_serde::from_slice::<Json<'static>>(bytes) {
                    Ok(json) => self.tree(json),
                    Err(error) => self.report(ClientError::Undecodable(error.to_string())),
                }
            }
            (codec, incoming) => {
                let (kind, bytes) = match incoming {
                    Incoming::Text(text) => ("text", text.len()),
                    Incoming::Binary(bytes) => ("binary", bytes.len()),
                };
                let codec = codec.name();
                let why = format!("{kind} of {bytes} bytes is not of the codec {codec}");
                self.report(ClientError::Undecodable(why));
            }
        }
    }

    fn text(&mut self, text: &str) {
        let is_batch = self.contract.is_batched && text.trim_start().starts_with('[');
        if is_batch {
            match parse_frame(text) {
                Ok(json) => self.tree(json),
                Err(error) => self.report(ClientError::Undecodable(error.to_string())),
            }
            return;
        }
        let frame = Frame::Text(text);
        let decoded = match self.read_told(&frame) {
            Some(decoded) => Ok(decoded),
            None => receive(text),
        };
        self.decoded(decoded);
    }

    fn tree(&mut self, json: Json<'_>) {
        let items = match json {
            Json::Array(items) if self.contract.is_batched => items,
            single => vec![single],
        };
        for item in items {
            // Somebody may have ended the connection in the middle of a batch.
            if !self.link.is_open() {
                return;
            }
            let frame = Frame::Tree(item);
            let told = self.read_told(&frame);
            let decoded = match (told, frame) {
                (Some(decoded), _) => Ok(decoded),
                (None, Frame::Tree(json)) => receive_tree(json),
                (None, Frame::Text(text)) => receive(text),
            };
            self.decoded(decoded);
        }
    }

    /// Reads a reply that only its request tells: the request is found first, then the message.
    fn read_told(&self, frame: &Frame<'_>) -> Option<Decoded<M>> {
        for path in self.contract.reply_ids {
            let Some(id) = frame.tag(path).into_json() else { continue };
            let Some(tell) = self.tell_of(&id) else { continue };
            let decoded = tell(frame).or_else(|error| match frame {
                Frame::Text(text) => tell(&Frame::Tree(parse_frame(text)?)),
                Frame::Tree(_) => Err(error),
            });
            if let Ok(decoded) = decoded {
                return Some(decoded);
            }
        }
        None
    }

    fn decoded(&mut self, decoded: Result<Decoded<M>, DecodeError>) {
        let decoded = match decoded {
            Ok(decoded) => decoded,
            Err(DecodeError::Syntax(why)) => {
                return self.report(ClientError::Undecodable(why));
            }
            Err(error) => {
                let (what, detail) = ("a message".to_owned(), error.to_string());
                return self.report(ClientError::Invalid { what, detail });
            }
        };
        self.hand_to_listeners(&decoded);
        self.accept_unknown(&decoded);
        let Some(decoded) = self.accept(decoded) else { return };
        self.notice(&decoded);
        self.deliver(&decoded);
    }

    fn hand_to_listeners(&mut self, decoded: &Decoded<M>) {
        self.listeners.retain(|listener| match listener.upgrade() {
            Some(listener) => {
                Listener::push(&*listener, decoded);
                true
            }
            None => false,
        });
    }

    /// What the server says of subscriptions on its own account.
    fn notice(&mut self, decoded: &Decoded<M>) {
        let of = |notice: &Option<Notice<M>>| {
            let notice = notice.as_ref().filter(|notice| (notice.is)(&decoded.message))?;
            Some((notice.topic)(decoded))
        };
        let (dropped, revoked) = (of(&self.contract.dropped), of(&self.contract.revoked));
        if let Some(topic) = dropped {
            self.interrupt(topic.as_deref());
        }
        if let Some(topic) = revoked {
            self.revoke(topic.as_deref());
        }
    }
}
