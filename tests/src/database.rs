//! Databases from the other side: fresh ones on the throw-away PostgreSQL, and strange ones, as somebody else or a
//! later version would have left them. Of the product's own tables only rows are counted here; `backup` shows them.

use crate::machine;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering::SeqCst},
};

static NAMES: AtomicU32 = AtomicU32::new(0);

/// A database of its own on the server; dropped with its handle.
#[derive(Debug)]
pub struct Postgres {
    name: String,
    /// How the product reaches it.
    pub url: String,
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// Runs SQL on a PostgreSQL.
pub fn on_postgres(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    wait(async {
        let mut connection = PgConnection::connect(url).await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        connection.close().await
    })
}

/// Runs SQL on a SQLite file, made if it is not there.
pub fn on_sqlite(file: &Path, sql: &str) {
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let done: Result<(), sqlx::Error> = wait(async {
        let mut connection = SqliteConnection::connect(&url).await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        connection.close().await
    });
    done.expect("SQL that runs");
}

/// What each of these questions answers on a SQLite file, as text.
pub fn asked(file: &Path, questions: &[&str]) -> Vec<String> {
    let url = format!("sqlite:{}", file.display());
    let answers: Result<Vec<String>, sqlx::Error> = wait(async {
        let mut connection = SqliteConnection::connect(&url).await?;
        let mut answers = Vec::new();
        for question in questions {
            let question = AssertSqlSafe(format!("SELECT CAST(({question}) AS TEXT)"));
            answers.push(sqlx::query_scalar(question).fetch_one(&mut connection).await?);
        }
        connection.close().await?;
        Ok(answers)
    });
    answers.expect("SQL that runs")
}

impl Postgres {
    /// A fresh, empty one.
    pub fn fresh() -> Self {
        let server = machine::postgres();
        let number = NAMES.fetch_add(1, SeqCst);
        let name = format!("ichiba_system_{}_{number}", std::process::id());
        on_postgres(&server, &format!("CREATE DATABASE {name}")).expect("a superuser's database");
        let (before, _) = server.rsplit_once('/').expect("the server's URL ends with a database");
        Self {
            url: format!("{before}/{name}"),
            name,
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let dropped = on_postgres(
            &machine::postgres(),
            &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        // The whole server is thrown away in the end; a panic here would hide the reason of another.
        let _ = dropped;
    }
}
