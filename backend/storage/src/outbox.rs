//! The outbox: what shall happen outside is kept in the transaction that decides it, and carried out after the
//! commit by a worker, at least once. Who carries out is the server's affair. What could not be carried out the organizer
//! sees, and may try anew.

use crate::{
    Error, Snapshot, Store,
    act::{Act, Done},
    column,
    entity::{outbox, person},
    notice, participation,
    scope::{self, Scope},
};
use domain::{
    Ctx, Refusal,
    access::{self, Verb},
    id::{EventId, PersonId},
    letter::{self, LetterState, Problem},
    participation::Person,
    time::{SignedDuration, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How often a letter is tried before it is given up.
pub const MAX_TRIES: i32 = 12;

/// Most notices that are claimed besides those that are due, because they go to the same people.
const MOST_GATHERED: u64 = 2000;

/// What is due so soon after it was written has never been claimed: a claim and a failed try put it off further.
const FRESH_MS: i64 = notice::DIGEST.as_millis() as i64;

/// Something to carry out.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// In which event.
    pub event: EventId,
    /// When it was written.
    pub at: Timestamp,
    /// What about.
    pub topic: String,
    /// To whom.
    pub recipient: Option<Person>,
    /// Details as JSON.
    pub payload: serde_json::Value,
    /// Failed tries so far.
    pub tries: i32,
    /// Whether it was claimed before: it may have gone out then, and nobody knows.
    pub again: bool,
}

/// A letter as the organizer sees it: what stands in it is the recipient's affair.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Its number: later ones have higher numbers.
    pub id: i64,
    /// When it was written.
    pub at: Timestamp,
    /// What about.
    pub topic: String,
    /// To whom.
    pub recipient: Option<PersonId>,
    /// How it stands.
    pub state: LetterState,
    /// Failed tries so far.
    pub tries: i32,
    /// When it will be tried next, while it waits.
    pub due: Option<Timestamp>,
    /// When it was carried out.
    pub done_at: Option<Timestamp>,
    /// Why it could not be carried out last.
    pub problem: Option<Problem>,
}

/// Why letters could not be carried out, and what comes of it.
#[derive(Debug, Clone, Copy)]
pub struct Failure {
    /// Why.
    pub problem: Problem,
    /// When it happened.
    pub at: Timestamp,
    /// When they are due again, if they are not given up.
    pub again: Timestamp,
}

fn state(row: &outbox::Model) -> LetterState {
    match (row.done_at, row.failed_at) {
        (Some(_), _) => LetterState::Sent,
        (None, Some(_)) => LetterState::Failed,
        (None, None) => LetterState::Waiting,
    }
}

fn posted(row: outbox::Model) -> Result<Posted, Error> {
    let state = state(&row);
    let problem = row.problem.as_deref();
    Ok(Posted {
        id: row.id,
        at: column::at(row.at)?,
        state,
        recipient: row.recipient.map(PersonId),
        tries: row.tries,
        due: (state == LetterState::Waiting)
            .then(|| column::at(row.due))
            .transpose()?,
        done_at: row.done_at.map(column::at).transpose()?,
        problem: problem
            .map(|word| column::word("a problem of a letter", word, Problem::parse))
            .transpose()?,
        topic: row.topic,
    })
}

impl Snapshot {
    /// Letters of the event in a state or in any, before one of them (newest first), at most `limit`.
    pub async fn letters(
        &self,
        state: Option<LetterState>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Posted>, Error> {
        let (done, failed) = (outbox::Column::DoneAt, outbox::Column::FailedAt);
        let mut select = self.scope().rows::<outbox::Entity>();
        select = match state {
            None => select,
            Some(LetterState::Sent) => select.filter(done.is_not_null()),
            Some(LetterState::Waiting) => select.filter(done.is_null()).filter(failed.is_null()),
            Some(LetterState::Failed) => select.filter(done.is_null()).filter(failed.is_not_null()),
        };
        if let Some(before) = before {
            select = select.filter(outbox::Column::Id.lt(before));
        }
        let rows = select.order_by_desc(outbox::Column::Id).limit(limit);
        rows.all(&self.tx).await?.into_iter().map(posted).collect()
    }

    /// One letter of the event.
    pub async fn letter(&self, id: i64) -> Result<Option<Posted>, Error> {
        find(self.scope(), id).await?.map(posted).transpose()
    }
}

async fn find(scope: Scope<'_>, id: i64) -> Result<Option<outbox::Model>, Error> {
    let rows = scope.rows::<outbox::Entity>().filter(outbox::Column::Id.eq(id));
    Ok(rows.one(scope.tx).await?)
}

async fn retry(scope: Scope<'_>, ctx: &Ctx, id: i64) -> Result<Done<i64>, Error> {
    let row = find(scope, id).await?.ok_or(Refusal::NotFound)?;
    letter::retry(state(&row))?;
    scope
        .change::<outbox::Entity>()
        .col_expr(outbox::Column::Tries, Expr::value(0))
        .col_expr(outbox::Column::Due, Expr::value(scope::now(ctx)))
        .col_expr(outbox::Column::FailedAt, Expr::value(None::<i64>))
        .filter(outbox::Column::Id.eq(id))
        .exec(scope.tx)
        .await?;
    let detail = json!({"letter": id, "topic": row.topic, "problem": row.problem});
    Ok(Done::quietly(id, detail))
}

impl Store {
    /// Makes a letter that was given up due again, with fresh tries. `key` is made by whoever asks.
    pub async fn retry_letter(&self, ctx: &Ctx, id: i64, key: Uuid) -> Result<i64, Error> {
        access::may(&ctx.actor, Verb::RetryLetter)?;
        let act = Act::new(Verb::RetryLetter, key, &id)?;
        self.act(ctx, act, move |scope, ctx| {
            async move { retry(scope, &ctx, id).await }.boxed()
        })
        .await
    }

