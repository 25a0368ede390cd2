//! The exact search: can a request be seated with so many moves, nobody lost? It goes over final positions: seat the
//! newcomer in a slot; where a party's places are taken there, try every occupant as the one that leaves; seat those
//! in turn, with the moves that are left. Whoever has been seated is not moved again. That is complete: in any
//! solution somebody in such a full place must leave it, and the search tries each.
//! Deliberately not here: how many moves to try (`insert.rs`, `repair.rs`), and longer chains (`chain.rs`).

use super::Layout;
use super::suggest::busy;
use crate::board::NOWHERE;
use crate::comfort::Strain;
use crate::draft::Draft;
use crate::mask::{self, Bits, WORD};

/// What came of a search with so many moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Seated: the draft's journal has the steps.
    Seated,
    /// Not with so many, which is proved.
    Short,
    /// Not with any number of moves, which is proved.
    Never,
    /// The steps were spent before all was tried.
    Spent,
}

/// Who is to be seated, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer {
    pub request: usize,
    /// Where it was held until now: being seated elsewhere is a move; `NOWHERE` if it was not held.
    pub home: u16,
    /// Moves allowed.
    pub moves: usize,
}

/// Reusable space for searches over one board.
pub(super) struct Search {
    /// By request: the search in which it was last seated.
    seated: Vec<u32>,
    stamp: u32,
    /// Who needs a seat, the newcomer first, and the slot each has left.
    queue: Vec<(u32, u16)>,
    /// Occupants being tried, level upon level.
    tried: Vec<u32>,
    /// Who was ever taken out since the last [`Search::calm`].
    taken: Vec<u32>,
    home: u16,
    steps: usize,
    spent: bool,
    /// Whether anything was left untried for want of moves.
    cut: bool,
}

impl Search {
    pub(super) fn new(requests: usize) -> Search {
        Search {
            seated: vec![0; requests],
            stamp: 0,
            queue: Vec::new(),
            tried: Vec::new(),
            taken: Vec::new(),
            home: NOWHERE,
            steps: 0,
            spent: false,
            cut: false,
        }
    }

    /// Seats a newcomer, if that is possible; the caller has seen to it that no total is in the way. Without success
    /// the draft is as before. `steps` are used up.
    pub(super) fn seat(
        &mut self,
        layout: &Layout,
        draft: &mut Draft,
        newcomer: Newcomer,
        steps: &mut usize,
    ) -> Verdict {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.seated.fill(0);
            self.stamp = 1;
        }
        self.queue.clear();
        self.tried.clear();
        self.queue.push((newcomer.request as u32, NOWHERE));
        self.home = newcomer.home;
        (self.steps, self.spent, self.cut) = (*steps, false, false);
        let mut run = Run {
            search: self,
            layout,
            draft,
        };
        let done = run.seat_next(0, newcomer.moves);
        *steps = self.steps;
        match (done, self.spent, self.cut) {
            (true, ..) => Verdict::Seated,
            (false, true, _) => Verdict::Spent,
            (false, false, true) => Verdict::Short,
            (false, false, false) => Verdict::Never,
        }
    }

    /// Puts whoever was taken out, and is back, to its place among the occupants, and these others too.
    pub(super) fn calm(&mut self, draft: &mut Draft, others: impl Iterator<Item = u32>) {
        self.taken.extend(others);
        draft.settle(&mut self.taken);
    }

    fn step(&mut self) -> bool {
        self.spent = self.spent || self.steps == 0;
        self.steps = self.steps.saturating_sub(1);
        !self.spent
    }

    /// What it costs the one at a position of the queue to be seated in a slot; whoever was pushed out has paid.
    fn fare(&self, at: usize, slot: usize) -> usize {
        usize::from(at == 0 && self.home != NOWHERE && usize::from(self.home) != slot)
    }
}

/// A search under way: `at` is a position in the queue, `left` the moves left.
struct Run<'s, 'b> {
    search: &'s mut Search,
    layout: &'s Layout<'s>,
    draft: &'s mut Draft<'b>,
}

impl Run<'_, '_> {
    /// Seats the one at a position of the queue, and all after it.
    fn seat_next(&mut self, at: usize, left: usize) -> bool {
        let Some(&(request, from)) = self.search.queue.get(at) else {
            return true;
        };
        if !self.search.step() {
            return false;
        }
        let r = request as usize;
        for w in 0..self.draft.board.words {
            for bit in Bits::turned(without(free(self.draft, r, w), w, from), 0) {
                let slot = w * WORD + bit;
                let fare = self.search.fare(at, slot);
                if fare > left {
                    self.search.cut = true;
                } else if at + 1 == self.search.queue.len() {
                    return self.seat_last(at, slot, left);
                } else if self.seat_here(at, slot, left - fare) {
                    return true;
                }
            }
        }
        for w in 0..self.draft.board.words {
            let closed = self.draft.board.allowed(r)[w] & self.draft.open[w] & !free(self.draft, r, w);
            for bit in Bits::turned(without(closed, w, from), 0) {
                let slot = w * WORD + bit;
                let fare = self.search.fare(at, slot);
                if fare + 1 > left {
                    self.search.cut = true;
                } else if self.clear(at, slot, left - fare) {
                    return true;
                }
            }
        }
        false
    }

