//! Prices per party and per party and slot, and the bound they prove by weak duality (the format says how: any
//! prices do). Deliberately not here: how good prices are found (`relax.rs`, `ascent.rs`); and `check/` computes
//! the same bound again without this file.

use crate::board::Board;
use crate::mask::{Bits, WORD};

/// Prices are whole multiples of one part in this many of a unit of value: a power of two, exact in JSON numbers.
pub const PRICE_PARTS: i64 = 1 << 16;

/// Prices in parts of [`PRICE_PARTS`]: what one meeting of a party, and one of its places in a slot, is worth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prices {
    /// By party, any sign; empty for all 0.
    pub party: Vec<i64>,
    /// By party and slot, none negative; an empty row means all 0, and no rows at all too.
    pub party_slot: Vec<Vec<i64>>,
}

impl Prices {
    /// A party's price.
    pub fn of(&self, party: usize) -> i64 {
        self.party.get(party).copied().unwrap_or(0)
    }

    /// A party's price in a slot.
    pub fn of_slot(&self, party: usize, slot: usize) -> i64 {
        let row = self.party_slot.get(party);
        row.and_then(|row| row.get(slot)).copied().unwrap_or(0)
    }

    fn row(&self, party: usize) -> &[i64] {
        self.party_slot.get(party).map_or(&[], Vec::as_slice)
    }
}

/// The bound the prices prove, in whole units of value. Rounded towards 0, like `check.py` does.
pub(crate) fn bound(board: &Board, prices: &Prices) -> i64 {
    whole(bound_parts(board, prices))
}

/// Whole units of value in a sum of parts, rounded towards 0.
pub(crate) fn whole(parts: i128) -> i64 {
    i64::try_from(parts / i128::from(PRICE_PARTS)).unwrap_or(i64::MAX)
}

/// The bound the prices prove, in parts.
pub(crate) fn bound_parts(board: &Board, prices: &Prices) -> i128 {
    let mut sum: i128 = 0;
    for p in 0..board.parties {
        sum += party_term(board, p, prices.of(p));
        for (slot, &u) in prices.row(p).iter().enumerate() {
            sum += i128::from(u) * i128::from(board.capacity[p * board.slots + slot]);
        }
    }
    for r in 0..board.requests {
        sum += i128::from(request_term(board, r, prices));
    }
    sum
}

/// What the party itself can earn at its price: concave in the number of meetings, so best at one of three.
fn party_term(board: &Board, party: usize, price: i64) -> i128 {
    let (top, min) = (board.top[party], board.min[party]);
    let earned = |n: u32| {
        let short = i128::from(min.saturating_sub(n));
        i128::from(price) * i128::from(n) - short * i128::from(board.penalty[party]) * i128::from(PRICE_PARTS)
    };
    earned(0).max(earned(min.min(top))).max(earned(top))
}

fn request_term(board: &Board, request: usize, prices: &Prices) -> i64 {
    let Some(cheapest) = cheapest_slot(board, request, prices) else {
        return 0;
    };
    let left = surplus(board, request, prices) - cheapest;
    if board.is_fixed(request) { left } else { left.max(0) }
}

/// A request's value less its parties' prices, in parts.
pub(crate) fn surplus(board: &Board, request: usize, prices: &Prices) -> i64 {
    let cost: i64 = board.members(request).iter().map(|&p| prices.of(p as usize)).sum();
    board.value[request] * PRICE_PARTS - cost
}

/// The least a request pays for a slot, in parts; `None` where no slot is open to it.
pub(crate) fn cheapest_slot(board: &Board, request: usize, prices: &Prices) -> Option<i64> {
    let allowed = board.allowed(request);
    let priced = board
        .members(request)
        .iter()
        .any(|&p| !prices.row(p as usize).is_empty());
    if !priced {
        return allowed.iter().any(|&w| w != 0).then_some(0);
    }
    let mut best: Option<i64> = None;
    for (w, &word) in allowed.iter().enumerate() {
        for bit in Bits::turned(word, 0) {
            let slot = w * WORD + bit;
            let cost = board
                .members(request)
                .iter()
                .map(|&p| prices.of_slot(p as usize, slot))
                .sum();
            best = Some(best.map_or(cost, |b| b.min(cost)));
        }
    }
    best
}
