//! Outcomes, kept: one row a side of a meeting, its own.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    booking::row,
    change::Touched,
    column,
    entity::outcome,
    scope::{self, Scope},
    table::sitting,
};
use domain::{
    Ctx, Refusal,
    access::Verb,
    id::{MeetingId, PersonId},
    outcome::{self as rule, Interest, RecordOutcome},
    time::Timestamp,
    wish::Side,
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// What a side noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whose it is.
    pub side: Side,
    /// Who wrote it last.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// 1 to 5, 5 best.
    pub rating: Option<u8>,
    /// In one's own words.
    pub note: String,
    /// How much one is interested.
    pub interest: Option<Interest>,
    /// What is to be done next.
    pub next_step: String,
    /// Whether a deal has begun.
    pub deal: bool,
}

impl Store {
    /// Notes what came of a meeting, or changes what was noted. `key` is made by whoever asks.
    pub async fn record_outcome(&self, ctx: &Ctx, command: RecordOutcome, key: Uuid) -> Result<MeetingId, Error> {
        let act = Act::new(Verb::RecordOutcome, key, &command)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { record(scope, &ctx, &command).await }.boxed()
        })
        .await
    }
}

impl Snapshot {
    /// What was noted of these meetings, the buyer's first.
    pub async fn outcomes(&self, of: &[MeetingId]) -> Result<HashMap<MeetingId, Vec<Outcome>>, Error> {
        let rows = self
            .scope()
            .rows::<outcome::Entity>()
            .filter(outcome::Column::MeetingId.is_in(of.iter().map(|id| id.0)))
            .order_by_asc(outcome::Column::Side);
        let mut outcomes: HashMap<MeetingId, Vec<Outcome>> = HashMap::new();
        for row in rows.all(&self.tx).await? {
            outcomes.entry(MeetingId(row.meeting_id)).or_default().push(from(row)?);
        }
        Ok(outcomes)
    }
}

fn from(row: outcome::Model) -> Result<Outcome, Error> {
    let interest = row.interest.as_deref();
    let rating = row
        .rating
        .map(|rating| u8::try_from(rating).map_err(|_| column::corrupt("a rating", rating)));
    Ok(Outcome {
        side: column::word("a side", &row.side, Side::parse)?,
        by: PersonId(row.by),
        at: column::at(row.at)?,
        rating: rating.transpose()?,
        note: row.note,
        interest: interest
            .map(|code| column::word("an interest", code, Interest::parse))
            .transpose()?,
        next_step: row.next_step,
        deal: row.deal,
    })
}

async fn record(scope: Scope<'_>, ctx: &Ctx, command: &RecordOutcome) -> Result<Done<MeetingId>, Error> {
    let row = row(scope, command.meeting).await?;
    let facts = scope.facts().await?;
    let sitting = sitting(&facts, &row)?;
    let last = facts.slots.last().ok_or(Refusal::NotFound)?;
    let noted = rule::record(&sitting, last.ends, command, ctx)?;
    let by = ctx.actor.person.ok_or(Refusal::NotFound)?;
    let row = outcome::Model {
        meeting_id: command.meeting.0,
        side: noted.side.code().to_owned(),
        event_id: scope.event.0,
        by: by.0,
        at: scope::now(ctx),
        rating: command.rating.map(i32::from),
        note: noted.note,
        interest: command.interest.map(|interest| interest.code().to_owned()),
        next_step: noted.next_step,
        deal: command.deal,
    };
    let key = [outcome::Column::MeetingId, outcome::Column::Side];
    scope.upsert::<outcome::Entity>(vec![row], &key).await?;
    let mut touched = Touched::default();
    match noted.side {
        Side::Buyer => touched.buyers.push(sitting.pair.buyer),
        Side::Exhibitor => touched.exhibitors.push(sitting.pair.exhibitor),
    }
    Ok(Done {
        answer: command.meeting,
        detail: serde_json::json!({"meeting": command.meeting, "side": noted.side.code()}),
        touched,
    })
}
