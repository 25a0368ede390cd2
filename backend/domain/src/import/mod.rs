//! Reading a market from tables as organizers keep them. Pure: bytes, encodings and spreadsheets are the server's
//! affair, keeping is storage's. All or nothing: either every row is good, or every problem is reported at once.
//!
//! `sheet` finds the columns of a table, `cell` makes a cell into a value, `toml_file` does both for TOML; one file a
//! noun makes rows into the domain's types; `draft` holds what was read so far, so that later rows can refer to
//! earlier ones; `fault` and `conflict` have every sentence, `report` collects them. A row that cannot be read leaves its code behind,
//! so that one mistake is not reported again at every reference to it.

mod artist;
mod buyer;
mod cell;
mod conflict;
mod draft;
mod exhibitor;
mod fault;
mod market_file;
mod person;
mod programme;
mod report;
mod session;
mod sheet;
mod toml_file;
mod wish;

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;

pub use report::Report;

use crate::{
    artist::Artist,
    event::{Event, Grid, Slot},
    id::{AbsenceId, BuyerId, EventId, ExhibitorId, PersonId, SessionId},
    name::Bilingual,
    participation::{Absence, Buyer, Exhibitor, Organisation, Participation, Person},
    programme::{Programme, Target},
    refusal::Refusal,
    time::Span,
    venue::{Booth, Hall, InterpreterPool, Zone},
    wish::Wish,
};
use draft::Draft;
use report::{Place, Problems};
use sheet::{Kind, Sheet};
use std::collections::HashMap;

/// Most rows read in one import, over all tables.
pub const MAX_ROWS: usize = 500_000;
/// Most columns looked at in one table.
pub const MAX_COLUMNS: usize = 200;
/// Most problems reported one by one; the rest is counted.
pub const MAX_PROBLEMS: usize = 200;

/// One thing to read.
#[derive(Debug, Clone)]
pub enum Source {
    /// A table.
    Table(Table),
    /// A TOML file: `programmes.toml` or `market.toml`.
    Toml {
        /// Where it came from.
        file: String,
        /// Its text.
        text: String,
    },
}

/// A table as it was read: every cell a text.
#[derive(Debug, Clone)]
pub struct Table {
    /// Where it came from: `buyers.csv`, `market.xlsx/buyers`.
    pub file: String,
    /// Which table it is: the file's or sheet's name without extension, lower case: `buyers`.
    pub name: String,
    /// Names of the columns, as written.
    pub header: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line in the file (or row in the sheet), from 1; the header is 1.
    pub line: u32,
    /// Its cells, as many as there are.
    pub cells: Vec<String>,
}

/// Something that cannot be imported: where, what is wrong, what would be right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line; 0: the file as a whole.
    pub line: u32,
    /// The column's name; empty: the row as a whole.
    pub column: String,
    /// What is wrong, in Japanese and English.
    pub wrong: (String, String),
    /// What would be right.
    pub right: (String, String),
}

/// What the installation already knows, so that a file may refer to what an earlier one brought.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The event with its slots, once imported.
    pub event: Option<(Event, Vec<Slot>)>,
    /// Programmes by code.
    pub programmes: Vec<String>,
    /// Codes of zones.
    pub zones: Vec<String>,
    /// Exhibitors by code.
    pub exhibitors: HashMap<String, ExhibitorId>,
    /// Buyers by code, with the person.
    pub buyers: HashMap<String, (BuyerId, PersonId)>,
    /// People by the code of their participation.
    pub people: HashMap<String, PersonId>,
    /// People by mail address.
    pub emails: HashMap<String, PersonId>,
    /// Spans of sessions by code.
    pub sessions: HashMap<String, Span>,
}

/// A session, for now only as time that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The organizer's number: `S01`.
    pub code: String,
    /// Its title.
    pub title: Bilingual,
    /// When.
    pub span: Span,
    /// Where, in words.
    pub place: String,
}

/// Everything the tables say, read and checked. Empty lists: the tables did not speak of it.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Programmes with their targets.
    pub programmes: Vec<(Programme, Vec<Target>)>,
    /// The event with its grid.
    pub event: Option<(Event, Grid, Vec<Slot>)>,
    /// The event everything below belongs to.
    pub scope: Option<EventId>,
    /// Halls.
    pub halls: Vec<Hall>,
    /// Zones.
    pub zones: Vec<Zone>,
    /// Interpreter pools.
    pub pools: Vec<InterpreterPool>,
    /// Organisations.
    pub organisations: Vec<Organisation>,
    /// People.
    pub people: Vec<Person>,
    /// Their parts in the event, buyers' and staff's too.
    pub participations: Vec<Participation>,
    /// Exhibitors.
    pub exhibitors: Vec<Exhibitor>,
    /// Booths with staffing.
    pub booths: Vec<Booth>,
    /// Artists.
    pub artists: Vec<Artist>,
    /// Buyers.
    pub buyers: Vec<Buyer>,
    /// Wishes.
    pub wishes: Vec<Wish>,
    /// Sessions.
    pub sessions: Vec<Session>,
    /// Who sits in or speaks at which session.
    pub attendance: Vec<(SessionId, PersonId, Span)>,
    /// When people are not to be had.
    pub absences: Vec<(AbsenceId, Absence)>,
}