    /// Claims letters that are due, oldest first, at most `limit`: nobody else gets them until the claim is over. With a
    /// person's notice that is due come all others that wait for the same person in the same event, so that one mail
    /// tells of all.
    pub async fn claim_letters(&self, now: Timestamp, hold: SignedDuration, limit: u64) -> Result<Vec<Letter>, Error> {
        let until = column::ms(now + hold);
        self.writer
            .write(move |tx| async move { claim(tx, column::ms(now), until, limit).await }.boxed())
            .await
    }

    /// These letters were carried out.
    pub async fn letters_done(&self, ids: Vec<i64>, now: Timestamp) -> Result<(), Error> {
        self.writer
            .write(move |tx| {
                async move {
                    let done = Expr::value(column::ms(now));
                    scope::change_everything::<outbox::Entity>()
                        .col_expr(outbox::Column::DoneAt, done)
                        .col_expr(outbox::Column::Problem, Expr::value(None::<String>))
                        .filter(outbox::Column::Id.is_in(ids))
                        .exec(tx)
                        .await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// Letters could not be carried out: they are due again later, or given up if their tries are used up or trying
    /// again would change nothing.
    pub async fn letters_failed(&self, ids: Vec<i64>, failure: Failure) -> Result<(), Error> {
        self.writer
            .write(move |tx| {
                async move {
                    let theirs = outbox::Column::Id.is_in(ids);
                    scope::change_everything::<outbox::Entity>()
                        .col_expr(outbox::Column::Tries, Expr::col(outbox::Column::Tries).add(1))
                        .col_expr(outbox::Column::Due, Expr::value(column::ms(failure.again)))
                        .col_expr(outbox::Column::Problem, Expr::value(failure.problem.word()))
                        .filter(theirs.clone())
                        .exec(tx)
                        .await?;
                    let mut lost = scope::change_everything::<outbox::Entity>()
                        .col_expr(outbox::Column::FailedAt, Expr::value(column::ms(failure.at)))
                        .filter(theirs);
                    if !failure.problem.is_final() {
                        lost = lost.filter(outbox::Column::Tries.gte(MAX_TRIES));
                    }
                    lost.exec(tx).await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

async fn claim(tx: &DatabaseTransaction, now: i64, until: i64, limit: u64) -> Result<Vec<Letter>, Error> {
    let waiting = scope::everything::<outbox::Entity>()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::FailedAt.is_null())
        .order_by_asc(outbox::Column::Id);
    let due = waiting.clone().filter(outbox::Column::Due.lte(now)).limit(limit);
    let mut rows = due.all(tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let readers = |row: &outbox::Model| Some((row.event_id, row.recipient?));
    let readers: BTreeSet<(Uuid, Uuid)> = rows
        .iter()
        .filter(|row| row.topic == notice::TOPIC)
        .filter_map(readers)
        .collect();
    if !readers.is_empty() {
        let mut theirs = Condition::any();
        for (event, person) in readers {
            let own = outbox::Column::EventId
                .eq(event)
                .and(outbox::Column::Recipient.eq(person));
            theirs = theirs.add(own);
        }
        let fresh = Expr::col(outbox::Column::Due)
            .sub(Expr::col(outbox::Column::At))
            .lte(FRESH_MS);
        let taken: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let more = waiting
            .filter(outbox::Column::Topic.eq(notice::TOPIC))
            .filter(theirs)
            .filter(Condition::any().add(fresh).add(outbox::Column::Due.lte(now)))
            .filter(outbox::Column::Id.is_not_in(taken))
            .limit(MOST_GATHERED);
        rows.extend(more.all(tx).await?);
    }
    scope::change_everything::<outbox::Entity>()
        .col_expr(outbox::Column::Due, Expr::value(until))
        .filter(outbox::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    let people = rows.iter().filter_map(|row| row.recipient);
    let people = scope::world::<person::Entity>()
        .filter(person::Column::Id.is_in(people))
        .all(tx)
        .await?;
    let people: HashMap<PersonId, Person> = people
        .into_iter()
        .map(|row| participation::person_from(row).map(|person| (person.id, person)))
        .collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|row| {
            let payload = serde_json::from_str(&row.payload);
            Ok(Letter {
                id: row.id,
                event: EventId(row.event_id),
                at: column::at(row.at)?,
                again: row.tries > 0 || row.due - row.at > FRESH_MS,
                recipient: row.recipient.and_then(|id| people.get(&PersonId(id)).cloned()),
                payload: payload.map_err(|_| column::corrupt("a letter", row.id))?,
                topic: row.topic,
                tries: row.tries,
            })
        })
        .collect()
}
