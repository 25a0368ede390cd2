//! The outbox: what shall happen outside is kept in the transaction that decides it, and carried out after the
//! commit by a worker, at least once. Who carries out is the server's affair.

use crate::{
    Error, Store, column,
    entity::{outbox, person},
    notice, participation, scope,
};
use domain::{
    id::{EventId, PersonId},
    participation::Person,
    time::{SignedDuration, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How often a letter is tried before it is left for a person to look at.
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

impl Store {
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
                    let rows = scope::change_everything::<outbox::Entity>().col_expr(outbox::Column::DoneAt, done);
                    rows.filter(outbox::Column::Id.is_in(ids)).exec(tx).await?;
                    Ok(())
                }
                .boxed()
            })
            .await
    }

    /// Letters could not be carried out; they are due again later.
    pub async fn letters_failed(&self, ids: Vec<i64>, again: Timestamp) -> Result<(), Error> {
        self.writer
            .write(move |tx| {
                async move {
                    scope::change_everything::<outbox::Entity>()
                        .col_expr(outbox::Column::Tries, Expr::col(outbox::Column::Tries).add(1))
                        .col_expr(outbox::Column::Due, Expr::value(column::ms(again)))
                        .filter(outbox::Column::Id.is_in(ids))
                        .exec(tx)
                        .await?;
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
        .filter(outbox::Column::Tries.lt(MAX_TRIES))
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
