//! What a test stands on: a fresh database of either kind, gone afterwards. The one file here that reads the
//! environment.

use super::{
    sample::{self, Size, ctx, event_id, key},
    tap::{Tap, tapped},
};
use crate::{Database, Snapshot, Store};
use domain::{import::Import, market::Market};
use futures_util::FutureExt;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// The URL of a throw-away PostgreSQL server, with the rights of a superuser.
const SERVER: &str = "ICHIBA_TEST_POSTGRES";
/// Raises the figures of the long tests: see [`contests`].
const ROUNDS: &str = "ICHIBA_TEST_ROUNDS";
/// Tests that use the server at once: each store may hold nine of its connections.
const MOST_AT_ONCE: usize = 4;

static PLACES: Semaphore = Semaphore::const_new(MOST_AT_ONCE);
static NAMES: AtomicU32 = AtomicU32::new(0);

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where tests learn what they may use"
)]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// How often the races of G1 are run, and with how many claims on a place. The promise's figures are 100 and 20; the
/// usual run does 1 and 10.
pub(super) fn contests() -> (usize, usize) {
    let number = |text: String| text.parse().expect("ICHIBA_TEST_ROUNDS is a number");
    variable(ROUNDS).map_or((1, 10), |text| (number(text), 20))
}

fn server() -> String {
    let found = variable(SERVER);
    found
        .expect("ICHIBA_TEST_POSTGRES names no PostgreSQL server to test on; `cargo xtask test` starts one and sets it")
}

enum Keep {
    /// Removed when dropped.
    File {
        _folder: TempDir,
    },
    Server {
        name: String,
    },
}

/// One database.
pub(super) struct Ground {
    pub(super) url: String,
    pub(super) kind: Database,
    keep: Keep,
}

/// Runs the test on SQLite and then on PostgreSQL.
pub(super) async fn on_both(test: impl AsyncFn(&Ground)) {
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

pub(super) async fn on_sqlite(test: impl AsyncFn(&Ground)) {
    on(Ground::sqlite(), test).await;
}

pub(super) async fn on_postgres(test: impl AsyncFn(&Ground)) {
    let _place = PLACES.acquire().await.expect("never closed");
    on(Ground::postgres("").await, test).await;
}

async fn on(ground: Ground, test: impl AsyncFn(&Ground)) {
    let outcome = AssertUnwindSafe(test(&ground)).catch_unwind().await;
    let kind = ground.kind;
    ground.gone().await;
    if let Err(panic) = outcome {
        println!("this failed on {kind:?}");
        resume_unwind(panic);
    }
}

/// A connection as anybody could have: none of the product's settings.
pub(super) async fn connect(url: &str, most: u32) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(most).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("a connection")
}

impl Ground {
    pub(super) fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("ichiba.db").display());
        Self {
            url,
            kind: Database::Sqlite,
            keep: Keep::File { _folder: folder },
        }
    }

    async fn postgres(template: &str) -> Self {
        let server = server();
        let name = format!("ichiba_test_{}_{}", std::process::id(), NAMES.fetch_add(1, SeqCst));
        let admin = connect(&server, 1).await;
        let template = if template.is_empty() { "template1" } else { template };
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .expect("a database");
        let (before, _) = server.rsplit_once('/').expect("the server's URL ends with a database");
        Self {
            url: format!("{before}/{name}"),
            kind: Database::Postgres,
            keep: Keep::Server { name },
        }
    }

    /// Another database with the same rows. Nobody may be connected to this one.
    pub(super) async fn copy(&self) -> Self {
        match &self.keep {
            Keep::File { .. } => {
                let copy = Self::sqlite();
                let file = copy.url.strip_prefix("sqlite:").expect("a file");
                self.run(&format!("VACUUM INTO '{file}'")).await;
                copy
            }
            Keep::Server { name } => Self::postgres(name).await,
        }
    }

    /// Another database of the same kind, empty.
    pub(super) async fn fresh(&self) -> Self {
        match self.kind {
            Database::Sqlite => Self::sqlite(),
            Database::Postgres => Self::postgres("").await,
        }
    }

    /// A database of the other kind, empty.
    pub(super) async fn other(&self) -> Self {
        match self.kind {
            Database::Sqlite => Self::postgres("").await,
            Database::Postgres => Self::sqlite(),
        }
    }

    pub(super) async fn gone(self) {
        if let Keep::Server { name } = &self.keep {
            let admin = connect(&server(), 1).await;
            admin
                .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await
                .expect("dropped");
        }
    }

    /// The product's way in.
    pub(super) async fn store(&self) -> Store {
        Store::open(&self.url).await.expect("the store opens")
    }

    /// The same, with a tap.
    pub(super) async fn tapped(&self, tap: &Arc<Tap>) -> Store {
        tapped(tap, self.store()).await
    }

    /// Somebody else's way in.
    pub(super) async fn raw(&self) -> DatabaseConnection {
        connect(&self.url, 1).await
    }

    /// Runs SQL past the product.
    pub(super) async fn run(&self, sql: &str) {
        let db = self.raw().await;
        db.execute_unprepared(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        db.close().await.expect("closed");
    }

    /// One whole number by SQL past the product.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        let db = self.raw().await;
        let number = number(&db, sql).await;
        db.close().await.expect("closed");
        number
    }

    pub(super) fn backend(&self) -> DbBackend {
        match self.kind {
            Database::Sqlite => DbBackend::Sqlite,
            Database::Postgres => DbBackend::Postgres,
        }
    }

    /// A store with one small market in it.
    pub(super) async fn small(&self) -> (Store, Import) {
        self.market("tokyo", sample::SMALL).await
    }

    /// A store with one market in it.
    pub(super) async fn market(&self, code: &str, size: Size) -> (Store, Import) {
        let store = self.store().await;
        let import = sample::market(code, size);
        store
            .import(&ctx(event_id(code)), key(code), import.clone())
            .await
            .expect("imported");
        (store, import)
    }
}

/// One whole number by SQL.
pub(super) async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await;
    let row = row.unwrap_or_else(|error| panic!("{sql}: {error}")).expect("a row");
    let long = row.try_get_by_index::<i64>(0);
    long.or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Every row of every table as a line of text, sorted. Numbers the server gives out for letters are left out: those
/// of acts that were undone are not given out again.
pub(super) async fn rows(store: &Store) -> Vec<String> {
    let mut file = Vec::new();
    store.backup(&mut file).await.expect("a backup");
    let text = String::from_utf8(file).expect("text");
    let mut rows: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with('['))
        // Stamps of facts are random.
        .filter(|line| !line.starts_with("[\"fact\""))
        .map(without_number)
        .collect();
    rows.sort();
    rows
}

fn without_number(line: &str) -> String {
    let (table, mut row): (String, serde_json::Value) = serde_json::from_str(line).expect("a row");
    if ["outbox", "notice"].contains(&table.as_str()) {
        row.as_object_mut().expect("columns").remove("id");
    }
    format!("{table} {row}")
}

pub(super) async fn snapshot(store: &Store, code: &str) -> Snapshot {
    store.snapshot(event_id(code)).await.expect("a snapshot")
}

pub(super) async fn market_of(store: &Store, code: &str) -> Market {
    snapshot(store, code).await.market().await.expect("a market")
}
