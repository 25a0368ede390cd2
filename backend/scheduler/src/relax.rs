//! The relaxation without slots: which requests are worth holding if only totals counted. Solved exactly as a
//! minimum-cost flow where two parties a request matter; further parties (pools) enter with prices; a graph that
//! cannot be split in two sides is solved on its double cover, which gives the best prices there are without slots.
//! Deliberately not here: slots (`place.rs`, `ascent.rs`).

use crate::board::Board;
use crate::flow::{Circulation, Network, Stop};
use crate::price::{PRICE_PARTS, Prices, bound};

/// Most rounds of adjusting the pools' prices.
const POOL_ROUNDS: usize = 24;
/// The flow counts in parts of a unit of value, so that the pools' prices, between which it has to decide, can be
/// broken numbers; a power of two.
const FINE: i64 = 8;
/// Halves of such a part: the double cover's prices are half-integral.
const HALF: i64 = PRICE_PARTS / FINE / 2;

/// The relaxation's answer. Invariant: `bound` is what `prices` prove.
pub(crate) struct Relaxed {
    /// By request: how far the relaxation holds it, 0, 1 (half) or 2 (wholly).
    pub share: Vec<u8>,
    pub prices: Prices,
    pub bound: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Open,
    Left,
    Right,
    Pool,
}

struct Relaxation<'a> {
    board: &'a Board,
    side: Vec<Side>,
    doubled: bool,
    /// By party: meetings already promised.
    promised: Vec<u32>,
    /// By request: its arcs, `(first, how many)`; fixed ones have none.
    arcs: Vec<(u32, u32)>,
    /// In parts of which [`FINE`] make a unit.
    pool_price: Vec<i64>,
}

/// Prices of nothing and their bound: what is known before any work.
pub(crate) fn trivial(board: &Board) -> Relaxed {
    let prices = Prices::default();
    Relaxed {
        share: vec![1; board.requests],
        bound: bound(board, &prices),
        prices,
    }
}

/// Solves the relaxation. Stopped before the end, it says what the prices so far prove, and nothing of what to hold.
pub(crate) fn relax(board: &Board, stop: &mut Stop) -> Relaxed {
    let mut relaxation = Relaxation {
        board,
        side: sides(board),
        doubled: false,
        promised: promised(board),
        arcs: vec![(0, 0); board.requests],
        pool_price: vec![0; board.parties],
    };
    relaxation.doubled = !split(board, &mut relaxation.side);
    let network = relaxation.network();
    if stop() {
        return trivial(board);
    }
    let mut flow = network.circulation();
    let most = board.value.iter().chain(&board.penalty).copied().max().unwrap_or(1);
    if !flow.settle(most * FINE, stop) {
        let early = relaxation.answer(&flow);
        let trivial = trivial(board);
        return if early.bound < trivial.bound {
            Relaxed {
                share: trivial.share,
                ..early
            }
        } else {
            trivial
        };
    }
    let mut best = relaxation.answer(&flow);
    if relaxation.side.contains(&Side::Pool) {
        relaxation.price_pools(&mut flow, &mut best, stop);
    }
    best
}

fn promised(board: &Board) -> Vec<u32> {
    let mut count = vec![0; board.parties];
    for r in (0..board.requests).filter(|&r| board.is_fixed(r)) {
        board.members(r).iter().for_each(|&p| count[p as usize] += 1);
    }
    count
}

