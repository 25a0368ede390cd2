//! A change of a timetable: what moves, comes and goes, what that is worth, and whom to tell.
//! Deliberately not here: how a change is found.

use super::Layout;
use crate::board::NOWHERE;
use crate::comfort::Strain;
use std::fmt;

/// One request's step: from where (nowhere) to where (nowhere).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The request.
    pub request: u32,
    /// The slot it was held in; `None`: it waited.
    pub from: Option<u16>,
    /// The slot it is held in now; `None`: it falls away.
    pub to: Option<u16>,
}

/// A difference between two timetables of one instance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// Every request that stands elsewhere than before, ascending.
    pub moves: Vec<Move>,
    /// What the value rises by.
    pub value: i64,
    /// What the breaks rise by.
    pub breaks: i64,
    /// What the dashes rise by.
    pub dashes: i64,
    /// Parties of meetings that were held and move or fall away, ascending: whom to tell besides the newcomer's.
    pub disturbed: Vec<u32>,
}

impl Change {
    /// Meetings held before and after, in another slot.
    pub fn moved(&self) -> usize {
        self.moves.iter().filter(|m| m.from.is_some() && m.to.is_some()).count()
    }

    /// Meetings held before and no more.
    pub fn lost(&self) -> usize {
        self.moves.iter().filter(|m| m.to.is_none()).count()
    }

    /// Meetings held that were not before.
    pub fn added(&self) -> usize {
        self.moves.iter().filter(|m| m.from.is_none()).count()
    }

    /// The timetable after the change; `None` if the one given is not the one before it.
    pub fn onto(&self, before: &[Option<u16>]) -> Option<Vec<Option<u16>>> {
        let mut after = before.to_vec();
        for m in &self.moves {
            let slot = after.get_mut(m.request as usize).filter(|slot| **slot == m.from)?;
            *slot = m.to;
        }
        Some(after)
    }

    /// The change between two timetables of which only some requests may differ.
    pub(super) fn between(
        layout: &Layout,
        candidates: impl Iterator<Item = u32>,
        before: impl Fn(usize) -> u16,
        after: impl Fn(usize) -> u16,
    ) -> Change {
        let slot = |s: u16| (s != NOWHERE).then_some(s);
        let step = |request: u32| Move {
            request,
            from: slot(before(request as usize)),
            to: slot(after(request as usize)),
        };
        let mut moves: Vec<Move> = candidates.map(step).filter(|m| m.from != m.to).collect();
        moves.sort_unstable();
        moves.dedup();
        let board = &layout.board;
        let members = |m: &Move| board.members(m.request as usize).iter().copied();
        let mut touched: Vec<u32> = moves.iter().flat_map(members).collect();
        touched.sort_unstable();
        touched.dedup();
        let held = moves.iter().filter(|m| m.from.is_some());
        let mut disturbed: Vec<u32> = held.flat_map(members).collect();
        disturbed.sort_unstable();
        disturbed.dedup();
        let mut change = Change {
            moves,
            disturbed,
            ..Change::default()
        };
        for m in &change.moves {
            let worth = board.value[m.request as usize];
            change.value += if m.from.is_none() { worth } else { 0 };
            change.value -= if m.to.is_none() { worth } else { 0 };
        }
        let mut strain = Strain::default();
        for p in touched.into_iter().map(|p| p as usize) {
            let held = |slot_of: &dyn Fn(usize) -> u16| {
                let wishes = board.wishes(p).iter();
                wishes.filter(|&&r| slot_of(r as usize) != NOWHERE).count() as i64
            };
            let short = |count: i64| (i64::from(board.min[p]) - count).max(0) * board.penalty[p];
            change.value += short(held(&before)) - short(held(&after));
            strain = strain + layout.comfort.of(board, p, &after) - layout.comfort.of(board, p, &before);
        }
        (change.breaks, change.dashes) = (strain.breaks, strain.dashes);
        change
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} moved, {} lost, {} added; value {:+}, breaks {:+}, dashes {:+}; parties to tell: {}",
            counted(self.moved(), "meeting"),
            self.lost(),
            self.added(),
            self.value,
            self.breaks,
            self.dashes,
            self.disturbed.len()
        )
    }
}

/// A number and its noun.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The proof line of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the timetable was worth.
    pub value_before: i64,
    /// What it is worth after the change.
    pub value_after: i64,
    /// What no timetable of the instance can exceed, proved by the prices.
    pub upper_bound: i64,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Standing {
            value_before: before,
            value_after: after,
            upper_bound: bound,
        } = self;
        write!(
            f,
            "value {before} before, {after} after; no timetable is worth more than {bound}"
        )
    }
}