    /// Seats the last one, which has a free slot it can pay: at home if that is free, else where it strains least.
    fn seat_last(&mut self, at: usize, slot: usize, left: usize) -> bool {
        let (request, from) = self.search.queue[at];
        let (r, home) = (request as usize, usize::from(self.search.home));
        let is_home = |s: usize| at == 0 && s == home;
        let home_free = at == 0 && home < self.draft.board.slots && has_free(self.draft, r, home);
        let but = |s: usize| s == usize::from(from) || self.search.fare(at, s) > left || (home_free && !is_home(s));
        let best = best_free(self.layout, self.draft, r, but).unwrap_or(slot);
        self.draft.put(r, best);
        true
    }

    /// Seats the one at a position in a slot that is free for it, then all after it.
    fn seat_here(&mut self, at: usize, slot: usize, left: usize) -> bool {
        let request = self.search.queue[at].0 as usize;
        let mark = self.draft.mark();
        self.draft.put(request, slot);
        self.search.seated[request] = self.search.stamp;
        if self.seat_next(at + 1, left) {
            return true;
        }
        self.search.seated[request] = 0;
        self.draft.back_to(mark);
        false
    }

    /// Makes room in a slot for the one at a position, whoever leaves being seated after it.
    fn clear(&mut self, at: usize, slot: usize, left: usize) -> bool {
        let draft = &*self.draft;
        let request = self.search.queue[at].0 as usize;
        let members = draft.board.members(request);
        let closed = |p: &u32| !mask::has(draft.free(*p as usize), slot);
        let fewest = |p: &u32| draft.load(*p as usize, slot);
        let Some(party) = members.iter().copied().filter(closed).min_by_key(fewest) else {
            return self.seat_here(at, slot, left);
        };
        if left == 0 {
            self.search.cut = true;
            return false;
        }
        let first = self.search.tried.len();
        let occupants = draft.occupants(party as usize, slot).map(|r| r as u32);
        self.search.tried.extend(occupants);
        let mut done = false;
        for k in first..self.search.tried.len() {
            let other = self.search.tried[k] as usize;
            if self.draft.is_fast(other) || self.search.seated[other] == self.search.stamp {
                continue;
            }
            if !self.search.step() {
                break;
            }
            done = if left == 1 && at + 1 == self.search.queue.len() {
                self.swap_last(at, slot, other)
            } else {
                self.push_out((at, slot), other, left - 1)
            };
            if done {
                break;
            }
        }
        self.search.tried.truncate(first);
        done
    }

    /// Takes an occupant out for the one at a position, to be seated later with the moves left.
    fn push_out(&mut self, (at, slot): (usize, usize), other: usize, left: usize) -> bool {
        let mark = self.draft.mark();
        self.draft.take(other);
        self.search.taken.push(other as u32);
        self.search.queue.push((other as u32, slot as u16));
        if self.clear(at, slot, left) {
            return true;
        }
        self.search.queue.pop();
        self.draft.back_to(mark);
        false
    }

    /// The end of most searches: one move is left and one occupant may leave; its masks alone say whether it can.
    fn swap_last(&mut self, at: usize, slot: usize, other: usize) -> bool {
        let (draft, board) = (&*self.draft, self.draft.board);
        let request = self.search.queue[at].0 as usize;
        let closed = |p: &&u32| !mask::has(draft.free(**p as usize), slot);
        let makes_room = |p: &u32| board.members(other).contains(p);
        let free = |w| without(free(draft, other, w), w, slot as u16);
        if !board.members(request).iter().filter(closed).all(makes_room) || (0..board.words).all(|w| free(w) == 0) {
            self.search.cut = true;
            return false;
        }
        let Some(to) = best_free(self.layout, draft, other, |s| s == slot) else {
            return false;
        };
        self.search.taken.push(other as u32);
        self.draft.take(other);
        self.draft.put(request, slot);
        self.draft.put(other, to);
        true
    }
}

/// A word of slots without one of them.
fn without(word: u64, w: usize, slot: u16) -> u64 {
    let slot = usize::from(slot);
    if slot / WORD == w {
        word & !(1 << (slot % WORD))
    } else {
        word
    }
}

/// Slots of a word where a request could go as things are, whatever the parties' totals.
pub(super) fn free(draft: &Draft, request: usize, word: usize) -> u64 {
    let board = draft.board;
    let open = board.allowed(request)[word] & draft.open[word];
    let members = board.members(request).iter();
    members.fold(open, |open, &p| open & draft.free(p as usize)[word])
}

fn has_free(draft: &Draft, request: usize, slot: usize) -> bool {
    free(draft, request, slot / WORD) >> (slot % WORD) & 1 == 1
}

/// The free slot of a request that adds the least strain, the earliest of those; but for some.
pub(super) fn best_free(layout: &Layout, draft: &Draft, request: usize, but: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best: Option<(i64, usize)> = None;
    for w in 0..draft.board.words {
        for bit in Bits::turned(free(draft, request, w), 0) {
            let slot = w * WORD + bit;
            if but(slot) {
                continue;
            }
            let strain = strain(layout, draft, request, slot);
            let sum = strain.breaks + strain.dashes;
            if best.is_none_or(|(least, _)| sum < least) {
                best = Some((sum, slot));
            }
        }
    }
    best.map(|(_, slot)| slot)
}

/// What a request would add at the second level in a free slot, all its parties together.
pub(super) fn strain(layout: &Layout, draft: &Draft, request: usize, slot: usize) -> Strain {
    let members = draft.board.members(request).iter().map(|&p| p as usize);
    let added = |p| layout.comfort.added(p, slot, request, |s| busy(layout, draft, p, s));
    members.map(added).fold(Strain::default(), |sum, one| sum + one)
}
