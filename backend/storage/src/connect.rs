//! Opening the database: one URL decides which, every connection gets its settings, and start-up asserts them.

use crate::{
    Error, Snapshot, Store,
    batch::Batch,
    migration::Migrator,
    writer::{self, Writer},
};
use domain::id::EventId;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use sea_orm_migration::MigratorTrait;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::mpsc;

/// Connections that read at once.
const READERS: u32 = 8;
/// Memory for the pages that are written, as SQLite wants it said: minus KiB. With less, batches spill and read again.
const WRITERS_CACHE: &str = "-32768";
/// Pages in the log before they are copied into the database (64 MiB): a page that is written again and again is copied
/// once.
const CHECKPOINT: &str = "16384";
/// How long after copying the next begins at the earliest.
const COPY_EVERY: Duration = Duration::from_secs(1);
/// How long a connection waits for a lock, and a caller for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
const WAL: &str = "PRAGMA journal_mode = WAL";
/// How often it is tried within the time a connection waits for a lock.
const MODE_TRIES: u32 = 200;
/// A connection nobody has used for so long is asked whether it still is one before it is used.
const IDLE: Duration = Duration::from_secs(1);
/// Longest statement on a server.
const STATEMENT_TIMEOUT: Duration = Duration::from_mins(1);
/// Listeners that may lag before they are told to read afresh.
const MAX_LAG: usize = 1024;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// Embedded: a file beside the process.
    Sqlite,
    /// A server.
    Postgres,
}

impl Database {
    /// By the URL's beginning: `sqlite:` or `postgres:`.
    pub fn of(url: &str) -> Option<Self> {
        match url.split(':').next() {
            Some("sqlite") => Some(Self::Sqlite),
            Some("postgres" | "postgresql") => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// What `doctor` reports of the database.
#[derive(Debug, Clone)]
pub struct Health {
    /// Which.
    pub database: Database,
    /// Its version, as it says.
    pub version: String,
    /// Migrations applied.
    pub migrations: usize,
    /// Settings that were asserted, as name = value.
    pub settings: Vec<(String, String)>,
}

impl Store {
    /// Opens the database, brings its schema up to date and asserts its settings. A database with a schema this
    /// version does not know, or with somebody else's tables, is left untouched and refused.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let kind = Database::of(url).ok_or_else(|| {
            Error::Unavailable("the database URL begins with neither sqlite: nor postgres:".to_owned())
        })?;
        let statements = Arc::new(AtomicU64::new(0));
        let writers = counted(connect(kind, url, 1, false).await?, &statements);
        #[cfg(test)]
        let writers = crate::tests::tap::on_writers(writers);
        migrate(kind, &writers).await?;
        if kind == Database::Sqlite {
            write_ahead(&writers).await?;
        }
        assert_settings(kind, &writers).await?;
        let readers = connect(kind, url, READERS, true).await?;
        let written = (kind == Database::Sqlite).then(|| copying(readers.clone()));
        let readers = counted(readers, &statements);
        #[cfg(test)]
        let readers = crate::tests::tap::on_readers(readers);
        let batch = Arc::<Batch>::default();
        let (published, _) = tokio::sync::broadcast::channel(MAX_LAG);
        Ok(Self {
            kind,
            readers,
            writer: Writer::start(kind, writers, batch.clone(), written),
            batch,
            published: Arc::new(published),
            changes: Arc::default(),
            memory: Arc::default(),
            runs: crate::run::Runs::default(),
            statements,
        })
    }

    /// How many statements this process has sent to the database, reading and writing.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Which database it is.
    pub fn database(&self) -> Database {
        self.kind
    }

    /// One moment of one event: what is read through it belongs together. `begin` runs in a task of its own: a
    /// cancelled one could return a connection with an open transaction to the pool (sqlx issues 4385, 4393).
    pub async fn snapshot(&self, event: EventId) -> Result<Snapshot, Error> {
        Ok(Snapshot {
            tx: self.reading().await?,
            event,
            memory: self.memory.clone(),
            facts: tokio::sync::OnceCell::new(),
        })
    }

    pub(crate) async fn reading(&self) -> Result<DatabaseTransaction, Error> {
        let readers = self.readers.clone();
        let options = match self.kind {
            Database::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            Database::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let begun = tokio::spawn(async move { readers.begin_with_options(options).await });
        begun
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))?
            .map_err(Error::from)
    }

    /// Asks the database whether it is there, and what it is.
    pub async fn health(&self) -> Result<Health, Error> {
        let backend = self.readers.get_database_backend();
        let ask = match self.kind {
            Database::Sqlite => "SELECT sqlite_version()",
            Database::Postgres => "SHOW server_version",
        };
        let version = one_text(&self.readers, backend, ask).await?;
        let migrations = Migrator::get_applied_migrations(&self.readers).await?.len();
        Ok(Health {
            database: self.kind,
            version,
            migrations,
            settings: settings(self.kind, &self.readers).await?,
        })
    }

    /// Told of every event whose timetable was published by this process, or of which `tell_published` was told.
    pub fn published(&self) -> tokio::sync::broadcast::Receiver<EventId> {
        self.published.subscribe()
    }

    /// Tells this process's listeners that a timetable of the event was published, by whatever process.
    pub fn tell_published(&self, event: EventId) {
        // Nobody listening is no error.
        let _ = self.published.send(event);
    }
}

