//! The instance laid out for speed: flat rows, slot masks, who is in which request; and the one way an instance
//! can have no timetable at all, fixed meetings that clash. Deliberately not here: anything that changes in a run.

use crate::instance::Instance;
use crate::mask;
use std::fmt;

/// "Nowhere": a request that is not placed, or not fixed. Slots end below [`crate::MAX_SLOTS`].
pub(crate) const NOWHERE: u16 = u16::MAX;

/// Rows by party or request; `words` words make a row of slots, `slots` numbers a row of capacities.
#[derive(Debug)]
pub(crate) struct Board {
    pub parties: usize,
    pub requests: usize,
    pub slots: usize,
    pub words: usize,
    /// party × slots
    pub capacity: Vec<u32>,
    /// By party: the smaller of `max` and the capacities' sum.
    pub top: Vec<u32>,
    /// By party: meetings below which every missing one costs `penalty`.
    pub min: Vec<u32>,
    pub penalty: Vec<i64>,
    /// By request.
    pub value: Vec<i64>,
    pub fixed: Vec<u16>,
    /// request × words: slots where it may stand and every party is present.
    pub allowed: Vec<u64>,
    member_start: Vec<u32>,
    member: Vec<u32>,
    wish_start: Vec<u32>,
    wish: Vec<u32>,
}

/// Why no timetable exists: these fixed meetings cannot all be held. Invariant: the smallest such set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Infeasible {
    /// Ids of the fixed requests that clash; leaving any one out would do.
    pub requests: Vec<String>,
    /// The party they clash at.
    pub party: String,
    /// The slot they clash in; `None`: together they exceed the party's maximum over all slots.
    pub slot: Option<u16>,
    /// How many of them the party could hold.
    pub room: u32,
}

impl fmt::Display for Infeasible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = self.requests.join(", ");
        let noun = if self.requests.len() == 1 {
            "meeting"
        } else {
            "meetings"
        };
        match self.slot {
            Some(slot) => write!(
                f,
                "fixed {noun} {list} cannot be held: party {} has room for {} in slot {slot}",
                self.party, self.room
            ),
            None => write!(
                f,
                "fixed {noun} {list} cannot be held: party {} may have {} meetings in all",
                self.party, self.room
            ),
        }
    }
}

impl std::error::Error for Infeasible {}

impl Board {
    pub(crate) fn new(instance: &Instance) -> Board {
        let slots = usize::from(instance.slots());
        let words = mask::words(slots);
        let mut board = Board {
            parties: instance.parties().len(),
            requests: instance.requests().len(),
            slots,
            words,
            capacity: Vec::with_capacity(instance.parties().len() * slots),
            top: Vec::new(),
            min: Vec::new(),
            penalty: Vec::new(),
            value: instance.requests().iter().map(|r| i64::from(r.value)).collect(),
            fixed: instance.requests().iter().map(|r| r.fixed.unwrap_or(NOWHERE)).collect(),
            allowed: Vec::new(),
            member_start: vec![0],
            member: Vec::new(),
            wish_start: Vec::new(),
            wish: Vec::new(),
        };
        board.lay_parties(instance);
        board.lay_requests(instance);
        board.lay_wishes();
        board
    }

    fn lay_parties(&mut self, instance: &Instance) {
        for party in instance.parties() {
            self.capacity.extend_from_slice(&party.capacity);
            let sum: u64 = party.capacity.iter().map(|&c| u64::from(c)).sum();
            let most = u64::from(party.max.unwrap_or(u32::MAX));
            // 512 slots of a million each fit 32 bits.
            self.top.push(sum.min(most) as u32);
            self.min.push(party.min.unwrap_or(0));
            self.penalty.push(i64::from(party.min_penalty.unwrap_or(0)));
        }
    }

