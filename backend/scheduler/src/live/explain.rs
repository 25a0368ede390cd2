//! Explain: why a request is not held, so that a program can check it, and the cheapest change that would place it.
//! Deliberately not here: the check (`check/explanation.rs`), and any text for people beyond a sentence.

use super::change::{Change, counted};
use super::insert::{InsertTerms, Way};
use super::search::{Newcomer, Verdict, strain};
use super::{Live, LiveError};
use crate::board::NOWHERE;
use crate::draft::Draft;
use crate::mask::{self, Bits, WORD};
use crate::price::{cheapest_slot, surplus, whole};
use std::cmp::Reverse;
use std::fmt;

/// Steps of the search for those who stand in the way and are worth least.
const GIVING_STEPS: usize = 4000;
/// Meetings tried as the one given up while another moves, and steps of the search for that move.
const GIVE_UP_TRIES: usize = 32;
const GIVE_UP_STEPS: usize = 1000;

/// Why a request is not held, what holding it could be worth at most, and what would place it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The request.
    pub request: u32,
    /// Why it is not held.
    pub reason: Reason,
    /// No timetable that holds it is worth more, proved by the prices; `None`: no timetable can hold it.
    pub most: Option<i64>,
    /// The cheapest change found that would place it; nothing fixed, frozen or past moves.
    pub remedy: Option<Remedy>,
}

/// Why a request is not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is held.
    Held {
        /// Where.
        slot: u16,
    },
    /// There is no slot it may stand in with everybody present.
    NoCommonSlot {
        /// By slot: a party absent then; `None`: the request itself does not allow the slot.
        absent: Vec<Option<u32>>,
    },
    /// This party has all the meetings it may have.
    PartyFull {
        /// The party.
        party: u32,
        /// How many it may have.
        top: u32,
    },
    /// In every common slot a party whose places are all taken.
    NoFreeSlot {
        /// Slot and party, every common slot once, ascending.
        full: Vec<(u16, u32)>,
    },
    /// These slots are free, all there are: past, frozen, or not used yet.
    Free {
        /// The slots, ascending.
        slots: Vec<u16>,
    },
}

/// What would place a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Others move (or nobody needs to), nobody loses.
    Moves(Change),
    /// Somebody gives way.
    Exchange {
        /// The change.
        change: Change,
        /// What the value falls by; 0 where it rises.
        costs: i64,
    },
    /// One more place would do.
    Room {
        /// The party that would need it.
        party: u32,
        /// In this slot; `None`: one more meeting in all.
        slot: Option<u16>,
        /// The change it would allow.
        change: Change,
    },
}

