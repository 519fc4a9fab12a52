//! What kind of thing a symbol is: its price level, tick size, volatility and turnover.
//!
//! A few well-known tickers get the figures that one expects of them, all others get plausible ones
//! from their name. Nothing here is a real price.

use super::dice::{Dice, Purpose};
use super::walk::Walk;

/// Minutes of a year that trades around the clock.
const MINUTES_PER_YEAR: f64 = 365.25 * 24.0 * 60.0;

/// A symbol of the simulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instrument {
    /// Its own chance.
    pub(super) dice: Dice,
    /// Where its price is at each full minute.
    pub(super) walk: Walk,
    /// The price that the walk wanders about, in tick sizes.
    pub(super) level: f64,
    /// The tick size is one over ten to this power: 2 is a cent.
    pub(super) decimals: u32,
    /// Standard deviation of one minute's change, as a part of the price.
    pub(super) deviation: f64,
    /// Average volume of a minute.
    pub(super) turnover: f64,
}

impl Instrument {
    pub(super) fn new(seed: u64, symbol: &str) -> Instrument {
        let dice = Dice::new(seed, symbol);
        let (price, volatility, turnover) = well_known(symbol).unwrap_or_else(|| made_up(dice));
        // A tick is about a ten-thousandth of the price, and at most a cent.
        let decimals = if price < 1.0 {
            5
        } else if price < 10.0 {
            4
        } else {
            2
        };
        let deviation = volatility / MINUTES_PER_YEAR.sqrt();
        Instrument {
            dice,
            walk: Walk::new(dice, deviation),
            level: price * f64::from(10_u32.pow(decimals)),
            decimals,
            deviation,
            turnover,
        }
    }

    /// A price of so many tick sizes, as the nearest number to its decimal text.
    pub(super) fn price(&self, ticks: i64) -> f64 {
        ticks as f64 / f64::from(10_u32.pow(self.decimals))
    }
}

/// Price, volatility of a year, average volume of a minute.
fn well_known(symbol: &str) -> Option<(f64, f64, f64)> {
    let figures = match symbol {
        "AAPL" => (190.0, 0.28, 40_000.0),
        "AMZN" => (180.0, 0.33, 30_000.0),
        "GOOGL" => (150.0, 0.30, 25_000.0),
        "META" => (480.0, 0.38, 15_000.0),
        "MSFT" => (400.0, 0.25, 18_000.0),
        "NVDA" => (120.0, 0.50, 180_000.0),
        "TSLA" => (240.0, 0.58, 80_000.0),
        _ => return None,
    };
    Some(figures)
}

fn made_up(dice: Dice) -> (f64, f64, f64) {
    let throw = |detail| dice.throw(Purpose::Instrument, 0, detail).even();
    // Even in the exponent: as many between 5 and 50 as between 50 and 500.
    let price = 5.0 * 100_f64.powf(throw(0));
    (price, 0.15 + 0.45 * throw(1), 1_000.0 * 50_f64.powf(throw(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_has_no_more_decimals_than_its_tick() {
        let instrument = Instrument::new(0, "AAPL");
        for ticks in [1, 7, 19_012, 19_013, 99_999, 12_345_678] {
            let text = instrument.price(ticks).to_string();
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            assert!(decimals <= 2, "{text}");
        }
    }

    #[test]
    fn any_text_is_a_symbol_with_plausible_figures() {
        for symbol in ["X", "株", "BINANCE:BTC", " ", "\u{0}"] {
            let instrument = Instrument::new(3, symbol);
            let price = instrument.price(instrument.level as i64);
            assert!((4.9..501.0).contains(&price), "{symbol}: {price}");
            assert!((0.0001..0.001).contains(&instrument.deviation), "{symbol}");
            assert!((999.0..50_001.0).contains(&instrument.turnover), "{symbol}");
        }
    }
}
