//! The outbox: what shall happen outside is kept in the transaction that decides it, and carried out after the
//! commit by a worker, at least once. Who carries out is the server's affair.

use crate::{Error, Store, column, entity::outbox, entity::person, participation, scope};
use domain::{
    id::{EventId, PersonId},
    participation::Person,
    time::{SignedDuration, Timestamp},
};
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use std::collections::HashMap;

/// How often a letter is tried before it is left for a person to look at.
pub const MAX_TRIES: i32 = 12;

/// Something to carry out.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// In which event.
    pub event: EventId,
    /// What about.
    pub topic: String,
    /// To whom.
    pub recipient: Option<Person>,
    /// Details as JSON.
    pub payload: serde_json::Value,
    /// Failed tries so far.
    pub tries: i32,
}

impl Store {
    /// Claims letters that are due, oldest first, at most `limit`: nobody else gets them until the claim is over.
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

    /// A letter could not be carried out; it is due again later.
    pub async fn letter_failed(&self, id: i64, again: Timestamp) -> Result<(), Error> {
        self.writer
            .write(move |tx| {
                async move {
                    scope::change_everything::<outbox::Entity>()
                        .col_expr(outbox::Column::Tries, Expr::col(outbox::Column::Tries).add(1))
                        .col_expr(outbox::Column::Due, Expr::value(column::ms(again)))
                        .filter(outbox::Column::Id.eq(id))
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
    let rows = scope::everything::<outbox::Entity>()
        .filter(outbox::Column::DoneAt.is_null())
        .filter(outbox::Column::Due.lte(now))
        .filter(outbox::Column::Tries.lt(MAX_TRIES))
        .order_by_asc(outbox::Column::Id)
        .limit(limit)
        .all(tx)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
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
                recipient: row.recipient.and_then(|id| people.get(&PersonId(id)).cloned()),
                payload: payload.map_err(|_| column::corrupt("a letter", row.id))?,
                topic: row.topic,
                tries: row.tries,
            })
        })
        .collect()
}
