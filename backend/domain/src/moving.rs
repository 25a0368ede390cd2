//! A promised meeting goes to another time: moved, swapped with another, or fixed where it is. What a free place is says
//! `booking.rs`; others moved so that one more fits in is `shift.rs`.

use crate::{
    Ctx,
    access::{self, Verb},
    booking::{Asker, BookMeeting, Booking, Situation, Standing, changeable, place},
    event::{Phase, Slot},
    id::MeetingId,
    market::Meeting,
    refusal::Refusal,
    wish::Pair,
};
use serde::Serialize;

/// A meeting to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Move {
    /// Which.
    pub meeting: MeetingId,
    /// Where to.
    pub slot: u16,
    /// The revision whoever asks has seen; `None`: whatever it is.
    pub seen: Option<u32>,
}

/// Two meetings that are to change their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Swap {
    /// The two.
    pub meetings: [MeetingId; 2],
    /// The revisions whoever asks has seen.
    pub seen: [Option<u32>; 2],
}

/// A meeting to be fixed, or freed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// Which.
    pub meeting: MeetingId,
    /// Whether nobody but the organizer is to change it.
    pub locked: bool,
}

/// A meeting as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// What was promised.
    pub meeting: Meeting,
    /// How it stands.
    pub standing: Standing,
}

impl Held {
    pub(crate) fn pair(&self) -> Pair {
        self.meeting.placement.pair
    }
}

/// Moves a meeting before it begins: one's own, as it was seen, to a place that is free when its own counts as free.
/// From then on it is by hand: no timetable moves it.
pub fn move_to(mut situation: Situation, held: &Held, command: &Move, ctx: &Ctx) -> Result<Booking, Refusal> {
    let asker = movable(&situation, held, command.seen, ctx)?;
    if command.slot == held.meeting.placement.slot {
        return Err(Refusal::AlreadyDone);
    }
    situation.release(&held.meeting);
    situation.promised();
    let booking = place(&situation, &wanted(held, command.slot), asker, ctx.now)?;
    Ok(booking.moving(&held.meeting))
}

/// Whether the actor may move the meeting now, wherever to.
pub(crate) fn movable(situation: &Situation, held: &Held, seen: Option<u32>, ctx: &Ctx) -> Result<Asker, Refusal> {
    let verb = (situation.phase, Verb::MoveMeeting);
    changeable(&held.meeting, held.standing, &situation.slots, verb, seen, ctx)
}

pub(crate) fn wanted(held: &Held, slot: u16) -> BookMeeting {
    BookMeeting {
        id: held.meeting.id,
        pair: held.pair(),
        slot,
    }
}

/// Swaps the times of two meetings that have a buyer or an exhibitor in common, for that party or the organizer. At one
/// booth they swap tables too.
pub fn swap(situations: [Situation; 2], held: &[Held; 2], command: &Swap, ctx: &Ctx) -> Result<[Booking; 2], Refusal> {
    let [mut first, mut second] = situations;
    let verb = (first.phase, Verb::SwapMeetings);
    let [a, b] = held;
    let allowed = |held: &Held, seen| changeable(&held.meeting, held.standing, &first.slots, verb, seen, ctx);
    let askers = [allowed(a, command.seen[0])?, allowed(b, command.seen[1])?];
    let (same_buyer, same_booth) = (
        a.pair().buyer == b.pair().buyer,
        a.pair().exhibitor == b.pair().exhibitor,
    );
    let common = match askers {
        [Asker::Organizer, Asker::Organizer] => same_buyer || same_booth,
        [Asker::Buyer, Asker::Buyer] => same_buyer,
        [Asker::Exhibitor, Asker::Exhibitor] => same_booth,
        _ => false,
    };
    if !common {
        return Err(Refusal::Malformed {
            field: "b",
            wanted: "a meeting of the same buyer or at the same booth",
        });
    }
    let (from, to) = (a.meeting.placement, b.meeting.placement);
    if from.slot == to.slot {
        return Err(Refusal::AlreadyDone);
    }
    for situation in [&mut first, &mut second] {
        for held in held {
            situation.release(&held.meeting);
        }
        situation.promised();
    }
    let goes = |situation: &Situation, held: &Held, other: &Held, asker| {
        let booking = place(situation, &wanted(held, other.meeting.placement.slot), asker, ctx.now);
        let booking = booking.map_err(without_times)?.moving(&held.meeting);
        Ok::<_, Refusal>(if same_booth {
            situation.at_table(booking, other.meeting.placement.table)
        } else {
            booking
        })
    };
    let there = goes(&first, a, b, askers[0])?;
    second.occupy(&there);
    let back = goes(&second, b, a, askers[1])?;
    Ok([there, back])
}

/// Times at which only one of the two could be are no alternatives to a swap.
fn without_times(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Busy { .. } => Refusal::Busy { free: Vec::new() },
        Refusal::OtherSideUnavailable { .. } => Refusal::OtherSideUnavailable { free: Vec::new() },
        Refusal::NoInterpreter { .. } => Refusal::NoInterpreter { free: Vec::new() },
        other => other,
    }
}

/// Fixes a meeting, or frees it again: the organizer's.
pub fn lock(held: &Held, slots: &[Slot], phase: Phase, command: &Lock, ctx: &Ctx) -> Result<(), Refusal> {
    access::open(&ctx.actor, Verb::LockMeeting, phase)?;
    if !held.standing.planned {
        return Err(Refusal::MeetingCancelled);
    }
    if held.standing.locked == command.locked {
        return Err(Refusal::AlreadyDone);
    }
    let slot = slots.get(usize::from(held.meeting.placement.slot));
    match slot {
        Some(slot) if slot.starts > ctx.now => Ok(()),
        _ => Err(Refusal::SlotPast),
    }
}
