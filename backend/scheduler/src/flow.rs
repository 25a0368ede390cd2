//! Minimum-cost circulation by cost scaling (Goldberg and Tarjan's push and relabel), with exact integer prices.
//! Deliberately not here: what nodes and arcs mean (`relax.rs`). Lower bounds are all 0, so the zero circulation is
//! always there to start from and nothing can be infeasible.

use std::collections::VecDeque;

/// Each round divides the tolerance by this.
const STEP: i64 = 8;
/// Nodes discharged between two questions whether to stop.
const POLL_EVERY: u32 = 64;
/// Nodes made ready for a round between two such questions.
const POLL_NODES: usize = 4096;
/// Scaled prices stay below this, far from the end of 64 bits.
const HEADROOM: i64 = 1 << 61;

/// Asked now and then; `true` means stop.
pub(crate) type Stop<'a> = dyn FnMut() -> bool + 'a;

/// A network under construction.
#[derive(Default)]
pub(crate) struct Network {
    nodes: usize,
    arcs: Vec<Arc>,
}

struct Arc {
    tail: u32,
    head: u32,
    room: i32,
    cost: i64,
}

/// A circulation and the prices that prove it cheapest, once [`Circulation::settle`] has returned `true`.
pub(crate) struct Circulation {
    nodes: usize,
    first: Vec<u32>,
    head: Vec<u32>,
    twin: Vec<u32>,
    room: Vec<i32>,
    cost: Vec<i64>,
    price: Vec<i64>,
    current: Vec<u32>,
    excess: Vec<i32>,
    queue: VecDeque<u32>,
    /// Where each arc of the network went.
    place: Vec<u32>,
    /// Costs are kept multiplied by this; above the number of nodes wherever 64 bits allow it, which makes it exact.
    scale: i64,
    polled: u32,
}

impl Network {
    pub(crate) fn new(nodes: usize) -> Network {
        Network {
            nodes,
            arcs: Vec::new(),
        }
    }

    /// Adds an arc with room for `room` units at `cost` each; its number counts from 0.
    pub(crate) fn arc(&mut self, tail: usize, head: usize, room: i32, cost: i64) -> usize {
        self.arcs.push(Arc {
            tail: tail as u32,
            head: head as u32,
            room,
            cost,
        });
        self.arcs.len() - 1
    }

    /// Lays the arcs out by node, each beside its reverse.
    pub(crate) fn circulation(&self) -> Circulation {
        let mut first = vec![0u32; self.nodes + 1];
        for arc in &self.arcs {
            first[arc.tail as usize + 1] += 1;
            first[arc.head as usize + 1] += 1;
        }
        for v in 0..self.nodes {
            first[v + 1] += first[v];
        }
        let mut at = first.clone();
        let size = self.arcs.len() * 2;
        let (mut head, mut twin) = (vec![0; size], vec![0; size]);
        let (mut room, mut cost) = (vec![0; size], vec![0; size]);
        let mut place = Vec::with_capacity(self.arcs.len());
        let most = self.arcs.iter().map(|a| a.cost.abs()).max().unwrap_or(0).max(1);
        let nodes = self.nodes as i64 + 1;
        let scale = nodes
            .min(HEADROOM / (most.saturating_mul(4).saturating_mul(nodes)))
            .max(1);
        for arc in &self.arcs {
            let (a, b) = (at[arc.tail as usize], at[arc.head as usize]);
            at[arc.tail as usize] += 1;
            at[arc.head as usize] += 1;
            (head[a as usize], head[b as usize]) = (arc.head, arc.tail);
            (twin[a as usize], twin[b as usize]) = (b, a);
            room[a as usize] = arc.room;
            (cost[a as usize], cost[b as usize]) = (arc.cost * scale, -arc.cost * scale);
            place.push(a);
        }
        Circulation {
            nodes: self.nodes,
            current: first[..self.nodes].to_vec(),
            first,
            head,
            twin,
            room,
            cost,
            price: vec![0; self.nodes],
            excess: vec![0; self.nodes],
            queue: VecDeque::new(),
            place,
            scale,
            polled: 0,
        }
    }
}