impl Live<'_> {
    /// Why a request is not held, and the cheapest change that would place it: others moving; else somebody giving
    /// way, the least loss found; else one more place. A preview.
    pub fn explain(&mut self, request: u32) -> Result<Explanation, LiveError> {
        let r = self.request(request)?;
        let reason = self.reason(r);
        let remedy = match reason {
            Reason::Held { .. } => None,
            _ if self.is_frozen(r) => None,
            _ => self.remedy(r),
        };
        Ok(Explanation {
            request,
            most: self.most(r),
            reason,
            remedy,
        })
    }

    /// Why a request is not held, without looking for what would place it.
    pub fn why(&self, request: u32) -> Result<Reason, LiveError> {
        Ok(self.reason(self.request(request)?))
    }

    fn reason(&self, request: usize) -> Reason {
        let draft = &self.draft;
        let board = draft.board;
        if let Some(slot) = self.slot(request) {
            return Reason::Held { slot };
        }
        let common = slots_of(board.allowed(request));
        if common.is_empty() {
            let absent = (0..board.slots).map(|s| self.absent(request, s)).collect();
            return Reason::NoCommonSlot { absent };
        }
        let members = board.members(request);
        if let Some(&party) = members.iter().find(|&&p| draft.is_full(p as usize)) {
            let top = board.top[party as usize];
            return Reason::PartyFull { party, top };
        }
        let taken = |s: usize| members.iter().copied().find(|&p| !mask::has(draft.free(p as usize), s));
        let full: Vec<(u16, u32)> = common.iter().filter_map(|&s| Some((s as u16, taken(s)?))).collect();
        if full.len() == common.len() {
            return Reason::NoFreeSlot { full };
        }
        let free = common.into_iter().filter(|&s| taken(s).is_none()).map(|s| s as u16);
        Reason::Free { slots: free.collect() }
    }

    /// A party absent in a slot, where the request itself would allow it.
    fn absent(&self, request: usize, slot: usize) -> Option<u32> {
        let board = self.draft.board;
        let missing = |p: &u32| board.capacity[*p as usize * board.slots + slot] == 0;
        let members = board.members(request).iter().copied();
        if self.allows(request, slot) {
            members.into_iter().find(missing)
        } else {
            None
        }
    }

    /// Whether the request itself allows a slot, whoever is absent.
    fn allows(&self, request: usize, slot: usize) -> bool {
        let spec = &self.layout.instance.requests()[request];
        let listed = |list: &Vec<u16>| list.iter().any(|&s| usize::from(s) == slot);
        match spec.fixed {
            Some(fixed) => usize::from(fixed) == slot,
            None => spec.slots.as_ref().is_none_or(listed),
        }
    }

    /// What a timetable that holds the request is worth at most: with it held, its part in the bound may be negative.
    fn most(&self, request: usize) -> Option<i64> {
        let board = self.draft.board;
        let cheapest = cheapest_slot(board, request, &self.prices)?;
        let left = surplus(board, request, &self.prices) - cheapest;
        let counted = if board.is_fixed(request) { left } else { left.max(0) };
        Some(whole(self.bound - i128::from(counted) + i128::from(left)))
    }

    fn remedy(&mut self, request: usize) -> Option<Remedy> {
        self.draft.commit();
        let way = self.find_way(request, &InsertTerms::default());
        let moves = matches!(way, Way::Seated { .. }).then(|| Remedy::Moves(self.change_so_far()));
        self.take_back();
        moves.or_else(|| self.exchange(request)).or_else(|| self.room(request))
    }

    /// Somebody gives way: the cheapest who stand in the way, or one meeting of the request's parties after which a
    /// move makes room.
    fn exchange(&mut self, request: usize) -> Option<Remedy> {
        let mut giving = Giving::new(&self.draft, request);
        giving.stand_aside(&mut self.draft);
        self.draft.settle(&mut giving.taken);
        let mut best = giving.best;
        if let Some(cheaper) = self.give_one_up(request, best.as_ref().map(|b| b.0)) {
            best = Some(cheaper);
        }
        let (_, steps) = best?;
        for &(r, slot) in &steps {
            if slot == NOWHERE || self.is_held(r as usize) {
                self.draft.take(r as usize);
            }
        }
        for &(r, slot) in steps.iter().filter(|&&(_, slot)| slot != NOWHERE) {
            if self.draft.can_put(r as usize, usize::from(slot)) {
                self.draft.put(r as usize, usize::from(slot));
            }
        }
        let change = self.change_so_far();
        self.draft.back_to(0);
        let mut touched: Vec<u32> = steps.iter().map(|&(r, _)| r).collect();
        self.draft.settle(&mut touched);
        let costs = (-change.value).max(0);
        Some(Remedy::Exchange { change, costs })
    }

    /// Gives up one meeting of the request's parties, the cheapest first, after which one move is enough; better than
    /// a value known already.
    fn give_one_up(&mut self, request: usize, known: Option<i64>) -> Option<Found> {
        let board = self.draft.board;
        let full: Vec<u32> = board
            .members(request)
            .iter()
            .copied()
            .filter(|&p| self.draft.is_full(p as usize))
            .collect();
        let mut candidates: Vec<(i64, u32)> = (board.members(request).iter())
            .flat_map(|&p| board.wishes(p as usize).iter().copied())
            .filter(|&r| self.is_held(r as usize) && !self.draft.is_fast(r as usize))
            .filter(|&r| full.iter().all(|p| board.members(r as usize).contains(p)))
            .map(|r| (self.draft.exchange_gain(request, r as usize), r))
            .filter(|&(gain, _)| known.is_none_or(|known| gain > known))
            .collect();
        candidates.sort_unstable_by_key(|&(gain, r)| (Reverse(gain), r));
        candidates.dedup();
        candidates.truncate(GIVE_UP_TRIES);
        for (gain, r) in candidates {
            self.draft.take(r as usize);
            let newcomer = Newcomer {
                request,
                home: NOWHERE,
                moves: 1,
            };
            let mut steps = GIVE_UP_STEPS;
            let found = (self.search).seat(self.layout, &mut self.draft, newcomer, &mut steps);
            let way = (found == Verdict::Seated).then(|| (gain, self.net_steps()));
            self.draft.back_to(0);
            self.search.calm(&mut self.draft, std::iter::once(r));
            if way.is_some() {
                return way;
            }
        }
        None
    }

    /// Where everything stands that has been touched since the last commit.
    fn net_steps(&self) -> Vec<(u32, u16)> {
        let mut touched: Vec<u32> = self.draft.steps(0).iter().map(|&(r, _)| r).collect();
        touched.sort_unstable();
        touched.dedup();
        touched
            .into_iter()
            .map(|r| (r, self.draft.slot_of[r as usize]))
            .collect()
    }

    /// One more place that would do. A walker is not asked to be in two meetings at once, only to come where absent.
    fn room(&self, request: usize) -> Option<Remedy> {
        let draft = &self.draft;
        let board = draft.board;
        let members = || board.members(request).iter().copied();
        let mut full = members().filter(|&p| draft.is_full(p as usize));
        let (full, more) = (full.next(), full.next());
        if more.is_some() {
            return None;
        }
        let mut best: Option<(Preference, u32, Option<u16>)> = None;
        let open = (0..board.slots).filter(|&s| mask::has(&draft.open, s) && self.allows(request, s));
        for slot in open {
            let mut closed = members().filter(|&p| !mask::has(draft.free(p as usize), slot));
            let (first, second) = (closed.next(), closed.next());
            let (party, at) = match (full, first, second) {
                (None, Some(p), None) => (p, Some(slot as u16)),
                (Some(p), None, None) => (p, None),
                (Some(p), Some(q), None) if p == q && !self.is_at_most(p) => (p, Some(slot as u16)),
                _ => continue,
            };
            let absent = board.capacity[party as usize * board.slots + slot] == 0;
            if at.is_some() && !absent && self.layout.comfort.walks(party as usize) {
                continue;
            }
            let strain = strain(self.layout, draft, request, slot);
            let key = (absent, strain.breaks + strain.dashes, slot);
            if best.is_none_or(|(least, ..)| key < least) {
                best = Some((key, party, at));
            }
        }
        let ((.., slot), party, at) = best?;
        let after = |r: usize| if r == request { slot as u16 } else { draft.slot_of[r] };
        let newcomer = std::iter::once(request as u32);
        Some(Remedy::Room {
            party,
            slot: at,
            change: Change::between(self.layout, newcomer, |r| draft.slot_of[r], after),
        })
    }

    /// Whether a party has its most over all slots, whatever its places.
    fn is_at_most(&self, party: u32) -> bool {
        let most = self.layout.instance.parties()[party as usize].max;
        most.is_some_and(|most| self.draft.count[party as usize] >= most)
    }
}

