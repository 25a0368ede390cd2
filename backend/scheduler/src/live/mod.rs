//! Live operations: one event running, one timetable in force, one question at a time, answered in micro- to
//! milliseconds with a difference and a proof line. Every question is a preview; only [`Live::apply`] changes
//! anything. Deliberately not here: solving anew (`solve.rs`), and anything about whose wish or refusal it was.
//!
//! An answer depends on the timetable alone, never on what was asked before: after each preview the draft is as it
//! was, to the order of the occupants.

mod change;
mod explain;
mod forecast;
mod insert;
mod repair;
mod search;
mod standby;
mod suggest;

pub use change::{Change, Move, Standing};
pub use explain::{Explanation, Reason, Remedy};
pub use forecast::{Forecast, forecast};
pub use insert::{InsertTerms, Insertion};
pub use repair::{FreedRoom, Repair, RepairTerms, repair};
pub use standby::Standby;
pub use suggest::Suggestion;

use crate::board::{Board, NOWHERE};
use crate::chain::Chains;
use crate::comfort::Comfort;
use crate::draft::Draft;
use crate::instance::Instance;
use crate::mask;
use crate::price::{PRICE_PARTS, Prices, bound_parts, whole};
use search::Search;

/// Greatest price taken, either sign, in parts: what a certificate's file can hold.
const MAX_PRICE: i64 = 10_000_000_000 * PRICE_PARTS;

/// An instance laid out for live operations.
#[derive(Debug)]
pub struct Layout<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) board: Board,
    pub(crate) comfort: Comfort,
}

impl<'a> Layout<'a> {
    /// Lays an instance out; about a millisecond for a market of a day or two.
    pub fn new(instance: &'a Instance) -> Layout<'a> {
        Layout {
            instance,
            board: Board::new(instance),
            comfort: Comfort::new(instance),
        }
    }

    /// The instance.
    pub fn instance(&self) -> &'a Instance {
        self.instance
    }
}

/// What may not be touched. A fixed meeting never moves, whether it is named here or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frozen {
    /// By request: neither moved nor placed. Empty: none.
    pub requests: Vec<bool>,
    /// Slots below are past: nothing moves out of or into them.
    pub before_slot: u16,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiveError {
    /// Not one entry for each.
    #[error("there are {found} {what} for {expected}")]
    Count {
        /// What there is too much or too little of.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// No such request.
    #[error("there is no request number {0}")]
    NoSuchRequest(u32),
    /// No such party.
    #[error("there is no party number {0}")]
    NoSuchParty(u32),
    /// No such slot.
    #[error("request {request} stands in slot {slot}, which does not exist")]
    NoSuchSlot {
        /// The request.
        request: u32,
        /// The slot.
        slot: u16,
    },
    /// The timetable does not fit: outside the request's slots, somebody absent, a party over its capacity or most.
    #[error("request {request} cannot stand in slot {slot} beside the other meetings")]
    DoesNotFit {
        /// The request.
        request: u32,
        /// The slot.
        slot: u16,
    },
    /// A price that is no price: below 0 in a slot, or beyond all measure.
    #[error("the price {price} of party {party} is out of range")]
    Price {
        /// The party.
        party: u32,
        /// What was given, in parts.
        price: i64,
    },
    /// Asked about a meeting that is not held.
    #[error("request {0} is not held")]
    NotHeld(u32),
    /// Asked about a party the meeting does not need.
    #[error("party {party} is not in request {request}")]
    NotInIt {
        /// The request.
        request: u32,
        /// The party.
        party: u32,
    },
    /// A change made for another timetable.
    #[error("the change takes request {0} from where it does not stand, or names it twice")]
    Stale(u32),
    /// A change of what is fixed, frozen or past.
    #[error("request {0} is fixed, frozen or past, and stays")]
    Stays(u32),
    /// Before and after are not the same parties, requests and slots.
    #[error("the instances before and after differ in more than edits")]
    OtherInstance,
}

/// A timetable in force. Invariants: it fits the instance; occupants ascend in every cell of the draft.
///
/// Aiko holds slot 0 at the brewery, which Ben needs: he leaves at noon. Aiko can come later, so one move is enough.
///
/// ```
/// use scheduler::{Frozen, InsertTerms, Instance, Layout, Live, PartySpec, Prices, RequestSpec};
///
/// let party = |id: &str, capacity: [u32; 2]| PartySpec { id: id.into(), capacity: capacity.into(), ..Default::default() };
/// let wish = |id: &str, who| RequestSpec { id: id.into(), parties: vec![who, 2], value: 5, ..Default::default() };
/// let parties = vec![party("Aiko", [1, 1]), party("Ben", [1, 0]), party("brewery", [1, 1])];
/// let market = Instance::new("noon".into(), 2, vec![], parties, vec![wish("Aiko tastes", 0), wish("Ben tastes", 1)])?;
/// let layout = Layout::new(&market);
/// let mut live = Live::new(&layout, &[Some(0), None], &Prices::default(), Frozen::default())?;
/// let found = live.insert(1, &InsertTerms::default())?;
/// assert_eq!(found.to_string(), "1 move, none with fewer (all tried)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Live<'a> {
    layout: &'a Layout<'a>,
    draft: Draft<'a>,
    chains: Chains,
    search: Search,
    prices: Prices,
    bound: i128,
}

