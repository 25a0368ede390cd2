//! What happens at the table, kept: who came, who did not, what ended. A wrong code is kept too, so that it is counted.

use crate::{
    Error, Store,
    act::{Act, Done},
    agenda,
    booking::{row, said},
    change::Touched,
    column,
    entity::{audit, idempotency, meeting, offer},
    facts::Facts,
    market::{self, MISSED, PLANNED},
    notice::{self, Tell},
    occupancy,
    scope::{self, Scope},
    standby,
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    event::Phase,
    id::MeetingId,
    market::Meeting,
    notice::{About, Audience, NoticeKind, Said},
    standby::{OfferState, Place},
    table::{self as rule, Arrival, CheckIn, Code, Sitting},
    time::Timestamp,
    wish::{Pair, Side},
};
use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// Most meetings looked after in one sweep; the next one is seconds away.
const MAX_SWEPT: u64 = 200;

/// What a check-in is remembered as.
#[derive(Debug, Serialize, Deserialize)]
struct Checked {
    meeting: MeetingId,
    wrong: bool,
}

impl Store {
    /// A side says that it has come. `key` is made by whoever asks.
    pub async fn check_in(&self, ctx: &Ctx, command: CheckIn, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::CheckIn, key, &command)?;
        let checked = self.act(ctx, act, move |scope, ctx| {
            async move { check_in(scope, &ctx, &command).await }.boxed()
        });
        match checked.await? {
            Checked { wrong: true, .. } => Err(Refusal::BadCode.into()),
            Checked { meeting, .. } => Ok(meeting),
        }
    }

    /// A side that has come says that the other has not.
    pub async fn report_no_show(&self, ctx: &Ctx, id: MeetingId, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::ReportNoShow, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { report_no_show(scope, &ctx, id).await }.boxed()
        })
        .await
    }

    /// Either side ends a meeting.
    pub async fn end_meeting(&self, ctx: &Ctx, id: MeetingId, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::EndMeeting, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { end(scope, &ctx, id).await }.boxed()
        })
        .await
    }

    /// Finds who did not come, closes offers nobody took, and offers what came free. Answers how many meetings and
    /// offers it was about; where there are none it only reads.
    pub async fn sweep_meetings(&self, ctx: &Ctx) -> Result<usize, Error> {
        access::may(&ctx.actor, Verb::SweepMeetings)?;
        let snapshot = self.snapshot(ctx.event).await?;
        if due(snapshot.scope(), ctx).await?.is_none() {
            return Ok(0);
        }
        drop(snapshot);
        let act = Act::new(Verb::SweepMeetings, Uuid::new_v4(), &())?;
        let swept = self.act(ctx, act, move |scope, ctx| {
            async move { sweep(scope, &ctx).await }.boxed()
        });
        match swept.await {
            // Another process was faster: nothing is kept of this one.
            Err(Error::Refused(Refusal::AlreadyDone)) => Ok(0),
            other => other,
        }
    }
}

/// The meeting as it stands at its table.
pub(crate) fn sitting(facts: &Facts, row: &meeting::Model) -> Result<Sitting, Error> {
    let slot = facts.slots.get(usize::from(column::count(row.slot)?));
    Ok(Sitting {
        phase: facts.event.phase,
        pair: pair_of(row),
        slot: *slot.ok_or_else(|| column::corrupt("a slot", row.slot))?,
        fate: agenda::fate(&row.state)?,
        presence: agenda::presence(row)?,
        awaited: None,
    })
}

fn pair_of(row: &meeting::Model) -> Pair {
    Pair {
        buyer: domain::id::BuyerId(row.buyer_id),
        exhibitor: domain::id::ExhibitorId(row.exhibitor_id),
    }
}

