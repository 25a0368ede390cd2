//! A booth's tables and when they are staffed. A meeting keeps its time: one whose table is staffed no longer sits down at
//! a free lower table of the same booth; only where there is none it stands against the change.

use crate::{
    Ctx,
    absence::around,
    access::{self, Verb},
    event::{Event, Slot},
    id::ExhibitorId,
    market::Meeting,
    party,
    refusal::Refusal,
    time::Span,
    venue::{Booth, MAX_TABLES, Staffing},
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Most spans a booth may name.
pub const MAX_STAFFING: usize = 100;

/// How a booth is to be staffed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetStaffing {
    /// Whose booth; `None`: one's own.
    pub exhibitor: Option<ExhibitorId>,
    /// Its tables.
    pub tables: u16,
    /// (from, until, tables): when fewer of them are staffed.
    pub staffing: Vec<(Timestamp, Timestamp, u16)>,
}

/// What the rule looks at.
#[derive(Debug, Clone)]
pub struct Situation<'s> {
    /// The event.
    pub event: &'s Event,
    /// Its slots.
    pub slots: &'s [Slot],
    /// The booth as it is.
    pub booth: &'s Booth,
    /// The meetings planned there.
    pub meetings: &'s [Meeting],
    /// (table, cell) taken there.
    pub tables_busy: &'s HashSet<(u16, i64)>,
}

/// What a change of staffing comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restaffed {
    /// The booth as it would be.
    pub booth: Booth,
    /// Meetings that sit down at another table, as they are, each with the table.
    pub reseated: Vec<(Meeting, u16)>,
    /// Meetings for which there is no table.
    pub conflicts: Vec<Meeting>,
}

/// What the change would come to; nothing is refused for a meeting's sake.
pub fn preview(situation: &Situation<'_>, command: &SetStaffing, ctx: &Ctx) -> Result<Restaffed, Refusal> {
    let meant = party::exhibitor(&ctx.actor, Verb::SetStaffing, command.exhibitor)?;
    if meant != situation.booth.exhibitor {
        return Err(Refusal::NotFound);
    }
    let booth = Booth {
        tables: command.tables,
        staffing: spans(situation, command)?,
        ..situation.booth.clone()
    };
    Ok(seat(situation, booth, ctx.now))
}

/// Changes a booth's tables and when they are staffed.
pub fn set(situation: &Situation<'_>, command: &SetStaffing, ctx: &Ctx) -> Result<Restaffed, Refusal> {
    let meant = party::exhibitor(&ctx.actor, Verb::SetStaffing, command.exhibitor)?;
    if meant != situation.booth.exhibitor {
        return Err(Refusal::NotFound);
    }
    access::open(&ctx.actor, Verb::SetStaffing, situation.event.phase)?;
    let restaffed = preview(situation, command, ctx)?;
    let starts = restaffed.conflicts.iter().filter_map(|meeting| {
        let slot = situation.slots.get(usize::from(meeting.placement.slot))?;
        Some(slot.starts)
    });
    let starts: Vec<Timestamp> = starts.collect();
    if starts.is_empty() {
        Ok(restaffed)
    } else {
        Err(Refusal::has_meetings(starts))
    }
}

/// The spans, ascending, none over another: two numbers for one time contradict each other.
fn spans(situation: &Situation<'_>, command: &SetStaffing) -> Result<Vec<Staffing>, Refusal> {
    let malformed = |field, wanted| Refusal::Malformed { field, wanted };
    if !(1..=MAX_TABLES).contains(&command.tables) {
        return Err(malformed("tables", "a number from 1 to 200"));
    }
    if command.staffing.len() > MAX_STAFFING {
        return Err(malformed("staffing", "at most 100 spans"));
    }
    let mut spans = Vec::with_capacity(command.staffing.len());
    for &(from, until, tables) in &command.staffing {
        let span = Span::new(from, until);
        let span = span.ok_or_else(|| malformed("staffing", "spans that end after they begin, within two days"))?;
        let around = around(situation.event, situation.slots);
        if around.is_some_and(|(first, last)| from < first || last < until) {
            return Err(malformed("staffing", "spans on days of the event"));
        }
        if tables > command.tables {
            return Err(malformed("staffing", "no more tables than the booth has"));
        }
        spans.push(Staffing { span, tables });
    }
    spans.sort_by_key(|staffing| staffing.span);
    if spans.windows(2).any(|two| two[1].span.from() < two[0].span.until()) {
        return Err(malformed("staffing", "spans that do not overlap"));
    }
    Ok(spans)
}

/// Who sits where in every slot that has not begun.
fn seat(situation: &Situation<'_>, booth: Booth, now: Timestamp) -> Restaffed {
    let mut homeless: BTreeMap<u16, Vec<Meeting>> = BTreeMap::new();
    for meeting in situation.meetings {
        homeless.entry(meeting.placement.slot).or_default().push(*meeting);
    }
    let (mut reseated, mut conflicts) = (Vec::new(), Vec::new());
    for (number, mut meetings) in homeless {
        let Some(slot) = situation
            .slots
            .get(usize::from(number))
            .filter(|slot| slot.starts > now)
        else {
            continue;
        };
        let staffed = booth.staffed(slot);
        meetings.retain(|meeting| meeting.placement.table > staffed);
        meetings.sort_by_key(|meeting| meeting.placement.table);
        let cells: Vec<i64> = slot.span().cells().collect();
        let taken = |table: &u16| {
            cells
                .iter()
                .any(|cell| situation.tables_busy.contains(&(*table, *cell)))
        };
        let mut free: BTreeSet<u16> = (1..=staffed).filter(|table| !taken(table)).collect();
        for meeting in meetings {
            match free.pop_first() {
                Some(table) => reseated.push((meeting, table)),
                None => conflicts.push(meeting),
            }
        }
    }
    Restaffed {
        booth,
        reseated,
        conflicts,
    }
}
