//! Booking one meeting into a free place, and cancelling it. The situation holds exactly what the rule needs.

use crate::{
    Ctx,
    access::{self, Verb},
    event::{Phase, Slot},
    id::{MeetingId, PersonId, PoolId},
    market::{Meeting, Placement},
    participation::{Buyer, Exhibitor},
    problem::{Interpreters, interpreters},
    refusal::{MAX_ALTERNATIVES, Refusal},
    standby::Place,
    venue::{Booth, InterpreterPool},
    wish::{Pair, Want},
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashSet;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookMeeting {
    /// The meeting's id, made by whoever asks: asking again finds the same meeting.
    pub id: MeetingId,
    /// Who shall meet.
    pub pair: Pair,
    /// In which slot.
    pub slot: u16,
}

/// What the rule looks at.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Where the event stands.
    pub phase: Phase,
    /// All slots.
    pub slots: Vec<Slot>,
    /// The buyer.
    pub buyer: Buyer,
    /// The exhibitor.
    pub exhibitor: Exhibitor,
    /// The exhibitor's booth.
    pub booth: Booth,
    /// The pools that bridge the two.
    pub pools: Vec<InterpreterPool>,
    /// Cells in which the buyer is occupied.
    pub buyer_busy: HashSet<i64>,
    /// (table, cell) taken at the booth.
    pub tables_busy: HashSet<(u16, i64)>,
    /// (pool, lane, cell) taken of the pools.
    pub pools_busy: HashSet<(PoolId, u16, i64)>,
    /// Meetings the buyer and the exhibitor have.
    pub meetings: (u16, u16),
    /// The meeting the pair has.
    pub existing: Option<Meeting>,
    /// What either wants of the other: buyer's, exhibitor's.
    pub wants: (Option<Want>, Option<Want>),
    /// Whether the buyer and the exhibitor may be booked without being asked.
    pub direct: (bool, bool),
}

/// A meeting that may be kept: only [`book`] makes one, so whoever holds it knows that every rule was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Booking {
    meeting: Meeting,
    slot: Slot,
    person: PersonId,
}

impl Booking {
    /// The meeting.
    pub fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    /// Its slot.
    pub fn slot(&self) -> &Slot {
        &self.slot
    }

    /// The person who buys: whose time it takes.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The same place for a meeting that is there already: its next revision.
    pub(crate) fn moving(mut self, meeting: &Meeting) -> Self {
        self.meeting.id = meeting.id;
        self.meeting.revision = meeting.revision + 1;
        self
    }
}

/// Who asks, as far as this pair is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    Buyer,
    Exhibitor,
    Organizer,
}

/// Who asks; then whether it may be done now. What is not one's own is not there, whatever the phase.
pub(crate) fn asker(ctx: &Ctx, verb: Verb, pair: Pair, phase: Phase) -> Result<Asker, Refusal> {
    access::may(&ctx.actor, verb)?;
    let asker = stands(ctx, pair)?;
    access::open(&ctx.actor, verb, phase)?;
    Ok(asker)
}

/// On which side of the pair whoever asks stands. Who stands on neither finds nothing.
pub(crate) fn stands(ctx: &Ctx, pair: Pair) -> Result<Asker, Refusal> {
    if ctx.actor.organizes() {
        Ok(Asker::Organizer)
    } else if ctx.actor.buyer == Some(pair.buyer) {
        Ok(Asker::Buyer)
    } else if ctx.actor.exhibitor == Some(pair.exhibitor) {
        Ok(Asker::Exhibitor)
    } else {
        Err(Refusal::NotFound)
    }
}

/// Books a meeting into a free place: the right to do it first, then every rule.
pub fn book(situation: &Situation, command: &BookMeeting, ctx: &Ctx) -> Result<Booking, Refusal> {
    let asker = asker(ctx, Verb::BookMeeting, command.pair, situation.phase)?;
    if situation.existing.is_none() {
        asked_first(situation, asker)?;
    }
    place(situation, command, asker, ctx.now)
}

