//! What is in a database, as `ichiba backup` writes it: rows by table, to be compared with another moment's.

use crate::market::Folder;
use serde_json::Value;
use std::collections::BTreeMap;

/// Tables that tell when and by which request something was done: two ways to the same state differ in them.
const OF_THE_WAY: [&str; 6] = ["audit", "idempotency", "outbox", "link", "login", "fact"];

/// Rows by table, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, Vec<String>>);

impl Rows {
    /// Of a folder's database.
    pub fn of(folder: &Folder) -> Self {
        Self::read(&folder.run(&["backup", "-"]).say().good())
    }

    /// Of a backup's text.
    pub fn read(text: &str) -> Self {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in text.lines().filter(|line| line.starts_with('[')) {
            let (table, row): (String, Value) = serde_json::from_str(line).expect("a row");
            tables.entry(table).or_default().push(row.to_string());
        }
        for rows in tables.values_mut() {
            rows.sort_unstable();
        }
        Self(tables)
    }

    /// Without the tables that tell how it came to be.
    #[must_use]
    pub fn state(mut self) -> Self {
        self.0.retain(|table, _| !OF_THE_WAY.contains(&table.as_str()));
        self
    }

    /// How many rows each table has.
    pub fn counts(&self) -> BTreeMap<&str, usize> {
        self.0
            .iter()
            .map(|(table, rows)| (table.as_str(), rows.len()))
            .collect()
    }

    /// The rows of a table.
    pub fn table(&self, table: &str) -> impl Iterator<Item = Value> {
        let rows = self.0.get(table).into_iter().flatten();
        rows.map(|row| serde_json::from_str(row).expect("a row"))
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.0.get(table).map_or(0, Vec::len)
    }

    /// How many rows there are in all.
    pub fn total(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// A table's rows.
    pub fn rows(&self, table: &str) -> Vec<Value> {
        let rows = self.0.get(table).into_iter().flatten();
        rows.map(|row| serde_json::from_str(row).expect("a row")).collect()
    }

    /// Fails naming the first table and row in which two differ.
    pub fn assert_same(&self, other: &Self, when: &str) {
        assert_eq!(self.counts(), other.counts(), "{when}: rows of tables");
        for (table, rows) in &self.0 {
            let different = rows.iter().zip(&other.0[table]).find(|(a, b)| a != b);
            assert!(different.is_none(), "{when}: {table}: {different:?}");
        }
    }
}
