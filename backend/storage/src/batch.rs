//! What the acts of one batch share. A batch has the database to itself, so what its acts have read or written of the
//! audit log's end and of the stamps of facts holds until one of them changes it; and what nobody reads before the commit
//! (audit entries, notices, letters) is written once, at its end, when it is also looked up which browsers are told.

use crate::{
    Error,
    entity::{audit, idempotency, notice, outbox},
    push::{self, Told},
    scope,
};
use domain::id::EventId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryTrait, Statement};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Most rows in one statement: the widest has nine columns, and SQLite allows 32,766 values.
const CHUNK: usize = 1024;

/// Number and seal of an entry of the audit log.
pub(crate) type Sealed = (i64, [u8; 32]);

/// Rows to be written at the end.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) entries: Vec<audit::ActiveModel>,
    pub(crate) notices: Vec<notice::ActiveModel>,
    pub(crate) letters: Vec<outbox::ActiveModel>,
    /// Their browsers get letters too.
    pub(crate) told: Vec<Told>,
}

impl Rows {
    fn append(&mut self, mut more: Rows) {
        self.entries.append(&mut more.entries);
        self.notices.append(&mut more.notices);
        self.letters.append(&mut more.letters);
        self.told.append(&mut more.told);
    }

    /// Writes them.
    pub(crate) async fn write(mut self, tx: &DatabaseTransaction) -> Result<(), Error> {
        self.letters.extend(push::letters(tx, &self.told).await?);
        write::<audit::Entity>(tx, self.entries).await?;
        write::<notice::Entity>(tx, self.notices).await?;
        write::<outbox::Entity>(tx, self.letters).await
    }
}

async fn write<E>(tx: &DatabaseTransaction, rows: Vec<E::ActiveModel>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send + Clone,
{
    let mut rest = rows.as_slice();
    while !rest.is_empty() {
        // By powers of two, so that few statements are prepared once and for all.
        let (some, more) = rest.split_at((1 << rest.len().ilog2()).min(CHUNK));
        E::insert_many(some.to_vec()).exec_without_returning(tx).await?;
        rest = more;
    }
    Ok(())
}

#[derive(Debug, Default)]
struct State {
    stamps: HashMap<EventId, Uuid>,
    /// Of the act that runs.
    staged: Staged,
    /// Of the acts whose effect stays. The last entry is not in the table yet.
    kept: Staged,
}

#[derive(Debug, Default)]
struct Staged {
    rows: Rows,
    last: Option<Sealed>,
    /// What the act does not look at any more.
    writes: Vec<Statement>,
    /// The act's key and its answer.
    remembered: Option<idempotency::Model>,
}

/// Shared by the writer and the acts it runs, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Batch(Mutex<State>);

impl Batch {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new batch: nothing is known and nothing is to be written.
    pub(crate) fn begin(&self) {
        *self.state() = State::default();
    }

    /// The effect of the act that ran stays.
    pub(crate) fn keep(&self) {
        let mut state = self.state();
        let Staged { rows, last, .. } = std::mem::take(&mut state.staged);
        state.kept.rows.append(rows);
        state.kept.last = last.or(state.kept.last);
    }

    /// The act that ran was taken back, and with it the stamps that it may have changed.
    pub(crate) fn take_back(&self) {
        let mut state = self.state();
        state.staged = Staged::default();
        state.stamps.clear();
    }

    /// What is to be written before the commit.
    pub(crate) fn rows(&self) -> Rows {
        std::mem::take(&mut self.state().kept.rows)
    }

    /// To be written if the act's effect stays.
    pub(crate) fn stage(&self, rows: Rows) {
        self.state().staged.rows.append(rows);
    }

    /// The answer that the act's key has from now on, if the act's effect stays.
    pub(crate) fn remember(&self, row: idempotency::Model) {
        self.state().staged.remembered = Some(row);
    }

    /// To be written when the act has run.
    pub(crate) fn last_writes(&self, statements: Vec<Statement>) {
        self.state().staged.writes.extend(statements);
    }

    /// What is to be written of the act that ran: what it left for the end, and the answer its key has.
    pub(crate) fn writes(&self, tx: &DatabaseTransaction) -> Vec<Statement> {
        let mut state = self.state();
        let mut writes = std::mem::take(&mut state.staged.writes);
        let remembered = state.staged.remembered.take().into_iter();
        let keeps = |row| scope::inserting::<idempotency::Entity>(vec![row]).build(tx.get_database_backend());
        writes.extend(remembered.map(keeps));
        writes
    }

    /// The last entry of the log, where an act of this batch has written one.
    pub(crate) fn last(&self) -> Option<Sealed> {
        self.state().kept.last
    }

    /// This is the last entry if the act's effect stays.
    pub(crate) fn sealed(&self, last: Sealed) {
        self.state().staged.last = Some(last);
    }

    /// The stamp of an event's facts, where an act of this batch has read it.
    pub(crate) fn stamp(&self, event: EventId) -> Option<Uuid> {
        self.state().stamps.get(&event).copied()
    }

    /// The facts of an event stand under this stamp.
    pub(crate) fn stamped(&self, event: EventId, stamp: Uuid) {
        self.state().stamps.insert(event, stamp);
    }

    /// Facts have changed: of whatever events, their stamps are read again.
    pub(crate) fn restamped(&self) {
        self.state().stamps.clear();
    }
}