impl Circulation {
    /// Changes an arc's cost; what flows stays, to be settled again.
    pub(crate) fn set_cost(&mut self, arc: usize, cost: i64) {
        let a = self.place[arc] as usize;
        self.cost[a] = cost * self.scale;
        self.cost[self.twin[a] as usize] = -cost * self.scale;
    }

    /// Units on an arc.
    pub(crate) fn flow(&self, arc: usize) -> i32 {
        self.room[self.twin[self.place[arc] as usize] as usize]
    }

    /// Makes the circulation cheapest, starting at a tolerance of `coarse` units of cost. `false`: stopped before.
    pub(crate) fn settle(&mut self, coarse: i64, stop: &mut Stop) -> bool {
        let mut tolerance = coarse.saturating_mul(self.scale).clamp(1, HEADROOM / 4);
        loop {
            if !self.refine(tolerance, stop) {
                return false;
            }
            if tolerance == 1 {
                return true;
            }
            tolerance = (tolerance / STEP).max(1);
        }
    }

    /// One scaling round: from any pseudo-flow to a circulation that is optimal within `tolerance`.
    fn refine(&mut self, tolerance: i64, stop: &mut Stop) -> bool {
        for v in 0..self.nodes {
            if v.is_multiple_of(POLL_NODES) && stop() {
                return false;
            }
            self.current[v] = self.first[v];
            for a in self.first[v] as usize..self.first[v + 1] as usize {
                let to = self.head[a] as usize;
                if self.room[a] > 0 && self.cost[a] + self.price[v] - self.price[to] < 0 {
                    self.push(v, a, self.room[a]);
                }
            }
        }
        let active = (0..self.nodes as u32).filter(|&v| self.excess[v as usize] > 0);
        self.queue = active.collect();
        while let Some(v) = self.queue.pop_front() {
            self.discharge(v as usize, tolerance);
            self.polled += 1;
            if self.polled >= POLL_EVERY {
                self.polled = 0;
                if stop() {
                    return false;
                }
            }
        }
        true
    }

    fn push(&mut self, from: usize, arc: usize, units: i32) {
        self.room[arc] -= units;
        self.room[self.twin[arc] as usize] += units;
        self.excess[from] -= units;
        self.excess[self.head[arc] as usize] += units;
    }

    fn discharge(&mut self, v: usize, tolerance: i64) {
        let end = self.first[v + 1];
        while self.excess[v] > 0 {
            if self.current[v] == end {
                self.relabel(v, tolerance);
                continue;
            }
            let a = self.current[v] as usize;
            let to = self.head[a] as usize;
            if self.room[a] > 0 && self.cost[a] + self.price[v] - self.price[to] < 0 {
                let idle = self.excess[to] <= 0;
                self.push(v, a, self.excess[v].min(self.room[a]));
                if idle && self.excess[to] > 0 {
                    self.queue.push_back(to as u32);
                }
                if self.excess[v] == 0 {
                    break;
                }
            }
            self.current[v] += 1;
        }
    }

    /// Lowers a node's price as far as tolerance allows, so that something can leave it.
    fn relabel(&mut self, v: usize, tolerance: i64) {
        let arcs = self.first[v] as usize..self.first[v + 1] as usize;
        let best = arcs
            .filter(|&a| self.room[a] > 0)
            .map(|a| self.price[self.head[a] as usize] - self.cost[a])
            .max();
        // Something flowed in, so its way back is open: there always is an arc.
        self.price[v] = best.unwrap_or(self.price[v]) - tolerance;
        self.current[v] = self.first[v];
    }