/// Which parties are pools: at most two of any request's parties are not. Chosen first are parties that only ever
/// come third (interpreters, rooms), the busiest first.
fn sides(board: &Board) -> Vec<Side> {
    let mut side = vec![Side::Open; board.parties];
    let mut third = vec![0u64; board.parties];
    for r in 0..board.requests {
        let members = board.members(r);
        if members.len() > 2 {
            for &p in members {
                third[p as usize] += 1;
            }
        }
    }
    let rank = |p: u32| {
        let wishes = board.wishes(p as usize).len() as u64;
        ((third[p as usize] << 16) / wishes.max(1), wishes, p)
    };
    for r in 0..board.requests {
        let mut open: Vec<u32> = Vec::new();
        if board.members(r).len() > 2 {
            open.extend(board.members(r).iter().filter(|&&p| side[p as usize] == Side::Open));
        }
        open.sort_by_key(|&p| rank(p));
        while open.len() > 2 {
            if let Some(p) = open.pop() {
                side[p as usize] = Side::Pool;
            }
        }
    }
    side
}

/// The parties of a request that are not pools, at most two.
fn core(board: &Board, side: &[Side], request: usize) -> (Option<usize>, Option<usize>) {
    let mut rest = board
        .members(request)
        .iter()
        .map(|&p| p as usize)
        .filter(|&p| side[p] != Side::Pool);
    (rest.next(), rest.next())
}

/// Gives every party that is no pool a side so that every request has one on each; `false` if there is no way.
fn split(board: &Board, side: &mut [Side]) -> bool {
    let mut queue = Vec::new();
    for start in 0..board.parties {
        if side[start] != Side::Open {
            continue;
        }
        side[start] = Side::Left;
        queue.push(start);
        while let Some(p) = queue.pop() {
            let other = if side[p] == Side::Left { Side::Right } else { Side::Left };
            for &r in board.wishes(p) {
                let (Some(a), Some(b)) = core(board, side, r as usize) else {
                    continue;
                };
                let q = if a == p { b } else { a };
                if side[q] == Side::Open {
                    side[q] = other;
                    queue.push(q);
                } else if side[q] != other {
                    return false;
                }
            }
        }
    }
    true
}

