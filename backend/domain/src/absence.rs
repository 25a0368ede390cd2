//! Times somebody is not to be had: a person's absences, and when a buyer comes and goes. Nothing of it undoes a meeting
//! that stands: what stands against it is named, and moved or cancelled first.

use crate::{
    Ctx,
    access::{self, Actor, Verb},
    event::{Event, Phase, Slot},
    id::{AbsenceId, BuyerId, PersonId},
    market::Meeting,
    name,
    participation::{Absence, Buyer},
    refusal::{MAX_ALTERNATIVES, Refusal},
    time::Span,
};
use jiff::{Timestamp, ToSpan, Zoned, tz::TimeZone};
use serde::Serialize;

/// Longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// A time to be taken out of a person's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddAbsence {
    /// The absence's id, made by whoever asks.
    pub id: AbsenceId,
    /// Whose; `None`: one's own.
    pub person: Option<PersonId>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why, for the person and the organizer only; may be empty.
    pub reason: String,
}

/// Something a person's time is taken by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupied {
    /// Its first cell within the time that was looked at.
    pub at: Timestamp,
    /// Whether it is a meeting; otherwise a session or another absence.
    pub meeting: bool,
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'s> {
    /// The event.
    pub event: &'s Event,
    /// Its slots.
    pub slots: &'s [Slot],
    /// Whether the person takes part in it.
    pub takes_part: bool,
    /// What takes the person's time then.
    pub occupied: &'s [Occupied],
}

/// Whose calendar is meant: one's own, or, for the organizer, anybody's.
pub fn whose(actor: &Actor, verb: Verb, named: Option<PersonId>) -> Result<PersonId, Refusal> {
    access::may(actor, verb)?;
    match named {
        Some(person) if actor.organizes() || actor.person == Some(person) => Ok(person),
        Some(_) => Err(Refusal::NotFound),
        None => actor.person.ok_or(Refusal::NotFound),
    }
}

/// Takes a time out of a person's calendar.
pub fn add(situation: &Situation<'_>, command: &AddAbsence, ctx: &Ctx) -> Result<Absence, Refusal> {
    let person = whose(&ctx.actor, Verb::AddAbsence, command.person)?;
    if !situation.takes_part {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::AddAbsence, situation.event.phase)?;
    if command.until <= command.from {
        return Err(malformed("until", "a time after the beginning"));
    }
    let span = Span::new(command.from, command.until);
    let span = span.ok_or_else(|| malformed("until", "a time at most two days after the beginning"))?;
    if let Some((first, last)) = around(situation.event, situation.slots)
        && (span.from() < first || last < span.until())
    {
        return Err(malformed(
            "from",
            "a time between the day before the event and the day after it",
        ));
    }
    if span.until() <= ctx.now {
        return Err(Refusal::TooLate);
    }
    let reason = name::line(&command.reason).unwrap_or_default();
    if reason.chars().count() > MAX_REASON {
        return Err(Refusal::TextTooLong { most: MAX_REASON });
    }
    free(situation)?;
    Ok(Absence { person, span, reason })
}

/// Gives a time back. `absence`: the one of that id, if there is one.
pub fn remove(absence: Option<&Absence>, phase: Phase, ctx: &Ctx) -> Result<(), Refusal> {
    access::may(&ctx.actor, Verb::RemoveAbsence)?;
    let absence = absence.ok_or(Refusal::NotFound)?;
    whose(&ctx.actor, Verb::RemoveAbsence, Some(absence.person))?;
    access::open(&ctx.actor, Verb::RemoveAbsence, phase)
}

fn malformed(field: &'static str, wanted: &'static str) -> Refusal {
    Refusal::Malformed { field, wanted }
}

/// From the beginning of the day before the event to the end of the day after it, at the venue.
pub(crate) fn around(event: &Event, slots: &[Slot]) -> Option<(Timestamp, Timestamp)> {
    let zone = TimeZone::get(&event.zone).ok()?;
    let midnight = |at: Timestamp, days: i64| {
        let day: Zoned = at.to_zoned(zone.clone()).start_of_day().ok()?;
        Some(day.checked_add(days.days()).ok()?.timestamp())
    };
    Some((midnight(slots.first()?.starts, -1)?, midnight(slots.last()?.ends, 2)?))
}

/// Meetings are named first: they are the ones that can be moved.
fn free(situation: &Situation<'_>) -> Result<(), Refusal> {
    let Situation { event, slots, .. } = situation;
    let of = |meeting: bool| situation.occupied.iter().filter(move |taken| taken.meeting == meeting);
    let began = |taken: &Occupied| {
        let slot = slots
            .iter()
            .find(|slot| slot.starts <= taken.at && taken.at < slot.frees);
        slot.map_or(taken.at, |slot| slot.starts)
    };
    if of(true).next().is_some() {
        return Err(Refusal::has_meetings(of(true).map(began).collect()));
    }
    let others = of(false).count();
    if others == 0 {
        return Ok(());
    }
    let zone = TimeZone::get(&event.zone).unwrap_or(TimeZone::UTC);
    let first = of(false).take(MAX_ALTERNATIVES);
    let first = first.map(|taken| taken.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string());
    Err(Refusal::AlreadyOccupied {
        people: others,
        first: first.collect(),
    })
}

/// When a buyer comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SetStay {
    /// Who; `None`: oneself.
    pub buyer: Option<BuyerId>,
    /// From when; `None`: from the beginning.
    pub arrives: Option<Timestamp>,
    /// Until when; `None`: to the end.
    pub leaves: Option<Timestamp>,
}

/// Says when a buyer comes and goes. `meetings`: the buyer's planned ones; what has begun is left out of account.
pub fn stay(
    buyer: &Buyer,
    meetings: &[Meeting],
    (phase, slots): (Phase, &[Slot]),
    command: &SetStay,
    ctx: &Ctx,
) -> Result<Buyer, Refusal> {
    if crate::party::buyer(&ctx.actor, Verb::SetStay, command.buyer)? != buyer.id {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::SetStay, phase)?;
    if let (Some(arrives), Some(leaves)) = (command.arrives, command.leaves)
        && leaves <= arrives
    {
        return Err(malformed("leavesAt", "a time after the arrival"));
    }
    let changed = Buyer {
        arrives: command.arrives,
        leaves: command.leaves,
        ..buyer.clone()
    };
    let missed = meetings.iter().filter_map(|meeting| {
        let slot = slots.get(usize::from(meeting.placement.slot))?;
        (slot.starts > ctx.now && !changed.present(&slot.span())).then_some(slot.starts)
    });
    let missed: Vec<Timestamp> = missed.collect();
    if missed.is_empty() {
        Ok(changed)
    } else {
        Err(Refusal::has_meetings(missed))
    }
}
