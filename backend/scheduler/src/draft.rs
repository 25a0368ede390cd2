//! A timetable in the making: who stands where, what is free, the value so far, and a journal to take steps back.
//! Deliberately not here: which step to take (`chain.rs`, `improve.rs`).

use crate::board::{Board, NOWHERE};
use crate::mask;

/// Marks the end of a list of occupants.
const NONE: u32 = u32::MAX;

/// Invariants: no party is over its capacity in a slot or over its top; `free` has a party's bit exactly where its
/// load is below its capacity; `value` counts values less shortfalls; `waiting` is who is not placed. Nothing here
/// keeps `open` and `fast`: who chooses a step asks for them.
pub(crate) struct Draft<'a> {
    pub board: &'a Board,
    pub slot_of: Vec<u16>,
    pub value: i64,
    pub count: Vec<u32>,
    pub waiting: Vec<u32>,
    /// Slots things may go into; all of them, unless some are past.
    pub open: Vec<u64>,
    /// By request: whether it stays where it is.
    fast: Vec<bool>,
    waiting_at: Vec<u32>,
    load: Vec<u32>,
    free: Vec<u64>,
    /// By party and slot: the first entry of a list of occupants; an entry is a (request, party) position.
    list: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    owner: Vec<u32>,
    journal: Vec<(u32, u16)>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(board: &'a Board) -> Draft<'a> {
        let cells = board.parties * board.slots;
        let mut owner = vec![0; board.entry_count()];
        for r in 0..board.requests {
            owner[board.entries(r)].fill(r as u32);
        }
        let shortfall: i64 = (0..board.parties)
            .map(|p| i64::from(board.min[p]) * board.penalty[p])
            .sum();
        let mut free = vec![0u64; board.parties * board.words];
        for (p, row) in free.chunks_mut(board.words).enumerate() {
            let open = |&s: &usize| board.capacity[p * board.slots + s] > 0;
            (0..board.slots).filter(open).for_each(|s| mask::set(row, s));
        }
        Draft {
            board,
            slot_of: vec![NOWHERE; board.requests],
            value: -shortfall,
            count: vec![0; board.parties],
            waiting: (0..board.requests as u32).collect(),
            open: vec![u64::MAX; board.words],
            fast: (0..board.requests).map(|r| board.is_fixed(r)).collect(),
            waiting_at: (0..board.requests as u32).collect(),
            load: vec![0; cells],
            free,
            list: vec![NONE; cells],
            next: vec![NONE; board.entry_count()],
            previous: vec![NONE; board.entry_count()],
            owner,
            journal: Vec::new(),
        }
    }

    /// Slots where a party can take one more, as far as slots go.
    pub(crate) fn free(&self, party: usize) -> &[u64] {
        &self.free[party * self.board.words..][..self.board.words]
    }

    /// Whether a party can take no more over all slots.
    pub(crate) fn is_full(&self, party: usize) -> bool {
        self.count[party] >= self.board.top[party]
    }

    pub(crate) fn is_placed(&self, request: usize) -> bool {
        self.slot_of[request] != NOWHERE
    }

    /// Whether a request stays where it is: fixed, or frozen.
    pub(crate) fn is_fast(&self, request: usize) -> bool {
        self.fast[request]
    }

    /// From now on a request stays where it is.
    pub(crate) fn hold_fast(&mut self, request: usize) {
        self.fast[request] = true;
    }

    /// From now on nothing goes into slots before this one.
    pub(crate) fn close_before(&mut self, slot: usize) {
        (0..slot.min(self.board.slots)).for_each(|s| mask::clear(&mut self.open, s));
    }

    /// Meetings a party has in a slot.
    pub(crate) fn load(&self, party: usize, slot: usize) -> u32 {
        self.load[party * self.board.slots + slot]
    }

    /// What one more meeting of a party saves in penalties.
    pub(crate) fn saved(&self, party: usize) -> i64 {
        if self.count[party] < self.board.min[party] {
            self.board.penalty[party]
        } else {
            0
        }
    }

    /// What one meeting less of a party costs in penalties.
    pub(crate) fn owed(&self, party: usize) -> i64 {
        if self.count[party] <= self.board.min[party] {
            self.board.penalty[party]
        } else {
            0
        }
    }

    /// Change of value by placing a request, nobody going.
    pub(crate) fn gain(&self, request: usize) -> i64 {
        let saved: i64 = self
            .board
            .members(request)
            .iter()
            .map(|&p| self.saved(p as usize))
            .sum();
        self.board.value[request] + saved
    }

    /// Change of value by placing `new` instead of `old`.
    pub(crate) fn exchange_gain(&self, new: usize, old: usize) -> i64 {
        let (come, go) = (self.board.members(new), self.board.members(old));
        let mut gain = self.board.value[new] - self.board.value[old];
        for p in come {
            if !go.contains(p) {
                gain += self.saved(*p as usize);
            }
        }
        for p in go {
            if !come.contains(p) {
                gain -= self.owed(*p as usize);
            }
        }
        gain
    }

    /// Whether a request not placed now could stand in a slot as things are.
    pub(crate) fn can_put(&self, request: usize, slot: usize) -> bool {
        let open = |p: &u32| !self.is_full(*p as usize) && mask::has(self.free(*p as usize), slot);
        mask::has(self.board.allowed(request), slot) && self.board.members(request).iter().all(open)
    }

    /// Places a request; the caller has asked [`Draft::can_put`].
    pub(crate) fn put(&mut self, request: usize, slot: usize) {
        debug_assert!(!self.is_placed(request) && self.can_put(request, slot));
        self.journal.push((request as u32, NOWHERE));
        self.link(request, slot);
    }

    /// Takes a placed request out.
    pub(crate) fn take(&mut self, request: usize) {
        debug_assert!(self.is_placed(request));
        self.journal.push((request as u32, self.slot_of[request]));
        self.unlink(request);
    }

    fn link(&mut self, request: usize, slot: usize) {
        let board = self.board;
        for e in board.entries(request) {
            let p = board.member_at(e);
            self.value += self.saved(p);
            self.count[p] += 1;
            let cell = p * board.slots + slot;
            self.load[cell] += 1;
            if self.load[cell] >= board.capacity[cell] {
                mask::clear(&mut self.free[p * board.words..][..board.words], slot);
            }
            let head = std::mem::replace(&mut self.list[cell], e as u32);
            self.next[e] = head;
            self.previous[e] = NONE;
            if head != NONE {
                self.previous[head as usize] = e as u32;
            }
        }
        self.value += board.value[request];
        self.slot_of[request] = slot as u16;
        let at = self.waiting_at[request] as usize;
        self.waiting.swap_remove(at);
        if let Some(&moved) = self.waiting.get(at) {
            self.waiting_at[moved as usize] = at as u32;
        }
    }

    fn unlink(&mut self, request: usize) {
        let board = self.board;
        let slot = usize::from(self.slot_of[request]);
        for e in board.entries(request) {
            let p = board.member_at(e);
            self.value -= self.owed(p);
            self.count[p] -= 1;
            let cell = p * board.slots + slot;
            self.load[cell] -= 1;
            mask::set(&mut self.free[p * board.words..][..board.words], slot);
            self.leave(e, cell);
        }
        self.value -= board.value[request];
        self.slot_of[request] = NOWHERE;
        self.waiting_at[request] = self.waiting.len() as u32;
        self.waiting.push(request as u32);
    }

    /// The requests a party has in a slot.
    pub(crate) fn occupants(&self, party: usize, slot: usize) -> impl Iterator<Item = usize> + '_ {
        let mut e = self.list[party * self.board.slots + slot];
        std::iter::from_fn(move || {
            let here = self.owner.get(e as usize)?;
            e = self.next[e as usize];
            Some(*here as usize)
        })
    }

    /// Writes into a copy of the slots where everybody stood at the last [`Draft::commit`].
    pub(crate) fn rewind(&self, slots: &mut [u16]) {
        for &(request, slot) in self.journal.iter().rev() {
            slots[request as usize] = slot;
        }
    }

    /// Moves everybody to where they stand in another timetable of the board.
    pub(crate) fn become_like(&mut self, slots: &[u16]) {
        for (r, &slot) in slots.iter().enumerate() {
            if self.slot_of[r] != slot && self.is_placed(r) {
                self.take(r);
            }
        }
        for (r, &slot) in slots.iter().enumerate() {
            if self.slot_of[r] != slot {
                self.put(r, usize::from(slot));
            }
        }
        self.commit();
    }

    /// Puts those of some requests that are placed to their places among the occupants, who ascend but for them; so
    /// that what is found next does not depend on what was tried before.
    pub(crate) fn settle(&mut self, touched: &mut Vec<u32>) {
        let board = self.board;
        touched.sort_unstable();
        touched.dedup();
        touched.retain(|&r| self.is_placed(r as usize));
        let cells = |r: usize, slot: u16| {
            let cell = move |e| (e, board.member_at(e) * board.slots + usize::from(slot));
            board.entries(r).map(cell)
        };
        // All leave before any returns: the others must ascend by then.
        for &r in touched.iter() {
            for (e, cell) in cells(r as usize, self.slot_of[r as usize]) {
                self.leave(e, cell);
            }
        }
        for r in touched.drain(..) {
            for (e, cell) in cells(r as usize, self.slot_of[r as usize]) {
                self.enter(e, cell);
            }
        }
    }

    /// Puts an entry into a list that ascends.
    fn enter(&mut self, entry: usize, cell: usize) {
        let (mut before, mut after) = (NONE, self.list[cell]);
        while (after as usize) < entry {
            (before, after) = (after, self.next[after as usize]);
        }
        (self.previous[entry], self.next[entry]) = (before, after);
        if before == NONE {
            self.list[cell] = entry as u32;
        } else {
            self.next[before as usize] = entry as u32;
        }
        if after != NONE {
            self.previous[after as usize] = entry as u32;
        }
    }

    /// Takes an entry out of its list of occupants.
    fn leave(&mut self, entry: usize, cell: usize) {
        let (before, after) = (self.previous[entry], self.next[entry]);
        if before == NONE {
            self.list[cell] = after;
        } else {
            self.next[before as usize] = after;
        }
        if after != NONE {
            self.previous[after as usize] = before;
        }
    }

    /// The steps since a mark: the request, and where it was before the step.
    pub(crate) fn steps(&self, mark: usize) -> &[(u32, u16)] {
        &self.journal[mark..]
    }

    /// Forgets the way here: nothing before can be undone.
    pub(crate) fn commit(&mut self) {
        self.journal.clear();
    }

    /// A point to come back to until the next [`Draft::commit`].
    pub(crate) fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Undoes everything since a mark.
    pub(crate) fn back_to(&mut self, mark: usize) {
        while self.journal.len() > mark {
            if let Some((request, slot)) = self.journal.pop() {
                if slot == NOWHERE {
                    self.unlink(request as usize);
                } else {
                    self.link(request as usize, usize::from(slot));
                }
            }
        }
    }
}
