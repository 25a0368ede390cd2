//! Repair: a timetable against a world that has changed; the one verb for a cancellation, a late arrival, an early
//! departure, a closed booth, a lost table, an interpreter taken ill. Everybody stays who can; whoever cannot is
//! seated again with the fewest moves, the exact search first and longer chains only where it fails; what finds no
//! seat is lost, and said to be. Deliberately not here: what changed (`edit.rs`).

use super::change::{Change, Standing, counted};
use super::insert::NODE_STEPS;
use super::search::{Newcomer, Search, Verdict, best_free, free};
use super::{Frozen, Layout, LiveError, check_input, stays};
use crate::board::{Board, NOWHERE};
use crate::chain::{Chains, Outcome, Terms};
use crate::draft::Draft;
use crate::mask;
use crate::price::{Prices, bound};
use std::cmp::Reverse;
use std::fmt;

/// The exact search goes up to so many moves a meeting, pass by pass.
const DEEPEST: usize = 3;
/// Requests a chain may look at after that.
const CHAIN_NODES: usize = 1000;
/// Steps every search is given, however many are waiting for theirs.
const LEAST_STEPS: usize = 200;

/// What a repair may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairTerms {
    /// What may not be touched. What is fixed, frozen or past stays unless it cannot, and then falls away.
    pub frozen: Frozen,
    /// At most so many meetings are held in another slot than before.
    pub most_moved: usize,
    /// What becomes of freed room.
    pub room: FreedRoom,
    /// Steps of all searches together.
    pub nodes: usize,
}

impl Default for RepairTerms {
    fn default() -> RepairTerms {
        RepairTerms {
            frozen: Frozen::default(),
            most_moved: 20,
            room: FreedRoom::Keep,
            nodes: 60_000,
        }
    }
}

/// What becomes of freed room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreedRoom {
    /// It stays free.
    Keep,
    /// Waiting requests that fit without anybody moving get it, the most valuable first.
    Fill,
}

/// The least disturbing way out that was found. Nothing has been changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What moves, falls away and comes.
    pub change: Change,
    /// Of those that move or fall away, the ones that stood where not all could stay; the others make room for them.
    pub forced: Vec<u32>,
    /// So many meetings must move or fall away whatever one does: proved.
    pub at_least: usize,
    /// What it is worth; before: as if everything could still be held.
    pub standing: Standing,
}

/// The least disturbing way from an old timetable to one that fits the instance as it is now. A preview.
pub fn repair(
    layout: &Layout,
    before: &[Option<u16>],
    prices: &Prices,
    terms: &RepairTerms,
) -> Result<Repair, LiveError> {
    check_input(&layout.board, before, prices, &terms.frozen)?;
    let home: Vec<u16> = before.iter().map(|s| s.unwrap_or(NOWHERE)).collect();
    let crowd = Crowd::new(&layout.board, &home);
    let mut work = Repairing::new(layout, &home, &crowd, terms);
    for moves in 1..=DEEPEST {
        work.seat_all(moves);
    }
    work.follow_chains();
    work.let_cheaper_go();
    if terms.room == FreedRoom::Fill {
        work.fill();
    }
    let draft = &work.draft;
    let all = 0..layout.board.requests as u32;
    let change = Change::between(layout, all, |r| home[r], |r| draft.slot_of[r]);
    let forced = change.moves.iter().filter(|m| m.from.is_some()).map(|m| m.request);
    Ok(Repair {
        forced: forced
            .filter(|&r| crowd.is_pressed(&layout.board, &home, r as usize))
            .collect(),
        at_least: crowd.at_least(&layout.board),
        standing: Standing {
            value_before: draft.value - change.value,
            value_after: draft.value,
            upper_bound: bound(&layout.board, prices),
        },
        change,
    })
}

/// Where the old timetable asks for more than there is.
struct Crowd {
    /// party × slots: meetings that would be held, were there room for all whose slot is still open to them.
    load: Vec<u32>,
    /// By party: meetings held before, those included whose slot is closed to them.
    count: Vec<u32>,
    /// Meetings whose slot is closed to them.
    shut_out: usize,
}

impl Crowd {
    fn new(board: &Board, home: &[u16]) -> Crowd {
        let mut crowd = Crowd {
            load: vec![0; board.parties * board.slots],
            count: vec![0; board.parties],
            shut_out: 0,
        };
        for (r, &slot) in home.iter().enumerate().filter(|(_, slot)| **slot != NOWHERE) {
            let slot = usize::from(slot);
            let open = mask::has(board.allowed(r), slot);
            crowd.shut_out += usize::from(!open);
            for &p in board.members(r) {
                crowd.count[p as usize] += 1;
                crowd.load[p as usize * board.slots + slot] += u32::from(open);
            }
        }
        crowd
    }

