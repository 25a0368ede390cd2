//! Better prices: the slot-indexed linear programme by a first-order primal-dual method, warm from the relaxation's
//! prices and the timetable at hand. Floats search here; what they find is rounded to price parts and its bound
//! computed exactly, so a poor run costs time and never truth. Deliberately not here: anything about timetables.

use crate::board::{Board, NOWHERE};
use crate::mask;
use crate::price::{PRICE_PARTS, Prices, bound, surplus};
use crate::pulse::Pulse;

/// Largest table, of request × slot or of party × slot, that is worth it.
const MAX_TABLE: usize = 1 << 23;
/// Requests whose value less prices is below this share of the mean value are left out of the search.
const HOPELESS: f32 = -0.5;
/// Iterations between two looks at the bound.
const ROUND: usize = 40;
/// Requests between two questions whether to stop.
const POLL_EVERY: usize = 4096;
/// How many table cells an iteration handles in the time of one unit of work.
const CELLS_PER_WORK: usize = 12_000;
/// The mean of the prices is looked at only every so many rounds: it is seldom better.
const MEAN_EVERY: usize = 4;
/// Of a request in a slot, so much of it held makes it worth a try there.
const LEANING: f32 = 0.1;
/// Rounds without a better bound after which the search for prices rests.
const PATIENCE: usize = 48;
/// How much longer steps of prices are than steps of shares, in units of the mean value.
const DUAL_WEIGHT: f32 = 2.0;

/// Invariant: `best` proves `bound`.
pub(crate) struct Ascent<'a> {
    board: &'a Board,
    pub best: Prices,
    pub bound: i64,
    active: Vec<u32>,
    /// By active request and slot: how much of it is held there.
    share: Vec<f32>,
    open: Vec<f32>,
    /// By active request: the price of asking once.
    once: Vec<f32>,
    party: Vec<f32>,
    party_slot: Vec<f32>,
    party_sum: Vec<f32>,
    party_slot_sum: Vec<f32>,
    summed: f32,
    usage: Vec<f32>,
    limits: Vec<PartyLimit>,
    room: Vec<f32>,
    weight: f32,
    rounds: usize,
    /// Rounds that have brought nothing since one did.
    idle: usize,
}

/// What is left of a party beyond promised meetings.
struct PartyLimit {
    top: f32,
    min: f32,
    /// Whether the total is limited by more than the slots.
    capped: bool,
    floor: f32,
    step: f32,
    slot_step: f32,
}