    /// Prices in units of cost with `cost + price(tail) - price(head) >= 0` on every arc with room left.
    ///
    /// Scaled prices are within 1 of that. There are fewer nodes than residues modulo the scale, so one residue is
    /// free; cutting there and rounding down puts all remainders within `nodes - 1` of each other, which is exact.
    pub(crate) fn prices(&self) -> Vec<i64> {
        let mut used = vec![false; (self.nodes + 1).min(self.scale as usize)];
        for &p in &self.price {
            if let Some(cell) = used.get_mut(p.rem_euclid(self.scale) as usize) {
                *cell = true;
            }
        }
        let cut = used.iter().position(|&u| !u).map_or(0, |free| free as i64 + 1);
        self.price.iter().map(|p| (p - cut).div_euclid(self.scale)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Network;
    use crate::random::Dice;

    /// Arcs as (tail, head, room, cost).
    type Arcs = Vec<(usize, usize, i32, i64)>;

    fn random_arcs(dice: &mut Dice) -> (usize, Arcs) {
        let nodes = 2 + dice.below(4);
        let arc = |dice: &mut Dice| {
            let tail = dice.below(nodes);
            let head = (tail + 1 + dice.below(nodes - 1)) % nodes;
            (tail, head, dice.below(3) as i32, dice.below(21) as i64 - 10)
        };
        let arcs = (0..dice.below(8)).map(|_| arc(dice)).collect();
        (nodes, arcs)
    }

    /// The least cost of any circulation, by trying all.
    fn cheapest(nodes: usize, arcs: &Arcs) -> i64 {
        fn search(arcs: &[(usize, usize, i32, i64)], excess: &mut [i32], cost: i64) -> i64 {
            let Some((&(tail, head, room, each), rest)) = arcs.split_first() else {
                return if excess.iter().all(|&e| e == 0) { cost } else { i64::MAX };
            };
            let mut best = i64::MAX;
            for units in 0..=room {
                excess[tail] -= units;
                excess[head] += units;
                best = best.min(search(rest, excess, cost + each * i64::from(units)));
                excess[tail] += units;
                excess[head] -= units;
            }
            best
        }
        search(arcs, &mut vec![0; nodes], 0)
    }

    fn check(nodes: usize, arcs: &Arcs, flow: &super::Circulation) {
        let mut excess = vec![0; nodes];
        let mut cost = 0;
        let price = flow.prices();
        for (k, &(tail, head, room, each)) in arcs.iter().enumerate() {
            let units = flow.flow(k);
            assert!((0..=room).contains(&units), "{arcs:?}");
            excess[tail] -= units;
            excess[head] += units;
            cost += each * i64::from(units);
            let reduced = each + price[tail] - price[head];
            assert!(units == room || reduced >= 0, "arc {k} should be used more: {arcs:?}");
            assert!(units == 0 || reduced <= 0, "arc {k} should be used less: {arcs:?}");
        }
        assert!(excess.iter().all(|&e| e == 0), "{arcs:?}");
        assert_eq!(cost, cheapest(nodes, arcs), "{arcs:?}");
    }

    #[test]
    fn small_circulations_are_cheapest_and_their_prices_prove_it() {
        let mut dice = Dice::new(3);
        for _ in 0..3000 {
            let (nodes, mut arcs) = random_arcs(&mut dice);
            let mut net = Network::new(nodes);
            for &(tail, head, room, cost) in &arcs {
                net.arc(tail, head, room, cost);
            }
            let mut flow = net.circulation();
            assert!(flow.settle(10, &mut || false));
            check(nodes, &arcs, &flow);
            // And again after a change of costs, from where it stands.
            for (k, arc) in arcs.iter_mut().enumerate() {
                arc.3 = dice.below(21) as i64 - 10;
                flow.set_cost(k, arc.3);
            }
            assert!(flow.settle(20, &mut || false));
            check(nodes, &arcs, &flow);
        }
    }

    #[test]
    fn costs_of_any_size_are_settled() {
        let mut net = Network::new(3);
        net.arc(0, 1, 2, -1_000_000_000);
        net.arc(1, 2, 1, 999_999_999);
        net.arc(2, 0, 5, 0);
        let mut flow = net.circulation();
        assert!(flow.settle(1_000_000_000, &mut || false));
        assert_eq!([flow.flow(0), flow.flow(1), flow.flow(2)], [1, 1, 1]);
    }

    #[test]
    fn it_stops_when_told() {
        let mut net = Network::new(400);
        for k in 0..40_000usize {
            net.arc(k % 400, (k * 7 + k / 400 + 1) % 400, 3, (k * 31 % 101) as i64 - 50);
        }
        let mut asked = 0;
        let stopped = !net.circulation().settle(50, &mut || {
            asked += 1;
            true
        });
        assert!(stopped && asked == 1);
    }
}
