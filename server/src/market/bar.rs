//! What the market talks about: bars, resolutions and the topics they are published on.

use std::fmt;
use std::str::FromStr;

/// Prices of one interval, and how much was traded in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Start of the interval in milliseconds since the Unix epoch.
    pub time: i64,
    /// First price: the close of the interval before.
    pub open: f64,
    /// Highest price so far.
    pub high: f64,
    /// Lowest price so far.
    pub low: f64,
    /// Last price so far.
    pub close: f64,
    /// How many units were traded so far.
    pub volume: i64,
}

/// The length of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// One minute, `1`.
    Minutes1,
    /// Five minutes, `5`.
    Minutes5,
    /// A quarter of an hour, `15`.
    Minutes15,
    /// Half an hour, `30`.
    Minutes30,
    /// An hour, `60`.
    Minutes60,
    /// A day in UTC, `D`.
    Day,
    /// A week from Monday in UTC, `W`.
    Week,
    /// A calendar month in UTC, `M`.
    Month,
}

impl Resolution {
    /// All of them, the shortest first.
    pub const ALL: [Resolution; 8] = [
        Resolution::Minutes1,
        Resolution::Minutes5,
        Resolution::Minutes15,
        Resolution::Minutes30,
        Resolution::Minutes60,
        Resolution::Day,
        Resolution::Week,
        Resolution::Month,
    ];

    /// As it is written on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Resolution::Minutes1 => "1",
            Resolution::Minutes5 => "5",
            Resolution::Minutes15 => "15",
            Resolution::Minutes30 => "30",
            Resolution::Minutes60 => "60",
            Resolution::Day => "D",
            Resolution::Week => "W",
            Resolution::Month => "M",
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Resolution {
    type Err = UnknownResolution;

    fn from_str(text: &str) -> Result<Resolution, UnknownResolution> {
        let known = Resolution::ALL.into_iter().find(|resolution| resolution.as_str() == text);
        known.ok_or_else(|| UnknownResolution(text.to_owned()))
    }
}

/// Not the name of a [`Resolution`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownResolution(pub String);

impl fmt::Display for UnknownResolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Resolution::ALL.map(Resolution::as_str).join(", ");
        write!(f, "`{}` is not a resolution; there are {known}", self.0)
    }
}

impl std::error::Error for UnknownResolution {}

/// The topic of one symbol's bars in one resolution; printed as on the wire, `bars:AAPL:1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BarsTopic {
    /// The symbol's ticker, for example `AAPL`.
    pub symbol: String,
    /// The length of the bars.
    pub resolution: Resolution,
}

impl fmt::Display for BarsTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bars:{}:{}", self.symbol, self.resolution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_is_read_as_it_is_written() {
        for resolution in Resolution::ALL {
            assert_eq!(resolution.to_string().parse(), Ok(resolution));
        }
        assert_eq!(
            "7".parse::<Resolution>().unwrap_err().to_string(),
            "`7` is not a resolution; there are 1, 5, 15, 30, 60, D, W, M"
        );
        assert!("d".parse::<Resolution>().is_err());
    }

    #[test]
    fn a_topic_is_printed_as_on_the_wire() {
        let topic = BarsTopic { symbol: "BINANCE:BTC".to_owned(), resolution: Resolution::Week };
        assert_eq!(topic.to_string(), "bars:BINANCE:BTC:W");
    }
}
