//! Wishes, as the one who uttered them sees them. What the other side wishes is not here, nor whom it avoids.

use crate::{
    meeting::Meeting,
    mutation::asked,
    participation::{Buyer, Exhibitor, Organisation},
    reads::{MeetingsOfBuyer, MeetingsOfExhibitor, Reads, one, pointed_to, rows, unexpected},
    refusal::{Refusal, outcome},
    suggest::pair,
};
use async_graphql::{Context, Enum, InputObject, Object, Result, Union};
use domain::{
    Ctx,
    wish::{self as rule, Pair, Want as Wanted},
};
use uuid::Uuid;

/// The two sides of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "rule::Side")]
pub(crate) enum Side {
    /// Who comes to buy.
    Buyer,
    /// Who shows at a booth.
    Exhibitor,
}

/// What a side says of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Want {
    /// Wanted, with a rank.
    Rank,
    /// Not wanted. The other side never learns of it.
    Avoid,
    /// Nothing.
    None,
}

impl Want {
    fn of(want: Option<Wanted>) -> Self {
        match want {
            Some(Wanted::Rank(_)) => Want::Rank,
            Some(Wanted::Avoid) => Want::Avoid,
            None => Want::None,
        }
    }
}

fn rank(want: Option<Wanted>) -> Option<u8> {
    match want {
        Some(Wanted::Rank(rank)) => Some(rank),
        _ => None,
    }
}

/// What to say of another side.
#[derive(InputObject)]
pub(crate) struct SetWishInput {
    /// The buyer of the pair.
    buyer: Uuid,
    /// The exhibitor of the pair.
    exhibitor: Uuid,
    /// For which side it is said; for organizers, who speak for either. One's own needs no word.
    side: Option<Side>,
    /// What.
    want: Want,
    /// 1 to 5, 5 most, where it is wanted.
    rank: Option<i32>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

impl SetWishInput {
    fn parsed(&self) -> rule::SetWish {
        rule::SetWish {
            pair: pair(self.buyer, self.exhibitor),
            side: self.side.map(Into::into),
            want: match self.want {
                // What is no rank is the rule's to refuse.
                Want::Rank => Some(Wanted::Rank(
                    self.rank.and_then(|rank| rank.try_into().ok()).unwrap_or(0),
                )),
                Want::Avoid => Some(Wanted::Avoid),
                Want::None => None,
            },
        }
    }
}

/// What a side says of the other now, and what it said before: sent back, that undoes it.
pub(crate) struct WishSet(rule::WishSet);

#[Object]
impl WishSet {
    /// The buyer it is about.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.pair.buyer).await?))
    }
    /// The exhibitor it is about.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.pair.exhibitor).await?))
    }
    /// Who says so.
    async fn side(&self) -> Side {
        self.0.by.into()
    }
    /// Now.
    async fn want(&self) -> Want {
        Want::of(self.0.want)
    }
    /// 1 to 5, 5 most.
    async fn rank(&self) -> Option<u8> {
        rank(self.0.want)
    }
    /// Before.
    async fn want_before(&self) -> Want {
        Want::of(self.0.before)
    }
    /// The rank before.
    async fn rank_before(&self) -> Option<u8> {
        rank(self.0.before)
    }
}

/// What is said now, or why not.
#[derive(Union)]
pub(crate) enum WishResult {
    /// Done.
    WishSet(WishSet),
    /// Not done.
    Refusal(Refusal),
}

/// The verbs of wishes.
#[derive(Default)]
pub struct WishMutation;

#[Object]
impl WishMutation {
    /// Says how much one wants to meet another side, that one does not want to, or takes either back. Nobody is told;
    /// what one has asked of a side that one does not want to meet is withdrawn.
    async fn set_wish(&self, ctx: &Context<'_>, input: SetWishInput) -> Result<Option<WishResult>> {
        let (store, request) = asked(ctx)?;
        let done = store.set_wish(request, input.parsed(), input.key).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(done)? {
            Ok(said) => WishResult::WishSet(WishSet(said)),
            Err(refusal) => WishResult::Refusal(refusal),
        }))
    }
}

/// One's own wish.
pub(crate) struct Wish(rule::Wish);

#[Object]
impl Wish {
    /// The buyer it is about.
    async fn buyer(&self, ctx: &Context<'_>) -> Result<Buyer> {
        Ok(Buyer(pointed_to(ctx, self.0.pair.buyer).await?))
    }
    /// The exhibitor it is about.
    async fn exhibitor(&self, ctx: &Context<'_>) -> Result<Exhibitor> {
        Ok(Exhibitor(pointed_to(ctx, self.0.pair.exhibitor).await?))
    }
    /// Which of the two one is oneself; the other is whom it is about.
    async fn side(&self) -> Side {
        self.0.by.into()
    }
    /// The organisation it is about.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<Organisation> {
        let Pair { buyer, exhibitor } = self.0.pair;
        let home = match self.0.by {
            rule::Side::Buyer => pointed_to(ctx, exhibitor).await?.organisation,
            rule::Side::Exhibitor => pointed_to(ctx, buyer).await?.organisation,
        };
        Ok(Organisation(pointed_to(ctx, home).await?))
    }
    /// 1 to 5, 5 most; `null` when the other is to be avoided.
    async fn rank(&self) -> Option<u8> {
        rank(Some(self.0.want))
    }
    /// Not to be met. The other side never learns of it.
    async fn avoid(&self) -> bool {
        self.0.want == Wanted::Avoid
    }
    /// The meeting the two have, if they have one.
    async fn meeting(&self, ctx: &Context<'_>) -> Result<Option<Meeting>> {
        let Pair { buyer, exhibitor } = self.0.pair;
        let own = match self.0.by {
            rule::Side::Buyer => one(ctx, MeetingsOfBuyer(buyer)).await?,
            rule::Side::Exhibitor => one(ctx, MeetingsOfExhibitor(exhibitor)).await?,
        };
        let mut own = own.unwrap_or_default().into_iter();
        Ok(own
            .find(|listed| listed.meeting.placement.pair == self.0.pair)
            .map(Meeting))
    }
}

/// The wishes of the one signed in, as a buyer and as an exhibitor.
pub(crate) async fn own(ctx: &Context<'_>) -> Result<Option<Vec<Wish>>> {
    let actor = &ctx.data::<Ctx>()?.actor;
    let rows = rows(ctx).await?;
    let snapshot = &rows.loader().snapshot;
    let mut wishes = Vec::new();
    if let Some(buyer) = actor.buyer {
        let of = snapshot.wishes_of(rule::Side::Buyer, buyer.0).await;
        wishes.extend(of.map_err(unexpected)?);
    }
    if let Some(exhibitor) = actor.exhibitor {
        let of = snapshot.wishes_of(rule::Side::Exhibitor, exhibitor.0).await;
        wishes.extend(of.map_err(unexpected)?);
    }
    Ok(Some(wishes.into_iter().map(Wish).collect()))
}