    fn lay_requests(&mut self, instance: &Instance) {
        let mut present = vec![0u64; self.parties * self.words];
        for (p, row) in present.chunks_mut(self.words).enumerate() {
            for slot in 0..self.slots {
                if self.capacity[p * self.slots + slot] > 0 {
                    mask::set(row, slot);
                }
            }
        }
        let mut row = vec![0u64; self.words];
        for request in instance.requests() {
            match (request.fixed, &request.slots) {
                (None, None) => row.fill(u64::MAX),
                (Some(slot), _) => {
                    row.fill(0);
                    mask::set(&mut row, usize::from(slot));
                }
                (None, Some(list)) => {
                    row.fill(0);
                    for &slot in list {
                        mask::set(&mut row, usize::from(slot));
                    }
                }
            }
            for &p in &request.parties {
                let there = &present[p as usize * self.words..][..self.words];
                row.iter_mut().zip(there).for_each(|(a, b)| *a &= b);
            }
            self.allowed.extend_from_slice(&row);
            self.member.extend_from_slice(&request.parties);
            self.member_start.push(self.member.len() as u32);
        }
    }

    fn lay_wishes(&mut self) {
        let mut start = vec![0u32; self.parties + 1];
        for &p in &self.member {
            start[p as usize + 1] += 1;
        }
        for p in 0..self.parties {
            start[p + 1] += start[p];
        }
        let mut at = start.clone();
        self.wish = vec![0; self.member.len()];
        for r in 0..self.requests {
            for k in self.entries(r) {
                let p = self.member[k] as usize;
                self.wish[at[p] as usize] = r as u32;
                at[p] += 1;
            }
        }
        self.wish_start = start;
    }

    /// The positions of a request's parties in the flat row of all of them.
    pub(crate) fn entries(&self, request: usize) -> std::ops::Range<usize> {
        self.member_start[request] as usize..self.member_start[request + 1] as usize
    }

    /// How many (request, party) entries there are in all.
    pub(crate) fn entry_count(&self) -> usize {
        self.member.len()
    }

    /// The party at an entry.
    pub(crate) fn member_at(&self, entry: usize) -> usize {
        self.member[entry] as usize
    }

    /// The parties of a request.
    pub(crate) fn members(&self, request: usize) -> &[u32] {
        &self.member[self.entries(request)]
    }

    /// The requests that need a party, ascending.
    pub(crate) fn wishes(&self, party: usize) -> &[u32] {
        &self.wish[self.wish_start[party] as usize..self.wish_start[party + 1] as usize]
    }

    /// The slots a request may stand in.
    pub(crate) fn allowed(&self, request: usize) -> &[u64] {
        &self.allowed[request * self.words..][..self.words]
    }

    pub(crate) fn is_fixed(&self, request: usize) -> bool {
        self.fixed[request] != NOWHERE
    }

    /// The smallest set of fixed meetings that cannot all be held, if there is one.
    pub(crate) fn clash(&self, instance: &Instance) -> Option<Infeasible> {
        let mut best: Option<Infeasible> = None;
        let mut offer = |party: usize, slot: Option<u16>, room: u32, held: &[u32]| {
            let small = best.as_ref().is_none_or(|b| (room as usize) < b.room as usize);
            if held.len() > room as usize && small {
                let ids = held.iter().take(room as usize + 1);
                best = Some(Infeasible {
                    requests: ids.map(|&r| instance.requests()[r as usize].id.clone()).collect(),
                    party: instance.parties()[party].id.clone(),
                    slot,
                    room,
                });
            }
        };
        let mut by_slot: Vec<Vec<u32>> = vec![Vec::new(); self.slots];
        for p in 0..self.parties {
            let held: Vec<u32> = self
                .wishes(p)
                .iter()
                .copied()
                .filter(|&r| self.is_fixed(r as usize))
                .collect();
            if held.is_empty() {
                continue;
            }
            by_slot.iter_mut().for_each(Vec::clear);
            for &r in &held {
                by_slot[usize::from(self.fixed[r as usize])].push(r);
            }
            for (slot, list) in by_slot.iter().enumerate() {
                offer(p, Some(slot as u16), self.capacity[p * self.slots + slot], list);
            }
            offer(p, None, self.top[p], &held);
        }
        best
    }
}