impl<'a> Ascent<'a> {
    pub(crate) fn new(board: &'a Board, prices: &Prices, known: i64, slots: &[u16]) -> Option<Ascent<'a>> {
        let mean = board.value.iter().sum::<i64>() as f32 / board.requests.max(1) as f32;
        let units = |parts: i64| parts as f32 / PRICE_PARTS as f32;
        let hopeful = |&r: &u32| {
            let r = r as usize;
            !board.is_fixed(r)
                && board.allowed(r).iter().any(|&w| w != 0)
                && (slots[r] != NOWHERE || units(surplus(board, r, prices)) > HOPELESS * mean)
        };
        let active: Vec<u32> = (0..board.requests as u32).filter(hopeful).collect();
        if active.is_empty() || active.len().max(board.parties) * board.slots > MAX_TABLE {
            return None;
        }
        let mut ascent = Ascent {
            board,
            best: prices.clone(),
            bound: known,
            share: vec![0.0; active.len() * board.slots],
            open: vec![0.0; active.len() * board.slots],
            once: active
                .iter()
                .map(|&r| units(surplus(board, r as usize, prices)).max(0.0))
                .collect(),
            party: (0..board.parties).map(|p| units(prices.of(p))).collect(),
            party_slot: vec![0.0; board.parties * board.slots],
            party_sum: vec![0.0; board.parties],
            party_slot_sum: vec![0.0; board.parties * board.slots],
            summed: 0.0,
            usage: vec![0.0; board.parties * board.slots],
            limits: Vec::new(),
            room: board.capacity.iter().map(|&c| c as f32).collect(),
            weight: DUAL_WEIGHT * mean,
            rounds: 0,
            idle: 0,
            active,
        };
        ascent.lay_limits();
        ascent.spread_prices();
        ascent.lay_table(slots);
        Some(ascent)
    }

    fn lay_limits(&mut self) {
        let board = self.board;
        let mut promised = vec![0u32; board.parties];
        for r in (0..board.requests).filter(|&r| board.is_fixed(r)) {
            for &p in board.members(r) {
                promised[p as usize] += 1;
                self.room[p as usize * board.slots + usize::from(board.fixed[r])] -= 1.0;
            }
        }
        let mut degree = vec![0u32; board.parties];
        for &r in &self.active {
            for &p in board.members(r as usize) {
                degree[p as usize] += 1;
            }
        }
        for p in 0..board.parties {
            let top = board.top[p].saturating_sub(promised[p]);
            let min = board.min[p].saturating_sub(promised[p]);
            let row = &board.capacity[p * board.slots..][..board.slots];
            let places: u64 = row.iter().map(|&c| u64::from(c)).sum();
            let columns = degree[p].max(1) as f32;
            self.limits.push(PartyLimit {
                top: top as f32,
                min: min.min(top) as f32,
                capped: u64::from(board.top[p]) < places,
                floor: if min > 0 { -(board.penalty[p] as f32) } else { 0.0 },
                step: self.weight / (columns * board.slots as f32),
                slot_step: self.weight / columns,
            });
        }
    }

    /// Where a party's total is no limit of its own, its price belongs to its slots, each of which can then move.
    fn spread_prices(&mut self) {
        let slots = self.board.slots;
        for (p, limit) in self.limits.iter().enumerate() {
            if !limit.capped && self.party[p] > 0.0 {
                self.party_slot[p * slots..][..slots].fill(self.party[p]);
                self.party[p] = 0.0;
            }
        }
    }

    fn lay_table(&mut self, slots: &[u16]) {
        let board = self.board;
        for (k, &r) in self.active.iter().enumerate() {
            let r = r as usize;
            let row = &mut self.open[k * board.slots..][..board.slots];
            for (s, open) in row.iter_mut().enumerate() {
                *open = f32::from(u8::from(mask::has(board.allowed(r), s)));
            }
            if slots[r] != NOWHERE {
                self.share[k * board.slots + usize::from(slots[r])] = 1.0;
            }
        }
    }

    /// Whether further rounds are unlikely to prove more.
    pub(crate) fn is_done(&self) -> bool {
        self.idle >= PATIENCE
    }

    /// Requests and slots that are held there to a good part, the surest first.
    pub(crate) fn leanings(&self) -> Vec<(u32, u16)> {
        let slots = self.board.slots;
        let mut sure: Vec<(f32, u32, u16)> = Vec::new();
        for (k, &r) in self.active.iter().enumerate() {
            for (s, &share) in self.share[k * slots..][..slots].iter().enumerate() {
                if share >= LEANING {
                    sure.push((share, r, s as u16));
                }
            }
        }
        sure.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        sure.into_iter().map(|(_, r, s)| (r, s)).collect()
    }

    /// A number of iterations and a look at what they are worth; less where the pulse says so.
    pub(crate) fn run_round(&mut self, pulse: &mut Pulse) {
        let work = (self.share.len() / CELLS_PER_WORK) as u64 + 1;
        for _ in 0..ROUND {
            if !self.iterate(pulse) || pulse.spend(work) {
                return;
            }
        }
        self.rounds += 1;
        let before = self.bound;
        self.look(false);
        if self.rounds.is_multiple_of(MEAN_EVERY) {
            self.look(true);
        }
        self.idle = if self.bound < before { 0 } else { self.idle + 1 };
        pulse.proved(self.bound);
        if self.rounds.is_power_of_two() {
            // A new mean: early prices are far off and should not weigh for ever.
            self.party_sum.fill(0.0);
            self.party_slot_sum.fill(0.0);
            self.summed = 0.0;
        }
    }

    /// `false` if it was stopped in the middle, after which the state is of no more use.
    fn iterate(&mut self, pulse: &mut Pulse) -> bool {
        self.usage.fill(0.0);
        if !self.hold(pulse) {
            return false;
        }
        self.charge();
        self.summed += 1.0;
        for (sum, y) in self.party_sum.iter_mut().zip(&self.party) {
            *sum += y;
        }
        for (sum, u) in self.party_slot_sum.iter_mut().zip(&self.party_slot) {
            *sum += u;
        }
        true
    }

    /// Moves every request's shares along value less prices; counts what the parties would have to do.
    fn hold(&mut self, pulse: &mut Pulse) -> bool {
        let board = self.board;
        let slots = board.slots;
        let mut price = vec![0.0f32; slots];
        let mut ahead = vec![0.0f32; slots];
        for (k, &r) in self.active.iter().enumerate() {
            if k % POLL_EVERY == 0 && pulse.poll() {
                return false;
            }
            let members = board.members(r as usize);
            let step = 1.0 / (self.weight * (1 + 2 * members.len()) as f32);
            let mut left = board.value[r as usize] as f32 - self.once[k];
            price.fill(0.0);
            for &p in members {
                left -= self.party[p as usize];
                let row = &self.party_slot[p as usize * slots..][..slots];
                price.iter_mut().zip(row).for_each(|(a, b)| *a += b);
            }
            let share = &mut self.share[k * slots..][..slots];
            let open = &self.open[k * slots..][..slots];
            let cells = share.iter_mut().zip(open).zip(price.iter().zip(ahead.iter_mut()));
            for ((share, open), (price, ahead)) in cells {
                let moved = *share + step * (left - price);
                // Not `clamp`: comparisons of this form are one instruction for several cells at once.
                let above = if moved > 0.0 { moved } else { 0.0 };
                let next = if above < *open { above } else { *open };
                *ahead = 2.0 * next - *share;
                *share = next;
            }
            let total = sum(&ahead);
            self.once[k] = (self.once[k] + self.weight / slots as f32 * (total - 1.0)).max(0.0);
            for &p in members {
                let row = &mut self.usage[p as usize * slots..][..slots];
                row.iter_mut().zip(&ahead).for_each(|(a, b)| *a += b);
            }
        }
        true
    }

    /// Moves every price along what is asked of the party less what it has.
    fn charge(&mut self) {
        let slots = self.board.slots;
        for (p, limit) in self.limits.iter().enumerate() {
            let usage = &self.usage[p * slots..][..slots];
            let room = &self.room[p * slots..][..slots];
            let price = &mut self.party_slot[p * slots..][..slots];
            for s in 0..slots {
                price[s] = (price[s] + limit.slot_step * (usage[s] - room[s])).max(0.0);
            }
            let total = sum(usage);
            let high = self.party[p] + limit.step * (total - limit.top);
            let low = self.party[p] + limit.step * (total - limit.min);
            self.party[p] = if limit.capped && high > 0.0 {
                high
            } else {
                low.clamp(limit.floor, 0.0)
            };
        }
    }

    /// Rounds the present or the mean prices and keeps them if they prove more.
    fn look(&mut self, mean: bool) {
        let board = self.board;
        let (party, party_slot, by) = if mean {
            (&self.party_sum, &self.party_slot_sum, self.summed)
        } else {
            (&self.party, &self.party_slot, 1.0)
        };
        let parts = |x: &f32| (f64::from(*x) / f64::from(by) * PRICE_PARTS as f64).round() as i64;
        let row = |row: &[f32]| {
            if row.iter().all(|&u| u == 0.0) {
                Vec::new()
            } else {
                row.iter().map(parts).collect()
            }
        };
        let prices = Prices {
            party: party.iter().map(parts).collect(),
            party_slot: party_slot.chunks(board.slots).map(row).collect(),
        };
        let proved = bound(board, &prices);
        if proved < self.bound {
            self.bound = proved;
            self.best = prices;
        }
    }
}

/// A sum in eight lanes, which the machine can do at once; the order is fixed, so the result is.
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let chunks = row.chunks_exact(8);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(a, b)| *a += b);
    }
    rest + lanes.iter().sum::<f32>()
}
