//! The first timetable: fixed meetings, then what the relaxation chose, hardest to place first, then whatever else
//! fits. Deliberately not here: giving up one request for another (`improve.rs`).

use crate::board::Board;
use crate::chain::{Chains, Outcome, Terms};
use crate::draft::Draft;
use crate::mask::{Bits, WORD};
use crate::price::surplus;
use crate::pulse::Pulse;
use crate::relax::Relaxed;

/// Requests an exchange chain may look at for a chosen request, and for any other.
const CHOSEN_NODES: usize = 2000;
const OTHER_NODES: usize = 64;
/// The same for a chosen request that found no room at first.
const STUCK_NODES: usize = 20_000;
/// So few stuck requests are tried again, so often.
const FEW: usize = 16;
const AGAIN: usize = 2;
/// Placements between two questions whether to stop.
const POLL_EVERY: usize = 64;

/// Places the fixed meetings; the caller knows they do not clash.
pub(crate) fn place_fixed(draft: &mut Draft) {
    let board = draft.board;
    for r in (0..board.requests).filter(|&r| board.is_fixed(r)) {
        let slot = usize::from(board.fixed[r]);
        if draft.can_put(r, slot) {
            draft.put(r, slot);
        }
    }
    draft.commit();
}

/// Places everything that finds room, by direct placement or an exchange chain nobody is lost in.
pub(crate) fn place_all(draft: &mut Draft, chains: &mut Chains, relaxed: &Relaxed, pulse: &mut Pulse) {
    let (chosen, others) = order(draft.board, relaxed);
    let mut stuck = place_list(draft, chains, &chosen, CHOSEN_NODES, pulse);
    if stuck.len() <= FEW {
        // What was in the way may have moved meanwhile, and with so few left a longer search may prove the optimum.
        for _ in 0..AGAIN {
            stuck = place_list(draft, chains, &stuck, STUCK_NODES, pulse);
        }
    }
    place_list(draft, chains, &others, OTHER_NODES, pulse);
}

/// Places a list in its order; returns what found no room, though no total is in its way.
fn place_list(draft: &mut Draft, chains: &mut Chains, list: &[u32], nodes: usize, pulse: &mut Pulse) -> Vec<u32> {
    let mut stuck = Vec::new();
    for (k, &r) in list.iter().enumerate() {
        let request = r as usize;
        if k % POLL_EVERY == 0 {
            pulse.poll();
        }
        let full = |&p: &u32| draft.is_full(p as usize);
        if draft.is_placed(request) || draft.board.members(request).iter().any(full) {
            continue;
        }
        if let Some(slot) = free_slot(draft, request) {
            draft.put(request, slot);
        } else if !pulse.is_over() {
            pulse.poll();
            let turn = ((request + nodes) % WORD) as u32;
            let terms = Terms {
                nodes,
                least: None,
                turn,
            };
            if chains.place(draft, request, terms) == Outcome::Stuck {
                stuck.push(r);
            }
        }
        draft.commit();
    }
    stuck
}

/// What the relaxation chose, those with many parties and few slots first; and the rest, by what is left of the value
/// after prices.
fn order(board: &Board, relaxed: &Relaxed) -> (Vec<u32>, Vec<u32>) {
    let room = |r: u32| board.allowed(r as usize).iter().map(|w| w.count_ones()).sum::<u32>();
    let left = |r: u32| -surplus(board, r as usize, &relaxed.prices);
    let members = |r: u32| usize::MAX - board.members(r as usize).len();
    let all = 0..board.requests as u32;
    let (mut chosen, mut others): (Vec<u32>, Vec<u32>) = all.partition(|&r| relaxed.share[r as usize] == 2);
    chosen.sort_by_cached_key(|&r| (members(r), room(r), left(r), r));
    others.sort_by_cached_key(|&r| (2 - relaxed.share[r as usize], left(r), r));
    (chosen, others)
}

/// A free slot of a request, or `None`; different requests begin to look at different slots, which spreads them.
fn free_slot(draft: &Draft, request: usize) -> Option<usize> {
    let board = draft.board;
    for w in 0..board.words {
        let mut open = board.allowed(request)[w];
        for &p in board.members(request) {
            open &= draft.free(p as usize)[w];
        }
        let turn = (request * 7 % board.slots.min(WORD)) as u32;
        if let Some(bit) = Bits::turned(open, turn).next() {
            return Some(w * WORD + bit);
        }
    }
    None
}
