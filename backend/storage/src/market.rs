//! The market as one situation: everything the timetable's rule looks at, read in one transaction.

use crate::{
    Error, Snapshot, booking, column,
    entity::{meeting, wish},
    facts::Facts,
    occupancy,
    scope::Scope,
};
use domain::{
    id::{BoothId, BuyerId, ExhibitorId, MeetingId, PersonId, PoolId, TimetableId},
    market::{Market, Meeting, Placement},
    wish::{Pair, Side, Want, Wish},
};
use sea_orm::{ColumnTrait, Order, QueryFilter, QueryOrder, sea_query::NullOrdering};

/// A meeting that takes place unless something changes.
pub(crate) const PLANNED: &str = "planned";
/// A meeting that does not.
pub(crate) const CANCELLED: &str = "cancelled";
/// A meeting to which one side did not come; its places were given up.
pub(crate) const MISSED: &str = "missed";

impl Snapshot {
    /// The whole market.
    pub async fn market(&self) -> Result<Market, Error> {
        market(self.scope()).await
    }

    /// The market as far as one more meeting of a pair concerns it: what nobody holds and nobody asks about is left out,
    /// so of all wishes only the pair's own are there.
    pub async fn market_for(&self, pair: Pair) -> Result<Market, Error> {
        let scope = self.scope();
        let facts = scope.facts().await?;
        let wants = booking::wants(scope, pair).await?;
        laid_out(scope, &facts, booking::wishes(pair, wants)).await
    }

    /// Wishes a party has uttered, most wanted first, whom it avoids last.
    pub async fn wishes_of(&self, side: Side, party: uuid::Uuid) -> Result<Vec<Wish>, Error> {
        let own = match side {
            Side::Buyer => wish::Column::BuyerId,
            Side::Exhibitor => wish::Column::ExhibitorId,
        };
        let rows = self
            .scope()
            .rows::<wish::Entity>()
            .filter(wish::Column::Side.eq(side.code()))
            .filter(own.eq(party));
        // The two databases would sort what has no rank to different ends.
        let rows = rows.order_by_with_nulls(wish::Column::Rank, Order::Desc, NullOrdering::Last);
        let rows = rows
            .order_by_asc(wish::Column::BuyerId)
            .order_by_asc(wish::Column::ExhibitorId);
        rows.all(&self.tx).await?.into_iter().map(wish_from).collect()
    }
}

/// The market: facts from memory, and what changes from the tables.
pub(crate) async fn market(scope: Scope<'_>) -> Result<Market, Error> {
    let facts = scope.facts().await?;
    let wishes = scope.rows::<wish::Entity>().all(scope.tx).await?;
    let wishes = wishes.into_iter().map(wish_from).collect::<Result<_, _>>()?;
    laid_out(scope, &facts, wishes).await
}

/// The market with all that is promised and taken, and these wishes.
async fn laid_out(scope: Scope<'_>, facts: &Facts, wishes: Vec<Wish>) -> Result<Market, Error> {
    let busy = occupancy::busy_people(scope, facts.cells()).await?;
    let mut buyers: Vec<_> = facts.buyers.values().cloned().collect();
    buyers.sort_by(|a, b| a.code.cmp(&b.code));
    let mut exhibitors: Vec<_> = facts.exhibitors.values().cloned().collect();
    exhibitors.sort_by(|a, b| a.code.cmp(&b.code));
    let booths = exhibitors.iter().filter_map(|x| facts.booths.get(&x.id).cloned());
    Ok(Market {
        event: facts.event.clone(),
        slots: facts.slots.clone(),
        booths: booths.collect(),
        buyers,
        exhibitors,
        zones: facts.zones.iter().map(|zone| (zone.id, zone.code.clone())).collect(),
        pools: facts.pools.clone(),
        regions: facts.regions.clone(),
        wishes,
        busy: busy
            .into_iter()
            .map(|(person, cell)| (PersonId(person), cell))
            .collect(),
        meetings: live_meetings(scope).await?,
    })
}

pub(crate) fn wish_from(row: wish::Model) -> Result<Wish, Error> {
    let want = match row.rank {
        None => Want::Avoid,
        Some(rank) => Want::rank(rank as u8).ok_or_else(|| column::corrupt("a rank", rank))?,
    };
    Ok(Wish {
        pair: Pair {
            buyer: BuyerId(row.buyer_id),
            exhibitor: ExhibitorId(row.exhibitor_id),
        },
        by: column::word("a side", &row.side, Side::parse)?,
        want,
    })
}

/// Meetings of the live calendar, by buyer and exhibitor.
pub(crate) async fn live_meetings(scope: Scope<'_>) -> Result<Vec<Meeting>, Error> {
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .order_by_asc(meeting::Column::BuyerId)
        .order_by_asc(meeting::Column::ExhibitorId);
    rows.all(scope.tx).await?.into_iter().map(meeting_from).collect()
}

pub(crate) fn meeting_from(row: meeting::Model) -> Result<Meeting, Error> {
    Ok(Meeting {
        id: MeetingId(row.id),
        placement: Placement {
            pair: Pair {
                buyer: BuyerId(row.buyer_id),
                exhibitor: ExhibitorId(row.exhibitor_id),
            },
            slot: column::count(row.slot)?,
            booth: BoothId(row.booth_id),
            table: column::count(row.seat)?,
            interpreter: interpreter(row.pool_id, row.lane)?,
        },
        timetable: row.timetable_id.map(TimetableId),
        revision: u32::try_from(row.revision).map_err(|_| column::corrupt("a revision", row.revision))?,
    })
}

pub(crate) fn meeting_row(scope: Scope<'_>, meeting: &Meeting) -> meeting::Model {
    let placement = &meeting.placement;
    meeting::Model {
        id: meeting.id.0,
        event_id: scope.event.0,
        buyer_id: placement.pair.buyer.0,
        exhibitor_id: placement.pair.exhibitor.0,
        slot: i32::from(placement.slot),
        booth_id: placement.booth.0,
        seat: i32::from(placement.table),
        pool_id: placement.interpreter.map(|(pool, _)| pool.0),
        lane: placement.interpreter.map(|(_, lane)| i32::from(lane)),
        state: PLANNED.to_owned(),
        timetable_id: meeting.timetable.map(|id| id.0),
        revision: meeting.revision as i32,
        locked: false,
        buyer_came_at: None,
        exhibitor_came_at: None,
        ended_at: None,
        absent: None,
    }
}

pub(crate) fn interpreter(pool: Option<uuid::Uuid>, lane: Option<i32>) -> Result<Option<(PoolId, u16)>, Error> {
    match (pool, lane) {
        (Some(pool), Some(lane)) => Ok(Some((PoolId(pool), column::count(lane)?))),
        (None, None) => Ok(None),
        _ => Err(column::corrupt("an interpreter", "half given")),
    }
}
