//! The answer: who meets when, what it is worth, and the prices that prove how much better it could be at most.
//! Deliberately not here: the file format (`json.rs`) and the verification (`check/`).

use crate::board::{Board, NOWHERE};
use crate::comfort::{Comfort, Strain};
use crate::price::Prices;
use std::ops::Add;

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
        self.upper_bound.saturating_sub(self.value) as f64 / self.upper_bound.unsigned_abs().max(1) as f64
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
    pub(crate) fn count_second_level(&mut self, board: &Board, comfort: &Comfort) {
        let slot_of = |r: usize| self.slot_of[r].unwrap_or(NOWHERE);
        let strain = (0..board.parties)
            .map(|p| comfort.of(board, p, slot_of))
            .fold(Strain::default(), Strain::add);
        (self.breaks, self.dashes) = (strain.breaks as u64, strain.dashes as u64);
    }
}
