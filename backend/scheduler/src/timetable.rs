//! The answer: who meets when, what it is worth, and the prices that prove how much better it could be at most.
//! Deliberately not here: the file format (`json.rs`) and the verification (`check.rs`).

use crate::instance::Instance;
use crate::price::Prices;

/// A timetable with its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    /// By request index: its slot, or `None` if it is not held.
    pub slot_of: Vec<Option<u16>>,
    /// Values of the held requests less the penalties of shortfalls.
    pub value: i64,
    /// No timetable of the instance is worth more; proved by `prices`.
    pub upper_bound: i64,
    /// Interruptions in the days of compact parties.
    pub breaks: u64,
    /// Changes of zone between neighbouring slots.
    pub dashes: u64,
    /// The certificate.
    pub prices: Prices,
}

impl Timetable {
    /// How far the value may be from the best possible, as a share of the bound.
    pub fn gap(&self) -> f64 {
        (self.upper_bound - self.value) as f64 / self.upper_bound.abs().max(1) as f64
    }

    /// Whether no timetable can be worth more.
    pub fn proved_optimal(&self) -> bool {
        self.value >= self.upper_bound
    }

    /// How many requests are held.
    pub fn placed(&self) -> usize {
        self.slot_of.iter().flatten().count()
    }

    /// Counts breaks and dashes anew.
    pub(crate) fn count_second_level(&mut self, instance: &Instance) {
        let mut days = Vec::with_capacity(self.slot_of.len());
        days.resize(instance.parties().len(), Vec::new());
        for (r, slot) in self.slot_of.iter().enumerate() {
            if let Some(slot) = *slot {
                for &p in &instance.requests()[r].parties {
                    days[p as usize].push((slot, r as u32));
                }
            }
        }
        (self.breaks, self.dashes) = (0, 0);
        for (p, meetings) in days.iter_mut().enumerate() {
            meetings.sort_unstable();
            let party = &instance.parties()[p];
            if party.compact {
                self.breaks += count_breaks(instance.days(), meetings);
            }
            if party.zone.is_none() && party.capacity.iter().max() == Some(&1) {
                self.dashes += count_dashes(instance, meetings);
            }
        }
    }
}

fn starts_a_day(days: &[u16], slot: u16) -> bool {
    days.binary_search(&slot).is_ok()
}

/// Gaps between busy slots of the same day. Meetings ascend by slot.
fn count_breaks(days: &[u16], meetings: &[(u16, u32)]) -> u64 {
    let gap = |pair: &&[(u16, u32)]| {
        let (a, b) = (pair[0].0, pair[1].0);
        b > a + 1 && !(a + 1..=b).any(|s| starts_a_day(days, s))
    };
    meetings.windows(2).filter(gap).count() as u64
}

/// Neighbouring meetings of one day in different zones; a meeting in no zone, or in several, has none.
fn count_dashes(instance: &Instance, meetings: &[(u16, u32)]) -> u64 {
    let dash = |pair: &&[(u16, u32)]| {
        let ((a, x), (b, y)) = (pair[0], pair[1]);
        let zones = (zone(instance, x), zone(instance, y));
        b == a + 1 && !starts_a_day(instance.days(), b) && matches!(zones, (Some(from), Some(to)) if from != to)
    };
    meetings.windows(2).filter(dash).count() as u64
}

fn zone(instance: &Instance, request: u32) -> Option<&str> {
    let parties = &instance.requests()[request as usize].parties;
    let mut zones = parties
        .iter()
        .filter_map(|&p| instance.parties()[p as usize].zone.as_deref());
    let first = zones.next()?;
    zones.all(|z| z == first).then_some(first)
}
