//! Improvement by exchange under annealing: a waiting request comes in, by a chain of moves, for one that is given
//! up; worse values are accepted with falling probability; the best is kept. Runs in cycles, each twice as long as
//! the one before, each starting from the best, so it answers well at any time.
//! Deliberately not here: bounds; and moves that leave the value as it is for the second level's sake (`polish.rs`,
//! which is lent the best between two cycles).

use crate::chain::{Chains, Outcome, Terms};
use crate::draft::Draft;
use crate::mask::{self, WORD};
use crate::polish::Polish;
use crate::price::{PRICE_PARTS, Prices, surplus};
use crate::pulse::Pulse;
use crate::random::Dice;

/// Requests a chain may look at when somebody must go, and when there should be room for all.
const EXCHANGE_NODES: usize = 48;
const ROOM_NODES: usize = 160;
/// Of the searches for room without loss, one in so many looks as far as before a cycle.
const PATIENT_ONE_IN: usize = 128;
/// Requests tried hard before a cycle, and what their chains may look at.
const INSIST: usize = 128;
const INSIST_NODES: usize = 4000;
/// Requests looked at in trying hard, for every move of the cycle that follows.
const NODES_PER_MOVE: u64 = 4;
/// Moves between two questions whether to stop.
const POLL_EVERY: u64 = 16;
/// How many parties that lately lost a meeting are remembered.
const RECENT: usize = 64;
/// Of the newcomers no chain places, one in so many is put in by force.
const FORCE_ONE_IN: usize = 4;
/// Tries to pick a newcomer that is worth a search.
const PICKS: usize = 12;
/// A newcomer may be worth less than its prices by this share of the mean value: the best timetable need not follow
/// the prices to the last.
const SLACK: f64 = 0.13;
/// Temperature at the start and end of a cycle, as a share of the mean value; every second cycle begins hot, which
/// is needed where all values are alike and one must be lost to win two.
const HOT: f64 = 0.3;
const WARM: f64 = 0.02;
const COLD: f64 = 0.003;

pub(crate) struct Improver<'a> {
    pub draft: Draft<'a>,
    pub chains: Chains,
    dice: Dice,
    best: Vec<u16>,
    best_value: i64,
    /// Whether the draft is better than `best`.
    unsaved: bool,
    /// By request: value less prices, in units.
    left: Vec<f32>,
    recent: Vec<u32>,
    gone: Vec<u32>,
    cycle: u64,
    turns: u64,
    mean: f64,
    heat: f64,
}