impl Relaxation<'_> {
    fn source(&self) -> usize {
        self.board.parties * if self.doubled { 2 } else { 1 }
    }

    fn left(&self, party: usize) -> Option<usize> {
        (self.doubled || self.side[party] == Side::Left).then_some(party)
    }

    fn right(&self, party: usize) -> Option<usize> {
        let shift = if self.doubled { self.board.parties } else { 0 };
        (self.doubled || self.side[party] == Side::Right).then_some(party + shift)
    }

    fn network(&mut self) -> Network {
        let board = self.board;
        let (source, sink) = (self.source(), self.source() + 1);
        let mut net = Network::new(sink + 1);
        for r in 0..board.requests {
            if board.is_fixed(r) || board.allowed(r).iter().all(|&w| w == 0) {
                continue;
            }
            let cost = -board.value[r] * FINE;
            let (a, b) = core(board, &self.side, r);
            let tail = |p: Option<usize>| p.map_or(Some(source), |p| self.left(p));
            let head = |p: Option<usize>| p.map_or(Some(sink), |p| self.right(p));
            let (mut first, mut count) = (None, 0);
            for (from, to) in [(tail(a), head(b)), (tail(b), head(a))] {
                if let (Some(from), Some(to)) = (from, to) {
                    let arc = net.arc(from, to, 1, cost);
                    first.get_or_insert(arc);
                    count += 1;
                }
                if a.is_none() && !self.doubled {
                    break;
                }
            }
            self.arcs[r] = (first.unwrap_or(0) as u32, count);
        }
        for p in (0..board.parties).filter(|&p| self.side[p] != Side::Pool) {
            for (room, cost) in self.party_steps(p) {
                if let Some(node) = self.left(p) {
                    net.arc(source, node, room, cost);
                }
                if let Some(node) = self.right(p) {
                    net.arc(node, sink, room, cost);
                }
            }
        }
        net.arc(sink, source, 2 * board.requests as i32 + 1, 0);
        net
    }

    /// A party's meetings beyond the promised ones: so many at the reward of a penalty saved, so many at none.
    fn party_steps(&self, party: usize) -> impl Iterator<Item = (i32, i64)> + use<> {
        let board = self.board;
        // One more than it can use, where it has it: a party that cannot be filled must not look scarce.
        let useful = board.wishes(party).len() as u32 + 1;
        let promised = self.promised[party];
        let top = board.top[party].min(useful).saturating_sub(promised);
        let urgent = board.min[party].saturating_sub(promised).min(top);
        let steps = [
            (urgent as i32, -board.penalty[party] * FINE),
            ((top - urgent) as i32, 0),
        ];
        steps.into_iter().filter(|&(room, _)| room > 0)
    }

    fn answer(&self, flow: &Circulation) -> Relaxed {
        let board = self.board;
        let mut share = vec![0u8; board.requests];
        for (r, share) in share.iter_mut().enumerate() {
            let (first, count) = self.arcs[r];
            let units: i32 = (first..first + count).map(|a| flow.flow(a as usize)).sum();
            *share = if self.doubled { units as u8 } else { 2 * units as u8 };
        }
        let node = flow.prices();
        let (source, sink) = (node[self.source()], node[self.source() + 1]);
        let party = (0..board.parties).map(|p| {
            if self.side[p] == Side::Pool {
                return self.pool_price[p] * (PRICE_PARTS / FINE);
            }
            let left = self.left(p).map(|v| node[v] - source);
            let right = self.right(p).map(|v| sink - node[v]);
            let halves = match (left, right) {
                (Some(a), Some(b)) => a + b,
                (a, b) => 2 * a.or(b).unwrap_or(0),
            };
            let floor = if self.promised[p] < board.min[p] {
                -board.penalty[p]
            } else {
                0
            };
            (halves * HALF).max(floor * PRICE_PARTS)
        });
        let prices = Prices {
            party: party.collect(),
            party_slot: Vec::new(),
        };
        Relaxed {
            share,
            bound: bound(board, &prices),
            prices,
        }
    }

    /// Raises the prices of overbooked pools, lowers those of idle ones, with shrinking steps; keeps the best bound.
    fn price_pools(&mut self, flow: &mut Circulation, best: &mut Relaxed, stop: &mut Stop) {
        let board = self.board;
        let pools: Vec<usize> = (0..board.parties).filter(|&p| self.side[p] == Side::Pool).collect();
        let most = board.value.iter().copied().max().unwrap_or(1) * FINE;
        let mut step = vec![(most / 4).max(1); board.parties];
        let mut last = vec![0i64; board.parties];
        let mut share = best.share.clone();
        for _ in 0..POOL_ROUNDS {
            let mut changed = 0;
            for &p in &pools {
                let held = board.wishes(p).iter().filter(|&&r| share[r as usize] == 2).count() as i64;
                let over = held + i64::from(self.promised[p]) - i64::from(board.top[p]);
                let way = if over == 0 || (over < 0 && self.pool_price[p] == 0) {
                    0
                } else {
                    over.signum()
                };
                if way * last[p] < 0 {
                    step[p] /= 2;
                }
                last[p] = if way == 0 { last[p] } else { way };
                let next = (self.pool_price[p] + way * step[p]).max(0);
                changed = changed.max((next - self.pool_price[p]).abs());
                self.pool_price[p] = next;
            }
            if changed == 0 {
                return;
            }
            self.charge_pools(flow, &pools);
            if !flow.settle(changed, stop) {
                return;
            }
            let next = self.answer(flow);
            share.clone_from(&next.share);
            if next.bound < best.bound {
                *best = next;
            }
        }
    }

    fn charge_pools(&self, flow: &mut Circulation, pools: &[usize]) {
        for &p in pools {
            for &r in self.board.wishes(p) {
                let r = r as usize;
                let charge: i64 = self.board.members(r).iter().map(|&p| self.pool_price[p as usize]).sum();
                let (first, count) = self.arcs[r];
                (first..first + count).for_each(|a| flow.set_cost(a as usize, charge - self.board.value[r] * FINE));
            }
        }
    }
}
