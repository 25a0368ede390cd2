//! Tables as one-line sketches, made the same on both databases.

use sea_orm_migration::{
    prelude::{Alias, ColumnDef, DbErr, ForeignKey, Index, SchemaManager, Table},
    sea_orm::DbBackend,
};

/// Column types, one letter each: u uuid, s text, i integer, b 64 bits, t true or false, x bytes; a capital may be null.
pub(super) struct Sketch {
    pub(super) table: &'static str,
    pub(super) columns: &'static str,
    pub(super) key: &'static [&'static str],
    pub(super) unique: &'static [&'static [&'static str]],
    pub(super) index: &'static [&'static [&'static str]],
}

pub(super) const fn sketch(table: &'static str, columns: &'static str, key: &'static [&'static str]) -> Sketch {
    Sketch {
        table,
        columns,
        key,
        unique: &[],
        index: &[],
    }
}

/// Which column of a table points to which other table. A row that others point to cannot vanish.
pub(super) type References = &'static [(&'static str, &'static str, &'static str)];

fn column(spec: &str) -> ColumnDef {
    let (name, kind) = spec.split_once(':').unwrap_or((spec, "s"));
    let mut column = ColumnDef::new(Alias::new(name));
    match kind.to_ascii_lowercase().as_str() {
        "u" => column.uuid(),
        "i" => column.integer(),
        "x" => column.binary(),
        "b" => column.big_integer(),
        "t" => column.boolean(),
        "+" => column.big_integer().auto_increment(),
        _ => column.text(),
    };
    if kind.chars().all(char::is_uppercase) {
        column.null();
    } else {
        column.not_null();
    }
    column
}

/// Makes the tables, their keys, indexes and references.
pub(super) async fn make(manager: &SchemaManager<'_>, tables: &[Sketch], references: References) -> Result<(), DbErr> {
    for sketch in tables {
        let table = Alias::new(sketch.table);
        let mut create = Table::create();
        create.table(table.clone());
        let serial = sketch.columns.contains(":+");
        for spec in sketch.columns.split_whitespace() {
            let mut column = column(spec);
            if serial && spec.ends_with(":+") {
                column.primary_key();
            }
            create.col(&mut column);
        }
        if !serial {
            let mut key = Index::create();
            for column in sketch.key {
                key.col(Alias::new(*column));
            }
            create.primary_key(&mut key);
        }
        for (_, from, to) in references.iter().filter(|(of, ..)| *of == sketch.table) {
            let mut reference = ForeignKey::create();
            reference
                .from(table.clone(), Alias::new(*from))
                .to(Alias::new(*to), Alias::new("id"));
            create.foreign_key(&mut reference);
        }
        if sketch.table == "occupancy" && manager.get_database_backend() == DbBackend::Sqlite {
            // The key is the table: half the writing for the rows that are many.
            create.extra("WITHOUT ROWID");
        }
        manager.create_table(create).await?;
        let indexes = sketch.unique.iter().map(|columns| (true, columns));
        for (unique, columns) in indexes.chain(sketch.index.iter().map(|columns| (false, columns))) {
            let mut index = Index::create();
            index
                .name(format!("{}_by_{}", sketch.table, columns.join("_")))
                .table(table.clone());
            for column in *columns {
                index.col(Alias::new(*column));
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
    }
    Ok(())
}