    fn excess(&self, board: &Board, party: usize, slot: usize) -> u32 {
        let cell = party * board.slots + slot;
        self.load[cell].saturating_sub(board.capacity[cell])
    }

    /// At how many parties a held request is one too many, its slot or the total.
    fn pressure(&self, board: &Board, request: usize, slot: usize) -> usize {
        let members = board.members(request).iter().map(|&p| p as usize);
        let pressed = |p: &usize| self.excess(board, *p, slot) > 0 || self.count[*p] > board.top[*p];
        members.filter(pressed).count()
    }

    /// Whether a held request stood where not all could stay.
    fn is_pressed(&self, board: &Board, home: &[u16], request: usize) -> bool {
        let slot = usize::from(home[request]);
        !mask::has(board.allowed(request), slot) || self.pressure(board, request, slot) > 0
    }

    /// Meetings that must move or fall away: those shut out, and beside them in every slot at least the excess of its
    /// fullest party, for meetings in different slots are different ones; or what a party's total forces out.
    fn at_least(&self, board: &Board) -> usize {
        let fullest = |slot| {
            (0..board.parties)
                .map(|p| self.excess(board, p, slot))
                .max()
                .unwrap_or(0)
        };
        let crowded: u32 = (0..board.slots).map(fullest).sum();
        let over = (0..board.parties)
            .map(|p| self.count[p].saturating_sub(board.top[p]))
            .max();
        (self.shut_out + crowded as usize).max(over.unwrap_or(0) as usize)
    }
}

/// A repair under way.
struct Repairing<'a> {
    layout: &'a Layout<'a>,
    home: &'a [u16],
    terms: &'a RepairTerms,
    draft: Draft<'a>,
    search: Search,
    chains: Chains,
    /// Held before, and not yet seated again.
    out: Vec<u32>,
    moved: usize,
    steps: usize,
}

