//! Booking: the situation loaded, the rule asked, the meeting and its places kept; all in one transaction.

use crate::{
    Error, Store,
    act::{self, Act, Done},
    calendar,
    change::Touched,
    entity::{meeting, wish},
    facts::Facts,
    guest, market,
    market::{CANCELLED, PLANNED},
    notice::{self, Tell},
    occupancy,
    scope::Scope,
    standby,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::{self as rule, BookMeeting, Cancel, Situation},
    id::{MeetingId, PoolId},
    market::Meeting,
    notice::{About, Audience, NoticeKind, Said},
    standby::Place,
    wish::{Pair, Side, Want},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, Condition, ExprTrait, QueryFilter, sea_query::Expr};
use std::sync::Arc;
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
    pub async fn cancel_meeting(&self, ctx: &Ctx, command: Cancel, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::CancelMeeting, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { cancel(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

async fn book(scope: Scope<'_>, ctx: &Ctx, command: &BookMeeting) -> Result<Done<MeetingId>, Error> {
    let (facts, situation) = situation(scope, command.pair).await?;
    let booking = rule::book(&situation, command, ctx)?;
    keep(scope, &booking).await?;
    let told = tell_both(scope, ctx, &facts, booking.meeting(), NoticeKind::MeetingBooked).await?;
    let detail = serde_json::json!({
        "buyer": command.pair.buyer, "exhibitor": command.pair.exhibitor, "slot": command.slot,
    });
    Ok(Done {
        answer: command.id,
        detail,
        touched: Touched::pair(command.pair).and(told),
    })
}

/// Keeps a booked meeting and takes its places.
pub(crate) async fn keep(scope: Scope<'_>, booking: &rule::Booking) -> Result<(), Error> {
    let meeting = booking.meeting();
    scope
        .insert::<meeting::Entity>(vec![market::meeting_row(scope, meeting)])
        .await
        .map_err(act::used)?;
    let claims = calendar::claims(meeting, booking.slot(), booking.person().0);
    occupancy::take(scope, &claims).await
}

/// Tells both sides what became of a meeting.
pub(crate) async fn tell_both(
    scope: Scope<'_>,
    ctx: &Ctx,
    facts: &Facts,
    meeting: &Meeting,
    kind: NoticeKind,
) -> Result<Touched, Error> {
    let pair = meeting.placement.pair;
    let said = said(facts, meeting);
    let about = About {
        meeting: Some(meeting.id),
        request: None,
    };
    let tell = |to: Audience, other: Option<&domain::name::Name>| Tell {
        to,
        kind,
        about,
        said: Said {
            other: other.cloned(),
            ..said.clone()
        },
    };
    let mut tells = vec![
        tell(Audience::Buyer(pair.buyer), facts.name_of_exhibitor(pair.exhibitor)),
        tell(Audience::Exhibitor(pair.exhibitor), facts.name_of_buyer(pair.buyer)),
    ];
    if matches!(kind, NoticeKind::MeetingMoved | NoticeKind::MeetingCancelled) {
        let advisers = guest::advisers(scope, meeting.id).await?.into_iter();
        tells.extend(advisers.map(|it| tell(Audience::Person(it), facts.name_of_exhibitor(pair.exhibitor))));
    }
    notice::tell(scope, ctx, tells).await
}

/// When and where a meeting is, as notices say it.
pub(crate) fn said(facts: &Facts, meeting: &Meeting) -> Said {
    let placement = &meeting.placement;
    let booth = facts.booths.get(&placement.pair.exhibitor);
    Said {
        starts: facts.slots.get(usize::from(placement.slot)).map(|slot| slot.starts),
        place: booth.map(|booth| format!("{} / {}", booth.code, placement.table)),
        ..Said::default()
    }
}

/// Exactly what the rule needs of this pair: the event's facts from memory, places and meetings from the database.
pub(crate) async fn situation(scope: Scope<'_>, pair: Pair) -> Result<(Arc<Facts>, Situation), Error> {
    let facts = scope.facts().await?;
    let (buyer, exhibitor) = (facts.buyers.get(&pair.buyer), facts.exhibitors.get(&pair.exhibitor));
    let (Some(buyer), Some(exhibitor)) = (buyer, exhibitor) else {
        return Err(Refusal::NotFound.into());
    };
    let booth = facts.booths.get(&pair.exhibitor).ok_or(Refusal::NotFound)?;
    let bridging = facts.pools.iter();
    let bridging = bridging.filter(|pool| pool.bridges(&buyer.languages, &exhibitor.languages));
    let pools: Vec<_> = bridging.cloned().collect();
    let mut resources = vec![buyer.person.0, booth.id.0];
    resources.extend(pools.iter().map(|pool| pool.id.0));
    let taken = occupancy::taken(scope, &resources, facts.cells()).await?;
    let of = |resource: Uuid| taken.iter().filter(move |(r, ..)| *r == resource);
    let meetings = meetings(scope, pair).await?;
    let count = |own: &dyn Fn(&Meeting) -> bool| meetings.iter().filter(|meeting| own(meeting)).count() as u16;
    let situation = Situation {
        phase: facts.event.phase,
        buyer_busy: of(buyer.person.0).map(|&(.., cell)| cell).collect(),
        tables_busy: of(booth.id.0).map(|&(_, lane, cell)| (lane, cell)).collect(),
        pools_busy: pools
            .iter()
            .flat_map(|pool| of(pool.id.0))
            .map(|&(resource, lane, cell)| (PoolId(resource), lane, cell))
            .collect(),
        meetings: (
            count(&|meeting| meeting.placement.pair.buyer == pair.buyer),
            count(&|meeting| meeting.placement.pair.exhibitor == pair.exhibitor),
        ),
        existing: meetings.iter().find(|meeting| meeting.placement.pair == pair).copied(),
        wants: wants(scope, pair).await?,
        direct: (facts.direct(pair.buyer), facts.direct(pair.exhibitor)),
        slots: facts.slots.clone(),
        buyer: buyer.clone(),
        exhibitor: exhibitor.clone(),
        booth: booth.clone(),
        pools,
    };
    Ok((facts, situation))
}

/// The planned meetings of either side.
pub(crate) async fn meetings(scope: Scope<'_>, pair: Pair) -> Result<Vec<Meeting>, Error> {
    let either = Condition::any()
        .add(meeting::Column::BuyerId.eq(pair.buyer.0))
        .add(meeting::Column::ExhibitorId.eq(pair.exhibitor.0));
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(either);
    rows.all(scope.tx)
        .await?
        .into_iter()
        .map(market::meeting_from)
        .collect()
}

/// What either of a pair wants of the other.
pub(crate) async fn wants(scope: Scope<'_>, pair: Pair) -> Result<(Option<Want>, Option<Want>), Error> {
    let rows = scope
        .rows::<wish::Entity>()
        .filter(wish::Column::BuyerId.eq(pair.buyer.0))
        .filter(wish::Column::ExhibitorId.eq(pair.exhibitor.0))
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

/// A meeting as its row holds it.
pub(crate) async fn row(scope: Scope<'_>, id: MeetingId) -> Result<meeting::Model, Error> {
    let rows = scope.rows::<meeting::Entity>().filter(meeting::Column::Id.eq(id.0));
    Ok(rows.one(scope.tx).await?.ok_or(Refusal::NotFound)?)
}

async fn cancel(scope: Scope<'_>, ctx: &Ctx, command: &Cancel) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, command.meeting).await?;
    let state = rule::Standing {
        planned: row.state == PLANNED,
        locked: row.locked,
    };
    let meeting = market::meeting_from(row)?;
    let facts = scope.facts().await?;
    rule::cancel(&meeting, state, &facts.slots, facts.event.phase, command, ctx)?;
    let changed = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::State, Expr::value(CANCELLED))
        .col_expr(meeting::Column::Revision, Expr::col(meeting::Column::Revision).add(1))
        .filter(meeting::Column::Id.eq(meeting.id.0))
        .filter(meeting::Column::State.eq(PLANNED))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::MeetingChanged { starts: None }.into());
    }
    occupancy::release(scope, &[meeting.id.0]).await?;
    let told = tell_both(scope, ctx, &facts, &meeting, NoticeKind::MeetingCancelled).await?;
    let told = told.and(standby::offer(scope, ctx, &facts, &Place::of(&meeting.placement)).await?);
    guest::leave(scope, &[meeting.id.0]).await?;
    Ok(Done {
        answer: meeting.id,
        detail: serde_json::json!({"meeting": meeting.id}),
        touched: Touched::pair(meeting.placement.pair).and(told),
    })
}
