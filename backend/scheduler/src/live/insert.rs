//! Insert: one more meeting, with the fewest others moved. Deliberately not here: giving anybody up (`explain.rs`
//! tells what that would cost).

use super::change::{Change, Standing};
use super::search::{Newcomer, Verdict, best_free};
use super::{Live, LiveError};
use crate::board::NOWHERE;
use crate::chain::{Outcome, Terms};
use std::fmt;

/// Looking at one request of a chain takes as long as so many steps of the exact search.
pub(super) const NODE_STEPS: usize = 16;

/// The exact search goes no deeper than this, whatever is asked.
const DEEPEST: usize = 64;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsertTerms {
    /// Up to so many others moved (64 at most), every way is tried, as long as `nodes` allow.
    pub depth: usize,
    /// Chains of moves are looked for up to this long, not every way.
    pub longest: usize,
    /// Steps of each search before giving up.
    pub nodes: usize,
}

impl Default for InsertTerms {
    fn default() -> InsertTerms {
        InsertTerms {
            depth: 3,
            longest: 8,
            nodes: 12_000,
        }
    }
}

/// What came of it. Nothing has been changed; [`Live::apply`] takes the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insertion {
    /// There is room, `moved` others moving; fewer than `at_least` would not do, which is proved.
    Placed {
        /// The change.
        change: Change,
        /// Others that move.
        moved: usize,
        /// So many must move at least.
        at_least: usize,
        /// What it is worth.
        standing: Standing,
    },
    /// No way with up to `depth` others moved, all tried; nor did chains of moves find a longer one.
    Impossible {
        /// So many moved others were tried in every way.
        depth: usize,
    },
    /// However many others move, nobody lost, there is no room: proved.
    Never,
    /// It is held already.
    AlreadyHeld {
        /// Where.
        slot: u16,
    },
}

impl Live<'_> {
    /// One more meeting, with the fewest others moved. A preview.
    pub fn insert(&mut self, request: u32, terms: &InsertTerms) -> Result<Insertion, LiveError> {
        let r = self.request(request)?;
        if let Some(slot) = self.slot(r) {
            return Ok(Insertion::AlreadyHeld { slot });
        }
        self.draft.commit();
        let way = self.find_way(r, terms);
        let insertion = match way {
            Way::Seated { at_least } => {
                let change = self.change_so_far();
                Insertion::Placed {
                    moved: change.moved(),
                    at_least,
                    standing: Standing {
                        value_before: self.draft.value - change.value,
                        value_after: self.draft.value,
                        upper_bound: self.upper_bound(),
                    },
                    change,
                }
            }
            Way::None { depth } => Insertion::Impossible { depth },
            Way::Never => Insertion::Never,
        };
        self.take_back();
        Ok(insertion)
    }

    /// Seats a waiting request in the draft; the caller takes that back.
    pub(super) fn find_way(&mut self, request: usize, terms: &InsertTerms) -> Way {
        let board = self.draft.board;
        let full = |&p: &u32| self.draft.is_full(p as usize);
        if self.is_frozen(request) || board.members(request).iter().any(full) {
            return Way::Never;
        }
        if let Some(slot) = best_free(self.layout, &self.draft, request, |_| false) {
            self.draft.put(request, slot);
            return Way::Seated { at_least: 0 };
        }
        let (mut depth, mut steps) = (0, terms.nodes);
        while depth < terms.depth.min(DEEPEST) {
            let moves = depth + 1;
            let home = NOWHERE;
            let newcomer = Newcomer { request, home, moves };
            match (self.search).seat(self.layout, &mut self.draft, newcomer, &mut steps) {
                Verdict::Seated => return Way::Seated { at_least: moves },
                Verdict::Never => return Way::Never,
                Verdict::Spent => break,
                Verdict::Short => depth = moves,
            }
        }
        let chains = Terms {
            nodes: terms.nodes / NODE_STEPS,
            least: None,
            turn: 0,
        };
        self.search.calm(&mut self.draft, std::iter::empty());
        if terms.longest > depth && self.chains.place(&mut self.draft, request, chains) == Outcome::Placed {
            let moved = self.draft.steps(0).iter().filter(|(_, from)| *from != NOWHERE).count();
            if moved <= terms.longest {
                return Way::Seated { at_least: depth + 1 };
            }
        }
        Way::None { depth }
    }

    /// The change since the draft was last committed.
    pub(super) fn change_so_far(&self) -> Change {
        let draft = &self.draft;
        let mut was: Vec<(u32, u16)> = draft.steps(0).to_vec();
        // Stable: of several steps of a request the first says where it was.
        was.sort_by_key(|&(r, _)| r);
        was.dedup_by_key(|&mut (r, _)| r);
        let before = |r: usize| {
            let at = was.binary_search_by_key(&(r as u32), |&(r, _)| r);
            at.map_or(draft.slot_of[r], |at| was[at].1)
        };
        let touched = was.iter().map(|&(r, _)| r);
        Change::between(self.layout, touched, before, |r| draft.slot_of[r])
    }

    /// Undoes everything since the draft was last committed, to the order of the occupants.
    pub(super) fn take_back(&mut self) {
        self.draft.back_to(0);
        let looked_at = self.chains.looked_at().map(|r| r as u32);
        self.search.calm(&mut self.draft, looked_at);
        self.chains.forget();
    }
}

/// Whether there is a way.
pub(super) enum Way {
    Seated { at_least: usize },
    None { depth: usize },
    Never,
}

impl fmt::Display for Insertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Insertion::Placed { moved, at_least, .. } if moved == at_least => match moved {
                0 => write!(f, "0 moves: there is a free slot"),
                1 => write!(f, "1 move, none with fewer (all tried)"),
                k => write!(f, "{k} moves, none with fewer (all tried)"),
            },
            Insertion::Placed { moved, at_least, .. } => {
                write!(f, "{moved} moves; fewer than {at_least} would not do (all tried)")
            }
            Insertion::Impossible { depth } => write!(f, "impossible with up to {depth} moves (all tried)"),
            Insertion::Never => write!(f, "impossible, however many move"),
            Insertion::AlreadyHeld { slot } => write!(f, "held already, in slot {slot}"),
        }
    }
}
