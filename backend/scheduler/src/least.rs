//! How far the second level can go: fewer breaks and dashes than this no timetable of the same meetings has. Every
//! party is looked at by itself, by a dynamic programme over its slots that knows when it is there, how many meetings
//! it has, which zones they are in and when one of each zone may stand; that the others must have time then too is
//! left out, which makes it a bound. Deliberately not here: which meetings are held, and how the bound is approached.

use crate::board::NOWHERE;
use crate::instance::Instance;
use crate::rows::{FIRST_ZONE, Rows};
use crate::timetable::Timetable;

/// Most zones of a party that are told apart; walks between further ones are not counted.
const MOST_ZONES: usize = 6;
/// No way to here.
const NEVER: u32 = u32::MAX / 2;
/// What came before in the day: nothing yet, a meeting but not just before, one in no zone, one in zone 0, 1, ….
const FRESH: usize = 0;
const PAUSE: usize = 1;
const UNNAMED: usize = 2;

/// One party's meetings.
struct Day<'a> {
    rows: &'a Rows,
    party: usize,
    meetings: usize,
    zones: Vec<u16>,
    /// By slot: the kinds (`UNNAMED` and on) some meeting of which may stand there, as bits.
    may: Vec<u16>,
    /// By slot: the kind that must stand there.
    must: Vec<Option<usize>>,
}

impl Timetable {
    /// A lower bound of `breaks + dashes` over all timetables that hold the same meetings. Takes time in proportion
    /// to parties × slots × meetings of a party × 2^zones.
    pub fn least_breaks_and_dashes(&self, instance: &Instance) -> u64 {
        let slots: Vec<u16> = self.slot_of.iter().map(|slot| slot.unwrap_or(NOWHERE)).collect();
        least_within(instance, &slots, u64::MAX).unwrap_or(0)
    }
}

/// The lower bound for the meetings held in these slots, by request; `None` where it would take more than so many
/// steps.
pub(crate) fn least_within(instance: &Instance, slots: &[u16], steps: u64) -> Option<u64> {
    let rows = Rows::new(instance);
    let mut held = vec![Vec::new(); instance.parties().len()];
    for (r, _) in slots.iter().enumerate().filter(|(_, slot)| **slot != NOWHERE) {
        for &p in &instance.requests()[r].parties {
            held[p as usize].push(r);
        }
    }
    let alone = |p: usize| rows.counts(p).any() && instance.parties()[p].capacity.iter().max() == Some(&1);
    let (mut left, mut sum) = (steps, 0);
    for p in (0..held.len()).filter(|&p| alone(p)) {
        left = left.checked_sub(instance.slots().into())?;
        let day = Day::new(instance, &rows, p, &held[p]);
        left = left.checked_sub(day.steps())?;
        sum += u64::from(day.least());
    }
    Some(sum)
}

impl<'a> Day<'a> {
    fn new(instance: &Instance, rows: &'a Rows, party: usize, held: &[usize]) -> Day<'a> {
        let slots = usize::from(instance.slots());
        let mut day = Day {
            rows,
            party,
            meetings: held.len(),
            zones: Vec::new(),
            may: vec![0; slots],
            must: vec![None; slots],
        };
        if rows.counts(party).dashes {
            day.zones
                .extend(held.iter().map(|&r| rows.mark(r)).filter(|&m| m >= FIRST_ZONE));
            day.zones.sort_unstable();
            day.zones.dedup();
            day.zones.truncate(MOST_ZONES);
        }
        for &r in held {
            let request = &instance.requests()[r];
            let kind = day
                .zones
                .iter()
                .position(|&z| z == rows.mark(r))
                .map_or(UNNAMED, |k| UNNAMED + 1 + k);
            let there = |slot: usize| {
                let mut parties = request.parties.iter();
                parties.all(|&p| instance.parties()[p as usize].capacity[slot] > 0)
                    && request.slots.as_ref().is_none_or(|list| list.contains(&(slot as u16)))
            };
            match request.fixed {
                Some(slot) => {
                    day.may[usize::from(slot)] |= 1 << kind;
                    day.must[usize::from(slot)] = Some(kind);
                }
                None => (0..slots).filter(|&s| there(s)).for_each(|s| day.may[s] |= 1 << kind),
            }
        }
        day
    }

    /// How many states [`Day::least`] goes through at most.
    fn steps(&self) -> u64 {
        ((self.meetings + 1) * self.width() * self.may.len()) as u64
    }

    /// How many states there are with one number of meetings.
    fn width(&self) -> usize {
        (UNNAMED + 1 + self.zones.len()) << self.zones.len()
    }

    /// States are (meetings so far, zones seen, what came before); the least cost of each, slot by slot.
    fn least(&self) -> u32 {
        if self.meetings == 0 {
            return 0;
        }
        let kinds = UNNAMED + 1 + self.zones.len();
        let width = self.width();
        let mut now = vec![NEVER; (self.meetings + 1) * width];
        now[FRESH] = 0;
        let mut next = now.clone();
        for slot in 0..self.may.len() {
            if slot > 0 && !self.rows.follows(slot) {
                forget_day(&mut now, kinds);
            }
            next.fill(NEVER);
            let most = self.meetings.min(slot);
            for at in (0..(most + 1) * width).filter(|&at| now[at] < NEVER) {
                let (before, seen, met) = (at % kinds, at / kinds % (width / kinds), at / width);
                self.stay_idle(slot, before, at, now[at], &mut next);
                if met < self.meetings {
                    for kind in (UNNAMED..kinds).filter(|k| self.may[slot] >> k & 1 == 1) {
                        if self.must[slot].is_none_or(|must| must == kind) {
                            let zone = if kind > UNNAMED { 1 << (kind - UNNAMED - 1) } else { 0 };
                            let to = (met + 1) * width + (seen | zone) * kinds + kind;
                            next[to] = next[to].min(now[at] + self.price(before, kind));
                        }
                    }
                }
            }
            std::mem::swap(&mut now, &mut next);
        }
        let done = self.meetings * width + (width / kinds - 1) * kinds;
        let least = now[done..done + kinds].iter().copied().min().unwrap_or(NEVER);
        // Meetings that share their only slots cannot be here; but a bound says too little rather than too much.
        if least < NEVER { least } else { 0 }
    }

    fn stay_idle(&self, slot: usize, before: usize, at: usize, cost: u32, next: &mut [u32]) {
        if self.must[slot].is_none() {
            let pause = if before == FRESH { FRESH } else { PAUSE };
            let to = at - before + pause;
            next[to] = next[to].min(cost);
        }
    }

    fn price(&self, before: usize, kind: usize) -> u32 {
        let counts = self.rows.counts(self.party);
        let pause = counts.breaks && before == PAUSE;
        let walk = counts.dashes && before > UNNAMED && kind > UNNAMED && before != kind;
        u32::from(pause) + u32::from(walk)
    }
}

/// A new day begins: what came before no longer matters.
fn forget_day(states: &mut [u32], kinds: usize) {
    for group in states.chunks_mut(kinds) {
        let least = group.iter().copied().min().unwrap_or(NEVER);
        group.fill(NEVER);
        group[FRESH] = least;
    }
}
