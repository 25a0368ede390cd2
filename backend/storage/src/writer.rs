//! The writer: one task that takes acts from a queue, runs as many as are waiting inside one transaction, each behind a
//! savepoint, commits once, and only then answers all of them (group commit). A caller that goes away takes
//! nothing with it. On PostgreSQL a lock at the beginning of a batch puts the batches of all processes in one order,
//! which the audit chain needs anyway; what the keys of the tables forbid they forbid besides.

use crate::{Database, Error, batch::Batch, together};
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
/// Where an act begins; it is taken back to here, and what stays of it is not taken back any more.
const MARK: &str = "SAVEPOINT act";
const BACK: &str = "ROLLBACK TO SAVEPOINT act";
const STAYS: &str = "RELEASE SAVEPOINT act";

/// Called with the fate of the batch: committed, or not.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Runs behind a savepoint of the batch and says whether its effect shall stay.
type Job = Box<dyn for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, (bool, Answer)> + Send>;

/// The way into the queue. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task. It ends when the last `Writer` is dropped and the queue is empty.
    ///
    /// `written` hears of commits.
    pub(crate) fn start(
        kind: Database,
        db: DatabaseConnection,
        batch: Arc<Batch>,
        written: Option<mpsc::Sender<()>>,
    ) -> Self {
        let (queue, jobs) = mpsc::channel(MAX_WAITING);
        let task = Task {
            kind,
            db,
            jobs,
            batch,
            written,
        };
        let task = task.run();
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
    written: Option<mpsc::Sender<()>>,
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
        let plain = |sql| Statement::from_string(tx.get_database_backend(), sql);
        self.batch.begin();
        tx.execute_raw(plain(MARK)).await?;
        let mut next = Some(first);
        while let Some(job) = next {
            #[cfg(test)]
            crate::tests::tap::leave_alone(&tx).await;
            let (stays, answer) = job(&tx).await;
            let mut kept = Ok(());
            if stays {
                let mut end = self.batch.writes(&tx);
                end.extend([plain(STAYS), plain(MARK)]);
                kept = together::execute(&tx, end).await;
            }
            if stays && kept.is_ok() {
                self.batch.keep();
            } else {
                tx.execute_raw(plain(BACK)).await?;
                self.batch.take_back();
            }
            answers.push(Box::new(|fate: Result<(), Error>| answer(fate.and(kept))));
            next = if answers.len() < MAX_BATCH {
                self.jobs.try_recv().ok()
            } else {
                None
            };
        }
        self.batch.rows().write(&tx).await?;
        tx.commit().await?;
        if let Some(written) = &self.written {
            // Who has not heard yet of one before hears of both at once.
            let _ = written.try_send(());
        }
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