impl<'a> Repairing<'a> {
    /// Lets everybody stay who can: what is held fast first, then those in nobody's way, then the most valuable.
    fn new(layout: &'a Layout<'a>, home: &'a [u16], crowd: &Crowd, terms: &'a RepairTerms) -> Repairing<'a> {
        let board = &layout.board;
        let fast = |r: usize| board.is_fixed(r) || stays(&terms.frozen, r, Some(home[r]));
        let mut order: Vec<usize> = (0..board.requests).filter(|&r| home[r] != NOWHERE).collect();
        order.sort_by_cached_key(|&r| {
            let pressure = crowd.pressure(board, r, usize::from(home[r]));
            (!fast(r), pressure, Reverse(board.value[r]), r)
        });
        let mut draft = Draft::new(board);
        let mut out = Vec::new();
        for r in order {
            let slot = usize::from(home[r]);
            if draft.can_put(r, slot) {
                draft.put(r, slot);
            } else {
                out.push(r as u32);
            }
        }
        for r in (0..board.requests).filter(|&r| stays(&terms.frozen, r, Some(home[r]).filter(|&s| s != NOWHERE))) {
            draft.hold_fast(r);
        }
        draft.close_before(usize::from(terms.frozen.before_slot));
        draft.commit();
        // A fixed one may still go to where it is promised; frozen and past ones go nowhere.
        out.retain(|&r| !draft.is_fast(r as usize) || board.is_fixed(r as usize));
        out.retain(|&r| !stays(&terms.frozen, r as usize, Some(home[r as usize])));
        let room = |r: u32| {
            (0..board.words)
                .map(|w| free(&draft, r as usize, w).count_ones())
                .sum::<u32>()
        };
        // Where not all may be seated elsewhere, the most valuable come first; else those hardest to seat.
        let scarce = u32::from(out.len() <= terms.most_moved);
        out.sort_by_cached_key(|&r| (room(r) * scarce, Reverse(board.value[r as usize]), r));
        Repairing {
            layout,
            home,
            terms,
            draft,
            search: Search::new(board.requests),
            chains: Chains::new(board.requests),
            out,
            moved: 0,
            steps: terms.nodes,
        }
    }

    fn is_full(&self, request: usize) -> bool {
        let members = self.draft.board.members(request);
        members.iter().any(|&p| self.draft.is_full(p as usize))
    }

    /// Tries to seat everybody who is out with so many moves each, their own included.
    fn seat_all(&mut self, moves: usize) {
        let out = std::mem::take(&mut self.out);
        let many = out.len();
        for (k, &r) in out.iter().enumerate() {
            let newcomer = Newcomer {
                request: r as usize,
                home: self.home[r as usize],
                moves: moves.min(self.terms.most_moved - self.moved),
            };
            let share = (self.steps / (many - k)).max(LEAST_STEPS).min(self.steps);
            let mut steps = share;
            let mut seated = false;
            if newcomer.moves > 0 && !self.is_full(r as usize) {
                let found = (self.search).seat(self.layout, &mut self.draft, newcomer, &mut steps);
                seated = found == Verdict::Seated;
            }
            self.steps -= share - steps;
            self.take_stock();
            if !seated {
                self.out.push(r);
            }
        }
    }

    /// Counts what the last steps moved, and keeps them.
    fn take_stock(&mut self) {
        self.moved = self.moved_after_all();
        self.draft.commit();
    }

    /// Meetings that stand elsewhere than before, the last steps counted.
    fn moved_after_all(&self) -> usize {
        let mut first: Vec<(u32, u16)> = self.draft.steps(0).to_vec();
        first.sort_by_key(|&(r, _)| r);
        first.dedup_by_key(|&mut (r, _)| r);
        let elsewhere = |r: u32, slot: u16| slot != NOWHERE && slot != self.home[r as usize];
        let before = first.iter().filter(|&&(r, was)| elsewhere(r, was)).count();
        let after = first
            .iter()
            .filter(|&&(r, _)| elsewhere(r, self.draft.slot_of[r as usize]))
            .count();
        self.moved + after - before
    }

    /// Whoever is still out is seated by a longer chain of moves, if there are so many moves left.
    fn follow_chains(&mut self) {
        let out = std::mem::take(&mut self.out);
        for r in out {
            let terms = Terms {
                nodes: CHAIN_NODES.min(self.steps / NODE_STEPS),
                least: None,
                turn: 0,
            };
            let hopeful = terms.nodes > 0 && self.moved < self.terms.most_moved && !self.is_full(r as usize);
            let placed = hopeful && self.chains.place(&mut self.draft, r as usize, terms) == Outcome::Placed;
            let seated = placed && self.moved_after_all() <= self.terms.most_moved;
            if placed && !seated {
                self.draft.back_to(0);
            }
            if hopeful {
                let nodes = self.chains.looked_at().count();
                self.steps = self.steps.saturating_sub(nodes * NODE_STEPS);
            }
            self.take_stock();
            if !seated {
                self.out.push(r);
            }
        }
    }

    /// Where somebody must be lost, the one that costs least: whoever is out returns home if another there is worth
    /// less. As many are disturbed, and more value is kept.
    fn let_cheaper_go(&mut self) {
        for k in 0..self.out.len() {
            let r = self.out[k] as usize;
            let slot = usize::from(self.home[r]);
            if !mask::has(self.draft.board.allowed(r), slot) || !mask::has(&self.draft.open, slot) {
                continue;
            }
            let mut best: Option<(i64, usize)> = None;
            for other in self.in_the_way(r, slot) {
                let before = self.draft.value;
                self.draft.take(other);
                if self.draft.can_put(r, slot) {
                    self.draft.put(r, slot);
                    let gain = self.draft.value - before;
                    if gain > 0 && best.is_none_or(|(most, _)| gain > most) {
                        best = Some((gain, other));
                    }
                }
                self.draft.back_to(0);
            }
            if let Some((_, other)) = best {
                self.draft.take(other);
                self.draft.put(r, slot);
                self.take_stock();
            }
        }
    }

    /// Of the meetings that may move, those at the one party that closes a request's slot to it, or is full.
    fn in_the_way(&self, request: usize, slot: usize) -> Vec<usize> {
        let draft = &self.draft;
        let members = || draft.board.members(request).iter().map(|&p| p as usize);
        let closed = members().find(|&p| !mask::has(draft.free(p), slot));
        let full = members().find(|&p| draft.is_full(p));
        let mut found: Vec<usize> = match (closed, full) {
            (Some(p), _) => draft.occupants(p, slot).collect(),
            (None, Some(p)) => draft.board.wishes(p).iter().map(|&r| r as usize).collect(),
            (None, None) => Vec::new(),
        };
        found.retain(|&r| draft.is_placed(r) && !draft.is_fast(r));
        found.sort_unstable();
        found
    }

    /// Gives free room to waiting requests that were not held before, nobody moving.
    fn fill(&mut self) {
        let board = self.draft.board;
        let waits = |&r: &usize| {
            let frozen = self.draft.is_fast(r) && !board.is_fixed(r);
            self.home[r] == NOWHERE && !frozen && !self.is_full(r)
        };
        let mut waiting: Vec<usize> = (0..board.requests).filter(waits).collect();
        waiting.sort_by_cached_key(|&r| (Reverse(self.draft.gain(r)), r));
        for r in waiting {
            if self.is_full(r) {
                continue;
            }
            if let Some(slot) = best_free(self.layout, &self.draft, r, |_| false) {
                self.draft.put(r, slot);
            }
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repair {
            change,
            at_least,
            standing,
            ..
        } = self;
        let least = counted(*at_least, "meeting");
        write!(f, "{change}; at least {least} had to move or fall away; {standing}")
    }
}
