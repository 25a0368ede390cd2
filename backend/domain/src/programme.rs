//! Programmes and the figures they must reach. Actual figures are computed from rows elsewhere, never kept here.

use crate::{id::ProgrammeId, name::Bilingual};
pub use jiff::civil::Date;

/// One public contract with its own period, targets and reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Its id.
    pub id: ProgrammeId,
    /// `music-market`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
}

/// A figure a programme must reach, or must not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Of which programme.
    pub programme: ProgrammeId,
    /// Unique within the programme: `meetings-held`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// What exactly is counted.
    pub definition: String,
    /// What it is counted in: `person`, `meeting`, `percent`.
    pub unit: String,
    /// How many.
    pub amount: i64,
    /// Whether it is to be reached or not to be passed.
    pub kind: TargetKind,
    /// Targets of one group hold together (`all`) or stand for each other (`any …`).
    pub group: String,
    /// By when.
    pub due_on: Date,
}

/// To be reached, or not to be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetKind {
    /// At least this much.
    Target,
    /// At most this much.
    Limit,
}

impl TargetKind {
    /// Its word in files and columns.
    pub fn code(self) -> &'static str {
        match self {
            TargetKind::Target => "target",
            TargetKind::Limit => "limit",
        }
    }

    /// The kind of that word.
    pub fn parse(code: &str) -> Option<Self> {
        [TargetKind::Target, TargetKind::Limit]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}
