//! The second level: the same meetings at other times, with fewer breaks and dashes. Meetings exchange two slots in
//! chains (Kempe chains: whoever is in the way in the one slot goes to the other, until nobody is), under annealing,
//! in cycles like those of `improve.rs`; the best is kept. Deliberately not here: any change of what is held.

use crate::draft::Draft;
use crate::instance::Instance;
use crate::mask::{self, Bits, WORD};
use crate::pulse::Pulse;
use crate::random::Dice;
use crate::rows::Rows;

/// Most meetings that change slots at once.
const LONGEST: usize = 16;
/// Temperature at the start and end of a cycle, in breaks.
const WARM: f64 = 0.22;
const COLD: f64 = 0.1;
/// Moves of the first cycle, for each meeting.
const FIRST_CYCLE: u64 = 8;
/// Cycles without gain after which a run ends.
const PATIENCE: u32 = 12;
/// Of so many moves one goes beside a meeting in the same zone, the rest anywhere.
const BESIDE_ONE_IN: usize = 5;
/// Moves between two questions whether to stop.
const POLL_EVERY: u64 = 64;
/// Moves that cost about as much as one unit of work.
const MOVES_PER_WORK: u64 = 4;
/// Steps remembered since the best, for each request, before the best is written down instead.
const STEPS_PER_REQUEST: usize = 2;

/// Reusable between runs over one board.
pub(crate) struct Polish {
    rows: Rows,
    dice: Dice,
    cycle: u64,
    placed: Vec<u32>,
    chain: Vec<u32>,
    /// By party: a stamp, the change of its load in the slot left and in the slot entered, and its rows there.
    touched: Vec<Touch>,
    touched_list: Vec<u32>,
    stamp: u32,
    in_chain: Vec<u32>,
    heat: f64,
    /// No timetable of the same meetings has fewer breaks and dashes, as far as known.
    pub least: i64,
}

#[derive(Clone, Copy, Default)]
struct Touch {
    stamp: u32,
    /// Change of load, first slot and second.
    load: [i32; 2],
    /// What the row will read there, where somebody arrives.
    arrives: [u16; 2],
}

/// The best there was: written down, or to be had by taking back what the draft remembers.
struct Best {
    cost: i64,
    slots: Vec<u16>,
    /// Whether the draft's journal leads back to it, instead of `slots`.
    journaled: bool,
}

impl Polish {
    pub(crate) fn new(instance: &Instance, seed: u64) -> Polish {
        Polish {
            rows: Rows::new(instance),
            dice: Dice::new(seed),
            cycle: 0,
            placed: Vec::new(),
            chain: Vec::new(),
            touched: vec![Touch::default(); instance.parties().len()],
            touched_list: Vec::new(),
            stamp: 0,
            in_chain: vec![0; instance.requests().len()],
            heat: 0.0,
            least: 0,
        }
    }

    /// Breaks and dashes of a draft.
    fn cost(&mut self, draft: &Draft) -> i64 {
        self.rows.read(draft);
        (0..draft.board.parties).map(|p| self.rows.cost(p)).sum()
    }

    /// Cycles until so much work is done, many have brought nothing, or the pulse says so.
    pub(crate) fn run(&mut self, draft: &mut Draft, pulse: &mut Pulse, work: u64) {
        let end = pulse.best.work.saturating_add(work);
        let mut idle = 0;
        while pulse.best.work < end && !pulse.is_stopped() && idle < PATIENCE {
            idle = match self.run_cycle(draft, pulse, end) {
                None => return,
                Some(0) => idle + 1,
                Some(_) => 0,
            };
        }
    }