impl<'a> Live<'a> {
    /// Takes a timetable in force, by request index; `Err` if it does not fit the instance ([`repair`] is for that).
    /// A fixed request may be missing, but not stand elsewhere.
    pub fn new(
        layout: &'a Layout<'a>,
        slot_of: &[Option<u16>],
        prices: &Prices,
        frozen: Frozen,
    ) -> Result<Live<'a>, LiveError> {
        let board = &layout.board;
        check_input(board, slot_of, prices, &frozen)?;
        let mut draft = Draft::new(board);
        // Backwards, so that the occupants ascend.
        for (r, slot) in slot_of.iter().enumerate().rev() {
            if let Some(slot) = *slot {
                if !draft.can_put(r, usize::from(slot)) {
                    return Err(LiveError::DoesNotFit {
                        request: r as u32,
                        slot,
                    });
                }
                draft.put(r, usize::from(slot));
            }
        }
        freeze(&mut draft, slot_of, &frozen);
        draft.commit();
        Ok(Live::of(layout, draft, prices))
    }

    fn of(layout: &'a Layout<'a>, draft: Draft<'a>, prices: &Prices) -> Live<'a> {
        Live {
            layout,
            chains: Chains::new(layout.board.requests),
            search: Search::new(layout.board.requests),
            bound: bound_parts(&layout.board, prices),
            prices: prices.clone(),
            draft,
        }
    }

    /// Applies a change: wholly, or `Err` and not at all. Its figures are not looked at.
    pub fn apply(&mut self, change: &Change) -> Result<(), LiveError> {
        self.draft.commit();
        let done = self.try_apply(change);
        if done.is_err() {
            self.draft.back_to(0);
        }
        self.draft.commit();
        let known = change
            .moves
            .iter()
            .map(|m| m.request)
            .filter(|&r| self.is_held(r as usize));
        let mut touched: Vec<u32> = known.collect();
        self.draft.settle(&mut touched);
        done
    }

    fn try_apply(&mut self, change: &Change) -> Result<(), LiveError> {
        for m in &change.moves {
            let r = self.request(m.request)?;
            // A promise not kept so far may be.
            let promised = m.from.is_none() && self.layout.board.is_fixed(r);
            if self.draft.is_fast(r) && !promised {
                return Err(LiveError::Stays(m.request));
            }
        }
        for m in change.moves.iter().filter(|m| m.from.is_some()) {
            if self.slot(m.request as usize) != m.from {
                return Err(LiveError::Stale(m.request));
            }
            self.draft.take(m.request as usize);
        }
        for m in &change.moves {
            let (r, Some(slot)) = (m.request as usize, m.to) else {
                continue;
            };
            let to = usize::from(slot);
            if self.is_held(r) {
                return Err(LiveError::Stale(m.request));
            }
            if to >= self.layout.board.slots {
                return Err(LiveError::NoSuchSlot {
                    request: m.request,
                    slot,
                });
            }
            if !mask::has(&self.draft.open, to) || !self.draft.can_put(r, to) {
                return Err(LiveError::DoesNotFit {
                    request: m.request,
                    slot,
                });
            }
            self.draft.put(r, to);
        }
        Ok(())
    }

    /// Values of the held requests less the penalties of shortfalls.
    pub fn value(&self) -> i64 {
        self.draft.value
    }

    /// What the prices prove: no timetable of the instance is worth more.
    pub fn upper_bound(&self) -> i64 {
        whole(self.bound)
    }

    /// The timetable, by request index.
    pub fn slot_of(&self) -> Vec<Option<u16>> {
        (0..self.layout.board.requests).map(|r| self.slot(r)).collect()
    }

    fn slot(&self, request: usize) -> Option<u16> {
        let slot = self.draft.slot_of[request];
        (slot != NOWHERE).then_some(slot)
    }

    fn is_held(&self, request: usize) -> bool {
        self.draft.slot_of.get(request).is_some_and(|&s| s != NOWHERE)
    }

    /// A request's index, if there is such a one.
    fn request(&self, request: u32) -> Result<usize, LiveError> {
        let known = (request as usize) < self.layout.board.requests;
        known
            .then_some(request as usize)
            .ok_or(LiveError::NoSuchRequest(request))
    }

    /// Slots of a word where a waiting request could go as things are, whatever the parties' totals.
    fn free(&self, request: usize, word: usize) -> u64 {
        search::free(&self.draft, request, word)
    }
}