/// Every rule of a free place, for whoever may ask for one: by booking, by accepting a request, by moving.
pub(crate) fn place(
    situation: &Situation,
    command: &BookMeeting,
    asker: Asker,
    now: Timestamp,
) -> Result<Booking, Refusal> {
    let Some(slot) = situation.slots.get(usize::from(command.slot)) else {
        return Err(Refusal::NoSuchSlot {
            slots: situation.slots.len(),
        });
    };
    if slot.starts <= now {
        return Err(Refusal::SlotPast);
    }
    if let Some(existing) = &situation.existing {
        let at = situation
            .slots
            .get(usize::from(existing.placement.slot))
            .map_or(slot.starts, |s| s.starts);
        return Err(Refusal::PairHasMeeting { starts: at });
    }
    within_quota(situation, asker)?;
    let free = || times(situation, now);
    let (buyer_free, table) = (situation.buyer_free(slot), situation.table(slot));
    let avoided = matches!(situation.wants, (Some(Want::Avoid), _) | (_, Some(Want::Avoid)));
    let (asker_free, other_free) = match asker {
        Asker::Buyer => (buyer_free, table.is_some()),
        _ => (table.is_some(), buyer_free),
    };
    if avoided {
        // The same words as for a full calendar, with nothing to choose: nobody learns that they are avoided.
        return Err(if asker_free {
            other_side(Vec::new())
        } else {
            Refusal::Busy { free: Vec::new() }
        });
    }
    if !asker_free {
        return Err(Refusal::Busy { free: free() });
    }
    let (Some(table), true) = (table, other_free) else {
        return Err(other_side(free()));
    };
    let Ok(interpreter) = situation.interpreter(slot) else {
        return Err(Refusal::NoInterpreter { free: free() });
    };
    let placement = Placement {
        pair: command.pair,
        slot: slot.number,
        booth: situation.booth.id,
        table,
        interpreter,
    };
    Ok(Booking {
        meeting: Meeting {
            id: command.id,
            placement,
            timetable: None,
            revision: 0,
        },
        slot: *slot,
        person: situation.buyer.person,
    })
}

/// Books a place that was offered: that very table, also when its slot has begun. Every rule is asked but who may ask and
/// when, which `standby.rs` has asked; the buyer hears of nothing but its own side.
pub(crate) fn at_table(situation: &Situation, id: MeetingId, place: &Place) -> Result<Booking, Refusal> {
    let slots = &situation.slots;
    let slot = slots
        .get(usize::from(place.slot))
        .ok_or(Refusal::NoSuchSlot { slots: slots.len() })?;
    if let Some(existing) = &situation.existing {
        let at = slots.get(usize::from(existing.placement.slot));
        return Err(Refusal::PairHasMeeting {
            starts: at.map_or(slot.starts, |slot| slot.starts),
        });
    }
    within_quota(situation, Asker::Buyer)?;
    let avoided = matches!(situation.wants, (Some(Want::Avoid), _) | (_, Some(Want::Avoid)));
    if !situation.buyer_free(slot) {
        return Err(Refusal::Busy { free: Vec::new() });
    }
    let taken = |cell| situation.tables_busy.contains(&(place.table, cell));
    if avoided || place.table > situation.booth.staffed(slot) || slot.span().cells().any(taken) {
        return Err(other_side(Vec::new()));
    }
    let Ok(interpreter) = situation.interpreter(slot) else {
        return Err(Refusal::NoInterpreter { free: Vec::new() });
    };
    let placement = Placement {
        pair: Pair {
            buyer: situation.buyer.id,
            exhibitor: situation.exhibitor.id,
        },
        slot: slot.number,
        booth: place.booth,
        table: place.table,
        interpreter,
    };
    Ok(Booking {
        meeting: Meeting {
            id,
            placement,
            timetable: None,
            revision: 0,
        },
        slot: *slot,
        person: situation.buyer.person,
    })
}

/// When the two could meet instead, soonest first.
fn times(situation: &Situation, now: Timestamp) -> Vec<Timestamp> {
    let free = situation.free_slots(now).take(MAX_ALTERNATIVES);
    free.map(|slot| slot.starts).collect()
}

fn other_side(free: Vec<Timestamp>) -> Refusal {
    Refusal::OtherSideUnavailable { free }
}

/// Who wants to be asked first is not booked by the other side. Everybody may know that of everybody, and it comes before
/// all that nobody may know: whoever is avoided hears the same as whoever is not.
pub(crate) fn asked_first(situation: &Situation, asker: Asker) -> Result<(), Refusal> {
    let direct = match asker {
        Asker::Buyer => situation.direct.1,
        Asker::Exhibitor => situation.direct.0,
        Asker::Organizer => true,
    };
    if direct { Ok(()) } else { Err(Refusal::AskFirst) }
}

