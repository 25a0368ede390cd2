//! Exchange chains: to make room for one request, another moves, and for that one another, found breadth first, so
//! with the fewest moves. A chain ends where a request finds a free slot, or where one is given up for the newcomer.
//! The search looks at the timetable as it stands; as a chain can meet itself, it is verified while being applied,
//! and rolled back if it does. Deliberately not here: which newcomer, and whether the exchange is accepted.

use crate::draft::Draft;
use crate::mask::{Bits, WORD};

/// Marks a node without a parent.
const ROOT: u32 = u32::MAX;

/// Of the exchanges without profit, one in so many is taken where it is found.
const DRAWN_ONE_IN: u32 = 2;

#[derive(Clone, Copy)]
struct Node {
    request: u32,
    parent: u32,
    /// The party over which the parent pushes this request out, and so leaves it its own old slot.
    via: u32,
}

/// What a newcomer may do.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// Requests looked at before giving up.
    pub nodes: usize,
    /// The least change of value for which another request may be given up; `None`: none may.
    pub least: Option<i64>,
    /// Where in a word the look at slots begins, below 64.
    pub turn: u32,
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// No chain within the terms.
    Stuck,
    /// Placed, nobody lost.
    Placed,
    /// Placed, this request given up.
    Instead(usize),
}

/// Reusable space for searches over one board.
pub(crate) struct Chains {
    seen: Vec<u32>,
    stamp: u32,
    nodes: Vec<Node>,
    steps: Vec<(u32, u16)>,
    /// What the newcomer would add if nobody went.
    most: i64,
}

impl Chains {
    pub(crate) fn new(requests: usize) -> Chains {
        Chains {
            seen: vec![0; requests],
            stamp: 0,
            nodes: Vec::new(),
            steps: Vec::new(),
            most: 0,
        }
    }

    /// Tries to place a waiting request within the terms.
    pub(crate) fn place(&mut self, draft: &mut Draft, newcomer: usize, terms: Terms) -> Outcome {
        let full = draft
            .board
            .members(newcomer)
            .iter()
            .filter(|&&p| draft.is_full(p as usize))
            .count();
        if full > 1 || (full > 0 && terms.least.is_none()) {
            return Outcome::Stuck;
        }
        let full = draft
            .board
            .members(newcomer)
            .iter()
            .copied()
            .find(|&p| draft.is_full(p as usize));
        self.begin(newcomer);
        self.most = draft.gain(newcomer);
        let mut at = 0;
        while at < self.nodes.len() {
            let outcome = self.look(draft, at, full, terms);
            if outcome != Outcome::Stuck {
                return outcome;
            }
            at += 1;
        }
        Outcome::Stuck
    }

