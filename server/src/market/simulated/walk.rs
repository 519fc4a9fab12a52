//! Where a price is at each full minute: a random walk that can be entered anywhere.
//!
//! The logarithm of the price is a Brownian bridge between points two years apart, filled in by
//! halving (Lévy's construction): the value in the middle is the mean of the ends plus a normal throw.
//! So a minute in any year costs twenty throws, not a walk from the beginning, and all agree. The
//! points themselves scatter about the symbol's level, so a price never runs away.

use super::dice::{Dice, Purpose};

/// Minutes between two fixed points, about two years. A power of two, so that halving ends at one.
const ERA: i64 = 1 << 20;

/// The walk of one symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    dice: Dice,
    /// Variance of one minute's step.
    variance: f64,
}

impl Walk {
    /// A walk whose step of one minute has the standard deviation `deviation`.
    pub(super) fn new(dice: Dice, deviation: f64) -> Walk {
        Walk { dice, variance: deviation * deviation }
    }

    /// The logarithm of price over level at the beginning of `minute`, counted from the Unix epoch.
    pub(super) fn at(&self, minute: i64) -> f64 {
        let (era, place) = (minute.div_euclid(ERA), minute.rem_euclid(ERA));
        let (mut low, mut high) = (0, ERA);
        let (mut left, mut right) = (self.fixed_point(era), self.fixed_point(era + 1));
        while place != low {
            let middle = (low + high) / 2;
            // The middle of a bridge over a time T has the variance T/4.
            let deviation = (self.variance * (high - low) as f64 / 4.0).sqrt();
            let throw = self.dice.throw(Purpose::Walk, era, middle);
            let value = (left + right) / 2.0 + deviation * throw.normal();
            if place < middle {
                (high, right) = (middle, value);
            } else {
                (low, left) = (middle, value);
            }
        }
        left
    }

    /// Two independent ones differ by the variance of a whole era's steps.
    fn fixed_point(&self, era: i64) -> f64 {
        let deviation = (self.variance * ERA as f64 / 2.0).sqrt();
        deviation * self.dice.throw(Purpose::Walk, era, 0).normal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVIATION: f64 = 0.0004;

    fn walk() -> Walk {
        Walk::new(Dice::new(11, "AAPL"), DEVIATION)
    }

    /// The standard deviation of changes over `span` minutes, from far-apart places.
    fn deviation_of(span: i64) -> f64 {
        let changes: Vec<f64> = (0..4_000)
            .map(|sample| {
                let minute = sample * 104_729;
                walk().at(minute + span) - walk().at(minute)
            })
            .collect();
        (changes.iter().map(|change| change * change).sum::<f64>() / changes.len() as f64).sqrt()
    }

    #[test]
    fn changes_grow_with_the_root_of_time_as_a_random_walks_do() {
        for span in [1, 60, 1_440, 10_080] {
            let ratio = deviation_of(span) / (DEVIATION * (span as f64).sqrt());
            assert!((0.9..1.1).contains(&ratio), "{span} minutes: {ratio}");
        }
    }

    #[test]
    fn a_step_says_nothing_about_the_next() {
        let steps: Vec<f64> =
            (0..20_000).map(|minute| walk().at(minute + 1) - walk().at(minute)).collect();
        let product: f64 = steps.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let square: f64 = steps.iter().map(|step| step * step).sum();
        assert!((product / square).abs() < 0.03, "{}", product / square);
    }

    #[test]
    fn eras_join() {
        for era in [-1, 0, 28] {
            let step = walk().at(era * ERA) - walk().at(era * ERA - 1);
            assert!(step.abs() < 4.0 * DEVIATION, "era {era}: {step}");
        }
    }
}
