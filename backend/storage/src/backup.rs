//! Backup and restore, the same for both databases and from one to the other: every row of every table as a line of
//! JSON, read in one snapshot while the product goes on serving, closed by counts and a hash. A file that was cut off
//! or changed is refused before anything is written.

use crate::{
    Error, Store, column,
    entity::{self, every_table},
    facts::Memory,
    scope::{self, Scope},
};
use domain::id::EventId;
use futures_util::{FutureExt, TryStreamExt};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityName, EntityTrait, IntoActiveModel, PaginatorTrait,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::io::{BufRead, Write};

/// First line of a backup.
const FORMAT: &str = "ichiba-backup/1";
/// Rows inserted by one statement's worth of memory.
const CHUNK: usize = 2000;

/// Why a backup could not be made or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be read or written.
    #[error("the backup file: {0}")]
    File(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
    /// The file is not a whole backup.
    #[error("line {line}: {what}; nothing was restored")]
    Damaged {
        /// Where.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// There is something in the database already.
    #[error("the database is not empty; restore into a new one")]
    NotEmpty,
}

/// How much was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// Rows of all tables.
    pub rows: u64,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    rows: u64,
    sha256: String,
}

/// Writes lines and keeps count and hash of them.
struct Lines<'w> {
    out: &'w mut (dyn Write + Send),
    hash: Sha256,
    rows: u64,
}

impl Lines<'_> {
    fn row(&mut self, table: &str, row: &impl Serialize) -> Result<(), BackupError> {
        let row = serde_json::to_string(&(table, row)).map_err(std::io::Error::other)?;
        self.hash.update(row.as_bytes());
        self.hash.update(b"\n");
        self.rows += 1;
        writeln!(self.out, "{row}")?;
        Ok(())
    }
}