    /// One cycle, or what the end and the pulse leave of it; the best is in the draft then. By how much it is better;
    /// `None`: there is nothing to gain, or nobody to move.
    fn run_cycle(&mut self, draft: &mut Draft, pulse: &mut Pulse, end: u64) -> Option<i64> {
        let board = draft.board;
        draft.commit();
        let start = self.cost(draft);
        let movable = |&r: &u32| draft.is_placed(r as usize) && !board.is_fixed(r as usize);
        self.placed = (0..board.requests as u32).filter(movable).collect();
        if start <= self.least || self.placed.is_empty() {
            return None;
        }
        self.cycle = (self.cycle * 2).max(self.placed.len() as u64 * FIRST_CYCLE);
        let left = (end - pulse.best.work).saturating_mul(MOVES_PER_WORK);
        let length = if left < 2 * self.cycle { left } else { self.cycle };
        let mut best = Best {
            cost: start,
            slots: draft.slot_of.clone(),
            journaled: false,
        };
        let mut cost = start;
        for k in 0..length {
            if k % POLL_EVERY == 0 {
                let done = k as f64 / length as f64;
                self.heat = WARM * (COLD / WARM).powf(done);
                if pulse.poll() || pulse.spend(POLL_EVERY / MOVES_PER_WORK) {
                    break;
                }
            }
            cost += self.step(draft);
            if cost < best.cost {
                best.cost = cost;
                best.journaled = true;
                draft.commit();
                if cost <= self.least {
                    break;
                }
            } else if draft.mark() > STEPS_PER_REQUEST * board.requests + LONGEST {
                best.write_down(draft);
            }
        }
        let gained = start - best.cost;
        best.restore(draft);
        Some(gained)
    }

    /// Tries one move; the change of breaks and dashes it made.
    fn step(&mut self, draft: &mut Draft) -> i64 {
        let board = draft.board;
        let request = self.placed[self.dice.below(self.placed.len())] as usize;
        let from = usize::from(draft.slot_of[request]);
        let Some(to) = self.target(draft, request, from) else {
            return 0;
        };
        if to == from || !mask::has(board.allowed(request), to) || !self.grow_chain(draft, request, from, to) {
            return 0;
        }
        let mut change = 0;
        for k in 0..self.touched_list.len() {
            let p = self.touched_list[k] as usize;
            if self.rows.counts(p).any() {
                let (a, b) = self.written(draft, p, from, to);
                change += self.rows.change(p, (from, a), (to, b));
            }
        }
        if change > 0 && self.dice.unit() >= (-(change as f64) / self.heat).exp() {
            return 0;
        }
        self.apply(draft, from, to);
        change
    }

    /// A slot to go to: beside a meeting of the same party in the same zone, or any.
    fn target(&mut self, draft: &Draft, request: usize, from: usize) -> Option<usize> {
        let board = draft.board;
        let slots = board.slots;
        if self.dice.below(BESIDE_ONE_IN) == 0 {
            let members = board.members(request);
            let party = members[self.dice.below(members.len())] as usize;
            if self.rows.counts(party).any() {
                let row = self.rows.row(party);
                let start = self.dice.below(slots);
                let same = |&s: &usize| s != from && row[s] == row[from];
                if let Some(near) = (start..slots).chain(0..start).find(same) {
                    let later = self.dice.below(2) == 0;
                    return if later {
                        self.rows.follows(near + 1).then_some(near + 1)
                    } else {
                        self.rows.follows(near).then(|| near - 1)
                    };
                }
            }
        }
        let allowed = board.allowed(request);
        let w = self.dice.below(board.words);
        let turn = self.dice.below(slots.min(WORD)) as u32;
        Bits::turned(allowed[w], turn).next().map(|bit| w * WORD + bit)
    }