impl<'a> Improver<'a> {
    pub(crate) fn new(draft: Draft<'a>, chains: Chains, seed: u64) -> Improver<'a> {
        let board = draft.board;
        let mean = board.value.iter().sum::<i64>() as f64 / (board.requests.max(1)) as f64;
        Improver {
            best: draft.slot_of.clone(),
            best_value: draft.value,
            unsaved: false,
            left: vec![0.0; board.requests],
            recent: Vec::new(),
            gone: Vec::new(),
            cycle: board.requests as u64 + 1000,
            mean,
            turns: 0,
            heat: 0.0,
            dice: Dice::new(seed),
            draft,
            chains,
        }
    }

    /// Prices tell which requests are worth a search.
    pub(crate) fn learn(&mut self, prices: &Prices) {
        let board = self.draft.board;
        for r in 0..board.requests {
            let slot = crate::price::cheapest_slot(board, r, prices).unwrap_or(0);
            self.left[r] = ((surplus(board, r, prices) - slot) as f64 / PRICE_PARTS as f64) as f32;
        }
    }

    /// One cycle of annealing, or less where the pulse says so.
    pub(crate) fn run_cycle(&mut self, pulse: &mut Pulse) {
        let length = self.cycle;
        self.turns += 1;
        let warm = if self.turns.is_multiple_of(2) { HOT } else { WARM };
        self.cycle *= 2;
        self.restore();
        self.insist(pulse);
        for k in 0..length {
            if k % POLL_EVERY == 0 {
                let done = k as f64 / length as f64;
                self.heat = self.mean * warm * (COLD / warm).powf(done);
                if pulse.poll() {
                    break;
                }
            }
            self.step();
            self.note(pulse);
            if pulse.spend(1) || pulse.is_over() {
                break;
            }
        }
        self.save();
    }

    /// Tries hard, before a cycle, to place whatever no total stands in the way of; and notes where there is room.
    fn insist(&mut self, pulse: &mut Pulse) {
        let board = self.draft.board;
        self.recent.clear();
        let mut hopeful: Vec<u32> = Vec::new();
        for &r in &self.draft.waiting {
            if board
                .members(r as usize)
                .iter()
                .all(|&p| !self.draft.is_full(p as usize))
            {
                hopeful.push(r);
            }
        }
        hopeful.sort_by(|&a, &b| self.left[b as usize].total_cmp(&self.left[a as usize]).then(a.cmp(&b)));
        hopeful.truncate(INSIST);
        let mut looked = 0;
        for &r in &hopeful {
            let turn = self.dice.below(board.slots.min(WORD)) as u32;
            let terms = Terms {
                nodes: INSIST_NODES,
                least: None,
                turn,
            };
            self.draft.commit();
            if !self.draft.is_placed(r as usize) {
                self.chains.place(&mut self.draft, r as usize, terms);
            }
            looked += self.chains.looked_at().count() as u64;
            if pulse.spend(8) || pulse.poll() || looked > NODES_PER_MOVE * self.cycle {
                break;
            }
        }
        self.note(pulse);
    }

    /// The best timetable so far.
    pub(crate) fn best(&mut self) -> &[u16] {
        self.save();
        &self.best
    }

    /// Makes a timetable anew from requests and slots the prices lean to, and the rest wherever there is room; it is
    /// the next cycle's start if it is better.
    pub(crate) fn lean(&mut self, leanings: &[(u32, u16)], pulse: &mut Pulse) {
        self.save();
        let board = self.draft.board;
        for r in (0..board.requests).filter(|&r| !board.is_fixed(r)) {
            if self.draft.is_placed(r) {
                self.draft.take(r);
            }
        }
        for &(r, slot) in leanings {
            let (r, slot) = (r as usize, usize::from(slot));
            if !self.draft.is_placed(r) && self.draft.can_put(r, slot) {
                self.draft.put(r, slot);
            }
        }
        let mut rest = self.draft.waiting.clone();
        rest.sort_by(|&a, &b| self.left[b as usize].total_cmp(&self.left[a as usize]).then(a.cmp(&b)));
        for &r in &rest {
            self.draft.commit();
            let terms = Terms {
                nodes: ROOM_NODES,
                least: None,
                turn: r % board.slots.min(WORD) as u32,
            };
            self.chains.place(&mut self.draft, r as usize, terms);
            if pulse.poll() {
                break;
            }
        }
        self.draft.commit();
        self.note(pulse);
    }

    /// Gives the best timetable to the second level, for so much work.
    pub(crate) fn polish_best(&mut self, polish: &mut Polish, pulse: &mut Pulse, work: u64) {
        self.save();
        self.draft.become_like(&self.best);
        polish.run(&mut self.draft, pulse, work);
        self.best.clone_from(&self.draft.slot_of);
    }

    /// The best timetable, to go on with.
    pub(crate) fn into_best(mut self) -> Draft<'a> {
        self.save();
        // Also where the draft is worth as much: the second level has had its turn on the best, and not on the draft.
        self.draft.become_like(&self.best);
        self.draft
    }

    fn note(&mut self, pulse: &mut Pulse) {
        if self.draft.value > self.best_value {
            self.best_value = self.draft.value;
            self.unsaved = true;
            pulse.found(self.draft.value, self.draft.board.requests - self.draft.waiting.len());
        }
    }

    fn save(&mut self) {
        if self.unsaved && self.draft.value == self.best_value {
            self.best.clone_from(&self.draft.slot_of);
            self.unsaved = false;
        }
    }

