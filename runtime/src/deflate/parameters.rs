//! The parameters of permessage-deflate in a `Sec-WebSocket-Extensions` header, as offers and answers have
//! them (RFC 7692 §7.1).

/// What one offer, or one answer, says.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    /// In bits, 8 to 15.
    pub(super) server_max_window: Option<u8>,
    pub(super) client_max_window: Option<ClientWindow>,
}

/// What is said about the window of the client's compressor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientWindow {
    /// It may be limited: only an offer says so.
    Limitable,
    /// In bits, 8 to 15.
    AtMost(u8),
}

impl Parameters {
    /// Reads the extension with its parameters; `None` for another one, and if a parameter is unknown,
    /// repeated or ill-valued.
    pub(super) fn read(extension: &str) -> Option<Self> {
        let mut parts = extension.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case("permessage-deflate") {
            return None;
        }
        let mut all = Self::default();
        for parameter in parts {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => {
                    (name.trim_end(), Some(value.trim_start().trim_matches('"')))
                }
                None => (parameter, None),
            };
            let is_repeated = match (name, value) {
                ("server_no_context_takeover", None) => {
                    std::mem::replace(&mut all.server_no_context_takeover, true)
                }
                ("client_no_context_takeover", None) => {
                    std::mem::replace(&mut all.client_no_context_takeover, true)
                }
                ("server_max_window_bits", Some(value)) => {
                    all.server_max_window.replace(window(value)?).is_some()
                }
                ("client_max_window_bits", None) => {
                    all.client_max_window.replace(ClientWindow::Limitable).is_some()
                }
                ("client_max_window_bits", Some(value)) => {
                    let window = ClientWindow::AtMost(window(value)?);
                    all.client_max_window.replace(window).is_some()
                }
                _ => return None,
            };
            if is_repeated {
                return None;
            }
        }
        Some(all)
    }
}

/// 8 to 15 without leading zeros (§7.1.2).
fn window(value: &str) -> Option<u8> {
    matches!(value, "8" | "9" | "10" | "11" | "12" | "13" | "14" | "15")
        .then(|| value.parse().ok())
        .flatten()
}