async fn check_in(scope: Scope<'_>, ctx: &Ctx, command: &CheckIn) -> Result<Done<Checked>, Error> {
    let row = row(scope, command.meeting).await?;
    let facts = scope.facts().await?;
    let sitting = sitting(&facts, &row)?;
    let code = match command.code {
        Some(_) => Some(code(scope, ctx, command.meeting).await?),
        None => None,
    };
    let checked = |wrong| Checked {
        meeting: command.meeting,
        wrong,
    };
    let (buyer, exhibitor) = match rule::check_in(&sitting, command, code.as_ref(), ctx)? {
        Arrival::WrongCode => {
            let detail = serde_json::json!({"meeting": command.meeting, "wrongCode": true});
            return Ok(Done::quietly(checked(true), detail));
        }
        Arrival::Came { buyer, exhibitor } => (buyer, exhibitor),
    };
    let mut change = scope.change::<meeting::Entity>();
    for (came, column) in [
        (buyer, meeting::Column::BuyerCameAt),
        (exhibitor, meeting::Column::ExhibitorCameAt),
    ] {
        if came {
            change = change
                .col_expr(column, Expr::value(scope::now(ctx)))
                .filter(column.is_null());
        }
    }
    planned(scope, change, &row).await?;
    let meeting = market::meeting_from(row)?;
    let mut tells = Vec::new();
    for (came, side) in [(buyer, Side::Buyer), (exhibitor, Side::Exhibitor)] {
        if came {
            tells.push(tell_other(&facts, &meeting, side, NoticeKind::OtherSideCame));
        }
    }
    let told = notice::tell(scope, ctx, tells).await?;
    Ok(Done {
        answer: checked(false),
        detail: serde_json::json!({"meeting": meeting.id, "buyer": buyer, "exhibitor": exhibitor}),
        touched: Touched::pair(meeting.placement.pair).and(told),
    })
}

/// Changes a meeting that is planned; whoever looked at it before it was changed is told so.
async fn planned(
    scope: Scope<'_>,
    change: sea_orm::UpdateMany<meeting::Entity>,
    row: &meeting::Model,
) -> Result<(), Error> {
    let changed = change
        .filter(meeting::Column::Id.eq(row.id))
        .filter(meeting::Column::State.eq(PLANNED))
        .exec(scope.tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Refusal::MeetingChanged { starts: None }.into());
    }
    Ok(())
}

/// What the other side than `side` is told of it.
pub(crate) fn tell_other(facts: &Facts, meeting: &Meeting, side: Side, kind: NoticeKind) -> Tell {
    let pair = meeting.placement.pair;
    let (to, other) = match side {
        Side::Buyer => (Audience::Exhibitor(pair.exhibitor), facts.name_of_buyer(pair.buyer)),
        Side::Exhibitor => (Audience::Buyer(pair.buyer), facts.name_of_exhibitor(pair.exhibitor)),
    };
    Tell {
        to,
        kind,
        about: About {
            meeting: Some(meeting.id),
            request: None,
        },
        said: Said {
            other: other.cloned(),
            ..said(facts, meeting)
        },
    }
}

/// The code of a meeting and how many wrong ones the one who asks has sent.
async fn code(scope: Scope<'_>, ctx: &Ctx, meeting: MeetingId) -> Result<Code, Error> {
    let wrong = serde_json::to_string(&Checked { meeting, wrong: true });
    let wrong = wrong.map_err(|error| Error::Corrupt(error.to_string()))?;
    let sent = scope::world::<idempotency::Entity>()
        .filter(idempotency::Column::Actor.eq(ctx.actor.label()))
        .filter(idempotency::Column::Operation.eq(Verb::CheckIn.code()))
        .filter(idempotency::Column::Answer.eq(wrong));
    Ok(Code {
        right: rule::code(&secret(scope).await?, meeting),
        wrong: u16::try_from(sent.count(scope.tx).await?).unwrap_or(u16::MAX),
    })
}

