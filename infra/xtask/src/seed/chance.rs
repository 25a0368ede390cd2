//! The generator's dice: one seeded stream, integers only, so that the same seed gives the same
//! files on every machine. No clock and no system randomness here, on purpose.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A seeded stream of chances.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// A stream for one purpose: streams of different purposes do not disturb each other, so a new
    /// name in one list leaves the other files as they were.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a: stable over versions of the compiler, which the standard hasher does not promise.
        let hash = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ hash))
    }

    /// 0 to `n` - 1; 0 when `n` is 0. The bias of the remainder is far below what anybody could see.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n.max(1) as u64;
        ((self.0.next_u64() >> 11) % n) as usize
    }

    /// `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).max(0) as usize + 1) as i64
    }

    /// True in `percent` of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list, `None` of an empty one.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// One word of a list; the empty word of an empty list.
    pub fn word<'a>(&mut self, list: &[&'a str]) -> &'a str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// About normal around 0: the sum of four dice of -`spread` to +`spread`, halved.
    pub fn bell(&mut self, spread: i64) -> i64 {
        (0..4).map(|_| self.between(-spread, spread)).sum::<i64>() / 2
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }

    /// `n` different ones of a list, in the list's order.
    pub fn some<'a, T>(&mut self, list: &'a [T], n: usize) -> Vec<&'a T> {
        let mut places: Vec<usize> = (0..list.len()).collect();
        self.shuffle(&mut places);
        places.truncate(n);
        places.sort_unstable();
        places.into_iter().filter_map(|i| list.get(i)).collect()
    }
}
