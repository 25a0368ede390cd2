//! The second level: with the value proved best, fewer breaks and dashes, by moving one meeting to a free slot or
//! exchanging the slots of two meetings of the same party; never worse, and equal ones by lot so as not to be caught.
//! Deliberately not here: any change of what is held, and a bound for this level.

use crate::board::Board;
use crate::draft::Draft;
use crate::instance::Instance;
use crate::mask::{Bits, WORD};
use crate::pulse::Pulse;
use crate::random::Dice;
use std::collections::HashMap;

/// Most meetings looked at, so that a proved timetable is not kept waiting for this.
const LOOKS: u64 = 60_000;
/// A pass that lowers the count by less than one part in so many is the last.
const WORTH_ANOTHER: u64 = 200;

pub(crate) struct Polish {
    /// By party.
    compact: Vec<bool>,
    walks: Vec<bool>,
    /// By request: a number for its zone; `None` for no zone, or several.
    zone: Vec<Option<u32>>,
    /// By slot.
    opens_day: Vec<bool>,
    dice: Dice,
}

impl Polish {
    pub(crate) fn new(instance: &Instance, seed: u64) -> Polish {
        let parties = instance.parties();
        let mut number: HashMap<&str, u32> = HashMap::new();
        for zone in parties.iter().filter_map(|p| p.zone.as_deref()) {
            let next = number.len() as u32;
            number.entry(zone).or_insert(next);
        }
        let zone = instance.requests().iter().map(|r| {
            let mut zones = r.parties.iter().filter_map(|&p| parties[p as usize].zone.as_deref());
            let first = zones.next()?;
            zones.all(|z| z == first).then(|| number[first])
        });
        let mut opens_day = vec![false; usize::from(instance.slots())];
        for &slot in instance.days() {
            opens_day[usize::from(slot)] = true;
        }
        Polish {
            compact: parties.iter().map(|p| p.compact).collect(),
            walks: parties
                .iter()
                .map(|p| p.zone.is_none() && p.capacity.iter().max() == Some(&1))
                .collect(),
            zone: zone.collect(),
            opens_day,
            dice: Dice::new(seed),
        }
    }

    /// Lowers breaks and dashes until that is no longer worth a pass, or the pulse says so.
    pub(crate) fn run(&mut self, draft: &mut Draft, pulse: &mut Pulse) {
        let board = draft.board;
        let mut looks = 0;
        loop {
            let before: u64 = (0..board.parties).map(|p| self.cost(draft, p)).sum();
            for r in (0..board.requests).filter(|&r| !board.is_fixed(r)) {
                if !draft.is_placed(r) || self.cost_of(draft, &[r]) == 0 {
                    continue;
                }
                looks += 1;
                if looks > LOOKS || pulse.poll() || pulse.spend(1) {
                    return;
                }
                if !self.relocate(draft, r) {
                    self.exchange(draft, r);
                }
                draft.commit();
            }
            let after: u64 = (0..board.parties).map(|p| self.cost(draft, p)).sum();
            if after + before / WORTH_ANOTHER >= before {
                return;
            }
        }
    }

    /// Moves a meeting to a free slot where that is better, or as good and the lot falls so.
    fn relocate(&mut self, draft: &mut Draft, request: usize) -> bool {
        let board = draft.board;
        let home = usize::from(draft.slot_of[request]);
        let before = self.cost_of(draft, &[request]);
        let turn = self.dice.below(board.slots.min(WORD)) as u32;
        draft.take(request);
        for w in 0..board.words {
            let members = board.members(request).iter();
            let open = members.fold(board.allowed(request)[w], |open, &p| open & draft.free(p as usize)[w]);
            for bit in Bits::turned(open, turn) {
                let slot = w * WORD + bit;
                if slot == home {
                    continue;
                }
                draft.put(request, slot);
                if self.is_welcome(before, self.cost_of(draft, &[request])) {
                    return true;
                }
                draft.take(request);
            }
        }
        draft.put(request, home);
        false
    }

    /// Exchanges the slots of two meetings of one walking or compact party.
    fn exchange(&mut self, draft: &mut Draft, request: usize) {
        let board = draft.board;
        let counts = |p: &&u32| self.walks[**p as usize] || self.compact[**p as usize];
        let Some(&party) = board.members(request).iter().find(counts) else {
            return;
        };
        let here = usize::from(draft.slot_of[request]);
        let wishes = board.wishes(party as usize);
        let turn = self.dice.below(wishes.len());
        for &other in wishes[turn..].iter().chain(&wishes[..turn]) {
            let other = other as usize;
            if other == request || !draft.is_placed(other) || board.is_fixed(other) {
                continue;
            }
            let there = usize::from(draft.slot_of[other]);
            let before = self.cost_of(draft, &[request, other]);
            let mark = draft.mark();
            draft.take(request);
            draft.take(other);
            if here != there && draft.can_put(request, there) {
                draft.put(request, there);
                if draft.can_put(other, here) {
                    draft.put(other, here);
                    if self.is_welcome(before, self.cost_of(draft, &[request, other])) {
                        return;
                    }
                }
            }
            draft.back_to(mark);
        }
    }

    fn is_welcome(&mut self, before: u64, after: u64) -> bool {
        after < before || (after == before && self.dice.below(4) == 0)
    }

    /// Breaks and dashes of everybody in some requests, nobody counted twice.
    fn cost_of(&self, draft: &Draft, requests: &[usize]) -> u64 {
        let mut cost = 0;
        for (k, &r) in requests.iter().enumerate() {
            for p in draft.board.members(r) {
                if !requests[..k]
                    .iter()
                    .any(|&earlier| draft.board.members(earlier).contains(p))
                {
                    cost += self.cost(draft, *p as usize);
                }
            }
        }
        cost
    }

    fn cost(&self, draft: &Draft, party: usize) -> u64 {
        if !self.compact[party] && !self.walks[party] {
            return 0;
        }
        let board: &Board = draft.board;
        let (mut breaks, mut dashes) = (0, 0);
        let (mut met, mut idle) = (false, false);
        let mut zone = None;
        for slot in 0..board.slots {
            if self.opens_day[slot] {
                (met, idle, zone) = (false, false, None);
            }
            let Some(here) = draft.occupants(party, slot).next() else {
                (idle, zone) = (met, None);
                continue;
            };
            breaks += u64::from(idle);
            let next = self.zone[here];
            dashes += u64::from(matches!((zone, next), (Some(a), Some(b)) if a != b));
            (met, idle, zone) = (true, false, next);
        }
        if !self.compact[party] {
            breaks = 0;
        }
        breaks + if self.walks[party] { dashes } else { 0 }
    }
}
