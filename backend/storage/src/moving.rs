//! Meetings that go to another time: moved, swapped, fixed where they are. The same row, its next revision, its places
//! given up and taken in one transaction; the key of the places decides.

use crate::{
    Error, Store,
    act::{Act, Done},
    booking::{held, row, situation, tell_of},
    calendar,
    change::Touched,
    entity::meeting,
    facts::Facts,
    guest,
    market::PLANNED,
    notice::{self, Tell},
    occupancy,
    scope::Scope,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    booking::Booking,
    id::MeetingId,
    market::Meeting,
    moving::{self as rule, Lock, Move, Swap},
    notice::{Audience, NoticeKind, Said},
    wish::Side,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

impl Store {
    /// Moves a meeting to another time. `key` is made by whoever asks.
    pub async fn move_meeting(&self, ctx: &Ctx, command: Move, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::MoveMeeting, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { move_to(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Swaps the times of two meetings. `key` is made by whoever asks.
    pub async fn swap_meetings(&self, ctx: &Ctx, command: Swap, key: Uuid) -> Result<[MeetingId; 2], Error> {
        let act = Act::new(Verb::SwapMeetings, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { swap(scope, &ctx, &command).await }.boxed()
        })
        .await
    }

    /// Fixes a meeting, or frees it again. `key` is made by whoever asks.
    pub async fn lock_meeting(&self, ctx: &Ctx, command: Lock, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::LockMeeting, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { lock(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

async fn move_to(scope: Scope<'_>, ctx: &Ctx, command: &Move) -> Result<Done<MeetingId>, Error> {
    let held = held(row(scope, command.meeting).await?)?;
    let was = held.meeting;
    let (facts, situation) = situation(scope, was.placement.pair).await?;
    let booking = rule::move_to(situation, &held, command, ctx)?;
    let left = reseat(scope, ctx, std::slice::from_ref(&booking)).await?;
    let tells = tells(scope, &facts, &was, booking.meeting()).await?;
    let told = notice::tell(scope, ctx, tells).await?.and(left);
    Ok(Done {
        answer: was.id,
        detail: serde_json::json!({"meeting": was.id, "from": was.placement.slot, "to": command.slot}),
        touched: Touched::pair(was.placement.pair).and(told),
    })
}

async fn swap(scope: Scope<'_>, ctx: &Ctx, command: &Swap) -> Result<Done<[MeetingId; 2]>, Error> {
    let [a, b] = command.meetings;
    let both = [held(row(scope, a).await?)?, held(row(scope, b).await?)?];
    let (facts, first) = situation(scope, both[0].meeting.placement.pair).await?;
    let (_, second) = situation(scope, both[1].meeting.placement.pair).await?;
    let bookings = rule::swap([first, second], &both, command, ctx)?;
    let mut touched = reseat(scope, ctx, &bookings).await?;
    let mut tell = Vec::new();
    for (held, booking) in both.iter().zip(&bookings) {
        tell.extend(tells(scope, &facts, &held.meeting, booking.meeting()).await?);
        touched = touched.and(Touched::pair(held.meeting.placement.pair));
    }
    let told = notice::tell(scope, ctx, tell).await?;
    let slots = both.map(|held| held.meeting.placement.slot);
    Ok(Done {
        answer: [a, b],
        detail: serde_json::json!({"meetings": [a, b], "slots": slots}),
        touched: touched.and(told),
    })
}

/// Puts meetings that are there into the places of their bookings, which are their next revisions. All give up their
/// places before any takes another; from then on they are by hand, and nobody has come to them. Guests who are free come
/// along, the others are told. Answers who is touched by that.
pub(crate) async fn reseat(scope: Scope<'_>, ctx: &Ctx, bookings: &[Booking]) -> Result<Touched, Error> {
    for booking in bookings {
        let meeting = booking.meeting();
        let placement = &meeting.placement;
        let nothing = || Expr::value(None::<i64>);
        let changed = scope
            .change::<meeting::Entity>()
            .col_expr(meeting::Column::Slot, Expr::value(i32::from(placement.slot)))
            .col_expr(meeting::Column::BoothId, Expr::value(placement.booth.0))
            .col_expr(meeting::Column::Seat, Expr::value(i32::from(placement.table)))
            .col_expr(
                meeting::Column::PoolId,
                Expr::value(placement.interpreter.map(|(pool, _)| pool.0)),
            )
            .col_expr(
                meeting::Column::Lane,
                Expr::value(placement.interpreter.map(|(_, lane)| i32::from(lane))),
            )
            .col_expr(meeting::Column::TimetableId, Expr::value(None::<Uuid>))
            .col_expr(meeting::Column::Revision, Expr::value(meeting.revision as i32))
            .col_expr(meeting::Column::BuyerCameAt, nothing())
            .col_expr(meeting::Column::ExhibitorCameAt, nothing())
            .filter(meeting::Column::Id.eq(meeting.id.0))
            .filter(meeting::Column::State.eq(PLANNED))
            .filter(meeting::Column::Revision.eq(meeting.revision as i32 - 1))
            .exec(scope.tx)
            .await?;
        if changed.rows_affected == 0 {
            return Err(Refusal::MeetingChanged { starts: None }.into());
        }
    }
    if bookings.is_empty() {
        return Ok(Touched::default());
    }
    let ids: Vec<Uuid> = bookings.iter().map(|booking| booking.meeting().id.0).collect();
    occupancy::release(scope, &ids).await?;
    let claims = bookings
        .iter()
        .flat_map(|booking| calendar::claims(booking.meeting(), booking.slot(), booking.person().0));
    let claims: Vec<_> = claims.collect();
    occupancy::take(scope, &claims).await?;
    let mut touched = Touched::default();
    for booking in bookings {
        touched = touched.and(guest::follow(scope, ctx, booking.meeting(), booking.slot()).await?);
    }
    Ok(touched)
}

/// What both sides, and an adviser who joins them, are told of a meeting that has moved.
pub(crate) async fn tells(scope: Scope<'_>, facts: &Facts, was: &Meeting, now: &Meeting) -> Result<Vec<Tell>, Error> {
    let before = facts.slots.get(usize::from(was.placement.slot)).map(|slot| slot.starts);
    let tell = |side| {
        let tell = tell_of(facts, now, NoticeKind::MeetingMoved, side);
        Tell {
            said: Said {
                was: before,
                ..tell.said
            },
            ..tell
        }
    };
    let advisers = guest::advisers(scope, now.id).await?.into_iter().map(|adviser| Tell {
        to: Audience::Person(adviser),
        ..tell(Side::Buyer)
    });
    Ok([tell(Side::Buyer), tell(Side::Exhibitor)]
        .into_iter()
        .chain(advisers)
        .collect())
}

async fn lock(scope: Scope<'_>, ctx: &Ctx, command: &Lock) -> Result<Done<MeetingId>, Error> {
    // Who may not lock learns of no meeting, whether it is there or not.
    domain::access::may(&ctx.actor, Verb::LockMeeting)?;
    let held = held(row(scope, command.meeting).await?)?;
    let facts = scope.facts().await?;
    rule::lock(&held, &facts.slots, facts.event.phase, command, ctx)?;
    let meeting = held.meeting;
    let changed = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::Locked, Expr::value(command.locked))
        .col_expr(meeting::Column::TimetableId, Expr::value(None::<Uuid>))
        .col_expr(meeting::Column::Revision, Expr::value(meeting.revision as i32 + 1))
        .filter(meeting::Column::Id.eq(meeting.id.0))
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(meeting::Column::Locked.eq(!command.locked))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::AlreadyDone.into());
    }
    let told = crate::booking::tell_both(scope, ctx, &facts, &meeting, NoticeKind::MeetingLocked).await?;
    Ok(Done {
        answer: meeting.id,
        detail: serde_json::json!({"meeting": meeting.id, "locked": command.locked}),
        touched: Touched::pair(meeting.placement.pair).and(told),
    })
}