/// The secret of the event from which codes follow: the seal of its first entry in the log. It is a hash over the random
/// key of the import that made the event and everything before it, it never changes, and no part of it leaves the server.
pub(crate) async fn secret(scope: Scope<'_>) -> Result<[u8; 32], Error> {
    let first = scope::world::<audit::Entity>()
        .filter(audit::Column::EventId.eq(scope.event.0))
        .order_by_asc(audit::Column::Number)
        .one(scope.tx)
        .await?;
    crate::audit::seal_of(&first.ok_or(Refusal::NotFound)?)
}

async fn report_no_show(scope: Scope<'_>, ctx: &Ctx, id: MeetingId) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, id).await?;
    let facts = scope.facts().await?;
    let mut sitting = sitting(&facts, &row)?;
    sitting.awaited = awaited(scope, ctx.now).await?.get(&(sitting.pair, row.slot)).copied();
    let absent = rule::no_show(&sitting, ctx)?;
    let touched = miss(scope, ctx, &facts, row, absent).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"meeting": id, "absent": absent.code()}),
        touched,
    })
}

/// One side did not come: the meeting is missed, its places are given up, and a place at a staffed table is offered to
/// those who wait for it.
async fn miss(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, row: meeting::Model, absent: Side) -> Result<Touched, Error> {
    let missing = match absent {
        Side::Buyer => meeting::Column::BuyerCameAt,
        Side::Exhibitor => meeting::Column::ExhibitorCameAt,
    };
    let change = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::State, Expr::value(MISSED))
        .col_expr(meeting::Column::Absent, Expr::value(absent.code()))
        .col_expr(meeting::Column::Revision, Expr::col(meeting::Column::Revision).add(1))
        .filter(missing.is_null());
    planned(scope, change, &row).await?;
    occupancy::release(scope, &[row.id]).await?;
    let meeting = market::meeting_from(row)?;
    let pair = meeting.placement.pair;
    let mut tells = [Side::Buyer, Side::Exhibitor].map(|side| tell_other(facts, &meeting, side, NoticeKind::NoShow));
    // The buyer's doings are told to the exhibitor, so it is the second of these that the buyer reads.
    tells[0].said.own = absent == Side::Exhibitor;
    tells[1].said.own = absent == Side::Buyer;
    let (buyer, exhibitor) = (facts.name_of_buyer(pair.buyer), facts.name_of_exhibitor(pair.exhibitor));
    let (gone, there) = match absent {
        Side::Buyer => (buyer, exhibitor),
        Side::Exhibitor => (exhibitor, buyer),
    };
    let organizers = Tell {
        to: Audience::Organizers,
        said: Said {
            other: gone.cloned(),
            by: there.cloned(),
            own: false,
            ..tells[0].said.clone()
        },
        ..tells[0].clone()
    };
    let tells = tells.into_iter().chain([organizers]).collect();
    let mut touched = Touched::pair(pair).and(notice::tell(scope, ctx, tells).await?);
    if absent == Side::Buyer {
        touched = touched.and(standby::offer(scope, ctx, facts, &Place::of(&meeting.placement)).await?);
    }
    Ok(touched)
}

async fn end(scope: Scope<'_>, ctx: &Ctx, id: MeetingId) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, id).await?;
    let facts = scope.facts().await?;
    let sitting = sitting(&facts, &row)?;
    rule::end(&sitting, ctx)?;
    let change = scope
        .change::<meeting::Entity>()
        .col_expr(meeting::Column::EndedAt, Expr::value(scope::now(ctx)))
        .filter(meeting::Column::EndedAt.is_null());
    planned(scope, change, &row).await?;
    Ok(Done {
        answer: id,
        detail: serde_json::json!({"meeting": id}),
        touched: Touched::pair(sitting.pair),
    })
}

/// What is due: meetings to which just one side came in time, and offers nobody answered.
struct Due {
    missed: Vec<(meeting::Model, Side)>,
    expired: Vec<offer::Model>,
}