/// The asker hears its own figure; the other side's full quota sounds like any other full calendar.
fn within_quota(situation: &Situation, asker: Asker) -> Result<(), Refusal> {
    match situation.full(asker) {
        (Some(most), _) => Err(Refusal::QuotaReached { most }),
        (None, Some(_)) => Err(other_side(Vec::new())),
        (None, None) => Ok(()),
    }
}

impl Situation {
    fn buyer_free(&self, slot: &Slot) -> bool {
        let span = slot.span();
        self.buyer.present(&span) && span.cells().all(|cell| !self.buyer_busy.contains(&cell))
    }

    /// The first staffed table that is free during the slot.
    fn table(&self, slot: &Slot) -> Option<u16> {
        self.free_tables(slot).next()
    }

    /// Staffed tables that are free during the slot.
    fn free_tables(&self, slot: &Slot) -> impl Iterator<Item = u16> {
        let cells = slot.span().cells();
        let free = move |table: &u16| cells.clone().all(|cell| !self.tables_busy.contains(&(*table, cell)));
        (1..=self.booth.staffed(slot)).filter(free)
    }

    fn needs_interpreter(&self) -> bool {
        interpreters(&self.pools, &self.buyer.languages, &self.exhibitor.languages) != Interpreters::NotNeeded
    }

    /// Interpreters that bridge the two.
    fn lanes(&self) -> impl Iterator<Item = (PoolId, u16)> {
        let bridges = |pool: &&InterpreterPool| pool.bridges(&self.buyer.languages, &self.exhibitor.languages);
        let bridging = self.pools.iter().filter(bridges);
        bridging.flat_map(|pool| (1..=pool.count).map(|lane| (pool.id, lane)))
    }

    /// Those of them that are free during the slot.
    fn free_lanes(&self, slot: &Slot) -> impl Iterator<Item = (PoolId, u16)> {
        let cells = slot.span().cells();
        self.lanes()
            .filter(move |&(pool, lane)| cells.clone().all(|cell| !self.pools_busy.contains(&(pool, lane, cell))))
    }

    /// The first free interpreter of a pool that bridges the two; `Ok(None)` where none is needed.
    fn interpreter(&self, slot: &Slot) -> Result<Option<(PoolId, u16)>, ()> {
        if !self.needs_interpreter() {
            return Ok(None);
        }
        self.free_lanes(slot).next().map(Some).ok_or(())
    }

    /// Whether the buyer, a table and, if one is needed, an interpreter are free during the slot.
    pub(crate) fn is_free(&self, slot: &Slot) -> bool {
        self.buyer_free(slot) && self.table(slot).is_some() && self.interpreter(slot).is_ok()
    }

    /// Fewest places left at the booth's tables and the interpreters after one more meeting in the slot; `None`: neither
    /// has more than one.
    pub(crate) fn places_left(&self, slot: &Slot) -> Option<u32> {
        let tables = self.booth.staffed(slot);
        let at_booth = (tables > 1).then(|| self.free_tables(slot).count());
        let interpreting = self.needs_interpreter() && self.lanes().count() > 1;
        let interpreting = interpreting.then(|| self.free_lanes(slot).count());
        let left = at_booth.into_iter().chain(interpreting).min();
        left.map(|free| free.saturating_sub(1) as u32)
    }

    /// The slots in which the two could meet, soonest first.
    fn free_slots(&self, now: Timestamp) -> impl Iterator<Item = &Slot> {
        self.slots
            .iter()
            .filter(move |slot| slot.starts > now && self.is_free(slot))
    }

    /// The most either side may have, where it has that many: the asker's own, the other's.
    pub(crate) fn full(&self, asker: Asker) -> (Option<u16>, Option<u16>) {
        let full = |quota: crate::participation::Quota, has: u16| quota.max().filter(|&most| has >= most);
        let buyer = full(self.buyer.quota, self.meetings.0);
        let exhibitor = full(self.exhibitor.quota, self.meetings.1);
        match asker {
            Asker::Buyer => (buyer, exhibitor),
            Asker::Exhibitor => (exhibitor, buyer),
            Asker::Organizer => (buyer.or(exhibitor), None),
        }
    }

