//! Where things stand: halls, zones, booths with tables, and how many tables are staffed when.

use crate::{
    event::Slot,
    id::{BoothId, ExhibitorId, HallId, PoolId, ZoneId},
    name::Bilingual,
    region::Language,
    time::Span,
};

/// Most tables a booth may have.
pub const MAX_TABLES: u16 = 200;

/// A room of the venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    /// Its id.
    pub id: HallId,
    /// Short name.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
}

/// A part of a hall whose booths are near to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// Its id.
    pub id: ZoneId,
    /// The hall it is part of.
    pub hall: HallId,
    /// Short name: `C`.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
}

/// Where an exhibitor stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booth {
    /// Its id; the resource whose lanes are its tables.
    pub id: BoothId,
    /// Who stands there.
    pub exhibitor: ExhibitorId,
    /// `C-07`.
    pub code: String,
    /// Its zone.
    pub zone: ZoneId,
    /// Its tables, numbered from 1.
    pub tables: u16,
    /// Times at which fewer (or more) tables than `tables` are staffed.
    pub staffing: Vec<Staffing>,
}

/// For this span, so many tables are staffed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staffing {
    /// When.
    pub span: Span,
    /// How many tables.
    pub tables: u16,
}

impl Booth {
    /// How many meetings the booth can hold at once in a slot: the least that is staffed at any time of it.
    pub fn staffed(&self, slot: &Slot) -> u16 {
        let span = slot.span();
        let exceptions = self.staffing.iter().filter(|s| s.span.meets(&span)).map(|s| s.tables);
        exceptions.min().unwrap_or(self.tables).min(self.tables)
    }
}

/// So many interpreters of one pair of languages at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpreterPool {
    /// Its id; the resource whose lanes are its interpreters.
    pub id: PoolId,
    /// `interpreters-en`.
    pub code: String,
    /// The two languages they interpret between.
    pub languages: (Language, Language),
    /// How many there are.
    pub count: u16,
}

impl InterpreterPool {
    /// Whether they can interpret between somebody speaking `a` and somebody speaking `b`.
    pub fn bridges(&self, a: &[Language], b: &[Language]) -> bool {
        let (x, y) = self.languages;
        (a.contains(&x) && b.contains(&y)) || (a.contains(&y) && b.contains(&x))
    }
}
