//! What a buyer and an exhibitor say of themselves.

use crate::{
    mutation::asked,
    participation::{Buyer, Exhibitor, RightKind},
    reads::{Reads, pointed_to},
    refusal::{Refusal, outcome},
};
use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, Union};
use domain::{
    id::{BuyerId, ExhibitorId},
    party::{Field, UpdateBuyer, UpdateExhibitor},
};
use storage::Error;
use uuid::Uuid;

/// What a buyer changes. What is left out stays; `null` takes away what need not be there.
#[derive(InputObject)]
pub(crate) struct UpdateBuyerInput {
    /// Who; for organizers. Oneself needs no word.
    buyer: Option<Uuid>,
    /// Languages for meetings, preferred first, ISO 639-1.
    languages: Option<Vec<String>>,
    /// What is looked for.
    genres: Option<Vec<String>>,
    /// Kinds of right looked for.
    rights: Option<Vec<RightKind>>,
    /// Regions for which rights are looked for, ISO 3166-1 alpha-2.
    territories: Option<Vec<String>>,
    /// Least meetings.
    quota_min: MaybeUndefined<u16>,
    /// Most meetings; fewer than there are cancels none.
    quota_max: MaybeUndefined<u16>,
    /// Whether exhibitors may book without asking first.
    direct: Option<bool>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

/// What an exhibitor changes. What is left out stays; `null` takes away what need not be there.
#[derive(InputObject)]
pub(crate) struct UpdateExhibitorInput {
    /// Which; for organizers. One's own needs no word.
    exhibitor: Option<Uuid>,
    /// Languages spoken at the booth, ISO 639-1.
    languages: Option<Vec<String>>,
    /// What is shown.
    genres: Option<Vec<String>>,
    /// Its page.
    homepage: MaybeUndefined<String>,
    /// Least meetings.
    quota_min: MaybeUndefined<u16>,
    /// Most meetings; fewer than there are cancels none.
    quota_max: MaybeUndefined<u16>,
    /// Whether buyers may book without asking first.
    direct: Option<bool>,
    /// Made by whoever asks: the same key does it once.
    key: Uuid,
}

fn field<T>(given: MaybeUndefined<T>) -> Field<T> {
    match given {
        MaybeUndefined::Undefined => Field::Kept,
        MaybeUndefined::Null => Field::Now(None),
        MaybeUndefined::Value(value) => Field::Now(Some(value)),
    }
}

/// A buyer, or why not.
#[derive(Union)]
pub(crate) enum BuyerResult {
    /// Done.
    Buyer(Buyer),
    /// Not done.
    Refusal(Refusal),
}

/// An exhibitor, or why not.
#[derive(Union)]
pub(crate) enum ExhibitorResult {
    /// Done.
    Exhibitor(Exhibitor),
    /// Not done.
    Refusal(Refusal),
}

/// The buyer as it is after an act.
pub(crate) async fn buyer(ctx: &Context<'_>, done: Result<BuyerId, Error>) -> Result<Option<BuyerResult>> {
    ctx.data::<Reads>()?.renew().await;
    Ok(Some(match outcome(done)? {
        Ok(id) => BuyerResult::Buyer(Buyer(pointed_to(ctx, id).await?)),
        Err(refusal) => BuyerResult::Refusal(refusal),
    }))
}

/// The verbs of those who take part.
#[derive(Default)]
pub struct PartyMutation;

#[Object]
impl PartyMutation {
    /// Changes what a buyer looks for, speaks, wants at most, and whether it may be booked without asking.
    async fn update_buyer(&self, ctx: &Context<'_>, input: UpdateBuyerInput) -> Result<Option<BuyerResult>> {
        let (store, request) = asked(ctx)?;
        let command = UpdateBuyer {
            buyer: input.buyer.map(BuyerId),
            languages: input.languages,
            genres: input.genres,
            rights: input.rights.map(|rights| rights.into_iter().map(Into::into).collect()),
            territories: input.territories,
            quota_min: field(input.quota_min),
            quota_max: field(input.quota_max),
            direct: input.direct,
        };
        buyer(ctx, store.update_buyer(request, command, input.key).await).await
    }
    /// Changes what an exhibitor shows, speaks, wants at most, and whether it may be booked without asking.
    async fn update_exhibitor(
        &self,
        ctx: &Context<'_>,
        input: UpdateExhibitorInput,
    ) -> Result<Option<ExhibitorResult>> {
        let (store, request) = asked(ctx)?;
        let command = UpdateExhibitor {
            exhibitor: input.exhibitor.map(ExhibitorId),
            languages: input.languages,
            genres: input.genres,
            homepage: field(input.homepage),
            quota_min: field(input.quota_min),
            quota_max: field(input.quota_max),
            direct: input.direct,
        };
        let done = store.update_exhibitor(request, command, input.key).await;
        ctx.data::<Reads>()?.renew().await;
        Ok(Some(match outcome(done)? {
            Ok(id) => ExhibitorResult::Exhibitor(Exhibitor(pointed_to(ctx, id).await?)),
            Err(refusal) => ExhibitorResult::Refusal(refusal),
        }))
    }
}
