//! Echo over the runtime's own frames, compression on.

use asyncapi_ws::{
    codec::Codec,
    endpoint::Endpoint,
    hub::{Hub, HubOptions},
    limits::Limits,
    serve::serve,
    service::{
        ChannelInfo, Dispatched, Inbound, OperationInfo, Outgoing, Rejection, Service, Work,
    },
    session::SessionHandle,
};
use std::time::Duration;

struct Echo;

static CHANNEL: ChannelInfo = ChannelInfo::new("echo", "/").with_codec(Codec::Raw);
static MESSAGE: OperationInfo = OperationInfo::new("message");

impl Service for Echo {
    fn channel(&self) -> &'static ChannelInfo {
        &CHANNEL
    }

    fn receive(&self, _: &SessionHandle, message: Inbound<'_>) -> Result<Dispatched, Rejection> {
        let reply = match message {
            Inbound::Text(text) => Outgoing::text(text),
            Inbound::Binary(bytes) => Outgoing::binary(bytes),
        };
        Ok(Dispatched { operation: &MESSAGE, work: Work::Done(Some(reply)) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(9001);
    let hub = Hub::with(HubOptions { limits: Limits::large_messages(), ..HubOptions::default() });
    let echo = Endpoint::new(Echo).hub(&hub).heartbeat(None).into_method_router();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let router = axum::Router::new().fallback_service(echo);
    serve(listener, router, &hub, std::future::pending(), Duration::ZERO).await
}
