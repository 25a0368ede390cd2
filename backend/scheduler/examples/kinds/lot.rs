//! The generator's dice: whole numbers only, so that a seed gives the same market on every machine, and apart from
//! the solver's own dice, so that a change there leaves the markets as they are. No clock, no system randomness.

/// A seeded stream of chances (`SplitMix64`).
pub struct Lot(u64);

/// The steps of [`Lot::bell`] to one standard deviation.
pub const BELL: i64 = 100;

impl Lot {
    pub fn new(seed: u64) -> Lot {
        Lot(seed
            .wrapping_mul(0xD134_2543_DE82_EF95)
            .wrapping_add(0x2545_F491_4F6C_DD1D))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `n` - 1; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n.max(1)
    }

    /// `from` to `to`, both included.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True in `share` of a thousand cases.
    pub fn per_mille(&mut self, share: u64) -> bool {
        self.below(1000) < share
    }

    /// About normal around 0, [`BELL`] to one standard deviation: the sum of twelve dice.
    pub fn bell(&mut self) -> i64 {
        let sum: u64 = (0..12).map(|_| self.below(BELL as u64 + 1)).sum();
        sum as i64 - 6 * BELL
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}
