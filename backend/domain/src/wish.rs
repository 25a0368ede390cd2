//! Wishes of both sides, how they are said and what they weigh together.

use crate::{
    Ctx,
    access::{self, Actor, Verb},
    event::Phase,
    id::{BuyerId, ExhibitorId},
    refusal::Refusal,
};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// A wish to be said, changed or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SetWish {
    /// About whom.
    pub pair: Pair,
    /// Who says so; needed of the organizer only, who speaks for either.
    pub side: Option<Side>,
    /// What, from now on; a rank is looked at by the rule. `None`: nothing is said any more.
    pub want: Option<Want>,
}

/// What a side says of the other now, and what it said before: sent back, it undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishSet {
    /// About whom.
    pub pair: Pair,
    /// Who says so.
    pub by: Side,
    /// Now.
    pub want: Option<Want>,
    /// Before.
    pub before: Option<Want>,
}

/// For which side of a pair somebody speaks: one's own, or, as organizer, the one that is named.
pub fn speaks_for(actor: &Actor, pair: Pair, named: Option<Side>) -> Result<Side, Refusal> {
    let own = |side: &Side| match side {
        Side::Buyer => actor.buyer == Some(pair.buyer),
        Side::Exhibitor => actor.exhibitor == Some(pair.exhibitor),
    };
    match named {
        Some(side) if own(&side) || actor.organizes() => Ok(side),
        Some(_) => Err(Refusal::NotFound),
        None => match [Side::Buyer, Side::Exhibitor].into_iter().find(own) {
            Some(side) => Ok(side),
            None if actor.organizes() => Err(Refusal::Malformed {
                field: "side",
                wanted: "BUYER or EXHIBITOR, whoever it is said for",
            }),
            None => Err(Refusal::NotFound),
        },
    }
}

/// Says what a side wants of the other. `before`: what the buyer and the exhibitor of the pair want so far; only the
/// side's own is looked at. To avoid, and to avoid no longer, may be said longer than a rank.
pub fn set(
    before: (Option<Want>, Option<Want>),
    phase: Phase,
    command: &SetWish,
    ctx: &Ctx,
) -> Result<WishSet, Refusal> {
    access::may(&ctx.actor, Verb::SetWish)?;
    let by = speaks_for(&ctx.actor, command.pair, command.side)?;
    let before = match by {
        Side::Buyer => before.0,
        Side::Exhibitor => before.1,
    };
    let verb = if [command.want, before].contains(&Some(Want::Avoid)) {
        Verb::Avoid
    } else {
        Verb::SetWish
    };
    access::open(&ctx.actor, verb, phase)?;
    let want = match command.want {
        Some(Want::Rank(rank)) => Some(Want::rank(rank).ok_or(Refusal::Malformed {
            field: "rank",
            wanted: "a number from 1 to 5, 5 most",
        })?),
        other => other,
    };
    Ok(WishSet {
        pair: command.pair,
        by,
        want,
        before,
    })
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
