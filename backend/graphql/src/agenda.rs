//! A person's agenda: meetings, sessions and private blocks in order of time.

use crate::{
    event::Text,
    meeting::Meeting,
    reads::{MeetingsJoined, MeetingsOfBuyer, MeetingsOfExhibitor, one, rows, unexpected},
};
use async_graphql::{Context, Enum, Result, SimpleObject};
use domain::{Ctx, id::MeetingId};
use std::collections::HashSet;
use storage::agenda::Taken;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EntryKind {
    /// A business meeting.
    Meeting,
    /// A seminar or other session.
    Session,
    /// A private block.
    Absence,
}

/// What takes a person's time.
#[derive(SimpleObject)]
pub(crate) struct Agenda {
    /// In order of time.
    entries: Vec<AgendaEntry>,
}

/// One entry of an agenda.
#[derive(SimpleObject)]
pub(crate) struct AgendaEntry {
    /// What it is.
    kind: EntryKind,
    /// From when.
    starts_at: jiff::Timestamp,
    /// Until when.
    ends_at: jiff::Timestamp,
    /// The session's title, or the person's own words for an absence.
    title: Option<Text>,
    /// Where, if not at a booth.
    place: Option<String>,
    /// The meeting.
    meeting: Option<Meeting>,
}

/// The agenda of the one signed in. Staff of an exhibitor have the booth's meetings on theirs,
/// advisers those they join.
pub(crate) async fn own(ctx: &Context<'_>) -> Result<Option<Agenda>> {
    let actor = &ctx.data::<Ctx>()?.actor;
    let Some(person) = actor.person else { return Ok(None) };
    let mut meetings = Vec::new();
    if let Some(buyer) = actor.buyer {
        meetings.extend(one(ctx, MeetingsOfBuyer(buyer)).await?.unwrap_or_default());
    }
    if let Some(exhibitor) = actor.exhibitor {
        meetings.extend(one(ctx, MeetingsOfExhibitor(exhibitor)).await?.unwrap_or_default());
    }
    let joined = one(ctx, MeetingsJoined(person)).await?.unwrap_or_default();
    let known: HashSet<MeetingId> = meetings.iter().map(|listed| listed.meeting.id).collect();
    meetings.extend(joined.into_iter().filter(|listed| !known.contains(&listed.meeting.id)));
    let rows = rows(ctx).await?;
    let slots = &rows.loader().facts().await?.slots;
    let of_meetings = meetings.into_iter().filter_map(|listed| {
        let slot = slots.get(usize::from(listed.meeting.placement.slot))?;
        Some(AgendaEntry {
            kind: EntryKind::Meeting,
            starts_at: slot.starts,
            ends_at: slot.ends,
            title: None,
            place: None,
            meeting: Some(Meeting(listed)),
        })
    });
    let taken = rows.loader().snapshot.taken(person).await.map_err(unexpected)?;
    let of_taken = taken.into_iter().map(|taken| match taken {
        Taken::Session { title, place, span, .. } => AgendaEntry {
            kind: EntryKind::Session,
            starts_at: span.from(),
            ends_at: span.until(),
            title: Some(title.into()),
            place: Some(place),
            meeting: None,
        },
        Taken::Absence { reason, span, .. } => AgendaEntry {
            kind: EntryKind::Absence,
            starts_at: span.from(),
            ends_at: span.until(),
            title: Some(
                domain::name::Bilingual {
                    ja: reason.clone(),
                    en: reason,
                }
                .into(),
            ),
            place: None,
            meeting: None,
        },
    });
    let mut entries: Vec<AgendaEntry> = of_meetings.chain(of_taken).collect();
    entries.sort_by_key(|entry| entry.starts_at);
    Ok(Some(Agenda { entries }))
}