/// Of several places that would do: rather where the party is present, then with the least strain, then early.
type Preference = (bool, i64, usize);

/// A change of value, and where everybody touched stands then.
type Found = (i64, Vec<(u32, u16)>);

/// The search for those who stand in the way of a request and are together worth least: exact, within its steps.
struct Giving {
    request: usize,
    /// What placing the request can add at most.
    hope: i64,
    start: i64,
    best: Option<Found>,
    /// Who was ever taken out.
    taken: Vec<u32>,
    gone: Vec<u32>,
    steps: usize,
}

impl Giving {
    fn new(draft: &Draft, request: usize) -> Giving {
        let board = draft.board;
        let penalties: i64 = board.members(request).iter().map(|&p| board.penalty[p as usize]).sum();
        Giving {
            request,
            hope: board.value[request] + penalties,
            start: draft.value,
            best: None,
            taken: Vec::new(),
            gone: Vec::new(),
            steps: GIVING_STEPS,
        }
    }

    fn stand_aside(&mut self, draft: &mut Draft) {
        let board = draft.board;
        for slot in slots_of(board.allowed(self.request)) {
            if mask::has(&draft.open, slot) {
                self.clear(draft, slot);
            }
        }
    }

    /// Takes out whoever is in the way in a slot, one party after the other, every way that may still be the best.
    fn clear(&mut self, draft: &mut Draft, slot: usize) {
        let board = draft.board;
        let members = || board.members(self.request).iter().map(|&p| p as usize);
        let closed = members().find(|&p| !mask::has(draft.free(p), slot));
        let full = members().find(|&p| draft.is_full(p));
        let mut others: Vec<usize> = match (closed, full) {
            (Some(p), _) => draft.occupants(p, slot).collect(),
            (None, Some(p)) => board.wishes(p).iter().map(|&r| r as usize).collect(),
            (None, None) => return self.note(draft, slot),
        };
        others.retain(|&r| draft.is_placed(r) && !draft.is_fast(r));
        others.sort_by_cached_key(|&r| (board.value[r], r));
        for other in others {
            if self.steps == 0 {
                return;
            }
            self.steps -= 1;
            let mark = draft.mark();
            draft.take(other);
            let hopeful = |best: &Found| draft.value + self.hope - self.start > best.0;
            if self.best.as_ref().is_none_or(hopeful) {
                self.taken.push(other as u32);
                self.gone.push(other as u32);
                self.clear(draft, slot);
                self.gone.pop();
            }
            draft.back_to(mark);
        }
    }