    /// Numbers of the slots the pair could book at once. None for a pair that meets, that has all its quota allows, or
    /// that is not to meet: that looks like any full calendar.
    pub fn open_slots(&self, now: Timestamp) -> Vec<u16> {
        let avoided = matches!(self.wants, (Some(Want::Avoid), _) | (_, Some(Want::Avoid)));
        let full = self.full(Asker::Buyer) != (None, None);
        if avoided || full || self.existing.is_some() {
            return Vec::new();
        }
        self.free_slots(now).map(|slot| slot.number).collect()
    }

    /// As if this meeting were not there: its own places are free.
    pub(crate) fn release(&mut self, meeting: &Meeting) {
        let placement = &meeting.placement;
        let Some(slot) = self.slots.get(usize::from(placement.slot)) else {
            return;
        };
        for cell in slot.span().cells() {
            if placement.pair.buyer == self.buyer.id {
                self.buyer_busy.remove(&cell);
            }
            if placement.booth == self.booth.id {
                self.tables_busy.remove(&(placement.table, cell));
            }
            if let Some((pool, lane)) = placement.interpreter {
                self.pools_busy.remove(&(pool, lane, cell));
            }
        }
        if self.existing.is_some_and(|existing| existing.id == meeting.id) {
            self.existing = None;
        }
    }

    /// As if this were kept already.
    pub(crate) fn occupy(&mut self, booking: &Booking) {
        let placement = &booking.meeting.placement;
        for cell in booking.slot.span().cells() {
            if booking.person == self.buyer.person {
                self.buyer_busy.insert(cell);
            }
            if placement.booth == self.booth.id {
                self.tables_busy.insert((placement.table, cell));
            }
            if let Some((pool, lane)) = placement.interpreter {
                self.pools_busy.insert((pool, lane, cell));
            }
        }
    }

    /// A meeting that is promised already asks for a time only: neither quotas nor what anybody thinks of the other by
    /// now stand against it, and nobody learns of either by moving it.
    pub(crate) fn promised(&mut self) {
        self.meetings = (0, 0);
        self.wants = (None, None);
    }

    /// The booking at another table of the booth, if that is staffed and free then.
    pub(crate) fn at_table(&self, mut booking: Booking, table: u16) -> Booking {
        let mut cells = booking.slot.span().cells();
        let free = cells.all(|cell| !self.tables_busy.contains(&(table, cell)));
        if free && (1..=self.booth.staffed(&booking.slot)).contains(&table) {
            booking.meeting.placement.table = table;
        }
        booking
    }
}

/// A meeting to be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cancel {
    /// Which.
    pub meeting: MeetingId,
    /// The revision whoever asks has seen; `None`: whatever it is.
    pub seen: Option<u32>,
}

impl Cancel {
    /// This meeting, however it stands.
    pub fn of(meeting: MeetingId) -> Self {
        Self { meeting, seen: None }
    }
}

/// How a meeting stands, besides what was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is to take place.
    pub planned: bool,
    /// Whether only the organizer changes it.
    pub locked: bool,
}

/// Cancels a meeting before it begins.
pub fn cancel(
    meeting: &Meeting,
    standing: Standing,
    slots: &[Slot],
    phase: Phase,
    command: &Cancel,
    ctx: &Ctx,
) -> Result<(), Refusal> {
    changeable(
        meeting,
        standing,
        slots,
        (phase, Verb::CancelMeeting),
        command.seen,
        ctx,
    )
    .map(drop)
}

/// Whether the actor may change a meeting now: one's own, planned, as it was seen, not locked, not begun.
pub(crate) fn changeable(
    meeting: &Meeting,
    standing: Standing,
    slots: &[Slot],
    (phase, verb): (Phase, Verb),
    seen: Option<u32>,
    ctx: &Ctx,
) -> Result<Asker, Refusal> {
    let asker = asker(ctx, verb, meeting.placement.pair, phase)?;
    if !standing.planned {
        return Err(Refusal::MeetingCancelled);
    }
    let slot = slots
        .get(usize::from(meeting.placement.slot))
        .ok_or(Refusal::NoSuchSlot { slots: slots.len() })?;
    if seen.is_some_and(|seen| seen != meeting.revision) {
        return Err(Refusal::MeetingChanged {
            starts: Some(slot.starts),
        });
    }
    if standing.locked && asker != Asker::Organizer {
        return Err(Refusal::MeetingLocked);
    }
    if slot.starts <= ctx.now {
        return Err(Refusal::SlotPast);
    }
    Ok(asker)
}