async fn connect(kind: Database, url: &str, most: u32, only_read: bool) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(most)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .test_before_acquire_if_idle_for(IDLE)
        .sqlx_logging(false);
    match kind {
        Database::Sqlite => {
            options.map_sqlx_sqlite_opts(move |sqlite: SqliteConnectOptions| {
                let sqlite = sqlite
                    .create_if_missing(true)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE);
                if only_read {
                    sqlite.pragma("query_only", "ON")
                } else {
                    sqlite
                        .pragma("cache_size", WRITERS_CACHE)
                        .pragma("wal_autocheckpoint", CHECKPOINT)
                        // What savepoints need to go back: gone with the transaction, whatever happens.
                        .pragma("temp_store", "MEMORY")
                }
            });
        }
        Database::Postgres => {
            options
                .statement_timeout(STATEMENT_TIMEOUT)
                .set_application_name("ichiba");
        }
    }
    Ok(sea_orm::Database::connect(options).await?)
}

/// Copies what is in the log into the database while the writer goes on, a little after each commit it is told of: the
/// less the writer has to copy itself when the log has grown long. Ends with the writer.
fn copying(readers: DatabaseConnection) -> mpsc::Sender<()> {
    let (written, mut commits) = mpsc::channel(1);
    tokio::spawn(async move {
        while commits.recv().await.is_some() {
            // What is not copied now is copied later, here or by the writer.
            let _ = readers.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await;
            tokio::time::sleep(COPY_EVERY).await;
        }
    });
    written
}

/// Counts the connection's statements.
fn counted(mut db: DatabaseConnection, statements: &Arc<AtomicU64>) -> DatabaseConnection {
    let statements = statements.clone();
    db.set_metric_callback(move |_| _ = statements.fetch_add(1, Ordering::Relaxed));
    db
}

/// Only for a file that is known to be ours: the mode is written into it, and stays. While another process looks at the
/// file that is refused at once, however patient the connection is, so it is tried again.
async fn write_ahead(db: &DatabaseConnection) -> Result<(), Error> {
    for _ in 0..MODE_TRIES {
        if db.execute_unprepared(WAL).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(PATIENCE / MODE_TRIES).await;
    }
    db.execute_unprepared(WAL).await?;
    Ok(())
}

/// All of it or nothing, under the writers' lock: of several processes that start together one migrates, and one that
/// is killed on the way leaves the database as it was.
async fn migrate(kind: Database, db: &DatabaseConnection) -> Result<(), Error> {
    let tx = writer::begin(kind, db).await?;
    let tables = match kind {
        Database::Sqlite => {
            "SELECT count(*) || '' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Database::Postgres => "SELECT count(*) || '' FROM pg_tables WHERE schemaname = current_schema()",
    };
    let ledger = match kind {
        Database::Sqlite => "SELECT count(*) || '' FROM sqlite_master WHERE name = 'seaql_migrations'",
        Database::Postgres => {
            "SELECT count(*) || '' FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'seaql_migrations'"
        }
    };
    let backend = tx.get_database_backend();
    let (tables, ledger) = (
        one_text(&tx, backend, tables).await?,
        one_text(&tx, backend, ledger).await?,
    );
    if tables != "0" && ledger == "0" {
        return Err(Error::Schema(
            "the database holds tables of something else; give Ichiba an empty database of its own".to_owned(),
        ));
    }
    Migrator::up(&tx, None).await.map_err(|error| match error {
        sea_orm::DbErr::Custom(what) => Error::Schema(format!(
            "the database was written by a newer version of Ichiba ({what}); start that version, or restore a backup"
        )),
        other => other.into(),
    })?;
    tx.commit().await?;
    Ok(())
}

async fn one_text(db: &impl ConnectionTrait, backend: DbBackend, sql: &str) -> Result<String, Error> {
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
    let row = row.ok_or_else(|| Error::Corrupt(format!("no answer to {sql}")))?;
    Ok(row
        .try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i32>(0).map(|n| n.to_string()))?)
}

async fn settings(kind: Database, db: &DatabaseConnection) -> Result<Vec<(String, String)>, Error> {
    let names: &[&str] = match kind {
        Database::Sqlite => &["journal_mode", "synchronous", "foreign_keys"],
        Database::Postgres => &["fsync", "synchronous_commit", "full_page_writes"],
    };
    let mut settings = Vec::new();
    for name in names {
        let ask = match kind {
            Database::Sqlite => format!("PRAGMA {name}"),
            Database::Postgres => format!("SHOW {name}"),
        };
        settings.push(((*name).to_owned(), one_text(db, db.get_database_backend(), &ask).await?));
    }
    Ok(settings)
}

/// What a confirmed booking's survival hangs on. Other values lose acknowledged commits.
async fn assert_settings(kind: Database, db: &DatabaseConnection) -> Result<(), Error> {
    let wanted: &[(&str, &[&str])] = match kind {
        Database::Sqlite => &[
            ("journal_mode", &["wal"]),
            ("synchronous", &["2"]),
            ("foreign_keys", &["1"]),
        ],
        Database::Postgres => &[
            ("fsync", &["on"]),
            ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
        ],
    };
    for (name, value) in settings(kind, db).await? {
        let fits = wanted
            .iter()
            .find(|(of, _)| *of == name)
            .is_none_or(|(_, good)| good.contains(&value.as_str()));
        if !fits {
            return Err(Error::Unavailable(format!(
                "the database runs with {name} = {value}, which may lose confirmed bookings"
            )));
        }
    }
    Ok(())
}
