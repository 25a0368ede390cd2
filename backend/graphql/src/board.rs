//! Boards: a booth's tables, slot by slot, for its screen; the figures of all booths for the organizer's.

use crate::{
    event::Slot,
    gate::sees,
    meeting::Meeting,
    participation::Booth,
    reads::{StandbyAt, booth_of, one, rows, unexpected},
    standby::{Offer, Standby},
};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use domain::{
    Ctx, board as rule, event,
    id::ExhibitorId,
    standby::{self, Reader},
    venue,
};
use storage::agenda::{Listed, State};
use uuid::Uuid;

/// What stands at a table in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::At")]
pub(crate) enum PlaceState {
    /// Nobody of the booth is there.
    Unstaffed,
    /// Nobody is to sit there.
    Free,
    /// Nobody is to sit there, and buyers on standby are asked.
    Offered,
    /// A meeting is to take place.
    Planned,
    /// One side of it has come.
    Waiting,
    /// Both have.
    Started,
    /// It is over.
    Ended,
    /// One side did not come, and the table stands empty.
    Missed,
}

/// A booth's tables on a day, with those who wait for a place.
#[derive(SimpleObject)]
pub(crate) struct Board {
    /// The booth.
    booth: Booth,
    /// One row a slot.
    rows: Vec<BoardRow>,
    /// Who waits for a place.
    standby: Vec<Standby>,
    /// Places that are offered right now.
    offers: Vec<Offer>,
}

/// A slot of a board.
#[derive(SimpleObject)]
pub(crate) struct BoardRow {
    /// The slot.
    slot: Slot,
    /// Its tables, from 1.
    places: Vec<BoardPlace>,
}

/// A table in a slot.
#[derive(SimpleObject)]
pub(crate) struct BoardPlace {
    /// Which table, from 1.
    table: u16,
    /// What stands there.
    state: PlaceState,
    /// The meeting that takes place there, or that one side missed.
    meeting: Option<Meeting>,
}

/// The figures of all booths on a day.
#[derive(SimpleObject)]
pub(crate) struct CalendarBoard {
    /// The slots the figures are of.
    slots: Vec<Slot>,
    /// One row a booth, by code.
    booths: Vec<BoothCounts>,
}

/// The figures of a booth, one a slot in every list.
#[derive(SimpleObject)]
pub(crate) struct BoothCounts {
    /// The booth.
    booth: Booth,
    /// Meetings that take place, begun or not.
    planned: Vec<u16>,
    /// Those of them to which both sides came.
    started: Vec<u16>,
    /// Meetings to which one side did not come.
    missed: Vec<u16>,
    /// Staffed tables at which nobody is to sit.
    free: Vec<u16>,
}

/// What can be asked of boards.
#[derive(Default)]
pub struct BoardQuery;

#[Object]
impl BoardQuery {
    /// The tables of a booth on a day (from 0): one's own, or for the organizer any.
    async fn board(&self, ctx: &Context<'_>, exhibitor: Option<Uuid>, day: u16) -> Result<Option<Board>> {
        let own = ctx.data::<Ctx>()?.actor.exhibitor;
        let Some(asked) = exhibitor.map(ExhibitorId).or(own) else {
            return Ok(None);
        };
        if !sees(ctx, "Query", "board", own == Some(asked))? {
            return Ok(None);
        }
        board(ctx, asked, day).await
    }
    /// What happens at all booths on a day (from 0; the first unless asked otherwise), or in one of its slots. For
    /// the organizer.
    async fn calendar_board(
        &self,
        ctx: &Context<'_>,
        day: Option<u16>,
        slot: Option<u16>,
    ) -> Result<Option<CalendarBoard>> {
        let slots = slots_of(ctx, day.unwrap_or_default()).await?;
        let slots: Vec<event::Slot> = slots
            .into_iter()
            .filter(|one| slot.is_none_or(|number| one.number == number))
            .collect();
        let rows = rows(ctx).await?;
        let figures = rows.loader().snapshot.figures(&slots).await.map_err(unexpected)?;
        let booths = figures.into_iter().map(|(booth, counts)| {
            let of = |figure: fn(&rule::Count) -> u16| counts.iter().map(figure).collect();
            BoothCounts {
                planned: of(|count| count.planned),
                started: of(|count| count.started),
                missed: of(|count| count.missed),
                free: of(|count| count.free),
                booth: Booth(booth),
            }
        });
        Ok(Some(CalendarBoard {
            booths: booths.collect(),
            slots: slots.into_iter().map(Slot).collect(),
        }))
    }
}

async fn slots_of(ctx: &Context<'_>, day: u16) -> Result<Vec<event::Slot>> {
    let rows = rows(ctx).await?;
    let slots = &rows.loader().facts().await?.slots;
    Ok(slots.iter().filter(|slot| slot.day == day).copied().collect())
}

async fn board(ctx: &Context<'_>, exhibitor: ExhibitorId, day: u16) -> Result<Option<Board>> {
    let Some(booth) = booth_of(ctx, exhibitor).await? else {
        return Ok(None);
    };
    let slots = slots_of(ctx, day).await?;
    let now = ctx.data::<Ctx>()?.now;
    let rows = rows(ctx).await?;
    let snapshot = &rows.loader().snapshot;
    let meetings = snapshot.at_tables(exhibitor, &slots).await.map_err(unexpected)?;
    let offers = snapshot.open_offers_at(exhibitor, now).await.map_err(unexpected)?;
    let row = |slot: &event::Slot| BoardRow {
        slot: Slot(*slot),
        places: (1..=booth.tables)
            .map(|table| place(&booth, slot, table, (&meetings, &offers)))
            .collect(),
    };
    Ok(Some(Board {
        rows: slots.iter().map(row).collect(),
        standby: waiting(ctx, exhibitor).await?,
        offers: offers.into_iter().map(Offer).collect(),
        booth: Booth(booth),
    }))
}

/// A table in a slot: the meeting that takes place there counts before one that was missed.
fn place(
    booth: &venue::Booth,
    slot: &event::Slot,
    table: u16,
    (meetings, offers): (&[Listed], &[standby::Offer]),
) -> BoardPlace {
    let here = meetings.iter().filter(|listed| {
        let placement = &listed.meeting.placement;
        (placement.slot, placement.table) == (slot.number, table)
    });
    let meeting = here.min_by_key(|listed| listed.state != State::Planned).copied();
    let offered = offers
        .iter()
        .any(|offer| (offer.place.slot, offer.place.table) == (slot.number, table));
    let at = match meeting.map(|listed| rule::at(listed.state, &listed.presence)) {
        Some(rule::At::Missed | rule::At::Free) | None if offered => rule::At::Offered,
        Some(at) => at,
        None if table > booth.staffed(slot) => rule::At::Unstaffed,
        None => rule::At::Free,
    };
    BoardPlace {
        table,
        state: at.into(),
        meeting: meeting.map(Meeting),
    }
}

/// Who waits at a booth, as the one who asks may see them.
pub(crate) async fn waiting(ctx: &Context<'_>, exhibitor: ExhibitorId) -> Result<Vec<Standby>> {
    let waiting = one(ctx, StandbyAt(exhibitor)).await?.unwrap_or_default();
    let reader = if ctx.data::<Ctx>()?.actor.organizes() {
        Reader::Organizer
    } else {
        Reader::Booth
    };
    Ok(standby::order(waiting, reader).into_iter().map(Standby).collect())
}
