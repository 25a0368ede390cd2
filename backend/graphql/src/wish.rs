//! Wishes, as the one who uttered them sees them. What the other side wishes is not here, nor whom it avoids.

use crate::{
    participation::{Buyer, Exhibitor},
    reads::{pointed_to, rows, unexpected},
};
use async_graphql::{Context, Enum, Object, Result};
use domain::{
    Ctx,
    wish::{self as rule, Side as Of, Want},
};

/// A side of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Of")]
pub(crate) enum Side {
    /// The buyer.
    Buyer,
    /// The exhibitor.
    Exhibitor,
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
    /// 1 to 5, 5 most; `null` when the other is to be avoided.
    async fn rank(&self) -> Option<u8> {
        match self.0.want {
            Want::Rank(rank) => Some(rank),
            Want::Avoid => None,
        }
    }
    /// Not to be met. The other side never learns of it.
    async fn avoid(&self) -> bool {
        self.0.want == Want::Avoid
    }
}

/// The wishes of the one signed in, as a buyer and as an exhibitor.
pub(crate) async fn own(ctx: &Context<'_>) -> Result<Option<Vec<Wish>>> {
    let actor = &ctx.data::<Ctx>()?.actor;
    let rows = rows(ctx).await?;
    let snapshot = &rows.loader().snapshot;
    let mut wishes = Vec::new();
    if let Some(buyer) = actor.buyer {
        wishes.extend(snapshot.wishes_of(Of::Buyer, buyer.0).await.map_err(unexpected)?);
    }
    if let Some(exhibitor) = actor.exhibitor {
        wishes.extend(
            snapshot
                .wishes_of(Of::Exhibitor, exhibitor.0)
                .await
                .map_err(unexpected)?,
        );
    }
    Ok(Some(wishes.into_iter().map(Wish).collect()))
}
