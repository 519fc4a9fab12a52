//! The `Sec-WebSocket-Extensions` header of a handshake (RFC 7692 §7.1).

use std::fmt;

use super::parameters::Parameters;

/// Size of the window of a compressor as a power of two: 9 to 15, that is 512 bytes to 32 KiB.
///
/// The protocol also knows 8; zlib's raw deflate cannot produce it, so an offer that insists on
/// it is declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowBits(u8);

impl WindowBits {
    /// 32 KiB, the default of the protocol.
    pub const MAX: Self = Self(15);

    /// `bits` from 9 to 15, else `None`.
    pub const fn new(bits: u8) -> Option<Self> {
        if bits >= 9 && bits <= 15 { Some(Self(bits)) } else { None }
    }

    /// The exponent.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// What both ends do from now on. Its `Display` is the value of the response's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The largest window that the server's compressed messages may need.
    pub server_window: WindowBits,
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permessage-deflate; server_no_context_takeover; client_no_context_takeover")?;
        if self.server_window != WindowBits::MAX {
            write!(f, "; server_max_window_bits={}", self.server_window.get())?;
        }
        Ok(())
    }
}

/// Accepts the first offer in the values of `Sec-WebSocket-Extensions` that can be met (§5.1);
/// `None` means that the connection stays uncompressed. `largest` bounds the server's window.
pub fn negotiate<'h>(
    headers: impl IntoIterator<Item = &'h str>,
    largest: WindowBits,
) -> Option<Agreement> {
    headers
        .into_iter()
        .flat_map(|header| header.split(','))
        .find_map(|offer| accept(offer, largest))
}

/// An offer with an unknown, repeated or ill-valued parameter is declined (§7.1).
fn accept(offer: &str, largest: WindowBits) -> Option<Agreement> {
    let server_window = match Parameters::read(offer)?.server_max_window {
        Some(bits) => WindowBits::new(bits)?.min(largest),
        None => largest,
    };
    Some(Agreement { server_window })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(offer: &str) -> Option<String> {
        negotiate([offer], WindowBits::MAX).map(|agreement| agreement.to_string())
    }

    const PLAIN: &str =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    #[test]
    fn no_context_is_taken_over_whether_or_not_the_client_asks() {
        for offer in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits",
            "Permessage-Deflate ; server_no_context_takeover",
            "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits=9",
        ] {
            assert_eq!(answer(offer).as_deref(), Some(PLAIN), "{offer}");
        }
    }

    #[test]
    fn a_smaller_server_window_is_promised_back() {
        let expected = format!("{PLAIN}; server_max_window_bits=10");
        assert_eq!(
            answer("permessage-deflate; server_max_window_bits=\"10\""),
            Some(expected.clone())
        );
        assert_eq!(
            answer(
                "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10"
            ),
            Some(expected),
            "the offer that cannot be met is passed over"
        );
    }

    #[test]
    fn offers_that_break_the_grammar_are_declined() {
        for offer in [
            "",
            "permessage-bzip2",
            "permessage-deflate; foo",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=09",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
        ] {
            assert_eq!(answer(offer), None, "{offer}");
        }
    }
}
