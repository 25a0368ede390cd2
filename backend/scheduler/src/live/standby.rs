//! Standby: somebody did not come; who else could have the place at once. Deliberately not here: telling them.

use super::suggest::busy;
use super::{Live, LiveError};
use crate::comfort::Busy;
use std::cmp::Reverse;
use std::fmt;

/// A waiting request that could be held in a no-show's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standby {
    /// The request.
    pub request: u32,
    /// What the value rises by, penalties saved included.
    pub value: i64,
    /// Whether everybody who walks to it is idle before and after, or in the same zone.
    pub nearby: bool,
    /// Breaks it adds.
    pub breaks: i64,
    /// Dashes it adds.
    pub dashes: i64,
}

impl Live<'_> {
    /// Who could be met instead, in the same slot: waiting requests of those who are left sitting, everybody else in
    /// them free; nearby first, then the most valuable. `absent` is the party of the held request that did not come.
    /// The slot may be past: a no-show is known when it has begun.
    ///
    /// Left sitting are those present who stand in a zone; where there is none, those never in two meetings at once;
    /// else all present.
    pub fn standby(&self, no_show: u32, absent: u32) -> Result<Vec<Standby>, LiveError> {
        let gone = self.request(no_show)?;
        let board = self.draft.board;
        if absent as usize >= board.parties {
            return Err(LiveError::NoSuchParty(absent));
        }
        let slot = usize::from(self.slot(gone).ok_or(LiveError::NotHeld(no_show))?);
        if !board.members(gone).contains(&absent) {
            return Err(LiveError::NotInIt {
                request: no_show,
                party: absent,
            });
        }
        let mut candidates: Vec<u32> = (self.left_sitting(gone, absent).into_iter())
            .flat_map(|p| board.wishes(p as usize).iter().copied())
            .filter(|&r| r != no_show && !self.is_held(r as usize) && !self.is_frozen(r as usize))
            .filter(|&r| !board.members(r as usize).contains(&absent))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut found: Vec<Standby> = candidates
            .into_iter()
            .filter(|&r| self.could_stand_in(r as usize, gone, slot))
            .map(|r| self.stand_in(r as usize, gone, slot))
            .collect();
        found.sort_by_key(|s| (!s.nearby, Reverse(s.value), s.breaks + s.dashes, s.request));
        Ok(found)
    }

    fn left_sitting(&self, gone: usize, absent: u32) -> Vec<u32> {
        let parties = self.layout.instance.parties();
        let present = self.draft.board.members(gone).iter().copied().filter(|&p| p != absent);
        let present: Vec<u32> = present.collect();
        let single = |p: &u32| parties[*p as usize].capacity.iter().all(|&c| c < 2);
        let staying: Vec<u32> = present
            .iter()
            .copied()
            .filter(|&p| parties[p as usize].zone.is_some())
            .collect();
        if !staying.is_empty() {
            return staying;
        }
        let singles: Vec<u32> = present.iter().copied().filter(single).collect();
        if singles.is_empty() { present } else { singles }
    }

    /// Whether everything a request needs is there in a slot once a meeting has gone from it.
    fn could_stand_in(&self, request: usize, gone: usize, slot: usize) -> bool {
        let draft = &self.draft;
        let released = |p: &u32| draft.board.members(gone).contains(p);
        crate::mask::has(draft.board.allowed(request), slot)
            && draft.board.members(request).iter().all(|p| {
                let q = *p as usize;
                released(p) || (!draft.is_full(q) && crate::mask::has(draft.free(q), slot))
            })
    }

    fn stand_in(&self, request: usize, gone: usize, slot: usize) -> Standby {
        let (draft, comfort) = (&self.draft, &self.layout.comfort);
        let board = draft.board;
        let mut standby = Standby {
            request: request as u32,
            value: board.value[request],
            nearby: true,
            breaks: 0,
            dashes: 0,
        };
        for &p in board.members(request) {
            let released = board.members(gone).contains(&p);
            let p = p as usize;
            standby.value += if released { draft.owed(p) } else { draft.saved(p) };
            let row = |s: usize| {
                let first = draft.occupants(p, s).find(|&r| r != gone);
                first.map_or(Busy::No, |r| Busy::In(comfort.zone(r)))
            };
            let strain = comfort.added(p, slot, request, row);
            standby.breaks += strain.breaks;
            standby.dashes += strain.dashes;
            let day = comfort.day(slot);
            let beside = [slot.wrapping_sub(1), slot + 1].into_iter().filter(|s| day.contains(s));
            let here = Busy::In(comfort.zone(request));
            if comfort.walks(p) {
                standby.nearby &= beside
                    .map(|s| busy(self.layout, draft, p, s))
                    .all(|b| b == Busy::No || b == here);
            }
        }
        standby
    }
}

impl fmt::Display for Standby {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nearby = if self.nearby {
            "nearby"
        } else {
            "elsewhere in the venue"
        };
        write!(
            f,
            "request {} could stand in: {nearby}, worth {}",
            self.request, self.value
        )
    }
}
