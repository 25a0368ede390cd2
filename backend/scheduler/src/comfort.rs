//! The second level, party by party: breaks in a day and dashes across the venue, and what one more meeting does to
//! them. Deliberately not here: any search (`polish.rs`, `live/`), and the value, which this is never mixed into.

use crate::board::{Board, NOWHERE};
use crate::instance::Instance;
use std::collections::HashMap;
use std::ops::{Add, Range, Sub};

/// What a party does in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    No,
    /// In a meeting, in this zone if it has one.
    In(Option<u32>),
}

/// Breaks and dashes, or a difference of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Strain {
    pub breaks: i64,
    pub dashes: i64,
}

impl Add for Strain {
    type Output = Strain;
    fn add(self, other: Strain) -> Strain {
        Strain {
            breaks: self.breaks + other.breaks,
            dashes: self.dashes + other.dashes,
        }
    }
}

impl Sub for Strain {
    type Output = Strain;
    fn sub(self, other: Strain) -> Strain {
        Strain {
            breaks: self.breaks - other.breaks,
            dashes: self.dashes - other.dashes,
        }
    }
}

/// What counts for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub breaks: bool,
    pub dashes: bool,
}

impl Counts {
    pub(crate) fn any(self) -> bool {
        self.breaks || self.dashes
    }
}

/// What of an instance the second level looks at.
#[derive(Debug)]
pub(crate) struct Comfort {
    /// By party.
    counts: Vec<Counts>,
    /// By request: a number for its zone; `None` for no zone, or several.
    zone: Vec<Option<u32>>,
    /// By slot: the day it belongs to.
    day: Vec<Range<u16>>,
}

impl Comfort {
    pub(crate) fn new(instance: &Instance) -> Comfort {
        let parties = instance.parties();
        let mut number: HashMap<&str, u32> = HashMap::new();
        let zone_of: Vec<Option<u32>> = (parties.iter())
            .map(|p| {
                let next = number.len() as u32;
                p.zone.as_deref().map(|zone| *number.entry(zone).or_insert(next))
            })
            .collect();
        let zone = instance.requests().iter().map(|r| {
            let mut zones = r.parties.iter().filter_map(|&p| zone_of[p as usize]);
            let first = zones.next()?;
            zones.all(|z| z == first).then_some(first)
        });
        let mut day = Vec::with_capacity(usize::from(instance.slots()));
        for (k, &first) in instance.days().iter().enumerate() {
            let next = instance.days().get(k + 1).copied().unwrap_or(instance.slots());
            day.extend((first..next).map(|_| first..next));
        }
        Comfort {
            counts: (parties.iter())
                .map(|p| Counts {
                    breaks: p.compact,
                    dashes: p.zone.is_none() && p.capacity.iter().max() == Some(&1),
                })
                .collect(),
            zone: zone.collect(),
            day,
        }
    }

    /// Whether a party walks between meetings, one at a time.
    pub(crate) fn walks(&self, party: usize) -> bool {
        self.counts[party].dashes
    }

    pub(crate) fn counts(&self, party: usize) -> Counts {
        self.counts[party]
    }

    pub(crate) fn zone(&self, request: usize) -> Option<u32> {
        self.zone[request]
    }

    /// The slots of a slot's day.
    pub(crate) fn day(&self, slot: usize) -> Range<usize> {
        usize::from(self.day[slot].start)..usize::from(self.day[slot].end)
    }

    /// What one more meeting in an idle slot changes for a party, from what it does in the slots.
    pub(crate) fn added(&self, party: usize, slot: usize, request: usize, row: impl Fn(usize) -> Busy) -> Strain {
        if !self.counts[party].any() || row(slot) != Busy::No {
            return Strain::default();
        }
        let here = Busy::In(self.zone[request]);
        let with = |s| if s == slot { here } else { row(s) };
        self.in_day(party, self.day(slot), with) - self.in_day(party, self.day(slot), &row)
    }

    /// A party's strain over all days, if every request stands where it is said to.
    pub(crate) fn of(&self, board: &Board, party: usize, slot_of: impl Fn(usize) -> u16) -> Strain {
        let mut sum = Strain::default();
        if !self.counts[party].any() {
            return sum;
        }
        let mut row = vec![Busy::No; board.slots];
        for &r in board.wishes(party) {
            let slot = slot_of(r as usize);
            if slot != NOWHERE {
                row[usize::from(slot)] = Busy::In(self.zone[r as usize]);
            }
        }
        let mut first = 0;
        while first < board.slots {
            let day = self.day(first);
            first = day.end;
            sum = sum + self.in_day(party, day, |s| row[s]);
        }
        sum
    }

    fn in_day(&self, party: usize, day: Range<usize>, row: impl Fn(usize) -> Busy) -> Strain {
        let mut strain = Strain::default();
        let (mut met, mut last) = (false, Busy::No);
        for slot in day {
            let here = row(slot);
            if here != Busy::No {
                strain.breaks += i64::from(met && last == Busy::No);
                met = true;
            }
            if let (Busy::In(Some(from)), Busy::In(Some(to))) = (last, here) {
                strain.dashes += i64::from(from != to);
            }
            last = here;
        }
        Strain {
            breaks: if self.counts[party].breaks { strain.breaks } else { 0 },
            dashes: if self.counts[party].dashes { strain.dashes } else { 0 },
        }
    }
}
