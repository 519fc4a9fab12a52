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

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::diagnose::{contract, contract_as, diagnose};
    use crate::model::Contract;

    fn shown(contract: &Contract) -> String {
        let line = |endpoint: &crate::model::Endpoint| {
            let keys: Vec<&str> =
                endpoint.channels.iter().map(|id| contract.channel(*id).key.as_str()).collect();
            let kind = if endpoint.is_websocket { "socket" } else { "no socket" };
            format!("{} {:?} {kind}: {}\n", endpoint.key, endpoint.address, keys.join(" "))
        };
        contract.endpoints.iter().map(line).collect()
    }

    #[test]
    fn channels_of_one_address_and_the_same_servers_share_a_socket() {
        assert_snapshot!(shown(&contract("
servers:
  one: { host: a.b, protocol: wss }
  two: { host: b.b, protocol: wss }
  bus: { host: c.b, protocol: kafka }
channels:
  ping: { address: / }
  pong: { address: / }
  here: { address: /, servers: [{ $ref: '#/servers/one' }] }
  both: { address: /, servers: [{ $ref: '#/servers/two' }, { $ref: '#/servers/one' }] }
  also: { address: /, servers: [{ $ref: '#/servers/one' }, { $ref: '#/servers/two' }] }
  other: { address: /other }
  unknown: { address: null }
  missing: {}
  bus: { address: ticks, servers: [{ $ref: '#/servers/bus' }] }
  bound: { address: ticks, servers: [{ $ref: '#/servers/bus' }], bindings: { ws: {} } }
")), @r#"
        ping Some("/") socket: ping pong
        here Some("/") socket: here
        both Some("/") socket: both also
        other Some("/other") socket: other
        unknown None socket: unknown
        missing None socket: missing
        bus Some("ticks") no socket: bus bound
        "#);
    }

    #[test]
    fn a_channel_of_2_is_an_address() {
        assert_snapshot!(shown(&contract_as("2.6.0", "
servers: { one: { url: mqtt://a.b, protocol: mqtt }, two: { url: ws://a.b, protocol: ws } }
channels:
  /: {}
  /ticks: { servers: [two] }
  ticks: { servers: [one] }
")), @r#"
        root Some("/") socket: /
        /ticks Some("/ticks") socket: /ticks
        ticks Some("ticks") no socket: ticks
        "#);
    }

    #[test]
    fn a_server_that_leads_nowhere_does_not_move_the_others() {
        assert_snapshot!(diagnose("
servers:
  lost: { $ref: '#/components/servers/none' }
  bus: { host: a.b, protocol: kafka }
channels:
  ticks: { address: ticks, servers: [{ $ref: '#/servers/bus' }] }
"), @r"
        error[reference/unresolved]: `#/components/servers/none` leads nowhere: there is no `components` in the document
         --> a.yaml:4:20
          |
        4 |   lost: { $ref: '#/components/servers/none' }
          |                    ^^^^^^^^^^ there are `asyncapi`, `info`, `servers` and `channels`
        ");
    }
}
