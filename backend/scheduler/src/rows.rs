//! What the second level counts, slot by slot: for every party whose breaks or walks matter, a row that says when it
//! is busy and in which zone. Deliberately not here: who moves (`polish.rs`).

use crate::comfort::{Comfort, Counts};
use crate::draft::Draft;
use crate::instance::Instance;

/// A slot of a row: nobody met.
const IDLE: u16 = 0;
/// Somebody met, in no zone or in several.
const UNNAMED: u16 = 1;
/// The first of the zones' own numbers.
pub(crate) const FIRST_ZONE: u16 = 2;

/// Rows of one draft. Invariant, after [`Rows::read`] and while every change of the draft is told by [`Rows::set`]:
/// a counting party's row says what the draft holds.
pub(crate) struct Rows {
    slots: usize,
    counts: Vec<Counts>,
    /// By request: what it writes into a walker's row.
    mark: Vec<u16>,
    opens_day: Vec<bool>,
    day_of: Vec<u16>,
    days: usize,
    row: Vec<u16>,
    /// By party and day: how many slots are busy.
    busy: Vec<u16>,
}

impl Rows {
    pub(crate) fn new(instance: &Instance) -> Rows {
        let comfort = Comfort::new(instance);
        let (parties, slots) = (instance.parties().len(), usize::from(instance.slots()));
        let opens_day: Vec<bool> = (0..slots).map(|slot| comfort.day(slot).start == slot).collect();
        let days = opens_day.iter().filter(|&&opens| opens).count();
        let day_of = (0..slots).map(|slot| opens_day[1..=slot].iter().filter(|&&opens| opens).count() as u16);
        // More zones than numbers: those beyond share one, and walks between them are overlooked here.
        let number = |zone: u32| (u32::from(FIRST_ZONE) + zone).min(u32::from(u16::MAX)) as u16;
        let mark = |r: usize| comfort.zone(r).map_or(UNNAMED, number);
        Rows {
            slots,
            counts: (0..parties).map(|p| comfort.counts(p)).collect(),
            mark: (0..instance.requests().len()).map(mark).collect(),
            day_of: day_of.collect(),
            opens_day,
            days,
            row: vec![IDLE; parties * slots],
            busy: vec![0; parties * days],
        }
    }

    /// Writes the rows of what a draft holds.
    pub(crate) fn read(&mut self, draft: &Draft) {
        self.row.fill(IDLE);
        self.busy.fill(0);
        for r in 0..draft.board.requests {
            if draft.is_placed(r) {
                for &p in draft.board.members(r) {
                    self.set(p as usize, usize::from(draft.slot_of[r]), self.mark[r]);
                }
            }
        }
    }

    pub(crate) fn counts(&self, party: usize) -> Counts {
        self.counts[party]
    }

    /// What a request writes into the rows of its parties.
    pub(crate) fn mark(&self, request: usize) -> u16 {
        self.mark[request]
    }

    pub(crate) fn row(&self, party: usize) -> &[u16] {
        &self.row[party * self.slots..][..self.slots]
    }

    /// Whether two neighbouring slots are of one day; `slot` is the later one.
    pub(crate) fn follows(&self, slot: usize) -> bool {
        slot > 0 && slot < self.slots && !self.opens_day[slot]
    }

    pub(crate) fn set(&mut self, party: usize, slot: usize, mark: u16) {
        let day = party * self.days + usize::from(self.day_of[slot]);
        let cell = &mut self.row[party * self.slots + slot];
        self.busy[day] += u16::from(*cell == IDLE);
        self.busy[day] -= u16::from(mark == IDLE);
        *cell = mark;
    }

    /// Breaks and dashes of a party.
    pub(crate) fn cost(&self, party: usize) -> i64 {
        let counts = self.counts[party];
        if !counts.any() {
            return 0;
        }
        let row = self.row(party);
        let pairs: i64 = (0..self.slots).map(|s| self.step(counts, row, s)).sum();
        pairs - if counts.breaks { self.busy_days(party) } else { 0 }
    }

    fn busy_days(&self, party: usize) -> i64 {
        let days = &self.busy[party * self.days..][..self.days];
        days.iter().filter(|&&n| n > 0).count() as i64
    }

    /// What the step into a slot costs: a new run of busy slots, a walk.
    fn step(&self, counts: Counts, row: &[u16], slot: usize) -> i64 {
        let here = row[slot];
        if here == IDLE {
            return 0;
        }
        let before = if self.opens_day[slot] { IDLE } else { row[slot - 1] };
        let run = counts.breaks && before == IDLE;
        let walk = counts.dashes && before >= FIRST_ZONE && here >= FIRST_ZONE && before != here;
        i64::from(run) + i64::from(walk)
    }

    /// The change of a party's breaks and dashes if two slots of it were written so; nothing is changed.
    pub(crate) fn change(&mut self, party: usize, one: (usize, u16), other: (usize, u16)) -> i64 {
        let counts = self.counts[party];
        if !counts.any() {
            return 0;
        }
        let was = (self.row(party)[one.0], self.row(party)[other.0]);
        let before = self.around(counts, party, one.0, other.0);
        self.set(party, one.0, one.1);
        self.set(party, other.0, other.1);
        let after = self.around(counts, party, one.0, other.0);
        self.set(party, other.0, was.1);
        self.set(party, one.0, was.0);
        after - before
    }

    /// What depends on two slots of a row.
    fn around(&self, counts: Counts, party: usize, one: usize, other: usize) -> i64 {
        let row = self.row(party);
        let (low, high) = (one.min(other), one.max(other));
        let mut sum = self.step(counts, row, low) + self.next_step(counts, row, low);
        if high > low {
            if high > low + 1 {
                sum += self.step(counts, row, high);
            }
            sum += self.next_step(counts, row, high);
        }
        sum - if counts.breaks { self.busy_days(party) } else { 0 }
    }

    fn next_step(&self, counts: Counts, row: &[u16], slot: usize) -> i64 {
        if slot + 1 < self.slots {
            self.step(counts, row, slot + 1)
        } else {
            0
        }
    }

    /// What an idle slot reads.
    pub(crate) fn idle() -> u16 {
        IDLE
    }
}
