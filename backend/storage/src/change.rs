//! What listeners are told after a commit: in which event something changed, and for whom. Not what it was: they read
//! it anew, with their own rights.

use domain::id::{BuyerId, EventId, ExhibitorId, PersonId};
use serde::{Deserialize, Serialize};

/// Whose calendar, requests or notices an act touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Touched {
    /// Buyers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buyers: Vec<BuyerId>,
    /// Exhibitors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exhibitors: Vec<ExhibitorId>,
    /// People, by themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// All who take part: a publication, another phase.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub everybody: bool,
}

impl Touched {
    /// The two sides of a pair.
    pub fn pair(pair: domain::wish::Pair) -> Self {
        Self {
            buyers: vec![pair.buyer],
            exhibitors: vec![pair.exhibitor],
            ..Self::default()
        }
    }

    /// All who take part.
    pub fn everybody() -> Self {
        Self {
            everybody: true,
            ..Self::default()
        }
    }

    /// Those of both.
    #[must_use]
    pub fn and(mut self, other: Touched) -> Self {
        self.buyers.extend(other.buyers);
        self.exhibitors.extend(other.exhibitors);
        self.people.extend(other.people);
        self.everybody |= other.everybody;
        self
    }

    /// Whether anybody is touched.
    pub fn anybody(&self) -> bool {
        *self != Self::default()
    }
}

/// Something changed in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where.
    pub event: EventId,
    /// For whom.
    pub touched: Touched,
}