    /// The requests the last search looked at, the newcomer first: all it can have touched.
    pub(crate) fn looked_at(&self) -> impl Iterator<Item = usize> + '_ {
        self.nodes.iter().map(|node| node.request as usize)
    }

    /// Forgets the last search.
    pub(crate) fn forget(&mut self) {
        self.nodes.clear();
    }

    fn begin(&mut self, newcomer: usize) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.seen.fill(0);
            self.stamp = 1;
        }
        self.nodes.clear();
        self.seen[newcomer] = self.stamp;
        self.nodes.push(Node {
            request: newcomer as u32,
            parent: ROOT,
            via: ROOT,
        });
    }

    /// Looks at every slot of one node: ends the chain there, or adds who stands in the way of it.
    fn look(&mut self, draft: &mut Draft, at: usize, full: Option<u32>, terms: Terms) -> Outcome {
        let node = self.nodes[at];
        let request = node.request as usize;
        for w in 0..draft.board.words {
            let (free, one) = self.ways(draft, at, w);
            if let Some(bit) = Bits::turned(free, terms.turn).next() {
                let outcome = self.finish(draft, at, w * WORD + bit, full, terms);
                if outcome != Outcome::Stuck {
                    return outcome;
                }
            }
            for bit in Bits::turned(one, terms.turn) {
                if self.nodes.len() >= terms.nodes {
                    return Outcome::Stuck;
                }
                let slot = w * WORD + bit;
                if usize::from(draft.slot_of[request]) == slot {
                    continue;
                }
                let outcome = self.push_out(draft, at, slot, full, terms);
                if outcome != Outcome::Stuck {
                    return outcome;
                }
            }
        }
        Outcome::Stuck
    }

    /// Slots of a word where nobody, and where exactly one party, stands in a node's way.
    fn ways(&self, draft: &Draft, at: usize, w: usize) -> (u64, u64) {
        let node = self.nodes[at];
        let allowed = draft.board.allowed(node.request as usize)[w] & draft.open[w];
        let (mut free, mut one) = (allowed, 0);
        for &p in draft.board.members(node.request as usize) {
            let mut open = draft.free(p as usize)[w];
            if p == node.via {
                open |= self.vacated(draft, at, w);
            }
            one = (one & open) | (free & !open);
            free &= open;
        }
        (free, one)
    }

    /// The slot the parent leaves to the party it shares with this node.
    fn vacated(&self, draft: &Draft, at: usize, w: usize) -> u64 {
        let parent = self.nodes[self.nodes[at].parent as usize].request as usize;
        let slot = usize::from(draft.slot_of[parent]);
        if draft.is_placed(parent) && slot / WORD == w {
            1 << (slot % WORD)
        } else {
            0
        }
    }

    /// Adds those who stand in a node's way in a slot; a chain may end by giving one of them up.
    fn push_out(&mut self, draft: &mut Draft, at: usize, slot: usize, full: Option<u32>, terms: Terms) -> Outcome {
        let node = self.nodes[at];
        let board = draft.board;
        let newcomer = self.nodes[0].request as usize;
        let closed = |p: &&u32| !crate::mask::has(draft.free(**p as usize), slot);
        let members = board.members(node.request as usize);
        let Some(&via) = members
            .iter()
            .filter(closed)
            .find(|&&p| p != node.via || !self.is_vacated(draft, at, slot))
        else {
            return Outcome::Stuck;
        };
        let before = self.nodes.len();
        for other in draft.occupants(via as usize, slot) {
            if self.seen[other] != self.stamp && !draft.is_fast(other) && self.nodes.len() < terms.nodes {
                self.seen[other] = self.stamp;
                self.nodes.push(Node {
                    request: other as u32,
                    parent: at as u32,
                    via,
                });
            }
        }
        let Some(least) = terms.least else {
            return Outcome::Stuck;
        };
        for k in before..self.nodes.len() {
            let other = self.nodes[k].request as usize;
            let makes_room = full.is_none_or(|p| board.members(other).contains(&p));
            let gain = if makes_room {
                draft.exchange_gain(newcomer, other)
            } else {
                i64::MIN
            };
            if gain >= least && (gain > 0 || self.is_drawn(other)) && self.apply(draft, k, None, None) {
                return Outcome::Instead(other);
            }
        }
        Outcome::Stuck
    }

    /// Whether an exchange without profit is taken where it is found; else the search goes on, so that such steps
    /// do not always lead to the nearest neighbour and back.
    fn is_drawn(&self, other: usize) -> bool {
        let mixed = (other as u32 ^ self.stamp.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B);
        (mixed >> 16).is_multiple_of(DRAWN_ONE_IN)
    }

    fn is_vacated(&self, draft: &Draft, at: usize, slot: usize) -> bool {
        self.vacated(draft, at, slot / WORD) >> (slot % WORD) & 1 == 1
    }

    /// Ends a chain in a free slot. Where the newcomer's party is full over all, some other meeting of it must go.
    fn finish(&mut self, draft: &mut Draft, at: usize, slot: usize, full: Option<u32>, terms: Terms) -> Outcome {
        let Some(party) = full else {
            let done = self.apply(draft, at, Some(slot), None);
            return if done { Outcome::Placed } else { Outcome::Stuck };
        };
        let newcomer = self.nodes[0].request as usize;
        let least = terms.least.unwrap_or(i64::MAX);
        let board = draft.board;
        let candidates = board.wishes(party as usize).iter().map(|&r| r as usize);
        let worst = candidates
            .filter(|&r| draft.is_placed(r) && !draft.is_fast(r) && !self.is_on_the_way(at, r))
            .map(|r| (draft.exchange_gain(newcomer, r), r))
            .max();
        match worst {
            Some((gain, other)) if gain >= least && self.apply(draft, at, Some(slot), Some(other)) => {
                Outcome::Instead(other)
            }
            _ => Outcome::Stuck,
        }
    }

    fn is_on_the_way(&self, mut at: usize, request: usize) -> bool {
        loop {
            let node = self.nodes[at];
            if node.request as usize == request {
                return true;
            }
            if node.parent == ROOT {
                return false;
            }
            at = node.parent as usize;
        }
    }

    /// Moves everybody on the way from the root to a node; the node itself goes to `last`, or is given up, and so
    /// is `also`. `false`: the chain met itself, and nothing has changed.
    fn apply(&mut self, draft: &mut Draft, node: usize, last: Option<usize>, also: Option<usize>) -> bool {
        self.steps.clear();
        let mut target = last.map(|s| s as u16);
        let mut at = node;
        loop {
            let Node { request, parent, .. } = self.nodes[at];
            if let Some(slot) = target {
                self.steps.push((request, slot));
            }
            target = Some(draft.slot_of[request as usize]);
            if parent == ROOT {
                break;
            }
            at = parent as usize;
        }
        let mark = draft.mark();
        let mut at = node;
        while self.nodes[at].parent != ROOT {
            draft.take(self.nodes[at].request as usize);
            at = self.nodes[at].parent as usize;
        }
        if let Some(other) = also {
            draft.take(other);
        }
        for &(request, slot) in &self.steps {
            if !draft.can_put(request as usize, usize::from(slot)) {
                draft.back_to(mark);
                return false;
            }
            draft.put(request as usize, usize::from(slot));
        }
        true
    }
}
