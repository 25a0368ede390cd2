//! Keeping: transactions over SQLite (embedded) or PostgreSQL (scaled), chosen by one URL, the same schema on both.
//! Rules are `domain`'s; how rows look to anybody outside is the layer above's. Entities do not leave this crate.
//!
//! - **Reading** goes through a [`Snapshot`]: one read-only transaction, one event.
//! - **Writing** goes through an act (`act.rs`): one transaction that loads the situation, asks the rule, keeps the
//!   effect together with its idempotency key, audit entry and outbox rows. A writer task commits acts in groups and
//!   answers after the commit, so a caller that goes away leaves nothing half done.
//! - **Occupancy** (`occupancy.rs`): a unique key a (resource, lane, cell). The key, not the code, decides a race.

mod act;
mod backup;
mod batch;
mod calendar;
mod column;
mod connect;
mod entity;
mod import;
mod migration;
mod occupancy;
mod scope;
mod together;
mod writer;

pub mod absence;
pub mod agenda;
pub mod audit;
pub mod board;
pub mod booking;
pub mod change;
pub mod event;
pub mod facts;
pub mod feed;
pub mod guest;
pub mod market;
pub mod message;
pub mod moving;
pub mod notice;
pub mod outbox;
pub mod outcome;
pub mod participation;
pub mod party;
pub mod programme;
pub mod push;
pub mod repair;
pub mod request;
pub mod run;
pub mod shift;
pub mod sign_in;
pub mod staffing;
pub mod standby;
pub mod suggest;
pub mod table;
pub mod tally;
pub mod timetable;
pub mod wish;

#[cfg(test)]
mod tests;

pub use backup::{BackupError, Copied};
pub use connect::{Database, Health};

use domain::{Refusal, id::EventId};
use facts::Facts;
use scope::Scope;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, SqlErr};
use std::sync::{Arc, atomic::AtomicU64};
use writer::Writer;

/// Why something could not be kept or read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The rule says no: expected, and nothing was kept.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Somebody else was faster: a unique key decided. Nothing was kept; asking again may succeed.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database did not answer, or too much is waiting. The outcome of a write is unknown until it is asked
    /// again with the same key.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// What was read cannot be right.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// The database holds a schema that this version of the product does not know.
    #[error("{0}")]
    Schema(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(key)) => Self::Conflict(key),
            Some(SqlErr::ForeignKeyConstraintViolation(key)) => Self::Corrupt(key),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// The database, open. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    kind: Database,
    readers: DatabaseConnection,
    writer: Writer,
    batch: Arc<batch::Batch>,
    published: Arc<tokio::sync::broadcast::Sender<EventId>>,
    changes: Arc<change::Changes>,
    memory: Arc<facts::Memory>,
    runs: run::Runs,
    statements: Arc<AtomicU64>,
}

/// One moment of one event, to read from.
pub struct Snapshot {
    tx: DatabaseTransaction,
    event: EventId,
    memory: Arc<facts::Memory>,
    facts: tokio::sync::OnceCell<Arc<Facts>>,
}

impl Snapshot {
    fn scope(&self) -> Scope<'_> {
        Scope {
            tx: &self.tx,
            event: self.event,
            memory: &self.memory,
            batch: None,
        }
    }

    /// What of the event hardly ever changes: one small read, the rest from memory.
    pub async fn facts(&self) -> Result<&Arc<Facts>, Error> {
        let load = || async { self.scope().facts().await };
        self.facts.get_or_try_init(load).await
    }

    /// The event it looks into.
    pub fn event_id(&self) -> EventId {
        self.event
    }
}