    /// Finds who has to change between two slots so that the first may go; `false` if that is too many or not
    /// possible.
    fn grow_chain(&mut self, draft: &Draft, first: usize, from: usize, to: usize) -> bool {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.in_chain.fill(0);
            self.touched.fill(Touch::default());
            self.stamp = 1;
        }
        self.touched_list.clear();
        self.chain.clear();
        let board = draft.board;
        self.join(draft, first, from, to);
        let mut k = 0;
        while k < self.chain.len() {
            let request = self.chain[k] as usize;
            let out = usize::from(draft.slot_of[request]);
            let into = if out == from { to } else { from };
            let side = usize::from(into == to);
            for &p in board.members(request) {
                let p = p as usize;
                let room = board.capacity[p * board.slots + into] as i32 - draft.load(p, into) as i32;
                while room < self.touched[p].load[side] {
                    if self.chain.len() >= LONGEST {
                        return false;
                    }
                    let Some(other) = self.yielding(draft, p, into, out) else {
                        return false;
                    };
                    self.join(draft, other, from, to);
                }
            }
            k += 1;
        }
        true
    }

    /// Who of a party's meetings in a slot may go to the other: rather one nobody else has to make room for.
    fn yielding(&mut self, draft: &Draft, party: usize, slot: usize, other_slot: usize) -> Option<usize> {
        let board = draft.board;
        let mut found = None;
        for r in draft.occupants(party, slot) {
            if self.in_chain[r] == self.stamp || board.is_fixed(r) || !mask::has(board.allowed(r), other_slot) {
                continue;
            }
            let open = |&q: &u32| q as usize == party || mask::has(draft.free(q as usize), other_slot);
            if board.members(r).iter().all(open) {
                return Some(r);
            }
            found = found.or(Some(r));
        }
        found
    }

    fn join(&mut self, draft: &Draft, request: usize, from: usize, to: usize) {
        self.in_chain[request] = self.stamp;
        self.chain.push(request as u32);
        let goes = usize::from(draft.slot_of[request]) == from;
        debug_assert!(goes || usize::from(draft.slot_of[request]) == to);
        let (left, entered) = if goes { (0, 1) } else { (1, 0) };
        let mark = self.rows.mark(request);
        for &p in draft.board.members(request) {
            let touch = &mut self.touched[p as usize];
            if touch.stamp != self.stamp {
                *touch = Touch {
                    stamp: self.stamp,
                    ..Touch::default()
                };
                self.touched_list.push(p);
            }
            touch.load[left] -= 1;
            touch.load[entered] += 1;
            touch.arrives[entered] = mark;
        }
    }

    /// What a touched party's row reads in the two slots after the chain.
    fn written(&self, draft: &Draft, party: usize, from: usize, to: usize) -> (u16, u16) {
        let touch = &self.touched[party];
        let after = |side: usize, slot: usize| {
            if draft.load(party, slot) as i32 + touch.load[side] <= 0 {
                Rows::idle()
            } else if touch.arrives[side] != Rows::idle() {
                touch.arrives[side]
            } else {
                self.rows.row(party)[slot]
            }
        };
        (after(0, from), after(1, to))
    }

    fn apply(&mut self, draft: &mut Draft, from: usize, to: usize) {
        for k in 0..self.touched_list.len() {
            let p = self.touched_list[k] as usize;
            if self.rows.counts(p).any() {
                let (a, b) = self.written(draft, p, from, to);
                self.rows.set(p, from, a);
                self.rows.set(p, to, b);
            }
        }
        for k in 0..self.chain.len() {
            let request = self.chain[k] as usize;
            // The end of a link leads to its target: a chain goes from one slot to the other and back.
            let target = if usize::from(draft.slot_of[request]) == from {
                to
            } else {
                from
            };
            draft.take(request);
            self.chain[k] |= if target == to { 1 << 31 } else { 0 };
        }
        for &link in &self.chain {
            let slot = if link >> 31 == 1 { to } else { from };
            draft.put((link & !(1 << 31)) as usize, slot);
        }
    }
}

impl Best {
    /// Forgets the way back, for it has grown long: the best is written down first, if it was not.
    fn write_down(&mut self, draft: &mut Draft) {
        if self.journaled {
            self.slots.clone_from(&draft.slot_of);
            draft.rewind(&mut self.slots);
            self.journaled = false;
        }
        draft.commit();
    }

    fn restore(mut self, draft: &mut Draft) {
        self.write_down(draft);
        draft.become_like(&self.slots);
    }
}
