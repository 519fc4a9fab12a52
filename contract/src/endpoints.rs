//! Channels → endpoints: channels with one address on the same servers share a socket.

use crate::model::{Channel, ChannelId, Endpoint, EndpointId, Notices, Server};

/// Groups the channels, and tells each which endpoint carries it.
pub(crate) fn endpoints(channels: &mut [Channel], servers: &[Server]) -> Vec<Endpoint> {
    let mut endpoints: Vec<(Vec<usize>, Endpoint)> = Vec::new();
    for (at, channel) in channels.iter_mut().enumerate() {
        let mut of_channel = channel.servers.clone();
        of_channel.sort_unstable();
        let shared = endpoints.iter().position(|(servers, endpoint)| {
            endpoint.address.is_some()
                && endpoint.address == channel.address
                && *servers == of_channel
        });
        let id = shared.unwrap_or(endpoints.len());
        channel.endpoint = EndpointId(id);
        if shared.is_some() {
            endpoints[id].1.channels.push(ChannelId(at));
            continue;
        }
        let endpoint = Endpoint {
            key: key(channel),
            address: channel.address.clone(),
            channels: vec![ChannelId(at)],
            is_websocket: is_websocket(channel, servers),
            subprotocols: Vec::new(),
            close_codes: Vec::new(),
            notices: Notices::default(),
            batched: Vec::new(),
        };
        endpoints.push((of_channel, endpoint));
    }
    endpoints.into_iter().map(|(_, endpoint)| endpoint).collect()
}

/// A channel of 2.x is called by its address; `/` is the root.
fn key(channel: &Channel) -> String {
    match channel.key.as_str() {
        "" | "/" => "root".to_owned(),
        key => key.to_owned(),
    }
}

/// Whether a WebSocket server offers the channel; a document without servers is taken to be about
/// WebSocket.
fn is_websocket(channel: &Channel, servers: &[Server]) -> bool {
    if channel.ws.is_some() || servers.is_empty() {
        return true;
    }
    let mut of_channel: Vec<&Server> = channel.servers.iter().map(|at| &servers[*at]).collect();
    if of_channel.is_empty() {
        of_channel = servers.iter().collect();
    }
    of_channel.iter().any(|server| server.is_websocket())
}