/// Whether everything has the right length and range, so that nothing later can go astray.
fn check_input(board: &Board, slot_of: &[Option<u16>], prices: &Prices, frozen: &Frozen) -> Result<(), LiveError> {
    let count = |what, found, expected| {
        if found == expected {
            Ok(())
        } else {
            Err(LiveError::Count { what, found, expected })
        }
    };
    count("slots of requests", slot_of.len(), board.requests)?;
    if !frozen.requests.is_empty() {
        count("frozen marks", frozen.requests.len(), board.requests)?;
    }
    for (request, slot) in (0..).zip(slot_of) {
        if let Some(slot) = slot.filter(|&s| usize::from(s) >= board.slots) {
            return Err(LiveError::NoSuchSlot { request, slot });
        }
    }
    if !prices.party.is_empty() {
        count("party prices", prices.party.len(), board.parties)?;
    }
    if !prices.party_slot.is_empty() {
        count("rows of slot prices", prices.party_slot.len(), board.parties)?;
    }
    for (party, &price) in (0..).zip(&prices.party) {
        if !(-MAX_PRICE..=MAX_PRICE).contains(&price) {
            return Err(LiveError::Price { party, price });
        }
    }
    for (party, row) in (0..).zip(&prices.party_slot) {
        if !row.is_empty() {
            count("slot prices in a row", row.len(), board.slots)?;
        }
        if let Some(&price) = row.iter().find(|&u| !(0..=MAX_PRICE).contains(u)) {
            return Err(LiveError::Price { party, price });
        }
    }
    Ok(())
}

/// Holds fast what is frozen or past, and closes the past.
fn freeze(draft: &mut Draft, slot_of: &[Option<u16>], frozen: &Frozen) {
    for (r, slot) in slot_of.iter().enumerate() {
        if stays(frozen, r, *slot) {
            draft.hold_fast(r);
        }
    }
    draft.close_before(usize::from(frozen.before_slot));
}

fn stays(frozen: &Frozen, request: usize, slot: Option<u16>) -> bool {
    frozen.requests.get(request) == Some(&true) || slot.is_some_and(|s| s < frozen.before_slot)
}
