//! The schema is the same on both databases, start-up refuses what it does not know, and every connection has the
//! settings that confirmed bookings hang on.

use super::ground::{Ground, on_both, on_sqlite};
use crate::{
    Database, Error, Store,
    entity::{self, every_table},
};
use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DbBackend, EntityName, Statement};

/// One line a column, key, index and reference, by kind of database.
const DESCRIPTION: [(&str, &str); 4] = [
    (
        "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE c.\"notnull\" WHEN 0 THEN ' null' ELSE '' END
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
        "SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END
         FROM information_schema.columns WHERE table_schema = current_schema()",
    ),
    (
        "SELECT of || ' key (' || group_concat(name, ', ') || ')' FROM (SELECT m.name AS of, c.name FROM sqlite_master m
         JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0 AND m.name NOT LIKE 'sqlite_%'
         ORDER BY m.name, c.pk) GROUP BY of",
        "SELECT t.relname || ' key (' || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey)
         WITH ORDINALITY k(number, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')'
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
         WHERE t.relnamespace = current_schema()::regnamespace AND x.indisprimary",
    ),
    (
        "SELECT m.name || CASE i.\"unique\" WHEN 1 THEN ' unique ' ELSE ' index ' END || i.name || ' ('
         || (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')'
         || CASE i.partial WHEN 1 THEN (SELECT substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master
         WHERE name = i.name) ELSE '' END
         FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'",
        "SELECT t.relname || CASE WHEN x.indisunique THEN ' unique ' ELSE ' index ' END || i.relname || ' ('
         || (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k(number, n)
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) || ')'
         || coalesce(' WHERE ' || pg_get_expr(x.indpred, x.indrelid), '')
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
         WHERE t.relnamespace = current_schema()::regnamespace AND NOT x.indisprimary",
    ),
    (
        "SELECT m.name || '.' || r.\"from\" || ' to ' || r.\"table\" || '.' || r.\"to\"
         FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) r WHERE m.type = 'table'",
        "SELECT t.relname || '.' || a.attname || ' to ' || o.relname || '.' || b.attname FROM pg_constraint c
         JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
         JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
         WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace",
    ),
];

/// What the same thing is called on either. Whole numbers of SQLite have 64 bits whatever they are called.
const WORDS: [(&str, &str); 8] = [
    ("uuid_text", "uuid"),
    ("character varying", "varchar"),
    ("blob(1)", "bytea"),
    ("bigint", "integer"),
    ("::text", ""),
    ("WHERE (", "WHERE "),
    ("')", "'"),
    ("NULL)", "NULL"),
];

async fn texts(ground: &Ground, sql: &str) -> Vec<String> {
    let db = ground.raw().await;
    let rows = db.query_all_raw(Statement::from_string(ground.backend(), sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    db.close().await.expect("closed");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}

async fn description(ground: &Ground) -> Vec<String> {
    let mut lines = Vec::new();
    for (sqlite, postgres) in DESCRIPTION {
        let sql = if ground.backend() == DbBackend::Sqlite {
            sqlite
        } else {
            postgres
        };
        lines.extend(texts(ground, sql).await.into_iter().map(|line| {
            WORDS
                .iter()
                .fold(line, |line, (found, meant)| line.replace(found, meant))
        }));
    }
    lines.retain(|line| !line.starts_with("seaql_migrations"));
    lines.sort();
    lines
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let seen = std::sync::Mutex::new(Vec::new());
    on_both(async |ground| {
        drop(ground.store().await);
        let description = description(ground).await;
        seen.lock().expect("no panic").push(description);
    })
    .await;
    let seen = seen.into_inner().expect("no panic");
    let [sqlite, postgres] = seen.as_slice() else {
        panic!("two databases")
    };
    let lacking = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert_eq!(lacking(sqlite, postgres), [""; 0]);
    assert_eq!(lacking(postgres, sqlite), [""; 0]);
    for line in [
        "meeting unique meeting_of_pair (event_id, buyer_id, exhibitor_id) WHERE state = 'planned'",
        "timetable unique timetable_published (event_id) WHERE state = 'published'",
        "occupancy key (resource, lane, cell)",
        "outbox index outbox_of_event (event_id, id)",
        "outbox index outbox_open (event_id, id) WHERE done_at IS NULL",
        "idempotency key (actor, operation, key)",
        "person unique person_by_email (email)",
        "buyer.arrives integer null",
        "wish.buyer_id to buyer.id",
    ] {
        assert!(
            sqlite.iter().any(|known| known == line),
            "{line} in\n{}",
            sqlite.join("\n")
        );
    }
}

#[tokio::test]
async fn every_table_is_known_to_the_backup() {
    on_sqlite(async |ground| {
        drop(ground.store().await);
        let mut known = Vec::new();
        macro_rules! all {
            ($($module:ident)*) => { $(known.push(entity::$module::Entity.table_name().to_owned());)* }
        }
        every_table!(all);
        known.sort();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                      AND name <> 'seaql_migrations' ORDER BY name";
        assert_eq!(texts(ground, tables).await, known);
    })
    .await;
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let (before, schema) = (super::ground::rows(&store).await, description(ground).await);
        drop(store);
        let store = ground.store().await;
        assert_eq!(super::ground::rows(&store).await, before);
        assert_eq!(description(ground).await, schema);
        let health = store.health().await.expect("healthy");
        assert_eq!((health.database, health.migrations), (ground.kind, 4));
        assert!(!health.version.is_empty());
    })
    .await;
}

