//! The one way to rows: a scope is a transaction plus the event it may look into. Rows of another event cannot be
//! read by forgetting a condition, because there is no way to ask without it (`find`, `update_many` and
//! `delete_many` of sea-orm are banned by lint outside this file).

use crate::{
    Error,
    batch::{Batch, Rows},
    column,
    facts::Memory,
    together,
};
use domain::{Ctx, id::EventId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DeleteMany, EntityTrait, Insert, InsertMany, IntoActiveModel,
    Iterable, QueryFilter, Select, Statement, UpdateMany, sea_query::OnConflict,
};

/// Most values bound in one statement; SQLite allows 32,766.
const MAX_BOUND: usize = 30_000;

/// Tables whose rows belong to an event.
pub(crate) trait InEvent: EntityTrait {
    /// The column that says to which.
    const EVENT: Self::Column;
}

/// Tables whose rows belong to no event: people, organisations, programmes, and the product's own.
pub(crate) trait InNoEvent: EntityTrait {}

/// One transaction, one event.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'t> {
    pub(crate) tx: &'t DatabaseTransaction,
    pub(crate) event: EventId,
    pub(crate) memory: &'t Memory,
    /// Within an act: what its batch knows.
    pub(crate) batch: Option<&'t Batch>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the event's condition is put"
)]
impl Scope<'_> {
    /// Writes rows that nobody reads before the commit: with the batch's others at its end, if the act's effect stays.
    pub(crate) async fn finally(&self, rows: Rows) -> Result<(), Error> {
        match self.batch {
            Some(batch) => {
                batch.stage(rows);
                Ok(())
            }
            None => rows.write(self.tx).await,
        }
    }

    /// Carries out statements whose effect the act does not look at any more: within a batch when it has run, in one
    /// message with what marks its end.
    pub(crate) async fn at_last(&self, statements: Vec<Statement>) -> Result<(), Error> {
        match self.batch {
            Some(batch) => {
                batch.last_writes(statements);
                Ok(())
            }
            None => together::execute(self.tx, statements).await,
        }
    }

    /// Rows of the event.
    pub(crate) fn rows<E: InEvent>(&self) -> Select<E> {
        E::find().filter(E::EVENT.eq(self.event.0))
    }

    /// Rows of the event, to change.
    pub(crate) fn change<E: InEvent>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::EVENT.eq(self.event.0))
    }

    /// Rows of the event, to delete.
    pub(crate) fn delete<E: InEvent>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::EVENT.eq(self.event.0))
    }

    /// Inserts rows in as few statements as allowed. A key that is taken is an error, and nothing is kept.
    pub(crate) async fn insert<E>(&self, rows: Vec<E::Model>) -> Result<(), Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        self.put::<E>(rows, None).await.map(drop)
    }

    /// Inserts rows of the event; of those whose `key` is there already, every other column is brought up to date.
    /// A key that is another event's is an error: its row is not taken over.
    pub(crate) async fn upsert<E>(&self, rows: Vec<E::Model>, key: &[E::Column]) -> Result<(), Error>
    where
        E: InEvent,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        let mut conflict = overwrite::<E>(key);
        conflict.action_and_where(E::EVENT.eq(self.event.0));
        let given = rows.len() as u64;
        if self.put::<E>(rows, Some(conflict)).await? == given {
            Ok(())
        } else {
            Err(Error::Conflict(format!(
                "{}: an id belongs to another event",
                E::default().table_name()
            )))
        }
    }

    /// The same for rows that belong to no event.
    pub(crate) async fn upsert_world<E>(&self, rows: Vec<E::Model>, key: &[E::Column]) -> Result<(), Error>
    where
        E: InNoEvent,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        self.put::<E>(rows, Some(overwrite::<E>(key))).await.map(drop)
    }

    /// Returns how many rows were written.
    async fn put<E>(&self, rows: Vec<E::Model>, conflict: Option<OnConflict>) -> Result<u64, Error>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        let width = E::Column::iter().count();
        let mut rows = rows.into_iter();
        let mut written = 0;
        loop {
            let models: Vec<E::ActiveModel> = rows
                .by_ref()
                .take(MAX_BOUND / width)
                .map(|row| row.into_active_model().reset_all())
                .collect();
            if models.is_empty() {
                return Ok(written);
            }
            let mut insert = Insert::many(models);
            if let Some(conflict) = &conflict {
                insert = insert.on_conflict(conflict.clone());
            }
            written += insert.exec_without_returning(self.tx).await?;
        }
    }
}

/// Every column that is not of the key takes the new value.
fn overwrite<E: EntityTrait>(key: &[E::Column]) -> OnConflict {
    let mut conflict = OnConflict::columns(key.iter().copied());
    conflict.update_columns(E::Column::iter().filter(|column| !is_in(column, key)));
    conflict
}

fn is_in<C: ColumnTrait>(column: &C, key: &[C]) -> bool {
    key.iter().any(|k| k.as_str() == column.as_str())
}

/// The statement that inserts these rows.
pub(crate) fn inserting<E>(rows: Vec<E::Model>) -> InsertMany<E::ActiveModel>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    Insert::many(rows.into_iter().map(|row| row.into_active_model().reset_all()))
}

/// Rows that belong to no event.
#[expect(clippy::disallowed_methods, reason = "the one place for tables without an event")]
pub(crate) fn world<E: InNoEvent>() -> Select<E> {
    E::find()
}

/// Rows that belong to no event, to change.
#[expect(clippy::disallowed_methods, reason = "the one place for tables without an event")]
pub(crate) fn change_world<E: InNoEvent>() -> UpdateMany<E> {
    E::update_many()
}

/// Rows that belong to no event, to delete.
#[expect(clippy::disallowed_methods, reason = "the one place for tables without an event")]
pub(crate) fn delete_world<E: InNoEvent>() -> DeleteMany<E> {
    E::delete_many()
}

/// Every row of a table, whatever it belongs to: for backup, for the workers that serve all events, and for a
/// person's one calendar.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the event is left out on purpose"
)]
pub(crate) fn everything<E: EntityTrait>() -> Select<E> {
    E::find()
}

/// Every row of a table, to change: for the workers that serve all events.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the event is left out on purpose"
)]
pub(crate) fn change_everything<E: EntityTrait>() -> UpdateMany<E> {
    E::update_many()
}

/// The moment of a request as a column.
pub(crate) fn now(ctx: &Ctx) -> i64 {
    column::ms(ctx.now)
}
