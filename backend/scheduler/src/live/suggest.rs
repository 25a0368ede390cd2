//! Suggest: where a waiting request could be held at once, nobody moving. Deliberately not here: moving others
//! (`insert.rs`).

use super::{Live, LiveError};
use crate::comfort::Busy;
use crate::draft::Draft;
use crate::live::Layout;
use crate::mask::{Bits, WORD};
use std::cmp::Reverse;
use std::fmt;

/// A free slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggestion {
    /// The slot.
    pub slot: u16,
    /// Breaks it adds, all parties together; below 0 where it fills one.
    pub breaks: i64,
    /// Dashes it adds.
    pub dashes: i64,
    /// Fewest places left after it at any shared party (more than one place in the slot: tables, interpreters);
    /// `None`: nobody in it is shared.
    pub places_left: Option<u32>,
    /// What the places taken are worth at the prices, in parts of [`crate::PRICE_PARTS`].
    pub price: i64,
}

impl Live<'_> {
    /// All slots a waiting request could be held in at once: those that add fewest breaks and dashes first, then
    /// those that leave most at the scarcest shared party, then the earliest. None for one that is held or frozen.
    pub fn suggest(&self, request: u32) -> Result<Vec<Suggestion>, LiveError> {
        let r = self.request(request)?;
        let draft = &self.draft;
        let board = draft.board;
        let full = |&p: &u32| draft.is_full(p as usize);
        let mut found = Vec::new();
        if self.is_held(r) || self.is_frozen(r) || board.members(r).iter().any(full) {
            return Ok(found);
        }
        for w in 0..board.words {
            for bit in Bits::turned(self.free(r, w), 0) {
                found.push(self.suggestion(r, w * WORD + bit));
            }
        }
        found.sort_by_key(|s| (s.breaks + s.dashes, Reverse(s.places_left.unwrap_or(u32::MAX)), s.slot));
        Ok(found)
    }

    fn suggestion(&self, request: usize, slot: usize) -> Suggestion {
        let board = self.draft.board;
        let mut suggestion = Suggestion {
            slot: slot as u16,
            breaks: 0,
            dashes: 0,
            places_left: None,
            price: 0,
        };
        for &p in board.members(request) {
            let p = p as usize;
            let strain = (self.layout.comfort).added(p, slot, request, |s| busy(self.layout, &self.draft, p, s));
            suggestion.breaks += strain.breaks;
            suggestion.dashes += strain.dashes;
            suggestion.price += self.prices.of_slot(p, slot);
            let capacity = board.capacity[p * board.slots + slot];
            if capacity > 1 {
                let left = capacity - self.draft.load(p, slot) - 1;
                suggestion.places_left = Some(suggestion.places_left.map_or(left, |l| l.min(left)));
            }
        }
        suggestion
    }

    /// Whether a waiting request is frozen; a fixed one may still be placed where it is promised.
    pub(super) fn is_frozen(&self, request: usize) -> bool {
        self.draft.is_fast(request) && !self.draft.board.is_fixed(request)
    }
}

/// What a party does in a slot.
pub(super) fn busy(layout: &Layout, draft: &Draft, party: usize, slot: usize) -> Busy {
    let first = draft.occupants(party, slot).next();
    first.map_or(Busy::No, |r| Busy::In(layout.comfort.zone(r)))
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Suggestion {
            slot, breaks, dashes, ..
        } = self;
        write!(f, "slot {slot} is free: breaks {breaks:+}, dashes {dashes:+}")?;
        match self.places_left {
            Some(left) => write!(f, ", {left} places left"),
            None => Ok(()),
        }
    }
}