impl Import {
    /// Whether it is of this event and of nothing beyond it: whoever runs one event changes no other programme. Whoever
    /// runs the machine need not ask.
    pub fn fits(&self, event: &Event) -> Result<(), Refusal> {
        if self.event.as_ref().is_some_and(|(other, ..)| other.id != event.id) {
            return Err(Refusal::OtherEvent);
        }
        let foreign = |programme: &Programme| programme.id != event.programme;
        if self.programmes.iter().any(|(programme, _)| foreign(programme)) {
            return Err(Refusal::OtherProgramme);
        }
        Ok(())
    }
}

/// A table that can be read, and how.
struct Reader {
    kind: Kind,
    read: for<'a> fn(&mut Draft<'a>, &Sheet<'a>),
}

/// Every table, in the order in which they refer to each other.
const READERS: [Reader; 11] = [
    Reader {
        kind: exhibitor::EXHIBITORS,
        read: exhibitor::exhibitors,
    },
    Reader {
        kind: exhibitor::STAFFING,
        read: exhibitor::staffing,
    },
    Reader {
        kind: person::STAFF,
        read: person::staff,
    },
    Reader {
        kind: buyer::BUYERS,
        read: buyer::buyers,
    },
    Reader {
        kind: person::PEOPLE,
        read: person::people,
    },
    Reader {
        kind: person::VISITORS,
        read: person::visitors,
    },
    Reader {
        kind: artist::ARTISTS,
        read: artist::artists,
    },
    Reader {
        kind: session::SESSIONS,
        read: session::sessions,
    },
    Reader {
        kind: session::ATTENDANCE,
        read: session::attendance,
    },
    Reader {
        kind: session::UNAVAILABLE,
        read: session::unavailable,
    },
    Reader {
        kind: wish::WISHES,
        read: wish::wishes,
    },
];

/// Reads everything, in whatever order it comes: either all of it, or every problem.
pub fn read(sources: &[Source], known: &Known) -> Result<Import, Report> {
    let problems = Problems::default();
    let mut draft = Draft::new(known, &problems);
    if sources.is_empty() {
        problems.note(Place { file: "", line: 0 }, "", fault::nothing_to_read());
    }
    unknown_sources(sources, &problems);
    if too_many_rows(sources, &problems) {
        return problems.verdict(Import::default());
    }
    for (file, text) in toml_files(sources, "programmes") {
        programme::programmes(&mut draft, file, text);
    }
    for (file, text) in toml_files(sources, "market") {
        market_file::market(&mut draft, file, text);
    }
    let tables = || {
        sources.iter().filter_map(|source| {
            if let Source::Table(table) = source {
                Some(table)
            } else {
                None
            }
        })
    };
    draft.settle_scope(tables().next().map(|table| table.file.as_str()));
    for reader in &READERS {
        for table in tables().filter(|table| reader.kind.is_called(&table.name)) {
            match Sheet::open(table, reader.kind, &problems) {
                Some(sheet) => (reader.read)(&mut draft, &sheet),
                None => draft.has_gaps(),
            }
        }
    }
    exhibitor::settle(&mut draft);
    session::settle(&mut draft);
    problems.verdict(draft.import)
}

/// Notes what is no table or file of a market.
fn unknown_sources(sources: &[Source], problems: &Problems) {
    for source in sources {
        let (file, known) = match source {
            Source::Table(table) => (
                &table.file,
                READERS.iter().any(|reader| reader.kind.is_called(&table.name)),
            ),
            Source::Toml { file, .. } => (file, ["programmes", "market"].contains(&stem(file).as_str())),
        };
        if !known {
            let tables = READERS
                .iter()
                .map(|reader| reader.kind.name)
                .collect::<Vec<_>>()
                .join(", ");
            problems.note(Place { file, line: 0 }, "", fault::unknown_file(&tables));
        }
    }
}

fn too_many_rows(sources: &[Source], problems: &Problems) -> bool {
    let mut rows = 0;
    for source in sources {
        if let Source::Table(table) = source {
            rows += table.rows.len();
            if rows > MAX_ROWS {
                problems.note(
                    Place {
                        file: &table.file,
                        line: 0,
                    },
                    "",
                    fault::too_many_rows(),
                );
                return true;
            }
        }
    }
    false
}

fn toml_files<'a>(sources: &'a [Source], name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    sources.iter().filter_map(move |source| match source {
        Source::Toml { file, text } if stem(file) == name => Some((file.as_str(), text.as_str())),
        _ => None,
    })
}

/// `seed-data/Market.toml` is `market`.
fn stem(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file).to_lowercase();
    name.strip_suffix(".toml").map_or_else(|| name.clone(), str::to_owned)
}