    fn restore(&mut self) {
        if self.draft.value == self.best_value {
            return;
        }
        self.draft.become_like(&self.best);
    }

    fn step(&mut self) {
        let Some(newcomer) = self.pick() else {
            return;
        };
        let allowance = (self.heat * self.dice.unit().ln()).ceil() as i64;
        let board = self.draft.board;
        let full = board
            .members(newcomer)
            .iter()
            .filter(|&&p| self.draft.is_full(p as usize))
            .count();
        let turn = self.dice.below(board.slots.min(WORD)) as u32;
        self.draft.commit();
        if allowance < 0 {
            // About to leave what may be the best.
            self.save();
        }
        let mut outcome = Outcome::Stuck;
        if full == 0 {
            let patient = self.dice.below(PATIENT_ONE_IN) == 0;
            let terms = Terms {
                nodes: if patient { INSIST_NODES } else { ROOM_NODES },
                least: None,
                turn,
            };
            outcome = self.chains.place(&mut self.draft, newcomer, terms);
        }
        if outcome == Outcome::Stuck && full < 2 {
            let terms = Terms {
                nodes: EXCHANGE_NODES,
                least: Some(allowance),
                turn,
            };
            outcome = self.chains.place(&mut self.draft, newcomer, terms);
        }
        if full == 2 && self.dice.below(FORCE_ONE_IN) != 0 {
            self.replace_two(newcomer, allowance, turn);
        } else if outcome == Outcome::Stuck && self.dice.below(FORCE_ONE_IN) == 0 {
            self.force(newcomer, allowance, turn);
        }
        if let Outcome::Instead(other) = outcome {
            self.remember(other, newcomer);
        }
    }

    /// Parties that lost a meeting are where the next newcomer is likely to fit.
    fn remember(&mut self, lost: usize, newcomer: usize) {
        let board = self.draft.board;
        for &p in board.members(lost) {
            if board.members(newcomer).contains(&p) {
                continue;
            }
            if self.recent.len() < RECENT {
                self.recent.push(p);
            } else {
                let at = self.dice.below(RECENT);
                self.recent[at] = p;
            }
        }
    }

    /// A newcomer both of whose parties are full: one meeting of each has to go, and others may come for them.
    fn replace_two(&mut self, newcomer: usize, allowance: i64, turn: u32) {
        let board = self.draft.board;
        let before = self.draft.value;
        let full = board
            .members(newcomer)
            .iter()
            .copied()
            .filter(|&p| self.draft.is_full(p as usize));
        let Some(party) = full.max_by_key(|&p| board.top[p as usize]) else {
            return;
        };
        let Some(first) = self.cheap_meeting(party as usize) else {
            return;
        };
        self.draft.take(first);
        let terms = Terms {
            nodes: EXCHANGE_NODES,
            least: Some(i64::MIN / 4),
            turn,
        };
        if let Outcome::Instead(second) = self.chains.place(&mut self.draft, newcomer, terms) {
            self.refill(first, turn);
            self.refill(second, turn);
            if self.draft.value - before >= allowance {
                return;
            }
        }
        self.draft.back_to(0);
    }

