//! Wishes of both sides and what they weigh together.

use crate::id::{BuyerId, ExhibitorId};
use serde::{Deserialize, Serialize};

/// Highest rank.
pub const TOP_RANK: u8 = 5;

/// Who wishes, or is wished for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The buyer wishes.
    Buyer,
    /// The exhibitor wishes.
    Exhibitor,
}

impl Side {
    /// Its word in columns.
    pub fn code(self) -> &'static str {
        match self {
            Side::Buyer => "buyer",
            Side::Exhibitor => "exhibitor",
        }
    }

    /// The side of that word.
    pub fn parse(code: &str) -> Option<Self> {
        [Side::Buyer, Side::Exhibitor]
            .into_iter()
            .find(|side| side.code() == code)
    }
}

/// A buyer and an exhibitor: one meeting at most, company wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// Who comes.
    pub buyer: BuyerId,
    /// Whose booth.
    pub exhibitor: ExhibitorId,
}

/// What one side wants of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whom it is about.
    pub pair: Pair,
    /// Who says so.
    pub by: Side,
    /// What.
    pub want: Want,
}

/// How much a meeting is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Wanted, 1 to [`TOP_RANK`], 5 most.
    Rank(u8),
    /// Not wanted. Nobody but the side itself and the organizer ever learns of it.
    Avoid,
}

impl Want {
    /// `None` when the rank is not 1 to 5.
    pub fn rank(rank: u8) -> Option<Self> {
        (1..=TOP_RANK).contains(&rank).then_some(Self::Rank(rank))
    }
}

/// What a meeting of a pair is worth, 4 to 45: five a rank of the buyer, who travelled, four a rank of the exhibitor.
/// `None` where neither wishes or one avoids.
pub fn value(buyer: Option<Want>, exhibitor: Option<Want>) -> Option<u32> {
    let weigh = |want: Option<Want>, weight: u32| match want {
        Some(Want::Avoid) => None,
        Some(Want::Rank(rank)) => Some(u32::from(rank) * weight),
        None => Some(0),
    };
    Some(weigh(buyer, 5)? + weigh(exhibitor, 4)?).filter(|&value| value > 0)
}

#[cfg(test)]
mod tests {
    use super::{Want, value};

    #[test]
    fn values() {
        let rank = |r| Some(Want::Rank(r));
        for (buyer, exhibitor, expect) in [
            (rank(5), rank(5), Some(45)),
            (rank(1), None, Some(5)),
            (None, rank(1), Some(4)),
            (None, None, None),
            (rank(5), Some(Want::Avoid), None),
            (Some(Want::Avoid), None, None),
        ] {
            assert_eq!(value(buyer, exhibitor), expect);
        }
        assert_eq!(Want::rank(6), None);
        assert_eq!(Want::rank(0), None);
    }
}
