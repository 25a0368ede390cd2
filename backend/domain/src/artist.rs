//! Artists, represented by an exhibitor, with kinds of right in territories.

use crate::{
    id::{ArtistId, ExhibitorId},
    name::Name,
    region::Region,
};
use serde::{Deserialize, Serialize};

/// An artist in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artist {
    /// Its id.
    pub id: ArtistId,
    /// The organizer's number: `A001`.
    pub code: String,
    /// Who represents the artist here.
    pub exhibitor: ExhibitorId,
    /// The artist's name.
    pub name: Name,
    /// Genre, lower case.
    pub genre: String,
    /// What can be agreed.
    pub rights: Vec<RightKind>,
    /// Where; empty: everywhere.
    pub territories: Vec<Region>,
}

/// Kinds of right that are traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RightKind {
    /// Sound recordings.
    Recording,
    /// Works.
    Publishing,
    /// Synchronisation with pictures.
    Sync,
    /// Live booking.
    Live,
    /// Distribution.
    Distribution,
}

impl RightKind {
    /// All kinds.
    pub const ALL: [RightKind; 5] = [
        RightKind::Recording,
        RightKind::Publishing,
        RightKind::Sync,
        RightKind::Live,
        RightKind::Distribution,
    ];

    /// Its word in files and columns.
    pub fn code(self) -> &'static str {
        match self {
            RightKind::Recording => "recording",
            RightKind::Publishing => "publishing",
            RightKind::Sync => "sync",
            RightKind::Live => "live",
            RightKind::Distribution => "distribution",
        }
    }

    /// The kind of that word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
