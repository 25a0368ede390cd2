//! Short words from one side of a meeting to the other: kept as notices, counted by the acts that said them.

use crate::{
    Error, Store,
    act::{Act, Done},
    booking::row,
    column,
    entity::{idempotency, person},
    facts::Facts,
    market, notice, participation,
    scope::{self, Scope},
    table::{sitting, tell_other},
};
use domain::{
    Ctx,
    access::{Actor, Verb},
    id::{MeetingId, PersonId},
    message::{self as rule, MessageMeeting, WITHIN},
    name::Name,
    wish::{Pair, Side},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

impl Store {
    /// Says something to the other side of a meeting. `key` is made by whoever asks.
    pub async fn message_meeting(&self, ctx: &Ctx, command: MessageMeeting, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::MessageMeeting, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { message(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

async fn message(scope: Scope<'_>, ctx: &Ctx, command: &MessageMeeting) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, command.meeting).await?;
    let facts = scope.facts().await?;
    let sitting = sitting(&facts, &row)?;
    let sent = sent(scope, ctx, &facts, sitting.pair, command.meeting).await?;
    let message = rule::message(&sitting, sent, command, ctx)?;
    let meeting = market::meeting_from(row)?;
    let by = match ctx.actor.person {
        Some(person) => name_of(scope, person).await?,
        None => None,
    };
    let from = [(message.to_exhibitor, Side::Buyer), (message.to_buyer, Side::Exhibitor)];
    let tells = from.into_iter().filter(|(told, _)| *told).map(|(_, side)| {
        let mut tell = tell_other(&facts, &meeting, side, message.kind);
        tell.said.by.clone_from(&by);
        tell.said.text.clone_from(&message.text);
        tell.said.count = command.late_minutes.map(u32::from);
        tell
    });
    let touched = notice::tell(scope, ctx, tells.collect()).await?;
    Ok(Done {
        answer: meeting.id,
        detail: serde_json::json!({"meeting": meeting.id, "lateMinutes": command.late_minutes}),
        touched,
    })
}

/// How often the asker's side has said something about the meeting lately: all staff of a booth together, an organizer
/// alone.
async fn sent(scope: Scope<'_>, ctx: &Ctx, facts: &Facts, pair: Pair, meeting: MeetingId) -> Result<u16, Error> {
    let label = |person: &PersonId| Actor::person(*person).label();
    let mut side = vec![ctx.actor.label()];
    if ctx.actor.exhibitor == Some(pair.exhibitor) {
        side.extend(facts.staff.get(&pair.exhibitor).into_iter().flatten().map(label));
    }
    let answer = serde_json::to_string(&meeting).map_err(|error| Error::Corrupt(error.to_string()))?;
    let said = scope::world::<idempotency::Entity>()
        .filter(idempotency::Column::Actor.is_in(side))
        .filter(idempotency::Column::Operation.eq(Verb::MessageMeeting.code()))
        .filter(idempotency::Column::Answer.eq(answer))
        .filter(idempotency::Column::At.gt(column::ms(ctx.now - WITHIN)));
    Ok(u16::try_from(said.count(scope.tx).await?).unwrap_or(u16::MAX))
}

async fn name_of(scope: Scope<'_>, id: PersonId) -> Result<Option<Name>, Error> {
    let row = scope::world::<person::Entity>().filter(person::Column::Id.eq(id.0));
    let row = row.one(scope.tx).await?;
    Ok(row
        .map(participation::person_from)
        .transpose()?
        .map(|person| person.name))
}
