//! Where market data comes from.
//!
//! [`Datafeed`] is what the service asks of any source; [`SimulatedFeed`] is the one that needs
//! nothing but the binary. Knows no sockets, no hub and no subscribers.

pub mod clock;
pub mod datafeed;
pub mod interval;
pub mod simulated;

pub use clock::{SystemClock, WallClock};
pub use datafeed::{Datafeed, FeedError};
pub use simulated::SimulatedFeed;