async fn table<E>(tx: &DatabaseTransaction, lines: &mut Lines<'_>) -> Result<(), BackupError>
where
    E: EntityTrait,
    E::Model: Serialize + Send,
{
    let name = E::default().table_name().to_owned();
    let mut rows = scope::everything::<E>().stream(tx).await.map_err(Error::from)?;
    while let Some(row) = rows.try_next().await.map_err(Error::from)? {
        lines.row(&name, &row)?;
    }
    Ok(())
}

async fn restore_rows<E>(scope: Scope<'_>, rows: Vec<serde_json::Value>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + DeserializeOwned,
    E::ActiveModel: Send,
{
    let rows: Result<Vec<E::Model>, _> = rows.into_iter().map(serde_json::from_value).collect();
    scope
        .insert::<E>(rows.map_err(|error| Error::Corrupt(error.to_string()))?)
        .await
}

impl Store {
    /// Writes everything to `out`, as of one moment.
    pub async fn backup(&self, out: &mut (dyn Write + Send)) -> Result<Copied, BackupError> {
        let tx = self.reading().await?;
        let head = serde_json::to_string(&Head {
            format: FORMAT.to_owned(),
        })
        .map_err(std::io::Error::other)?;
        writeln!(out, "{head}")?;
        let mut lines = Lines {
            out,
            hash: Sha256::new(),
            rows: 0,
        };
        macro_rules! all { ($($module:ident)*) => { $(table::<entity::$module::Entity>(&tx, &mut lines).await?;)* } }
        every_table!(all);
        let Lines { hash, rows, out } = lines;
        let tail = serde_json::to_string(&Tail {
            rows,
            sha256: column::hex(hash.finalize()),
        })
        .map_err(std::io::Error::other)?;
        writeln!(out, "{tail}")?;
        out.flush()?;
        Ok(Copied { rows })
    }

    /// Reads a backup into this database, which must be empty; all of it or nothing. The file is read twice: once to
    /// see that it is whole.
    pub async fn restore<R: BufRead + Send + 'static>(
        &self,
        open: impl Fn() -> std::io::Result<R> + Send + 'static,
    ) -> Result<Copied, BackupError> {
        let copied = verify(open()?)?;
        if !self.empty().await? {
            return Err(BackupError::NotEmpty);
        }
        let input = open()?;
        self.writer
            .write(move |tx| {
                let (event, memory) = (EventId(uuid::Uuid::nil()), Memory::default());
                async move {
                    let memory = &memory;
                    let scope = Scope {
                        tx,
                        event,
                        memory,
                        batch: None,
                    };
                    pour(scope, input).await
                }
                .boxed()
            })
            .await?;
        Ok(copied)
    }

    async fn empty(&self) -> Result<bool, Error> {
        let tx = self.reading().await?;
        let mut rows = 0;
        macro_rules! all {
            ($($module:ident)*) => { $(rows += scope::everything::<entity::$module::Entity>().count(&tx).await?;)* }
        }
        every_table!(all);
        Ok(rows == 0)
    }
}

/// Reads the file to its end and compares counts and hash.
fn verify(input: impl BufRead) -> Result<Copied, BackupError> {
    let (mut hash, mut rows, mut tail, mut number) = (Sha256::new(), 0, None, 0);
    for line in input.lines() {
        let line = line?;
        number += 1;
        let damaged = |what: &str| BackupError::Damaged {
            line: number,
            what: what.to_owned(),
        };
        if number == 1 {
            let head: Head = serde_json::from_str(&line).map_err(|_| damaged("this is not a backup of Ichiba"))?;
            if head.format != FORMAT {
                return Err(damaged(
                    "this backup is of another format; restore it with the version that wrote it",
                ));
            }
        } else if tail.is_some() {
            return Err(damaged("something follows the end"));
        } else if line.starts_with('[') {
            hash.update(line.as_bytes());
            hash.update(b"\n");
            rows += 1;
        } else {
            tail = Some(serde_json::from_str::<Tail>(&line).map_err(|_| damaged("the line cannot be read"))?);
        }
    }
    let damaged = |what: &str| BackupError::Damaged {
        line: number,
        what: what.to_owned(),
    };
    let tail = tail.ok_or_else(|| damaged("the end is missing: the file was cut off"))?;
    if tail.rows != rows || tail.sha256 != column::hex(hash.finalize()) {
        return Err(damaged("counts or hash do not fit: the file was changed"));
    }
    Ok(Copied { rows })
}

/// Inserts run after run of rows of one table.
async fn pour(scope: Scope<'_>, input: impl BufRead) -> Result<(), Error> {
    let unreadable = |error: &dyn std::fmt::Display| Error::Corrupt(format!("the backup: {error}"));
    let mut run: (String, Vec<serde_json::Value>) = (String::new(), Vec::new());
    for line in input.lines().skip(1) {
        let line = line.map_err(|error| unreadable(&error))?;
        if !line.starts_with('[') {
            break;
        }
        let (table, row): (String, serde_json::Value) =
            serde_json::from_str(&line).map_err(|error| unreadable(&error))?;
        if table != run.0 || run.1.len() >= CHUNK {
            put(scope, std::mem::replace(&mut run, (table, Vec::new()))).await?;
        }
        run.1.push(row);
    }
    put(scope, run).await?;
    go_on_numbering(scope.tx).await
}

/// Rows were inserted with their numbers; the next one the database gives out comes after them. SQLite sees to it
/// itself.
async fn go_on_numbering(tx: &DatabaseTransaction) -> Result<(), Error> {
    if tx.get_database_backend() == DbBackend::Postgres {
        for numbered in [
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM outbox), false)",
            "SELECT setval(pg_get_serial_sequence('notice', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM notice), false)",
        ] {
            tx.execute_unprepared(numbered).await?;
        }
    }
    Ok(())
}

async fn put(scope: Scope<'_>, (table, rows): (String, Vec<serde_json::Value>)) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    macro_rules! all {
        ($($module:ident)*) => {
            $(if table == entity::$module::Entity.table_name() {
                return restore_rows::<entity::$module::Entity>(scope, rows).await;
            })*
        }
    }
    every_table!(all);
    Err(Error::Schema(format!(
        "the backup holds a table \"{table}\" this version does not know"
    )))
}
