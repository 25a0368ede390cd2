//! A table as a spreadsheet reads it: UTF-8, LF, a header row, quotes only where they are needed.
//! Deliberately no byte order mark (git and the importer do without) and no reading: the product
//! has its own importer, and the generator never reads what it wrote.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, ensure};

/// One CSV file in the making. Every row has as many cells as the header.
pub struct Sheet {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An empty table; `header` is the column names separated by spaces.
    pub fn new(header: &'static str) -> Self {
        Self {
            header: header.split_whitespace().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.rows.push(cells.iter().map(|c| (*c).to_owned()).collect());
    }

    /// Sorts by all cells from the left, so that a file's order never depends on the generator's.
    pub fn sort(&mut self) {
        self.rows.sort();
    }

    /// Writes the file and returns how many rows it has.
    pub fn save(&self, path: &Path) -> anyhow::Result<usize> {
        let mut text = String::new();
        line(&mut text, self.header.iter().copied());
        for (number, row) in self.rows.iter().enumerate() {
            ensure!(
                row.len() == self.header.len(),
                "{}: row {} has {} cells, the header has {}",
                path.display(),
                number + 2,
                row.len(),
                self.header.len()
            );
            line(&mut text, row.iter().map(String::as_str));
        }
        std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(self.rows.len())
    }
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n']) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

/// A cell of several values.
pub fn list<S: AsRef<str>>(values: &[S]) -> String {
    values.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(";")
}

/// A cell that may be left out.
pub fn maybe(value: Option<i64>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}
