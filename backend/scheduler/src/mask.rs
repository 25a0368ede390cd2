//! Sets of slots as rows of 64-bit words: the one way slots are intersected.
//! Deliberately not here: what a set of slots means.

/// Slots a word holds.
pub(crate) const WORD: usize = 64;

/// How many words a row of `slots` slots takes.
pub(crate) fn words(slots: usize) -> usize {
    slots.div_ceil(WORD)
}

pub(crate) fn set(row: &mut [u64], slot: usize) {
    row[slot / WORD] |= 1 << (slot % WORD);
}

pub(crate) fn clear(row: &mut [u64], slot: usize) {
    row[slot / WORD] &= !(1 << (slot % WORD));
}

pub(crate) fn has(row: &[u64], slot: usize) -> bool {
    row[slot / WORD] >> (slot % WORD) & 1 == 1
}

/// The bits of one word, ascending but starting at bit `turn` and wrapping round; `turn` below 64.
pub(crate) struct Bits {
    rest: u64,
    turn: u32,
}

impl Bits {
    pub(crate) fn turned(word: u64, turn: u32) -> Bits {
        Bits {
            rest: word.rotate_right(turn),
            turn,
        }
    }
}

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.rest == 0 {
            return None;
        }
        let bit = self.rest.trailing_zeros();
        self.rest &= self.rest - 1;
        Some(((bit + self.turn) % 64) as usize)
    }
}
