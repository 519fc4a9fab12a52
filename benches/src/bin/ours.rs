//! Our runtime as an application uses it, with queues, limits, metrics and closes on.
//! `ours PORT RATE TOPICS`; `SHARDS` as environment variable.

use asyncapi_ws::{
    close::Closes,
    codec::{Codec, EncodeError},
    deflate::DeflateOptions,
    endpoint::Endpoint,
    hub::{Hub, HubOptions},
    serve::serve,
    service::{
        ChannelInfo, Dispatched, Inbound, OperationInfo, Outgoing, Rejection, Service, Subprotocol,
        Work,
    },
    session::SessionHandle,
};
use std::{io::Write, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// How long sessions are closed for when the process is asked to stop.
const DRAIN: Duration = Duration::from_secs(2);

struct Bars;

static CHANNEL: ChannelInfo = ChannelInfo::new("trading", "/api/v1/ws")
    .with_subprotocols(&[Subprotocol::new("trading.v1", Codec::Json, Closes::Declared)]);
static SUBSCRIBE: OperationInfo = OperationInfo::new("bars.subscribe");

#[derive(serde::Deserialize)]
struct Message<'a> {
    r#type: &'a str,
    #[serde(borrow)]
    payload: Payload<'a>,
}

#[derive(serde::Deserialize)]
struct Payload<'a> {
    symbol: &'a str,
}

impl Service for Bars {
    fn channel(&self) -> &'static ChannelInfo {
        &CHANNEL
    }

    fn receive(
        &self,
        session: &SessionHandle,
        message: Inbound<'_>,
    ) -> Result<Dispatched, Rejection> {
        let message: Message<'_> = serde_json::from_slice(message.as_bytes())
            .map_err(|error| Rejection::Undecodable { detail: error.to_string() })?;
        let symbol = message.payload.symbol;
        let topic = format!("bars:{symbol}:1");
        let (verb, preposition) = if message.r#type == "bars.subscribe" {
            session
                .subscribe(&topic)
                .map_err(|error| Rejection::Undecodable { detail: error.to_string() })?;
            ("Subscribed", "to")
        } else {
            session.unsubscribe(&topic);
            ("Unsubscribed", "from")
        };
        let kind = message.r#type;
        let reply = |_: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
            let _ = write!(
                out,
                r#"{{"type":"{kind}.response","payload":{{"status":"ok","symbol":"{symbol}","message":"{verb} {preposition} {symbol}","topic":"{topic}"}}}}"#
            );
            Ok(())
        };
        let reply = Outgoing::encode(session.codec(), &reply).ok();
        Ok(Dispatched { operation: &SUBSCRIBE, work: Work::Done(reply) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let (port, rate, topics) = benches::arguments();
    // A push of the benchmark would be too short to be worth it.
    let deflate = DeflateOptions { min_bytes: 64, ..DeflateOptions::default() };
    let mut options = HubOptions { deflate, ..HubOptions::default() };
    if let Some(shards) = std::env::var("SHARDS").ok().and_then(|shards| shards.parse().ok()) {
        options.shards = shards;
    }
    let hub = Hub::with(options);
    if rate > 0.0 {
        let hub = hub.clone();
        let topics: Vec<String> = (0..topics).map(benches::topic).collect();
        std::thread::spawn(move || {
            let mut turn = 0;
            benches::at_rate(rate, |due| {
                for due in due {
                    let topic = &topics[turn % topics.len()];
                    turn += 1;
                    let message = |_: Codec, out: &mut Vec<u8>| -> Result<(), EncodeError> {
                        benches::push(topic, *due, out);
                        Ok(())
                    };
                    if let Err(error) = hub.publish(topic, &message) {
                        eprintln!("{error}");
                    }
                }
            })
        });
    }
    let router = Endpoint::new(Bars).hub(&hub).into_router();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let mut asked = signal(SignalKind::terminate())?;
    let asked = async move {
        asked.recv().await;
    };
    serve(listener, router, &hub, asked, DRAIN).await
}