async fn due(scope: Scope<'_>, ctx: &Ctx) -> Result<Option<Due>, Error> {
    let facts = scope.facts().await?;
    let missed = if facts.event.phase == Phase::OnSite {
        overdue(scope, ctx, &facts).await?
    } else {
        Vec::new()
    };
    let expired = scope
        .rows::<offer::Entity>()
        .filter(offer::Column::State.eq(OfferState::Open.code()))
        .filter(offer::Column::ExpiresAt.lte(scope::now(ctx)))
        .order_by_asc(offer::Column::ExpiresAt)
        .order_by_asc(offer::Column::Id)
        .limit(MAX_SWEPT)
        .all(scope.tx)
        .await?;
    Ok((!missed.is_empty() || !expired.is_empty()).then_some(Due { missed, expired }))
}

async fn overdue(scope: Scope<'_>, ctx: &Ctx, facts: &Facts) -> Result<Vec<(meeting::Model, Side)>, Error> {
    let begun = facts
        .slots
        .iter()
        .filter(|slot| slot.starts + rule::PATIENCE <= ctx.now);
    let Some(last) = begun.map(|slot| i32::from(slot.number)).max() else {
        return Ok(Vec::new());
    };
    let (buyer, exhibitor) = (meeting::Column::BuyerCameAt, meeting::Column::ExhibitorCameAt);
    let one_came = Condition::any()
        .add(buyer.is_null().and(exhibitor.is_not_null()))
        .add(buyer.is_not_null().and(exhibitor.is_null()));
    let rows = scope
        .rows::<meeting::Entity>()
        .filter(meeting::Column::State.eq(PLANNED))
        .filter(meeting::Column::Slot.lte(last))
        .filter(one_came)
        .order_by_desc(meeting::Column::Slot)
        .order_by_asc(meeting::Column::Id)
        .limit(MAX_SWEPT)
        .all(scope.tx)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let awaited = awaited(scope, ctx.now).await?;
    let mut overdue = Vec::new();
    for row in rows {
        let mut sitting = sitting(facts, &row)?;
        sitting.awaited = awaited.get(&(sitting.pair, row.slot)).copied();
        if let Some(absent) = rule::overdue(&sitting, ctx.now) {
            overdue.push((row, absent));
        }
    }
    Ok(overdue)
}

/// Until when those who took a place that came free are waited for, as far as they still are.
async fn awaited(scope: Scope<'_>, now: Timestamp) -> Result<HashMap<(Pair, i32), Timestamp>, Error> {
    let rows = scope
        .rows::<offer::Entity>()
        .filter(offer::Column::State.eq(OfferState::Taken.code()))
        .filter(offer::Column::ExpiresAt.gt(column::ms(now)));
    let rows = rows.all(scope.tx).await?.into_iter();
    rows.map(|row| {
        let pair = Pair {
            buyer: domain::id::BuyerId(row.buyer_id),
            exhibitor: domain::id::ExhibitorId(row.exhibitor_id),
        };
        Ok(((pair, row.slot), column::at(row.expires_at)?))
    })
    .collect()
}

async fn sweep(scope: Scope<'_>, ctx: &Ctx) -> Result<Done<usize>, Error> {
    let facts = scope.facts().await?;
    access::open(&ctx.actor, Verb::SweepMeetings, facts.event.phase)?;
    let Due { missed, expired } = due(scope, ctx).await?.ok_or(Refusal::AlreadyDone)?;
    let swept = missed.len() + expired.len();
    let absent: Vec<_> = missed.iter().map(|(row, side)| (row.id, side.code())).collect();
    let ids: Vec<Uuid> = expired.iter().map(|row| row.id).collect();
    let detail = serde_json::json!({"missed": absent, "expired": ids});
    let mut touched = standby::expire(scope, ctx, &facts, expired).await?;
    for (row, side) in missed {
        touched = touched.and(miss(scope, ctx, &facts, row, side).await?);
    }
    Ok(Done {
        answer: swept,
        detail,
        touched,
    })
}