#[tokio::test]
async fn several_processes_start_at_once() {
    on_both(async |ground| {
        let open = || Box::pin(Store::open(&ground.url));
        let (a, b, c) = tokio::join!(open(), open(), open());
        for store in [a, b, c] {
            assert_eq!(store.expect("opened").health().await.expect("healthy").migrations, 4);
        }
    })
    .await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    on_both(async |ground| {
        drop(ground.small().await);
        ground
            .run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)")
            .await;
        let Err(Error::Schema(why)) = Store::open(&ground.url).await else {
            panic!("opened")
        };
        assert!(why.contains("newer version") && why.contains("m9999_later"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn a_foreign_database_is_refused_untouched() {
    on_both(async |ground| {
        // SQLite makes the file at the first connection that may.
        let db = super::ground::connect(&format!("{}{}", ground.url, creating(ground)), 1).await;
        db.execute_unprepared("CREATE TABLE invoices (number bigint)")
            .await
            .expect("made");
        db.execute_unprepared("INSERT INTO invoices VALUES (7)")
            .await
            .expect("kept");
        db.close().await.expect("closed");
        let (before, file) = (description(ground).await, bytes(ground));
        let Err(Error::Schema(why)) = Store::open(&ground.url).await else {
            panic!("opened")
        };
        assert!(why.contains("something else"), "{why}");
        assert_eq!(description(ground).await, before);
        assert_eq!(bytes(ground), file, "not one byte of the file is another");
        assert_eq!(ground.number("SELECT number FROM invoices").await, 7);
    })
    .await;
}

fn creating(ground: &Ground) -> &'static str {
    if ground.kind == Database::Sqlite {
        "?mode=rwc"
    } else {
        ""
    }
}

fn bytes(ground: &Ground) -> Option<Vec<u8>> {
    ground
        .url
        .strip_prefix("sqlite:")
        .map(|file| std::fs::read(file).expect("a file"))
}

#[tokio::test]
async fn a_wrong_url_says_what_is_right() {
    for url in ["", "mysql://localhost/x", "ichiba.db"] {
        let Err(Error::Unavailable(why)) = Store::open(url).await else {
            panic!("opened")
        };
        assert!(why.contains("sqlite:") && why.contains("postgres:"), "{why}");
    }
}

/// Settings of SQLite as a connection has them.
async fn pragmas(db: &impl ConnectionTrait) -> Vec<String> {
    let mut values = Vec::new();
    for name in ["journal_mode", "synchronous", "foreign_keys", "query_only"] {
        let ask = Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"));
        let row = db.query_one_raw(ask).await.expect("an answer").expect("a row");
        let number = row.try_get_by_index::<i32>(0).map(|number| number.to_string());
        values.push(number.or_else(|_| row.try_get_by_index::<String>(0)).expect("a value"));
    }
    values
}

#[tokio::test]
async fn every_connection_to_sqlite_is_durable() {
    on_sqlite(async |ground| {
        let store = ground.store().await;
        let written = store
            .writer
            .write(|tx| async move { Ok(pragmas(tx).await) }.boxed())
            .await;
        assert_eq!(written.expect("asked"), ["wal", "2", "1", "0"]);
        let mut readers = Vec::new();
        for _ in 0..8 {
            let reader = store.reading().await.expect("a reader");
            assert_eq!(pragmas(&reader).await, ["wal", "2", "1", "1"]);
            readers.push(reader);
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_may_lose_commits_is_refused() {
    super::ground::on_postgres(async |ground| {
        let name = ground.url.rsplit('/').next().expect("a name");
        ground
            .run(&format!("ALTER DATABASE {name} SET synchronous_commit = off"))
            .await;
        let Err(Error::Unavailable(why)) = Store::open(&ground.url).await else {
            panic!("opened")
        };
        assert!(why.contains("synchronous_commit = off"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn readers_cannot_write() {
    on_both(async |ground| {
        let (store, _) = ground.small().await;
        let reader = store.reading().await.expect("a reader");
        let error = reader
            .execute_unprepared("DELETE FROM wish")
            .await
            .expect_err("refused")
            .to_string();
        assert!(error.contains("read-only") || error.contains("readonly"), "{error}");
        drop(reader);
        if ground.kind == Database::Sqlite {
            store
                .readers
                .execute_unprepared("DELETE FROM wish")
                .await
                .expect_err("outside transactions too");
        }
        assert!(ground.number("SELECT count(*) FROM wish").await > 0);
    })
    .await;
}