    /// Puts a newcomer into a slot drawn by lot; whoever stands in the way goes, and is placed again where possible.
    fn force(&mut self, newcomer: usize, allowance: i64, turn: u32) {
        let board = self.draft.board;
        let before = self.draft.value;
        let allowed = board.allowed(newcomer);
        let room: u32 = allowed.iter().map(|w| w.count_ones()).sum();
        if room == 0 {
            return;
        }
        let nth = self.dice.below(room as usize);
        let Some(slot) = (0..board.slots).filter(|&s| mask::has(allowed, s)).nth(nth) else {
            return;
        };
        self.gone.clear();
        for &p in board.members(newcomer) {
            let p = p as usize;
            if !mask::has(self.draft.free(p), slot) {
                let count = self.draft.occupants(p, slot).filter(|&r| !board.is_fixed(r)).count();
                let nth = self.dice.below(count.max(1));
                let Some(other) = self.draft.occupants(p, slot).filter(|&r| !board.is_fixed(r)).nth(nth) else {
                    return self.draft.back_to(0);
                };
                self.draft.take(other);
                self.gone.push(other as u32);
            }
        }
        for &p in board.members(newcomer) {
            if self.draft.is_full(p as usize) {
                let Some(other) = self.cheap_meeting(p as usize) else {
                    return self.draft.back_to(0);
                };
                self.draft.take(other);
                self.gone.push(other as u32);
            }
        }
        if !self.draft.can_put(newcomer, slot) {
            return self.draft.back_to(0);
        }
        self.draft.put(newcomer, slot);
        for k in 0..self.gone.len() {
            let terms = Terms {
                nodes: EXCHANGE_NODES,
                least: None,
                turn,
            };
            self.chains.place(&mut self.draft, self.gone[k] as usize, terms);
        }
        for k in 0..self.gone.len() {
            if !self.draft.is_placed(self.gone[k] as usize) {
                self.refill(self.gone[k] as usize, turn);
            }
        }
        if self.draft.value - before < allowance {
            self.draft.back_to(0);
        }
    }

    /// One of a few meetings of a party, drawn by lot, that is worth least after prices.
    fn cheap_meeting(&mut self, party: usize) -> Option<usize> {
        let wishes = self.draft.board.wishes(party);
        let mut found: Option<usize> = None;
        for _ in 0..PICKS {
            let r = wishes[self.dice.below(wishes.len())] as usize;
            let fits = self.draft.is_placed(r) && !self.draft.board.is_fixed(r);
            if fits && found.is_none_or(|f| self.left[r] < self.left[f]) {
                found = Some(r);
            }
        }
        found
    }

    /// Looks for somebody to meet the parties of a request that went.
    fn refill(&mut self, gone: usize, turn: u32) {
        let board = self.draft.board;
        for &p in board.members(gone) {
            if self.draft.is_full(p as usize) || board.wishes(p as usize).len() > 4 * PICKS * PICKS {
                continue;
            }
            for &r in board.wishes(p as usize) {
                let r = r as usize;
                let open = |&q: &u32| !self.draft.is_full(q as usize);
                if r != gone && !self.draft.is_placed(r) && board.members(r).iter().all(open) {
                    let terms = Terms {
                        nodes: EXCHANGE_NODES,
                        least: None,
                        turn,
                    };
                    self.chains.place(&mut self.draft, r, terms);
                }
            }
        }
    }

    /// A waiting request: often one of a party that lately lost a meeting; the poorer after prices, the rarer.
    fn pick(&mut self) -> Option<usize> {
        let board = self.draft.board;
        if self.draft.waiting.is_empty() {
            return None;
        }
        if !self.recent.is_empty() && self.dice.below(2) == 0 {
            let at = self.dice.below(self.recent.len());
            let party = self.recent[at] as usize;
            if self.draft.is_full(party) {
                self.recent.swap_remove(at);
            } else if let Some(r) = self.pick_of(party) {
                return Some(r);
            }
        }
        let mut last = None;
        for _ in 0..PICKS {
            let r = self.draft.waiting[self.dice.below(self.draft.waiting.len())] as usize;
            last = Some(r);
            if !board.is_fixed(r) && self.is_worth_it(r) {
                return last;
            }
        }
        last
    }

    fn pick_of(&mut self, party: usize) -> Option<usize> {
        let wishes = self.draft.board.wishes(party);
        for _ in 0..PICKS {
            let r = wishes[self.dice.below(wishes.len())] as usize;
            if !self.draft.is_placed(r) && self.is_worth_it(r) {
                return Some(r);
            }
        }
        None
    }

    fn is_worth_it(&mut self, request: usize) -> bool {
        f64::from(self.left[request]) >= 2.0 * self.heat * self.dice.unit().ln() - SLACK * self.mean
    }
}
