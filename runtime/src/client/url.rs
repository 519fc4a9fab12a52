//! Where a handshake goes: the URL of a channel's endpoint, taken apart.

use super::{ClientError, Options, TokenPlace};

/// The endpoint of a channel on one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) is_secure: bool,
    /// As it stands in the `Host` header, with the port if that is not the scheme's own.
    pub(crate) authority: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Path and query, without a token.
    path: String,
    token: Option<TokenPlace>,
}

impl Target {
    /// The endpoint that the options mean: `address` is used where their URL has no path.
    pub(crate) fn new(
        options: &Options,
        address: &str,
        token: Option<TokenPlace>,
    ) -> Result<Self, ClientError> {
        let url = options.url.as_str();
        let bad = |why: &str| ClientError::Unsupported(format!("`{url}` {why}"));
        let (scheme, rest) =
            url.split_once("://").ok_or_else(|| bad("is no ws, wss, http or https URL"))?;
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "ws" | "http" => false,
            "wss" | "https" => true,
            _ => return Err(bad("is no ws, wss, http or https URL")),
        };
        if is_secure && !cfg!(feature = "tls") {
            return Err(bad("needs the feature `tls` of asyncapi-ws"));
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, search) = match rest.split_once('?') {
            Some((rest, search)) => (rest, Some(search)),
            None => (rest, None),
        };
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(bad("has a user in it: give a token instead"));
        }
        let (host, port) = split_port(authority).ok_or_else(|| bad("has no host and port"))?;
        let template = if matches!(path, "" | "/") { address } else { path };
        let mut path = fill(template, options)?;
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let pairs = options.query.iter().map(|(name, value)| pair(name, value));
        let query: Vec<String> = search
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .into_iter()
            .chain(pairs)
            .collect();
        if !query.is_empty() {
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(&query.join("&"));
        }
        let is_line = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_line(&path) || !is_line(authority) {
            return Err(bad("holds what no URL does; percent-encode it"));
        }
        let port = port.unwrap_or(if is_secure { 443 } else { 80 });
        let (authority, host) = (authority.to_owned(), host.to_owned());
        Ok(Self { is_secure, authority, host, port, path, token })
    }

    /// The request's target with a token, where it travels in the query.
    pub(crate) fn path(&self, token: Option<&str>) -> String {
        match (token, self.token) {
            (Some(token), Some(TokenPlace::Query(name))) => {
                let separator = if self.path.contains('?') { '&' } else { '?' };
                format!("{}{separator}{}", self.path, pair(name, token))
            }
            _ => self.path.clone(),
        }
    }

    /// The header that carries a token: a bearer's, unless the contract says otherwise.
    pub(crate) fn header(&self, token: Option<&str>) -> Option<(&'static str, String)> {
        match (token?, self.token) {
            (_, Some(TokenPlace::Query(_))) => None,
            (token, Some(TokenPlace::Header(name))) => Some((name, token.to_owned())),
            (token, Some(TokenPlace::Bearer) | None) => {
                Some(("authorization", format!("Bearer {token}")))
            }
        }
    }
}

/// `example.com:80`, `[::1]`.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            match rest.strip_prefix(':') {
                Some(port) => (host, Some(port)),
                None if rest.is_empty() => (host, None),
                None => return None,
            }
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if host.is_empty() {
        return None;
    }
    match port.filter(|port| !port.is_empty()) {
        Some(port) => Some((host, Some(port.parse().ok()?))),
        None => Some((host, None)),
    }
}

/// An address with its parameters filled in.
fn fill(template: &str, options: &Options) -> Result<String, ClientError> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let value = options.parameters.iter().find(|parameter| parameter.0 == name);
        let Some((_, value)) = value else {
            return Err(ClientError::Invalid {
                what: format!("the address {template}"),
                detail: format!("it needs the parameter `{name}`"),
            });
        };
        filled.push_str(before);
        filled.push_str(&encoded(value));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

/// Percent-encoded, but for what RFC 3986 §2.3 leaves as it is.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(options: &Options) -> Result<Target, ClientError> {
        Target::new(options, "/rooms/{room}", None)
    }

    fn with_room(url: &str) -> Options {
        let mut options = Options::new(url);
        options.parameters.push(("room".to_owned(), "a/b c".to_owned()));
        options
    }

    #[test]
    fn the_address_is_added_where_the_url_has_no_path_and_its_parameters_are_filled_in() {
        for (url, authority, port, path) in [
            ("ws://localhost:8000", "localhost:8000", 8000, "/rooms/a%2Fb%20c"),
            ("http://[::1]/?v=1", "[::1]", 80, "/rooms/a%2Fb%20c?v=1"),
            ("WS://host/own/{room}?x#y", "host", 80, "/own/a%2Fb%20c?x"),
        ] {
            let target = target(&with_room(url)).unwrap();
            assert_eq!((&*target.authority, target.port), (authority, port), "{url}");
            assert_eq!(target.path(None), path);
        }
    }

    #[test]
    fn query_and_token_are_encoded() {
        let mut options = Options::new("ws://host/ws");
        options.query.push(("q".to_owned(), "a&b".to_owned()));
        let target = Target::new(&options, "", Some(TokenPlace::Query("token"))).unwrap();
        assert_eq!(target.path(Some("ü=")), "/ws?q=a%26b&token=%C3%BC%3D");
        assert_eq!(target.header(Some("t")), None);
        let target = Target::new(&options, "", None).unwrap();
        assert_eq!(target.header(Some("t")), Some(("authorization", "Bearer t".to_owned())));
    }

    #[test]
    fn what_is_no_url_says_so() {
        for url in [
            "",
            "localhost:8000",
            "ftp://host",
            "ws://",
            "ws://:80",
            "ws://host:99999",
            "ws://host/a b",
            "ws://user@host",
            "ws://[::1",
        ] {
            assert!(matches!(target(&with_room(url)), Err(ClientError::Unsupported(_))), "{url}");
        }
        let missing = target(&Options::new("ws://host")).unwrap_err();
        assert_eq!(missing.to_string(), "the address /rooms/{room}: it needs the parameter `room`");
    }
}
