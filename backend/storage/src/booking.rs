//! Booking: the situation loaded, the rule asked, the meeting and its places kept; all in one transaction.

use crate::{
    Error, Store,
    act::{self, Act, Done},
    entity::{buyer, exhibitor, meeting, wish},
    event, market,
    market::{CANCELLED, PLANNED},
    occupancy, participation,
    scope::Scope,
    timetable,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::{self as rule, BookMeeting, Situation},
    event::Slot,
    id::{MeetingId, PoolId},
    market::Meeting,
    wish::{Side, Want},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

impl Store {
    /// Books a meeting into a free place. The same id asked again answers the same meeting.
    pub async fn book_meeting(&self, ctx: &Ctx, command: BookMeeting) -> Result<MeetingId, Error> {
        let content = (command.pair, command.slot);
        let act = Act::new(Verb::BookMeeting, command.id, &content)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { book(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Cancels a meeting and gives up its places. `key` is made by whoever asks.
    pub async fn cancel_meeting(&self, ctx: &Ctx, id: MeetingId, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::CancelMeeting, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { cancel(scope, &ctx, id).await }.boxed()
        })
        .await
    }
}

async fn book(scope: Scope<'_>, ctx: &Ctx, command: &BookMeeting) -> Result<Done<MeetingId>, Error> {
    let situation = situation(scope, command).await?;
    let booking = rule::book(&situation, command, ctx)?;
    let meeting = booking.meeting();
    scope
        .insert::<meeting::Entity>(vec![market::meeting_row(scope, meeting)])
        .await
        .map_err(act::used)?;
    let claims = timetable::claims(meeting, booking.slot(), situation.buyer.person.0);
    occupancy::take(scope, &claims).await?;
    let detail = serde_json::json!({
        "buyer": command.pair.buyer, "exhibitor": command.pair.exhibitor, "slot": command.slot,
    });
    Ok(Done {
        answer: meeting.id,
        detail,
    })
}

/// Exactly what the rule needs, of this pair and this day's places.
async fn situation(scope: Scope<'_>, command: &BookMeeting) -> Result<Situation, Error> {
    let pair = command.pair;
    let buyer = scope
        .rows::<buyer::Entity>()
        .filter(buyer::Column::Id.eq(pair.buyer.0))
        .one(scope.tx)
        .await?;
    let exhibitor = scope
        .rows::<exhibitor::Entity>()
        .filter(exhibitor::Column::Id.eq(pair.exhibitor.0));
    let (Some(buyer), Some(exhibitor)) = (buyer, exhibitor.one(scope.tx).await?) else {
        return Err(Refusal::NotFound.into());
    };
    let (buyer, exhibitor) = (
        participation::buyer_from(buyer)?,
        participation::exhibitor_from(exhibitor)?,
    );
    let booth = participation::booths(scope, Some(&[exhibitor.id]))
        .await?
        .pop()
        .ok_or(Refusal::NotFound)?;
    let mut pools = participation::pools(scope).await?;
    pools.retain(|pool| pool.bridges(&buyer.languages, &exhibitor.languages));
    let slots = event::slots(scope).await?;
    let cells = match (slots.first(), slots.last()) {
        (Some(first), Some(last)) => first.span().cells().start..last.span().cells().end,
        _ => 0..0,
    };
    let mut resources = vec![buyer.person.0, booth.id.0];
    resources.extend(pools.iter().map(|pool| pool.id.0));
    let taken = occupancy::taken(scope, &resources, cells).await?;
    let of = |resource: Uuid| taken.iter().filter(move |(r, ..)| *r == resource);
    Ok(Situation {
        phase: event::event_of(scope).await?.phase,
        buyer_busy: of(buyer.person.0).map(|&(.., cell)| cell).collect(),
        tables_busy: of(booth.id.0).map(|&(_, lane, cell)| (lane, cell)).collect(),
        pools_busy: pools
            .iter()
            .flat_map(|pool| of(pool.id.0))
            .map(|&(resource, lane, cell)| (PoolId(resource), lane, cell))
            .collect(),
        meetings: (
            count(scope, meeting::Column::BuyerId, pair.buyer.0).await?,
            count(scope, meeting::Column::ExhibitorId, pair.exhibitor.0).await?,
        ),
        existing: existing(scope, command).await?,
        wants: wants(scope, command).await?,
        slots,
        buyer,
        exhibitor,
        booth,
        pools,
    })
}

async fn count(scope: Scope<'_>, column: meeting::Column, party: Uuid) -> Result<u16, Error> {
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(column.eq(party));
    Ok(rows.count(scope.tx).await? as u16)
}

async fn existing(scope: Scope<'_>, command: &BookMeeting) -> Result<Option<Meeting>, Error> {
    let row = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(meeting::Column::BuyerId.eq(command.pair.buyer.0))
        .filter(meeting::Column::ExhibitorId.eq(command.pair.exhibitor.0))
        .one(scope.tx)
        .await?;
    row.map(market::meeting_from).transpose()
}

async fn wants(scope: Scope<'_>, command: &BookMeeting) -> Result<(Option<Want>, Option<Want>), Error> {
    let rows = scope
        .rows::<wish::Entity>()
        .filter(wish::Column::BuyerId.eq(command.pair.buyer.0))
        .filter(wish::Column::ExhibitorId.eq(command.pair.exhibitor.0))
        .all(scope.tx)
        .await?;
    let mut wants = (None, None);
    for wish in rows.into_iter().map(market::wish_from) {
        let wish = wish?;
        match wish.by {
            Side::Buyer => wants.0 = Some(wish.want),
            Side::Exhibitor => wants.1 = Some(wish.want),
        }
    }
    Ok(wants)
}

async fn cancel(scope: Scope<'_>, ctx: &Ctx, id: MeetingId) -> Result<Done<MeetingId>, Error> {
    let row = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::Id.eq(id.0))
        .one(scope.tx)
        .await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let cancelled = row.state != PLANNED;
    let meeting = market::meeting_from(row)?;
    let slots: Vec<Slot> = event::slots(scope).await?;
    let slot = slots
        .get(usize::from(meeting.placement.slot))
        .ok_or(Refusal::NotFound)?;
    let phase = event::event_of(scope).await?.phase;
    rule::cancel(&meeting, cancelled, slot, phase, ctx)?;
    let changed = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::State, Expr::value(CANCELLED))
        .filter(meeting::Column::Id.eq(id.0))
        .filter(meeting::Column::State.eq(PLANNED))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::MeetingCancelled.into());
    }
    occupancy::release(scope, &[id.0]).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"meeting": id}),
    })
}
