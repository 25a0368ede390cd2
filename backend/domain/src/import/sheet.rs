//! Finding the columns of a table, in whatever order and language its header names them, and reading its rows. What a
//! cell means is `cell`'s affair.

use super::{
    MAX_COLUMNS, Row, Table,
    cell::{self, Raw},
    fault::{self, Fault},
    report::{Place, Problems},
};

/// A table that can be imported.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// The table's name: `buyers`.
    pub name: &'static str,
    /// Other names under which a sheet may stand.
    pub also: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [Column],
}

impl Kind {
    /// Whether a table of that name is of this kind.
    pub fn is_called(&self, name: &str) -> bool {
        let name = heading(name);
        self.name == name || self.also.contains(&name.as_str())
    }
}

/// A column of a kind of table.
pub(super) struct Column {
    name: &'static str,
    also: &'static [&'static str],
    need: Need,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// A column every such table has; `also`: other names for it, folded as [`heading`] does.
pub(super) const fn required(name: &'static str, also: &'static [&'static str]) -> Column {
    Column {
        name,
        also,
        need: Need::Required,
    }
}

/// A column such a table may have.
pub(super) const fn optional(name: &'static str, also: &'static [&'static str]) -> Column {
    Column {
        name,
        also,
        need: Need::Optional,
    }
}

/// A column as it was found in one table.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    at: At,
}

#[derive(Clone, Copy)]
enum At {
    /// Under this number.
    Cell(usize),
    /// Not there, and need not be.
    Absent,
    /// Not there, and was reported.
    Missing,
}

/// A table with its columns found.
pub(super) struct Sheet<'a> {
    table: &'a Table,
    fields: Vec<Field>,
    problems: &'a Problems,
}

impl<'a> Sheet<'a> {
    /// Finds the columns; notes what is missing, unknown or there twice. `None` where there is nothing to read.
    pub fn open(table: &'a Table, kind: Kind, problems: &'a Problems) -> Option<Self> {
        let place = Place {
            file: &table.file,
            line: 0,
        };
        if table.rows.iter().all(blank) {
            problems.note(place, "", fault::empty_table());
            return None;
        }
        let head = Place { line: 1, ..place };
        if table.header.len() > MAX_COLUMNS {
            problems.note(head, "", fault::too_many_columns());
            return None;
        }
        let mut found: Vec<Option<usize>> = vec![None; kind.columns.len()];
        for (number, written) in table.header.iter().enumerate() {
            let name = heading(written);
            if name.is_empty() {
                if table
                    .rows
                    .iter()
                    .any(|row| row.cells.get(number).is_some_and(|cell| !cell.trim().is_empty()))
                {
                    problems.note(head, "", fault::unnamed_column(number + 1));
                }
                continue;
            }
            let column = kind
                .columns
                .iter()
                .position(|c| c.name == name || c.also.contains(&name.as_str()));
            match column {
                Some(column) if found[column].is_some() => problems.note(head, written, fault::column_twice()),
                Some(column) => found[column] = Some(number),
                None => {
                    let known: Vec<&str> = kind.columns.iter().map(|c| c.name).collect();
                    problems.note(head, "", fault::unknown_column(written, &nearest(&name, &known)));
                }
            }
        }
        let fields = kind.columns.iter().zip(found).map(|(column, found)| {
            let at = match found {
                Some(number) => At::Cell(number),
                None if column.need == Need::Optional => At::Absent,
                None => {
                    problems.note(head, column.name, fault::missing_column(column.also));
                    At::Missing
                }
            };
            Field { name: column.name, at }
        });
        let fields = fields.collect();
        Some(Self {
            table,
            fields,
            problems,
        })
    }

    /// The fields of these names, in this order. A name that is not among the kind's columns is never there.
    pub fn fields<const N: usize>(&self, names: [&'static str; N]) -> [Field; N] {
        names.map(|name| {
            let found = self.fields.iter().find(|field| field.name == name);
            debug_assert!(found.is_some(), "{name} is not a column of {}", self.table.name);
            found.copied().unwrap_or(Field { name, at: At::Absent })
        })
    }

    /// The rows that are not blank. A row with another number of cells than the header is noted.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let (table, problems) = (self.table, self.problems);
        let width = table.header.len();
        table.rows.iter().filter(|row| !blank(row)).map(move |row| {
            let place = Place {
                file: &table.file,
                line: row.line,
            };
            let beyond = row.cells.get(width..).unwrap_or_default();
            let ragged = row.cells.len() < width || beyond.iter().any(|cell| !cell.trim().is_empty());
            if ragged {
                problems.note(place, "", fault::ragged(row.cells.len(), width));
            }
            Line {
                place,
                cells: &row.cells,
                whole: if ragged { Whole::Ragged } else { Whole::Yes },
                problems,
            }
        })
    }
}

