//! Chance that can be asked again: the same place always gives the same throw.

/// The dice of one symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dice(u64);

/// What a throw is for, so that two purposes at one place are independent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// What kind of symbol it is.
    Instrument,
    /// The walk's values.
    Walk,
    /// A minute's extremes and volume.
    Minute,
    /// A tick within a minute.
    Tick,
}

/// One throw: 64 random bits, read in the way that is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Throw(u64);

impl Dice {
    pub(super) fn new(seed: u64, symbol: &str) -> Dice {
        Dice(symbol.bytes().fold(mix(seed), |state, byte| mix(state ^ u64::from(byte))))
    }

    /// The throw for a `purpose` at a place that two numbers name.
    pub(super) fn throw(self, purpose: Purpose, place: i64, detail: i64) -> Throw {
        let state = mix(self.0 ^ purpose as u64);
        Throw(mix(mix(state ^ place.cast_unsigned()) ^ detail.cast_unsigned()))
    }
}

impl Throw {
    /// Even in `0..1`.
    pub(super) fn even(self) -> f64 {
        f64::from((self.0 >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
    }

    /// Even in `0..count`; independent of [`Throw::even`] of the same throw.
    pub(super) fn below(self, count: i64) -> i64 {
        ((self.0 & 0xffff_ffff).cast_signed() * count) >> 32
    }

    /// Normal, with mean 0 and deviation 1, nearly: the sum of four even numbers, which is never
    /// beyond ±3.47 and needs no function that differs from one machine to the next.
    pub(super) fn normal(self) -> f64 {
        const DEVIATION_OF_FOUR: f64 = 0.577_350_269_189_625_8; // √(4/12)
        let part = |shift: u32| f64::from((self.0 >> shift) as u16) / 65_536.0;
        (part(0) + part(16) + part(32) + part(48) - 2.0) / DEVIATION_OF_FOUR
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014) over one step of its sequence: every bit of
/// the input changes every bit of the result with probability one half.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throws(purpose: Purpose) -> impl Iterator<Item = Throw> {
        let dice = Dice::new(7, "AAPL");
        (0..40_000).map(move |place| dice.throw(purpose, place, 0))
    }

    #[test]
    fn one_place_gives_one_throw_and_another_place_another() {
        let throw = |seed, symbol, place, detail| {
            Dice::new(seed, symbol).throw(Purpose::Tick, place, detail).0
        };
        assert_eq!(throw(1, "A", 2, 3), throw(1, "A", 2, 3));
        for other in
            [throw(2, "A", 2, 3), throw(1, "B", 2, 3), throw(1, "A", 3, 2), throw(1, "A", 2, 4)]
        {
            assert_ne!(throw(1, "A", 2, 3), other);
        }
    }

    #[test]
    fn normal_throws_have_the_mean_and_deviation_they_claim() {
        let values: Vec<f64> = throws(Purpose::Walk).map(Throw::normal).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((variance - 1.0).abs() < 0.03, "{variance}");
        assert!(values.iter().all(|value| value.abs() < 3.47));
    }

    #[test]
    fn even_throws_fill_their_range() {
        let mut seen = [0_u32; 10];
        for throw in throws(Purpose::Minute) {
            assert!((0.0..1.0).contains(&throw.even()));
            seen[usize::try_from(throw.below(10)).unwrap()] += 1;
        }
        assert!(seen.iter().all(|&count| (3_500..4_500).contains(&count)), "{seen:?}");
    }
}
