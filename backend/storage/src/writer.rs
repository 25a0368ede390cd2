//! The writer: one task that takes acts from a queue, runs as many as are waiting inside one transaction, each in its
//! own savepoint, commits once, and only then answers all of them (group commit). A caller that goes away takes
//! nothing with it. On PostgreSQL a lock at the beginning of a batch puts the batches of all processes in one order,
//! which the audit chain needs anyway; what the keys of the tables forbid they forbid besides.

use crate::{Database, Error, batch::Batch};
use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use std::{panic::AssertUnwindSafe, sync::Arc};
use tokio::sync::{mpsc, oneshot};

/// Most acts in one transaction.
const MAX_BATCH: usize = 256;
/// Most acts waiting; beyond that callers are told to come back.
const MAX_WAITING: usize = 8192;
/// Key of the lock that orders batches on PostgreSQL.
const BATCH_LOCK: i64 = 0x1c41_ba02;

/// Called with the fate of the batch: committed, or not.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Runs inside a savepoint of the batch and says whether its effect stays.
type Job = Box<dyn for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, (bool, Answer)> + Send>;

/// The way into the queue. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task. It ends when the last `Writer` is dropped and the queue is empty.
    pub(crate) fn start(kind: Database, db: DatabaseConnection, batch: Arc<Batch>) -> Self {
        let (queue, jobs) = mpsc::channel(MAX_WAITING);
        let task = Task { kind, db, jobs, batch }.run();
        #[cfg(test)]
        let task = crate::tests::tap::carried(task);
        tokio::spawn(task);
        Self { queue }
    }

    /// Runs `work` in a transaction. The answer comes after the commit; an error keeps nothing.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
    {
        self.write_then(work, |_| ()).await
    }

    /// The same; `then` is called once it is committed, whether or not the caller is still there.
    pub(crate) async fn write_then<T, F, A>(&self, work: F, then: A) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, Error>> + Send + 'static,
        A: FnOnce(&T) + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            async move {
                let done = AssertUnwindSafe(work(tx)).catch_unwind().await;
                let done = done.unwrap_or_else(|_| Err(Error::Corrupt("a bug: the act panicked".to_owned())));
                let stays = done.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    let answer = committed.and(done);
                    if let Ok(done) = &answer {
                        then(done);
                    }
                    let _ = tell.send(answer);
                });
                (stays, answer)
            }
            .boxed()
        });
        self.queue
            .try_send(job)
            .map_err(|_| Error::Unavailable("too many writes are waiting".to_owned()))?;
        told.await
            .map_err(|_| Error::Unavailable("the writer has stopped".to_owned()))?
    }
}

/// The task: where acts come from and where they go.
struct Task {
    kind: Database,
    db: DatabaseConnection,
    jobs: mpsc::Receiver<Job>,
    batch: Arc<Batch>,
}

impl Task {
    async fn run(mut self) {
        while let Some(first) = self.jobs.recv().await {
            let mut answers = Vec::new();
            let fate = self.batch(first, &mut answers).await;
            for answer in answers {
                answer(fate.clone());
            }
        }
    }

    /// One transaction: the first job and whatever else is waiting. Jobs that never ran are dropped when it cannot
    /// begin, and their callers learn it by the closed channel.
    async fn batch(&mut self, first: Job, answers: &mut Vec<Answer>) -> Result<(), Error> {
        let tx = begin(self.kind, &self.db).await?;
        self.batch.begin();
        let mut next = Some(first);
        while let Some(job) = next {
            let savepoint = tx.begin().await?;
            #[cfg(test)]
            crate::tests::tap::leave_alone(&savepoint).await;
            let (stays, answer) = job(&savepoint).await;
            answers.push(answer);
            if stays {
                savepoint.commit().await?;
                self.batch.keep();
            } else {
                savepoint.rollback().await?;
                self.batch.take_back();
            }
            next = if answers.len() < MAX_BATCH {
                self.jobs.try_recv().ok()
            } else {
                None
            };
        }
        self.batch.rows().write(&tx).await?;
        tx.commit().await?;
        #[cfg(test)]
        crate::tests::tap::committed();
        Ok(())
    }
}

/// A transaction that may write, alone among all processes.
pub(crate) async fn begin(kind: Database, db: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    match kind {
        // IMMEDIATE: a transaction that begins as a reader and then writes fails in a way no waiting cures.
        Database::Sqlite => {
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            Ok(db.begin_with_options(options).await?)
        }
        Database::Postgres => {
            let tx = db.begin().await?;
            tx.execute_raw(Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT pg_advisory_xact_lock($1)",
                [BATCH_LOCK.into()],
            ))
            .await?;
            Ok(tx)
        }
    }
}