fn blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.trim().is_empty())
}

/// Whether a row has the cells its header promises; if not, one problem says so and its cells are not looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    Ragged,
}

/// One row with the means to read its cells. What cannot be read is noted and comes back as `None`.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub place: Place<'a>,
    cells: &'a [String],
    whole: Whole,
    problems: &'a Problems,
}

impl<'a> Line<'a> {
    pub fn note(&self, field: Field, fault: Fault) {
        self.problems.note(self.place, field.name, fault);
    }

    /// Notes something about the row as a whole.
    pub fn note_row(&self, fault: Fault) {
        self.problems.note(self.place, "", fault);
    }

    /// A cell that must not be empty.
    pub fn required<T>(&self, field: Field, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        match self.cell(field, parse) {
            Cell::Value(value) => Some(value),
            Cell::Noted => None,
            Cell::Blank => {
                self.note(field, fault::missing());
                None
            }
        }
    }

    /// A cell that may be empty: `None` is empty, or noted.
    pub fn optional<T>(&self, field: Field, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        match self.cell(field, parse) {
            Cell::Value(value) => Some(value),
            Cell::Blank | Cell::Noted => None,
        }
    }

    /// A list that may be empty.
    pub fn list<T: PartialEq>(&self, field: Field, entry: impl Fn(&str) -> Result<T, Fault>) -> Vec<T> {
        self.optional(field, |text| cell::list(text, entry)).unwrap_or_default()
    }

    /// A cell, where it matters whether it is empty or could not be read.
    pub fn cell<T>(&self, field: Field, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Cell<T> {
        let text: &'a str = match (field.at, self.whole) {
            (At::Missing, _) | (_, Whole::Ragged) => return Cell::Noted,
            (At::Absent, Whole::Yes) => return Cell::Blank,
            (At::Cell(number), Whole::Yes) => self.cells.get(number).map_or("", String::as_str),
        };
        let parsed = match cell::raw(text) {
            Raw::Blank => return Cell::Blank,
            Raw::Bad(fault) => Err(fault),
            Raw::Text(text) => parse(text),
        };
        match parsed {
            Ok(value) => Cell::Value(value),
            Err(fault) => {
                self.note(field, fault);
                Cell::Noted
            }
        }
    }
}

/// What was found in a cell.
pub(super) enum Cell<T> {
    Value(T),
    Blank,
    /// What it holds, or that its column is missing, was noted as a problem.
    Noted,
}

/// A heading as it is compared: narrow, lower case, blanks and hyphens as `_`.
fn heading(text: &str) -> String {
    let narrow = cell::narrow(text.trim_start_matches('\u{feff}')).to_lowercase();
    narrow
        .split(|c: char| c.is_whitespace() || c == '-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// The known name nearest to what was written; all of them when none is near.
pub(super) fn nearest<'n>(written: &str, known: &[&'n str]) -> Vec<&'n str> {
    let written: Vec<char> = written.chars().take(cell::MAX_CODE).collect();
    let near = known.iter().map(|name| (distance(&written, name), *name)).min();
    match near {
        Some((distance, name)) if distance <= 1 + written.len().min(name.len()) / 3 => vec![name],
        _ => known.to_vec(),
    }
}

/// How many letters differ (Levenshtein).
fn distance(written: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=written.len()).collect();
    for (i, c) in name.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, w) in written.iter().enumerate() {
            let changed = diagonal + usize::from(*w != c);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[written.len()]
}

#[cfg(test)]
mod tests {
    use super::{heading, nearest};

    #[test]
    fn headings_fold() {
        for (input, expect) in [
            ("\u{feff}Code", "code"),
            (" ＱＵＯＴＡ Min ", "quota_min"),
            ("ﾌﾘｶﾞﾅ", "フリガナ"),
            ("title-ja", "title_ja"),
            ("　", ""),
        ] {
            assert_eq!(heading(input), expect, "{input:?}");
        }
    }

    #[test]
    fn nearest_names() {
        let known = ["code", "region", "reading"];
        for (input, expect) in [
            ("regoin", &["region"][..]),
            ("codes", &["code"]),
            ("telephone", &["code", "region", "reading"]),
        ] {
            assert_eq!(nearest(input, &known), expect, "{input}");
        }
    }
}