    fn note(&mut self, draft: &mut Draft, slot: usize) {
        let mark = draft.mark();
        draft.put(self.request, slot);
        let gain = draft.value - self.start;
        draft.back_to(mark);
        if self.best.as_ref().is_none_or(|best| gain > best.0) {
            let mut steps: Vec<(u32, u16)> = self.gone.iter().map(|&r| (r, NOWHERE)).collect();
            steps.push((self.request as u32, slot as u16));
            self.best = Some((gain, steps));
        }
    }
}

fn slots_of(row: &[u64]) -> Vec<usize> {
    let words = row.iter().enumerate();
    words
        .flat_map(|(w, &word)| Bits::turned(word, 0).map(move |bit| w * WORD + bit))
        .collect()
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Held { slot } => write!(f, "it is held in slot {slot}"),
            Reason::NoCommonSlot { .. } => write!(f, "there is no slot in which all its parties are present"),
            Reason::PartyFull { party, top } => write!(f, "party {party} has its most already, {top} in all"),
            Reason::NoFreeSlot { full } => {
                let slots = counted(full.len(), "common slot");
                write!(f, "in every one of {slots} some party's places are all taken")
            }
            Reason::Free { slots } => {
                let slots = counted(slots.len(), "slot");
                write!(f, "nothing but what is frozen or past is in its way in {slots}")
            }
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Moves(change) => match change.moved() {
                0 => write!(f, "it could be held at once"),
                moved => write!(f, "it could be held with {} moved", counted(moved, "other")),
            },
            Remedy::Exchange { change, costs } => {
                let lost = counted(change.lost(), "other");
                write!(f, "it could be held if {lost} gave way, which costs {costs}")
            }
            Remedy::Room {
                party,
                slot: Some(slot),
                ..
            } => {
                write!(f, "it could be held if party {party} had one more place in slot {slot}")
            }
            Remedy::Room { party, slot: None, .. } => {
                write!(
                    f,
                    "it could be held if party {party} might have one more meeting in all"
                )
            }
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {}: {}", self.request, self.reason)?;
        if let Some(remedy) = &self.remedy {
            write!(f, "; {remedy}")?;
        }
        match self.most {
            Some(most) => write!(f, "; no timetable with it is worth more than {most}"),
            None => write!(f, "; no timetable can hold it"),
        }
    }
}
