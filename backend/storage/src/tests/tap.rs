//! A tap on a store's statements: tests count them, stop the process at one of them, or switch the transaction off.
//! A store opened inside [`tapped`] has it; any other has none.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
};

tokio::task_local! {
    static TAP: Arc<Tap>;
}

/// What is counted, and what is to happen.
#[derive(Debug, Default)]
pub(crate) struct Tap {
    /// Statements on the writer's connection, and commits of its batches.
    steps: AtomicU64,
    /// Statements on the readers' connections.
    reads: AtomicU64,
    commits: AtomicU64,
    armed: AtomicBool,
    /// Stop for good after so many steps, once armed.
    park_at: Option<u64>,
    /// Every statement is committed on its own, once armed.
    alone: bool,
}

/// What the parent waits for on the output of a child.
pub(crate) const PARKED: &str = "ichiba: parked";

impl Tap {
    /// A tap that does more than count.
    pub(crate) fn that(park_at: Option<u64>, alone: bool) -> Self {
        Self {
            park_at,
            alone,
            ..Self::default()
        }
    }

    /// Counts from zero; from now on it acts.
    pub(crate) fn arm(&self) {
        self.steps.store(0, SeqCst);
        self.reads.store(0, SeqCst);
        self.commits.store(0, SeqCst);
        self.armed.store(true, SeqCst);
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(SeqCst)
    }

    pub(crate) fn reads(&self) -> u64 {
        self.reads.load(SeqCst)
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(SeqCst)
    }

    fn step(&self) {
        let steps = self.steps.fetch_add(1, SeqCst) + 1;
        if self.armed.load(SeqCst) && self.park_at == Some(steps) {
            println!("\n{PARKED} at {steps}");
            loop {
                std::thread::park();
            }
        }
    }
}

/// Runs `work`; stores opened in it are tapped.
pub(crate) async fn tapped<T>(tap: &Arc<Tap>, work: impl Future<Output = T>) -> T {
    TAP.scope(Arc::clone(tap), work).await
}

fn current() -> Option<Arc<Tap>> {
    TAP.try_with(Arc::clone).ok()
}

/// Called where a store starts its writer: the task takes the tap of the store's opening along.
pub(crate) fn carried<T>(task: impl Future<Output = T>) -> impl Future<Output = T> {
    let tap = current().unwrap_or_default();
    TAP.scope(tap, task)
}

/// Called where a store has opened the connection that writes.
pub(crate) fn on_writers(mut writers: DatabaseConnection) -> DatabaseConnection {
    if let Some(tap) = current() {
        writers.set_metric_callback(move |_| tap.step());
    }
    writers
}

/// Called where a store has opened the connections that read.
pub(crate) fn on_readers(mut readers: DatabaseConnection) -> DatabaseConnection {
    if let Some(tap) = current() {
        readers.set_metric_callback(move |_| {
            tap.reads.fetch_add(1, SeqCst);
        });
    }
    readers
}

/// Called by the writer after a batch was committed and before anybody is answered.
pub(crate) fn committed() {
    if let Some(tap) = current() {
        tap.commits.fetch_add(1, SeqCst);
        tap.step();
    }
}

/// Called by the writer before an act: ends the transaction around it if the tap says so.
pub(crate) async fn leave_alone(tx: &DatabaseTransaction) {
    if current().is_some_and(|tap| tap.alone && tap.armed.load(SeqCst)) {
        tx.execute_unprepared("COMMIT")
            .await
            .expect("the transaction is switched off");
    }
}
