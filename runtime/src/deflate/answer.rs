//! What a client offers, and the server's answer to it (RFC 7692 §7.1).

use super::WindowBits;
use super::parameters::{ClientWindow, Parameters};

/// What a client offers: every message starts afresh in both directions, and the server may ask for a
/// smaller window than the client's own.
pub(crate) const OFFER: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits";

/// What a client does from now on. It inflates whatever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Granted {
    /// The largest window that its compressed messages may need; `None` where that is the one of 256 bytes,
    /// which zlib cannot produce: then what it sends stays as it is, which a sender may always do (§6.1).
    pub(crate) window: Option<WindowBits>,
}

/// Reads the answer to [`OFFER`]; `None` for one that is not within it, and fails the connection (§5.1).
pub(crate) fn read_answer(extension: &str) -> Option<Granted> {
    let parameters = Parameters::read(extension)?;
    // A smaller window than was asked for is the server's own affair (§7.1.2.1).
    let window = match parameters.client_max_window {
        Some(ClientWindow::AtMost(bits)) => WindowBits::new(bits),
        Some(ClientWindow::Limitable) => return None,
        None => Some(WindowBits::MAX),
    };
    // Without it what comes would lean on what came before (§7.1.1.1).
    parameters.server_no_context_takeover.then_some(Granted { window })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_of_the_answer_holds_and_one_that_cannot_be_made_is_none() {
        for (parameters, window) in [
            ("", Some(15)),
            ("; client_no_context_takeover", Some(15)),
            ("; client_max_window_bits=15", Some(15)),
            ("; client_max_window_bits=9; server_max_window_bits=8", Some(9)),
            ("; client_max_window_bits = \"10\"", Some(10)),
            ("; client_max_window_bits=8", None),
        ] {
            let answer = format!("Permessage-Deflate; server_no_context_takeover{parameters}");
            let granted = read_answer(&answer).unwrap();
            assert_eq!(granted.window.map(WindowBits::get), window, "{answer}");
        }
    }

    #[test]
    fn what_is_not_within_the_offer_is_no_answer() {
        for answer in [
            "",
            "permessage-deflate",
            "permessage-bzip2; server_no_context_takeover",
            "permessage-deflate; client_no_context_takeover",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_max_window_bits",
            "permessage-deflate; server_no_context_takeover; client_max_window_bits=7",
            "permessage-deflate; server_no_context_takeover; client_max_window_bits=16",
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=09",
            "permessage-deflate; server_no_context_takeover; foo",
        ] {
            assert_eq!(read_answer(answer), None, "{answer}");
        }
    }
}
